/* Market time on the battle's wall, and durations. */
#include <limits.h>

#include "tests/support/test.h"
#include "tools/text/moment.h"

#define SECOND RY_NS_PER_SECOND

static const char *moment(struct ry_text_moments *m, int64_t ns)
{
    static char text[RY_TEXT_MOMENT_BYTES];
    return ry_text_moment(text, m, ns);
}

static const char *column(struct ry_text_moments *m, int64_t ns)
{
    static char text[RY_TEXT_MOMENT_BYTES];
    return ry_text_moment_column(text, m, ns);
}

/* 2026-03-08: clocks go forward at 02:00 EST, 07:00 UTC. */
START_TEST(zone_changes)
{
    const int64_t change = INT64_C(1772953200) * SECOND;
    struct ry_text_moments m;
    ry_text_moments_open(&m, "America/New_York", change);
    ck_assert_str_eq(moment(&m, change - 1), "01:59:59.999999999 EST");
    ck_assert_str_eq(moment(&m, change), "03:00:00 EDT");
    ck_assert_str_eq(moment(&m, change - SECOND / 4), "01:59:59.75 EST");
    ck_assert_str_eq(column(&m, change - SECOND / 4), "01:59:59.750000000 EST");
    ck_assert_str_eq(column(&m, change), "03:00:00.000000000 EDT");
    ck_assert_str_eq(moment(&m, change + 86400 * SECOND), "2026-03-09 03:00:00 EDT");
}
END_TEST

START_TEST(other_zones)
{
    struct ry_text_moments m;
    ry_text_moments_open(&m, "UTC", 0);
    ck_assert_str_eq(moment(&m, 0), "00:00:00 UTC");
    ck_assert_str_eq(moment(&m, -1), "1969-12-31 23:59:59.999999999 UTC");
    ry_text_moments_open(&m, "Asia/Kathmandu", INT64_C(1767605400) * SECOND);
    ck_assert_str_eq(moment(&m, INT64_C(1767605400) * SECOND), "15:15:00 +0545");
}
END_TEST

START_TEST(exact_durations)
{
    static const struct {
        int64_t ns;
        const char *text;
    } durations[] = {{0, "0 s"},
                     {1, "1 ns"},
                     {999, "999 ns"},
                     {1000, "1 us"},
                     {200000, "200 us"},
                     {1250000, "1.25 ms"},
                     {1000001, "1.000001 ms"},
                     {3500000000, "3.5 s"},
                     {INT64_MAX, "9223372036.854775807 s"}};
    char text[RY_TEXT_DURATION_BYTES];
    for (unsigned i = 0; i < sizeof durations / sizeof *durations; i++)
        ck_assert_str_eq(ry_text_duration(text, durations[i].ns), durations[i].text);
}
END_TEST

static Suite *moment_suite(void)
{
    Suite *suite = suite_create("moment");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, zone_changes);
    tcase_add_test(tests, other_zones);
    tcase_add_test(tests, exact_durations);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(moment_suite)
