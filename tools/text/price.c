#include "tools/text/price.h"

#include <assert.h>
#include <stdbool.h>

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
