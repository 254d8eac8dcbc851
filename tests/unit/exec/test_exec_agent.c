/* One agent as a source: horizons, arrivals, what is refused, against numbers computed by hand. */
#include "tests/support/exec_agent_rig.h"

#define T0      RIG_FROM
#define LATENCY RIG_AGENT_LATENCY

START_TEST(test_gate_of_start)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 1);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key)); /* nothing wakes before START */
    rig_agent_market(rig, RY_MK_START, 0, T0 + 10);
    rig_ck_horizon(rig, T0 + 10);
    ck_assert_uint_eq(rig->agent.source.key.tie, RY_EXEC_TIE_FIRST);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_START, 0, (uint64_t)T0 + 2000);
    rig_agent_poll(rig);
    rig_ck_horizon(rig, T0 + 2000 + LATENCY); /* its timer */
    ck_assert_uint_eq(rig->agent.source.key.tie,
                      ry_exec_key_tie(7, T0 + 2000 + LATENCY, RY_SOURCE_AGENT + 1));
    ck_assert_uint_eq(rig->agent.source.key.source_seq, 1);
    ck_assert_uint_eq(ry_load_relaxed(&rig->position.next), 1);
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_horizons_and_arrivals)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 100); /* group 2 */
    rig_agent_market(rig, RY_MK_TRADE, 1, T0 + 300);  /* group 3 */
    rig_ck_horizon(rig, T0 + 100 + LATENCY);
    rig_agent_command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, 11);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_GROUP, 2, (uint64_t)T0 + 150 + 1000);
    rig_agent_command(rig, RY_CM_CANCEL, RY_WAKE_GROUP, 3, 12);
    rig_agent_poll(rig);
    rig_ck_arrives(rig, T0 + 100 + LATENCY, 11);
    const struct ry_input want = {.head = {.kind = RY_IN_ORDER,
                                           .slots = 1,
                                           .instrument = 2,
                                           .source = RY_SOURCE_AGENT + 1,
                                           .flags = RY_INF_IOC,
                                           .time = T0 + 100 + LATENCY,
                                           .source_seq = 1},
                                  .ref = 11,
                                  .price = 100,
                                  .qty = 3,
                                  .side = RY_BUY};
    ck_assert_mem_eq(rig->agent.source.next, &want, sizeof want);
    rig_agent_advance(rig); /* applies it, reads the acknowledgement and the cancel */
    rig_ck_arrives(rig, T0 + 300 + LATENCY, 12);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_ORDER_CANCEL);
    ck_assert_uint_eq(rig->agent.record.head.source_seq, 2);
    ck_assert_uint_eq(rig->agent.record.head.flags, 0);
    ck_assert_int_eq(rig->agent.record.event.price, 0);
    rig_agent_advance(rig);
    /* group 3 is not acknowledged, and T0 + 1150 its timer: neither before the last arrival */
    rig_ck_horizon(rig, T0 + 300 + LATENCY);
    /* the same timer, though nearer than 1000 */
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_GROUP, 3, (uint64_t)T0 + 1150);
    rig_agent_poll(rig);
    rig_ck_horizon(rig, T0 + 1150 + LATENCY);
    rig_agent_command(rig, RY_CM_ORDER, RY_WAKE_TIMER, (uint64_t)T0 + 1150, 13);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_TIMER, (uint64_t)T0 + 1150, RY_TIME_NEVER);
    rig_agent_poll(rig);
    rig_ck_arrives(rig, T0 + 1150 + LATENCY, 13);
    rig_agent_advance(rig);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    rig_agent_report(rig, T0 + 1150 + LATENCY);
    rig_ck_horizon(rig, T0 + 1150 + 2 * LATENCY);
    ck_assert_uint_eq(rig->counters.commands_foreign, 0);
    ck_assert_uint_eq(rig->counters.timers_clamped, 0);
    rig_agent_close(rig);
}
END_TEST

/* The numbers are part of the sequence's definition. */
START_TEST(test_jitter_is_fixed)
{
    const int64_t want[] = {882, 549, 851};
    struct rig_agent *rig = rig_agent_open(999, 16, 16);
    rig_agent_start(rig, T0);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 100);
    int64_t last = T0;
    for (uint64_t k = 1; k <= 3; k++) {
        ck_assert_int_eq(ry_exec_horizon_latency(7, 1, k, LATENCY, 999), LATENCY + want[k - 1]);
        int64_t arrival = T0 + 100 + LATENCY + want[k - 1];
        arrival = arrival > last ? arrival : last; /* never before the one before */
        rig_ck_horizon(rig, arrival);
        rig_agent_command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, k);
        rig_agent_poll(rig);
        rig_ck_arrives(rig, arrival, k);
        rig_agent_advance(rig);
        last = arrival;
    }
    ck_assert_int_eq(ry_exec_horizon_latency(7, 1, 1, LATENCY, 0), LATENCY);
    ck_assert_int_ne(ry_exec_horizon_latency(8, 1, 1, LATENCY, 1000000),
                     ry_exec_horizon_latency(7, 1, 1, LATENCY, 1000000));
    ck_assert_int_ne(ry_exec_horizon_latency(7, 2, 1, LATENCY, 1000000),
                     ry_exec_horizon_latency(7, 1, 1, LATENCY, 1000000));
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_decision)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 100);
    struct ry_command_decision record = {.kind = RY_CM_DECISION,
                                         .slots = 2,
                                         .wake = RY_WAKE_GROUP,
                                         .number = 2,
                                         .cl_ord_id = 9,
                                         .intent = 4,
                                         .count = 9,
                                         .feature = {1, -2, 3}};
    ry_ring_write(&rig->commands, &record, 2);
    rig_agent_poll(rig);
    ck_assert_uint_eq(rig->counters.commands_foreign, 1);
    record.count = 2;
    ry_ring_write(&rig->commands, &record, 2);
    rig_agent_poll(rig);
    const union ry_input_any want = {
        .decision = {.head = {.kind = RY_IN_DECISION,
                              .slots = 2,
                              .source = RY_SOURCE_AGENT + 1,
                              .time = T0 + 100 + LATENCY,
                              .source_seq = 1},
                     .ref = 9,
                     .intent = 4,
                     .count = 2,
                     .feature = {1, -2}}}; /* what is beyond count is not taken over */
    ck_assert_mem_eq(&rig->agent.record, &want, sizeof want);
    rig_agent_close(rig);
}
END_TEST

static void ck_refused(struct rig_agent *rig, enum ry_command_kind kind, enum ry_wake_kind wake,
                       uint64_t number)
{
    uint64_t before = rig->counters.commands_foreign;
    struct ry_exec_key key = rig->agent.source.key;
    rig_agent_command(rig, kind, wake, number, (uint64_t)T0 + 100000);
    rig_agent_poll(rig);
    ck_assert_uint_eq(rig->counters.commands_foreign, before + 1);
    ck_assert(!rig->agent.source.ready);
    ck_assert(ry_exec_key_equal(&key, &rig->agent.source.key));
    ck_assert_uint_eq(rig->horizon.agent[1].k, 0);
}

START_TEST(test_foreign_commands)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_START, 0); /* START has not come */
    rig_agent_market(rig, RY_MK_START, 0, T0);
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_START, 1);
    struct ry_command interest = {.kind = RY_CM_INTEREST,
                                  .slots = 1,
                                  .wake = RY_WAKE_START,
                                  .instrument = RY_INTEREST_EVERY,
                                  .flags = RY_INTEREST_NONE};
    ry_ring_write(&rig->commands, &interest, 1);
    interest.instrument = 3; /* does not exist */
    ry_ring_write(&rig->commands, &interest, 1);
    interest.instrument = 1;
    interest.flags = RY_INTEREST_TRADES;
    ry_ring_write(&rig->commands, &interest, 1);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_START, 0, RY_TIME_NEVER);
    rig_agent_poll(rig);
    ck_assert_uint_eq(rig->counters.commands_foreign, 3);
    rig_agent_market(rig, RY_MK_TRADE, 0, T0 + 50);  /* group 2: another instrument */
    rig_agent_market(rig, RY_MK_CHANGE, 1, T0 + 60); /* group 3: no trade */
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    rig_agent_report(rig, T0 + 70);                 /* report 1: always */
    rig_agent_market(rig, RY_MK_TRADE, 1, T0 + 70); /* group 4 */
    rig_ck_horizon(rig, T0 + 70 + LATENCY);
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_START, 0); /* acknowledged */
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2);
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_GROUP, 3);
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_GROUP, 5);    /* does not exist yet */
    ck_refused(rig, RY_CM_ACK, RY_WAKE_GROUP, 4 + 16); /* nor does its namesake a lap on */
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_REPORT, 0);
    ck_refused(rig, RY_CM_ACK, RY_WAKE_REPORT, 2);
    ck_refused(rig, RY_CM_CANCEL, RY_WAKE_TIMER, (uint64_t)RY_TIME_NEVER); /* there is no timer */
    ck_refused(rig, RY_CM_CANCEL, (enum ry_wake_kind)0, 4);
    ck_refused(rig, (enum ry_command_kind)6, RY_WAKE_GROUP, 4);
    ck_refused(rig, RY_CM_DECISION, RY_WAKE_GROUP, 4); /* of one slot */
    ck_refused(rig, RY_CM_INTEREST, RY_WAKE_GROUP, 4);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_GROUP, 4,
                      RY_TIME_NEVER); /* and the report before it */
    rig_agent_poll(rig);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_REPORT, 1);
    ck_refused(rig, RY_CM_ACK, RY_WAKE_GROUP, 4);
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_interest_comes_before_commands)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_market(rig, RY_MK_START, 0, T0);
    rig_agent_command(rig, RY_CM_ORDER, RY_WAKE_START, 0, 1);
    struct ry_command interest = {.kind = RY_CM_INTEREST,
                                  .slots = 1,
                                  .wake = RY_WAKE_START,
                                  .instrument = RY_INTEREST_EVERY,
                                  .flags = RY_INTEREST_NONE};
    ry_ring_write(&rig->commands, &interest, 1);
    rig_agent_poll(rig);
    rig_ck_arrives(rig, T0 + LATENCY, 1);
    rig_agent_advance(rig);
    ck_assert_uint_eq(rig->counters.commands_foreign, 1);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + LATENCY);
    ck_assert_uint_eq(rig->horizon.wakes.queue[1].group_count, 1);
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_acknowledgements_take_what_is_before)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);                        /* group 1 */
    rig_agent_report(rig, T0 + 10);                  /* 1, behind group 1 */
    rig_agent_report(rig, T0 + 10);                  /* 2 */
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 10); /* 2 */
    rig_agent_report(rig, T0 + 20);                  /* 3, behind group 2 */
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 20); /* 3 */
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 30); /* 4 */
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_REPORT, 1, RY_TIME_NEVER);
    rig_agent_poll(rig);
    rig_ck_horizon(rig, T0 + 10 + LATENCY); /* report 2 */
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_REPORT, 3,
                      RY_TIME_NEVER); /* and report 2, and group 2 */
    rig_agent_poll(rig);
    rig_ck_horizon(rig, T0 + 20 + LATENCY); /* group 3 */
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2);
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_REPORT, 2);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_GROUP, 3, RY_TIME_NEVER);
    rig_agent_poll(rig);
    rig_ck_horizon(rig, T0 + 30 + LATENCY);
    rig_agent_report(rig, T0 + 40); /* 4, behind group 4 */
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_GROUP, 4, RY_TIME_NEVER);
    rig_agent_poll(rig);
    rig_ck_horizon(rig, T0 + 40 + LATENCY); /* which group 4 does not cover */
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_timers_are_checked)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 100);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_GROUP, 2, (uint64_t)T0 + 5); /* the past */
    rig_agent_poll(rig);
    ck_assert_uint_eq(rig->counters.timers_clamped, 1);
    rig_ck_horizon(rig, T0 + 1100 + LATENCY);
    /* itself again */
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_TIMER, (uint64_t)T0 + 1100, (uint64_t)T0 + 1100);
    rig_agent_poll(rig);
    ck_assert_uint_eq(rig->counters.timers_clamped, 2);
    rig_ck_horizon(rig, T0 + 2100 + LATENCY);
    /* beyond all time */
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_TIMER, (uint64_t)T0 + 2100,
                      (uint64_t)RY_TIME_NEVER - 1);
    rig_agent_poll(rig);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_TIMER, (uint64_t)RY_TIME_NEVER - 1);
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_full_queues)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0); /* agent 0 never acknowledges START, which fills nothing */
    ry_exec_horizon_interest(&rig->horizon, 0, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    for (int64_t i = 0; i < 16; i++) {
        ck_assert_int_eq(ry_exec_horizon_full(&rig->horizon), -1);
        rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + i); /* groups 2..17 */
    }
    ck_assert_int_eq(ry_exec_horizon_full(&rig->horizon), 1);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_GROUP, 2, RY_TIME_NEVER);
    rig_agent_poll(rig);
    ck_assert_int_eq(ry_exec_horizon_full(&rig->horizon), -1);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 16);
    ck_assert_int_eq(ry_exec_horizon_full(&rig->horizon), 1);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_GROUP, 18, RY_TIME_NEVER);
    rig_agent_poll(rig);
    for (int64_t i = 0; i < 16; i++) {
        ck_assert_int_eq(ry_exec_horizon_full(&rig->horizon), -1);
        rig_agent_report(rig, T0 + 20 + i);
        rig_agent_report(rig, T0 + 20 + i); /* the same run */
    }
    ck_assert_int_eq(ry_exec_horizon_full(&rig->horizon), 1);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_REPORT, 1, RY_TIME_NEVER);
    rig_agent_poll(rig);
    ck_assert_int_eq(ry_exec_horizon_full(&rig->horizon), 1); /* half a run */
    rig_ck_horizon(rig, T0 + 20 + LATENCY);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_REPORT, 2, RY_TIME_NEVER);
    rig_agent_poll(rig);
    ck_assert_int_eq(ry_exec_horizon_full(&rig->horizon), -1);
    rig_ck_horizon(rig, T0 + 21 + LATENCY);
    ry_exec_horizon_out(&rig->horizon, 1);
    ck_assert_int_eq(ry_exec_horizon_full(&rig->horizon), -1);
    rig_agent_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_agent");
    TCase *c = tcase_create("exec_agent");
    tcase_add_test(c, test_gate_of_start);
    tcase_add_test(c, test_horizons_and_arrivals);
    tcase_add_test(c, test_jitter_is_fixed);
    tcase_add_test(c, test_decision);
    tcase_add_test(c, test_foreign_commands);
    tcase_add_test(c, test_interest_comes_before_commands);
    tcase_add_test(c, test_acknowledgements_take_what_is_before);
    tcase_add_test(c, test_timers_are_checked);
    tcase_add_test(c, test_full_queues);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
