/*
 * exec without its process: merges the sources into one sequence, publishes it, applies the
 * machine, and tells each agent what is due.
 *
 * Owned by one thread. exec_main.c gives it regions and a run loop; tests and benches give it plain
 * memory. Nothing here looks at a clock (but for spans of traced events), allocates or waits: a
 * step that cannot go on returns.
 */
#ifndef RY_CORE_EXEC_EXEC_H
#define RY_CORE_EXEC_EXEC_H

#include "core/battle/battle.h"
#include "core/exec/counters.h"
#include "core/exec/horizon.h"
#include "core/exec/merge.h"
#include "core/exec/source_agent.h"
#include "core/exec/source_clock.h"
#include "core/exec/source_control.h"
#include "core/exec/source_feed.h"
#include "core/exec/told.h"
#include "core/exec/trace.h"
#include "shm/records/links.h"

#define RY_EXEC_STEP_INPUTS 1024 /* at most, before a look at the other duties */

enum ry_exec_phase {
    RY_EXEC_RUNNING = 0,
    RY_EXEC_DRAINING, /* END is applied; agents get what is left, the journal has to read it */
    RY_EXEC_DONE,
};

/* Why the sequence stands still. */
enum ry_exec_wait_why {
    RY_EXEC_WAIT_NOTHING = 0, /* it does not, or nothing is to come that anybody knows of */
    RY_EXEC_WAIT_FEED,        /* feed `who` is next and has no record */
    RY_EXEC_WAIT_ANSWER,      /* agent `who` is next: it owes an answer, or has a timer */
    RY_EXEC_WAIT_ROOM,    /* agent `who` owes nothing and has not read its link, which is full */
    RY_EXEC_WAIT_STREAM,  /* agent `who` owes an answer, and too much is held back until it comes */
    RY_EXEC_WAIT_JOURNAL, /* the input ring is full of what the journal has not read */
};

/* What exec waits for after a step. Two that are equal are one wait in which nothing moved: a stall
 * is one that stays equal for too long. */
struct ry_exec_wait {
    enum ry_exec_wait_why why;
    uint16_t who;   /* NOTHING, JOURNAL: 0 */
    uint64_t since; /* progress when it last stood still */
};

static inline bool ry_exec_wait_equal(const struct ry_exec_wait *a, const struct ry_exec_wait *b)
{
    return a->why == b->why && a->who == b->who && a->since == b->since;
}

static inline bool ry_exec_wait_for_agent(const struct ry_exec_wait *wait)
{
    return wait->why == RY_EXEC_WAIT_ANSWER || wait->why == RY_EXEC_WAIT_ROOM ||
           wait->why == RY_EXEC_WAIT_STREAM;
}

struct ry_exec {
    const struct ry_battle *battle;
    struct ry_arena *arena;
    struct ry_exec_positions *positions;
    struct ry_arena_sink sink;
    struct ry_ring_writer inputs; /* law 3: an input stands there before its outputs leave */
    const struct ry_ring_position
        *journal; /* how far the journal has read: the ring may not lap it */
    struct ry_exec_merge merge;
    struct ry_exec_clock_source clock;
    struct ry_exec_control_source control;
    struct ry_exec_feed_source feed[RY_FEEDS_MAX];
    struct ry_exec_agent_source agent[RY_AGENTS_MAX];
    struct ry_exec_horizon horizon; /* also the present T and what is closed */
    struct ry_exec_told told;
    struct ry_exec_trace *trace; /* NULL: nothing is traced */
    struct ry_exec_key bound; /* of the records in work: another source's comes first from here */
    uint8_t feed_of[RY_INSTRUMENTS_MAX];
    enum ry_exec_phase phase;
    uint64_t progress; /* counts what moved: an input, news of who is waited for */
    uint64_t wrote;    /* counts deliveries */
    struct ry_exec_wait wait;
    bool failed; /* `reason` says why; set before the END goes out */
    struct ry_exec_counters counters;
    char reason[256];
};

struct ry_exec_parts_agent {
    struct ry_ring_writer link;     /* exec.linkN, empty */
    struct ry_exec_link *link_head; /* exec writes it */
    struct ry_ring_reader commands;
    const struct ry_agent_commands *commands_head; /* how far the host has read its link */
};

/* What exec works on; all of it stays the caller's. */
struct ry_exec_parts {
    const struct ry_battle *battle;
    struct ry_arena *arena;       /* empty, made for record 0 of ry_exec_configure */
    struct ry_ring_writer inputs; /* empty */
    struct ry_ring_reader control;
    struct ry_ring_reader events[RY_FEEDS_MAX];
    struct ry_exec_positions *positions; /* exec writes them */
    const struct ry_ring_position *journal;
    struct ry_ring_writer *log;  /* NULL: standard error */
    struct ry_exec_trace *trace; /* started; NULL: nothing is traced */
    struct ry_exec_parts_agent agent[RY_AGENTS_MAX];
    uint64_t stream_max; /* RY_EXEC_STREAM_RECORDS; tests take less */
    void *memory; /* ry_exec_footprint bytes, zeroed, backed when touched; NULL without agents */
    /* Agent `agent` has something to do: a wake was written to its link (`drain` false), or its
     * link is half full. NULL: nobody sleeps. */
    void (*rouse)(void *context, uint16_t agent, bool drain);
    void *rouse_context;
};

/* 0 without agents. */
size_t ry_exec_footprint(const struct ry_battle *battle, uint64_t stream_max);

/* Publishes and applies the records that describe the battle. The input ring must hold them all
 * (2 * (1 + RY_INSTRUMENTS_MAX) slots at most). */
void ry_exec_start(struct ry_exec *exec, const struct ry_exec_parts *parts);

/* One sweep and up to RY_EXEC_STEP_INPUTS inputs. Returns how much was done; look at `phase`. */
unsigned ry_exec_step(struct ry_exec *exec);

/* This agent has ended: it dies behind what it has said (as the control record AGENT_DIED says).
 * `outside`: somebody's wall clock chose the moment. */
void ry_exec_died(struct ry_exec *exec, uint16_t agent, bool outside);

/* exec waited for this agent as long as it may: it dies. */
void ry_exec_stalled(struct ry_exec *exec, uint16_t agent);

#endif
