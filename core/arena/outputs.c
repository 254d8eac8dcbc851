#include "core/arena/outputs.h"

void ry_arena_put_state(struct ry_arena *a, uint16_t instrument, bool trading)
{
    ry_arena_put_market(a, RY_MK_STATE, instrument, 0, 0, 0, 0, trading);
}

static void put_bare(struct ry_arena *a, enum ry_market_kind kind)
{
    ry_arena_put_market(a, (uint8_t)kind, 0, 0, 0, 0, 0, 0);
}

/* MARKET-8: START, STATE and END. */
void ry_arena_put_start(struct ry_arena *a)
{
    put_bare(a, RY_MK_START);
}

void ry_arena_put_end(struct ry_arena *a)
{
    put_bare(a, RY_MK_END);
}

/* MARKET-1 */
void ry_arena_group_deliver(struct ry_arena *a)
{
    size_t used = a->group_used;
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

void ry_arena_put_game(struct ry_arena *a)
{
    const struct ry_game *game = ry_arena_next_game(a);
    if (a->sink && a->sink->game)
        a->sink->game(a->sink->context, game);
    ry_arena_keep(a, RY_ARENA_STREAM_SAID, sizeof *game);
}
