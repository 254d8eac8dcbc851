#include "tools/text/books.h"

#include <assert.h>
#include <inttypes.h>

#include "shm/printable.h"
#include "tools/text/json.h"
#include "tools/text/price.h"

#define VWAP_DIGITS 2 /* more than a price has */

/* Turnover by volume, rounded to the nearest, with VWAP_DIGITS more digits than a price. */
static __int128 vwap_of(const struct ry_arena_market *instrument)
{
    const __int128 more = 100;
    __int128 volume = (__int128)instrument->recorded_volume,
             doubled = instrument->recorded_turnover * more * 2;
    return (doubled + (doubled < 0 ? -volume : volume)) / (volume * 2);
}

static uint16_t instruments_of(const struct ry_arena *arena)
{
    const struct ry_input_battle *battle = ry_arena_battle(arena);
    return battle == NULL ? 0 : battle->instruments;
}

/* ---- for people ------------------------------------------------------------------------------ */

static void print_levels(FILE *out, const struct ry_arena *arena, uint16_t id, unsigned scale,
                         unsigned levels)
{
    static struct ry_arena_depth bid[RY_TEXT_LEVELS_MAX], ask[RY_TEXT_LEVELS_MAX];
    unsigned bids = ry_arena_levels(arena, id, RY_BUY, bid, levels);
    unsigned asks = ry_arena_levels(arena, id, RY_SELL, ask, levels);
    char text[RY_TEXT_PRICE_BYTES];
    for (unsigned i = 0; i < bids || i < asks; i++) {
        if (i < bids)
            fprintf(out, "  %7" PRIu32 " %10" PRIu64 " %14s", bid[i].orders, bid[i].open,
                    ry_text_price(text, bid[i].price, scale));
        else
            fprintf(out, "  %7s %10s %14s", "", "", "");
        if (i < asks)
            fprintf(out, "  %-14s %-10" PRIu64 " %" PRIu32,
                    ry_text_price(text, ask[i].price, scale), ask[i].open, ask[i].orders);
        fputc('\n', out);
    }
}

static void print_instrument(FILE *out, const struct ry_arena *arena, uint16_t id, unsigned scale,
                             unsigned levels)
{
    struct ry_arena_market instrument;
    char symbol[RY_SYMBOL_BYTES], text[RY_TEXT_PRICE_BYTES];
    ry_arena_instrument(arena, id, &instrument);
    fprintf(out, "%s: last %s", ry_printable(symbol, instrument.symbol, sizeof symbol),
            instrument.has_last ? ry_text_price(text, instrument.last_price, scale) : "-");
    fprintf(out, ", volume %" PRIu64, instrument.recorded_volume);
    fprintf(out, ", VWAP %s",
            instrument.recorded_volume > 0
                ? ry_text_price(text, vwap_of(&instrument), scale + VWAP_DIGITS)
                : "-");
    fprintf(out, ", live orders %" PRIu32, instrument.live_orders);
    if (instrument.agent_orders > 0)
        fprintf(out, " and %" PRIu32 " of agents", instrument.agent_orders);
    fprintf(out, ", levels %" PRIu32 " and %" PRIu32 "%s\n", instrument.levels[RY_BUY],
            instrument.levels[RY_SELL], instrument.trading ? "" : ", not trading");
    if (levels > 0)
        print_levels(out, arena, id, scale, levels);
}

void ry_text_books(FILE *out, const struct ry_arena *arena, const uint8_t *price_scale,
                   unsigned levels)
{
    assert(levels <= RY_TEXT_LEVELS_MAX);
    if (levels > 0)
        fprintf(out, "  %7s %10s %14s  %-14s %-10s %s\n", "orders", "lots", "bid", "ask", "lots",
                "orders");
    for (uint16_t id = 0; id < instruments_of(arena); id++)
        print_instrument(out, arena, id, price_scale[id], levels);
}

/* ---- for programs ---------------------------------------------------------------------------- */

static json_t *levels_of(const struct ry_arena *arena, uint16_t id, enum ry_side side,
                         unsigned scale, unsigned levels)
{
    static struct ry_arena_depth level[RY_TEXT_LEVELS_MAX];
    json_t *array = ry_text_json_whole(json_array());
    unsigned n = ry_arena_levels(arena, id, side, level, levels);
    for (unsigned i = 0; i < n; i++) {
        json_t *object = ry_text_json_whole(json_object());
        ry_text_json_set(object, "price", ry_text_json_decimal(level[i].price, scale));
        ry_text_json_set(object, "open", ry_text_json_count(level[i].open));
        ry_text_json_set(object, "recorded", ry_text_json_count(level[i].rec));
        ry_text_json_set(object, "orders", ry_text_json_count(level[i].orders));
        ry_text_json_add(array, object);
    }
    return array;
}

static json_t *instrument_of(const struct ry_arena *arena, uint16_t id, unsigned scale,
                             unsigned levels)
{
    struct ry_arena_market instrument;
    json_t *object = ry_text_json_whole(json_object());
    ry_arena_instrument(arena, id, &instrument);
    ry_text_json_set(object, "id", ry_text_json_count(id));
    ry_text_json_set(object, "symbol",
                     ry_text_json_string(instrument.symbol, sizeof instrument.symbol));
    ry_text_json_set(object, "price_scale", ry_text_json_count(scale));
    ry_text_json_set(object, "trading", json_boolean(instrument.trading));
    ry_text_json_set(object, "last",
                     instrument.has_last ? ry_text_json_decimal(instrument.last_price, scale)
                                         : json_null());
    ry_text_json_set(object, "volume", ry_text_json_count(instrument.recorded_volume));
    ry_text_json_set(object, "vwap",
                     instrument.recorded_volume > 0
                         ? ry_text_json_decimal(vwap_of(&instrument), scale + VWAP_DIGITS)
                         : json_null());
    ry_text_json_set(object, "live_orders", ry_text_json_count(instrument.live_orders));
    ry_text_json_set(object, "agent_orders", ry_text_json_count(instrument.agent_orders));
    ry_text_json_set(object, "bids", levels_of(arena, id, RY_BUY, scale, levels));
    ry_text_json_set(object, "asks", levels_of(arena, id, RY_SELL, scale, levels));
    return object;
}

json_t *ry_text_books_json(const struct ry_arena *arena, const uint8_t *price_scale,
                           unsigned levels)
{
    json_t *array = ry_text_json_whole(json_array());
    assert(levels <= RY_TEXT_LEVELS_MAX);
    for (uint16_t id = 0; id < instruments_of(arena); id++)
        ry_text_json_add(array, instrument_of(arena, id, price_scale[id], levels));
    return array;
}
