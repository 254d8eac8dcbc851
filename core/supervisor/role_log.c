#include "core/supervisor/role_log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio_ext.h>
#include <string.h>
#include <unistd.h>

#include "core/role/role.h"
#include "shm/printable.h"

#define TAIL_BYTES 4096
/* Lines at once: a role that writes on and on does not keep the supervisor. */
#define DRAIN_MAX 8192

int ry_supervisor_role_log_open(struct ry_supervisor_role_log *log, const char *directory,
                                const char *name)
{
    *log = (struct ry_supervisor_role_log){.file = NULL};
    snprintf(log->path, sizeof log->path, "%s/log/%s.log", directory, name);
    int fd = open(log->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0)
        return -1;
    log->file = fdopen(fd, "a");
    if (log->file == NULL) {
        close(fd);
        return -1;
    }
    return 0;
}

void ry_supervisor_role_log_join(struct ry_supervisor_role_log *log,
                                 const struct ry_ring_reader *reader)
{
    log->reader = *reader;
    log->joined = true;
}

/* After each line. One that could not be written is given up, so that the next does not come with
 * half of it. */
static void flush(struct ry_supervisor_role_log *log)
{
    errno = 0;
    if (fflush(log->file) == 0 && ferror(log->file) == 0)
        return;
    if (log->unwritten++ == 0)
        log->error = errno != 0 ? errno : EIO;
    __fpurge(log->file);
    clearerr(log->file);
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
        if (got > 0) {
            log->last[log->lines++ % RY_SUPERVISOR_ROLE_LOG_LAST] = line.record;
            ry_log_print(log->file, &line.record);
            flush(log);
        }
    }
    if (log->joined && log->reader.lost > log->lost) {
        fprintf(log->file,
                "royale: %" PRIu64 " slots of this log were written over before they were read\n",
                log->reader.lost - log->lost);
        log->lost = log->reader.lost;
        flush(log);
    }
}

void ry_supervisor_role_log_say(struct ry_supervisor_role_log *log, const char *line)
{
    if (log->file != NULL) {
        fprintf(log->file, "royale: %s\n", line);
        flush(log);
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
    if (log->file != NULL) {
        fclose(log->file);
        log->file = NULL;
    }
}
