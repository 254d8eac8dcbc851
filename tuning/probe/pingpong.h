/*
 * How far cores are from each other: two threads pass a cache line to and fro, for each pair of
 * cores. Siblings of one core 10-20 ns a way, one L3 20-60, another L3 or socket 100-300. Behind
 * the plan's "in one L3" stands this matrix.
 *
 * The time is divided among all pairs, near ones (by number) first; if it is over before the last,
 * the rest is not measured. On a machine of 192 cores there are 18,336 pairs: 1 ms each, 20 s.
 */
#ifndef RY_TUNING_PROBE_PINGPONG_H
#define RY_TUNING_PROBE_PINGPONG_H

#include "tuning/probe/probe.h"

#define RY_PROBE_PINGPONG_NONE (-1) /* not measured */

struct ry_probe_pingpong_asked {
    struct ry_tuning_cpus cores;
    int64_t time_ns; /* of all pairs together */
};

struct ry_probe_pingpong_result {
    unsigned cores;
    unsigned *core;      /* their numbers */
    uint64_t pairs;      /* cores x (cores - 1) / 2 */
    uint64_t measured;   /* of them */
    int64_t *one_way_ps; /* [i * cores + j], symmetric: the median of batches, half a round trip;
                            NONE: not measured, and on the diagonal */
    char why[RY_PROBE_WHY_BYTES]; /* of the first pair that could not be measured; "": all were */
};

/* 0; -1: no memory. To be freed. */
int ry_probe_pingpong(const struct ry_probe_pingpong_asked *asked,
                      struct ry_probe_pingpong_result *result);
void ry_probe_pingpong_free(struct ry_probe_pingpong_result *result);

#endif
