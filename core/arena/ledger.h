/*
 * The ledger: who paid what to whom. Cash and shares over agents, fees and the recorded account
 * always sum to what the agents brought.
 */
#ifndef RY_CORE_ARENA_LEDGER_H
#define RY_CORE_ARENA_LEDGER_H

#include "core/arena/machine.h"

/* One fill. Accounts are agents, or a->agents for the recorded account, which pays no fee. */
struct ry_fill {
    int64_t price;
    uint32_t qty;
    uint16_t maker, taker;
    uint8_t maker_side;
};

struct ry_fees {
    __int128 maker, taker;
};

/* ceil(|notional| x ppm / 1e6) */
__int128 ry_ledger_fee(__int128 notional, int32_t ppm);

struct ry_fees ry_ledger_post(struct ry_arena *a, struct ry_instrument *instrument,
                              const struct ry_fill *fill);

/* An agent's whole position in an instrument goes to the recorded account, for `money`. */
void ry_ledger_hand_over(struct ry_arena *a, struct ry_instrument *instrument, uint16_t agent,
                         __int128 money);

/* The first instrument from `from` on in which an agent has a position; the number of all if none.
 */
uint32_t ry_held_next(const struct ry_arena *a, uint16_t agent, uint32_t from);

/* Checks of conservation; abort by assert. Cash of all, shares of one instrument, shares of all. */
void ry_ledger_check_cash(const struct ry_arena *a);
void ry_ledger_check_shares(const struct ry_arena *a, const struct ry_instrument *instrument);
void ry_ledger_check_all(const struct ry_arena *a);

#endif
