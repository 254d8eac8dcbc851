#include "core/journal/read.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((format(printf, 2, 3))) static enum ry_journal_next
fail(struct ry_journal_reader *reader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->text, sizeof reader->text, format, arguments);
    va_end(arguments);
    reader->failed = true;
    return RY_JOURNAL_ERROR;
}

/* -1: already told. */
static ssize_t read_packed(struct ry_journal_reader *reader, uint64_t byte, uint8_t *bytes,
                           size_t count)
{
    const ssize_t n = ry_journal_packed_read(&reader->packed, reader->fd, byte, bytes, count);
    if (n < 0)
        fail(reader, "the compressed journal is damaged: %s", reader->packed.text);
    return n;
}

/* Reads up to `count` bytes at `byte`; -1: system error, already told. */
static ssize_t read_at(struct ry_journal_reader *reader, uint64_t byte, size_t have, size_t count)
{
    if (reader->is_packed) {
        const ssize_t n = read_packed(reader, byte + have, reader->memory + have, count - have);
        return n < 0 ? -1 : (ssize_t)have + n;
    }
    while (have < count) {
        ssize_t n = pread(reader->fd, reader->memory + have, count - have, (off_t)(byte + have));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fail(reader, "cannot read the journal at byte %" PRIu64 ": %s", byte + have,
                 strerror(errno));
            return -1;
        }
        if (n == 0)
            break;
        have += (size_t)n;
    }
    return (ssize_t)have;
}

/* Reads what should be a block at `byte`, header first, and verifies it. -1: system error. */
static int read_block(struct ry_journal_reader *reader, uint64_t byte, struct ry_journal_block *out,
                      enum ry_journal_verdict *verdict, size_t *padded)
{
    ssize_t have = read_at(reader, byte, 0, RY_JOURNAL_ALIGN);
    if (have < 0)
        return -1;
    *padded = 0;
    *verdict = ry_journal_block_peek(reader->memory, (size_t)have, padded);
    if (*verdict != RY_JOURNAL_WHOLE)
        return 0;
    have = read_at(reader, byte, (size_t)have, *padded);
    if (have < 0)
        return -1;
    *verdict = ry_journal_block_verify(reader->memory, (size_t)have, out);
    return 0;
}

static const char *verdict_text(enum ry_journal_verdict verdict)
{
    switch (verdict) {
    case RY_JOURNAL_WHOLE: return "out of sequence";
    case RY_JOURNAL_SHORT: return "short";
    case RY_JOURNAL_FOREIGN: return "not a block";
    case RY_JOURNAL_OTHER_VERSION: return "of another version";
    case RY_JOURNAL_DAMAGED: return "damaged";
    }
    return "?";
}

/* The whole blocks behind one that is not. */
struct later {
    struct ry_journal_block first,
        vouching; /* count 0: none; vouching: knew an input of the hole to be durable */
    uint64_t first_byte, vouching_byte;
};

/* -1: system error, already told. */
static int look_behind(struct ry_journal_reader *reader, struct later *later)
{
    size_t padded;
    *later = (struct later){.first_byte = 0};
    off_t size =
        reader->is_packed ? (off_t)reader->packed.facts.bytes : lseek(reader->fd, 0, SEEK_END);
    if (size < 0) {
        fail(reader, "cannot find the size of the journal: %s", strerror(errno));
        return -1;
    }
    for (uint64_t byte = reader->byte + RY_JOURNAL_ALIGN; byte < (uint64_t)size; byte += padded) {
        struct ry_journal_block block;
        enum ry_journal_verdict there;
        if (read_block(reader, byte, &block, &there, &padded) < 0)
            return -1;
        if (there != RY_JOURNAL_WHOLE)
            padded = RY_JOURNAL_ALIGN;
        if (there != RY_JOURNAL_WHOLE || block.number <= reader->blocks)
            continue;
        if (later->first.count == 0) {
            later->first = block;
            later->first_byte = byte;
        }
        if (block.durable > reader->inputs) {
            later->vouching = block;
            later->vouching_byte = byte;
            break;
        }
    }
    return 0;
}

/* There is no whole block at reader->byte: damage if it was durable, else the tail. */
static enum ry_journal_next judge(struct ry_journal_reader *reader, enum ry_journal_verdict verdict)
{
    struct later later;
    char behind[128] = "";
    if (look_behind(reader, &later) != 0)
        return RY_JOURNAL_ERROR;
    if (later.vouching.count > 0)
        return fail(reader,
                    "block %" PRIu64 " at byte %" PRIu64 " is %s, yet block %" PRIu64
                    " at byte %" PRIu64 " knew inputs up to %" PRIu64
                    " durable: inputs from %" PRIu64 " to %" PRIu64 " are lost",
                    reader->blocks, reader->byte, verdict_text(verdict), later.vouching.number,
                    later.vouching_byte, later.vouching.durable, reader->inputs + 1,
                    later.first.first_input - 1);
    if (reader->limit != UINT64_MAX)
        return fail(reader,
                    "block %" PRIu64 " at byte %" PRIu64 " is %s, yet inputs up to %" PRIu64
                    " are said to be written",
                    reader->blocks, reader->byte, verdict_text(verdict), reader->limit);
    if (later.first.count > 0)
        snprintf(behind, sizeof behind,
                 "; block %" PRIu64 " at byte %" PRIu64
                 " stands behind a hole that was not durable",
                 later.first.number, later.first_byte);
    if (reader->blocks == 0)
        snprintf(reader->text, sizeof reader->text, "cut: no whole block after the header%s",
                 behind);
    else
        snprintf(reader->text, sizeof reader->text,
                 "cut: last whole block %" PRIu64 " ends with input %" PRIu64 " at byte %" PRIu64
                 "%s",
                 reader->blocks - 1, reader->inputs, reader->byte, behind);
    return RY_JOURNAL_TAIL;
}

/* END is true only if the file ends with the last block. */
static enum ry_journal_next at_end(struct ry_journal_reader *reader)
{
    uint8_t byte;
    ssize_t n = reader->is_packed ? read_packed(reader, reader->byte, &byte, 1)
                                  : pread(reader->fd, &byte, 1, (off_t)reader->byte);
    if (n < 0 && reader->failed)
        return RY_JOURNAL_ERROR;
    if (n > 0)
        return fail(reader, "there are bytes after the last block, from byte %" PRIu64,
                    reader->byte);
    if (n < 0)
        return fail(reader, "cannot read the journal at byte %" PRIu64 ": %s", reader->byte,
                    strerror(errno));
    reader->ended = true;
    return RY_JOURNAL_END;
}

static enum ry_journal_next next_block(struct ry_journal_reader *reader)
{
    enum ry_journal_verdict verdict;
    struct ry_journal_block block;
    size_t padded;
    reader->block.count = reader->given = reader->shown = 0;
    if (read_block(reader, reader->byte, &block, &verdict, &padded) < 0)
        return RY_JOURNAL_ERROR;
    if (verdict != RY_JOURNAL_WHOLE)
        return judge(reader, verdict);
    if (block.number != reader->blocks || block.first_input != reader->inputs + 1)
        return fail(reader,
                    "block %" PRIu64 " from input %" PRIu64 " stands at byte %" PRIu64
                    " where block %" PRIu64 " from input %" PRIu64 " belongs",
                    block.number, block.first_input, reader->byte, reader->blocks,
                    reader->inputs + 1);
    reader->block = block;
    reader->byte += padded;
    reader->blocks++;
    reader->at = reader->shown_at = 0;
    reader->slot = block.first_slot;
    return RY_JOURNAL_INPUT;
}

enum ry_journal_next ry_journal_next_block(struct ry_journal_reader *reader)
{
    if (reader->failed)
        return RY_JOURNAL_ERROR;
    if (reader->ended)
        return RY_JOURNAL_END;
    if (reader->block.flags & RY_JOURNAL_LAST && reader->block.count > 0)
        return at_end(reader);
    return reader->inputs >= reader->limit ? RY_JOURNAL_TAIL : next_block(reader);
}

void ry_journal_limit(struct ry_journal_reader *reader, uint64_t inputs_written)
{
    reader->limit = inputs_written;
}

struct ry_journal_place ry_journal_place(const struct ry_journal_reader *reader)
{
    struct ry_journal_place place = {reader->byte, reader->blocks, reader->inputs};
    if (reader->block.count > 0) {
        place.byte -= ry_journal_padded(sizeof reader->block + reader->block.payload_bytes);
        place.blocks--;
        place.inputs = reader->block.first_input - 1;
    }
    return place;
}

void ry_journal_return(struct ry_journal_reader *reader, const struct ry_journal_place *place)
{
    reader->byte = place->byte;
    reader->blocks = place->blocks;
    reader->inputs = place->inputs;
    reader->block.count = reader->given = reader->at = 0;
    reader->shown = reader->shown_at = 0;
    reader->ended = reader->failed = false;
    reader->text[0] = 0;
}

static int open_failed(struct ry_journal_reader *reader)
{
    ry_journal_close(reader);
    return -1;
}

int ry_journal_open_fd(struct ry_journal_reader *reader, int fd, const char *name)
{
    memset(reader, 0, sizeof *reader);
    reader->fd = fd;
    reader->limit = UINT64_MAX;
    reader->byte = RY_JOURNAL_ALIGN;
    reader->memory = mmap(NULL, RY_JOURNAL_BLOCK_BYTES_MAX, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reader->memory == MAP_FAILED) {
        reader->memory = NULL;
        fail(reader, "no memory for a block: %s", strerror(errno));
        return open_failed(reader);
    }
    reader->is_packed = ry_journal_is_packed(fd);
    if (reader->is_packed && ry_journal_packed_open(&reader->packed, fd) != 0) {
        reader->is_packed = false;
        fail(reader, "%s is damaged: %s", name, reader->packed.text);
        return open_failed(reader);
    }
    ssize_t have = read_at(reader, 0, 0, RY_JOURNAL_ALIGN);
    if (have < 0)
        return open_failed(reader);
    switch (ry_journal_file_verify(reader->memory, (size_t)have, &reader->file)) {
    case RY_JOURNAL_WHOLE:
        if (!reader->is_packed ||
            memcmp(&reader->file, &reader->packed.facts.file, sizeof reader->file) == 0)
            return 0;
        fail(reader, "%s is damaged: its facts are another journal's", name);
        break;
    case RY_JOURNAL_SHORT: fail(reader, "%s is cut in its header: %zd bytes", name, have); break;
    case RY_JOURNAL_FOREIGN:
        fail(reader, "%s is no journal: it does not start with RYAJRNL1", name);
        break;
    case RY_JOURNAL_OTHER_VERSION:
        fail(reader,
             "%s is a journal of format %u (records %u); this program reads format %u (records %u) "
             "alone: take the royale that wrote it",
             name, reader->file.version, reader->file.records, RY_JOURNAL_VERSION,
             RY_JOURNAL_RECORDS);
        break;
    case RY_JOURNAL_DAMAGED: fail(reader, "%s: its header is damaged", name); break;
    }
    return open_failed(reader);
}

static int open_in(const char *directory, const char *name, char path[PATH_MAX])
{
    const int n = snprintf(path, PATH_MAX, "%s/%s", directory, name);
    errno = ENAMETOOLONG;
    return n > 0 && n < PATH_MAX ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

int ry_journal_open(struct ry_journal_reader *reader, const char *directory)
{
    char path[PATH_MAX];
    int fd = open_in(directory, RY_JOURNAL_FILE, path);
    if (fd < 0 && errno == ENOENT)
        fd = open_in(directory, RY_JOURNAL_PACKED_FILE, path);
    if (fd < 0) {
        const char *name = errno == ENOENT ? RY_JOURNAL_FILE : strrchr(path, '/') + 1;
        memset(reader, 0, sizeof *reader);
        reader->fd = -1;
        fail(reader, "cannot open %s/%s: %s", directory, name, strerror(errno));
        return -1;
    }
    return ry_journal_open_fd(reader, fd, path);
}

void ry_journal_close(struct ry_journal_reader *reader)
{
    if (reader->is_packed)
        ry_journal_packed_close(&reader->packed);
    if (reader->memory != NULL)
        munmap(reader->memory, RY_JOURNAL_BLOCK_BYTES_MAX);
    if (reader->fd >= 0)
        close(reader->fd);
    reader->is_packed = false;
    reader->memory = NULL;
    reader->fd = -1;
}

/* ---- which file it is ------------------------------------------------------------------------ */

int ry_journal_find(const char *directory, char *path, size_t path_bytes)
{
    static const char *const names[] = {RY_JOURNAL_FILE, RY_JOURNAL_PACKED_FILE};
    for (unsigned i = 0; i < 2; i++) {
        struct stat file;
        const int n = snprintf(path, path_bytes, "%s/%s", directory, names[i]);
        errno = ENAMETOOLONG;
        if (n < 0 || (size_t)n >= path_bytes)
            return -1;
        if (stat(path, &file) == 0 && S_ISREG(file.st_mode))
            return 0;
    }
    errno = ENOENT;
    return -1;
}

/* Do both hold the inputs of one battle, in different forms? */
static bool other_form(const struct ry_journal_reader *reader, int fd)
{
    struct ry_journal_facts facts;
    uint8_t bytes[RY_JOURNAL_ALIGN];
    if (ry_journal_is_packed(fd) == reader->is_packed)
        return false;
    if (!reader->is_packed)
        return ry_journal_facts_read(fd, &facts) == 0 &&
               memcmp(&facts.file, &reader->file, sizeof facts.file) == 0;
    return pread(fd, bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes &&
           memcmp(bytes, &reader->file, sizeof reader->file) == 0;
}

enum ry_journal_there ry_journal_look(const struct ry_journal_reader *reader, const char *directory)
{
    char path[PATH_MAX];
    struct stat ours, there;
    if (ry_journal_find(directory, path, sizeof path) != 0)
        return RY_JOURNAL_GONE;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? RY_JOURNAL_GONE : RY_JOURNAL_ANOTHER;
    const bool known = fstat(reader->fd, &ours) == 0 && fstat(fd, &there) == 0;
    const bool same = known && ((ours.st_dev == there.st_dev && ours.st_ino == there.st_ino) ||
                                other_form(reader, fd));
    close(fd);
    return same ? RY_JOURNAL_SAME : RY_JOURNAL_ANOTHER;
}
