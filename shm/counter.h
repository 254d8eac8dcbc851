/*
 * Counters: private u64s that a role bumps for nothing, copied out into its own region now and
 * then.
 *
 * A role has one table, NAME.def, of RY_COUNTER(name, unit, help) lines; from it come a struct of
 * u64 (private to the process), the descriptions, and the docs. The copy in shared memory is one
 * array of relaxed atomic words in the table's order: each figure is whole, the set is of about one
 * moment.
 */
#ifndef RY_SHM_COUNTER_H
#define RY_SHM_COUNTER_H

#include "shm/atomic.h"
#include "shm/base.h"

#define RY_COUNTERS_MAX 256

struct ry_counters {
    ry_atomic_u32 count; /* said again when the role knows its table; readers clamp it */
    uint32_t zero;
    ry_atomic_u64 value[RY_COUNTERS_MAX];
};
RY_SIZE(struct ry_counters, 8 + 8 * RY_COUNTERS_MAX);
RY_OFFSET(struct ry_counters, value, 8);

/* Zeroes all and says how many there are; again when others read already, if need be. */
void ry_counters_create(struct ry_counters *shared, unsigned count);

/* Copies `count` private counters out. */
void ry_counters_publish(struct ry_counters *shared, const uint64_t *values, unsigned count);

/* Copies what is there in; returns how many. */
unsigned ry_counters_read(const struct ry_counters *shared, uint64_t *values, unsigned max);

/*
 * A log-linear histogram of u64 (nanoseconds mostly): 16 steps an octave, so at most 6.25 % wide.
 * Process-private; its buckets are plain u64s that can be copied out like counters.
 */
#define RY_HISTOGRAM_BUCKETS 976

struct ry_histogram {
    uint64_t count;
    uint64_t sum;
    uint64_t max;
    uint64_t bucket[RY_HISTOGRAM_BUCKETS];
};

void ry_histogram_add(struct ry_histogram *histogram, uint64_t value);
/* The upper edge of the bucket that holds the share `per_100k` (p99.9 = 99900) of the values, at
 * most `max`; 0 when there are none. */
uint64_t ry_histogram_percentile(const struct ry_histogram *histogram, uint32_t per_100k);

#endif
