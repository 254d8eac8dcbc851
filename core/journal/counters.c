#include "core/journal/counters.h"

_Static_assert(sizeof(struct ry_journal_counters) == RY_JOURNAL_COUNTERS * sizeof(uint64_t),
               "a word for each counter");

static const struct ry_counter counters[] = {
#define RY_COUNTER RY_COUNTER_ROW
#include "core/journal/counters.def"
#undef RY_COUNTER
};

const struct ry_counter_table ry_journal_counter_table = {counters, RY_JOURNAL_COUNTERS};
