#include "core/arena/counters.h"

#include "shm/counter.h"

_Static_assert(sizeof(struct ry_arena_counters) == RY_ARENA_COUNTERS * sizeof(uint64_t),
               "a word for each counter");

static const struct ry_counter counters[] = {
#define RY_COUNTER RY_COUNTER_ROW
#include "core/arena/counters.def"
#undef RY_COUNTER
};

const struct ry_counter_table ry_arena_counter_table = {counters, RY_ARENA_COUNTERS};
