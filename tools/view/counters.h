/*
 * What royale-view counts; the table is tools/view/counters.def.
 */
#ifndef RY_TOOLS_VIEW_COUNTERS_H
#define RY_TOOLS_VIEW_COUNTERS_H

#include "shm/counter.h"

/* The index of each counter. */
enum ry_view_counter {
#define RY_COUNTER(name, kind, unit, sentence, remedy) RY_VIEW_COUNTER_##name,
#include "tools/view/counters.def"
#undef RY_COUNTER
    RY_VIEW_COUNTERS,
};

struct ry_view_counters {
    union {
        struct {
#define RY_COUNTER RY_COUNTER_WORD
#include "tools/view/counters.def"
#undef RY_COUNTER
        };
        uint64_t value[RY_VIEW_COUNTERS]; /* the same, by index */
    };
};

extern const struct ry_counter_table ry_view_counter_table;

#endif
