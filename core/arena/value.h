/*
 * What positions are worth: reference prices, equity, liquidation values. Nothing here changes
 * anything.
 *
 * Money is summed in 128 bits. A position reaches 2^56 lots, from where the dearest instrument's
 * product would not fit, only by 2^24 fills of the largest quantity there is.
 */
#ifndef RY_CORE_ARENA_VALUE_H
#define RY_CORE_ARENA_VALUE_H

#include "core/arena/machine.h"

/* RISK-15: how far a price may lie from `at`. */
static inline int64_t ry_arena_value_band(const struct ry_arena_instrument *instrument,
                                          struct ry_arena_collar collar, int64_t at)
{
    /* A price has 31 bits, ppm 32. */
    int64_t part = (int64_t)((uint64_t)(at < 0 ? -at : at) * collar.ppm / RY_PPM);
    int64_t ticks = instrument->tick_size * collar.ticks;
    return part > ticks ? part : ticks;
}

/* RISK-17: the last recorded trade, else the recorded mid if the band around it holds both sides;
 * false: there is neither. */
static inline bool ry_arena_value_reference(const struct ry_arena_instrument *instrument,
                                            struct ry_arena_collar collar, int64_t *price)
{
    if (instrument->has_last) {
        *price = instrument->last_price;
        return true;
    }
    const struct ry_arena_book *buys = &instrument->side[RY_BUY - 1];
    const struct ry_arena_book *sells = &instrument->side[RY_SELL - 1];
    if (!buys->rec_best || !sells->rec_best)
        return false;
    int64_t buy = ry_arena_price(RY_BUY, buys->rec_best_key);
    int64_t sell = ry_arena_price(RY_SELL, sells->rec_best_key);
    *price = ry_arena_floor_div(buy + sell, 2);
    return sell - buy <= 2 * ry_arena_value_band(instrument, collar, *price);
}

/* ceil(|notional| x haircut_ppm / 1e6) */
__int128 ry_arena_value_haircut(__int128 notional, uint32_t ppm);

/* What a position counts that no book takes: at the reference price less the haircut. */
__int128 ry_arena_value_rest(const struct ry_arena *a, const struct ry_arena_instrument *instrument,
                             int64_t position);

__int128 ry_arena_value_equity(const struct ry_arena *a, uint16_t agent);
__int128 ry_arena_value_liquidation(const struct ry_arena *a, uint16_t agent);

#endif
