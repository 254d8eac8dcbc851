#include "core/role/tracer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number of /proc/PID/status; 0: the process or the line is not there. */
static pid_t status_of(pid_t pid, const char *key)
{
    char path[64], line[256];
    const size_t length = strlen(key);
    pid_t number = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    while (number == 0 && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, key, length) == 0)
            number = (pid_t)strtol(line + length, NULL, 10);
    fclose(file);
    return number;
}

bool ry_role_traced(pid_t pid, pid_t supervisor)
{
    const pid_t tracer = pid > 0 ? status_of(pid, "TracerPid:") : 0;
    return tracer > 0 && tracer != supervisor && status_of(tracer, "PPid:") != supervisor;
}
