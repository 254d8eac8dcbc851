/*
 * What royale-agent counts: the host, and the calls of agent.h above it (`invalid`,
 * `events_cut`). The table is
 * agents/counters.def.
 */
#ifndef RY_AGENTS_COUNTERS_H
#define RY_AGENTS_COUNTERS_H

#include "shm/counter.h"

/* The index of each counter. */
enum ry_host_counter {
#define RY_COUNTER(name, kind, unit, sentence, remedy) RY_HOST_COUNTER_##name,
#include "agents/counters.def"
#undef RY_COUNTER
    RY_HOST_COUNTERS,
};

struct ry_host_counters {
    union {
        struct {
#define RY_COUNTER RY_COUNTER_WORD
#include "agents/counters.def"
#undef RY_COUNTER
        };
        uint64_t value[RY_HOST_COUNTERS]; /* the same, by index */
    };
};

extern const struct ry_counter_table ry_host_counter_table;

#endif
