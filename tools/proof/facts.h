/*
 * What a report is of: the machine, its kernel and versions, what each CPU is for, how its settings
 * stand; and what makes figures mean less than they say.
 */
#ifndef RY_TOOLS_PROOF_FACTS_H
#define RY_TOOLS_PROOF_FACTS_H

#include <jansson.h>

#include "tuning/host.h"
#include "tuning/placement.h"
#include "tuning/target.h"

/* Into the report: host, machine, uses, kernel, versions, plan (of `placement`, or null), meaning.
 */
void ry_proof_facts(json_t *report, const struct ry_tuning_host *host,
                    const struct ry_tuning_target *target,
                    const struct ry_tuning_placement *placement);

/* "stages" and "applied". */
void ry_proof_facts_stages(json_t *report, const struct ry_tuning_host *host,
                           const struct ry_tuning_target *target);

#endif
