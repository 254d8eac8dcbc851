/*
 * The figures beside the real market data, made by other programs: FOLDER/EXPECTED.json. What they
 * say of a file is written in SOURCE.txt there.
 */
#ifndef RY_TESTS_SUPPORT_EXPECTED_H
#define RY_TESTS_SUPPORT_EXPECTED_H

#include <jansson.h>
#include <stdint.h>

/* Its root, which the caller releases (json_decref); NULL: that data is not here. A file that is no
 * JSON fails the test. */
json_t *ry_test_expected(const char *folder);

/* The whole number under a key; 0 without the key. */
uint64_t ry_test_expected_u64(const json_t *object, const char *key);

#endif
