#include "feeds/market/price.h"

#include <stdio.h>

void ry_normalise_note_too_fine(struct ry_normalise_too_fine *too_fine, unsigned id, int64_t wire)
{
    if (!too_fine->found)
        *too_fine =
            (struct ry_normalise_too_fine){.found = true, .instrument = (uint16_t)id, .wire = wire};
}

unsigned ry_normalise_price_print(int64_t wire, unsigned decimals,
                                  char text[RY_NORMALISE_PRICE_BYTES])
{
    uint64_t value = wire < 0 ? 0 - (uint64_t)wire : (uint64_t)wire, unit = 1;
    while (decimals > 0 && value % 10 == 0) {
        value /= 10;
        decimals--;
    }
    for (unsigned i = 0; i < decimals; i++)
        unit *= 10;
    const char *sign = wire < 0 ? "-" : "";
    if (decimals == 0)
        snprintf(text, RY_NORMALISE_PRICE_BYTES, "%s%llu", sign, (unsigned long long)value);
    else
        snprintf(text, RY_NORMALISE_PRICE_BYTES, "%s%llu.%0*llu", sign,
                 (unsigned long long)(value / unit), (int)decimals,
                 (unsigned long long)(value % unit));
    return decimals;
}

/* True if a price of so many decimals of the wire fits into price units of `scale` decimals. */
static bool fits(int64_t wire, unsigned wire_decimals, unsigned scale)
{
    if (scale > RY_PRICE_SCALE_MAX)
        return false;
    __int128 units = wire;
    for (unsigned i = wire_decimals; i < scale; i++)
        units *= 10;
    for (unsigned i = scale; i < wire_decimals; i++)
        units /= 10;
    return units >= -RY_PRICE_ABS_MAX && units <= RY_PRICE_ABS_MAX;
}

void ry_normalise_too_fine_explain(const struct ry_normalise_instruments *instruments,
                                   const struct ry_normalise_too_fine *too_fine, const char *what,
                                   char text[RY_NORMALISE_TOO_FINE_BYTES])
{
    const struct ry_battle_instrument *instrument =
        &instruments->battle->instrument[too_fine->instrument];
    const unsigned wire_decimals = instruments->wire_decimals;
    char price[RY_NORMALISE_PRICE_BYTES];
    const unsigned decimals = ry_normalise_price_print(too_fine->wire, wire_decimals, price);
    const int n =
        snprintf(text, RY_NORMALISE_TOO_FINE_BYTES,
                 "%s: the price %s of the %s is finer than price_scale %u: ", instrument->symbol,
                 price, what, instrument->price_scale);
    if (fits(too_fine->wire, wire_decimals, decimals))
        snprintf(text + n, RY_NORMALISE_TOO_FINE_BYTES - (size_t)n, "write price_scale: %u for %s",
                 decimals, instrument->symbol);
    else
        snprintf(text + n, RY_NORMALISE_TOO_FINE_BYTES - (size_t)n,
                 "no price_scale holds it; leave %s out of market.instruments", instrument->symbol);
}
