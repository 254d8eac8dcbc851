#include "core/role/counters.h"

#include <sched.h>
#include <sys/resource.h>

#include "shm/clock.h"

_Static_assert(sizeof(struct ry_role_counters) == RY_ROLE_COUNTERS * sizeof(uint64_t),
               "a word for each counter");

static const struct ry_counter rows[] = {
#define RY_COUNTER RY_COUNTER_ROW
#include "core/role/counters.def"
#undef RY_COUNTER
};

const struct ry_counter_table ry_role_counter_table = {rows, RY_ROLE_COUNTERS};

void ry_role_counters_take_kernels(struct ry_role_counters *counters)
{
    struct rusage usage;
    int core = sched_getcpu();
    if (core >= 0)
        counters->core = (uint64_t)core;
    counters->copied_ns = (uint64_t)ry_clock_machine_ns();
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return; /* they stay what they were */
    counters->switches_voluntary = (uint64_t)usage.ru_nvcsw;
    counters->switches_involuntary = (uint64_t)usage.ru_nivcsw;
}
