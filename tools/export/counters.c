#include "tools/export/counters.h"

_Static_assert(sizeof(struct ry_export_counters) == RY_EXPORT_COUNTERS * sizeof(uint64_t),
               "a word for each counter");

static const struct ry_counter counters[] = {
#define RY_COUNTER RY_COUNTER_ROW
#include "tools/export/counters.def"
#undef RY_COUNTER
};

const struct ry_counter_table ry_export_counter_table = {counters, RY_EXPORT_COUNTERS};
