/*
 * What a feed counts, in whatever layer; the table is feeds/counters/counters.def. It lies below
 * the layers, so that each counts a drop where it drops. One struct a feed, in its handler: private
 * to the process, copied out by the run loop.
 */
#ifndef RY_FEEDS_COUNTERS_COUNTERS_H
#define RY_FEEDS_COUNTERS_COUNTERS_H

#include "shm/counter.h"

/* The index of each counter. */
enum ry_feed_counter {
#define RY_COUNTER(name, kind, unit, sentence, remedy) RY_FEED_COUNTER_##name,
#include "feeds/counters/counters.def"
#undef RY_COUNTER
    RY_FEED_COUNTERS,
};

struct ry_feed_counters {
    union {
        struct {
#define RY_COUNTER RY_COUNTER_WORD
#include "feeds/counters/counters.def"
#undef RY_COUNTER
        };
        uint64_t value[RY_FEED_COUNTERS]; /* the same, by index */
    };
};

extern const struct ry_counter_table ry_feed_counter_table;

#endif
