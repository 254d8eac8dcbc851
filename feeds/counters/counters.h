/*
 * What a feed counts, in whatever layer; the table is feeds/counters/counters.def. It lies below
 * the layers, so that each counts a drop where it drops. One struct a feed, in its handler: private
 * to the process, copied out by the run loop.
 */
#ifndef RY_FEEDS_COUNTERS_COUNTERS_H
#define RY_FEEDS_COUNTERS_COUNTERS_H

#include "shm/base.h"

struct ry_feed_counters {
#define RY_COUNTER(name, unit, help) uint64_t name;
#include "feeds/counters/counters.def"
#undef RY_COUNTER
};

#define RY_FEED_COUNTERS (sizeof(struct ry_feed_counters) / sizeof(uint64_t))

/* The name of counter number i, in the order of the table. */
const char *ry_feed_counter_name(unsigned i);

#endif
