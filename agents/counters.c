#include "agents/counters.h"

_Static_assert(sizeof(struct ry_host_counters) == RY_HOST_COUNTERS * sizeof(uint64_t),
               "a word for each counter");

static const struct ry_counter counters[] = {
#define RY_COUNTER RY_COUNTER_ROW
#include "agents/counters.def"
#undef RY_COUNTER
};

const struct ry_counter_table ry_host_counter_table = {counters, RY_HOST_COUNTERS};
