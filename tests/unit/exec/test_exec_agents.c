/*
 * Battles by hand with two agents, through exec's loop: in what order what they say becomes inputs,
 * for whom exec waits and how often it counts that, how battles and agents end.
 */
#include <string.h>

#include "tests/support/exec_rig.h"

#define NEVER RY_TIME_NEVER

/* Latencies; all times below count from RIG_FROM, START is at 50. */
#define NEAR 5000
#define FAR  7000

#define TRADES (RY_INTEREST_ORDERS | RY_INTEREST_WAKE_TRADES)

/* Agent 0 is near, the others are far. */
static struct rig *battle_of(unsigned agents, uint64_t link_slots, uint64_t stream_max)
{
    struct ry_battle *battle = rig_battle(1, 1, NEVER);
    for (unsigned i = 0; i < agents; i++)
        rig_battle_agent(battle, i == 0 ? NEAR : FAR, 0);
    struct rig *rig = rig_open_sizes(battle, &(struct rig_sizes){.input_slots = RIG_SLOTS,
                                                                 .link_slots = link_slots,
                                                                 .stream_max = stream_max});
    union ry_input_any input;
    for (unsigned i = 0; i < ry_exec_configured(battle); i++)
        ck_assert(rig_read(rig, &input));
    return rig;
}

static void add(struct rig *rig, int64_t time, uint64_t ref)
{
    rig_send(rig, 0, rig_add(0, RIG_FROM + time, ref, RY_BUY, 100000, 1));
}

/* All have answered START, and the feed is at `time`; the last trade was at 100,000. */
static struct rig *started(unsigned agents, int64_t time, uint64_t link_slots, uint64_t stream_max,
                           unsigned interest)
{
    struct rig *rig = battle_of(agents, link_slots, stream_max);
    add(rig, 10, 1);
    struct ry_input last = rig_event(RY_IN_LAST, 0, RIG_FROM + 10);
    last.price = 100000;
    last.qty = 1;
    rig_send(rig, 0, last);
    add(rig, time, 2);
    rig_settle(rig);
    for (unsigned i = 0; i < agents; i++) {
        ck_assert_str_eq(rig_told_letters(&rig->agent[i]), "SCb");
        rig_interest(&rig->agent[i], RY_INTEREST_EVERY, interest);
        rig_ack(&rig->agent[i], 1, NEVER);
    }
    rig_settle(rig);
    return rig;
}

struct expected {
    enum ry_input_kind kind;
    int64_t time;
    uint16_t source;
    uint16_t flags;
};

/* The next inputs, and no other. */
static void ck_inputs(struct rig *rig, const struct expected *want, unsigned count)
{
    union ry_input_any input;
    for (unsigned i = 0; i < count; i++) {
        ck_assert_msg(rig_read(rig, &input), "input %u is missing", i);
        ck_assert_int_eq(input.head.kind, want[i].kind);
        ck_assert_int_eq(input.head.time, RIG_FROM + want[i].time);
        ck_assert_uint_eq(input.head.source, want[i].source);
        ck_assert_uint_eq(input.head.flags, want[i].flags);
    }
    ck_assert(!rig_read(rig, &input));
}

#define CK_INPUTS(rig, ...)                                                                        \
    do {                                                                                           \
        const struct expected want[] = {__VA_ARGS__};                                              \
        ck_inputs(rig, want, sizeof want / sizeof *want);                                          \
    } while (0)

#define FEED    RY_SOURCE_FEED
#define AGENT_0 RY_SOURCE_AGENT
#define AGENT_1 (RY_SOURCE_AGENT + 1)

static void ck_waits(struct rig *rig, enum ry_exec_wait_why why, uint16_t who)
{
    ck_assert_int_eq(rig->exec.wait.why, why);
    ck_assert_uint_eq(rig->exec.wait.who, who);
}

static void died(struct rig *rig, uint16_t agent, enum ry_control_how how)
{
    const struct ry_control control = {
        .kind = RY_CONTROL_AGENT_DIED, .slots = 1, .index = agent, .how = how};
    ry_ring_write(&rig->control, &control, 1);
}

/* ---- the order of inputs --------------------------------------------------------------------- */

/* The warm-up without agents; then nothing before both have answered START. */
START_TEST(test_nothing_passes_start)
{
    struct rig *rig = battle_of(2, RIG_SLOTS, RIG_SLOTS);
    add(rig, 10, 1);
    add(rig, 50, 2);
    rig_settle(rig);
    CK_INPUTS(rig, {RY_IN_ADD, 10, FEED, 0}, {RY_IN_TIME, 50, RY_SOURCE_CLOCK, 0});
    for (unsigned first = 0; first < 2; first++) {
        const unsigned i = first ^ (unsigned)_i;
        ck_assert_int_eq(rig->exec.wait.why, RY_EXEC_WAIT_ANSWER);
        ck_assert_str_eq(rig_told_letters(&rig->agent[i]), "SCb");
        rig_interest(&rig->agent[i], RY_INTEREST_EVERY, RY_INTEREST_ALL);
        rig_ack(&rig->agent[i], 1, NEVER);
        rig_settle(rig);
        if (first == 0)
            CK_INPUTS(rig);
    }
    CK_INPUTS(rig, {RY_IN_ADD, 50, FEED, 0});
    ck_assert_uint_eq(rig->exec.counters.wakes_start, 2);
    rig_close(rig);
}
END_TEST

/* Each answer at its own arrival, whoever answers first; the feed's records between them. */
START_TEST(test_order_of_inputs)
{
    struct rig *rig = started(2, 100, RIG_SLOTS, RIG_SLOTS, RY_INTEREST_ALL);
    add(rig, 6100, 3);
    add(rig, 20000, 4);
    rig_settle(rig);
    CK_INPUTS(rig, {RY_IN_ADD, 10, FEED, 0}, {RY_IN_LAST, 10, FEED, 0},
              {RY_IN_TIME, 50, RY_SOURCE_CLOCK, 0}, {RY_IN_ADD, 100, FEED, 0});
    ck_waits(rig, RY_EXEC_WAIT_ANSWER, 0);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "CM");
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "CM");
    for (unsigned n = 0; n < 2; n++) {
        const unsigned i = n ^ (unsigned)_i;
        rig_order(&rig->agent[i], 2, 1, 0, RY_BUY, 90000, 1);
        rig_ack(&rig->agent[i], 2, NEVER);
        rig_settle(rig);
        if (n == 0 && i == 1)
            CK_INPUTS(rig); /* agent 0 may come before it */
    }
    /* agent 0 is woken at 5,100 by its own order, and again by the feed: 10,100 is its horizon */
    CK_INPUTS(rig, {RY_IN_ORDER, 100 + NEAR, AGENT_0, 0}, {RY_IN_ADD, 6100, FEED, 0},
              {RY_IN_ORDER, 100 + FAR, AGENT_1, 0});
    ck_waits(rig, RY_EXEC_WAIT_ANSWER, 0);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "rRrRCM");
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "CM");
    rig_close(rig);
}
END_TEST

/* A timer at 2,000 makes a callback there, though nothing else happens; what it says arrives one
 * latency later, between the feed's records. */
START_TEST(test_timer_among_records)
{
    struct rig *rig = battle_of(2, RIG_SLOTS, RIG_SLOTS);
    add(rig, 60, 1);
    rig_settle(rig);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_str_eq(rig_told_letters(&rig->agent[i]), "Sb");
        rig_interest(&rig->agent[i], RY_INTEREST_EVERY, TRADES);
        rig_ack(&rig->agent[i], 1, i == 0 ? RIG_FROM + 2000 : NEVER);
    }
    add(rig, 2000, 2);
    add(rig, 2001, 3);
    add(rig, 6999, 4);
    add(rig, 7001, 5);
    rig_settle(rig);
    ck_waits(rig, RY_EXEC_WAIT_ANSWER, 0);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "CCT");
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "CCCC");
    rig_order(&rig->agent[0], 2, 1, 0, RY_BUY, 90000, 1);
    rig_ack(&rig->agent[0], 2, NEVER);
    rig_settle(rig);
    CK_INPUTS(rig, {RY_IN_TIME, 50, RY_SOURCE_CLOCK, 0}, {RY_IN_ADD, 60, FEED, 0},
              {RY_IN_ADD, 2000, FEED, 0}, {RY_IN_ADD, 2001, FEED, 0}, {RY_IN_ADD, 6999, FEED, 0},
              {RY_IN_ORDER, 7000, AGENT_0, 0}, {RY_IN_ADD, 7001, FEED, 0});
    rig_close(rig);
}
END_TEST

/* However many inputs come in a row, a TOP is that of each T. */
START_TEST(test_top_of_each_time)
{
    struct rig *rig =
        started(2, 100, RIG_SLOTS, RIG_SLOTS, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK);
    for (int64_t i = 2; i < 5; i++)
        add(rig, 100 * i, (uint64_t)(10 + i));
    for (uint64_t wake = 2; wake < 5; wake++) {
        union ry_told_any record;
        rig_settle(rig);
        ck_assert(rig_told(&rig->agent[0], &record));
        ck_assert_int_eq(rig_told_letter(&record), 'l');
        ck_assert_int_eq(record.level.time, RIG_FROM + 100 * ((int64_t)wake - 1));
        ck_assert_uint_eq(record.level.qty, wake);
        ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "P");
        rig_ack(&rig->agent[0], wake, NEVER);
    }
    rig_close(rig);
}
END_TEST

/* ---- the end --------------------------------------------------------------------------------- */

/* END comes though both owe an answer; it is the last that they are told. */
START_TEST(test_end)
{
    struct rig *rig = started(2, 100, RIG_SLOTS, RIG_SLOTS, RY_INTEREST_ALL);
    rig_send_end(rig, 0, RIG_FROM + 100);
    rig_settle(rig);
    CK_INPUTS(rig, {RY_IN_ADD, 10, FEED, 0}, {RY_IN_LAST, 10, FEED, 0},
              {RY_IN_TIME, 50, RY_SOURCE_CLOCK, 0}, {RY_IN_ADD, 100, FEED, 0},
              {RY_IN_END, 100, RY_SOURCE_CLOCK, 0});
    rig_settle(rig);
    ck_assert_int_eq(rig->exec.phase, RY_EXEC_DONE);
    ck_assert_uint_eq(rig->exec.counters.not_reproducible, 0);
    for (unsigned i = 0; i < 2; i++) {
        const char *letters = rig_told_letters(&rig->agent[i]);
        ck_assert_msg(strcmp(letters, "CE") == 0 || strcmp(letters, "CME") == 0, "%s", letters);
        ck_assert_uint_eq(ry_load_relaxed(&rig->agent[i].heads->commands.next), UINT64_MAX);
    }
    rig_close(rig);
}
END_TEST

/* The TOP of END's own T comes before it. */
START_TEST(test_top_of_the_last_time)
{
    struct rig *rig = started(2, 100, RIG_SLOTS, RIG_SLOTS, RY_INTEREST_TOP(1));
    rig_send_end(rig, 0, RIG_FROM + 100);
    rig_settle(rig);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_str_eq(rig_told_letters(&rig->agent[i]), "lE");
    rig_close(rig);
}
END_TEST

/* Agents get what is left: exec waits for room, and counts that once. */
START_TEST(test_end_waits_for_links)
{
    struct rig *rig = started(2, 60, RY_RING_SLOTS_MIN, RIG_SLOTS, RY_INTEREST_ORDERS);
    union ry_input_any input;
    for (uint64_t i = 0; i < 20; i++)
        add(rig, 60, 10 + i);
    rig_settle(rig);
    rig_send_end(rig, 0, RIG_FROM + 60);
    ck_assert_uint_eq(rig_told_all(&rig->agent[1]), 14);
    rig_settle(rig);
    rig_told_all(&rig->agent[0]);
    rig_settle(rig);
    ck_assert_int_eq(rig->exec.phase, RY_EXEC_DRAINING);
    while (rig_read(rig, &input))
        ;
    while (rig_told_all(&rig->agent[0]) + rig_told_all(&rig->agent[1]) > 0)
        rig_settle(rig);
    ck_assert_int_eq(rig->exec.phase, RY_EXEC_DONE);
    ck_assert_uint_eq(ry_ring_written(&rig->exec.told.link[0].ring),
                      ry_ring_written(&rig->exec.told.link[1].ring));
    ck_assert_uint_eq(ry_ring_written(&rig->exec.told.link[0].ring), 3 + 21 + 1);
    rig_close(rig);
}
END_TEST

/* At the largest T that was closed: a timer before it was given. */
START_TEST(test_stop_is_not_before_what_was_closed)
{
    struct rig *rig = battle_of(2, RIG_SLOTS, RIG_SLOTS);
    add(rig, 60, 1);
    rig_settle(rig);
    for (unsigned i = 0; i < 2; i++) {
        rig_told_all(&rig->agent[i]);
        rig_ack(&rig->agent[i], 1, i == 0 ? RIG_FROM + 2000 : NEVER);
    }
    add(rig, 9000, 2);
    rig_settle(rig);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "T");
    ck_assert_int_eq(rig->exec.horizon.present, RIG_FROM + 60);
    rig_tell(rig, RY_CONTROL_STOP, 0);
    rig_settle(rig);
    CK_INPUTS(rig, {RY_IN_TIME, 50, RY_SOURCE_CLOCK, 0}, {RY_IN_ADD, 60, FEED, 0},
              {RY_IN_END, 2000 + NEAR, RY_SOURCE_CLOCK, RY_INF_WALL});
    ck_assert_uint_eq(rig->exec.counters.not_reproducible, 1);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "E");
    rig_close(rig);
}
END_TEST

/* ---- agents that end ------------------------------------------------------------------------- */

/* In its callback: at its horizon, and nothing tells that it was not so in every run. From outside:
 * at the floor. */
START_TEST(test_death)
{
    struct rig *rig = started(3, 100, RIG_SLOTS, RIG_SLOTS, RY_INTEREST_ALL);
    union ry_input_any input;
    add(rig, 5050, 3);
    add(rig, 30000, 4);
    rig_settle(rig);
    while (rig_read(rig, &input))
        ;
    ck_waits(rig, RY_EXEC_WAIT_ANSWER, 0);
    const bool outside = _i == 1;
    died(rig, 0, outside ? RY_DIED_OUTSIDE : RY_DIED_ITSELF);
    rig_settle(rig);
    /* 5,050 is applied; the smallest horizon was 5,100 when it was told */
    CK_INPUTS(rig, {RY_IN_AGENT_DIED, 100 + NEAR, AGENT_0, outside ? RY_INF_WALL : 0});
    ck_waits(rig, RY_EXEC_WAIT_ANSWER, 1);
    ck_assert_uint_eq(ry_load_relaxed(&rig->positions->out), 1);
    ck_assert_uint_eq(rig->exec.counters.agents_died, 1);
    ck_assert_uint_eq(rig->exec.counters.not_reproducible, outside);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "CM"); /* no OUT */
    ck_assert_uint_eq(ry_load_relaxed(&rig->agent[0].heads->commands.next), UINT64_MAX);
    rig_close(rig);
}
END_TEST

START_TEST(test_stalled)
{
    struct rig *rig = started(3, 100, RIG_SLOTS, RIG_SLOTS, RY_INTEREST_ALL);
    union ry_input_any input;
    add(rig, 30000, 3);
    rig_settle(rig);
    while (rig_read(rig, &input))
        ;
    ry_exec_stalled(&rig->exec, 0);
    rig_settle(rig);
    CK_INPUTS(rig, {RY_IN_AGENT_DIED, 100 + NEAR, AGENT_0, RY_INF_WALL | RY_INF_STALLED});
    ck_assert_uint_eq(rig->exec.counters.agents_stalled, 1);
    ck_assert_uint_eq(rig->exec.counters.not_reproducible, 1);
    rig_close(rig);
}
END_TEST

/* ---- waits ----------------------------------------------------------------------------------- */

/* Counted once for each answer, and again only when something moved. */
START_TEST(test_waits_for_answers)
{
    struct rig *rig = started(2, 100, RIG_SLOTS, RIG_SLOTS, RY_INTEREST_ALL);
    add(rig, 30000, 3);
    rig_settle(rig);
    const uint64_t waits = rig->exec.counters.agent_waits;
    const struct ry_exec_wait wait = rig->exec.wait;
    ck_waits(rig, RY_EXEC_WAIT_ANSWER, 0);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_uint_eq(ry_exec_step(&rig->exec), 0);
    ck_assert_uint_eq(rig->exec.counters.agent_waits, waits);
    ck_assert(ry_exec_wait_equal(&wait, &rig->exec.wait));
    /* what another says is no progress */
    rig_ack(&rig->agent[1], 2, NEVER);
    ry_exec_step(&rig->exec);
    ck_assert(ry_exec_wait_equal(&wait, &rig->exec.wait));
    rig_ack(&rig->agent[0], 2, RIG_FROM + 100 + 1001);
    rig_settle(rig);
    ck_waits(rig, RY_EXEC_WAIT_ANSWER, 0); /* its timer */
    ck_assert(!ry_exec_wait_equal(&wait, &rig->exec.wait));
    ck_assert_uint_eq(rig->exec.counters.agent_waits, waits + 1);
    rig_close(rig);
}
END_TEST

/* Each answer in a go is one, though its T, and so the horizon, stays: nobody who answers stalls.
 */
START_TEST(test_each_answer_in_a_go_is_progress)
{
    struct rig *rig = started(2, 100, RIG_SLOTS, RIG_SLOTS, RY_INTEREST_ALL);
    for (uint64_t i = 0; i < 5; i++)
        add(rig, 100, 10 + i);
    add(rig, 30000, 3);
    rig_settle(rig);
    ck_waits(rig, RY_EXEC_WAIT_ANSWER, 0);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "CMCMCMCMCMCM");
    for (uint64_t wake = 2; wake < 7; wake++) {
        const struct ry_exec_wait wait = rig->exec.wait;
        rig_ack(&rig->agent[0], wake, NEVER);
        ck_assert_uint_gt(ry_exec_step(&rig->exec), 0);
        ck_waits(rig, RY_EXEC_WAIT_ANSWER, 0);
        ck_assert(!ry_exec_wait_equal(&wait, &rig->exec.wait));
    }
    rig_close(rig);
}
END_TEST

START_TEST(test_waits_for_room)
{
    struct rig *rig = started(2, 60, RY_RING_SLOTS_MIN, RIG_SLOTS, RY_INTEREST_ORDERS);
    for (uint64_t i = 0; i < 30; i++)
        add(rig, 60 + (int64_t)i, 10 + i);
    do
        rig_settle(rig);
    while (rig_told_all(&rig->agent[1]) > 0);
    ck_waits(rig, RY_EXEC_WAIT_ROOM, 0);
    const uint64_t waits = rig->exec.counters.room_waits;
    ck_assert_uint_ge(waits, 1);
    const struct ry_exec_wait wait = rig->exec.wait;
    rig_settle(rig);
    ck_assert(ry_exec_wait_equal(&wait, &rig->exec.wait));
    ck_assert_uint_eq(rig->exec.counters.room_waits, waits);
    rig_told_all(&rig->agent[0]);
    ry_exec_step(&rig->exec);
    ck_assert(!ry_exec_wait_equal(&wait, &rig->exec.wait));
    rig_close(rig);
}
END_TEST

/* Agent 1 has a wake by its timer, at 1,050; behind it 30 records come. A stream holds 8. */
static struct rig *with_held_records(void)
{
    struct rig *rig = battle_of(2, RIG_SLOTS, 8);
    add(rig, 60, 1);
    rig_settle(rig);
    for (unsigned i = 0; i < 2; i++) {
        rig_told_all(&rig->agent[i]);
        rig_interest(&rig->agent[i], RY_INTEREST_EVERY, TRADES);
        rig_ack(&rig->agent[i], 1, i == 1 ? RIG_FROM + 1050 : NEVER);
    }
    add(rig, 2000, 2);
    rig_settle(rig);
    ck_assert_str_eq(rig_told_letters(&rig->agent[1]), "CT");
    for (int64_t i = 1; i < 30; i++)
        add(rig, 2000 + i, 10 + (uint64_t)i);
    return rig;
}

START_TEST(test_waits_for_the_stream)
{
    struct rig *rig = with_held_records();
    rig_settle(rig);
    ck_waits(rig, RY_EXEC_WAIT_STREAM, 1);
    ck_assert_uint_eq(rig->exec.counters.stream_waits, 1);
    ck_assert_uint_eq(rig_told_all(&rig->agent[0]), 9); /* 1, and 8 that agent 1 is not told */
    const struct ry_exec_wait wait = rig->exec.wait;
    rig_settle(rig);
    ck_assert(ry_exec_wait_equal(&wait, &rig->exec.wait));
    rig_ack(&rig->agent[1], 2, NEVER);
    rig_settle(rig);
    ck_waits(rig, RY_EXEC_WAIT_FEED, 0);
    ck_assert_uint_eq(rig_told_all(&rig->agent[1]), 30);
    ck_assert_uint_eq(rig_told_all(&rig->agent[0]), 22);
    rig_close(rig);
}
END_TEST

/* It has answered, with a command that arrives later: more cannot be asked of it. */
START_TEST(test_answered_agents_hold_nothing_up)
{
    struct rig *rig = with_held_records();
    rig_order(&rig->agent[1], 2, 1, 0, RY_BUY, 90000, 1);
    rig_ack(&rig->agent[1], 2, NEVER);
    rig_settle(rig);
    ck_waits(rig, RY_EXEC_WAIT_FEED, 0);
    ck_assert_uint_eq(rig_told_all(&rig->agent[0]), 31);
    ck_assert_uint_eq(rig_told_all(&rig->agent[1]), 0);
    add(rig, 20000, 3);
    rig_settle(rig);
    ck_assert_uint_gt(rig_told_all(&rig->agent[1]), 30);
    rig_close(rig);
}
END_TEST

/* A T that began is finished: its wakes are given when it is closed, not before. */
START_TEST(test_burst_at_one_time)
{
    struct rig *rig = started(2, 100, RIG_SLOTS, 8, RY_INTEREST_ALL);
    for (uint64_t i = 0; i < 30; i++)
        add(rig, 100, 10 + i);
    rig_settle(rig);
    ck_waits(rig, RY_EXEC_WAIT_FEED, 0);
    add(rig, 30000, 3);
    rig_settle(rig);
    ck_waits(rig, RY_EXEC_WAIT_ANSWER, 0);
    ck_assert_uint_eq(rig->exec.counters.stream_waits, 0);
    ck_assert_uint_eq(rig_told_all(&rig->agent[0]), 2 * 31);
    rig_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_agents");
    TCase *c = tcase_create("exec_agents");
    tcase_add_loop_test(c, test_nothing_passes_start, 0, 2);
    tcase_add_loop_test(c, test_order_of_inputs, 0, 2);
    tcase_add_test(c, test_timer_among_records);
    tcase_add_test(c, test_top_of_each_time);
    tcase_add_test(c, test_end);
    tcase_add_test(c, test_top_of_the_last_time);
    tcase_add_test(c, test_end_waits_for_links);
    tcase_add_test(c, test_stop_is_not_before_what_was_closed);
    tcase_add_loop_test(c, test_death, 0, 2);
    tcase_add_test(c, test_stalled);
    tcase_add_test(c, test_waits_for_answers);
    tcase_add_test(c, test_each_answer_in_a_go_is_progress);
    tcase_add_test(c, test_waits_for_room);
    tcase_add_test(c, test_waits_for_the_stream);
    tcase_add_test(c, test_answered_agents_hold_nothing_up);
    tcase_add_test(c, test_burst_at_one_time);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
