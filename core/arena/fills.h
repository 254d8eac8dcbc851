/*
 * Fills of resting orders, whatever caused them.
 */
#ifndef RY_CORE_ARENA_FILLS_H
#define RY_CORE_ARENA_FILLS_H

#include "core/arena/ledger.h"
#include "core/arena/orders.h"
#include "core/arena/outputs.h"

/* `lots` of a resting order's open go to `taker` (an account): ledger, the maker's report, the
 * market's TRADE and CHANGE; an agent's order that is filled leaves. Returns the taker's fee. */
__int128 ry_arena_fill_maker(struct ry_arena *a, struct ry_arena_instrument *instrument,
                             uint32_t id, uint32_t lots, uint16_t taker, enum ry_cause cause);

/* Recorded flow takes up to `lots` of agents' orders of one side with keys up to `key`, in book
 * order. Returns how many. */
uint32_t ry_arena_take_agents(struct ry_arena *a, struct ry_arena_instrument *instrument,
                              struct ry_arena_book *book, int64_t key, uint32_t lots,
                              enum ry_cause cause);

#endif
