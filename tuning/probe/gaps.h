/*
 * Gaps: on each core a thread of ours does nothing but read the clock; when two readings lie
 * further apart than the threshold, somebody else had the core: an interrupt, a kernel thread,
 * another process, firmware (SMI), a hypervisor. What `oslat` measures.
 *
 * An idle untuned core shows a gap of 1-5 us at each timer tick (100-1000 a second); a tuned one
 * shows none in minutes. On a guest the hypervisor's own tick shows as well.
 *
 * Fills the cores that it is given with work for `time_ns`: not beside a battle.
 */
#ifndef RY_TUNING_PROBE_GAPS_H
#define RY_TUNING_PROBE_GAPS_H

#include "tuning/probe/probe.h"

#define RY_PROBE_GAPS_THRESHOLD_NS 500 /* the default: above it no reading takes by itself */

struct ry_probe_gaps_asked {
    struct ry_tuning_cpus cores;
    int64_t time_ns;      /* of each core */
    int64_t threshold_ns; /* 0: the default */
    unsigned at_once;     /* how many cores at the same time; 0: all */
};

struct ry_probe_gaps_core {
    unsigned core;
    bool ran;
    char why[RY_PROBE_WHY_BYTES]; /* it did not */
    int64_t time_ns;              /* it did for so long */
    uint64_t readings;
    int64_t reading_ns; /* the shortest distance of two */
    int64_t longest_ns;
    int64_t longest_at_ns;    /* since the core's start */
    int64_t stolen_ns;        /* all gaps together */
    struct ry_histogram gaps; /* their lengths in ns; gaps.count of them */
};

struct ry_probe_gaps_result {
    int64_t threshold_ns;
    unsigned cores;
    struct ry_probe_gaps_core *core; /* by number */
};

/* 0; -1: no memory. A core that cannot be used says why by itself. To be freed. */
int ry_probe_gaps(const struct ry_probe_gaps_asked *asked, struct ry_probe_gaps_result *result);
void ry_probe_gaps_free(struct ry_probe_gaps_result *result);

#endif
