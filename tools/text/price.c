#include "tools/text/price.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#define SCALE_MAX 18

static const uint64_t power_of_ten[SCALE_MAX + 1] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
};

/* Puts `value` before `at`, in at least `least` digits; returns where it begins. */
static char *put(char *at, uint64_t value, unsigned least)
{
    for (unsigned i = 0; i < least || value > 0; i++) {
        *--at = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    return at;
}

/* Divisions of 128 bits are slow: one for 18 digits, and none for what 64 bits hold. */
static char *put_wide(char *at, unsigned __int128 value)
{
    for (; value > UINT64_MAX; value /= power_of_ten[SCALE_MAX])
        at = put(at, (uint64_t)(value % power_of_ten[SCALE_MAX]), SCALE_MAX);
    return put(at, (uint64_t)value, 1);
}

const char *ry_text_price(char text[RY_TEXT_PRICE_BYTES], __int128 price, unsigned scale)
{
    bool negative = price < 0;
    unsigned __int128 left = negative ? -(unsigned __int128)price : (unsigned __int128)price;
    char *at = text + RY_TEXT_PRICE_BYTES;
    assert(scale <= SCALE_MAX);
    *--at = 0;
    if (scale > 0) {
        uint64_t part;
        if (left <= UINT64_MAX) {
            part = (uint64_t)left % power_of_ten[scale];
            left = (uint64_t)left / power_of_ten[scale];
        } else {
            part = (uint64_t)(left % power_of_ten[scale]);
            left /= power_of_ten[scale];
        }
        at = put(at, part, scale);
        *--at = '.';
    }
    at = put_wide(at, left);
    if (negative)
        *--at = '-';
    return at;
}
