#include "core/arena/value.h"

#include "core/arena/ledger.h"
#include "core/arena/levels.h"

/* In two parts: the whole product may be larger than 128 bits. */
__int128 ry_arena_value_haircut(__int128 notional, uint32_t ppm)
{
    __int128 size = notional < 0 ? -notional : notional;
    __int128 part = size % RY_PPM * ppm;
    return size / RY_PPM * ppm + part / RY_PPM + (part % RY_PPM > 0);
}

/* VALUE-4 */
__int128 ry_arena_value_rest(const struct ry_arena *a, const struct ry_arena_instrument *instrument,
                             int64_t position)
{
    int64_t reference;
    if (!ry_arena_value_reference(instrument, a->widest, &reference)) /* VALUE-1 */
        return 0;
    __int128 worth = (__int128)position * reference * instrument->money_per_unit;
    __int128 part = ry_arena_value_haircut(worth, a->battle.haircut_ppm);
    int64_t lot = instrument->tick_size * a->battle.haircut_ticks;
    lot = lot < RY_PRICE_ABS_MAX ? lot : RY_PRICE_ABS_MAX; /* else the product needs 129 bits */
    __int128 size = position < 0 ? -(__int128)position : position;
    __int128 ticks = lot * size * instrument->money_per_unit;
    return worth - (part > ticks ? part : ticks);
}

/* VALUE-2 */
__int128 ry_arena_value_equity(const struct ry_arena *a, uint16_t agent)
{
    __int128 equity = a->agent[agent].cash;
    for (uint32_t i = ry_arena_held_next(a, agent, 0); i < a->instruments;
         i = ry_arena_held_next(a, agent, i + 1)) {
        const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, i);
        int64_t reference;
        if (ry_arena_value_reference(instrument, a->widest, &reference)) /* VALUE-1 */
            equity += (__int128)ry_arena_holding_at(a, i, agent)->position * reference *
                      instrument->money_per_unit;
    }
    return equity;
}

/* What a level shows to an agent: all but its own. */
static uint64_t level_open(const struct ry_arena *a, const struct ry_arena_level *level,
                           uint16_t agent)
{
    uint64_t open = level->open;
    for (uint32_t id = level->agents ? level->head : 0; id; id = ry_arena_order_at(a, id)->next)
        if (ry_arena_order_at(a, id)->owner == agent)
            open -= ry_arena_order_at(a, id)->open;
    return open;
}

/* One position through the book, the rest at the reference. */
static __int128 position_value(const struct ry_arena *a,
                               const struct ry_arena_instrument *instrument, uint16_t agent)
{
    int64_t position = ry_arena_holding_at(a, instrument->id, agent)->position;
    bool held = position > 0;
    const struct ry_arena_book *book = &instrument->side[(held ? RY_BUY : RY_SELL) - 1];
    uint64_t left = held ? (uint64_t)position : -(uint64_t)position;
    __int128 sum = 0;
    for (uint32_t at = book->best; at && left;
         at = ry_arena_level_after(a, book, ry_arena_level_at(a, at)->key)) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        uint64_t open = level_open(a, level, agent);
        uint64_t lots = open < left ? open : left;
        sum += (__int128)ry_arena_price(book->side, level->key) * lots;
        left -= lots;
    }
    sum *= instrument->money_per_unit;
    return (held ? sum : -sum) +
           ry_arena_value_rest(a, instrument, held ? (int64_t)left : -(int64_t)left);
}

/* VALUE-3 */
__int128 ry_arena_value_liquidation(const struct ry_arena *a, uint16_t agent)
{
    __int128 value = a->agent[agent].cash;
    for (uint32_t i = ry_arena_held_next(a, agent, 0); i < a->instruments;
         i = ry_arena_held_next(a, agent, i + 1))
        value += position_value(a, ry_arena_instrument_at(a, i), agent);
    return value;
}
