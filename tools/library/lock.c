#include "tools/library/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define TRIES  100
#define TRY_NS 10000000L /* who asks has it for no longer than a call */

static int open_folder(const char *directory)
{
    return open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int give_up(int fd)
{
    const int why = errno;
    close(fd);
    errno = why;
    return -1;
}

int ry_library_lock_share(const char *directory)
{
    const int fd = open_folder(directory);
    for (unsigned i = 0; fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0; i++) {
        if (errno != EWOULDBLOCK || i == TRIES)
            return give_up(fd);
        (void)nanosleep(&(struct timespec){.tv_nsec = TRY_NS}, NULL);
    }
    return fd;
}

int ry_library_lock_free(const char *directory)
{
    const int fd = open_folder(directory);
    if (fd < 0)
        return -1;
    const int got = flock(fd, LOCK_EX | LOCK_NB);
    if (got != 0 && errno != EWOULDBLOCK)
        return give_up(fd);
    close(fd); /* and with it the lock */
    return got == 0;
}
