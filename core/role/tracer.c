#include "core/role/tracer.h"

#include <stdio.h>

/* A number of /proc/PID/status; 0: the process or the line is not there. */
static pid_t status_of(pid_t pid, const char *format)
{
    char path[64], line[256];
    int number = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL && sscanf(line, format, &number) != 1)
        ;
    fclose(file);
    return number;
}

bool ry_role_traced(pid_t pid, pid_t supervisor)
{
    const pid_t tracer = pid > 0 ? status_of(pid, "TracerPid: %d") : 0;
    return tracer > 0 && tracer != supervisor && status_of(tracer, "PPid: %d") != supervisor;
}
