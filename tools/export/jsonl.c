#include "tools/export/jsonl.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/export/jsonl_end.h"
#include "tools/export/jsonl_folder.h"
#include "tools/text/row_json.h"

#define ROOM_BYTES  (UINT64_C(1) << 20)  /* rows that wait; then no further input's are taken */
#define WRITE_BYTES (UINT64_C(64) << 10) /* while more is known, so much at once at least */
/* Written bytes are sent to the disk so often, so that the fsync of a finished file is short. */
#define SEND_BYTES (UINT64_C(8) << 20)
#define FILE_MODE  (S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)

struct jsonl {
    struct ry_export_target target;
    int folder; /* -1: none */
    int fd;     /* -1: a folder's next file, which its first row opens */
    bool stream;
    bool finishing;
    char path[PATH_MAX]; /* of fd, for people */
    uint64_t bytes;      /* of the file */
    uint64_t sent;       /* of these to the disk */
    /* Whole rows that wait, `begin` to `end` of `line`. */
    char *line;
    size_t begin, end, room;
    int rows;
    uint64_t first;               /* input of the first of them */
    struct ry_export_cursor last; /* the last of them */
};

static const struct jsonl *jsonl_of(const struct ry_export_sink *sink)
{
    return sink->context;
}

static int cannot(struct ry_export_sink *sink, const char *what, const char *path)
{
    snprintf(sink->error, sizeof sink->error, "cannot %s %.400s: %s", what, path, strerror(errno));
    return -1;
}

static int fail(struct ry_export_sink *sink, const char *what)
{
    const struct jsonl *j = jsonl_of(sink);
    sink->state = RY_EXPORT_FAILED;
    return cannot(sink, what, j->path);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Takes back the end of a line that was never written whole. */
static int cut(struct ry_export_sink *sink, struct jsonl *j, const struct ry_export_jsonl_end *end)
{
    char line[RY_EXPORT_ERROR_BYTES];
    j->bytes = end->bytes;
    if (end->torn == 0)
        return 0;
    if (ftruncate(j->fd, (off_t)end->bytes) != 0)
        return cannot(sink, "cut", j->path);
    snprintf(line, sizeof line, "%.400s: its last line was torn, %llu bytes are cut off", j->path,
             (unsigned long long)end->torn);
    if (j->target.say != NULL)
        j->target.say(j->target.context, RY_LOG_WARN, line);
    return 0;
}

static int resume_file(struct ry_export_sink *sink, struct jsonl *j)
{
    struct ry_export_jsonl_end end;
    if (ry_export_jsonl_end(j->fd, j->path, &j->target.battle_id, &end, sink->error) != 0 ||
        cut(sink, j, &end) != 0)
        return -1;
    sink->cursor = end.cursor;
    return 0;
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) != 0 || S_ISREG(status.st_mode);
}

static int lock(struct ry_export_sink *sink, const struct jsonl *j)
{
    if (flock(j->fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno != EWOULDBLOCK)
        return cannot(sink, "lock", j->path);
    snprintf(sink->error, sizeof sink->error,
             "another exporter writes to %.300s: end it, or name another target", j->path);
    return -1;
}

static int refuse(struct ry_export_sink *sink, const char *what)
{
    snprintf(sink->error, sizeof sink->error,
             "%.400s is there already: name another target, or --force writes over it", what);
    return -1;
}

static int open_file(struct ry_export_sink *sink, struct jsonl *j)
{
    const enum ry_export_there there = j->target.there;
    snprintf(j->path, sizeof j->path, "%s", j->target.out);
    j->stream = !is_file(j->path);
    if (!j->stream && there == RY_EXPORT_THERE_REFUSE && access(j->path, F_OK) == 0)
        return refuse(sink, j->path);
    j->fd =
        open(j->path, (j->stream ? O_WRONLY : O_RDWR | O_CREAT | O_APPEND) | O_CLOEXEC, FILE_MODE);
    if (j->fd < 0)
        return cannot(sink, "write", j->path);
    if (j->stream)
        return 0;
    if (lock(sink, j) != 0)
        return -1;
    if (there == RY_EXPORT_THERE_DROP)
        return ftruncate(j->fd, 0) == 0 ? 0 : cannot(sink, "write over", j->path);
    return resume_file(sink, j);
}

static bool is_folder(const struct ry_export_target *target)
{
    const size_t length = target->out == NULL ? 0 : strlen(target->out);
    return length > 0 && target->out[length - 1] == '/';
}

/* Opens the folder's file that begins with that input. */
static int open_in_folder(struct ry_export_sink *sink, struct jsonl *j, uint64_t input, int flags)
{
    char name[RY_EXPORT_JSONL_NAME_BYTES];
    ry_export_jsonl_folder_name(name, input);
    snprintf(j->path, sizeof j->path, "%.*s%s", PATH_MAX - RY_EXPORT_JSONL_NAME_BYTES,
             j->target.out, name);
    j->fd = openat(j->folder, name, flags | O_APPEND | O_CLOEXEC, FILE_MODE);
    j->bytes = j->sent = 0;
    return j->fd < 0 ? cannot(sink, "write", j->path) : 0;
}

/* A file that holds no row: what the one before it ends in. */
static int cursor_before(struct ry_export_sink *sink, const struct jsonl *j, uint64_t input)
{
    char name[RY_EXPORT_JSONL_NAME_BYTES];
    struct ry_export_jsonl_end end = {.torn = 0};
    uint64_t before = ry_export_jsonl_folder_last(j->folder, input);
    if (before == 0)
        return errno == 0 ? 0 : cannot(sink, "read", j->target.out);
    int fd = openat(j->folder, ry_export_jsonl_folder_name(name, before), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot(sink, "read", name);
    int result = ry_export_jsonl_end(fd, name, &j->target.battle_id, &end, sink->error);
    close(fd);
    if (result == 0 && (end.torn > 0 || end.cursor.input == 0)) {
        snprintf(sink->error, sizeof sink->error,
                 "%.300s%s is torn, though a file follows it: move that file and %s away",
                 j->target.out, name, name);
        return -1;
    }
    sink->cursor = end.cursor;
    return result;
}

static int open_folder(struct ry_export_sink *sink, struct jsonl *j)
{
    const enum ry_export_there there = j->target.there;
    j->folder = ry_export_jsonl_folder_open(j->target.out, sink->error);
    if (j->folder < 0)
        return -1;
    if (there == RY_EXPORT_THERE_DROP && ry_export_jsonl_folder_clear(j->folder) != 0)
        return cannot(sink, "clear", j->target.out);
    uint64_t last = ry_export_jsonl_folder_last(j->folder, 0);
    if (last == 0)
        return errno == 0 ? 0 : cannot(sink, "read", j->target.out);
    if (there == RY_EXPORT_THERE_REFUSE)
        return refuse(sink, j->target.out);
    if (open_in_folder(sink, j, last, O_RDWR) != 0 || resume_file(sink, j) != 0)
        return -1;
    return sink->cursor.input == 0 ? cursor_before(sink, j, last) : 0;
}

static void let_go(struct ry_export_sink *sink)
{
    struct jsonl *j = sink->context;
    if (j->fd >= 0 && j->fd != STDOUT_FILENO)
        close(j->fd);
    if (j->folder >= 0)
        close(j->folder);
    free(j->line);
    free(j);
    sink->context = NULL;
}

static int jsonl_check(struct ry_export_sink *sink, const struct ry_export_target *target)
{
    if (!is_folder(target))
        return 0;
    int folder = ry_export_jsonl_folder_open(target->out, sink->error);
    if (folder < 0)
        return -1;
    close(folder);
    return 0;
}

static int jsonl_open(struct ry_export_sink *sink, const struct ry_export_target *target)
{
    const char *out = target->out;
    struct jsonl *j = calloc(1, sizeof *j);
    if (j == NULL)
        return cannot(sink, "open", "the sink");
    *j = (struct jsonl){.target = *target, .folder = -1, .fd = -1};
    sink->context = j;
    sink->cursor = (struct ry_export_cursor){0, 0};
    sink->counts = (struct ry_export_counts){0};
    int result = 0;
    if (out == NULL) {
        snprintf(j->path, sizeof j->path, "standard output");
        j->fd = STDOUT_FILENO;
        j->stream = true;
    } else if (is_folder(target)) {
        result = open_folder(sink, j);
    } else {
        result = open_file(sink, j);
    }
    if (result != 0) {
        let_go(sink);
        return -1;
    }
    j->last = sink->durable = sink->cursor;
    sink->state = RY_EXPORT_READY;
    return 0;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static size_t waiting(const struct jsonl *j)
{
    return j->end - j->begin;
}

static bool jsonl_room(const struct ry_export_sink *sink)
{
    return sink->state == RY_EXPORT_READY && waiting(jsonl_of(sink)) < ROOM_BYTES;
}

static void make_room(struct jsonl *j, size_t bytes)
{
    if (j->begin == j->end)
        j->begin = j->end = 0;
    while (j->room - j->end < bytes) {
        j->room = j->room == 0 ? 2 * ROOM_BYTES : 2 * j->room;
        j->line = realloc(j->line, j->room);
        if (j->line == NULL)
            abort(); /* no memory */
    }
}

/* ---- to the file ----------------------------------------------------------------------------- */

/* Writes what waits. 0, or -1 with errno; then the file ends where it ended before. */
static int write_file(struct jsonl *j)
{
    while (j->begin < j->end) {
        ssize_t written = write(j->fd, j->line + j->begin, waiting(j));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            int error = errno;
            if (ftruncate(j->fd, (off_t)j->bytes) == 0)
                errno = error;
            return -1;
        }
        j->begin += (size_t)written;
    }
    return 0;
}

/* Writes what the pipe's reader takes; waits a little while it takes nothing. */
static int write_stream(struct jsonl *j)
{
    int wait_ms = RY_EXPORT_SINK_STEP_NS / 1000000;
    for (; j->begin < j->end; wait_ms = 0) {
        struct pollfd look = {.fd = j->fd, .events = POLLOUT};
        size_t bytes = waiting(j) < PIPE_BUF ? waiting(j) : PIPE_BUF;
        if (poll(&look, 1, wait_ms) <= 0 || (look.revents & (POLLOUT | POLLERR)) == 0)
            return 0;
        ssize_t written = write(j->fd, j->line + j->begin, bytes);
        if (written < 0 && (errno == EINTR || errno == EAGAIN))
            return 0;
        if (written < 0)
            return -1;
        j->begin += (size_t)written;
    }
    return 0;
}

/* The file of the first row that waits. */
static int next_file(struct ry_export_sink *sink, struct jsonl *j)
{
    if (open_in_folder(sink, j, j->first, O_WRONLY | O_CREAT | O_EXCL) != 0) {
        sink->state = RY_EXPORT_FAILED;
        return -1;
    }
    return fsync(j->folder) == 0 ? 0 : fail(sink, "bring to disk the folder of");
}

static void send_to_disk(struct jsonl *j)
{
    if (j->bytes - j->sent >= SEND_BYTES) {
        (void)sync_file_range(j->fd, (off_t)j->sent, (off_t)(j->bytes - j->sent),
                              SYNC_FILE_RANGE_WRITE);
        j->sent = j->bytes;
    }
}

static int finish_file(struct ry_export_sink *sink, struct jsonl *j)
{
    if (fsync(j->fd) != 0 || close(j->fd) != 0)
        return fail(sink, "bring to disk");
    j->fd = -1;
    j->bytes = j->sent = 0;
    return 0;
}

/* Returns the rows that are durable now. */
static int settle(struct ry_export_sink *sink, struct jsonl *j, size_t bytes, int64_t began)
{
    const int rows = j->rows;
    j->rows = 0;
    sink->durable = j->last;
    sink->counts.rows += (unsigned)rows;
    sink->counts.batches++;
    sink->counts.commit_ns = (uint64_t)(ry_clock_ns() - began);
    if (!j->stream) {
        j->bytes += bytes;
        send_to_disk(j);
    }
    return rows;
}

#define FLUSH_FAILED -1

/* Returns the rows that became durable, or FLUSH_FAILED. */
static int flush(struct ry_export_sink *sink, struct jsonl *j)
{
    const int64_t began = ry_clock_ns();
    const size_t bytes = waiting(j);
    if (bytes == 0)
        return 0;
    if (j->fd < 0 && next_file(sink, j) != 0)
        return FLUSH_FAILED;
    if ((j->stream ? write_stream(j) : write_file(j)) != 0)
        return fail(sink, "write");
    sink->counts.bytes += bytes - waiting(j);
    return waiting(j) > 0 ? 0 : settle(sink, j, bytes, began);
}

/* A row of another input than those before it, and the file has enough of these. */
static bool begins_file(const struct jsonl *j, const struct ry_results_row *row)
{
    return j->folder >= 0 && j->target.rotate_bytes > 0 && row->key.input != j->last.input &&
           j->bytes + waiting(j) >= j->target.rotate_bytes;
}

static int jsonl_write(struct ry_export_sink *sink, const struct ry_results *r,
                       const struct ry_results_row *row)
{
    struct jsonl *j = sink->context;
    if (sink->state != RY_EXPORT_READY)
        return -1;
    if (begins_file(j, row) && (flush(sink, j) == FLUSH_FAILED || finish_file(sink, j) != 0))
        return -1;
    make_room(j, RY_TEXT_ROW_BYTES + 1);
    j->end += ry_text_row_json(j->line + j->end, r, row);
    j->line[j->end++] = '\n';
    if (j->rows++ == 0)
        j->first = row->key.input;
    j->last = (struct ry_export_cursor){row->key.input, row->key.n};
    return 0;
}

static unsigned jsonl_step(struct ry_export_sink *sink, bool idle)
{
    struct jsonl *j = sink->context;
    if (sink->state != RY_EXPORT_READY || !(idle || j->finishing || waiting(j) >= WRITE_BYTES))
        return 0;
    int rows = flush(sink, j);
    return rows == FLUSH_FAILED ? 0 : (unsigned)rows;
}

static void jsonl_finish(struct ry_export_sink *sink)
{
    struct jsonl *j = sink->context;
    j->finishing = true;
}

static int jsonl_close(struct ry_export_sink *sink)
{
    const struct jsonl *j = jsonl_of(sink);
    int result = 0;
    if (j->fd >= 0 && !j->stream && fsync(j->fd) != 0)
        result = fail(sink, "bring to disk");
    let_go(sink);
    return result;
}

void ry_export_jsonl(struct ry_export_sink *sink)
{
    *sink = (struct ry_export_sink){
        .name = "jsonl",
        .check = jsonl_check,
        .open = jsonl_open,
        .room = jsonl_room,
        .write = jsonl_write,
        .step = jsonl_step,
        .finish = jsonl_finish,
        .close = jsonl_close,
    };
}
