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

void ry_arena_put_game(struct ry_arena *a)
{
    const struct ry_game *game = ry_arena_next_game(a);
    if (a->sink && a->sink->game)
        a->sink->game(a->sink->context, game);
    ry_arena_keep(a, RY_ARENA_STREAM_SAID, sizeof *game);
}
