/*
 * The log of a role on disk: DIR/log/ROLE.log. Into it go the lines of the log ring of the role's
 * watch region, which the supervisor drains also after the role died, and what the role prints on
 * standard output and standard error.
 *
 * A role of the house prints into the file itself. A stranger (an agent) is handed the writing end
 * of a pipe instead, and the supervisor writes down what comes out of it, so nothing that the
 * stranger does to its descriptors (ftruncate, lseek, dup2) reaches the file:
 *   - Whole lines, made printable; a line of more than RY_SUPERVISOR_ROLE_LOG_LINE bytes is broken.
 *   - At most RY_SUPERVISOR_ROLE_LOG_CHUNK bytes at a look, so that a flood does not keep the
 *     supervisor. The pipe does not block: who prints faster than the supervisor writes, or while
 *     the supervisor stands still, loses what exceeds the pipe (1 MiB where the kernel allows that)
 *     and no time; a line in the log says where.
 *   - At most RY_SUPERVISOR_ROLE_LOG_QUOTA bytes of a stranger's, ring and pipe together. Then a
 * line in the log and one for people say so, and the pipe is closed: who prints on gets EPIPE.
 */
#ifndef RY_CORE_SUPERVISOR_ROLE_LOG_H
#define RY_CORE_SUPERVISOR_ROLE_LOG_H

#include <stdio.h>

#include "core/battle/battle.h"
#include "shm/log.h"

#define RY_SUPERVISOR_ROLE_LOG_LAST  5
#define RY_SUPERVISOR_ROLE_LOG_LINE  4096u
#define RY_SUPERVISOR_ROLE_LOG_CHUNK (UINT64_C(64) << 10)
#define RY_SUPERVISOR_ROLE_LOG_QUOTA (UINT64_C(64) << 20)

struct ry_supervisor_role_log {
    char path[RY_BATTLE_PATH_BYTES + 64];
    FILE *file; /* appends */
    struct ry_ring_reader reader;
    bool joined;   /* the ring is there */
    uint64_t lost; /* slots that were lapped, so far said in the file */
    /* A stranger's standard output and error; -1: none, or closed. The writing end is kept open to
     * see whether the pipe is full. */
    int pipe_read, pipe_write;
    uint64_t left; /* of the quota, bytes */
    bool full;     /* the quota is used up */
    bool full_told;
    unsigned held; /* bytes of a line whose end has not come */
    char line[RY_SUPERVISOR_ROLE_LOG_LINE];
    /* What could not be written: the disk is full, or the quota. Then the last lines are here. */
    uint64_t unwritten; /* lines */
    int error;          /* errno of the first */
    struct ry_log_record last[RY_SUPERVISOR_ROLE_LOG_LAST];
    unsigned lines; /* taken from the ring, ever; the last is at (lines - 1) %
                       RY_SUPERVISOR_ROLE_LOG_LAST */
};

/* No log yet. */
#define RY_SUPERVISOR_ROLE_LOG_NONE                                                                \
    ((struct ry_supervisor_role_log){.pipe_read = -1, .pipe_write = -1})

/* "feed0", of an agent "agent3-noise". agent: its name; NULL: it is none. */
#define RY_SUPERVISOR_ROLE_LOG_NAME_BYTES (2 * RY_NAME_BYTES)
void ry_supervisor_role_log_name(char name[RY_SUPERVISOR_ROLE_LOG_NAME_BYTES], const char *role,
                                 const char *agent);

/* Opens DIR/log/NAME.log, a stranger's with a pipe and `quota` bytes. 0, or -1 with errno. */
int ry_supervisor_role_log_open(struct ry_supervisor_role_log *log, const char *directory,
                                const char *name, bool stranger, uint64_t quota);

/* What the role's standard output and error are to be: a descriptor that stays the log's. */
int ry_supervisor_role_log_output(const struct ry_supervisor_role_log *log);

/* The role's watch region has come, with its log ring. */
void ry_supervisor_role_log_join(struct ry_supervisor_role_log *log,
                                 const struct ry_ring_reader *reader);

/* Writes what is new in the ring to the file. */
void ry_supervisor_role_log_drain(struct ry_supervisor_role_log *log);

/* Writes what came out of the pipe to the file, a chunk at most. False: nothing is there. */
bool ry_supervisor_role_log_take(struct ry_supervisor_role_log *log);

/* The role has ended: everything, also a line without an end. */
void ry_supervisor_role_log_finish(struct ry_supervisor_role_log *log);

/* A line of the supervisor's own. */
void ry_supervisor_role_log_say(struct ry_supervisor_role_log *log, const char *line);

/* Prints the last lines of the file that are more than information, and what stands between them
 * (if there are none, its last lines), each after `before` and made printable; if lines could not
 * be written, those that the role logged last, from memory, and how many are missing in the file.
 */
void ry_supervisor_role_log_tail(const struct ry_supervisor_role_log *log, FILE *out,
                                 const char *before, unsigned lines);

void ry_supervisor_role_log_close(struct ry_supervisor_role_log *log);

#endif
