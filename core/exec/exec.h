/*
 * exec without its process: merges the sources into one sequence, publishes it, applies the machine.
 *
 * Owned by one thread. exec_main.c gives it regions and a run loop; tests and benches give it plain memory.
 * Nothing here looks at a clock, allocates or waits: a step that cannot go on returns.
 */
#ifndef RY_CORE_EXEC_EXEC_H
#define RY_CORE_EXEC_EXEC_H

#include "core/battle/battle.h"
#include "core/exec/counters.h"
#include "core/exec/merge.h"
#include "core/exec/publish.h"
#include "core/exec/source_clock.h"
#include "core/exec/source_control.h"
#include "core/exec/source_feed.h"

#define RY_EXEC_STEP_INPUTS 1024 /* at most, before a look at the other duties */

enum ry_exec_phase {
    RY_EXEC_RUNNING = 0,
    RY_EXEC_DRAINING, /* END is applied; the journal has to read it */
    RY_EXEC_DONE,
};

struct ry_exec {
    const struct ry_battle *battle;
    struct ry_arena *arena;
    struct ry_sink sink;
    struct ry_publish publish;
    struct ry_merge merge;
    struct ry_clock_source clock;
    struct ry_control_source control;
    struct ry_feed_source feed[RY_FEEDS_MAX];
    uint8_t feed_of[RY_INSTRUMENTS_MAX];
    enum ry_exec_phase phase;
    bool waits;     /* for the journal */
    bool failed;    /* `reason` says why; set before the END goes out */
    int64_t present; /* T of the last input */
    struct ry_exec_counters counters;
    char reason[256];
};

/* What exec works on; all of it stays the caller's. */
struct ry_exec_parts {
    const struct ry_battle *battle;
    struct ry_arena *arena;                       /* empty, made for record 0 of ry_exec_configure */
    struct ry_ring_writer inputs, market;         /* empty */
    struct ry_ring_reader control;
    struct ry_ring_reader events[RY_FEEDS_MAX];
    struct ry_exec_positions *positions;          /* exec writes them */
    const struct ry_ring_position *journal;
    struct ry_ring_writer *log;                   /* NULL: standard error */
};

/* Publishes and applies the records that describe the battle. The input ring must hold them all
 * (2 * (1 + RY_INSTRUMENTS_MAX) slots at most). */
void ry_exec_start(struct ry_exec *exec, const struct ry_exec_parts *parts);

/* One sweep and up to RY_EXEC_STEP_INPUTS inputs. Returns how much was done; look at `phase`. */
unsigned ry_exec_step(struct ry_exec *exec);

#endif
