#include "shm/denied.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void ry_denied_print(char *text, size_t bytes, const char *call, int error)
{
    if (error == EPERM || error == ENOSYS)
        snprintf(text, bytes,
                 "%s: %s (a filter of system calls, as a container has, may deny it: allow %s)",
                 call, strerror(error), call);
    else
        snprintf(text, bytes, "%s: %s", call, strerror(error));
}
