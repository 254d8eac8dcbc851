/*
 * A process that others of its user cannot look into: no ptrace, no way to its descriptors and
 * memory through /proc, no core dump. An agent that shares the user of exec must not map what exec
 * has.
 */
#ifndef RY_CORE_ROLE_SECRET_H
#define RY_CORE_ROLE_SECRET_H

#include "shm/base.h"

/* The users of strangers' processes (agents) of a supervisor that is root, one a user: they cannot
 * signal one another. Above what Debian and systemd give out. Each battle has a range of
 * RY_AGENTS_MAX of them for itself (core/supervisor/users.h); where it cannot have one (a container
 * whose kernel has no such users), all are nobody. */
#define RY_ROLE_STRANGER_UID_FIRST  1880000000u
#define RY_ROLE_STRANGER_UID_RANGES 1024u
#define RY_ROLE_STRANGER_UID_NOBODY 65534u

/* Closes the process or opens it again. True if it is so now. */
bool ry_role_keep_secret(bool secret);

/* The process has left every region and exits now. Opens it under the address sanitizer alone,
 * whose leak check comes then and needs ptrace. */
void ry_role_end_secret(void);

#endif
