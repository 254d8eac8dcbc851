/*
 * The log of one role of a battle in one process: DIR/log/ROLE.log, with the lines and limits of a
 * role that is a process (core/supervisor/role_log.h). The role's lines go into a ring; what a
 * strategy prints is given to ry_one_log_print. Owned by the process's one thread.
 */
#ifndef RY_TOOLS_ONE_LOG_H
#define RY_TOOLS_ONE_LOG_H

#include "core/supervisor/role_log.h"
#include "tools/one/ring.h"

struct ry_one_log {
    struct ry_one_ring ring;
    struct ry_supervisor_role_log file;
    uint64_t drained; /* slots of the ring that are in the file */
};

/* `stranger`: what it prints counts, and is cut, as an agent's. `directory` NULL: lines go nowhere.
 * -1 with errno. */
int ry_one_log_open(struct ry_one_log *log, const char *directory, const char *name, bool stranger);
void ry_one_log_print(struct ry_one_log *log, const char *text, size_t bytes);
void ry_one_log_drain_now(struct ry_one_log *log);
void ry_one_log_close(struct ry_one_log *log);

/* Into the file what is new in the ring. */
static inline void ry_one_log_drain(struct ry_one_log *log)
{
    if (ry_ring_written(&log->ring.writer) != log->drained)
        ry_one_log_drain_now(log);
}

#endif
