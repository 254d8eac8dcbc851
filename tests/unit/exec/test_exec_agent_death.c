/* An agent that died, stalled, fell behind its ring or is out: which T its end gets, and what of
 * its words still counts. */
#include "tests/support/exec_agent_rig.h"

#define T0      RIG_FROM
#define LATENCY RIG_AGENT_LATENCY

START_TEST(test_death_at_the_horizon)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 100);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 200);
    rig_agent_command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, 1);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_GROUP, 2, RY_TIME_NEVER);
    rig->agent.dead = true;
    rig_agent_poll(rig);
    rig_ck_arrives(rig, T0 + 100 + LATENCY, 1); /* what it said before counts */
    rig_agent_advance(rig);
    const struct ry_input want = {.head = {.kind = RY_IN_AGENT_DIED,
                                           .slots = 1,
                                           .source = RY_SOURCE_AGENT + 1,
                                           .time = T0 + 200 + LATENCY,
                                           .source_seq = 2},
                                  .qty = 1};
    ck_assert(rig->agent.source.ready);
    ck_assert_mem_eq(rig->agent.source.next, &want, sizeof want);
    ck_assert_int_eq(rig->agent.source.key.time, T0 + 200 + LATENCY);
    rig_agent_advance(rig);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key) && !rig->agent.source.ready);
    ck_assert_uint_eq(rig->counters.agents_died, 1);
    ck_assert_uint_eq(rig->counters.not_reproducible, 0);
    rig_agent_close(rig);
}
END_TEST

/* The T is the horizon all the same. */
START_TEST(test_death_from_outside)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 100);
    rig->agent.dead = rig->agent.outside = true;
    rig_agent_poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_AGENT_DIED);
    ck_assert_int_eq(rig->agent.record.head.time, T0 + 100 + LATENCY);
    ck_assert_uint_eq(rig->agent.record.head.flags, RY_INF_WALL);
    rig_agent_advance(rig);
    ck_assert_uint_eq(rig->counters.agents_died, 1);
    ck_assert_uint_eq(rig->counters.agents_stalled, 0);
    ck_assert_uint_eq(rig->counters.not_reproducible, 1);
    rig_agent_close(rig);
}
END_TEST

/* What is left after one look is its word as well. */
START_TEST(test_death_behind_a_long_ring)
{
    struct rig_agent *rig = rig_agent_open_slots(2 * RY_EXEC_AGENT_POLL_RECORDS, 0, 16, 16);
    int64_t timer = T0 + 1000;
    rig_agent_market(rig, RY_MK_START, 0, T0);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_START, 0, (uint64_t)timer);
    for (unsigned i = 1; i < RY_EXEC_AGENT_POLL_RECORDS + 100; i++, timer += 1000)
        rig_agent_command(rig, RY_CM_ACK, RY_WAKE_TIMER, (uint64_t)timer, (uint64_t)timer + 1000);
    rig_agent_command(rig, RY_CM_ORDER, RY_WAKE_TIMER, (uint64_t)timer, 11);
    rig->agent.dead = true;
    rig_agent_poll(rig);
    ck_assert(!rig->agent.source.ready);
    ck_assert_uint_eq(ry_load_relaxed(&rig->position.next), RY_EXEC_AGENT_POLL_RECORDS);
    rig_agent_poll(rig);
    rig_ck_arrives(rig, timer + LATENCY, 11);
    rig_agent_advance(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_AGENT_DIED);
    ck_assert_int_eq(rig->agent.record.head.time, timer + LATENCY);
    ck_assert_uint_eq(rig->agent.record.head.flags, 0);
    ck_assert_uint_eq(rig->counters.commands_foreign, 0);
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_death_in_the_callback_of_start)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_market(rig, RY_MK_START, 0, T0 + 10);
    rig->agent.dead = true;
    rig_agent_poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.time, T0 + 10 + LATENCY);
    ck_assert_uint_eq(rig->agent.source.key.tie,
                      ry_exec_key_tie(7, T0 + 10 + LATENCY, RY_SOURCE_AGENT + 1));
    rig_agent_close(rig);
}
END_TEST

/* Nothing is expected of it: as early as nobody has been told otherwise. */
START_TEST(test_death_by_the_wall)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);
    rig->horizon.present = T0 + 70;
    ry_exec_horizon_mark(&rig->horizon, _i ? T0 + 90 : T0);
    rig->agent.dead = true;
    rig_agent_poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.time, _i ? T0 + 90 : T0 + 70);
    ck_assert_uint_eq(rig->agent.record.head.flags, RY_INF_WALL);
    rig_agent_advance(rig);
    ck_assert_uint_eq(rig->counters.not_reproducible, 1);
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_stalled_is_not_read)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 100);
    rig->agent.stalled = true;
    rig_agent_command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, 1); /* too late */
    rig_agent_poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_AGENT_DIED);
    ck_assert_int_eq(rig->agent.record.head.time, T0 + 100 + LATENCY);
    ck_assert_uint_eq(rig->agent.record.head.flags, RY_INF_WALL | RY_INF_STALLED);
    /* and never waits for room */
    ck_assert_uint_eq(ry_load_relaxed(&rig->position.next), UINT64_MAX);
    rig_agent_advance(rig);
    ck_assert_uint_eq(rig->counters.agents_stalled, 1);
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_lapped_ring_is_no_word)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 100);
    for (unsigned i = 0; i < RIG_AGENT_SLOTS + 8; i++)
        rig_agent_command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, i + 1);
    rig_agent_poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_AGENT_DIED);
    ck_assert_uint_eq(rig->agent.record.head.flags, RY_INF_WALL | RY_INF_STALLED);
    rig_agent_close(rig);
}
END_TEST

START_TEST(test_out_drops_what_it_said)
{
    struct rig_agent *rig = rig_agent_open(0, 16, 16);
    rig_agent_start(rig, T0);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 100);
    rig_agent_command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, 1);
    rig_agent_poll(rig);
    ck_assert(rig->agent.source.ready);
    ry_exec_agent_source_out(&rig->agent);
    ck_assert(!rig->agent.source.ready);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    ck_assert_uint_eq(ry_load_relaxed(&rig->position.next), UINT64_MAX);
    rig_agent_market(rig, RY_MK_CHANGE, 0, T0 + 200);
    rig->agent.dead = true;
    rig_agent_poll(rig);
    ck_assert(!rig->agent.source.ready && ry_exec_key_is_never(&rig->agent.source.key));
    rig_agent_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_agent_death");
    TCase *c = tcase_create("exec_agent_death");
    tcase_add_test(c, test_death_at_the_horizon);
    tcase_add_test(c, test_death_from_outside);
    tcase_add_test(c, test_death_behind_a_long_ring);
    tcase_add_test(c, test_death_in_the_callback_of_start);
    tcase_add_loop_test(c, test_death_by_the_wall, 0, 2);
    tcase_add_test(c, test_stalled_is_not_read);
    tcase_add_test(c, test_lapped_ring_is_no_word);
    tcase_add_test(c, test_out_drops_what_it_said);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
