/*
 * A child process: started with what a role needs, watched by its pidfd, ended for sure.
 */
#ifndef RY_CORE_SUPERVISOR_CHILD_H
#define RY_CORE_SUPERVISOR_CHILD_H

#include <sched.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "shm/base.h"

/* Exit code of a child that could not exec; it said why in FAILED. */
#define RY_SUPERVISOR_CHILD_NO_BINARY 127

/* A message waits so long for room in the socket of a child that does not read; then it counts as
 * one that cannot be reached. */
#define RY_SUPERVISOR_CHILD_SEND_SECONDS 1

struct ry_supervisor_child {
    pid_t pid;           /* 0: not running (never started, or reaped) */
    int pidfd;           /* -1: none */
    int socket;          /* our end; -1: closed */
    int status;          /* of wait, once reaped */
    struct rusage usage; /* likewise */
    const char *failed;  /* of one that could not be started: the system call */
};

struct ry_supervisor_child_start {
    const char *binary;       /* path */
    const char *index;        /* argv[1] */
    const char *directory;    /* argv[2] */
    const char *name;         /* argv[3] */
    int battle;               /* the sealed memfd */
    const char *folder;       /* to work in; NULL: ours */
    bool session;             /* a session of its own, without our terminal */
    bool tidies;              /* it is told by SIGTERM when we die; else ended by SIGKILL */
    char *const *environment; /* "NAME=value" ..., NULL */
    int output, errors;       /* for its standard output and error */
    const char *cgroup;       /* to enter before it is bound; NULL: stays in ours */
    int core;                 /* to be bound to; negative: `cores` */
    cpu_set_t cores;          /* what it may use if it is not bound */
    int node;                 /* memory node to take memory from first; negative: any */
};

/* Forks and execs. 0, or -1 with errno and child->failed. What fails in the child comes as a FAILED
 * message. */
int ry_supervisor_child_start(struct ry_supervisor_child *child,
                              const struct ry_supervisor_child_start *start);

/* Sends a signal: never to a process that took the number over, which nobody can before the child
 * is reaped. */
void ry_supervisor_child_signal(const struct ry_supervisor_child *child, int signal_number);

/* Takes the child's end if it has ended; true once. Closes the pidfd, not the socket. */
bool ry_supervisor_child_reap(struct ry_supervisor_child *child);

/* "killed by signal 9 (Killed)", "exit code 1". */
void ry_supervisor_child_describe(int status, char *text, size_t bytes);

#endif
