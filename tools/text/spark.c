#include "tools/text/spark.h"

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
