#include "tools/one/log.h"

#include <errno.h>
#include <unistd.h>

#include "shm/log.h"

#define CHUNK_BYTES 4096u /* a pipe always holds it */

int ry_one_log_open(struct ry_one_log *log, const char *directory, const char *name, bool stranger)
{
    *log = (struct ry_one_log){.file = RY_SUPERVISOR_ROLE_LOG_NONE};
    if (ry_one_ring_make(&log->ring, RY_LOG_SLOTS) != 0)
        return -1;
    if (directory == NULL)
        return 0;
    if (ry_supervisor_role_log_open(&log->file, directory, name, stranger,
                                    RY_SUPERVISOR_ROLE_LOG_QUOTA) != 0)
        return -1;
    ry_supervisor_role_log_join(&log->file, &log->ring.reader);
    return 0;
}

/* Lines of the ring that came before stand before it. */
void ry_one_log_print(struct ry_one_log *log, const char *text, size_t bytes)
{
    ry_one_log_drain(log);
    while (bytes > 0 && log->file.pipe_write >= 0) {
        const ssize_t n =
            write(log->file.pipe_write, text, bytes < CHUNK_BYTES ? bytes : CHUNK_BYTES);
        if (n <= 0 && errno != EAGAIN && errno != EINTR)
            return;
        text += n > 0 ? n : 0;
        bytes -= n > 0 ? (size_t)n : 0;
        (void)ry_supervisor_role_log_take(&log->file);
    }
}

void ry_one_log_drain_now(struct ry_one_log *log)
{
    log->drained = ry_ring_written(&log->ring.writer);
    if (log->file.file != NULL)
        ry_supervisor_role_log_drain(&log->file);
}

void ry_one_log_close(struct ry_one_log *log)
{
    if (log->ring.memory == NULL)
        return;
    if (log->file.file != NULL)
        ry_supervisor_role_log_finish(&log->file);
    ry_supervisor_role_log_close(&log->file);
    ry_one_ring_free(&log->ring);
}
