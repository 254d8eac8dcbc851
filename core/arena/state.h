/*
 * When instruments trade.
 */
#ifndef RY_CORE_ARENA_STATE_H
#define RY_CORE_ARENA_STATE_H

#include "core/arena/agents.h"

void ry_state_set(struct ry_arena *a, struct ry_instrument *instrument, uint8_t state);
void ry_state_session(struct ry_arena *a, uint16_t source, uint8_t session);
/* The clock: trade_from may have come. */
void ry_state_time(struct ry_arena *a);

#endif
