#include "tools/text/amount.h"

#include <inttypes.h>
#include <stdio.h>

#include "tools/text/money.h"

const char *ry_text_count(char text[RY_TEXT_AMOUNT_BYTES], uint64_t count)
{
    static const char units[] = "kMGTPE";
    if (count < 10000) {
        snprintf(text, RY_TEXT_AMOUNT_BYTES, "%" PRIu64, count);
        return text;
    }
    uint64_t unit = 1000, at = 0;
    while (count / unit >= 1000) {
        unit *= 1000;
        at++;
    }
    uint64_t whole = count / unit, rest = count % unit / (unit / 1000);
    if (whole >= 100)
        snprintf(text, RY_TEXT_AMOUNT_BYTES, "%" PRIu64 "%c", whole, units[at]);
    else if (whole >= 10)
        snprintf(text, RY_TEXT_AMOUNT_BYTES, "%" PRIu64 ".%" PRIu64 "%c", whole, rest / 100,
                 units[at]);
    else
        snprintf(text, RY_TEXT_AMOUNT_BYTES, "%" PRIu64 ".%02" PRIu64 "%c", whole, rest / 10,
                 units[at]);
    return text;
}

const char *ry_text_money_signed(char text[RY_TEXT_AMOUNT_BYTES], __int128 money, unsigned cells)
{
    char amount[RY_TEXT_MONEY_BYTES];
    ry_text_money_short(amount, money, money > 0 ? cells - 1 : cells);
    snprintf(text, RY_TEXT_AMOUNT_BYTES, "%s%.60s", money > 0 ? "+" : "", amount);
    return text;
}
