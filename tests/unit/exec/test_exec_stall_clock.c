/*
 * The stall clock counts the time in which exec saw an agent be silent, and no other.
 */
#include "core/exec/stall_clock.h"
#include "tests/support/test.h"

#define MS (RY_NS_PER_SECOND / 1000)

static const struct ry_exec_wait silent = {.why = RY_EXEC_WAIT_ANSWER, .who = 3, .since = 17};

START_TEST(it_counts_looks_at_one_wait)
{
    struct ry_exec_stall_clock clock = {0};
    int64_t now = 1000 * MS;
    ck_assert_int_eq(ry_exec_stall_clock_look(&clock, &silent, now), 0);
    for (int i = 1; i <= 5000; i++)
        ck_assert_int_eq(ry_exec_stall_clock_look(&clock, &silent, now += MS), i * MS);
}
END_TEST

/* Ctrl-Z, a machine asleep: however long, and however often. */
START_TEST(time_in_which_exec_did_not_run_is_nobodys_silence)
{
    struct ry_exec_stall_clock clock = {0};
    int64_t now = 1000 * MS;
    ry_exec_stall_clock_look(&clock, &silent, now);
    ck_assert_int_eq(ry_exec_stall_clock_look(&clock, &silent, now += 33000 * MS), 100 * MS);
    ck_assert_int_eq(ry_exec_stall_clock_look(&clock, &silent, now += MS), 101 * MS);
    ck_assert_int_eq(ry_exec_stall_clock_look(&clock, &silent, now + 86400000 * MS), 201 * MS);
}
END_TEST

/* What came before a wait's first look is not its own. */
START_TEST(another_wait_begins_anew)
{
    static const struct ry_exec_wait others[] = {
        {.why = RY_EXEC_WAIT_ROOM, .who = 3, .since = 17},
        {.why = RY_EXEC_WAIT_ANSWER, .who = 4, .since = 17},
        {.why = RY_EXEC_WAIT_ANSWER, .who = 3, .since = 18},
    };
    struct ry_exec_stall_clock clock = {0};
    ry_exec_stall_clock_look(&clock, &silent, 1000 * MS);
    ck_assert_int_eq(ry_exec_stall_clock_look(&clock, &silent, 1050 * MS), 50 * MS);
    ck_assert_int_eq(ry_exec_stall_clock_look(&clock, &others[_i], 1060 * MS), 0);
    ck_assert_int_eq(ry_exec_stall_clock_look(&clock, &others[_i], 1070 * MS), 10 * MS);
}
END_TEST

START_TEST(a_restart_forgets)
{
    struct ry_exec_stall_clock clock = {0};
    ry_exec_stall_clock_look(&clock, &silent, 1000 * MS);
    ry_exec_stall_clock_look(&clock, &silent, 1050 * MS);
    ry_exec_stall_clock_restart(&clock);
    ck_assert_int_eq(ry_exec_stall_clock_look(&clock, &silent, 1060 * MS), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_stall_clock");
    TCase *t = tcase_create("exec_stall_clock");
    tcase_add_test(t, it_counts_looks_at_one_wait);
    tcase_add_test(t, time_in_which_exec_did_not_run_is_nobodys_silence);
    tcase_add_loop_test(t, another_wait_begins_anew, 0, 3);
    tcase_add_test(t, a_restart_forgets);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
