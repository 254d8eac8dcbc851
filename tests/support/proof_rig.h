/*
 * Reports of machines that nobody has, with figures that a test knows.
 */
#ifndef RY_TESTS_SUPPORT_PROOF_RIG_H
#define RY_TESTS_SUPPORT_PROOF_RIG_H

#include <jansson.h>

/* JSON written with ' in place of ". */
json_t *ry_test_proof_json(const char *text);

/* Two cores, 0 house and 1 hot with exec on it; every field has something in it. */
json_t *ry_test_proof_report(void);

/* What a page says; the test frees it. `before` may be NULL. */
char *ry_test_proof_page(const json_t *now, const json_t *before);

#endif
