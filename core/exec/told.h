/*
 * What agents are told: takes each output of the machine, keeps it for those who asked for it, and
 * writes it to each agent's link when it is due.
 *
 * Owned by exec's thread. exec.c hands it the outputs of an input (market, report), says when the
 * input is done (applied), when no other can come at its T (close), and lets it write (deliver).
 * Who asked for what comes from source_agent.c; the log is stream.h, one agent's order of things
 * link.h, levels depth.h.
 */
#ifndef RY_CORE_EXEC_TOLD_H
#define RY_CORE_EXEC_TOLD_H

#include "core/exec/counters.h"
#include "core/exec/depth.h"
#include "core/exec/link.h"

#define RY_EXEC_TOLD_NOBODY   (-1)
#define RY_EXEC_TOLD_TOO_MUCH (-2)

/* Of one instrument: bits of agents, by enum ry_market_kind up to STATE. */
struct ry_exec_asked {
    uint64_t told[RY_MK_STATE + 1];
    uint64_t woken[RY_MK_STATE + 1];
};

struct ry_exec_told {
    struct ry_exec_link_source source;
    struct ry_exec_horizon *horizon;
    struct ry_exec_counters *counters;
    struct ry_exec_trace *trace; /* NULL: nothing is traced */
    struct ry_exec_depth depth;
    struct ry_exec_asked *asked; /* by instrument */
    struct ry_exec_agent_link link[RY_AGENTS_MAX];
    uint64_t live;        /* agents that are told something */
    uint64_t listens;     /* whose reports wake them */
    uint64_t stream_max;  /* entries of each stream that may be held back */
    uint64_t stream_room; /* below it there is room for sure */
    uint64_t delivered;   /* entries of both, when all links were looked at last */
    bool no_room;         /* then one that owes nothing had none: it is looked at again */

    /* Of the input in work. */
    uint64_t woken; /* by its group */
    uint64_t group; /* 0: it made none */
    bool starts;    /* the group holds START */

    uint64_t given_by[RY_WAKE_TIMER + 1];                     /* wakes, by enum ry_wake_kind */
    void (*rouse)(void *context, uint16_t agent, bool drain); /* NULL: nobody sleeps */
    void *rouse_context;
};

struct ry_exec_told_parts {
    const struct ry_battle *battle;
    const struct ry_arena *arena;
    struct ry_exec_horizon *horizon;
    struct ry_exec_counters *counters;
    struct ry_exec_trace *trace; /* NULL: nothing is traced */
    uint64_t stream_max;         /* RY_EXEC_STREAM_RECORDS; tests take less */
    void *memory;                /* ry_exec_told_footprint bytes, zeroed, backed when touched */
    void (*rouse)(void *context, uint16_t agent, bool drain);
    void *rouse_context;
};

size_t ry_exec_told_footprint(const struct ry_battle *battle, uint64_t stream_max);
void ry_exec_told_start(struct ry_exec_told *told, const struct ry_exec_told_parts *parts);
/* Each agent of the battle, before the first input. */
void ry_exec_told_enter(struct ry_exec_told *told, uint16_t agent,
                        const struct ry_ring_writer *ring, const struct ry_ring_position *read);

/* ---- what the machine makes ------------------------------------------------------------------ */

void ry_exec_told_market(struct ry_exec_told *told, const struct ry_market *market);
void ry_exec_told_report(struct ry_exec_told *told, const struct ry_report *report);
/* The input at T is applied, and the machine shows what it left. */
void ry_exec_told_applied(struct ry_exec_told *told, int64_t time);

/* T is to be closed before an input of a later one: a TOP changed at it. */
static inline bool ry_exec_told_open(const struct ry_exec_told *told)
{
    return ry_exec_depth_open(&told->depth);
}
/* No input at T comes any more. Agents may have been woken. */
void ry_exec_told_close(struct ry_exec_told *told, int64_t time);

/* The agent for which so much is held back that no later T may begin; or RY_EXEC_TOLD_NOBODY; or,
 * also within a T, RY_EXEC_TOLD_TOO_MUCH: RY_EXEC_STREAM_BURST more. Agents of `answered` (a bit
 * each) have said all that can be asked of them before an input of their own, so nobody waits for
 * them. */
int ry_exec_told_full(struct ry_exec_told *told, bool later, uint64_t answered);
/* False: it is not asked, as there is room for sure. */
static inline bool ry_exec_told_may_be_full(const struct ry_exec_told *told)
{
    const uint64_t outputs = told->source.outputs.end, tops = told->source.tops.end;
    return outputs >= told->stream_room || tops >= told->stream_room;
}

/* ---- what agents say ------------------------------------------------------------------------- */

/* RY_INTEREST_EVERY may be the instrument. It makes sense (ry_interest_makes_sense), but for
 * RY_INTEREST_DEAF. False: there is no such instrument. */
bool ry_exec_told_interest(struct ry_exec_told *told, uint16_t agent, uint16_t instrument,
                           unsigned interest);

/* Nobody reads its link any more. */
void ry_exec_told_forget(struct ry_exec_told *told, uint16_t agent);

/* ---- writing --------------------------------------------------------------------------------- */

struct ry_exec_told_delivery {
    uint64_t wrote; /* bits of agents to whom something was written */
    int waits_for;  /* the agent whose link has to be read before anything is applied; or
                       RY_EXEC_TOLD_NOBODY */
};

/* Writes to each link what is due; nothing before `closed` comes any more. Unless `all`, what can
 * make nobody answer waits for more of its kind. */
struct ry_exec_told_delivery ry_exec_told_deliver(struct ry_exec_told *told, int64_t closed,
                                                  bool all);

/* Whether an agent besides `who` has been given a wake, and could be given another once it has
 * answered. */
bool ry_exec_told_could_go_on(const struct ry_exec_told *told, unsigned who);

/* The agent that has yet to read what lies before its OUT or END; or RY_EXEC_TOLD_NOBODY. */
int ry_exec_told_leaving(const struct ry_exec_told *told);

#endif
