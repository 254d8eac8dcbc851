#include <string.h>

#include "tools/film/internal.h"

/* The largest stay, of equals the earlier ones. */
static void keep_bubble(struct ry_film_cell *cell, const struct ry_film_bubble *bubble)
{
    unsigned least = 0;
    if (cell->bubbles < RY_FILM_BUBBLES_MAX) {
        cell->bubble[cell->bubbles++] = *bubble;
        return;
    }
    for (unsigned i = 1; i < RY_FILM_BUBBLES_MAX; i++)
        if (cell->bubble[i].qty <= cell->bubble[least].qty)
            least = i;
    if (bubble->qty <= cell->bubble[least].qty)
        return;
    memmove(&cell->bubble[least], &cell->bubble[least + 1],
            (RY_FILM_BUBBLES_MAX - 1 - least) * sizeof cell->bubble[0]);
    cell->bubble[RY_FILM_BUBBLES_MAX - 1] = *bubble;
}

void ry_film_cell_trade(struct ry_film_cell *cell, const struct ry_film_bubble *trade)
{
    if (cell->trades++ == 0)
        cell->open = cell->high = cell->low = trade->price;
    if (trade->price > cell->high)
        cell->high = trade->price;
    if (trade->price < cell->low)
        cell->low = trade->price;
    cell->close = trade->price;
    cell->volume += trade->qty;
    keep_bubble(cell, trade);
}

static void merge_candle(struct ry_film_cell *cell, const struct ry_film_cell *behind)
{
    if (behind->trades == 0)
        return;
    if (cell->trades == 0) {
        cell->open = behind->open;
        cell->high = behind->high;
        cell->low = behind->low;
    }
    cell->high = behind->high > cell->high ? behind->high : cell->high;
    cell->low = behind->low < cell->low ? behind->low : cell->low;
    cell->close = behind->close;
    cell->trades += behind->trades;
    cell->volume += behind->volume;
}

void ry_film_cell_merge(struct ry_film_cell *cell, const struct ry_film_cell *behind)
{
    merge_candle(cell, behind);
    for (unsigned i = 0; i < behind->bubbles; i++)
        keep_bubble(cell, &behind->bubble[i]);
    cell->filmed |= behind->filmed;
    cell->bid = behind->bid;
    cell->ask = behind->ask;
    cell->last = behind->last;
    memcpy(cell->bid_qty, behind->bid_qty, sizeof cell->bid_qty);
    memcpy(cell->ask_qty, behind->ask_qty, sizeof cell->ask_qty);
}

/* One side from its best price away from it; returns that. */
static int64_t stand_side(uint32_t qty[RY_FILM_LEVELS], const struct ry_arena *arena,
                          uint16_t instrument, enum ry_side side, int64_t tick)
{
    struct ry_arena_depth best, level;
    memset(qty, 0, RY_FILM_LEVELS * sizeof qty[0]);
    if (ry_arena_top(arena, instrument, side, &best, 1) == 0)
        return RY_FILM_NONE;
    for (unsigned i = 0; i < RY_FILM_LEVELS; i++) {
        const int64_t away = (int64_t)i * tick;
        const int64_t price = side == RY_BUY ? best.price - away : best.price + away;
        if (ry_arena_level(arena, instrument, side, price, &level))
            qty[i] = level.open < UINT32_MAX ? (uint32_t)level.open : UINT32_MAX;
    }
    return best.price;
}

void ry_film_cell_stand(struct ry_film_cell *cell, const struct ry_arena *arena,
                        uint16_t instrument, int64_t tick)
{
    struct ry_arena_market market;
    ry_arena_instrument(arena, instrument, &market);
    cell->filmed = true;
    cell->last = market.has_last ? market.last_price : RY_FILM_NONE;
    cell->bid = stand_side(cell->bid_qty, arena, instrument, RY_BUY, tick);
    cell->ask = stand_side(cell->ask_qty, arena, instrument, RY_SELL, tick);
}
