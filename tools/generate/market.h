/*
 * The made market: instruments with their books, background traders who act one at a time, crosses.
 *
 * Each instrument has a fair price, a random walk of single ticks. Traders quote around it (mostly
 * near the touch), cancel, replace and take; when it has moved, the quotes that it left behind are
 * taken or cancelled before it moves again, so the touch follows it and the spread is mostly one
 * tick. Everything that happens goes to the caller as a message, with the market's present time;
 * the caller sets the time.
 *
 * Ticks: price / RY_GENERATE_TICK_UNITS.
 */
#ifndef RY_TOOLS_GENERATE_MARKET_H
#define RY_TOOLS_GENERATE_MARKET_H

#include "tools/generate/book.h"
#include "tools/generate/itch.h"
#include "tools/generate/random.h"

#define RY_GENERATE_TICK_UNITS 100u /* 0.01 in 1e-4 of the currency */

/* Quotes stand at most so far from the fair price, which keeps them within the book's window. */
#define RY_GENERATE_REACH 100u

/* A side with so few orders is neither cancelled from nor taken from. */
#define RY_GENERATE_SIDE_ORDERS_MIN 4u

struct ry_generate_instrument {
    char symbol[RY_GENERATE_SYMBOL_BYTES]; /* filled up with spaces, no NUL */
    struct ry_generate_book book;
    uint32_t fair;       /* tick of the natural best buy; the natural best sell is one above */
    uint32_t fair_start; /* the walk stays between half of it and twice it */
    uint32_t fair_odds;  /* it wants to move once in so many actions */
    int32_t moving;      /* -1, 1: it will, as soon as the level that falls out of reach is empty */
    uint32_t depth;      /* mean distance of a quote from the touch, ticks */
    uint32_t orders_target; /* live orders, about */
    bool halted;
    uint64_t trades;
    uint64_t volume;
    uint64_t turnover;
    uint64_t cross_volume;
};

/* False from `emit` (a file has failed) stops the day. */
typedef bool ry_generate_emit(void *context, const struct ry_generate_message *message);

struct ry_generate_market {
    struct ry_generate_random random;
    struct ry_generate_instrument *instrument;
    struct ry_generate_order *orders; /* all books' */
    uint32_t *live;
    uint32_t instruments;
    bool thin;  /* pre-market: books are a quarter as full */
    bool quiet; /* every action is exactly one message, and nothing is taken */
    bool failed;
    uint64_t time_ns;
    uint64_t ref;
    uint64_t match;
    uint64_t messages;
    uint64_t orders_live;
    uint64_t orders_live_peak;
    ry_generate_emit *emit;
    void *context;
};

/* False: no memory. ry_generate_market_free is harmless then too. */
bool ry_generate_market_start(struct ry_generate_market *market, uint32_t instruments,
                              uint64_t messages, uint64_t seed, ry_generate_emit *emit,
                              void *context);
void ry_generate_market_free(struct ry_generate_market *market);

/* Messages that touch no book: S (index RY_GENERATE_NONE), R, H, Y of an instrument. */
void ry_generate_market_tell(struct ry_generate_market *market, uint32_t index, char type,
                             char code, const char *text);

/* traders.c. One quote at the start of the day, on the side named. */
void ry_generate_market_seed(struct ry_generate_market *market, uint32_t index,
                             enum ry_generate_side side);

/* One action of some trader in an instrument: one message; more for a sweep that is not quiet. */
void ry_generate_market_act(struct ry_generate_market *market, uint32_t index);

/* One order that crosses, in a halted instrument. */
void ry_generate_market_press(struct ry_generate_market *market, uint32_t index,
                              enum ry_generate_side side);

/* cross.c. The opening cross; and the one that ends a halt, all that crosses. */
void ry_generate_market_open(struct ry_generate_market *market, uint32_t index);
void ry_generate_market_reopen(struct ry_generate_market *market, uint32_t index);

/* For traders.c and cross.c: a message of this instrument, and its way out. */
struct ry_generate_message ry_generate_market_message(const struct ry_generate_market *market,
                                                      uint32_t index, char type);
void ry_generate_market_emit(struct ry_generate_market *market,
                             const struct ry_generate_message *message);

/* For the same: an order comes (told: A, F), is cancelled (told: D), gets smaller or leaves. */
void ry_generate_market_enter(struct ry_generate_market *market, uint32_t index,
                              enum ry_generate_side side, uint32_t tick, uint32_t shares);
void ry_generate_market_delete(struct ry_generate_market *market, uint32_t index, uint32_t order);
void ry_generate_market_reduce(struct ry_generate_market *market, uint32_t index, uint32_t order,
                               uint32_t shares);

/* Draws an order's shares, as a market's are: round lots mostly. */
uint32_t ry_generate_market_size(struct ry_generate_market *market);

static inline uint32_t ry_generate_clamp(uint64_t value, uint32_t low, uint32_t high)
{
    return value < low ? low : value > high ? high : (uint32_t)value;
}

#endif
