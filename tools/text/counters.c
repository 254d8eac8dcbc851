#include "tools/text/counters.h"

#include <inttypes.h>

#define VALUE_BYTES 24

static const char *value_of(char text[VALUE_BYTES], enum ry_counter_kind kind, uint64_t value)
{
    if (kind == RY_COUNTER_KIND_HASH)
        snprintf(text, VALUE_BYTES, "%016" PRIx64, value);
    else
        snprintf(text, VALUE_BYTES, "%" PRIu64, value);
    return text;
}

void ry_text_counter(FILE *out, const struct ry_counter *counter, uint64_t value)
{
    char text[VALUE_BYTES];
    if (value != 0)
        fprintf(out, "  %-22s %14s %s\n", counter->name, value_of(text, counter->kind, value),
                counter->unit);
}

void ry_text_counter_odd(FILE *out, const char *who, const struct ry_counter *counter,
                         uint64_t value)
{
    char text[VALUE_BYTES];
    if (value != 0 && counter->remedy[0] != '\0')
        fprintf(out, "odd: %s%s%s %s (%s): %s\n", who, who[0] != '\0' ? ": " : "", counter->name,
                value_of(text, counter->kind, value), counter->sentence, counter->remedy);
}
