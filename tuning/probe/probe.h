/*
 * What the probes have in common. A probe measures one property of the machine in a bounded time,
 * with threads of its own that it binds to cores; whoever calls it need not be bound, and is not
 * afterwards. Times are integer nanoseconds (`_ps`: picoseconds). Nothing here writes a setting.
 * The clock is ry_clock_ns: whoever calls a probe has called ry_clock_init (shm/clock.h) at its
 * start, else readings are coarser by some 20 ns.
 *
 * A core that the caller may not use (affinity, cgroup, offline) is not measured, and the row says
 * why: to measure the cores of an isolated partition the caller enters it first.
 */
#ifndef RY_TUNING_PROBE_PROBE_H
#define RY_TUNING_PROBE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "shm/counter.h"
#include "tuning/cpus.h"

#define RY_PROBE_WHY_BYTES 160

/* Of many single times. */
struct ry_probe_times {
    uint64_t count;
    int64_t shortest_ns;
    struct ry_histogram
        ns; /* ry_histogram_percentile(&t.ns, 99900): p99.9; t.ns.max: the longest */
};

void ry_probe_times_add(struct ry_probe_times *times, int64_t ns);

/* Whether a thread of ours may be bound to that core; false with a sentence that says why not. */
bool ry_probe_usable(unsigned core, char why[RY_PROBE_WHY_BYTES]);

/* The cores of this process: affinity and cgroup. */
void ry_probe_allowed(struct ry_tuning_cpus *cores);

/* What one thread does, on its core. */
struct ry_probe_work {
    unsigned core;
    void (*body)(void *context);
    void *context;
};

/* Runs all of them at the same time, each bound to its core, and waits for them. Either all run or
 * none: -1 with a sentence. */
int ry_probe_together(const struct ry_probe_work *work, unsigned count,
                      char why[RY_PROBE_WHY_BYTES]);

/* For a probe between two cores that was given one: says so; -1. */
int ry_probe_same_core(char why[RY_PROBE_WHY_BYTES]);

#endif
