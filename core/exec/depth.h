/*
 * Books by levels: what exec tells the agents that asked for LEVELS or for TOP(k) of an instrument
 * (enum ry_interest), made of the machine's CHANGEs and of what the machine's book shows.
 *
 * LEVELS: behind each group, one record a (side, price) in which orders changed, whole.
 *
 * TOP(k): once for each T at which the first k levels of a side are not what they were, when that T
 * is closed. A level that left the first k is told as one without lots; one that came into them, or
 * changed, whole. An example: bids 10, 9, 8 with 5 lots each, and agents with TOP(2) and TOP(3).
 * Within one T somebody bids 7 lots at 11, and the 9 goes to 4 lots:
 *
 *     9, 0 lots     to who has TOP(2)
 *     8, 0 lots     to who has TOP(3)
 *     11, 7 lots    to both
 *     9, 4 lots     to who has TOP(3)
 *
 * What leaves comes first, so who applies the records in their order never holds more than k. All
 * TOPs of an instrument are compared at the same moments, so what a smaller one was told is the
 * beginning of what the deepest was told: one comparison serves them all.
 *
 * Owned by exec's thread, in memory of the caller's: zeroed, aligned to RY_ISOLATION, lazily backed
 * (an instrument that nobody asked for costs nothing). A level's orders are those that show lots,
 * as a book made of CHANGEs counts them.
 */
#ifndef RY_CORE_EXEC_DEPTH_H
#define RY_CORE_EXEC_DEPTH_H

#include "core/arena/arena.h"
#include "core/battle/battle.h"
#include "shm/records/command.h"
#include "shm/records/told.h"

/* What each CHANGE of an instrument looks at: one line. */
struct ry_exec_depth_book {
    uint64_t levels, levels_wake; /* agents with LEVELS; those that are woken, a bit each */
    uint64_t top, top_wake;       /* with a TOP likewise */
    /* By enum ry_side - 1: keys (rising from the best on) up to this one can change a TOP: that of
     * the deepest TOP's last level, INT64_MAX while it has fewer, INT64_MIN without a TOP. */
    int64_t reach[2];
    uint8_t depth;   /* levels of the deepest TOP; 0: none */
    uint8_t changed; /* a bit each side: it may differ from what was told */
    uint8_t zero[14];
};
RY_SIZE(struct ry_exec_depth_book, 64);

/* The TOPs of an instrument. */
struct ry_exec_depth_top {
    uint64_t more[RY_TOP_MAX]; /* [i]: agents whose TOP has more than i levels */
    struct ry_arena_depth told[2][RY_TOP_MAX];
    unsigned count[2]; /* levels of `told`; nobody has those behind the present depth */
};

struct ry_exec_depth {
    const struct ry_arena *arena;
    struct ry_exec_depth_book *book; /* by instrument */
    struct ry_exec_depth_top *top;   /* by instrument */
    uint16_t *changed;               /* instruments whose book has `changed`, each once */
    uint64_t *touched;               /* places of the input in work, see depth.c */
    size_t changed_count, touched_count, touched_max;
    uint32_t instruments;
};

/* Called for each record, with the agents that it is for, a bit each. */
typedef void (*ry_exec_depth_emit)(void *context, const struct ry_told_level *level,
                                   uint64_t agents);

size_t ry_exec_depth_footprint(const struct ry_battle *battle);

/* Records that one close makes at most: all levels of all TOPs leave, and others come. */
static inline size_t ry_exec_depth_close_max(uint16_t instruments)
{
    return (size_t)instruments * 2 * 2 * RY_TOP_MAX;
}

/* Nobody asked for anything yet. */
void ry_exec_depth_start(struct ry_exec_depth *depth, void *memory, const struct ry_arena *arena,
                         const struct ry_battle *battle);

/* What an agent is told of an instrument's book from here on, in place of what it was told. A TOP's
 * agent knows the book as it stands; no TOP may be behind it (ry_exec_depth_open). */
void ry_exec_depth_interest(struct ry_exec_depth *depth, uint16_t agent, uint16_t instrument,
                            unsigned interest);

/* Nothing any more, of any instrument; between two inputs. */
void ry_exec_depth_forget(struct ry_exec_depth *depth, uint16_t agent);

/* Somebody has LEVELS or a TOP of the instrument. */
static inline bool ry_exec_depth_wanted(const struct ry_exec_depth *depth, uint16_t instrument)
{
    return (depth->book[instrument].levels | depth->book[instrument].top) != 0;
}

/* A CHANGE of the input in work; where nobody wants the instrument, nothing. */
void ry_exec_depth_change(struct ry_exec_depth *depth, const struct ry_market *change);

/* The input in work is applied: the LEVELS of its CHANGEs, instruments by id, buys then sells, best
 * first. Returns the agents that one of them wakes. */
uint64_t ry_exec_depth_group(struct ry_exec_depth *depth, uint64_t group, int64_t time,
                             ry_exec_depth_emit emit, void *context);

/* A TOP may differ from what was told of it. */
static inline bool ry_exec_depth_open(const struct ry_exec_depth *depth)
{
    return depth->changed_count != 0;
}

/* T is closed: what changed of each TOP. Returns the agents that one of the records wakes. */
uint64_t ry_exec_depth_close(struct ry_exec_depth *depth, int64_t time, ry_exec_depth_emit emit,
                             void *context);

#endif
