/*
 * A row (core/results/rows.def) as JSON: one object, its members without blanks between them, in
 * the form that docs/RECORDS.md gives to each type.
 */
#ifndef RY_TOOLS_TEXT_ROW_JSON_H
#define RY_TOOLS_TEXT_ROW_JSON_H

#include <stdio.h>

#include "core/results/results.h"

#define RY_TEXT_ROW_BYTES 2048 /* of any row at most; row_json.c has the sum */

/* {"type": "fill", the key, the columns in their order}. `r` knows names and price scales. No
 * newline, no NUL. Returns the bytes. */
size_t ry_text_row_json(char out[RY_TEXT_ROW_BYTES], const struct ry_results *r,
                        const struct ry_results_row *row);

/* Writes it in one line with its newline. 0, or -1 with errno set. */
int ry_text_row_line(FILE *out, const struct ry_results *r, const struct ry_results_row *row);

#endif
