/*
 * What disturbed cores (tuning/noise.h) as JSON, the same in noise.json of a battle and wherever
 * else it is shown: docs/RESULTS.md describes it.
 */
#ifndef RY_TOOLS_TEXT_NOISE_JSON_H
#define RY_TOOLS_TEXT_NOISE_JSON_H

#include <jansson.h>

#include "tuning/noise.h"

/* {"lasted_ns", "why", "cores": [..]}; a new reference. */
json_t *ry_text_noise_json(const struct ry_tuning_noise *noise);

#endif
