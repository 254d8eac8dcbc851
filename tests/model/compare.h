/*
 * Both machines side by side: the same inputs, every output record compared, and the whole book,
 * ledger and counters again and again.
 */
#ifndef RY_TESTS_MODEL_COMPARE_H
#define RY_TESTS_MODEL_COMPARE_H

#include "tests/model/model.h"

struct ry_compare;

/* battle: what the arena is sized by (the first input of the run, too). NULL if it is out of range.
 */
struct ry_compare *ry_model_compare_create(const struct ry_input_battle *battle);
void ry_model_compare_destroy(struct ry_compare *compare);

/* Applies one input to both. False at the first difference; `ry_model_compare_error` tells it. */
bool ry_model_compare_apply(struct ry_compare *compare, const union ry_input_any *input);

/* Compares what outputs do not show: books, ledger, counters, hashes, states. */
bool ry_model_compare_look(struct ry_compare *compare);

const char *ry_model_compare_error(const struct ry_compare *compare);
const struct ry_model *ry_model_compare_model(const struct ry_compare *compare);

#endif
