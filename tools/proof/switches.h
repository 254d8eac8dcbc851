/* The engine and the probes as ablation switches them (tools/proof/ablate.h). */
#ifndef RY_TOOLS_PROOF_SWITCHES_H
#define RY_TOOLS_PROOF_SWITCHES_H

#include "tools/proof/ablate.h"
#include "tools/proof/proof.h"

/* Measures for `time_ns` at each switch. The aim's machine is looked at again each time: with the
 * stage of the partition the cores that may be used change. `why` as ry_proof_ablate has it. */
bool ry_proof_switches_run(json_t *report, struct ry_proof_aim *aim, int64_t time_ns,
                           void (*say)(const char *line), char why[RY_PROOF_ABLATE_WHY_BYTES]);

#endif
