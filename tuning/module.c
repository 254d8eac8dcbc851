#include "tuning/module.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM    "/proc/sys/kernel/modprobe"
#define NAME_BYTES 64

int ry_tuning_module_load(const struct ry_tuning_host *host, const char *module)
{
    char program[RY_TUNING_PATH_BYTES], name[NAME_BYTES], quiet[] = "-q", ends[] = "--";
    char *arguments[] = {program, quiet, ends, name, NULL};
    pid_t child;
    int status = 0;
    if (!ry_tuning_host_line(host, PROGRAM, program, sizeof program) || program[0] == 0)
        return -ENOENT;
    if (snprintf(name, sizeof name, "%s", module) >= NAME_BYTES)
        return -ENODEV;
    int error = posix_spawn(&child, program, NULL, NULL, arguments, environ);
    if (error != 0)
        return -error;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -ENODEV;
}
