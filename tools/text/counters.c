#include "tools/text/counters.h"

#include <inttypes.h>
#include <string.h>

#include "tools/text/json.h"

static const struct {
    const char *name, *unit, *help;
} counters[] = {
#define RY_COUNTER(name, unit, help) {#name, unit, help},
#include "core/arena/counters.def"
#undef RY_COUNTER
};
#define COUNTERS (sizeof counters / sizeof *counters)
_Static_assert(sizeof(struct ry_arena_counters) == COUNTERS * sizeof(uint64_t),
               "one word for each counter");

void ry_text_counters(FILE *out, const struct ry_arena *arena)
{
    uint64_t value[COUNTERS];
    memcpy(value, ry_arena_counters(arena), sizeof value);
    for (unsigned i = 0; i < COUNTERS; i++)
        if (value[i] != 0)
            fprintf(out, "  %-22s %14" PRIu64 " %s\n", counters[i].name, value[i],
                    counters[i].unit);
}

#define ODD(name) (offsetof(struct ry_arena_counters, name) / sizeof(uint64_t))
static const size_t odd[] = {
    ODD(malformed),       ODD(duplicate_reference), ODD(unknown_exec),    ODD(unknown_cancel),
    ODD(unknown_replace), ODD(exec_beyond),         ODD(cancel_beyond),   ODD(book_full),
    ODD(unmet),           ODD(surplus_made),        ODD(surplus_dropped),
};

void ry_text_odd(FILE *out, const struct ry_arena *arena)
{
    uint64_t value[COUNTERS];
    memcpy(value, ry_arena_counters(arena), sizeof value);
    for (unsigned i = 0; i < sizeof odd / sizeof *odd; i++)
        if (value[odd[i]] != 0)
            fprintf(out, "odd: %s %" PRIu64 " (%s)\n", counters[odd[i]].name, value[odd[i]],
                    counters[odd[i]].help);
}

json_t *ry_text_counters_json(const struct ry_arena *arena, bool all)
{
    uint64_t value[COUNTERS];
    json_t *object = ry_text_json_whole(json_object());
    memcpy(value, ry_arena_counters(arena), sizeof value);
    for (unsigned i = 0; i < COUNTERS; i++)
        if (all || value[i] != 0)
            ry_text_json_set(object, counters[i].name, ry_text_json_count(value[i]));
    return object;
}
