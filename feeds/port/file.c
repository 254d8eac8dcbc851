#include "feeds/port/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define INPUT_BYTES RY_PORT_FILE_BUFFER /* what tells the kind moves there */
#define KIND_BYTES  4
#define GZIP_WINDOW (15 + 16) /* the largest, and gzip's frame around it */

struct ry_port_file {
    int fd;
    enum ry_port_file_kind kind;
    bool regular;     /* else reads can find nothing for a while */
    bool waiting;     /* the last read did */
    bool input_ended; /* read() said so */
    bool between;     /* the archive stands between two members, or at its end */
    bool whole;       /* all that there will be is in the buffer */
    bool failed;
    unsigned members; /* of an archive: gzip members or zstd frames that were read to their end */
    uint8_t *input;   /* of an archive: compressed bytes */
    size_t input_at, input_end;
    uint8_t *buffer; /* what is handed out */
    size_t capacity, at, end;
    uint64_t consumed;
    z_stream gzip;
    ZSTD_DStream *zstd;
    char path[512];
    char error[RY_PORT_ERROR_BYTES];
};

static int fail(struct ry_port_file *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static int fail(struct ry_port_file *file, const char *format, ...)
{
    va_list arguments;
    int n = snprintf(file->error, sizeof file->error, "%s: ", file->path);
    va_start(arguments, format);
    vsnprintf(file->error + n, sizeof file->error - (size_t)n, format, arguments);
    va_end(arguments);
    file->failed = true;
    return -1;
}

/* True if a read would find bytes or the end. A pipe that nobody has opened for writing yet has
 * neither, and only poll() tells it from one that all writers have left. */
static bool readable(const struct ry_port_file *file)
{
    struct pollfd look = {.fd = file->fd, .events = POLLIN};
    return file->regular || poll(&look, 1, 0) > 0;
}

/* Reads once, without waiting. 0 also at the end, and with `waiting` where nothing is there at the
 * moment. */
static int read_some(struct ry_port_file *file, uint8_t *to, size_t room, size_t *got)
{
    file->waiting = !readable(file);
    if (file->waiting)
        return 0;
    const ssize_t n = read(file->fd, to, room);
    if (n < 0) {
        /* A signal is the caller's to look at. */
        file->waiting = errno == EINTR || errno == EAGAIN;
        return file->waiting ? 0 : fail(file, "cannot read: %s", strerror(errno));
    }
    *got = (size_t)n;
    file->input_ended = n == 0;
    return 0;
}

/* ---- archives -------------------------------------------------------------------------------- */

static int inflate_some(struct ry_port_file *file)
{
    z_stream *z = &file->gzip;
    if (file->between && inflateReset(z) != Z_OK)
        return fail(file, "cannot start the next gzip member");
    z->next_in = file->input + file->input_at;
    z->avail_in = (uInt)(file->input_end - file->input_at);
    z->next_out = file->buffer + file->end;
    z->avail_out = (uInt)(file->capacity - file->end);
    const int result = inflate(z, Z_NO_FLUSH);
    file->input_at = file->input_end - z->avail_in;
    file->end = file->capacity - z->avail_out;
    file->between = result == Z_STREAM_END;
    file->members += file->between;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        return fail(file, "damaged gzip archive: %s", z->msg != NULL ? z->msg : "unknown error");
    return 0;
}

static int unzstd_some(struct ry_port_file *file)
{
    ZSTD_inBuffer in = {file->input, file->input_end, file->input_at};
    ZSTD_outBuffer out = {file->buffer, file->capacity, file->end};
    const size_t result = ZSTD_decompressStream(file->zstd, &out, &in);
    file->input_at = in.pos;
    file->end = out.pos;
    if (ZSTD_isError(result))
        return fail(file, "damaged zstd archive: %s", ZSTD_getErrorName(result));
    file->between = result == 0;
    file->members += file->between;
    return 0;
}

/* Decompresses once, reading more where the last was used up. */
static int unpack_some(struct ry_port_file *file)
{
    if (file->input_at == file->input_end && !file->input_ended) {
        size_t got = 0;
        if (read_some(file, file->input, INPUT_BYTES, &got) != 0)
            return -1;
        file->input_at = 0;
        file->input_end = got;
    }
    const bool dry = file->input_at == file->input_end;
    if (dry && file->between) {
        file->whole = file->input_ended;
        return 0;
    }
    const size_t before = file->end;
    const int result = file->kind == RY_PORT_FILE_GZIP ? inflate_some(file) : unzstd_some(file);
    if (file->end != before)
        file->waiting = false; /* the decompressor had some left */
    else if (result == 0 && dry && file->input_ended && !file->between)
        return fail(file, "the archive is cut off after %llu bytes of content",
                    (unsigned long long)(file->consumed + file->end - file->at));
    return result;
}

static int open_archive(struct ry_port_file *file)
{
    file->input = malloc(INPUT_BYTES);
    if (file->input == NULL)
        return fail(file, "no memory");
    /* What was read so far is the archive's beginning. */
    memcpy(file->input, file->buffer, file->end);
    file->input_end = file->end;
    file->end = 0;
    file->whole = false;
    if (file->kind == RY_PORT_FILE_GZIP)
        return inflateInit2(&file->gzip, GZIP_WINDOW) == Z_OK ? 0 : fail(file, "cannot start zlib");
    file->zstd = ZSTD_createDStream();
    return file->zstd != NULL ? 0 : fail(file, "cannot start zstd");
}

/* ---- the stream ------------------------------------------------------------------------------ */

static int fill_plain(struct ry_port_file *file)
{
    size_t got = 0;
    if (read_some(file, file->buffer + file->end, file->capacity - file->end, &got) != 0)
        return -1;
    file->end += got;
    file->whole = file->input_ended;
    return 0;
}

/* RFC 8878: a frame of content, or one that a decoder passes over (pzstd begins with such). */
static bool is_zstd(const uint8_t bytes[KIND_BYTES])
{
    return memcmp(bytes, "\x28\xb5\x2f\xfd", KIND_BYTES) == 0 ||
           ((bytes[0] & 0xf0) == 0x50 && memcmp(bytes + 1, "\x2a\x4d\x18", KIND_BYTES - 1) == 0);
}

static enum ry_port_file_kind kind_of(const uint8_t *bytes, size_t have)
{
    if (have >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b)
        return RY_PORT_FILE_GZIP;
    if (have >= KIND_BYTES && is_zstd(bytes))
        return RY_PORT_FILE_ZSTD;
    return RY_PORT_FILE_PLAIN;
}

/* The first bytes tell the kind, once they are there. */
static int find_kind(struct ry_port_file *file)
{
    if (fill_plain(file) != 0)
        return -1;
    if (file->end < KIND_BYTES && !file->whole)
        return 0;
    if (file->end == 0)
        return fail(file, "is empty");
    file->kind = kind_of(file->buffer, file->end);
    return file->kind == RY_PORT_FILE_PLAIN ? 0 : open_archive(file);
}

static int fill_some(struct ry_port_file *file)
{
    switch (file->kind) {
    case RY_PORT_FILE_UNKNOWN: return find_kind(file);
    case RY_PORT_FILE_PLAIN: return fill_plain(file);
    case RY_PORT_FILE_GZIP:
    case RY_PORT_FILE_ZSTD: break;
    }
    return unpack_some(file);
}

static int make_room(struct ry_port_file *file, size_t want)
{
    if (file->at > 0) {
        memmove(file->buffer, file->buffer + file->at, file->end - file->at);
        file->end -= file->at;
        file->at = 0;
    }
    if (want <= file->capacity)
        return 0;
    uint8_t *larger = realloc(file->buffer, want);
    if (larger == NULL)
        return fail(file, "no memory for %zu bytes at once", want);
    file->buffer = larger;
    file->capacity = want;
    return 0;
}

static bool lacks(const struct ry_port_file *file, size_t want)
{
    return !file->whole && (file->kind == RY_PORT_FILE_UNKNOWN || file->end - file->at < want);
}

int ry_port_file_look(struct ry_port_file *file, size_t want, const uint8_t **bytes, size_t *have,
                      bool *whole)
{
    if (lacks(file, want)) {
        if (make_room(file, want) != 0)
            return -1;
        file->waiting = false;
        /* The error of a damaged archive comes when the bytes before it are used up. */
        while (lacks(file, want) && !file->failed && !file->waiting)
            if (fill_some(file) != 0)
                break;
    }
    *bytes = file->buffer + file->at;
    *have = file->kind == RY_PORT_FILE_UNKNOWN ? 0 : file->end - file->at;
    *whole = file->whole;
    return file->failed && *have < want ? -1 : 0;
}

void ry_port_file_consume(struct ry_port_file *file, size_t n)
{
    assert(n <= file->end - file->at);
    file->at += n;
    file->consumed += n;
}

static int start(struct ry_port_file *file)
{
    /* A pipe opens at once that way, with a writer or without. */
    file->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file->fd < 0)
        return fail(file, "cannot open: %s", strerror(errno));
    struct stat status;
    if (fstat(file->fd, &status) != 0)
        return fail(file, "cannot look at it: %s", strerror(errno));
    if (S_ISDIR(status.st_mode))
        return fail(file, "is a directory");
    file->regular = S_ISREG(status.st_mode);
    file->capacity = RY_PORT_FILE_BUFFER;
    file->buffer = malloc(file->capacity);
    if (file->buffer == NULL)
        return fail(file, "no memory");

    const uint8_t *bytes;
    size_t have;
    bool whole;
    return ry_port_file_look(file, 1, &bytes, &have, &whole);
}

struct ry_port_file *ry_port_file_open(const char *path, char error[RY_PORT_ERROR_BYTES])
{
    struct ry_port_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        snprintf(error, RY_PORT_ERROR_BYTES, "%s: no memory", path);
        return NULL;
    }
    file->fd = -1;
    snprintf(file->path, sizeof file->path, "%s", path);
    if (start(file) != 0) {
        memcpy(error, file->error, sizeof file->error);
        ry_port_file_close(file);
        return NULL;
    }
    return file;
}

void ry_port_file_close(struct ry_port_file *file)
{
    if (file == NULL)
        return;
    if (file->fd >= 0)
        close(file->fd);
    if (file->kind == RY_PORT_FILE_GZIP)
        inflateEnd(&file->gzip);
    ZSTD_freeDStream(file->zstd);
    free(file->input);
    free(file->buffer);
    free(file);
}

enum ry_port_file_kind ry_port_file_kind(const struct ry_port_file *file)
{
    return file->kind;
}

const char *ry_port_file_kind_name(enum ry_port_file_kind kind)
{
    switch (kind) {
    case RY_PORT_FILE_UNKNOWN: return "a pipe, nothing in it yet";
    case RY_PORT_FILE_PLAIN: return "plain file";
    case RY_PORT_FILE_GZIP: return "gzip file";
    case RY_PORT_FILE_ZSTD: return "zstd file";
    }
    return "unknown";
}

unsigned ry_port_file_members(const struct ry_port_file *file)
{
    return file->members;
}

uint64_t ry_port_file_consumed(const struct ry_port_file *file)
{
    return file->consumed;
}

const char *ry_port_file_error(const struct ry_port_file *file)
{
    return file->error;
}
