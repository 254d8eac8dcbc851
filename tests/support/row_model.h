/*
 * Rows of every kind with any values, and what each is in JSON, by a slow and obvious model: a
 * tree of jansson, gmtime, digit by digit.
 */
#ifndef RY_TESTS_SUPPORT_ROW_MODEL_H
#define RY_TESTS_SUPPORT_ROW_MODEL_H

#include <jansson.h>

#include "core/results/results.h"
#include "tests/support/arena_rig.h"

#define RY_TEST_ROW_AGENTS      8
#define RY_TEST_ROW_INSTRUMENTS 20 /* one for each price_scale, 0 to 18, and one more */

/* Results that know names and price scales, for rows that no battle made. The names are hostile:
 * quotes, controls, bytes beyond ASCII, full length without a NUL; agent 0 and instrument 4 have
 * plain ones. Static: stays until the next call. */
const struct ry_results *ry_test_row_results(void);

/* A row of that kind; each value small, random, or one of the ends of what its column holds. */
struct ry_results_row ry_test_row_random(struct ry_test_rng *rng, enum ry_results_row_kind kind);

/* A new reference. */
json_t *ry_test_row_model(const struct ry_results *r, const struct ry_results_row *row);

/* What the program writes, read back; fails the test if it is no JSON. */
json_t *ry_test_row_read(const struct ry_results *r, const struct ry_results_row *row);

#endif
