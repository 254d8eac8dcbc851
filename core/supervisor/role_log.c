#include "core/supervisor/role_log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio_ext.h>
#include <string.h>
#include <unistd.h>

#include "core/role/role.h"
#include "shm/printable.h"
#include "shm/ring.h"

#define TAIL_BYTES 4096
/* Lines at once: a role that writes on and on does not keep the supervisor. */
#define DRAIN_MAX 8192
#define LEVEL_AT  16 /* of a line: "12:34:56.123456 " stands before it */

/* So much of a stranger's output is held while the supervisor does not look; where the kernel does
 * not allow it, what a pipe holds anyway (64 KiB). */
#define PIPE_BYTES (1 << 20)
#define PIPE_READS 512 /* that empty any pipe: it holds at most 256 writes */
#define MISSING    "royale: it prints faster than can be written down: near here some is missing\n"
/* What ry_log_print puts around the text. */
#define AROUND_TEXT 24

static int open_pipe(struct ry_supervisor_role_log *log)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES);
    log->pipe_read = ends[0];
    log->pipe_write = ends[1];
    return 0;
}

static void close_pipe(struct ry_supervisor_role_log *log)
{
    if (log->pipe_read >= 0) {
        close(log->pipe_read);
        close(log->pipe_write);
        log->pipe_read = log->pipe_write = -1;
    }
}

void ry_supervisor_role_log_name(char name[RY_SUPERVISOR_ROLE_LOG_NAME_BYTES], const char *role,
                                 const char *agent)
{
    snprintf(name, RY_SUPERVISOR_ROLE_LOG_NAME_BYTES, "%s%s%s", role, agent != NULL ? "-" : "",
             agent != NULL ? agent : "");
}

int ry_supervisor_role_log_open(struct ry_supervisor_role_log *log, const char *directory,
                                const char *name, bool stranger, uint64_t quota)
{
    *log = RY_SUPERVISOR_ROLE_LOG_NONE;
    log->left = stranger ? quota : UINT64_MAX;
    snprintf(log->path, sizeof log->path, "%s/log/%s.log", directory, name);
    int fd = open(log->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0)
        return -1;
    log->file = fdopen(fd, "a");
    if (log->file == NULL) {
        close(fd);
        return -1;
    }
    if (stranger && open_pipe(log) != 0) {
        int why = errno;
        ry_supervisor_role_log_close(log);
        errno = why;
        return -1;
    }
    return 0;
}

int ry_supervisor_role_log_output(const struct ry_supervisor_role_log *log)
{
    return log->pipe_write >= 0 ? log->pipe_write : fileno(log->file);
}

void ry_supervisor_role_log_join(struct ry_supervisor_role_log *log,
                                 const struct ry_ring_reader *reader)
{
    log->reader = *reader;
    log->joined = true;
}

static void give_up(struct ry_supervisor_role_log *log, unsigned lines, int error)
{
    if (log->unwritten == 0)
        log->error = error;
    log->unwritten += lines;
}

/* After `lines` lines. What could not be written is given up, so that the next line does not come
 * with half of it. */
static void flush(struct ry_supervisor_role_log *log, unsigned lines)
{
    errno = 0;
    if (lines == 0 || (fflush(log->file) == 0 && ferror(log->file) == 0))
        return;
    give_up(log, lines, errno != 0 ? errno : EIO);
    __fpurge(log->file);
    clearerr(log->file);
}

/* True if a line of so many bytes may be written. The first that may not is the log's last. */
static bool may_write(struct ry_supervisor_role_log *log, size_t bytes)
{
    if (log->full || bytes > log->left) {
        if (!log->full)
            fprintf(log->file, "royale: this log is full: nothing more of this process is kept\n");
        flush(log, !log->full);
        log->full = true;
        close_pipe(log);
        return false;
    }
    log->left -= log->left == UINT64_MAX ? 0 : bytes;
    return true;
}

void ry_supervisor_role_log_drain(struct ry_supervisor_role_log *log)
{
    union {
        struct ry_log_record record;
        unsigned char room[RY_RING_RECORD_BYTES_MAX];
    } line;
    unsigned taken = 0;
    int got = 1;
    while (log->joined && got != 0 && taken++ < DRAIN_MAX) {
        got = ry_log_next(&log->reader, &line.record);
        if (got <= 0)
            continue;
        log->last[log->lines++ % RY_SUPERVISOR_ROLE_LOG_LAST] = line.record;
        if (may_write(log, AROUND_TEXT + line.record.length)) {
            ry_log_print(log->file, &line.record);
            flush(log, 1);
        } else {
            give_up(log, 1, EFBIG);
        }
    }
    if (log->joined && log->reader.lost > log->lost) {
        fprintf(log->file,
                "royale: here lines are missing, %" PRIu64
                " KiB: they came faster than they could be written down\n",
                (log->reader.lost - log->lost) * RY_RING_SLOT_BYTES / 1024 + 1);
        log->lost = log->reader.lost;
        flush(log, 1);
    }
}

/* The held line, whole or not. Returns how many lines were written: 1 or 0. */
static unsigned end_line(struct ry_supervisor_role_log *log)
{
    const unsigned held = log->held;
    log->held = 0;
    if (!may_write(log, held + 1))
        return 0;
    ry_make_printable(log->line, held, ' ');
    fprintf(log->file, "%.*s\n", (int)held, log->line);
    return 1;
}

/* Somebody's write may have been refused, or cut. */
static bool pipe_full(const struct ry_supervisor_role_log *log)
{
    struct pollfd look = {.fd = log->pipe_write, .events = POLLOUT};
    return poll(&look, 1, 0) == 0;
}

bool ry_supervisor_role_log_take(struct ry_supervisor_role_log *log)
{
    char text[RY_SUPERVISOR_ROLE_LOG_CHUNK];
    if (log->pipe_read < 0)
        return false;
    const bool was_full = pipe_full(log);
    const ssize_t bytes = read(log->pipe_read, text, sizeof text);
    if (bytes <= 0)
        return false;
    unsigned lines = 0;
    for (ssize_t i = 0; i < bytes && !log->full; i++) {
        if (text[i] == '\n' || log->held == RY_SUPERVISOR_ROLE_LOG_LINE)
            lines += end_line(log);
        if (text[i] != '\n')
            log->line[log->held++] = text[i];
    }
    if (was_full && may_write(log, strlen(MISSING))) {
        fputs(MISSING, log->file);
        lines++;
    }
    flush(log, lines);
    return true;
}

void ry_supervisor_role_log_finish(struct ry_supervisor_role_log *log)
{
    for (int i = 0; i < PIPE_READS && ry_supervisor_role_log_take(log); i++)
        ;
    ry_supervisor_role_log_drain(log);
    if (log->held > 0 && log->file != NULL)
        flush(log, end_line(log));
    close_pipe(log);
}

void ry_supervisor_role_log_say(struct ry_supervisor_role_log *log, const char *line)
{
    if (log->file != NULL) {
        fprintf(log->file, "royale: %s\n", line);
        flush(log, 1);
    }
}

static void tail_of_memory(const struct ry_supervisor_role_log *log, FILE *out, const char *before,
                           unsigned lines)
{
    unsigned kept =
        log->lines < RY_SUPERVISOR_ROLE_LOG_LAST ? log->lines : RY_SUPERVISOR_ROLE_LOG_LAST;
    for (unsigned i = kept < lines ? kept : lines; i > 0; i--) {
        fputs(before, out);
        ry_log_print(out, &log->last[(log->lines - i) % RY_SUPERVISOR_ROLE_LOG_LAST]);
    }
    fprintf(out, "%s(%" PRIu64 " lines could not be written to it: %s)\n", before, log->unwritten,
            strerror(log->error));
}

/* A feed prints its counters behind the error that ended it. How many bytes of the text go up to
 * the last line that is more than information; all if none is. The text ends there then. */
static size_t up_to_trouble(char *text, size_t bytes)
{
    size_t end = 0;
    for (char *line = text, *next; line < text + bytes; line = next) {
        const size_t length = strcspn(line, "\n");
        next = line + length + 1;
        if (length > LEVEL_AT && strncmp(line + LEVEL_AT, "INFO ", 5) == 0)
            continue;
        end = (size_t)(line - text) + length;
    }
    if (end == 0)
        return bytes;
    text[end] = '\0';
    return end;
}

void ry_supervisor_role_log_tail(const struct ry_supervisor_role_log *log, FILE *out,
                                 const char *before, unsigned lines)
{
    char text[TAIL_BYTES + 1];
    if (log->unwritten > 0) {
        tail_of_memory(log, out, before, lines);
        return;
    }
    FILE *file = fopen(log->path, "re");
    if (file == NULL)
        return;
    bool whole = fseek(file, -TAIL_BYTES, SEEK_END) != 0;
    if (whole)
        rewind(file);
    size_t bytes = fread(text, 1, TAIL_BYTES, file);
    fclose(file);
    while (bytes > 0 && text[bytes - 1] == '\n')
        bytes--;
    text[bytes] = '\0';
    bytes = up_to_trouble(text, bytes);
    char *first = text + bytes;
    for (unsigned found = 0; first > text && found < lines; first--) {
        found += first[-1] == '\n';
        if (found == lines)
            break;
    }
    for (char *line = first, *end; *line != '\0'; line = end) {
        end = strchr(line, '\n');
        end = end == NULL ? text + bytes : end + 1;
        size_t length = (size_t)(end - line) - (end[-1] == '\n');
        ry_make_printable(line, length, '?');
        fprintf(out, "%s%.*s\n", before, (int)length, line);
    }
}

void ry_supervisor_role_log_close(struct ry_supervisor_role_log *log)
{
    close_pipe(log);
    if (log->file != NULL) {
        fclose(log->file);
        log->file = NULL;
    }
}
