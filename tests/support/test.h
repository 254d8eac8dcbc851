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

/* A test of its own process, once for each _i from `from` on and below `to`. */
struct ry_test_one {
    const TTest *const *test; /* &NAME of START_TEST(NAME) */
    int from, to;
};

/* The same, for tests that hardly compute and wait for a library's timeouts: several side by side.
 * Each may take `timeout_s`. */
int ry_test_run_side_by_side(const char *suite, double timeout_s, const struct ry_test_one *tests,
                             unsigned count);

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

#define RY_TEST_MAIN_SIDE_BY_SIDE(suite, timeout_s, tests)                                         \
    int main(void)                                                                                 \
    {                                                                                              \
        return ry_test_run_side_by_side(suite, timeout_s, tests, sizeof(tests) / sizeof *(tests)); \
    }

#endif
