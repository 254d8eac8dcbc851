#include "feeds/counters/counters.h"

_Static_assert(sizeof(struct ry_feed_counters) == RY_FEED_COUNTERS * sizeof(uint64_t),
               "a word for each counter");

static const struct ry_counter counters[] = {
#define RY_COUNTER RY_COUNTER_ROW
#include "feeds/counters/counters.def"
#undef RY_COUNTER
};

const struct ry_counter_table ry_feed_counter_table = {counters, RY_FEED_COUNTERS};
