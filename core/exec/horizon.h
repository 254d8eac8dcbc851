/*
 * Horizons: when each agent can be heard of next, at the earliest (docs/TIME.md, "Agents").
 *
 * An example. Agent 1 has a latency of 5,000 ns and no jitter. A market group at T = 100 wakes it:
 * from now on its horizon is 5,100, and exec applies all inputs before 5,100 without asking. A
 * second group wakes it at T = 300. The agent issues an order in the callback of the first group,
 * which arrives at 5,100; then it acknowledges that group, and its horizon is 5,300. It
 * acknowledges the second group and sets a timer for 2,000: the horizon is 7,000. When it
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
 * One struct for all agents of a battle, owned by exec's thread, in private memory. exec.c tells it
 * what the machine makes; source_agent.c reads agents' records and asks it; nobody else needs to
 * know what an acknowledgement releases, which timer is due, or how late a command arrives. The
 * waking outputs themselves are kept in wakes.h. Times are ns since the epoch (T), latencies ns.
 */
#ifndef RY_CORE_EXEC_HORIZON_H
#define RY_CORE_EXEC_HORIZON_H

#include "core/exec/source.h"
#include "core/exec/wakes.h"
#include "shm/records/links.h"

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

/* What one agent has said. */
struct ry_exec_horizon_agent {
    int64_t latency, jitter;
    uint64_t k;           /* records that became inputs */
    int64_t last_arrival; /* of record k; INT64_MIN: none yet */
    int64_t next_latency; /* L(k + 1) */
    int64_t timer;        /* its next timer, RY_TIME_NEVER: none */
};

struct ry_exec_horizon {
    struct ry_exec_wakes wakes; /* what wakes an agent and is not acknowledged */
    struct ry_exec_horizon_agent agent[RY_AGENTS_MAX];
    uint64_t seed;
    int64_t present;             /* T of the last input; at first warmup_from */
    int64_t mark;                /* what agents were told, as it stands in the head */
    struct ry_exec_market *head; /* of exec.market */
};

struct ry_exec_horizon_parts {
    uint64_t seed;
    int64_t warmup_from;
    unsigned agents;
    uint16_t instruments;
    uint64_t groups_max, runs_max; /* RY_EXEC_WAKES_GROUPS, RY_EXEC_WAKES_RUNS; tests take less */
    void *memory;                  /* ry_exec_wakes_footprint bytes, zeroed; NULL without agents */
    struct ry_exec_market *head;   /* NULL without agents */
};

void ry_exec_horizon_start(struct ry_exec_horizon *horizon,
                           const struct ry_exec_horizon_parts *parts);
/* Agent `agent` of the battle, before the first input: a latency below RY_LATENCY_NS_MIN counts as
 * that. */
void ry_exec_horizon_enter(struct ry_exec_horizon *horizon, uint16_t agent, int64_t latency,
                           int64_t jitter);

/* ---- what the machine makes ------------------------------------------------------------------ */

static inline void ry_exec_horizon_market(struct ry_exec_horizon *horizon,
                                          const struct ry_market *record)
{
    ry_exec_wakes_market(&horizon->wakes, record);
}

/* Any report but OUT, which wakes nobody: ry_exec_horizon_out. */
static inline void ry_exec_horizon_report(struct ry_exec_horizon *horizon,
                                          const struct ry_report *report)
{
    ry_exec_wakes_report(&horizon->wakes, report);
}

/* Nothing is heard of the agent any more: its horizon is never. */
void ry_exec_horizon_out(struct ry_exec_horizon *horizon, uint16_t agent);

/* Bit of each agent whose horizon came down since the last call: nothing woke it before. */
static inline uint64_t ry_exec_horizon_woken(struct ry_exec_horizon *horizon)
{
    uint64_t fresh = horizon->wakes.fresh;
    horizon->wakes.fresh = 0;
    return fresh;
}

/* The agent that has so many wakes to acknowledge that those of another input may not find room; or
 * -1. */
static inline int ry_exec_horizon_full(struct ry_exec_horizon *horizon)
{
    return ry_exec_wakes_full(&horizon->wakes);
}

/* ---- what the agent says --------------------------------------------------------------------- */

/* The horizon as a key, ry_exec_key_never if there is none. key->source is set; what else stands
 * there is the last answer of one of these calls, whose tie is kept if T is the same. */
void ry_exec_horizon_key(const struct ry_exec_horizon *horizon, uint16_t agent,
                         struct ry_exec_key *key);

/* T of the wake that a record names; false: it names none that the agent may. */
bool ry_exec_horizon_wake(const struct ry_exec_horizon *horizon, uint16_t agent, uint8_t kind,
                          uint64_t number, int64_t *time);

/* The key of the agent's next record, issued in the callback of a wake at T. False: it would never
 * arrive. */
bool ry_exec_horizon_arrival(const struct ry_exec_horizon *horizon, uint16_t agent, int64_t wake,
                             struct ry_exec_key *key);

/* The key of its death: its horizon, but that START does not hold it. False: the horizon is never,
 * so the key is as early as can be, at the floor, which a wall clock chose. */
bool ry_exec_horizon_death(const struct ry_exec_horizon *horizon, uint16_t agent,
                           struct ry_exec_key *key);

/* The record that arrived at `time` became an input: it was record k + 1. */
void ry_exec_horizon_arrived(struct ry_exec_horizon *horizon, uint16_t agent, int64_t time);

/* An ACK of the wake at T, which ry_exec_horizon_wake knows: this wake and all before it leave (of
 * a timer: none), and its timer is the next. False: that one was nearer than a host may set it
 * (RY_TIMER_NS_MIN), so that the horizon would fall back; it is moved there. */
bool ry_exec_horizon_acknowledge(struct ry_exec_horizon *horizon, uint16_t agent,
                                 const struct ry_command *ack, int64_t wake);

/* What wakes it from now on. False: there is no such instrument. */
static inline bool ry_exec_horizon_interest(struct ry_exec_horizon *horizon, uint16_t agent,
                                            uint16_t instrument, unsigned kinds)
{
    return ry_exec_wakes_interest(&horizon->wakes, agent, instrument, kinds);
}

/* ---- the mark -------------------------------------------------------------------------------- */

/* Tells the agents, in the head of exec.market, that every output with T < mark is published; what
 * was published before is seen by whoever sees the mark. A mark that is not later than the last
 * changes nothing. */
void ry_exec_horizon_mark(struct ry_exec_horizon *horizon, int64_t mark);

/* Nothing that comes unannounced (a stop, a death without a horizon) may have an earlier T: inputs
 * have come so far, and timers before the mark may have fired. */
static inline int64_t ry_exec_horizon_floor(const struct ry_exec_horizon *horizon)
{
    return horizon->mark > horizon->present ? horizon->mark : horizon->present;
}

#endif
