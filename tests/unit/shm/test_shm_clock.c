#include "tests/support/test.h"

#include <stdint.h>
#include <time.h>

#include "shm/clock.h"

static int64_t raw_ns(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return now.tv_sec * RY_NS_PER_SECOND + now.tv_nsec;
}

/* Between two looks at the kernel's clock each; being interrupted only widens the bounds. */
static void runs_as_fast_as_the_kernel(void)
{
    int64_t before_first = raw_ns(CLOCK_MONOTONIC_RAW);
    int64_t first = ry_clock_ns();
    uint64_t first_ticks = ry_clock_ticks();
    int64_t after_first = raw_ns(CLOCK_MONOTONIC_RAW), before_last, last;
    uint64_t last_ticks;
    do {
        before_last = raw_ns(CLOCK_MONOTONIC_RAW);
    } while (before_last - after_first < 20000000);
    last = ry_clock_ns();
    last_ticks = ry_clock_ticks();
    int64_t after_last = raw_ns(CLOCK_MONOTONIC_RAW);

    int64_t least = before_last - after_first, most = after_last - before_first;
    ck_assert_int_ge(last - first, least - least / 100);
    ck_assert_int_le(last - first, most + most / 100);
    double by_ticks = (double)(last_ticks - first_ticks) * ry_clock_ns_per_tick();
    ck_assert_double_ge(by_ticks, (double)(least - least / 100));
    ck_assert_double_le(by_ticks, (double)(most + most / 100));
}

static void never_falls(void)
{
    int64_t last = ry_clock_ns();
    uint64_t last_ticks = ry_clock_ticks();
    unsigned falls = 0;
    for (int i = 0; i < 1000000; i++) {
        int64_t now = ry_clock_ns();
        uint64_t ticks = ry_clock_ticks();
        falls += now < last || ticks < last_ticks;
        last = now;
        last_ticks = ticks;
    }
    ck_assert_uint_eq(falls, 0);
}

START_TEST(works_before_it_is_chosen)
{
    ck_assert_str_eq(ry_clock_source(), "clock_gettime");
    ck_assert_int_gt(ry_clock_ns(), 0);
}
END_TEST

START_TEST(fallback)
{
    ry_clock_init();
    ry_clock_init_fallback();
    ck_assert_str_eq(ry_clock_source(), "clock_gettime");
    ck_assert_double_eq(ry_clock_ns_per_tick(), 1.0);
    never_falls();
    runs_as_fast_as_the_kernel();
}
END_TEST

START_TEST(tsc)
{
    if (!ry_clock_init()) {
        ck_assert_str_eq(ry_clock_source(), "clock_gettime");
        ry_test_skip("the TSC is not invariant or the kernel does not trust it");
        return;
    }
    ck_assert_str_eq(ry_clock_source(), "tsc");
    ck_assert_double_gt(ry_clock_ns_per_tick(), 0.05);
    ck_assert_double_lt(ry_clock_ns_per_tick(), 100.0);
    never_falls();
    runs_as_fast_as_the_kernel();
}
END_TEST

START_TEST(wall_time_is_the_kernels)
{
    int64_t before = raw_ns(CLOCK_REALTIME), wall = ry_clock_wall_ns(),
            after = raw_ns(CLOCK_REALTIME);
    ck_assert_int_ge(wall, before);
    ck_assert_int_le(wall, after);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("shm_clock");
    TCase *t = tcase_create("clock");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, works_before_it_is_chosen);
    tcase_add_test(t, fallback);
    tcase_add_test(t, tsc);
    tcase_add_test(t, wall_time_is_the_kernels);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
