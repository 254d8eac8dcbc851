/*
 * When instruments trade.
 */
#ifndef RY_CORE_ARENA_TRADING_H
#define RY_CORE_ARENA_TRADING_H

#include "core/arena/commands.h"

void ry_arena_trading_set(struct ry_arena *a, struct ry_arena_instrument *instrument,
                          uint8_t state);
void ry_arena_trading_session(struct ry_arena *a, uint16_t source, uint8_t session);
/* The clock: trade_from may have come. */
void ry_arena_trading_time(struct ry_arena *a);

#endif
