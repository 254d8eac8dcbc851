/*
 * The log of one role of a battle in one process: DIR/log/ROLE.log, with the lines and limits of a
 * role that is a process (core/supervisor/role_log.h). The role's lines go into a ring; what a
 * strategy prints is given to ry_fast_log_print. Owned by the process's one thread.
 */
#ifndef RY_TOOLS_FAST_LOG_H
#define RY_TOOLS_FAST_LOG_H

#include "core/supervisor/role_log.h"
#include "tools/fast/ring.h"

struct ry_fast_log {
    struct ry_fast_ring ring;
    struct ry_supervisor_role_log file;
    uint64_t drained; /* slots of the ring that are in the file */
};

/* `stranger`: what it prints counts, and is cut, as an agent's. -1 with errno. */
int ry_fast_log_open(struct ry_fast_log *log, const char *directory, const char *name,
                     bool stranger);
void ry_fast_log_print(struct ry_fast_log *log, const char *text, size_t bytes);
void ry_fast_log_drain_now(struct ry_fast_log *log);
void ry_fast_log_close(struct ry_fast_log *log);

/* Into the file what is new in the ring. */
static inline void ry_fast_log_drain(struct ry_fast_log *log)
{
    if (ry_ring_written(&log->ring.writer) != log->drained)
        ry_fast_log_drain_now(log);
}

#endif
