#include "tools/text/report.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tools/text/counters.h"

#define VWAP_DIGITS 2 /* more than a price has */

/* ---- numbers --------------------------------------------------------------------------------- */

const char *ry_text_price(char text[RY_TEXT_PRICE_BYTES], __int128 price, unsigned scale)
{
    bool negative = price < 0;
    unsigned __int128 left = negative ? -(unsigned __int128)price : (unsigned __int128)price;
    char *at = text + RY_TEXT_PRICE_BYTES;
    assert(scale <= 18);
    *--at = 0;
    for (unsigned i = 0; i <= scale || left > 0; i++) {
        if (i == scale && scale > 0)
            *--at = '.';
        *--at = (char)('0' + (int)(left % 10));
        left /= 10;
    }
    if (negative)
        *--at = '-';
    return at;
}

const char *ry_text_time(char text[RY_TEXT_TIME_BYTES], int64_t ns)
{
    int64_t part = ns % RY_NS_PER_SECOND;
    time_t seconds = (time_t)(ns / RY_NS_PER_SECOND);
    if (part < 0) {
        part += RY_NS_PER_SECOND;
        seconds--;
    }
    struct tm fields;
    if (gmtime_r(&seconds, &fields) == NULL)
        return "?";
    size_t n = strftime(text, RY_TEXT_TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &fields);
    snprintf(text + n, RY_TEXT_TIME_BYTES - n, ".%09" PRId64 "Z", part);
    return text;
}

/* Turnover by volume, rounded to the nearest, with VWAP_DIGITS more digits than a price. */
static __int128 vwap_of(const struct ry_arena_market *instrument)
{
    const __int128 more = 100;
    __int128 volume = (__int128)instrument->recorded_volume,
             doubled = instrument->recorded_turnover * more * 2;
    return (doubled + (doubled < 0 ? -volume : volume)) / (volume * 2);
}

const char *ry_text_printable(char *out, const char *text, size_t max)
{
    size_t i = 0;
    for (; i + 1 < max && text[i] != 0; i++)
        out[i] = isgraph((unsigned char)text[i]) ? text[i] : '?';
    out[i] = 0;
    return out;
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
    fprintf(out, "%s: last %s", ry_text_printable(symbol, instrument.symbol, sizeof symbol),
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

void ry_text_counters(FILE *out, const struct ry_arena *arena)
{
    for (unsigned i = 0; i < RY_ARENA_COUNTERS; i++)
        ry_text_counter(out, &ry_arena_counter_table.counter[i],
                        ry_arena_counters(arena)->value[i]);
}

void ry_text_odd(FILE *out, const struct ry_arena *arena)
{
    for (unsigned i = 0; i < RY_ARENA_COUNTERS; i++)
        ry_text_counter_odd(out, &ry_arena_counter_table.counter[i],
                            ry_arena_counters(arena)->value[i]);
}

struct hash {
    const char *name;
    uint64_t value;
};

#define HASHES 4

static void all_hashes(const struct ry_arena *arena, struct hash hash[HASHES])
{
    hash[0] = (struct hash){"input", ry_arena_input_hash(arena)};
    hash[1] = (struct hash){"output", ry_arena_output_hash(arena)};
    hash[2] = (struct hash){"book", ry_arena_book_hash(arena)};
    hash[3] = (struct hash){"state", ry_arena_state_hash(arena)};
}

void ry_text_hashes(FILE *out, const struct ry_arena *arena)
{
    struct hash hash[HASHES];
    all_hashes(arena, hash);
    for (unsigned i = 0; i < HASHES; i++)
        fprintf(out, "%s hash%*s %016" PRIx64 "\n", hash[i].name, (int)(6 - strlen(hash[i].name)),
                "", hash[i].value);
}

/* ---- for programs ---------------------------------------------------------------------------- */

void ry_text_json_string(FILE *out, const char *text, size_t max)
{
    fputc('"', out);
    for (size_t i = 0; i < max && text[i] != 0; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20 || c >= 0x7f)
            fprintf(out, "\\u%04x", c); /* bytes of no known encoding, as Latin-1 */
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static void json_levels(FILE *out, const struct ry_arena *arena, uint16_t id, enum ry_side side,
                        unsigned levels)
{
    static struct ry_arena_depth level[RY_TEXT_LEVELS_MAX];
    unsigned n = ry_arena_levels(arena, id, side, level, levels);
    fprintf(out, ", \"%s\": [", side == RY_BUY ? "bids" : "asks");
    for (unsigned i = 0; i < n; i++)
        fprintf(out,
                "%s{\"price\": %" PRId64 ", \"open\": %" PRIu64 ", \"recorded\": %" PRIu64
                ", \"orders\": %" PRIu32 "}",
                i > 0 ? ", " : "", level[i].price, level[i].open, level[i].rec, level[i].orders);
    fputc(']', out);
}

static void json_instrument(FILE *out, const struct ry_arena *arena, uint16_t id, unsigned scale,
                            unsigned levels)
{
    struct ry_arena_market instrument;
    char text[RY_TEXT_PRICE_BYTES];
    ry_arena_instrument(arena, id, &instrument);
    fprintf(out, "%s\n    {\"id\": %u, \"symbol\": ", id > 0 ? "," : "", id);
    ry_text_json_string(out, instrument.symbol, sizeof instrument.symbol);
    fprintf(out, ", \"price_scale\": %u, \"trading\": %s", scale,
            instrument.trading ? "true" : "false");
    fprintf(out, ", \"last\": %s",
            instrument.has_last ? ry_text_price(text, instrument.last_price, 0) : "null");
    fprintf(out, ", \"volume\": %" PRIu64, instrument.recorded_volume);
    /* in units of the currency: the only figure here that is not whole in price units */
    fprintf(out, ", \"vwap\": %s",
            instrument.recorded_volume > 0
                ? ry_text_price(text, vwap_of(&instrument), scale + VWAP_DIGITS)
                : "null");
    fprintf(out, ", \"live_orders\": %" PRIu32 ", \"agent_orders\": %" PRIu32,
            instrument.live_orders, instrument.agent_orders);
    json_levels(out, arena, id, RY_BUY, levels);
    json_levels(out, arena, id, RY_SELL, levels);
    fputc('}', out);
}

void ry_text_json(FILE *out, const struct ry_arena *arena, const uint8_t *price_scale,
                  unsigned levels)
{
    assert(levels <= RY_TEXT_LEVELS_MAX);
    fputs("  \"instruments\": [", out);
    for (uint16_t id = 0; id < instruments_of(arena); id++)
        json_instrument(out, arena, id, price_scale[id], levels);
    fputs("],\n  \"counters\": {", out);
    for (unsigned i = 0; i < RY_ARENA_COUNTERS; i++)
        fprintf(out, "%s\"%s\": %" PRIu64, i > 0 ? ", " : "",
                ry_arena_counter_table.counter[i].name, ry_arena_counters(arena)->value[i]);
    fputc('}', out);
    struct hash hash[HASHES];
    all_hashes(arena, hash);
    for (unsigned i = 0; i < HASHES; i++)
        fprintf(out, ",\n  \"%s_hash\": \"%016" PRIx64 "\"", hash[i].name, hash[i].value);
}

bool ry_text_written(FILE *out)
{
    bool failed_before = ferror(out) != 0; /* and what then was in errno is gone */
    errno = 0;
    if (fflush(out) == 0 && !failed_before)
        return true;
    fprintf(stderr, "royale: the output could not be written%s%s\n", errno != 0 ? ": " : "",
            errno != 0 ? strerror(errno) : "");
    return false;
}
