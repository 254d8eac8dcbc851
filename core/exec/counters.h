/*
 * The counters of royale-exec: its own, then those of the machine, as they stand in exec.watch.
 */
#ifndef RY_CORE_EXEC_COUNTERS_H
#define RY_CORE_EXEC_COUNTERS_H

#include "core/arena/arena.h"
#include "shm/counter.h"

/* The index of each of its own; those of the machine begin at RY_EXEC_COUNTERS_OWN. */
enum ry_exec_counter {
#define RY_COUNTER(name, kind, unit, sentence, remedy) RY_EXEC_COUNTER_##name,
#include "core/exec/counters.def"
#undef RY_COUNTER
    RY_EXEC_COUNTERS_OWN,
    RY_EXEC_COUNTERS = RY_EXEC_COUNTERS_OWN + RY_ARENA_COUNTERS,
};

struct ry_exec_counters {
    union {
        struct {
#define RY_COUNTER RY_COUNTER_WORD
#include "core/exec/counters.def"
#undef RY_COUNTER
            struct ry_arena_counters machine;
        };
        uint64_t value[RY_EXEC_COUNTERS]; /* the same, by index */
    };
};

extern const struct ry_counter_table ry_exec_counter_table;

_Static_assert(sizeof(struct ry_exec_counters) == RY_EXEC_COUNTERS * sizeof(uint64_t),
               "a word for each counter");
_Static_assert(RY_FEEDS_MAX == 4, "counters.def names each feed");

#endif
