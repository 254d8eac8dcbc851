/*
 * What probes and counts found, as the JSON of a report has it (tools/proof/fields.def). Pure.
 */
#ifndef RY_TOOLS_PROOF_FIGURES_H
#define RY_TOOLS_PROOF_FIGURES_H

#include <jansson.h>

#include "tuning/noise.h"
#include "tuning/probe/futex.h"
#include "tuning/probe/gaps.h"
#include "tuning/probe/ipi.h"
#include "tuning/probe/memory.h"
#include "tuning/probe/pingpong.h"
#include "tuning/probe/rtla.h"
#include "tuning/probe/syscall.h"

/* An empty part: {"gaps": null, "calls": [], .., "not_measured": []}. A new reference, as below. */
json_t *ry_proof_figures(void);

/* Into a part: what was measured, and why the rest was not. */
void ry_proof_figures_gaps(json_t *part, const struct ry_probe_gaps_result *gaps);
void ry_proof_figures_syscall(json_t *part, unsigned core,
                              const struct ry_probe_syscall_result *result);
void ry_proof_figures_futex(json_t *part, const struct ry_probe_futex_asked *asked,
                            const struct ry_probe_futex_result *result);
void ry_proof_figures_ipi(json_t *part, const struct ry_probe_ipi_asked *asked,
                          const struct ry_probe_ipi_result *result);
void ry_proof_figures_pingpong(json_t *part, const struct ry_probe_pingpong_result *result);
void ry_proof_figures_memory(json_t *part, const struct ry_probe_memory_result *result);
void ry_proof_figures_rtla(json_t *part, enum ry_probe_rtla_tool tool,
                           const struct ry_probe_rtla_result *result);
void ry_proof_figures_noise(json_t *part, const char *during, const struct ry_tuning_noise *noise);

void ry_proof_figures_lacks(json_t *part, const char *what, const char *why);

/* Adds what `part` has to `whole`, both of ry_proof_figures: of other cores, measured apart. */
void ry_proof_figures_join(json_t *whole, const json_t *part);

#endif
