/*
 * The queue in front of an order that stands in the book: what has to go before it is filled.
 *
 * Counted of each order ahead: its open lots, and its surplus (what an agent in front took of its
 * fills and demand still goes to first; docs/MATCHING.md). Example: behind 20 lots of one order and
 * 17 of another at its price, with 5 lots at a better price: lots 37, orders 2, better 5,
 * better_orders 1.
 */
#ifndef RY_TOOLS_WHY_QUEUE_H
#define RY_TOOLS_WHY_QUEUE_H

#include "core/arena/arena.h"

struct ry_why_ahead {
    uint64_t lots, orders; /* at its price */
    uint64_t better, better_orders;
};

/* Where an order stands. */
struct ry_why_place {
    uint16_t instrument;
    uint8_t side;
    int64_t price;
    uint32_t order; /* the machine's id */
};

/* What is ahead of it now; false: no such order stands there. */
bool ry_why_ahead(const struct ry_arena *arena, const struct ry_why_place *place,
                  struct ry_why_ahead *ahead);

enum ry_why_change {
    RY_WHY_TRADED,   /* lots ahead were traded */
    RY_WHY_ABSORBED, /* surplus ahead took demand: as a trade, without one in the market */
    RY_WHY_LEFT,     /* lots ahead were cancelled, replaced, withdrawn */
    RY_WHY_CAME,     /* lots came in at a better price */
    RY_WHY_CHANGES,
};

struct ry_why_changed {
    uint64_t lots, orders;
};

/* What one input did to the queue: [better price][enum ry_why_change]. */
struct ry_why_step {
    struct ry_why_changed change[2][RY_WHY_CHANGES];
};

struct ry_why_one {
    uint64_t ref;
    int64_t price;
    uint32_t order;
    uint32_t lots;   /* open and surplus */
    uint32_t traded; /* of them, in the input that comes next */
};

struct ry_why_line {
    struct ry_why_one *one;
    unsigned count, room;
};

/* The queue of one order, followed from input to input. Zero: none yet. */
struct ry_why_queue {
    struct ry_why_place place;
    struct ry_why_line line, next; /* in book order; `next` is room for the one after */
    struct ry_why_ahead ahead;
};

/* The order stands at `place` from now on. */
void ry_why_queue_begin(struct ry_why_queue *queue, const struct ry_arena *arena,
                        const struct ry_why_place *place);

/* Within an input, before ry_why_queue_step: so many lots of an order were traded. */
void ry_why_queue_traded(struct ry_why_queue *queue, uint32_t order, uint32_t lots);

/* The input was applied, `demand`: it was an execution of a recorded order. What became of the
 * queue; false: nothing. Of an order that left in it only what was traded is known; then nothing is
 * ahead of it. */
bool ry_why_queue_step(struct ry_why_queue *queue, const struct ry_arena *arena, bool demand,
                       struct ry_why_step *step);

void ry_why_queue_end(struct ry_why_queue *queue);

#endif
