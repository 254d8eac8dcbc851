#include "feeds/counters/counters.h"

#include <assert.h>

#include "feeds/wire/itch50.h"
#include "shm/counter.h"

_Static_assert(RY_FEED_COUNTERS <= RY_COUNTERS_MAX, "the region of a role has room for all");

/* ry_normalise_itch counts by position in RY_WIRE_ITCH50_TYPES. */
enum position {
#define X(type, length, name) POSITION_##name,
    RY_WIRE_ITCH50_TYPES(X)
#undef X
};
#define X(type, length, name)                                                                      \
    RY_OFFSET(struct ry_feed_counters, itch_##name,                                                \
              offsetof(struct ry_feed_counters, itch_system_event) +                               \
                  sizeof(uint64_t) * POSITION_##name);
RY_WIRE_ITCH50_TYPES(X)
#undef X

static const char *const names[] = {
#define RY_COUNTER(name, unit, help) #name,
#include "feeds/counters/counters.def"
#undef RY_COUNTER
};

const char *ry_feed_counter_name(unsigned i)
{
    assert(i < RY_FEED_COUNTERS);
    return names[i];
}
