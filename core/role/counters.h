/*
 * What the run loop counts of every process (core/role/role.h); the table is
 * core/role/counters.def. In ROLE.watch these stand behind the role's own, also of a role that has
 * none: a role with 10 counters shows `yields` as number 10 + RY_ROLE_COUNTER_yields.
 */
#ifndef RY_CORE_ROLE_COUNTERS_H
#define RY_CORE_ROLE_COUNTERS_H

#include "shm/counter.h"

/* The index of each counter, behind those of the role. */
enum ry_role_counter {
#define RY_COUNTER(name, kind, unit, sentence, remedy) RY_ROLE_COUNTER_##name,
#include "core/role/counters.def"
#undef RY_COUNTER
    RY_ROLE_COUNTERS,
};

struct ry_role_counters {
    union {
        struct {
#define RY_COUNTER RY_COUNTER_WORD
#include "core/role/counters.def"
#undef RY_COUNTER
        };
        uint64_t value[RY_ROLE_COUNTERS]; /* the same, by index */
    };
};

extern const struct ry_counter_table ry_role_counter_table;

/* Sets what the kernel knows: the core, the clock, and by a system call the switches of all threads
 * of the process. Once a millisecond. */
void ry_role_counters_take_kernels(struct ry_role_counters *counters);

#endif
