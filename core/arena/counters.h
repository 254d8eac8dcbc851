/*
 * What the machine counts; the table is core/arena/counters.def. Part of its state.
 */
#ifndef RY_CORE_ARENA_COUNTERS_H
#define RY_CORE_ARENA_COUNTERS_H

#include <stdint.h>

#include "shm/counter_table.h"

/* The index of each counter. */
enum ry_arena_counter {
#define RY_COUNTER(name, kind, unit, sentence, remedy) RY_ARENA_COUNTER_##name,
#include "core/arena/counters.def"
#undef RY_COUNTER
    RY_ARENA_COUNTERS,
};

struct ry_arena_counters {
    union {
        struct {
#define RY_COUNTER RY_COUNTER_WORD
#include "core/arena/counters.def"
#undef RY_COUNTER
        };
        uint64_t value[RY_ARENA_COUNTERS]; /* the same, by index */
    };
};

extern const struct ry_counter_table ry_arena_counter_table;

#endif
