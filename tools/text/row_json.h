/*
 * Rows (core/results/rows.def) as JSON: one object a row, and the JSON Schema of all of them.
 */
#ifndef RY_TOOLS_TEXT_ROW_JSON_H
#define RY_TOOLS_TEXT_ROW_JSON_H

#include <jansson.h>

#include "core/results/results.h"

/* {"type": "fill", the key, the columns in their order}. `r` knows names and price scales. */
json_t *ry_text_row_json(const struct ry_results *r, const struct ry_results_row *row);

/* 32 hexadecimal digits, and the NUL. */
#define RY_TEXT_ID_BYTES (2 * RY_BATTLE_ID_BYTES + 1)
const char *ry_text_row_id(char text[RY_TEXT_ID_BYTES], const struct ry_battle_id *id);
json_t *ry_text_row_id_json(const struct ry_battle_id *id);

#endif
