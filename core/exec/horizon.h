/*
 * Horizons: when each agent can be heard of next, at the earliest (docs/TIME.md, section 2).
 *
 * An example. Agent 1 has a latency of 5,000 ns and no jitter. Something at T = 100 wakes it:
 * from now on its horizon is 5,100, and exec applies all inputs before 5,100 without asking. It is
 * woken again at T = 300. The agent issues an order in the callback of the first wake, which
 * arrives at 5,100; then it acknowledges that wake, and its horizon is 5,300. It acknowledges the
 * second wake and sets a timer for 2,000: the horizon is 7,000. When it
 * acknowledges the timer and sets none, its horizon is never: exec waits for it no more until
 * something wakes it.
 *
 * The rule: the horizon of an agent that has said k records is
 *
 *     max(arrival of record k, min(T of its first wake not acknowledged, its timer) + L(k + 1))
 *
 * never, if there is neither wake nor timer; and START's own T, before all others at it, until
 * START is acknowledged or a first command is read.
 *
 * One struct for all agents of a battle, owned by exec's thread, in private memory. link.c says
 * what wakes an agent and what it has acknowledged; source_agent.c reads agents' records and asks
 * when they arrive. Times are ns since the epoch (T), latencies ns.
 */
#ifndef RY_CORE_EXEC_HORIZON_H
#define RY_CORE_EXEC_HORIZON_H

#include "core/exec/source.h"

/* L(k): how long after its wake an agent's record k arrives, k = 1, 2, ..; part of the sequence's
 * definition, as ry_exec_key_tie is. Its stream lies apart from that of the ties. */
static inline int64_t ry_exec_horizon_latency(uint64_t seed, uint16_t agent, uint64_t k,
                                              int64_t latency, int64_t jitter)
{
    uint64_t stream =
        ry_exec_mix64(~seed + (RY_SOURCE_AGENT + agent) * UINT64_C(0x9e3779b97f4a7c15));
    int64_t late = (int64_t)(ry_exec_mix64(stream ^ k) % ((uint64_t)jitter + 1));
    return late > RY_TIME_NEVER - latency ? RY_TIME_NEVER : latency + late;
}

/* What one agent has said, and what it has been called for. */
struct ry_exec_horizon_agent {
    int64_t latency, jitter;
    uint64_t k;           /* records that became inputs */
    int64_t last_arrival; /* of record k; INT64_MIN: none yet */
    int64_t next_latency; /* L(k + 1) */
    int64_t start_time;   /* T of START, until it is acknowledged; else RY_TIME_NEVER */
    int64_t wake_time; /* T of the first wake not acknowledged, given or not; RY_TIME_NEVER: none */
    int64_t timer;     /* its next timer, not given; RY_TIME_NEVER: none */
};

struct ry_exec_horizon {
    struct ry_exec_horizon_agent agent[RY_AGENTS_MAX];
    uint64_t seed;
    uint64_t fresh;  /* agents whose horizon came down; whoever looks clears them */
    int64_t present; /* T of the last input; at first warmup_from */
    int64_t closed;  /* no input before it can come: timers before it may have been given */
};

void ry_exec_horizon_start(struct ry_exec_horizon *horizon, uint64_t seed, int64_t warmup_from);
/* Agent `agent` of the battle, before the first input: a latency below RY_LATENCY_NS_MIN counts as
 * that. */
void ry_exec_horizon_enter(struct ry_exec_horizon *horizon, uint16_t agent, int64_t latency,
                           int64_t jitter);

/* ---- what the agent is called for ------------------------------------------------------------ */

/* START was applied at T: nothing else comes before its acknowledgement. */
void ry_exec_horizon_started(struct ry_exec_horizon *horizon, uint16_t agent, int64_t time);

/* Something at T wakes it; nothing that is not acknowledged did before, or this changes nothing. */
void ry_exec_horizon_woken(struct ry_exec_horizon *horizon, uint16_t agent, int64_t time);

/* Its timer became a wake like others. */
void ry_exec_horizon_timer_given(struct ry_exec_horizon *horizon, uint16_t agent);

/* One wake is acknowledged; the next that is not is of T `next`, RY_TIME_NEVER: there is none. */
void ry_exec_horizon_acknowledged(struct ry_exec_horizon *horizon, uint16_t agent, int64_t next);

/* The timer that an acknowledgement of a wake at T sets. False: it is nearer than a host may set it
 * (RY_TIMER_NS_MIN), so that the horizon would fall back; it is moved there. */
bool ry_exec_horizon_set_timer(struct ry_exec_horizon *horizon, uint16_t agent, int64_t wake,
                               int64_t timer);

/* Nothing is heard of the agent any more: its horizon is never. */
void ry_exec_horizon_out(struct ry_exec_horizon *horizon, uint16_t agent);

/* Bit of each agent whose horizon came down since the last call: nothing woke it before. */
static inline uint64_t ry_exec_horizon_fresh(struct ry_exec_horizon *horizon)
{
    uint64_t fresh = horizon->fresh;
    horizon->fresh = 0;
    return fresh;
}

/* ---- what the agent says --------------------------------------------------------------------- */

/* The horizon as a key, ry_exec_key_never if there is none. key->source is set; what else stands
 * there is the last answer of one of these calls, whose tie is kept if T is the same. */
void ry_exec_horizon_key(const struct ry_exec_horizon *horizon, uint16_t agent,
                         struct ry_exec_key *key);

/* The key of the agent's next record, issued in the callback of a wake at T. False: it would never
 * arrive. */
bool ry_exec_horizon_arrival(const struct ry_exec_horizon *horizon, uint16_t agent, int64_t wake,
                             struct ry_exec_key *key);

/* The key of its death. In a callback, which comes again in every run: its horizon, but that START
 * does not hold it. False: from `outside`, or its horizon is never: at the floor, before all others
 * there, as a wall clock chose. */
bool ry_exec_horizon_death(const struct ry_exec_horizon *horizon, uint16_t agent, bool outside,
                           struct ry_exec_key *key);

/* The record that arrived at `time` became an input: it was record k + 1. */
void ry_exec_horizon_arrived(struct ry_exec_horizon *horizon, uint16_t agent, int64_t time);

/* ---- what is closed -------------------------------------------------------------------------- */

/* The smallest horizon of all sources is at T: nothing earlier comes. */
static inline void ry_exec_horizon_close(struct ry_exec_horizon *horizon, int64_t time)
{
    if (time > horizon->closed)
        horizon->closed = time;
}

/* Nothing that comes unannounced (a stop, a death from outside) may have an earlier T: inputs have
 * come so far, and timers before `closed` may have been given. */
static inline int64_t ry_exec_horizon_floor(const struct ry_exec_horizon *horizon)
{
    return horizon->closed > horizon->present ? horizon->closed : horizon->present;
}

#endif
