/*
 * The ledger: who paid what to whom. Cash and shares over agents, fees and the recorded account
 * always sum to what the agents brought.
 */
#ifndef RY_CORE_ARENA_LEDGER_H
#define RY_CORE_ARENA_LEDGER_H

#include "core/arena/machine.h"

/* One fill. Accounts are agents, or a->agents for the recorded account, which pays no fee. */
struct ry_arena_fill {
    int64_t price;
    uint32_t qty;
    uint16_t maker, taker;
    uint8_t maker_side;
};

struct ry_arena_fees {
    __int128 maker, taker;
};

/* ceil(|notional| x ppm / 1e6) */
__int128 ry_arena_ledger_fee(__int128 notional, int32_t ppm);

struct ry_arena_fees ry_arena_ledger_post(struct ry_arena *a,
                                          struct ry_arena_instrument *instrument,
                                          const struct ry_arena_fill *fill);

/* An agent's whole position in an instrument goes to the recorded account, for `money`. */
void ry_arena_ledger_hand_over(struct ry_arena *a, struct ry_arena_instrument *instrument,
                               uint16_t agent, __int128 money);

/* The first instrument from `from` on in which an agent has a position; the number of all if none.
 */
uint32_t ry_arena_held_next(const struct ry_arena *a, uint16_t agent, uint32_t from);

/* Checks of conservation; abort by assert. Cash of all, shares of one instrument, shares of all. */
void ry_arena_ledger_check_cash(const struct ry_arena *a);
void ry_arena_ledger_check_shares(const struct ry_arena *a,
                                  const struct ry_arena_instrument *instrument);
void ry_arena_ledger_check_all(const struct ry_arena *a);

#endif
