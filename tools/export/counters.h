/*
 * What royale-export counts; the table is tools/export/counters.def.
 */
#ifndef RY_TOOLS_EXPORT_COUNTERS_H
#define RY_TOOLS_EXPORT_COUNTERS_H

#include "shm/counter.h"

/* The index of each counter. */
enum ry_export_counter {
#define RY_COUNTER(name, kind, unit, sentence, remedy) RY_EXPORT_COUNTER_##name,
#include "tools/export/counters.def"
#undef RY_COUNTER
    RY_EXPORT_COUNTERS,
};

struct ry_export_counters {
    union {
        struct {
#define RY_COUNTER RY_COUNTER_WORD
#include "tools/export/counters.def"
#undef RY_COUNTER
        };
        uint64_t value[RY_EXPORT_COUNTERS]; /* the same, by index */
    };
};

extern const struct ry_counter_table ry_export_counter_table;

#endif
