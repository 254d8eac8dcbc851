/*
 * Outputs: reports and records of the game go out as they happen, market records wait in the input's group.
 */
#ifndef RY_CORE_ARENA_OUTPUTS_H
#define RY_CORE_ARENA_OUTPUTS_H

#include "core/arena/machine.h"

static inline void ry_put_market(struct ry_arena *a, const struct ry_market *record)
{
    struct ry_market *group = (struct ry_market *)ry_at(a, a->at.group);
    assert(a->group_used < a->at.group_max);
    group[a->group_used++] = *record;
}

/* An order now shows qty. */
static inline void ry_put_change(struct ry_arena *a, const struct ry_order *order, uint32_t id,
                                 int64_t price, uint32_t qty, unsigned flags)
{
    ry_put_market(a, &(struct ry_market){
                         .kind = RY_MK_CHANGE,
                         .slots = 1,
                         .instrument = order->instrument,
                         .side = order->side,
                         .flags = (uint8_t)flags,
                         .group = a->group + 1,
                         .time = a->time,
                         .price = price,
                         .order = id,
                         .qty = qty,
                     });
}

static inline void ry_put_trade(struct ry_arena *a, uint16_t instrument, unsigned aggressor, int64_t price,
                                uint32_t qty)
{
    ry_put_market(a, &(struct ry_market){
                         .kind = RY_MK_TRADE,
                         .slots = 1,
                         .instrument = instrument,
                         .side = (uint8_t)aggressor,
                         .group = a->group + 1,
                         .time = a->time,
                         .price = price,
                         .qty = qty,
                     });
}

void ry_put_state(struct ry_arena *a, uint16_t instrument, bool trading);
void ry_put_start(struct ry_arena *a);
void ry_put_end(struct ry_arena *a);

/* Hashes and delivers the group of the present input. */
void ry_group_deliver(struct ry_arena *a);

/* Completes a report (kind, instrument, side, ... are set) for an agent, hashes and delivers it. */
void ry_put_report(struct ry_arena *a, uint16_t agent, struct ry_report *report);

/* Hashes and delivers a record of the game. */
void ry_put_game(struct ry_arena *a, const struct ry_game *game);

int64_t ry_clamp_i64(__int128 x);

#endif
