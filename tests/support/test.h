/*
 * What every unit test shares: a main() that runs one suite and prints TAP, skipping with a reason,
 * and the place of the real market data.
 */
#ifndef RY_TESTS_SUPPORT_TEST_H
#define RY_TESTS_SUPPORT_TEST_H

#include <check.h>
#include <stdbool.h>

/* Runs a suite, prints TAP on standard output; the exit code says whether all passed. */
int ry_test_run(Suite *suite);

/* Counts the running test as skipped. Return from the test after it. */
void ry_test_skip(const char *why);

/* The path of a file of the real market data in a static buffer, NULL where it is absent. */
const char *ry_test_data(const char *name);

/* The same of the small inputs made after reports of users: $ROYALE_CASES, else ../shared/cases. */
const char *ry_test_case(const char *name);

/* True in `make long-test`. */
bool ry_test_long(void);

#define RY_TEST_MAIN(suite_function)                                                               \
    int main(void)                                                                                 \
    {                                                                                              \
        return ry_test_run(suite_function());                                                      \
    }

#endif
