/*
 * Prices: from the wire's decimals to an instrument's price unit.
 *
 * Example: price_scale 2 and ITCH's four decimals. 10.0100 is 1001 units; 9.0050 is finer than a
 * unit; 99,999,999.0000 has more units than RY_PRICE_ABS_MAX.
 *
 * A price beyond the range is one order's own oddity (a stub quote): it is dropped and counted by
 * the caller. A price finer than the unit says that the battle file has the wrong price_scale: each
 * further one would be lost, too. It is noted, and the pipeline ends the feed with it
 * (ry_feed_too_fine).
 */
#ifndef RY_FEEDS_MARKET_PRICE_H
#define RY_FEEDS_MARKET_PRICE_H

#include "feeds/market/instruments.h"

enum ry_normalise_price {
    RY_NORMALISE_PRICE_HELD = 0,
    RY_NORMALISE_PRICE_TOO_FINE, /* noted */
    RY_NORMALISE_PRICE_BEYOND,   /* RY_PRICE_ABS_MAX */
};

/* The first price that was finer than its instrument's unit. Zeroed at first; a normaliser's. */
struct ry_normalise_too_fine {
    bool found;
    uint16_t instrument;
    int64_t wire; /* in the wire's unit */
};

void ry_normalise_note_too_fine(struct ry_normalise_too_fine *too_fine, unsigned id, int64_t wire);

/* Exact, in price units of the instrument; *price is left alone if it is not HELD. */
static inline enum ry_normalise_price
ry_normalise_price(const struct ry_normalise_instruments *instruments, unsigned id, int64_t wire,
                   struct ry_normalise_too_fine *too_fine, int64_t *price)
{
    const struct ry_normalise_scale scale = instruments->scale[id];
    int64_t value;
    if (scale.divisor != 1) {
        value = wire / scale.divisor;
        if (value * scale.divisor != wire) {
            ry_normalise_note_too_fine(too_fine, id, wire);
            return RY_NORMALISE_PRICE_TOO_FINE;
        }
    } else if (__builtin_mul_overflow(wire, scale.multiplier, &value)) {
        return RY_NORMALISE_PRICE_BEYOND;
    }
    if (value < -RY_PRICE_ABS_MAX || value > RY_PRICE_ABS_MAX)
        return RY_NORMALISE_PRICE_BEYOND;
    *price = value;
    return RY_NORMALISE_PRICE_HELD;
}

#define RY_NORMALISE_PRICE_BYTES 32 /* a sign, 20 digits, a point, the final NUL */

/* A price of the wire without trailing zeros: "9.005". Returns its decimals. */
unsigned ry_normalise_price_print(int64_t wire, unsigned wire_decimals,
                                  char text[RY_NORMALISE_PRICE_BYTES]);

#define RY_NORMALISE_TOO_FINE_BYTES 320 /* a symbol, a price and a remedy, with the final NUL */

/* "AAA: the price 9.005 of the message at byte 198 is finer than price_scale 2: write price_scale:
 * 3 for AAA". what: "message at byte 198". */
void ry_normalise_too_fine_explain(const struct ry_normalise_instruments *instruments,
                                   const struct ry_normalise_too_fine *too_fine, const char *what,
                                   char text[RY_NORMALISE_TOO_FINE_BYTES]);

#endif
