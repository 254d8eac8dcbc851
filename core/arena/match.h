/*
 * An agent's order takes what stands on the other side.
 */
#ifndef RY_CORE_ARENA_MATCH_H
#define RY_CORE_ARENA_MATCH_H

#include "core/arena/fills.h"

struct ry_arena_taker {
    uint64_t cl_ord_id;
    int64_t limit;
    uint64_t left;  /* lots; falls as it matches; of orders at most 32 bits */
    uint32_t order; /* its id where it stands in the book, else 0 */
    uint16_t agent;
    uint8_t side;
    bool met_own; /* the next in book order was its own agent's */
};

/* Where the other side reaches the taker's limit. */
void ry_arena_match_reached(struct ry_arena *a, struct ry_arena_instrument *instrument,
                            struct ry_arena_taker *taker);

static inline void ry_arena_match(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                  struct ry_arena_taker *taker)
{
    const enum ry_side other = ry_side_opposite((enum ry_side)taker->side);
    if (instrument->side[other - 1].best_key <= ry_arena_key(other, taker->limit))
        ry_arena_match_reached(a, instrument, taker);
}

#endif
