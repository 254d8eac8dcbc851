/* Figures and sparklines. */
#include "tools/text/spark.h"

#include <assert.h>
#include <string.h>

#include "tools/text/report.h"

#define MONEY_DIGITS 6 /* RY_MONEY_UNIT */

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
    return ry_text_price(text, rounded(money, power_of_ten(MONEY_DIGITS + exponent - digits)),
                         digits);
}

void ry_text_money(char text[RY_TEXT_MONEY_BYTES], __int128 money, unsigned cells)
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

unsigned ry_text_spark_levels(const int64_t *sample, unsigned samples, unsigned cells,
                              uint8_t *level)
{
    unsigned count = samples < cells ? samples : cells;
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (unsigned i = 0; i < samples; i++) {
        low = sample[i] < low ? sample[i] : low;
        high = sample[i] > high ? sample[i] : high;
    }
    for (unsigned i = 0; i < count; i++) {
        int64_t value = sample[(uint64_t)(i + 1) * samples / count - 1];
        __int128 span = (__int128)high - low, above = (__int128)value - low;
        level[i] = span == 0 ? RY_TEXT_SPARK_LEVELS / 2 - 1
                             : (uint8_t)((above * (RY_TEXT_SPARK_LEVELS - 1) + span / 2) / span);
    }
    return count;
}

void ry_text_spark(FILE *out, const int64_t *sample, unsigned samples, unsigned cells, bool unicode)
{
    static const char ascii[RY_TEXT_SPARK_LEVELS + 1] = "_.,-=+*#";
    uint8_t level[RY_TEXT_SPARK_CELLS_MAX];
    cells = cells < RY_TEXT_SPARK_CELLS_MAX ? cells : RY_TEXT_SPARK_CELLS_MAX;
    unsigned count = ry_text_spark_levels(sample, samples, cells, level);
    for (unsigned i = 0; i < count; i++)
        if (unicode)
            fprintf(out, "\xe2\x96%c", (char)(0x81 + level[i])); /* U+2581 .. U+2588 */
        else
            fputc(ascii[level[i]], out);
    fprintf(out, "%*s", (int)(cells - count), "");
}
