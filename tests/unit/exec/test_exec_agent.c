/*
 * One agent as a source: horizons, arrivals, what is refused, death, against numbers computed by
 * hand.
 */
#include <stdlib.h>

#include "core/exec/source_agent.h"
#include "tests/support/exec_rig.h"

#define T0      RIG_FROM
#define SLOTS   64u
#define LATENCY 5000

struct agent_rig {
    struct ry_exec_counters counters;
    struct ry_exec_horizon horizon;
    struct ry_exec_agent_source agent;
    struct ry_ring_writer commands, log;
    struct ry_ring_position position;
    struct ry_exec_market head;
    uint64_t group, seq; /* the last */
    void *memory[3];
};

/* Two agents; the one looked at is agent 1. */
static struct agent_rig *agent_open_slots(uint64_t slots, int64_t jitter, uint64_t groups,
                                          uint64_t runs)
{
    struct agent_rig *rig = rig_memory(sizeof *rig);
    rig->memory[0] = rig_memory(ry_ring_footprint(slots));
    rig->memory[1] = rig_memory(ry_ring_footprint(SLOTS));
    rig->memory[2] = rig_memory(ry_exec_wakes_footprint(2, 3, groups, runs));
    ry_ring_create(&rig->commands, rig->memory[0], slots);
    ry_ring_create(&rig->log, rig->memory[1], SLOTS);
    ry_exec_horizon_start(&rig->horizon, &(struct ry_exec_horizon_parts){.seed = 7,
                                                                         .warmup_from = T0,
                                                                         .agents = 2,
                                                                         .instruments = 3,
                                                                         .groups_max = groups,
                                                                         .runs_max = runs,
                                                                         .memory = rig->memory[2],
                                                                         .head = &rig->head});
    ry_exec_horizon_enter(&rig->horizon, 1, LATENCY, jitter);
    rig->agent = (struct ry_exec_agent_source){
        .position = &rig->position,
        .horizon = &rig->horizon,
        .counters = &rig->counters,
        .log = &rig->log,
        .name = "one",
        .agent = 1,
    };
    ck_assert_int_eq(ry_ring_join(&rig->agent.ring, rig->memory[0], ry_ring_footprint(slots)), 0);
    ry_exec_agent_source_start(&rig->agent);
    return rig;
}

static struct agent_rig *agent_open(int64_t jitter, uint64_t groups, uint64_t runs)
{
    return agent_open_slots(SLOTS, jitter, groups, runs);
}

static void agent_close(struct agent_rig *rig)
{
    for (unsigned i = 0; i < 3; i++)
        free(rig->memory[i]);
    free(rig);
}

static void market(struct agent_rig *rig, enum ry_market_kind kind, uint16_t instrument,
                   int64_t time)
{
    struct ry_market record = {.kind = (uint8_t)kind,
                               .slots = 1,
                               .instrument = instrument,
                               .flags = RY_MKF_LAST,
                               .group = ++rig->group,
                               .time = time};
    ry_exec_horizon_market(&rig->horizon, &record);
    if (ry_exec_horizon_woken(&rig->horizon) & 2)
        ry_exec_agent_source_woken(&rig->agent);
}

static void report(struct agent_rig *rig, int64_t time)
{
    struct ry_report record = {.kind = RY_RP_ACCEPTED,
                               .slots = 2,
                               .seq = ++rig->seq,
                               .group = rig->group,
                               .time = time,
                               .agent = 1};
    ry_exec_horizon_report(&rig->horizon, &record);
    if (ry_exec_horizon_woken(&rig->horizon) & 2)
        ry_exec_agent_source_woken(&rig->agent);
}

static void command(struct agent_rig *rig, enum ry_command_kind kind, enum ry_wake_kind wake,
                    uint64_t number, uint64_t ref_or_timer)
{
    struct ry_command record = {.kind = (uint8_t)kind,
                                .slots = 1,
                                .wake = (uint8_t)wake,
                                .number = number,
                                .cl_ord_id = ref_or_timer,
                                .timer = (int64_t)ref_or_timer,
                                .side = RY_BUY,
                                .price = 100,
                                .qty = 3,
                                .instrument = 2,
                                .flags = RY_INF_IOC};
    ry_ring_write(&rig->commands, &record, 1);
}

static void poll(struct agent_rig *rig)
{
    rig->agent.source.poll(&rig->agent.source);
}

static void advance(struct agent_rig *rig)
{
    rig->horizon.present = rig->agent.source.key.time;
    rig->agent.source.advance(&rig->agent.source);
}

static void start(struct agent_rig *rig, int64_t time)
{
    market(rig, RY_MK_START, 0, time);
    command(rig, RY_CM_ACK, RY_WAKE_START, 0, RY_TIME_NEVER);
    poll(rig);
}

#define ck_horizon(rig, at)                                                                        \
    do {                                                                                           \
        ck_assert(!(rig)->agent.source.ready);                                                     \
        ck_assert_int_eq((rig)->agent.source.key.time, at);                                        \
    } while (0)
#define ck_arrives(rig, at, reference)                                                             \
    do {                                                                                           \
        ck_assert((rig)->agent.source.ready);                                                      \
        ck_assert_int_eq((rig)->agent.source.key.time, at);                                        \
        ck_assert_int_eq((rig)->agent.record.head.time, at);                                       \
        ck_assert_uint_eq((rig)->agent.record.event.ref, reference);                               \
    } while (0)

START_TEST(test_gate_of_start)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    market(rig, RY_MK_CHANGE, 0, T0 + 1);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key)); /* nothing wakes before START */
    market(rig, RY_MK_START, 0, T0 + 10);
    ck_horizon(rig, T0 + 10);
    ck_assert_uint_eq(rig->agent.source.key.tie, RY_EXEC_TIE_FIRST);
    command(rig, RY_CM_ACK, RY_WAKE_START, 0, (uint64_t)T0 + 2000);
    poll(rig);
    ck_horizon(rig, T0 + 2000 + LATENCY); /* its timer */
    ck_assert_uint_eq(rig->agent.source.key.tie,
                      ry_exec_key_tie(7, T0 + 2000 + LATENCY, RY_SOURCE_AGENT + 1));
    ck_assert_uint_eq(rig->agent.source.key.source_seq, 1);
    ck_assert_uint_eq(ry_load_relaxed(&rig->position.next), 1);
    agent_close(rig);
}
END_TEST

START_TEST(test_horizons_and_arrivals)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    start(rig, T0);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    market(rig, RY_MK_CHANGE, 0, T0 + 100); /* group 2 */
    market(rig, RY_MK_TRADE, 1, T0 + 300);  /* group 3 */
    ck_horizon(rig, T0 + 100 + LATENCY);
    command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, 11);
    command(rig, RY_CM_ACK, RY_WAKE_GROUP, 2, (uint64_t)T0 + 150 + 1000);
    command(rig, RY_CM_CANCEL, RY_WAKE_GROUP, 3, 12);
    poll(rig);
    ck_arrives(rig, T0 + 100 + LATENCY, 11);
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
    advance(rig); /* applies it, reads the acknowledgement and the cancel */
    ck_arrives(rig, T0 + 300 + LATENCY, 12);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_ORDER_CANCEL);
    ck_assert_uint_eq(rig->agent.record.head.source_seq, 2);
    ck_assert_uint_eq(rig->agent.record.head.flags, 0);
    ck_assert_int_eq(rig->agent.record.event.price, 0);
    advance(rig);
    /* group 3 is not acknowledged, and T0 + 1150 its timer: neither before the last arrival */
    ck_horizon(rig, T0 + 300 + LATENCY);
    /* the same timer, though nearer than 1000 */
    command(rig, RY_CM_ACK, RY_WAKE_GROUP, 3, (uint64_t)T0 + 1150);
    poll(rig);
    ck_horizon(rig, T0 + 1150 + LATENCY);
    command(rig, RY_CM_ORDER, RY_WAKE_TIMER, (uint64_t)T0 + 1150, 13);
    command(rig, RY_CM_ACK, RY_WAKE_TIMER, (uint64_t)T0 + 1150, RY_TIME_NEVER);
    poll(rig);
    ck_arrives(rig, T0 + 1150 + LATENCY, 13);
    advance(rig);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    report(rig, T0 + 1150 + LATENCY);
    ck_horizon(rig, T0 + 1150 + 2 * LATENCY);
    ck_assert_uint_eq(rig->counters.commands_foreign, 0);
    ck_assert_uint_eq(rig->counters.timers_clamped, 0);
    agent_close(rig);
}
END_TEST

START_TEST(test_decision)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    start(rig, T0);
    market(rig, RY_MK_CHANGE, 0, T0 + 100);
    struct ry_command_decision record = {.kind = RY_CM_DECISION,
                                         .slots = 2,
                                         .wake = RY_WAKE_GROUP,
                                         .number = 2,
                                         .cl_ord_id = 9,
                                         .intent = 4,
                                         .count = 9,
                                         .feature = {1, -2, 3}};
    ry_ring_write(&rig->commands, &record, 2);
    poll(rig);
    ck_assert_uint_eq(rig->counters.commands_foreign, 1);
    record.count = 2;
    ry_ring_write(&rig->commands, &record, 2);
    poll(rig);
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
    agent_close(rig);
}
END_TEST

static void ck_refused(struct agent_rig *rig, enum ry_command_kind kind, enum ry_wake_kind wake,
                       uint64_t number)
{
    uint64_t before = rig->counters.commands_foreign;
    struct ry_exec_key key = rig->agent.source.key;
    command(rig, kind, wake, number, (uint64_t)T0 + 100000);
    poll(rig);
    ck_assert_uint_eq(rig->counters.commands_foreign, before + 1);
    ck_assert(!rig->agent.source.ready);
    ck_assert(ry_exec_key_equal(&key, &rig->agent.source.key));
    ck_assert_uint_eq(rig->horizon.agent[1].k, 0);
}

START_TEST(test_foreign_commands)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_START, 0); /* START has not come */
    market(rig, RY_MK_START, 0, T0);
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
    command(rig, RY_CM_ACK, RY_WAKE_START, 0, RY_TIME_NEVER);
    poll(rig);
    ck_assert_uint_eq(rig->counters.commands_foreign, 3);
    market(rig, RY_MK_TRADE, 0, T0 + 50);  /* group 2: another instrument */
    market(rig, RY_MK_CHANGE, 1, T0 + 60); /* group 3: no trade */
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    report(rig, T0 + 70);                 /* report 1: always */
    market(rig, RY_MK_TRADE, 1, T0 + 70); /* group 4 */
    ck_horizon(rig, T0 + 70 + LATENCY);
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
    command(rig, RY_CM_ACK, RY_WAKE_GROUP, 4, RY_TIME_NEVER); /* and the report before it */
    poll(rig);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_REPORT, 1);
    ck_refused(rig, RY_CM_ACK, RY_WAKE_GROUP, 4);
    agent_close(rig);
}
END_TEST

START_TEST(test_interest_comes_before_commands)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    market(rig, RY_MK_START, 0, T0);
    command(rig, RY_CM_ORDER, RY_WAKE_START, 0, 1);
    struct ry_command interest = {.kind = RY_CM_INTEREST,
                                  .slots = 1,
                                  .wake = RY_WAKE_START,
                                  .instrument = RY_INTEREST_EVERY,
                                  .flags = RY_INTEREST_NONE};
    ry_ring_write(&rig->commands, &interest, 1);
    poll(rig);
    ck_arrives(rig, T0 + LATENCY, 1);
    advance(rig);
    ck_assert_uint_eq(rig->counters.commands_foreign, 1);
    market(rig, RY_MK_CHANGE, 0, T0 + LATENCY);
    ck_assert_uint_eq(rig->horizon.wakes.queue[1].group_count, 1);
    agent_close(rig);
}
END_TEST

START_TEST(test_timers_are_checked)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    start(rig, T0);
    market(rig, RY_MK_CHANGE, 0, T0 + 100);
    command(rig, RY_CM_ACK, RY_WAKE_GROUP, 2, (uint64_t)T0 + 5); /* the past */
    poll(rig);
    ck_assert_uint_eq(rig->counters.timers_clamped, 1);
    ck_horizon(rig, T0 + 1100 + LATENCY);
    /* itself again */
    command(rig, RY_CM_ACK, RY_WAKE_TIMER, (uint64_t)T0 + 1100, (uint64_t)T0 + 1100);
    poll(rig);
    ck_assert_uint_eq(rig->counters.timers_clamped, 2);
    ck_horizon(rig, T0 + 2100 + LATENCY);
    /* beyond all time */
    command(rig, RY_CM_ACK, RY_WAKE_TIMER, (uint64_t)T0 + 2100, (uint64_t)RY_TIME_NEVER - 1);
    poll(rig);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    ck_refused(rig, RY_CM_ORDER, RY_WAKE_TIMER, (uint64_t)RY_TIME_NEVER - 1);
    agent_close(rig);
}
END_TEST

START_TEST(test_death_at_the_horizon)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    start(rig, T0);
    market(rig, RY_MK_CHANGE, 0, T0 + 100);
    market(rig, RY_MK_CHANGE, 0, T0 + 200);
    command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, 1);
    command(rig, RY_CM_ACK, RY_WAKE_GROUP, 2, RY_TIME_NEVER);
    rig->agent.dead = true;
    poll(rig);
    ck_arrives(rig, T0 + 100 + LATENCY, 1); /* what it said before counts */
    advance(rig);
    const struct ry_input want = {.head = {.kind = RY_IN_AGENT_DIED,
                                           .slots = 1,
                                           .source = RY_SOURCE_AGENT + 1,
                                           .time = T0 + 200 + LATENCY,
                                           .source_seq = 2},
                                  .qty = 1};
    ck_assert(rig->agent.source.ready);
    ck_assert_mem_eq(rig->agent.source.next, &want, sizeof want);
    ck_assert_int_eq(rig->agent.source.key.time, T0 + 200 + LATENCY);
    advance(rig);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key) && !rig->agent.source.ready);
    ck_assert_uint_eq(rig->counters.agents_died, 1);
    ck_assert_uint_eq(rig->counters.not_reproducible, 0);
    agent_close(rig);
}
END_TEST

/* The T is the horizon all the same. */
START_TEST(test_death_from_outside)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    start(rig, T0);
    market(rig, RY_MK_CHANGE, 0, T0 + 100);
    rig->agent.dead = rig->agent.outside = true;
    poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_AGENT_DIED);
    ck_assert_int_eq(rig->agent.record.head.time, T0 + 100 + LATENCY);
    ck_assert_uint_eq(rig->agent.record.head.flags, RY_INF_WALL);
    advance(rig);
    ck_assert_uint_eq(rig->counters.agents_died, 1);
    ck_assert_uint_eq(rig->counters.agents_stalled, 0);
    ck_assert_uint_eq(rig->counters.not_reproducible, 1);
    agent_close(rig);
}
END_TEST

/* What is left after one look is its word as well. */
START_TEST(test_death_behind_a_long_ring)
{
    struct agent_rig *rig = agent_open_slots(2 * RY_EXEC_AGENT_POLL_RECORDS, 0, 16, 16);
    int64_t timer = T0 + 1000;
    market(rig, RY_MK_START, 0, T0);
    command(rig, RY_CM_ACK, RY_WAKE_START, 0, (uint64_t)timer);
    for (unsigned i = 1; i < RY_EXEC_AGENT_POLL_RECORDS + 100; i++, timer += 1000)
        command(rig, RY_CM_ACK, RY_WAKE_TIMER, (uint64_t)timer, (uint64_t)timer + 1000);
    command(rig, RY_CM_ORDER, RY_WAKE_TIMER, (uint64_t)timer, 11);
    rig->agent.dead = true;
    poll(rig);
    ck_assert(!rig->agent.source.ready);
    ck_assert_uint_eq(ry_load_relaxed(&rig->position.next), RY_EXEC_AGENT_POLL_RECORDS);
    poll(rig);
    ck_arrives(rig, timer + LATENCY, 11);
    advance(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_AGENT_DIED);
    ck_assert_int_eq(rig->agent.record.head.time, timer + LATENCY);
    ck_assert_uint_eq(rig->agent.record.head.flags, 0);
    ck_assert_uint_eq(rig->counters.commands_foreign, 0);
    agent_close(rig);
}
END_TEST

START_TEST(test_death_in_the_callback_of_start)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    market(rig, RY_MK_START, 0, T0 + 10);
    rig->agent.dead = true;
    poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.time, T0 + 10 + LATENCY);
    ck_assert_uint_eq(rig->agent.source.key.tie,
                      ry_exec_key_tie(7, T0 + 10 + LATENCY, RY_SOURCE_AGENT + 1));
    agent_close(rig);
}
END_TEST

/* Nothing is expected of it: as early as nobody has been told otherwise. */
START_TEST(test_death_by_the_wall)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    start(rig, T0);
    rig->horizon.present = T0 + 70;
    ry_exec_horizon_mark(&rig->horizon, _i ? T0 + 90 : T0);
    rig->agent.dead = true;
    poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.time, _i ? T0 + 90 : T0 + 70);
    ck_assert_uint_eq(rig->agent.record.head.flags, RY_INF_WALL);
    advance(rig);
    ck_assert_uint_eq(rig->counters.not_reproducible, 1);
    agent_close(rig);
}
END_TEST

START_TEST(test_stalled_is_not_read)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    start(rig, T0);
    market(rig, RY_MK_CHANGE, 0, T0 + 100);
    rig->agent.stalled = true;
    command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, 1); /* too late */
    poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_AGENT_DIED);
    ck_assert_int_eq(rig->agent.record.head.time, T0 + 100 + LATENCY);
    ck_assert_uint_eq(rig->agent.record.head.flags, RY_INF_WALL | RY_INF_STALLED);
    /* and never waits for room */
    ck_assert_uint_eq(ry_load_relaxed(&rig->position.next), UINT64_MAX);
    advance(rig);
    ck_assert_uint_eq(rig->counters.agents_stalled, 1);
    agent_close(rig);
}
END_TEST

START_TEST(test_lapped_ring_is_no_word)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    start(rig, T0);
    market(rig, RY_MK_CHANGE, 0, T0 + 100);
    for (unsigned i = 0; i < SLOTS + 8; i++)
        command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, i + 1);
    poll(rig);
    ck_assert(rig->agent.source.ready);
    ck_assert_int_eq(rig->agent.record.head.kind, RY_IN_AGENT_DIED);
    ck_assert_uint_eq(rig->agent.record.head.flags, RY_INF_WALL | RY_INF_STALLED);
    agent_close(rig);
}
END_TEST

START_TEST(test_out_drops_what_it_said)
{
    struct agent_rig *rig = agent_open(0, 16, 16);
    start(rig, T0);
    market(rig, RY_MK_CHANGE, 0, T0 + 100);
    command(rig, RY_CM_ORDER, RY_WAKE_GROUP, 2, 1);
    poll(rig);
    ck_assert(rig->agent.source.ready);
    ry_exec_agent_source_out(&rig->agent);
    ck_assert(!rig->agent.source.ready);
    ck_assert(ry_exec_key_is_never(&rig->agent.source.key));
    ck_assert_uint_eq(ry_load_relaxed(&rig->position.next), UINT64_MAX);
    market(rig, RY_MK_CHANGE, 0, T0 + 200);
    rig->agent.dead = true;
    poll(rig);
    ck_assert(!rig->agent.source.ready && ry_exec_key_is_never(&rig->agent.source.key));
    agent_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_agent");
    TCase *c = tcase_create("exec_agent");
    tcase_add_test(c, test_gate_of_start);
    tcase_add_test(c, test_horizons_and_arrivals);
    tcase_add_test(c, test_decision);
    tcase_add_test(c, test_foreign_commands);
    tcase_add_test(c, test_interest_comes_before_commands);
    tcase_add_test(c, test_timers_are_checked);
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
