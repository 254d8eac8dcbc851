/*
 * How an agent's link ends, by hand: OUT and END whatever is owed and however full the link is,
 * what a leaving agent may hold up, and agents whose process is gone.
 */
#include "tests/support/told_rig.h"

#define NEVER  RY_TIME_NEVER
#define NOBODY RY_EXEC_TOLD_NOBODY

/* The last word is said: OUT, or END. */
static void last(struct told_rig *rig, bool out, int64_t time)
{
    if (out)
        told_out(rig, 0, time);
    else
        told_end(rig, time);
}

static const char *letter(bool out)
{
    return out ? "O" : "E";
}

static void ck_nothing_more(struct told_rig *rig, bool out)
{
    ck_assert_int_eq(rig->told.link[0].phase, RY_EXEC_LINK_GONE);
    ck_assert_int_eq(ry_exec_told_leaving(&rig->told), NOBODY);
    if (out) {
        told_group(rig, 90000, "Ct");
        told_report(rig, 0, 90000);
    }
    ck_assert_str_eq(told_letters(rig, 90001), "");
    ck_assert(ry_exec_key_is_never(&rig->source[0].source.key));
}

START_TEST(test_last_record_while_nothing_is_owed)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    told_group(rig, 100, "C");
    last(rig, _i, 200);
    ck_assert_int_eq(ry_exec_told_leaving(&rig->told), 0);
    told_deliver(rig, 200); /* whether or not 200 is closed */
    ck_assert_uint_eq(rig->roused[0], 1);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), _i ? "CO" : "CE");
    ck_nothing_more(rig, _i);
    told_close(rig);
}
END_TEST

/* The records and reports that are held back come, in order; nobody is called any more. */
START_TEST(test_last_record_while_an_answer_is_owed)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    told_group(rig, 100, "t");
    ck_assert_str_eq(told_letters(rig, 101), "tM");
    told_group(rig, 200, "Ct");
    told_report(rig, 0, 300);
    told_group(rig, 400, "C");
    last(rig, _i, 400);
    told_deliver(rig, 400);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), _i ? "CtrCO" : "CtrCE");
    ck_assert_uint_eq(rig->told.link[0].given, 2);
    rig_ack(&rig->agent[0], 2, NEVER); /* an answer is not read */
    told_poll(rig, 0);
    ck_assert_uint_eq(rig->told.link[0].acked, 1);
    ck_nothing_more(rig, _i);
    told_close(rig);
}
END_TEST

/* A wake that was made but not given, a timer whose T comes: neither is given. */
START_TEST(test_last_record_before_a_wake)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    told_report(rig, 0, 100);
    ck_assert_str_eq(told_letters(rig, 101), "rR");
    told_ack(rig, 0, 5000);
    told_group(rig, 4000, "t");
    last(rig, _i, 4000);
    told_deliver(rig, 6000);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), _i ? "tO" : "tE");
    ck_nothing_more(rig, _i);
    told_close(rig);
}
END_TEST

/* With a go of which some is written: its wakes that are not are no longer. */
START_TEST(test_last_record_in_a_go)
{
    struct told_rig *rig = told_begun(RY_RING_SLOTS_MIN, TOLD_TRADES);
    for (unsigned i = 0; i < 6; i++)
        told_report(rig, 0, 100); /* 3 slots each with the wake: 4 fit, and a report */
    ck_assert_int_eq(told_deliver(rig, 101), NOBODY);
    ck_assert_uint_eq(ry_ring_written(&rig->told.link[0].ring), TOLD_INSTRUMENTS + 1 + 14);
    last(rig, _i, 200);
    told_deliver(rig, 201);
    ck_assert_int_eq(ry_exec_told_leaving(&rig->told), 0);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "rRrRrRrRr");
    told_deliver(rig, 201);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), _i ? "rO" : "rE");
    ck_nothing_more(rig, _i);
    told_close(rig);
}
END_TEST

/* The place that is kept is its: at once, though nothing is read. */
START_TEST(test_last_record_on_a_full_link)
{
    struct told_rig *rig = told_begun(RY_RING_SLOTS_MIN, TOLD_TRADES);
    for (unsigned i = 0; i < 14; i++)
        told_group(rig, 100, "C");
    ck_assert_int_eq(told_deliver(rig, 100), NOBODY);
    last(rig, _i, 100);
    ck_assert_int_eq(told_deliver(rig, 100), NOBODY);
    ck_assert_int_eq(ry_exec_told_leaving(&rig->told), NOBODY);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), _i ? "CCCCCCCCCCCCCCO" : "CCCCCCCCCCCCCCE");
    ck_nothing_more(rig, _i);
    told_close(rig);
}
END_TEST

/* Nobody is waited for who leaves; what is left is written as it reads. */
START_TEST(test_leaving_waits_for_nobody)
{
    struct told_rig *rig = told_begun(RY_RING_SLOTS_MIN, TOLD_TRADES);
    for (unsigned i = 0; i < 20; i++)
        told_group(rig, 100, "C");
    ck_assert_int_eq(told_deliver(rig, 100), 0);
    last(rig, _i, 100);
    ck_assert_int_eq(told_deliver(rig, 100), NOBODY);
    ck_assert_int_eq(ry_exec_told_leaving(&rig->told), 0);
    ck_assert_uint_eq(rig_told_all(&rig->agent[0]), 14);
    ck_assert_int_eq(told_deliver(rig, 100), NOBODY);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), _i ? "CCCCCCO" : "CCCCCCE");
    ck_nothing_more(rig, _i);
    told_close(rig);
}
END_TEST

START_TEST(test_last_record_in_the_book)
{
    struct told_rig *rig = told_open(1, RY_RING_SLOTS_MIN, TOLD_STREAM);
    for (uint64_t ref = 1; ref <= 30; ref++)
        told_add(rig, -40, ref, RY_BUY, 1000, 1);
    told_begin(rig);
    ck_assert_int_eq(told_deliver(rig, 0), 0);
    ck_assert_int_eq(rig->told.link[0].phase, RY_EXEC_LINK_BOOK);
    last(rig, _i, 0);
    told_deliver(rig, 0);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), _i ? "SSSCCCCCCCCCCCO" : "SSSCCCCCCCCCCCE");
    ck_nothing_more(rig, _i);
    told_close(rig);
}
END_TEST

START_TEST(test_last_record_before_start)
{
    struct told_rig *rig = told_open(1, TOLD_SLOTS, TOLD_STREAM);
    told_add(rig, -40, 1, RY_BUY, 1000, 1);
    last(rig, _i, 0);
    ck_assert_str_eq(told_letters(rig, 0), letter(_i));
    if (_i) {
        told_begin(rig); /* of the others */
        ck_assert_str_eq(told_letters(rig, 1), "");
    }
    ck_nothing_more(rig, _i);
    told_close(rig);
}
END_TEST

/* ---- the stream ------------------------------------------------------------------------------ */

/* Two agents and a stream of 8: agent 0 reads nothing. */
START_TEST(test_leaving_agent_never_holds_the_stream)
{
    struct told_rig *rig = told_open(2, RY_RING_SLOTS_MIN, 8);
    told_start(rig, TOLD_SILENT);
    told_report(rig, 0, 100); /* rR: 11 slots are left */
    told_deliver(rig, 101);
    for (unsigned i = 0; i < 6; i++) {
        told_report(rig, 0, 200);
        told_deliver(rig, 201);
        ck_assert_int_eq(ry_exec_told_full(&rig->told, true, 0), NOBODY);
    }
    told_out(rig, 0, 300); /* 5 of 6 reports find room, and the place that is kept is free */
    told_deliver(rig, 301);
    ck_assert_int_eq(ry_exec_told_leaving(&rig->told), 0);
    const unsigned roused = rig->roused[0];
    for (unsigned i = 0; i < 20; i++) {
        told_group(rig, 400, "C");
        told_deliver(rig, 400);
        rig_told_all(&rig->agent[1]);
        ck_assert_int_eq(ry_exec_told_full(&rig->told, true, 0), NOBODY);
    }
    ck_assert_int_eq(ry_exec_told_leaving(&rig->told), NOBODY);
    ck_assert_uint_eq(rig->roused[0], roused + 1);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "rRrrrrrO");
    told_close(rig);
}
END_TEST

/* ---- without a process ----------------------------------------------------------------------- */

/* Its link is full, it owes nothing, and it holds the stream up: nobody waits. */
START_TEST(test_dead_agents_are_waited_for_by_nobody)
{
    struct told_rig *rig = told_open(2, RY_RING_SLOTS_MIN, 32);
    told_start(rig, TOLD_TRADES);
    for (unsigned i = 0; i < 15; i++)
        told_group(rig, 100, "C");
    ck_assert_int_eq(told_deliver(rig, 100), 1);
    rig_told_all(&rig->agent[0]);
    ry_exec_told_forget(&rig->told, _i ? 1 : 0);
    ck_assert_int_eq(told_deliver(rig, 100), _i ? NOBODY : 1);
    ck_assert_uint_eq(rig_told_all(&rig->agent[0]), _i ? 1 : 0);
    for (unsigned i = 0; _i && i < 100; i++) {
        told_group(rig, 200 + (int64_t)i, "C");
        ck_assert_int_eq(told_deliver(rig, 200 + (int64_t)i), NOBODY);
        ck_assert_int_eq(ry_exec_told_full(&rig->told, true, 0), NOBODY);
        ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "C");
    }
    ck_assert_uint_eq(ry_ring_written(&rig->told.link[1].ring), TOLD_INSTRUMENTS + 1 + 14);
    told_close(rig);
}
END_TEST

/* What the process left of an answer counts, and what it was called for: its horizon stays. */
START_TEST(test_dead_agent_keeps_its_horizon)
{
    struct told_rig *rig = told_begun(TOLD_SLOTS, TOLD_TRADES);
    told_group(rig, 100, "t");
    told_group(rig, 100, "t");
    told_deliver(rig, 101);
    rig_order(&rig->agent[0], 2, 1, 0, RY_BUY, 1000, 1);
    rig_ack(&rig->agent[0], 2, NEVER);
    ry_exec_told_forget(&rig->told, 0);
    rig->source[0].dead = true;
    told_poll(rig, 0);
    ck_assert(rig->source[0].source.ready);
    ck_assert_int_eq(rig->source[0].source.key.time, TOLD_T0 + 100 + TOLD_LATENCY);
    ck_assert_uint_eq(rig->source[0].record.event.ref, 1);
    rig->source[0].source.advance(&rig->source[0].source);
    ck_assert(rig->source[0].source.ready);
    ck_assert_int_eq(rig->source[0].record.head.kind, RY_IN_AGENT_DIED);
    ck_assert_int_eq(rig->source[0].source.key.time, TOLD_T0 + 100 + TOLD_LATENCY);
    ck_assert_uint_eq(rig->source[0].record.head.flags, 0);
    told_out(rig, 0, 100 + TOLD_LATENCY);
    ck_assert_str_eq(told_letters(rig, 90000), "tMtM"); /* no OUT */
    told_close(rig);
}
END_TEST

/* What it asked for before it died, and exec reads after it, brings it no wake. */
START_TEST(test_dead_agent_asks_for_nothing)
{
    struct told_rig *rig = told_open(1, TOLD_SLOTS, TOLD_STREAM);
    told_begin(rig);
    told_deliver(rig, 0);
    rig_interest(&rig->agent[0], RY_INTEREST_EVERY, TOLD_TRADES);
    rig_interest(&rig->agent[0], 0, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK);
    rig_ack(&rig->agent[0], 1, NEVER);
    ry_exec_told_forget(&rig->told, 0);
    told_poll(rig, 0);
    ck_assert_uint_eq(rig->told.link[0].acked, 1);
    told_group(rig, 100, "t");
    told_add(rig, 200, 1, RY_BUY, 1000, 1);
    told_deliver(rig, 300);
    ck_assert(ry_exec_key_is_never(&rig->source[0].source.key));
    told_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_leave");
    TCase *c = tcase_create("exec_leave");
    tcase_add_loop_test(c, test_last_record_while_nothing_is_owed, 0, 2);
    tcase_add_loop_test(c, test_last_record_while_an_answer_is_owed, 0, 2);
    tcase_add_loop_test(c, test_last_record_before_a_wake, 0, 2);
    tcase_add_loop_test(c, test_last_record_in_a_go, 0, 2);
    tcase_add_loop_test(c, test_last_record_on_a_full_link, 0, 2);
    tcase_add_loop_test(c, test_leaving_waits_for_nobody, 0, 2);
    tcase_add_loop_test(c, test_last_record_in_the_book, 0, 2);
    tcase_add_loop_test(c, test_last_record_before_start, 0, 2);
    tcase_add_test(c, test_leaving_agent_never_holds_the_stream);
    tcase_add_loop_test(c, test_dead_agents_are_waited_for_by_nobody, 0, 2);
    tcase_add_test(c, test_dead_agent_keeps_its_horizon);
    tcase_add_test(c, test_dead_agent_asks_for_nothing);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
