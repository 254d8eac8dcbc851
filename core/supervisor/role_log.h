/*
 * The log of a role on disk: DIR/log/ROLE.log. The role's own standard output and error go into it,
 * and the supervisor drains the log ring of its watch region into it, also after the role died.
 */
#ifndef RY_CORE_SUPERVISOR_ROLE_LOG_H
#define RY_CORE_SUPERVISOR_ROLE_LOG_H

#include <stdio.h>

#include "core/battle/battle.h"
#include "shm/log.h"

#define RY_SUPERVISOR_ROLE_LOG_LAST 5

struct ry_supervisor_role_log {
    char path[RY_BATTLE_PATH_BYTES + 64];
    FILE *file; /* appends */
    struct ry_ring_reader reader;
    bool joined;   /* the ring is there */
    uint64_t lost; /* slots that were lapped, so far said in the file */
    /* What could not be written: the disk is full, say. Then the last lines are here. */
    uint64_t unwritten; /* lines */
    int error;          /* errno of the first */
    struct ry_log_record last[RY_SUPERVISOR_ROLE_LOG_LAST];
    unsigned lines; /* taken from the ring, ever; the last is at (lines - 1) %
                       RY_SUPERVISOR_ROLE_LOG_LAST */
};

/* Opens DIR/log/NAME.log. 0, or -1 with errno. */
int ry_supervisor_role_log_open(struct ry_supervisor_role_log *log, const char *directory,
                                const char *name);

/* The role's watch region has come, with its log ring. */
void ry_supervisor_role_log_join(struct ry_supervisor_role_log *log,
                                 const struct ry_ring_reader *reader);

/* Writes what is new to the file. */
void ry_supervisor_role_log_drain(struct ry_supervisor_role_log *log);

/* A line of the supervisor's own. */
void ry_supervisor_role_log_say(struct ry_supervisor_role_log *log, const char *line);

/* Prints the last lines of the file, each after `before` and made printable; if lines could not be
 * written, those that the role logged last, from memory, and how many are missing in the file. */
void ry_supervisor_role_log_tail(const struct ry_supervisor_role_log *log, FILE *out,
                                 const char *before, unsigned lines);

void ry_supervisor_role_log_close(struct ry_supervisor_role_log *log);

#endif
