/*
 * The counters of royale-exec: its own, then those of the machine, as they stand in exec.base.
 */
#ifndef RY_CORE_EXEC_COUNTERS_H
#define RY_CORE_EXEC_COUNTERS_H

#include "core/arena/arena.h"
#include "shm/counter.h"

struct ry_exec_counters {
#define RY_COUNTER(name, unit, help) uint64_t name;
#include "core/exec/counters.def"
#undef RY_COUNTER
    struct ry_arena_counters machine;
};

#define RY_EXEC_COUNTERS (sizeof(struct ry_exec_counters) / sizeof(uint64_t))

_Static_assert(RY_EXEC_COUNTERS <= RY_COUNTERS_MAX, "the counters must fit into the base region");
_Static_assert(RY_FEEDS_MAX == 4, "counters.def names each feed");

#endif
