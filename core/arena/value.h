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

/* How far a price may lie from `at`. */
int64_t ry_arena_value_band(const struct ry_arena_instrument *instrument,
                            struct ry_arena_collar collar, int64_t at);

/* The last recorded trade, else the recorded mid if the band around it holds both sides; false:
 * there is neither. */
bool ry_arena_value_reference(const struct ry_arena_instrument *instrument,
                              struct ry_arena_collar collar, int64_t *price);

/* ceil(|notional| x haircut_ppm / 1e6) */
__int128 ry_arena_value_haircut(__int128 notional, uint32_t ppm);

/* What a position counts that no book takes: at the reference price less the haircut. */
__int128 ry_arena_value_rest(const struct ry_arena *a, const struct ry_arena_instrument *instrument,
                             int64_t position);

__int128 ry_arena_value_equity(const struct ry_arena *a, uint16_t agent);
__int128 ry_arena_value_liquidation(const struct ry_arena *a, uint16_t agent);

#endif
