/* One pass over the probes, on a set of cores that this process may use. */
#ifndef RY_TOOLS_PROOF_PASS_H
#define RY_TOOLS_PROOF_PASS_H

#include "tools/proof/measure.h"

struct ry_proof_pass {
    const struct ry_proof_asked *asked;
    struct ry_tuning_cpus cores; /* one thread of each physical core; with siblings idle */
    int64_t time_ns;
};

/* A part. A new reference. */
json_t *ry_proof_pass_run(const struct ry_proof_pass *pass);

#endif
