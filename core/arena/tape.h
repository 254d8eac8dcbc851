/*
 * The recorded trades: the last one, volume and turnover of each instrument, and what a broken
 * trade takes back. No book is touched here.
 *
 * The machine remembers the last RY_TRADES_KEPT recorded trades, of all instruments together.
 */
#ifndef RY_CORE_ARENA_TAPE_H
#define RY_CORE_ARENA_TAPE_H

#include "core/arena/machine.h"

/* match: the venue's number of the trade, 0 if it has none. */
void ry_arena_tape_trade(struct ry_arena *a, struct ry_arena_instrument *instrument, int64_t price,
                         uint32_t qty, uint64_t match);

void ry_arena_tape_broken(struct ry_arena *a, struct ry_arena_instrument *instrument,
                          uint64_t match);

#endif
