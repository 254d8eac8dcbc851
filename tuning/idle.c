#include "tuning/idle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

int ry_tuning_idle_hold(const char *path)
{
    int32_t us = RY_TUNING_IDLE_US_MAX;
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return -errno;
    if (write(file, &us, sizeof us) == (ssize_t)sizeof us)
        return file;
    int why = errno;
    close(file);
    return -why;
}
