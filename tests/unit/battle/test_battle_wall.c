/* Wall clock times: reading, and the days on which clocks change. */
#include <stdlib.h>
#include <string.h>

#include "core/battle/wall.h"
#include "tests/support/test.h"

#define NS INT64_C(1000000000)

static int64_t utc(const char *day, const char *time, const char *zone)
{
    struct ry_battle_wall midnight, wall;
    int64_t ns;
    ck_assert(ry_battle_wall_read_date(day, &midnight));
    ck_assert(ry_battle_wall_read_time(time, midnight, &wall));
    return ry_battle_wall_to_utc(wall, zone, &ns) == RY_BATTLE_WALL_OK ? ns : INT64_MIN;
}

START_TEST(dates)
{
    struct ry_battle_wall wall;
    static const char *const wrong[] = {"",           "2026-13-01",  "2026-02-29", "2026-00-10",
                                        "2026-01-00", "1969-12-31",  "2200-01-01", "2026-01-5",
                                        "2026/01/05", "2026-01-05 ", "20260105",   "2026-01-051",
                                        "-026-01-05"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!ry_battle_wall_read_date(wrong[i], &wall), "%s", wrong[i]);
    ck_assert(ry_battle_wall_read_date("1970-01-01", &wall));
    ck_assert_int_eq(wall.seconds, 0);
    ck_assert(ry_battle_wall_read_date("2024-02-29", &wall));
    ck_assert_int_eq(wall.seconds, 1709164800);
}
END_TEST

START_TEST(times)
{
    struct ry_battle_wall midnight = {.seconds = 86400}, wall;
    static const char *const wrong[] = {"",
                                        ":30",
                                        "009:30",
                                        "9:3",
                                        "09:60",
                                        "09:30:60",
                                        "09:30:00.",
                                        "09",
                                        "09:3",
                                        "48:00",
                                        "09:30:00.0000000001",
                                        "09:30 ",
                                        "-1:00",
                                        "1970-01-02T24:00",
                                        "1970-01-02T",
                                        "1970-13-02T00:00",
                                        "T",
                                        "09:30.5"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!ry_battle_wall_read_time(wrong[i], midnight, &wall), "%s", wrong[i]);
    ck_assert(ry_battle_wall_read_time("09:30", midnight, &wall));
    ck_assert_int_eq(wall.seconds, 86400 + 34200);
    ck_assert_int_eq(wall.ns, 0);
    ck_assert(ry_battle_wall_read_time("9:30", midnight, &wall));
    ck_assert_int_eq(wall.seconds, 86400 + 34200);
    ck_assert(ry_battle_wall_read_time("0:05:00", (struct ry_battle_wall){0}, &wall));
    ck_assert_int_eq(wall.seconds, 300);
    ck_assert(ry_battle_wall_read_time("1970-01-01T9:30", midnight, &wall));
    ck_assert_int_eq(wall.seconds, 34200);
    ck_assert(ry_battle_wall_read_time("47:59:59.999999999", midnight, &wall));
    ck_assert_int_eq(wall.seconds, 86400 + 48 * 3600 - 1);
    ck_assert_int_eq(wall.ns, 999999999);
    ck_assert(ry_battle_wall_read_time("1970-01-01T00:00:00.05", midnight, &wall));
    ck_assert_int_eq(wall.seconds, 0);
    ck_assert_int_eq(wall.ns, 50000000);
}
END_TEST

START_TEST(zones)
{
    ck_assert(ry_battle_wall_zone_exists("America/New_York"));
    ck_assert(ry_battle_wall_zone_exists("UTC"));
    ck_assert(ry_battle_wall_zone_exists("Etc/GMT+5"));
    ck_assert(!ry_battle_wall_zone_exists(""));
    ck_assert(!ry_battle_wall_zone_exists("America"));
    ck_assert(!ry_battle_wall_zone_exists("/etc/passwd"));
    ck_assert(!ry_battle_wall_zone_exists("../zoneinfo/UTC"));
    ck_assert(!ry_battle_wall_zone_exists("EST5EDT4"));
    ck_assert(!ry_battle_wall_zone_exists("zone.tab"));
}
END_TEST

START_TEST(plain_days)
{
    ck_assert_int_eq(utc("2026-01-05", "09:30", "America/New_York"), 1767623400 * NS);
    ck_assert_int_eq(utc("2026-07-06", "09:30", "America/New_York"), 1783344600 * NS);
    ck_assert_int_eq(utc("2026-01-05", "09:30", "UTC"), 1767605400 * NS);
    ck_assert_int_eq(utc("2026-01-05", "00:00", "Asia/Kolkata"), 1767551400 * NS);
    ck_assert_int_eq(utc("2026-01-05", "25:30:00.5", "UTC"), 1767663000 * NS + 500000000);
    ck_assert_int_eq(utc("1970-01-01", "00:00", "Asia/Tokyo"), -32400 * NS);
    ck_assert_int_eq(utc("2199-12-31", "47:59", "UTC"), INT64_C(7258204740) * NS);
}
END_TEST

/* 2026-03-08: 01:59:59 EST is followed by 03:00:00 EDT. */
START_TEST(clocks_go_forward)
{
    const char *zone = "America/New_York";
    ck_assert_int_eq(utc("2026-03-08", "00:00", zone), 1772946000 * NS);
    ck_assert_int_eq(utc("2026-03-08", "01:59:59", zone), 1772953199 * NS);
    ck_assert_int_eq(utc("2026-03-08", "02:00", zone), INT64_MIN);
    ck_assert_int_eq(utc("2026-03-08", "02:59:59.9", zone), INT64_MIN);
    ck_assert_int_eq(utc("2026-03-08", "03:00", zone), 1772953200 * NS);
    ck_assert_int_eq(utc("2026-03-08", "09:30", zone), 1772976600 * NS);
    ck_assert_int_eq(utc("2026-03-07", "26:30", zone), INT64_MIN);
}
END_TEST

/* 2026-11-01: 01:59:59 EDT is followed by 01:00:00 EST; what comes twice is the first. */
START_TEST(clocks_go_back)
{
    const char *zone = "America/New_York";
    ck_assert_int_eq(utc("2026-11-01", "00:59:59", zone), 1793509199 * NS);
    ck_assert_int_eq(utc("2026-11-01", "01:00", zone), 1793509200 * NS);
    ck_assert_int_eq(utc("2026-11-01", "01:30", zone), 1793511000 * NS);
    ck_assert_int_eq(utc("2026-11-01", "02:00", zone), 1793516400 * NS);
    ck_assert_int_eq(utc("2026-11-01", "09:30", zone), 1793543400 * NS);
}
END_TEST

/* Half an hour (Lord Howe), and a change without daylight saving (Volgograd, 2018-10-28 +3 to +4).
 */
START_TEST(odd_changes)
{
    ck_assert_int_eq(utc("2026-10-04", "02:15", "Australia/Lord_Howe"), INT64_MIN);
    ck_assert_int_eq(utc("2026-10-04", "02:30", "Australia/Lord_Howe"), 1791041400 * NS);
    ck_assert_int_eq(utc("2018-10-28", "02:30", "Europe/Volgograd"), INT64_MIN);
    ck_assert_int_eq(utc("2018-10-28", "03:00", "Europe/Volgograd"), 1540681200 * NS);
}
END_TEST

START_TEST(printed_in_both_clocks)
{
    char text[96];
    ry_battle_wall_print(1767623400 * NS, "America/New_York", text, sizeof text);
    ck_assert_str_eq(text, "2026-01-05 09:30:00 EST (14:30:00 UTC)");
    ry_battle_wall_print(1783344600 * NS + 1500000, "America/New_York", text, sizeof text);
    ck_assert_str_eq(text, "2026-07-06 09:30:00.0015 EDT (13:30:00.0015 UTC)");
    ry_battle_wall_print(1767658500 * NS, "America/New_York", text, sizeof text);
    ck_assert_str_eq(text, "2026-01-05 19:15:00 EST (2026-01-06 00:15:00 UTC)");
    ry_battle_wall_print(-1, "UTC", text, sizeof text);
    ck_assert_str_eq(text, "1969-12-31 23:59:59.999999999 UTC");
}
END_TEST

START_TEST(the_process_keeps_its_own_zone)
{
    setenv("TZ", "Asia/Tokyo", 1);
    (void)utc("2026-01-05", "09:30", "America/New_York");
    ck_assert_str_eq(getenv("TZ"), "Asia/Tokyo");
    unsetenv("TZ");
    (void)utc("2026-01-05", "09:30", "America/New_York");
    ck_assert_ptr_null(getenv("TZ"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("battle_wall");
    TCase *t = tcase_create("wall");
    tcase_add_test(t, dates);
    tcase_add_test(t, times);
    tcase_add_test(t, zones);
    tcase_add_test(t, plain_days);
    tcase_add_test(t, clocks_go_forward);
    tcase_add_test(t, clocks_go_back);
    tcase_add_test(t, odd_changes);
    tcase_add_test(t, printed_in_both_clocks);
    tcase_add_test(t, the_process_keeps_its_own_zone);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
