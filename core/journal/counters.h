/*
 * What royale-journal counts; the table is core/journal/counters.def.
 */
#ifndef RY_CORE_JOURNAL_COUNTERS_H
#define RY_CORE_JOURNAL_COUNTERS_H

#include "shm/counter.h"

/* The index of each counter. */
enum ry_journal_counter {
#define RY_COUNTER(name, kind, unit, sentence, remedy) RY_JOURNAL_COUNTER_##name,
#include "core/journal/counters.def"
#undef RY_COUNTER
    RY_JOURNAL_COUNTERS,
};

struct ry_journal_counters {
    union {
        struct {
#define RY_COUNTER RY_COUNTER_WORD
#include "core/journal/counters.def"
#undef RY_COUNTER
        };
        uint64_t value[RY_JOURNAL_COUNTERS]; /* the same, by index */
    };
};

extern const struct ry_counter_table ry_journal_counter_table;

#endif
