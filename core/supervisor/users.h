/*
 * The users of one battle's agents: a range of RY_AGENTS_MAX numbers that no other battle on the
 * box has, so that agents can signal neither one another nor another battle's.
 *
 * Example: the first battle as root on a box gets 1880000000 to 1880000063, a second one beside it
 * 1880000064 to 1880000127; when the first has ended, a third gets its range again.
 *
 * A range is held by a lock of one byte in RY_SUPERVISOR_USERS_FILE, byte 0 for the first range: an
 * open file description's lock, which the kernel lets go when the supervisor is gone, however it
 * goes. One that is free and of whose users a process still lives (a strategy that outlived a
 * killed supervisor) is passed by. The file is root's alone, empty, and stays; every battle of the
 * box uses it, so battles in several containers that share users must share it too.
 */
#ifndef RY_CORE_SUPERVISOR_USERS_H
#define RY_CORE_SUPERVISOR_USERS_H

#include <sys/types.h>

#include "shm/base.h"

#define RY_SUPERVISOR_USERS_FILE      "/run/royale-users"
#define RY_SUPERVISOR_USERS_WHY_BYTES 160

struct ry_supervisor_users {
    uint32_t first; /* 0: agents have no users of their own, `why` says why not */
    int lock;       /* -1: none */
    char why[RY_SUPERVISOR_USERS_WHY_BYTES];
};

/* Takes a range. Not to have one is no failure: agents then share the owner's user or nobody's. */
void ry_supervisor_users_take(struct ry_supervisor_users *users, const char *file);
void ry_supervisor_users_leave(struct ry_supervisor_users *users);

/* True if the process has that user and can have no other: all four of its numbers. */
bool ry_supervisor_users_is(pid_t pid, uint32_t user);

#endif
