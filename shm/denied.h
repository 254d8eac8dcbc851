/*
 * The words for a system call that failed, by its name: "memfd_create: Operation not permitted (a
 * filter of system calls, as a container has, may deny it: allow memfd_create)". Without the name
 * nobody can tell a container's filter from a missing right.
 */
#ifndef RY_SHM_DENIED_H
#define RY_SHM_DENIED_H

#include <stddef.h>

#define RY_DENIED_BYTES 192 /* enough for any */

/* `error` is errno; the remark comes with EPERM and ENOSYS, which filters answer with. */
void ry_denied_print(char *text, size_t bytes, const char *call, int error);

#endif
