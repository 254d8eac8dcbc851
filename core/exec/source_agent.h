/*
 * An agent as a source: reads its command ring, and makes inputs of it.
 *
 * Reads one record that becomes an input ahead, no further: what stands behind it (acknowledgements
 * above all) is of no account before it is applied. The source's key is that record's arrival, or
 * the agent's horizon while there is none; both are horizon.h's to say.
 *
 * One that is dead, as the supervisor says, and whose ring is read to its end, becomes the input
 * AGENT_DIED at its horizon, with its own source and sequence; flagged RY_INF_WALL if it was killed
 * from outside. One that is out is never read again.
 *
 * Errors: a record that is no command, that names another wake than the first which the agent owes,
 * or that is one more than a callback may issue, is another process' word: counted
 * (commands_foreign), told for the first few, no input. A ring
 * written over before it was read is a stall.
 */
#ifndef RY_CORE_EXEC_SOURCE_AGENT_H
#define RY_CORE_EXEC_SOURCE_AGENT_H

#include "core/exec/counters.h"
#include "core/exec/horizon.h"
#include "core/exec/source.h"
#include "core/exec/told.h"
#include "shm/ring.h"

#define RY_EXEC_AGENT_POLL_RECORDS  4096 /* at most, before others get a look */
#define RY_EXEC_AGENT_REFUSED_LINES 8    /* in the log, each agent */

enum ry_exec_agent_state {
    RY_EXEC_AGENT_LIVE = 0,
    RY_EXEC_AGENT_DYING, /* AGENT_DIED is its next and last record */
    RY_EXEC_AGENT_OUT,   /* nothing of it becomes an input any more */
};

struct ry_exec_agent_source {
    struct ry_exec_merge_source source; /* first: what merge sees */
    union ry_input_any record;
    struct ry_exec_trace_command traced; /* with traces: of the record */
    struct ry_ring_reader ring;
    struct ry_ring_position *position; /* how far it is read, in exec's region */
    struct ry_exec_horizon *horizon;
    struct ry_exec_told *told; /* its link among them */
    struct ry_exec_counters *counters;
    struct ry_ring_writer *log;
    const char *name;
    uint16_t agent;
    uint32_t commands_max;   /* in one callback */
    uint32_t commands;       /* in the one that is being answered */
    uint32_t interests_left; /* INTEREST records that START's answer may still have */
    bool every_said;         /* one of them was for all instruments */
    enum ry_exec_agent_state state;
    bool dead;              /* its process is gone: what the ring holds is all */
    bool outside;           /* dead, and somebody's wall clock chose when */
    bool stalled;           /* exec gave up waiting for it */
    unsigned refused_lines; /* in the log */
};

/* `agent` has ring, position, horizon, told, counters, log, name, agent, commands_max and
 * interests_left set; the rest zero. */
void ry_exec_agent_source_start(struct ry_exec_agent_source *agent);

/* Its horizon came down: something woke it (ry_exec_horizon_fresh). */
void ry_exec_agent_source_woken(struct ry_exec_agent_source *agent);

/* The machine put it out: it is not read again, and nothing is heard of it. */
void ry_exec_agent_source_out(struct ry_exec_agent_source *agent);

#endif
