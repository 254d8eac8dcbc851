#include "tools/queue/busy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "tools/library/lock.h"
#include "tools/queue/units.h"

static int open_lock(const struct ry_queue *queue, int flags)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/" RY_QUEUE_LOCK, queue->state);
    return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

int ry_queue_lock(const struct ry_queue *queue)
{
    const int fd = open_lock(queue, O_RDWR | O_CREAT);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    const int why = errno;
    close(fd);
    errno = why;
    return -1;
}

int ry_queue_locked(const struct ry_queue *queue)
{
    const int fd = open_lock(queue, O_RDONLY);
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    const int got = flock(fd, LOCK_SH | LOCK_NB), why = errno;
    close(fd);
    errno = why;
    if (got == 0)
        return 0;
    return why == EWOULDBLOCK ? 1 : -1;
}

static int unknown(char what[RY_QUEUE_WHY_BYTES], const char *of)
{
    snprintf(what, RY_QUEUE_WHY_BYTES, "%s: %s", of, strerror(errno));
    return -1;
}

/* Battles of units share the library's lock too, but not yet while they begin. */
static int busy_library(const struct ry_queue *queue, char what[RY_QUEUE_WHY_BYTES])
{
    char library[PATH_MAX];
    snprintf(library, sizeof library, "%s/" RY_QUEUE_LIBRARY, queue->state);
    const int nobody = ry_library_lock_free(library);
    if (nobody < 0 && errno != ENOENT)
        return unknown(what, RY_QUEUE_LIBRARY);
    if (nobody == 0)
        snprintf(what, RY_QUEUE_WHY_BYTES, "a battle in %.400s", library);
    return nobody == 0;
}

int ry_queue_busy(const struct ry_queue *queue, char what[RY_QUEUE_WHY_BYTES])
{
    char units[RY_QUEUE_WHY_BYTES - 64];
    const int locked = ry_queue_locked(queue);
    what[0] = '\0';
    if (locked < 0)
        return unknown(what, RY_QUEUE_LOCK);
    const int running = ry_queue_units_there() ? ry_queue_units_running(units, sizeof units) : 0;
    if (running < 0) {
        snprintf(what, RY_QUEUE_WHY_BYTES, "systemctl list-units has failed");
        return -1;
    }
    if (running > 0) {
        snprintf(what, RY_QUEUE_WHY_BYTES, "royale@:%s", units);
        return 1;
    }
    if (locked > 0) {
        snprintf(what, RY_QUEUE_WHY_BYTES, "the queue");
        return 1;
    }
    return busy_library(queue, what);
}
