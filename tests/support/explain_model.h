/*
 * Whether a sentence about a record is true, decided without the grammar: slowly, from patterns of
 * English that were written down by themselves. Each clause is read as claims, pairs of a field and
 * a value and comparisons of two fields, and each claim is looked up in the record's exact values.
 * Who says the same in the form of other words, or "100.25" for "100.2500", is right as well; what
 * is not understood is not true.
 */
#ifndef RY_TESTS_SUPPORT_EXPLAIN_MODEL_H
#define RY_TESTS_SUPPORT_EXPLAIN_MODEL_H

#include <stddef.h>

#include "tools/explain/record.h"

bool ry_test_explain_true(const struct ry_explain_record *record, const char *sentence,
                          size_t bytes);

#endif
