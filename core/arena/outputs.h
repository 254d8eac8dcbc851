/*
 * Outputs: reports and records of the game go out as they happen, market records wait in the
 * input's group.
 */
#ifndef RY_CORE_ARENA_OUTPUTS_H
#define RY_CORE_ARENA_OUTPUTS_H

#include "core/arena/hashes.h"
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

static inline int64_t ry_arena_clamp_i64(__int128 x)
{
    if (__builtin_expect(x == (int64_t)x, 1))
        return (int64_t)x;
    return x < 0 ? INT64_MIN : INT64_MAX;
}

/* What a report says besides what all of them do (REPORT-1). */
struct ry_arena_said {
    uint64_t cl_ord_id;
    int64_t price, fee;
    uint32_t qty, leaves, order;
    uint16_t instrument;
    uint8_t kind, side, flags, code, cause;
};

/* Where the next report or record of the game is written, all of it, before it is put. */
static inline void *ry_arena_next_said(const struct ry_arena *a)
{
    return ry_arena_block_at(a, RY_ARENA_STREAM_SAID) + a->waiting[RY_ARENA_STREAM_SAID];
}

/* Keeps what was written last for its stream's hash: folds the block if it is full with it. */
static inline void ry_arena_keep(struct ry_arena *a, enum ry_arena_stream stream, size_t bytes)
{
    a->waiting[stream] += bytes;
    if (a->waiting[stream] >= RY_ARENA_BLOCK_BYTES)
        ry_arena_hashes_fold(a, stream);
}

/* MARKET-1: delivers the group of the present input, which must have records. */
static inline void ry_arena_group_deliver(struct ry_arena *a)
{
    const size_t used = a->group_used;
    const struct ry_market *record = ry_arena_group_at(a);
    const struct ry_market *last = record + used - 1;
    *(uint64_t *)(uintptr_t)last |= (uint64_t)RY_MKF_LAST
                                    << 40; /* whole, see ry_arena_put_market */
    const struct ry_arena_sink *sink = a->sink;
    if (sink && sink->market)
        for (; record <= last; record++)
            sink->market(sink->context, record);
    a->group++;
    a->counters.groups++;
    a->counters.market_records += used;
    a->group_used = 0;
    ry_arena_keep(a, RY_ARENA_STREAM_MARKET, used * sizeof *record);
}

/* A whole report, where it will lie; REPORT-1: what every report says. Put together from words, as
 * ry_arena_put_market does it. OUT-6: it counts, in or out. */
static inline __attribute__((always_inline)) void
ry_arena_put_report(struct ry_arena *a, uint16_t agent, const struct ry_arena_said *said)
{
    struct ry_arena_agent *account = &a->agent[agent];
    uint64_t *word = ry_arena_next_said(a);
    word[0] = (uint64_t)said->kind | UINT64_C(2) << 8 | (uint64_t)said->instrument << 16 |
              (uint64_t)said->side << 32 | (uint64_t)said->flags << 40 |
              (uint64_t)said->code << 48 | (uint64_t)said->cause << 56;
    word[1] = ++account->reports;
    word[2] = a->group;
    word[3] = (uint64_t)a->time;
    word[4] = said->cl_ord_id;
    word[5] = (uint64_t)said->price;
    word[6] = (uint64_t)said->qty | (uint64_t)said->leaves << 32;
    word[7] = (uint64_t)said->order | (uint64_t)agent << 32;
    word[8] = (uint64_t)said->fee;
    word[9] = (uint64_t)ry_arena_clamp_i64(account->cash);
    word[10] = said->instrument < a->instruments
                   ? (uint64_t)ry_arena_holding_at(a, said->instrument, agent)->position
                   : 0;
    word[11] = 0;
    word[12] = 0;
    word[13] = 0;
    if (said->kind == RY_RP_FILL) {
        account->fills++;
        a->filled |= UINT64_C(1) << agent;
    } else if (said->kind == RY_RP_REJECTED) {
        account->rejects++;
    }
    a->counters.reports++;
    if (a->sink && a->sink->report)
        a->sink->report(a->sink->context, (const struct ry_report *)(const void *)word);
    ry_arena_keep(a, RY_ARENA_STREAM_SAID, sizeof(struct ry_report));
}

_Static_assert(offsetof(struct ry_report, cause) == 7 && offsetof(struct ry_report, leaves) == 52 &&
                   offsetof(struct ry_report, agent) == 60 &&
                   offsetof(struct ry_report, position) == 80,
               "the words of a report");

static inline struct ry_game *ry_arena_next_game(const struct ry_arena *a)
{
    return ry_arena_next_said(a);
}

/* Delivers the next record of the game. */
void ry_arena_put_game(struct ry_arena *a);

#endif
