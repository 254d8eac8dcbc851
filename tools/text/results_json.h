/*
 * What a battle came to as one JSON object: results.json (docs/RESULTS.md).
 */
#ifndef RY_TOOLS_TEXT_RESULTS_JSON_H
#define RY_TOOLS_TEXT_RESULTS_JSON_H

#include <jansson.h>

#include "core/results/results.h"

/* After ry_results_value. `partial`: why this is not the whole battle, NULL if it is. A new
 * reference. */
json_t *ry_text_results_json(const struct ry_results *r, const struct ry_arena *arena,
                             const char *partial);

/* "stamps" alone. A new reference. */
json_t *ry_text_results_stamps(const struct ry_results *r);

#endif
