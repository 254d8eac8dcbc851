#include "tools/picture/internal.h"

/* What is compared: agents' lots first. */
struct weight {
    uint64_t agents, volume;
    uint16_t instrument;
};

static bool heavier(const struct weight *x, const struct weight *y)
{
    return x->agents != y->agents ? x->agents > y->agents : x->volume > y->volume;
}

static unsigned choose(const struct ry_picture_of *of,
                       struct weight chosen[RY_PICTURE_INSTRUMENTS_MAX])
{
    unsigned count = 0;
    for (uint16_t i = 0; i < of->results->instruments; i++) {
        struct ry_arena_market market;
        ry_arena_instrument(of->arena, i, &market);
        const struct weight own = {.agents = of->results->instrument[i].agent_lots,
                                   .volume = market.recorded_volume,
                                   .instrument = i};
        unsigned at = count < RY_PICTURE_INSTRUMENTS_MAX ? count++ : count;
        if (at == RY_PICTURE_INSTRUMENTS_MAX && !heavier(&own, &chosen[--at]))
            continue;
        for (; at > 0 && heavier(&own, &chosen[at - 1]); at--)
            chosen[at] = chosen[at - 1];
        chosen[at] = own;
    }
    return count;
}

static void set_side(json_t *object, const struct ry_picture_of *of, uint16_t id, enum ry_side side)
{
    static const char *const names[][3] = {
        [RY_BUY] = {"bid", "bid_qty", "bids"}, [RY_SELL] = {"ask", "ask_qty", "asks"}};
    const unsigned scale = of->results->instrument[id].price_scale;
    struct ry_arena_depth level[RY_PICTURE_LEVELS];
    const unsigned count = ry_arena_top(of->arena, id, side, level, RY_PICTURE_LEVELS);
    json_t *levels = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < count; i++) {
        json_t *pair = ry_text_json_whole(json_array());
        ry_text_json_add(pair, ry_text_json_decimal(level[i].price, scale));
        ry_text_json_add(pair, ry_text_json_count(level[i].open));
        ry_text_json_add(levels, pair);
    }
    ry_text_json_set(object, names[side][0],
                     count > 0 ? ry_text_json_decimal(level[0].price, scale) : json_null());
    ry_text_json_set(object, names[side][1],
                     count > 0 ? ry_text_json_count(level[0].open) : json_null());
    ry_text_json_set(object, names[side][2], levels);
}

static json_t *instrument_of(const struct ry_picture_of *of, uint16_t id)
{
    const struct ry_results_instrument *instrument = &of->results->instrument[id];
    struct ry_arena_market market;
    json_t *object = ry_text_json_whole(json_object());
    ry_arena_instrument(of->arena, id, &market);
    ry_text_json_set(object, "id", ry_text_json_count(id));
    ry_text_json_set(object, "currency",
                     ry_text_json_string(instrument->currency, sizeof instrument->currency));
    ry_text_json_set(object, "price_scale", ry_text_json_count(instrument->price_scale));
    ry_text_json_set(object, "tick",
                     ry_text_json_decimal(instrument->tick_size, instrument->price_scale));
    ry_text_json_set(object, "trading", json_boolean(market.trading));
    ry_text_json_set(object, "last",
                     market.has_last
                         ? ry_text_json_decimal(market.last_price, instrument->price_scale)
                         : json_null());
    ry_text_json_set(object, "volume", ry_text_json_count(market.recorded_volume));
    ry_text_json_set(object, "agent_volume", ry_text_json_count(instrument->agent_lots));
    set_side(object, of, id, RY_BUY);
    set_side(object, of, id, RY_SELL);
    return object;
}

json_t *ry_picture_instruments(const struct ry_picture_of *of, unsigned *more)
{
    struct weight chosen[RY_PICTURE_INSTRUMENTS_MAX];
    const unsigned count = choose(of, chosen);
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < count; i++) {
        const uint16_t id = chosen[i].instrument;
        ry_picture_set_named(object, of->results->instrument[id].symbol, RY_SYMBOL_BYTES,
                             instrument_of(of, id));
    }
    *more = of->results->instruments - count;
    return object;
}
