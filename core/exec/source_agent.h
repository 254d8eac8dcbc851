/*
 * An agent as a source: its command ring, and what it may still say (docs/TIME.md, "Agents").
 *
 * Reads one record that becomes an input ahead, no further: what stands behind it (acknowledgements
 * above all) is of no account before it is applied. Horizon: that record's arrival; else START's
 * own T until it is acknowledged; else max(last arrival, min(T of the first wake not acknowledged,
 * next timer) + L(k + 1)).
 *
 * One that is dead, as the supervisor says, and whose ring is read to its end, becomes the input
 * AGENT_DIED at its horizon, with its own source and sequence; flagged RY_INF_WALL if it was killed
 * from outside. One that is out is never read again.
 */
#ifndef RY_CORE_EXEC_SOURCE_AGENT_H
#define RY_CORE_EXEC_SOURCE_AGENT_H

#include "core/exec/counters.h"
#include "core/exec/source.h"
#include "core/exec/wakes.h"
#include "shm/ring.h"

#define RY_EXEC_AGENT_POLL_RECORDS 4096 /* at most, before others get a look */
#define RY_EXEC_AGENT_WRONG_TOLD   8    /* lines in the log, each agent */

/* L(k): how long after its wake an agent's record k arrives, k = 1, 2, ..; part of the sequence's
 * definition, as ry_exec_key_tie is. Its stream lies apart from that of the ties. */
static inline int64_t ry_exec_agent_latency(uint64_t seed, uint16_t agent, uint64_t k,
                                            int64_t latency, int64_t jitter)
{
    uint64_t stream =
        ry_exec_mix64(~seed + (RY_SOURCE_AGENT + agent) * UINT64_C(0x9e3779b97f4a7c15));
    int64_t late = (int64_t)(ry_exec_mix64(stream ^ k) % ((uint64_t)jitter + 1));
    return late > RY_TIME_NEVER - latency ? RY_TIME_NEVER : latency + late;
}

enum ry_exec_agent_state {
    RY_EXEC_AGENT_LIVE = 0,
    RY_EXEC_AGENT_DYING, /* AGENT_DIED is its next and last record */
    RY_EXEC_AGENT_OUT,   /* nothing of it becomes an input any more */
};

struct ry_exec_agent_source {
    struct ry_exec_merge_source source; /* first: what merge sees */
    union ry_input_any record;
    struct ry_ring_reader ring;
    struct ry_ring_position *position; /* how far it is read, in exec's region */
    struct ry_exec_wakes *wakes;
    const struct ry_exec_wakes_queue *queue;
    struct ry_exec_counters *counters;
    struct ry_ring_writer *log;
    const char *name;
    const int64_t *present, *mark; /* exec's: nothing before either can still become an input */
    uint64_t seed;
    int64_t latency, jitter;
    uint16_t agent;
    enum ry_exec_agent_state state;
    bool dead;    /* its process is gone: what the ring holds is all */
    bool outside; /* dead, and somebody's wall clock chose when */
    bool stalled; /* exec gave up waiting for it */
    uint64_t k;   /* records that became inputs */
    int64_t last_arrival;
    int64_t next_latency; /* L(k + 1) */
    int64_t timer;        /* RY_TIME_NEVER: none */
    unsigned told;
};

/* `agent` has ring, position, wakes, counters, log, name, present, mark, seed, latency, jitter and
 * agent set; the rest zero. */
void ry_exec_agent_source_start(struct ry_exec_agent_source *agent);

/* A wake came where there was none. */
void ry_exec_agent_source_woken(struct ry_exec_agent_source *agent);

/* The machine put it out. */
void ry_exec_agent_source_out(struct ry_exec_agent_source *agent);

#endif
