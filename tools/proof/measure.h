/*
 * Runs the probes, in a bounded time.
 *
 * Cores of an isolated partition can be used by who is in it alone, all others by who is outside:
 * such a machine is measured in two passes, each in a process of its own, and between a core of one
 * and a core of the other nothing is. The caller is neither moved nor bound.
 */
#ifndef RY_TOOLS_PROOF_MEASURE_H
#define RY_TOOLS_PROOF_MEASURE_H

#include <jansson.h>

#include "tuning/host.h"
#include "tuning/target.h"

#define RY_PROOF_SECONDS     30 /* the default of what all probes take together */
#define RY_PROOF_SECONDS_MAX 3600

struct ry_proof_asked {
    const struct ry_tuning_host *host;
    const struct ry_tuning_target *target;
    int64_t time_ns;               /* of all together */
    bool brief;                    /* hot cores alone, gaps and calls: what a stage is worth */
    void (*say)(const char *line); /* what is being measured; NULL: nobody is told */
};

/* A part as ry_proof_figures_join takes it; what failed stands in its "not_measured". A new
 * reference, never NULL. */
json_t *ry_proof_measure(const struct ry_proof_asked *asked);

#endif
