/*
 * Is a process under a debugger? Who holds it there (gdb, strace) also holds its answers up, and
 * its deadlines mean nothing.
 */
#ifndef RY_CORE_ROLE_TRACER_H
#define RY_CORE_ROLE_TRACER_H

#include <sys/types.h>

#include "shm/base.h"

/* True if a process from outside the battle traces `pid` (TracerPid in /proc/PID/status).
 * `supervisor` and its children do not count as tracers: a strategy that asks to be traced by its
 * parent (PTRACE_TRACEME) or by another agent gains no time. False also if it cannot be known. */
bool ry_role_traced(pid_t pid, pid_t supervisor);

#endif
