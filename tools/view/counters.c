#include "tools/view/counters.h"

_Static_assert(sizeof(struct ry_view_counters) == RY_VIEW_COUNTERS * sizeof(uint64_t),
               "a word for each counter");

static const struct ry_counter counters[] = {
#define RY_COUNTER RY_COUNTER_ROW
#include "tools/view/counters.def"
#undef RY_COUNTER
};

const struct ry_counter_table ry_view_counter_table = {counters, RY_VIEW_COUNTERS};
