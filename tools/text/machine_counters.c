#include "tools/text/machine_counters.h"

#include "tools/text/counters.h"
#include "tools/text/json.h"

void ry_text_machine_counters(FILE *out, const struct ry_arena *arena)
{
    for (unsigned i = 0; i < RY_ARENA_COUNTERS; i++)
        ry_text_counter(out, &ry_arena_counter_table.counter[i],
                        ry_arena_counters(arena)->value[i]);
}

void ry_text_machine_odd(FILE *out, const struct ry_arena *arena)
{
    for (unsigned i = 0; i < RY_ARENA_COUNTERS; i++)
        ry_text_counter_odd(out, "", &ry_arena_counter_table.counter[i],
                            ry_arena_counters(arena)->value[i]);
}

json_t *ry_text_machine_counters_json(const struct ry_arena *arena, bool all)
{
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < RY_ARENA_COUNTERS; i++) {
        uint64_t value = ry_arena_counters(arena)->value[i];
        if (all || value != 0)
            ry_text_json_set(object, ry_arena_counter_table.counter[i].name,
                             ry_text_json_count(value));
    }
    return object;
}
