/*
 * Outputs: reports and records of the game go out as they happen, market records wait in the
 * input's group.
 */
#ifndef RY_CORE_ARENA_OUTPUTS_H
#define RY_CORE_ARENA_OUTPUTS_H

#include "core/arena/machine.h"

/* One record as seven words. Written word by word, since it is hashed right after: a narrow store
 * under a wide load would wait for the cache. */
static inline void ry_arena_put_market(struct ry_arena *a, unsigned kind, unsigned instrument,
                                       unsigned side, unsigned flags, int64_t price, uint32_t order,
                                       uint32_t qty)
{
    assert(a->group_used < a->at.group_max);
    struct ry_market *record = (struct ry_market *)ry_arena_at(a, a->at.group) + a->group_used++;
    uint64_t *word = (uint64_t *)record;
    word[0] = (uint64_t)kind | UINT64_C(1) << 8 | (uint64_t)instrument << 16 |
              (uint64_t)side << 32 | (uint64_t)flags << 40;
    word[1] = a->group + 1;
    word[2] = (uint64_t)a->time;
    word[3] = (uint64_t)price;
    word[4] = (uint64_t)order | (uint64_t)qty << 32;
    word[5] = 0;
    word[6] = 0;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "records are put together from words");
_Static_assert(offsetof(struct ry_market, kind) == 0 && offsetof(struct ry_market, slots) == 1,
               "the first word of a record");

/* An order now shows qty. */
static inline void ry_arena_put_change(struct ry_arena *a, const struct ry_arena_order *order,
                                       uint32_t id, int64_t price, uint32_t qty, unsigned flags)
{
    ry_arena_put_market(a, RY_MK_CHANGE, order->instrument, order->side, flags, price, id, qty);
}

static inline void ry_arena_put_trade(struct ry_arena *a, uint16_t instrument, unsigned aggressor,
                                      int64_t price, uint32_t qty)
{
    ry_arena_put_market(a, RY_MK_TRADE, instrument, aggressor, 0, price, 0, qty);
}

void ry_arena_put_state(struct ry_arena *a, uint16_t instrument, bool trading);
void ry_arena_put_start(struct ry_arena *a);
void ry_arena_put_end(struct ry_arena *a);

/* Hashes and delivers the group of the present input, which must have records. */
void ry_arena_group_deliver(struct ry_arena *a);

/* Completes a report (kind, instrument, side, ... are set) for an agent, hashes and delivers it. */
void ry_arena_put_report(struct ry_arena *a, uint16_t agent, struct ry_report *report);

/* Hashes and delivers a record of the game. */
void ry_arena_put_game(struct ry_arena *a, const struct ry_game *game);

int64_t ry_arena_clamp_i64(__int128 x);

#endif
