#include "shm/counter.h"

#include <assert.h>

#define STEPS_BITS 4 /* 16 steps an octave */
#define STEPS      (1u << STEPS_BITS)

_Static_assert(RY_HISTOGRAM_BUCKETS == STEPS + (64 - STEPS_BITS) * STEPS, "a bucket for every u64");

void ry_counters_create(struct ry_counters *shared, unsigned count)
{
    assert(count <= RY_COUNTERS_MAX);
    for (unsigned i = 0; i < RY_COUNTERS_MAX; i++)
        ry_store_relaxed(&shared->value[i], 0);
    ry_store_release(&shared->count, count); /* R5: pairs with A5 in shm/counter.c */
}

void ry_counters_publish(struct ry_counters *shared, const uint64_t *values, unsigned count)
{
    assert(count <= RY_COUNTERS_MAX);
    for (unsigned i = 0; i < count; i++)
        ry_store_relaxed(&shared->value[i], values[i]);
}

unsigned ry_counters_read(const struct ry_counters *shared, uint64_t *values, unsigned max)
{
    unsigned count = ry_load_acquire(&shared->count); /* A5: pairs with R5 in shm/counter.c */
    if (count > RY_COUNTERS_MAX)
        count = RY_COUNTERS_MAX;
    if (count > max)
        count = max;
    for (unsigned i = 0; i < count; i++)
        values[i] = ry_load_relaxed(&shared->value[i]);
    return count;
}

/* Values below 16 have a bucket each; above, the leading bit chooses the octave, the next four the
 * step. */
static unsigned bucket_of(uint64_t value)
{
    if (value < STEPS)
        return (unsigned)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - STEPS_BITS;
    return (shift + 1) * STEPS + (unsigned)((value >> shift) & (STEPS - 1));
}

static uint64_t upper_edge(unsigned bucket)
{
    if (bucket < STEPS)
        return bucket;
    unsigned shift = bucket / STEPS - 1;
    /* the last one wraps to UINT64_MAX */
    return (((uint64_t)(STEPS + bucket % STEPS) + 1) << shift) - 1;
}

void ry_histogram_add(struct ry_histogram *histogram, uint64_t value)
{
    histogram->count++;
    histogram->sum += value;
    if (value > histogram->max)
        histogram->max = value;
    histogram->bucket[bucket_of(value)]++;
}

uint64_t ry_histogram_percentile(const struct ry_histogram *histogram, uint32_t per_100k)
{
    if (histogram->count == 0)
        return 0;
    unsigned __int128 share = (unsigned __int128)histogram->count * per_100k;
    uint64_t rank = (uint64_t)((share + 99999) / 100000);
    if (rank == 0)
        rank = 1;
    uint64_t below = 0;
    for (unsigned i = 0; i < RY_HISTOGRAM_BUCKETS; i++) {
        below += histogram->bucket[i];
        if (below >= rank)
            return upper_edge(i) < histogram->max ? upper_edge(i) : histogram->max;
    }
    return histogram->max;
}
