#include "tools/text/money.h"

#include <assert.h>
#include <string.h>

#include "tools/text/price.h"

_Static_assert(RY_TEXT_MONEY_BYTES >= RY_TEXT_PRICE_BYTES, "money is printed as a price is");

const char *ry_text_money(char text[RY_TEXT_MONEY_BYTES], __int128 money)
{
    return ry_text_price(text, money, RY_TEXT_MONEY_DIGITS);
}

#define READ_DIGITS_MAX 30 /* before the point: with those behind it far from 128 bits' end */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool ry_text_money_read(const char *text, __int128 *money)
{
    bool negative = text[0] == '-';
    const char *at = text + negative;
    __int128 value = 0;
    unsigned whole = 0, behind = 0;
    for (; is_digit(*at) && whole <= READ_DIGITS_MAX; at++, whole++)
        value = value * 10 + (*at - '0');
    if (whole == 0 || whole > READ_DIGITS_MAX || *at++ != '.')
        return false;
    for (; is_digit(*at) && behind < RY_TEXT_MONEY_DIGITS; at++, behind++)
        value = value * 10 + (*at - '0');
    if (behind != RY_TEXT_MONEY_DIGITS || *at != 0)
        return false;
    *money = negative ? -value : value;
    return true;
}

const char *ry_text_money_plain(char text[RY_TEXT_MONEY_BYTES], __int128 money)
{
    const char *start = ry_text_money(text, money);
    char *end = text + (start - text) + strlen(start);
    while (end[-1] == '0')
        *--end = 0;
    if (end[-1] == '.')
        *--end = 0;
    return start;
}

static __int128 power_of_ten(unsigned n)
{
    __int128 power = 1;
    while (n-- > 0)
        power *= 10;
    return power;
}

static __int128 rounded(__int128 money, __int128 unit)
{
    __int128 half = unit / 2;
    return (money + (money < 0 ? -half : half)) / unit;
}

/* `money` in 10^exponent of the currency, with so many digits behind the point. */
static const char *scaled(char text[RY_TEXT_PRICE_BYTES], __int128 money, unsigned exponent,
                          unsigned digits)
{
    return ry_text_price(
        text, rounded(money, power_of_ten(RY_TEXT_MONEY_DIGITS + exponent - digits)), digits);
}

void ry_text_money_short(char text[RY_TEXT_MONEY_BYTES], __int128 money, unsigned cells)
{
    static const struct {
        unsigned exponent, digits;
        char suffix[2];
    } forms[] = {{0, 2, ""},  {0, 0, ""},  {3, 1, "k"}, {3, 0, "k"}, {6, 1, "M"},
                 {6, 0, "M"}, {9, 1, "G"}, {9, 0, "G"}, {12, 0, "T"}};
    assert(cells < RY_TEXT_MONEY_BYTES);
    for (unsigned i = 0; i < sizeof forms / sizeof *forms; i++) {
        char number[RY_TEXT_PRICE_BYTES];
        const char *digits = scaled(number, money, forms[i].exponent, forms[i].digits);
        const size_t length = strlen(digits);
        if (length + strlen(forms[i].suffix) <= cells) {
            memcpy(text, digits, length);
            strcpy(text + length, forms[i].suffix);
            return;
        }
    }
    strcpy(text, "#");
}
