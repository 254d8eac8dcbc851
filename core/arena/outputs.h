/*
 * Outputs: reports and records of the game go out as they happen, market records wait in the
 * input's group.
 */
#ifndef RY_CORE_ARENA_OUTPUTS_H
#define RY_CORE_ARENA_OUTPUTS_H

#include "core/arena/machine.h"

/* Where the present input's group begins. */
static inline struct ry_market *ry_arena_group_at(const struct ry_arena *a)
{
    return (struct ry_market *)(void *)(ry_arena_block_at(a, RY_ARENA_STREAM_MARKET) +
                                        a->waiting[RY_ARENA_STREAM_MARKET]);
}

/* One record as seven words. Written word by word, since it is hashed right after: a narrow store
 * under a wide load would wait for the cache. */
static inline void ry_arena_put_market(struct ry_arena *a, unsigned kind, unsigned instrument,
                                       unsigned side, unsigned flags, int64_t price, uint32_t order,
                                       uint32_t qty)
{
    assert(a->group_used < a->at.group_max);
    struct ry_market *record = ry_arena_group_at(a) + a->group_used++;
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

/* Delivers the group of the present input, which must have records. */
void ry_arena_group_deliver(struct ry_arena *a);

/* What a report says besides what all of them do (REPORT-1). */
struct ry_arena_said {
    uint64_t cl_ord_id;
    int64_t price, fee;
    uint32_t qty, leaves, order;
    uint16_t instrument;
    uint8_t kind, side, flags, code, cause;
};

/* The same as words. */
struct ry_arena_said_words {
    uint64_t head, cl_ord_id, price, lots, order, fee;
};

/* Completes a report for an agent, and delivers it. */
void ry_arena_put_words(struct ry_arena *a, uint16_t agent, uint16_t instrument,
                        enum ry_report_kind kind, const struct ry_arena_said_words *said);

/* Put together from words, as ry_arena_put_market does it. */
static inline void ry_arena_put_report(struct ry_arena *a, uint16_t agent,
                                       const struct ry_arena_said *said)
{
    const struct ry_arena_said_words words = {
        .head = (uint64_t)said->kind | UINT64_C(2) << 8 | (uint64_t)said->instrument << 16 |
                (uint64_t)said->side << 32 | (uint64_t)said->flags << 40 |
                (uint64_t)said->code << 48 | (uint64_t)said->cause << 56,
        .cl_ord_id = said->cl_ord_id,
        .price = (uint64_t)said->price,
        .lots = (uint64_t)said->qty | (uint64_t)said->leaves << 32,
        .order = (uint64_t)said->order | (uint64_t)agent << 32,
        .fee = (uint64_t)said->fee,
    };
    ry_arena_put_words(a, agent, said->instrument, (enum ry_report_kind)said->kind, &words);
}

/* Where the next record of the game is written, all of it, before it is put. */
static inline struct ry_game *ry_arena_next_game(const struct ry_arena *a)
{
    return (struct ry_game *)(void *)(ry_arena_block_at(a, RY_ARENA_STREAM_SAID) +
                                      a->waiting[RY_ARENA_STREAM_SAID]);
}

/* Delivers the next record of the game. */
void ry_arena_put_game(struct ry_arena *a);

static inline int64_t ry_arena_clamp_i64(__int128 x)
{
    return x > INT64_MAX ? INT64_MAX : x < INT64_MIN ? INT64_MIN : (int64_t)x;
}

#endif
