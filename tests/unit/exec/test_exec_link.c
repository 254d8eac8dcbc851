/*
 * The order in which an agent is told things, by hand: what is due at once, what a go holds, what
 * waits for an answer, timers, room. docs/TIME.md says the same in prose. Links are read in letters
 * (tests/support/agent_rig.h).
 */
#include "tests/support/told_rig.h"

#define NEVER  RY_TIME_NEVER
#define NOBODY RY_EXEC_TOLD_NOBODY

/* ---- what a go is ---------------------------------------------------------------------------- */

START_TEST(test_silent_records_go_at_once)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    told_group(rig, 100, "CCS");
    ck_assert_str_eq(told_letters(rig, 100), "CCS"); /* 100 is not closed */
    told_group(rig, 200, "C");
    ck_assert_str_eq(told_letters(rig, 200), "C");
    told_close(rig);
}
END_TEST

START_TEST(test_wake_waits_until_its_time_is_closed)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    told_group(rig, 100, "Ct");
    ck_assert_str_eq(told_letters(rig, 100), "Ct"); /* before any wake that can still come */
    told_group(rig, 100, "C");
    ck_assert_str_eq(told_letters(rig, 100), ""); /* behind the wake */
    ck_assert_str_eq(told_letters(rig, 101), "M");
    told_close(rig);
}
END_TEST

START_TEST(test_go_holds_its_time_and_nothing_later)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    told_group(rig, 100, "C");
    told_report(rig, 0, 100);
    told_group(rig, 100, "tC");
    told_group(rig, 100, "C");
    told_group(rig, 100, "t");
    told_group(rig, 100, "C"); /* behind the last wake */
    told_group(rig, 200, "Ct");
    told_group(rig, 300, "C");
    ck_assert_str_eq(told_letters(rig, 400), "CrRtCMCtM");
    told_ack(rig, 0, NEVER);
    ck_assert_str_eq(told_letters(rig, 400), "");
    told_ack(rig, 0, NEVER);
    ck_assert_str_eq(told_letters(rig, 400), "");
    told_ack(rig, 0, NEVER);
    ck_assert_str_eq(told_letters(rig, 400), "CCtM");
    told_group(rig, 400, "C");
    ck_assert_str_eq(told_letters(rig, 500), ""); /* an answer is owed */
    told_ack(rig, 0, NEVER);
    ck_assert_str_eq(told_letters(rig, 500), "CC");
    told_close(rig);
}
END_TEST

/* Wakes are numbered from START on, and say what they are by, T and the group. */
START_TEST(test_wakes_say_what_they_are)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    union ry_told_any record;
    told_report(rig, 0, 100);
    told_group(rig, 100, "t");
    const uint64_t group = rig->group;
    told_deliver(rig, 101);
    ck_assert(rig_told(&rig->agent[0], &record));
    ck_assert_uint_eq(record.report.seq, 1);
    ck_assert(rig_told(&rig->agent[0], &record));
    const struct ry_told_wake by_report = {
        .kind = RY_TOLD_WAKE, .slots = 1, .by = RY_WAKE_REPORT, .number = 2, .time = TOLD_T0 + 100};
    ck_assert_mem_eq(&record.wake, &by_report, sizeof by_report);
    ck_assert(rig_told(&rig->agent[0], &record));
    ck_assert_uint_eq(record.market.group, group);
    ck_assert(rig_told(&rig->agent[0], &record));
    const struct ry_told_wake by_market = {.kind = RY_TOLD_WAKE,
                                           .slots = 1,
                                           .by = RY_WAKE_MARKET,
                                           .number = 3,
                                           .time = TOLD_T0 + 100,
                                           .group = group};
    ck_assert_mem_eq(&record.wake, &by_market, sizeof by_market);
    told_close(rig);
}
END_TEST

/* Each agent lives in its own order: what one owes holds nothing of another's. */
START_TEST(test_agents_are_told_apart)
{
    struct told_rig *rig = told_open(2, TOLD_SLOTS, TOLD_STREAM);
    told_start(rig, TOLD_TRADES);
    told_report(rig, 1, 100);
    told_group(rig, 200, "C");
    ck_assert_str_eq(told_letters(rig, 200), "C");
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "rR");
    told_report(rig, 0, 300);
    told_group(rig, 300, "t");
    ck_assert_str_eq(told_letters(rig, 301), "rRtM");
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "");
    told_ack(rig, 1, NEVER);
    told_deliver(rig, 301);
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "CtM");
    told_close(rig);
}
END_TEST

/* Only of what it asked for; a wake by one kind brings the others' records. */
START_TEST(test_interest)
{
    struct told_rig *rig = told_open(1, TOLD_SLOTS, TOLD_STREAM);
    told_begin(rig);
    ck_assert_str_eq(told_letters(rig, 0), "SSSb");
    rig_interest(&rig->agent[0], RY_INTEREST_EVERY, RY_INTEREST_NONE);
    rig_interest(&rig->agent[0], 1, RY_INTEREST_WAKE_STATES | RY_INTEREST_TRADES);
    told_ack(rig, 0, NEVER);
    told_group(rig, 100, "CtS1Ct2CtS");
    ck_assert_str_eq(told_letters(rig, 200), "t");
    told_group(rig, 200, "0S1tSC");
    ck_assert_str_eq(told_letters(rig, 300), "tSM");
    told_close(rig);
}
END_TEST

START_TEST(test_deaf_agents_get_reports_with_the_next_wake)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES | RY_INTEREST_DEAF);
    told_report(rig, 0, 100);
    ck_assert_str_eq(told_letters(rig, 100), "r"); /* it owes nothing: at once */
    told_group(rig, 200, "t");
    told_report(rig, 0, 300);
    ck_assert_str_eq(told_letters(rig, 400), "tM");
    told_ack(rig, 0, NEVER);
    ck_assert_str_eq(told_letters(rig, 400), "r");
    ck_assert_uint_eq(rig->told.given_by[RY_WAKE_REPORT], 0);
    told_close(rig);
}
END_TEST

/* ---- timers ---------------------------------------------------------------------------------- */

/* With an ACK that sets a timer at 2,000, of a wake at 100. */
static struct told_rig *with_timer(int64_t timer)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    told_group(rig, 100, "t");
    ck_assert_str_eq(told_letters(rig, 101), "tM");
    told_ack(rig, 0, timer);
    return rig;
}

START_TEST(test_timer_alone)
{
    struct told_rig *rig = with_timer(2000);
    told_group(rig, 2000, "C");
    ck_assert_str_eq(told_letters(rig, 2000), "C"); /* 2,000 is not closed */
    told_group(rig, 2500, "C");
    ck_assert_str_eq(told_letters(rig, 2001), "T");
    told_group(rig, 2500, "t");
    ck_assert_str_eq(told_letters(rig, 9000), "");
    told_ack(rig, 0, NEVER);
    ck_assert_str_eq(told_letters(rig, 9000), "CtM");
    told_close(rig);
}
END_TEST

/* By its T alone, though exec applied nothing. */
START_TEST(test_timer_without_records)
{
    struct told_rig *rig = with_timer(2000);
    union ry_told_any record;
    told_deliver(rig, 3000);
    ck_assert(rig_told(&rig->agent[0], &record));
    const struct ry_told_wake want = {
        .kind = RY_TOLD_WAKE, .slots = 1, .by = RY_WAKE_TIMER, .number = 3, .time = TOLD_T0 + 2000};
    ck_assert_mem_eq(&record.wake, &want, sizeof want);
    ck_assert_str_eq(told_letters(rig, 4000), ""); /* once */
    told_close(rig);
}
END_TEST

/* At an output's own T: after the last acknowledgement, if it is still set then. */
START_TEST(test_timer_at_equal_time)
{
    struct told_rig *rig = with_timer(2000);
    told_group(rig, 2000, "t");
    told_group(rig, 2000, "t");
    told_group(rig, 3000, "C");
    ck_assert_str_eq(told_letters(rig, 3000), "tMtM");
    told_ack(rig, 0, 2000);
    ck_assert_str_eq(told_letters(rig, 3000), "");
    told_ack(rig, 0, _i ? NEVER : 2000);
    ck_assert_str_eq(told_letters(rig, 3000), _i ? "C" : "T");
    told_close(rig);
}
END_TEST

/* Outputs before its T come first, and may take it away. */
START_TEST(test_timer_after_earlier_wakes)
{
    struct told_rig *rig = with_timer(2000);
    told_group(rig, 1500, "t");
    told_group(rig, 2500, "t");
    ck_assert_str_eq(told_letters(rig, 3000), "tM");
    told_ack(rig, 0, 2000);
    ck_assert_str_eq(told_letters(rig, 3000), "T");
    told_ack(rig, 0, NEVER);
    ck_assert_str_eq(told_letters(rig, 3000), "tM");
    told_close(rig);
}
END_TEST

/* exec was ahead when the acknowledgement came. */
START_TEST(test_timer_before_what_is_applied)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    told_group(rig, 100, "t");
    ck_assert_str_eq(told_letters(rig, 101), "tM");
    told_group(rig, 900, "C");
    told_group(rig, 1100, "S");
    told_group(rig, 1101, "C");
    told_group(rig, 4000, "t");
    told_group(rig, 4500, "C");
    told_ack(rig, 0, 1100);
    ck_assert_str_eq(told_letters(rig, 5000), "CST");
    told_ack(rig, 0, 4200);
    ck_assert_str_eq(told_letters(rig, 5000), "CtM");
    told_ack(rig, 0, 4200);
    ck_assert_str_eq(told_letters(rig, 5000), "T"); /* nothing behind the timer's T */
    told_ack(rig, 0, NEVER);
    ck_assert_str_eq(told_letters(rig, 5000), "C");
    told_close(rig);
}
END_TEST

/* ---- room ------------------------------------------------------------------------------------ */

/* A link of 16 slots, of which 2 are kept; `record` letters then lie on it unread. */
static struct told_rig *small(unsigned interest, unsigned records)
{
    struct told_rig *rig = told_open(1, RY_RING_SLOTS_MIN, TOLD_STREAM);
    told_start(rig, interest);
    for (unsigned i = 0; i < records; i++)
        told_group(rig, 10, "C");
    ck_assert_int_eq(told_deliver(rig, 10), NOBODY);
    return rig;
}

START_TEST(test_full_link_is_waited_for_while_nothing_is_owed)
{
    struct told_rig *rig = small(TOLD_TRADES, 14);
    told_group(rig, 10, "C");
    ck_assert_int_eq(told_deliver(rig, 10), 0);
    union ry_told_any record;
    ck_assert(rig_told(&rig->agent[0], &record));
    ck_assert_int_eq(told_deliver(rig, 10), NOBODY);
    ck_assert_uint_eq(rig_told_all(&rig->agent[0]), 14);
    told_close(rig);
}
END_TEST

/* A go without a place for its first wake is waited for; with one it is not, however long. */
START_TEST(test_go_that_is_longer_than_the_link)
{
    struct told_rig *rig = small(TOLD_TRADES, 13);
    told_group(rig, 100, "Ct");
    for (unsigned i = 0; i < 20; i++)
        told_group(rig, 100, "t");
    ck_assert_int_eq(told_deliver(rig, 101), 0); /* 14 records, no wake */
    ck_assert_uint_eq(rig_told_all(&rig->agent[0]), 14);
    ck_assert_int_eq(told_deliver(rig, 101), NOBODY);
    ck_assert_uint_eq(ry_ring_written(&rig->told.link[0].ring) - 14 - 4, 14);
    told_group(rig, 200, "t"); /* exec goes on */
    ck_assert_int_eq(told_deliver(rig, 201), NOBODY);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "tMtMtMtMtMtMtM");
    ck_assert_str_eq(told_letters(rig, 201), "tMtMtMtMtMtMtM");
    ck_assert_str_eq(told_letters(rig, 201), "tMtMtMtMtMtMtM");
    ck_assert_str_eq(told_letters(rig, 201), "");
    for (unsigned i = 0; i < 21; i++)
        told_ack(rig, 0, NEVER);
    ck_assert_str_eq(told_letters(rig, 201), "tM");
    told_close(rig);
}
END_TEST

/* The wake finds no room where its record did. */
START_TEST(test_record_is_not_written_twice)
{
    struct told_rig *rig = small(TOLD_TRADES, 9);
    told_report(rig, 0, 100);
    told_report(rig, 0, 100);
    ck_assert_int_eq(told_deliver(rig, 101), NOBODY);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "CCCCCCCCCrRr");
    ck_assert_str_eq(told_letters(rig, 101), "R");
    told_close(rig);
}
END_TEST

/* ---- the stream ------------------------------------------------------------------------------ */

START_TEST(test_stream_has_a_limit)
{
    struct told_rig *rig = told_open(2, TOLD_SLOTS, 8);
    told_start(rig, TOLD_TRADES);
    told_report(rig, 1, 100);
    told_deliver(rig, 101);
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "rR");
    for (unsigned i = 0; i < 8; i++) {
        ck_assert_int_eq(ry_exec_told_full(&rig->told, true, 0), NOBODY);
        told_group(rig, 200, "C");
        ck_assert_str_eq(told_letters(rig, 200), "C");
    }
    ck_assert_int_eq(ry_exec_told_full(&rig->told, true, 0), 1);
    ck_assert_int_eq(ry_exec_told_full(&rig->told, true, 0), 1);
    told_ack(rig, 1, NEVER);
    told_deliver(rig, 200);
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "CCCCCCCC");
    ck_assert_int_eq(ry_exec_told_full(&rig->told, true, 0), NOBODY);
    told_close(rig);
}
END_TEST

/* Only before a later T, and not for one that has said all that can be asked of it; much more is
 * too much for anybody. */
START_TEST(test_what_the_limit_is_not_for)
{
    struct told_rig *rig = told_open(1, TOLD_SLOTS, 8);
    told_start(rig, TOLD_TRADES);
    told_report(rig, 0, 100);
    told_deliver(rig, 101);
    for (unsigned i = 0; i < 20; i++)
        told_group(rig, 200, "C");
    told_deliver(rig, 200);
    ck_assert(ry_exec_told_may_be_full(&rig->told));
    ck_assert_int_eq(ry_exec_told_full(&rig->told, true, 0), 0);
    ck_assert_int_eq(ry_exec_told_full(&rig->told, true, 1), NOBODY);
    ck_assert_int_eq(ry_exec_told_full(&rig->told, false, 0), NOBODY);
    rig->told.source.outputs.end += RY_EXEC_STREAM_BURST;
    ck_assert_int_eq(ry_exec_told_full(&rig->told, false, 1), RY_EXEC_TOLD_TOO_MUCH);
    told_close(rig);
}
END_TEST

/* No number of before is taken for one of after: goes, timers and leaving begin there again. */
START_TEST(test_streams_begin_again)
{
    struct told_rig *rig = told_open(2, TOLD_SLOTS, TOLD_STREAM);
    told_start(rig, TOLD_TRADES);
    for (int64_t time = 2000; time < 40000; time += 2000) {
        const bool timer = time % 4000 == 0;
        for (unsigned i = 0; i < time / 2000 % 5; i++)
            told_group(rig, time, "C");
        told_group(rig, time, "tC");
        told_deliver(rig, time + 1);
        for (unsigned i = 0; i < 2; i++) {
            const char *letters = rig_told_letters(&rig->agent[i]);
            ck_assert_uint_eq(strlen(letters), (size_t)(time / 2000 % 5) + 3);
            ck_assert_str_eq(letters + time / 2000 % 5, "tCM");
            told_ack(rig, i, timer && i == 1 ? time + 1000 : NEVER);
        }
        ck_assert_uint_eq(rig->told.source.outputs.end, 0);
        told_group(rig, time + 1000, "C");
        ck_assert_str_eq(told_letters(rig, time + 1001), "C");
        ck_assert_str_eq(rig_told_letters(&rig->agent[1]), timer ? "CT" : "C");
        ck_assert_uint_eq(rig->told.source.outputs.end, 0);
        if (timer)
            told_ack(rig, 1, NEVER);
    }
    told_group(rig, 50000, "C");
    told_out(rig, 1, 50000);
    told_deliver(rig, 50000);
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "CO");
    told_close(rig);
}
END_TEST

/* A timer's wake finds no room, and all else is told: the streams begin again under its go. */
START_TEST(test_streams_begin_again_in_a_go)
{
    struct told_rig *rig = small(TOLD_TRADES, 0);
    told_report(rig, 0, 100);
    ck_assert_str_eq(told_letters(rig, 101), "rR");
    told_ack(rig, 0, 2000);
    for (unsigned i = 0; i < 14; i++)
        told_group(rig, 1500, "C");
    ck_assert_int_eq(told_deliver(rig, 1500), NOBODY);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(told_deliver(rig, 2001), 0);
    ck_assert_uint_eq(rig->told.source.outputs.end, 0);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "CCCCCCCCCCCCCC");
    ck_assert_str_eq(told_letters(rig, 2001), "T");
    told_ack(rig, 0, NEVER);
    told_group(rig, 3000, "t");
    ck_assert_str_eq(told_letters(rig, 3001), "tM");
    told_close(rig);
}
END_TEST

/* ---- who is roused, and what is counted ------------------------------------------------------ */

START_TEST(test_rouse)
{
    struct told_rig *rig = small(TOLD_TRADES, 7);
    ck_assert_uint_eq(rig->drained[0], 0);
    told_group(rig, 10, "C"); /* half the link */
    told_deliver(rig, 10);
    ck_assert_uint_eq(rig->drained[0], 1);
    ck_assert_uint_eq(rig->counters.drains, 1);
    ck_assert_uint_eq(rig_told_all(&rig->agent[0]), 8);
    told_group(rig, 100, "t");
    told_report(rig, 0, 100);
    told_deliver(rig, 100);
    ck_assert_uint_eq(rig->roused[0], 0);
    told_deliver(rig, 101);
    ck_assert_uint_eq(rig->roused[0], 1); /* once for both wakes */
    ck_assert_uint_eq(rig->drained[0], 1);
    told_deliver(rig, 101);
    ck_assert_uint_eq(rig->roused[0], 1);
    told_ack(rig, 0, NEVER);
    told_ack(rig, 0, NEVER);
    rig_told_all(&rig->agent[0]);
    for (unsigned i = 0; i < 7; i++)
        told_group(rig, 200, "C");
    told_deliver(rig, 200); /* counts from the wake on */
    ck_assert_uint_eq(rig->drained[0], 1);
    told_out(rig, 0, 200);
    told_deliver(rig, 200);
    ck_assert_uint_eq(rig->roused[0], 2);
    told_close(rig);
}
END_TEST

START_TEST(test_counters)
{
    struct told_rig *rig = told_open(1, TOLD_SLOTS, TOLD_STREAM);
    told_begin(rig);
    told_deliver(rig, 0);
    ck_assert_uint_eq(rig->counters.link_bytes, (TOLD_INSTRUMENTS + 1) * RY_RING_SLOT_BYTES);
    told_ack(rig, 0, NEVER);
    rig->counters.link_bytes = 0;
    rig_told_all(&rig->agent[0]);
    rig_interest(&rig->agent[0], 0, TOLD_TRADES); /* too late: nothing was asked for */
    told_report(rig, 0, 100);
    told_group(rig, 100, "CtS");
    told_deliver(rig, 101);
    ck_assert_uint_eq(rig->counters.link_bytes, 3 * RY_RING_SLOT_BYTES); /* 2 a report */
    ck_assert_uint_eq(rig->told.given_by[RY_WAKE_START], 1);
    ck_assert_uint_eq(rig->told.given_by[RY_WAKE_REPORT], 1);
    ck_assert_uint_eq(rig->told.given_by[RY_WAKE_MARKET], 0);
    ck_assert_uint_eq(rig->counters.drains, 0);
    told_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_link");
    TCase *c = tcase_create("exec_link");
    tcase_add_test(c, test_silent_records_go_at_once);
    tcase_add_test(c, test_wake_waits_until_its_time_is_closed);
    tcase_add_test(c, test_go_holds_its_time_and_nothing_later);
    tcase_add_test(c, test_wakes_say_what_they_are);
    tcase_add_test(c, test_agents_are_told_apart);
    tcase_add_test(c, test_interest);
    tcase_add_test(c, test_deaf_agents_get_reports_with_the_next_wake);
    tcase_add_test(c, test_timer_alone);
    tcase_add_test(c, test_timer_without_records);
    tcase_add_loop_test(c, test_timer_at_equal_time, 0, 2);
    tcase_add_test(c, test_timer_after_earlier_wakes);
    tcase_add_test(c, test_timer_before_what_is_applied);
    tcase_add_test(c, test_full_link_is_waited_for_while_nothing_is_owed);
    tcase_add_test(c, test_go_that_is_longer_than_the_link);
    tcase_add_test(c, test_record_is_not_written_twice);
    tcase_add_test(c, test_stream_has_a_limit);
    tcase_add_test(c, test_what_the_limit_is_not_for);
    tcase_add_test(c, test_streams_begin_again);
    tcase_add_test(c, test_streams_begin_again_in_a_go);
    tcase_add_test(c, test_rouse);
    tcase_add_test(c, test_counters);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
