#include "tools/generate/market.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Live orders of an instrument: a part of its messages; there is room for twice as many. */
#define MESSAGES_PER_LIVE_ORDER 40
#define ORDERS_TARGET_MIN       12
#define ORDERS_TARGET_MAX       600
#define ORDERS_SPARE            64

/* The walk of the fair price: its length in a day, in parts of the price, and its speed. */
#define WALK_PRICE_PARTS 125
#define WALK_ODDS_MIN    40
#define WALK_ODDS_MAX    2000

#define ATTRIBUTED_ONE_IN 97 /* of adds */

/* Prices of the first four instruments, in ticks; the others' are near these. */
static const uint32_t fair_base[] = {2000, 7500, 19000, 48000};
#define FAIR_BASES (sizeof fair_base / sizeof fair_base[0])

static const char *const attribution[] = {"NITE", "CDRG", "VIRT", "GSCO", "JPMS", "SUSQ"};
#define ATTRIBUTIONS (sizeof attribution / sizeof attribution[0])

/* ---- start ----------------------------------------------------------------------------------- */

/* RYA .. RYZ, RYAA ..: counting in letters. */
static void set_symbol(char *symbol, uint32_t index)
{
    char letters[RY_GENERATE_SYMBOL_BYTES];
    size_t count = 0;
    for (uint32_t n = index + 1; n > 0; n = (n - 1) / 26)
        letters[count++] = (char)('A' + (n - 1) % 26);
    assert(count + 2 <= RY_GENERATE_SYMBOL_BYTES);
    memset(symbol, ' ', RY_GENERATE_SYMBOL_BYTES);
    memcpy(symbol, "RY", 2);
    for (size_t i = 0; i < count; i++)
        symbol[2 + i] = letters[count - 1 - i];
}

static void set_instrument(struct ry_generate_market *market, uint32_t index, uint64_t messages)
{
    struct ry_generate_instrument *in = &market->instrument[index];
    set_symbol(in->symbol, index);
    uint32_t base = fair_base[index % FAIR_BASES];
    base += (uint32_t)(index / FAIR_BASES * 137) % (base / 2);
    in->fair_start = base - base / 100 + ry_generate_below(&market->random, base / 50);
    in->fair = in->fair_start;
    in->depth = ry_generate_clamp(in->fair / 1000, 2, 10);
    uint64_t walk = in->fair / WALK_PRICE_PARTS + 1;
    in->fair_odds = ry_generate_clamp(messages / (walk * walk), WALK_ODDS_MIN, WALK_ODDS_MAX);
}

bool ry_generate_market_start(struct ry_generate_market *market, uint32_t instruments,
                              uint64_t messages, uint64_t seed, ry_generate_emit *emit,
                              void *context)
{
    uint64_t each = messages / instruments;
    uint32_t target =
        ry_generate_clamp(each / MESSAGES_PER_LIVE_ORDER, ORDERS_TARGET_MIN, ORDERS_TARGET_MAX);
    uint32_t capacity = 2 * target + ORDERS_SPARE;

    *market =
        (struct ry_generate_market){.instruments = instruments, .emit = emit, .context = context};
    ry_generate_random_seed(&market->random, seed);
    market->instrument = calloc(instruments, sizeof *market->instrument);
    market->orders = calloc((size_t)instruments * capacity, sizeof *market->orders);
    market->live = calloc((size_t)instruments * capacity, sizeof *market->live);
    if (market->instrument == NULL || market->orders == NULL || market->live == NULL)
        return false;
    for (uint32_t i = 0; i < instruments; i++) {
        set_instrument(market, i, each);
        market->instrument[i].orders_target = target;
        ry_generate_book_start(&market->instrument[i].book, market->orders + (size_t)i * capacity,
                               market->live + (size_t)i * capacity, capacity);
    }
    return true;
}

void ry_generate_market_free(struct ry_generate_market *market)
{
    free(market->instrument);
    free(market->orders);
    free(market->live);
    *market = (struct ry_generate_market){0};
}

/* ---- messages -------------------------------------------------------------------------------- */

struct ry_generate_message ry_generate_market_message(const struct ry_generate_market *market,
                                                      uint32_t index, char type)
{
    return (struct ry_generate_message){.type = type,
                                        .time_ns = market->time_ns,
                                        .locate = (uint16_t)(index + 1),
                                        .symbol = market->instrument[index].symbol};
}

void ry_generate_market_emit(struct ry_generate_market *market,
                             const struct ry_generate_message *message)
{
    market->messages++;
    if (!market->failed && !market->emit(market->context, message))
        market->failed = true;
}

void ry_generate_market_tell(struct ry_generate_market *market, uint32_t index, char type,
                             char code, const char *text)
{
    struct ry_generate_message m = {.type = type, .time_ns = market->time_ns};
    if (index != RY_GENERATE_NONE)
        m = ry_generate_market_message(market, index, type);
    m.code = code;
    m.text = text;
    ry_generate_market_emit(market, &m);
}

/* ---- what an order does ---------------------------------------------------------------------- */

void ry_generate_market_enter(struct ry_generate_market *market, uint32_t index,
                              enum ry_generate_side side, uint32_t tick, uint32_t shares)
{
    struct ry_generate_message m = ry_generate_market_message(market, index, 'A');
    if (ry_generate_once_in(&market->random, ATTRIBUTED_ONE_IN)) {
        m.type = 'F';
        m.text = attribution[ry_generate_below(&market->random, ATTRIBUTIONS)];
    }
    m.ref = ++market->ref;
    m.side = side == RY_GENERATE_BUY ? 'B' : 'S';
    m.shares = shares;
    m.price = tick * RY_GENERATE_TICK_UNITS;
    ry_generate_book_add(&market->instrument[index].book, m.ref, side, tick, shares);
    if (++market->orders_live > market->orders_live_peak)
        market->orders_live_peak = market->orders_live;
    ry_generate_market_emit(market, &m);
}

void ry_generate_market_delete(struct ry_generate_market *market, uint32_t index, uint32_t order)
{
    struct ry_generate_book *book = &market->instrument[index].book;
    struct ry_generate_message m = ry_generate_market_message(market, index, 'D');
    m.ref = book->order[order].ref;
    ry_generate_book_remove(book, order);
    market->orders_live--;
    ry_generate_market_emit(market, &m);
}

void ry_generate_market_reduce(struct ry_generate_market *market, uint32_t index, uint32_t order,
                               uint32_t shares)
{
    struct ry_generate_book *book = &market->instrument[index].book;
    assert(shares > 0 && shares <= book->order[order].shares);
    book->order[order].shares -= shares;
    if (book->order[order].shares == 0) {
        ry_generate_book_remove(book, order);
        market->orders_live--;
    }
}

uint32_t ry_generate_market_size(struct ry_generate_market *market)
{
    uint32_t draw = ry_generate_below(&market->random, 16);
    if (draw < 8)
        return 100;
    if (draw < 12)
        return 1 + ry_generate_below(&market->random, 99);
    if (draw < 15)
        return 100 * (2 + ry_generate_below(&market->random, 9));
    return 100 * (10 + ry_generate_below(&market->random, 41));
}
