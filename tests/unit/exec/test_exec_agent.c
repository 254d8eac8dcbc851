/*
 * One agent as a source, on real links: START's gate, arrivals, what is refused, death, against
 * numbers computed by hand.
 */
#include <string.h>

#include "tests/support/told_rig.h"

#define T0      TOLD_T0
#define LATENCY TOLD_LATENCY
#define SLOTS   1024u
#define NEVER   RY_TIME_NEVER

#define TRADES (RY_INTEREST_ORDERS | RY_INTEREST_WAKE_TRADES)

/* One agent, which has answered START, woken by trades. */
static struct told_rig *begun(void)
{
    struct told_rig *rig = told_open(1, SLOTS, 4096);
    told_start(rig, TRADES);
    return rig;
}

static struct ry_exec_agent_source *source(struct told_rig *rig)
{
    return &rig->source[0];
}

static void advance(struct told_rig *rig)
{
    rig->horizon.present = source(rig)->source.key.time;
    source(rig)->source.advance(&source(rig)->source);
}

static void order(struct told_rig *rig, uint64_t wake, uint64_t ref)
{
    rig_order(&rig->agent[0], wake, ref, 2, RY_BUY, 100, 3);
}

#define ck_horizon(rig, at)                                                                        \
    do {                                                                                           \
        ck_assert(!source(rig)->source.ready);                                                     \
        ck_assert_int_eq(source(rig)->source.key.time, at);                                        \
    } while (0)
#define ck_never(rig) ck_assert(ry_exec_key_is_never(&source(rig)->source.key))
#define ck_arrives(rig, at, reference)                                                             \
    do {                                                                                           \
        ck_assert(source(rig)->source.ready);                                                      \
        ck_assert_int_eq(source(rig)->source.key.time, at);                                        \
        ck_assert_int_eq(source(rig)->record.head.time, at);                                       \
        ck_assert_uint_eq(source(rig)->record.event.ref, reference);                               \
    } while (0)
#define ck_dies(rig, at, with)                                                                     \
    do {                                                                                           \
        ck_assert(source(rig)->source.ready);                                                      \
        ck_assert_int_eq(source(rig)->record.head.kind, RY_IN_AGENT_DIED);                         \
        ck_assert_int_eq(source(rig)->record.head.time, at);                                       \
        ck_assert_int_eq(source(rig)->source.key.time, at);                                        \
        ck_assert_uint_eq(source(rig)->record.head.flags, with);                                   \
    } while (0)

/* ---- when it can be heard of ----------------------------------------------------------------- */

START_TEST(test_gate_of_start)
{
    struct told_rig *rig = told_open(1, SLOTS, 4096);
    told_add(rig, -40, 1, RY_BUY, 1000, 1);
    ck_never(rig); /* nothing wakes before START */
    told_begin(rig);
    ck_horizon(rig, T0);
    ck_assert_uint_eq(source(rig)->source.key.tie, RY_EXEC_TIE_FIRST);
    told_deliver(rig, 0);
    told_ack(rig, 0, 2000);
    ck_horizon(rig, T0 + 2000 + LATENCY); /* its timer */
    ck_assert_uint_eq(source(rig)->source.key.tie,
                      ry_exec_key_tie(7, T0 + 2000 + LATENCY, RY_SOURCE_AGENT));
    ck_assert_uint_eq(source(rig)->source.key.source_seq, 1);
    ck_assert_uint_eq(ry_load_relaxed(&rig->agent[0].heads->commands.next), 1);
    told_close(rig);
}
END_TEST

/* A first command opens it too. */
START_TEST(test_gate_opens_by_a_command)
{
    struct told_rig *rig = told_open(1, SLOTS, 4096);
    told_begin(rig);
    told_deliver(rig, 0);
    order(rig, 1, 11);
    told_poll(rig, 0);
    ck_arrives(rig, T0 + LATENCY, 11);
    told_close(rig);
}
END_TEST

/* With everything that there is in a command. */
static void full_command(struct told_rig *rig, enum ry_command_kind kind, uint64_t wake,
                         uint64_t ref)
{
    rig_say(&rig->agent[0], &(struct ry_command){.kind = (uint8_t)kind,
                                                 .slots = 1,
                                                 .instrument = 2,
                                                 .side = RY_BUY,
                                                 .flags = RY_INF_IOC,
                                                 .wake = wake,
                                                 .cl_ord_id = ref,
                                                 .price = 100,
                                                 .timer = 1, /* says nothing in a command */
                                                 .qty = 3});
}

START_TEST(test_horizons_and_arrivals)
{
    struct told_rig *rig = begun();
    ck_never(rig);
    told_group(rig, 100, "t"); /* wake 2 */
    told_group(rig, 300, "t"); /* wake 3 */
    ck_horizon(rig, T0 + 100 + LATENCY);
    told_deliver(rig, 301);
    ck_horizon(rig, T0 + 100 + LATENCY);
    full_command(rig, RY_CM_ORDER, 2, 11);
    rig_ack(&rig->agent[0], 2, T0 + 1150);
    told_poll(rig, 0);
    ck_arrives(rig, T0 + 100 + LATENCY, 11);
    const struct ry_input want = {.head = {.kind = RY_IN_ORDER,
                                           .slots = 1,
                                           .instrument = 2,
                                           .source = RY_SOURCE_AGENT,
                                           .flags = RY_INF_IOC,
                                           .time = T0 + 100 + LATENCY,
                                           .source_seq = 1},
                                  .ref = 11,
                                  .price = 100,
                                  .qty = 3,
                                  .side = RY_BUY};
    ck_assert_mem_eq(source(rig)->source.next, &want, sizeof want);
    advance(rig); /* applies it, reads the acknowledgement: wake 3 is made, not given */
    ck_horizon(rig, T0 + 300 + LATENCY);
    told_deliver(rig, 301);
    full_command(rig, RY_CM_CANCEL, 3, 12);
    told_poll(rig, 0);
    ck_arrives(rig, T0 + 300 + LATENCY, 12);
    const struct ry_input cancel = {.head = {.kind = RY_IN_ORDER_CANCEL,
                                             .slots = 1,
                                             .source = RY_SOURCE_AGENT,
                                             .time = T0 + 300 + LATENCY,
                                             .source_seq = 2},
                                    .ref = 12};
    ck_assert_mem_eq(source(rig)->source.next, &cancel, sizeof cancel);
    advance(rig);
    told_ack(rig, 0, 1150); /* the same timer, though nearer than 1,000 */
    ck_horizon(rig, T0 + 1150 + LATENCY);
    told_deliver(rig, 1151);
    order(rig, 4, 13);
    rig_ack(&rig->agent[0], 4, NEVER);
    told_poll(rig, 0);
    ck_arrives(rig, T0 + 1150 + LATENCY, 13);
    advance(rig);
    ck_never(rig);
    told_report(rig, 0, 1150 + LATENCY);
    ck_horizon(rig, T0 + 1150 + 2 * LATENCY);
    ck_assert_uint_eq(rig->counters.commands_foreign, 0);
    ck_assert_uint_eq(rig->counters.timers_clamped, 0);
    ck_assert_uint_eq(rig->counters.agent_inputs, 3);
    told_close(rig);
}
END_TEST

/* Record k arrives L(k) behind its wake, never before the one before it. */
START_TEST(test_jitter)
{
    struct told_rig *rig = begun();
    ry_exec_horizon_enter(&rig->horizon, 0, LATENCY, 999);
    int64_t want = 0;
    for (uint64_t k = 1; k <= 12; k++) {
        const int64_t time = 100 * (int64_t)k;
        const int64_t late = time + ry_exec_horizon_latency(7, 0, k, LATENCY, 999);
        want = late > want ? late : want;
        told_group(rig, time, "t");
        told_deliver(rig, time + 1);
        ck_horizon(rig, T0 + want);
        order(rig, k + 1, k);
        rig_ack(&rig->agent[0], k + 1, NEVER);
        told_poll(rig, 0);
        ck_arrives(rig, T0 + want, k);
        advance(rig);
    }
    told_close(rig);
}
END_TEST

START_TEST(test_decision)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "t");
    told_deliver(rig, 101);
    struct ry_command_decision record = {.kind = RY_CM_DECISION,
                                         .slots = 2,
                                         .wake = 2,
                                         .cl_ord_id = 9,
                                         .intent = 4,
                                         .count = 9,
                                         .feature = {1, -2, 3}};
    ry_ring_write(&rig->agent[0].commands, &record, 2);
    told_poll(rig, 0);
    ck_assert_uint_eq(rig->counters.commands_foreign, 1);
    record.count = 2;
    ry_ring_write(&rig->agent[0].commands, &record, 2);
    told_poll(rig, 0);
    const union ry_input_any want = {
        .decision = {.head = {.kind = RY_IN_DECISION,
                              .slots = 2,
                              .source = RY_SOURCE_AGENT,
                              .time = T0 + 100 + LATENCY,
                              .source_seq = 1},
                     .ref = 9,
                     .intent = 4,
                     .count = 2,
                     .feature = {1, -2}}}; /* what is beyond count is not taken over */
    ck_assert_mem_eq(&source(rig)->record, &want, sizeof want);
    told_close(rig);
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

static void ck_refused(struct told_rig *rig, unsigned kind, unsigned slots, uint64_t wake)
{
    const uint64_t before = rig->counters.commands_foreign, acked = rig->told.link[0].acked;
    const struct ry_exec_key key = source(rig)->source.key;
    const union ry_command_any record = {.command = {.kind = (uint8_t)kind,
                                                     .slots = (uint8_t)slots,
                                                     .wake = wake,
                                                     .cl_ord_id = 1,
                                                     .timer = T0 + 100000}};
    ry_ring_write(&rig->agent[0].commands, &record, slots);
    told_poll(rig, 0);
    ck_assert_uint_eq(rig->counters.commands_foreign, before + 1);
    ck_assert(!source(rig)->source.ready);
    ck_assert(ry_exec_key_equal(&key, &source(rig)->source.key));
    ck_assert_uint_eq(rig->told.link[0].acked, acked);
    ck_assert_int_eq(rig->horizon.agent[0].timer, NEVER);
}

/* Every kind that names `wake`. */
static void ck_foreign(struct told_rig *rig, uint64_t wake)
{
    ck_refused(rig, RY_CM_ORDER, 1, wake);
    ck_refused(rig, RY_CM_CANCEL, 1, wake);
    ck_refused(rig, RY_CM_DECISION, 2, wake);
    ck_refused(rig, RY_CM_INTEREST, 1, wake);
    ck_refused(rig, RY_CM_ACK, 1, wake);
}

START_TEST(test_foreign_commands)
{
    struct told_rig *rig = told_open(1, SLOTS, 4096);
    ck_foreign(rig, 0);
    ck_foreign(rig, 1); /* START is not made */
    told_begin(rig);
    ck_foreign(rig, 1); /* nor given */
    told_deliver(rig, 0);
    ck_foreign(rig, 0);
    ck_foreign(rig, 2);
    rig_interest(&rig->agent[0], RY_INTEREST_EVERY, TRADES);
    told_ack(rig, 0, NEVER);
    ck_foreign(rig, 1); /* twice */
    ck_foreign(rig, 2); /* nothing is owed */
    told_group(rig, 100, "t");
    told_group(rig, 100, "t");
    told_deliver(rig, 100);
    ck_foreign(rig, 2); /* made, not given: 100 is not closed */
    told_deliver(rig, 101);
    ck_foreign(rig, 1);
    ck_foreign(rig, 3); /* given, but not the one to be answered */
    ck_foreign(rig, 4);
    ck_foreign(rig, UINT64_MAX);
    ck_refused(rig, 0, 1, 2); /* no command */
    ck_refused(rig, RY_CM_ACK + 1, 1, 2);
    ck_refused(rig, RY_CM_DECISION, 1, 2);
    ck_refused(rig, RY_CM_ORDER, 2, 2);
    ck_refused(rig, RY_CM_ACK, 2, 2);
    told_ack(rig, 0, NEVER);
    ck_foreign(rig, 2);
    order(rig, 3, 7);
    told_poll(rig, 0);
    ck_arrives(rig, T0 + 100 + LATENCY, 7);
    told_close(rig);
}
END_TEST

START_TEST(test_commands_of_one_callback)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "t");
    told_group(rig, 100, "t");
    told_deliver(rig, 101);
    for (uint64_t wake = 2; wake <= 3; wake++) {
        for (uint64_t ref = 1; ref <= TOLD_COMMANDS; ref++) {
            order(rig, wake, ref);
            told_poll(rig, 0);
            ck_arrives(rig, T0 + 100 + LATENCY, ref);
            advance(rig);
        }
        const uint64_t before = rig->counters.commands_foreign;
        order(rig, wake, 99);
        told_poll(rig, 0);
        ck_assert(!source(rig)->source.ready);
        ck_assert_uint_eq(rig->counters.commands_foreign, before + 1);
        told_ack(rig, 0, NEVER);
    }
    told_close(rig);
}
END_TEST

/* ---- interests ------------------------------------------------------------------------------- */

static void ck_interest(struct told_rig *rig, uint16_t instrument, unsigned interest, bool taken)
{
    const uint64_t before = rig->counters.commands_foreign;
    rig_interest(&rig->agent[0], instrument, interest);
    told_poll(rig, 0);
    ck_assert_uint_eq(rig->counters.commands_foreign, before + !taken);
}

static struct told_rig *in_start(void)
{
    struct told_rig *rig = told_open(1, SLOTS, 4096);
    told_begin(rig);
    told_deliver(rig, 0);
    return rig;
}

START_TEST(test_interests_that_make_no_sense)
{
    struct told_rig *rig = in_start();
    ck_interest(rig, TOLD_INSTRUMENTS, TRADES, false); /* does not exist */
    ck_interest(rig, 0, RY_INTEREST_TOP(0), false);
    ck_interest(rig, 0, RY_INTEREST_TOP(RY_TOP_MAX + 1), false);
    ck_interest(rig, 0, RY_INTEREST_LEVELS | 1u << 8, false);
    ck_interest(rig, 0, RY_INTEREST_LEVELS | RY_INTEREST_ORDERS, false);
    ck_interest(rig, 0, RY_INTEREST_TOP(1) | RY_INTEREST_LEVELS, false);
    ck_interest(rig, 0, RY_INTEREST_WAKE_BOOK, false); /* of nothing */
    ck_interest(rig, 0, RY_INTEREST_BIT_WAKE_TRADES, false);
    ck_interest(rig, 0, RY_INTEREST_BIT_WAKE_STATES, false);
    ck_interest(rig, 0, TRADES | RY_INTEREST_DEAF, false); /* for all only */
    ck_assert_uint_eq(rig->told.asked[0].told[RY_MK_CHANGE], 0);
    ck_interest(rig, RY_INTEREST_EVERY, RY_INTEREST_DEAF, true);
    ck_assert_uint_eq(rig->told.listens, 0);
    ck_interest(rig, RY_INTEREST_EVERY, TRADES, false); /* all of them once more */
    ck_assert_uint_eq(rig->told.listens, 0);
    ck_interest(rig, 0, TRADES, true);
    ck_interest(rig, 1, RY_INTEREST_TOP(RY_TOP_MAX) | RY_INTEREST_WAKE_BOOK, true);
    ck_interest(rig, 2, RY_INTEREST_NONE, true);
    ck_interest(rig, 0, RY_INTEREST_LEVELS, false); /* a fifth that makes sense, of 1 + 3 */
    ck_assert_uint_eq(rig->told.asked[0].told[RY_MK_CHANGE], 1);
    ck_assert_uint_eq(rig->told.asked[1].told[RY_MK_CHANGE], 0);
    ck_assert_uint_eq(rig->told.asked[2].woken[RY_MK_TRADE], 0);
    told_close(rig);
}
END_TEST

START_TEST(test_interest_comes_before_commands)
{
    struct told_rig *rig = in_start();
    order(rig, 1, 1);
    rig_interest(&rig->agent[0], 0, TRADES);
    told_poll(rig, 0);
    ck_arrives(rig, T0 + LATENCY, 1);
    advance(rig);
    ck_assert_uint_eq(rig->counters.commands_foreign, 1);
    ck_assert_uint_eq(rig->told.asked[0].told[RY_MK_TRADE], 0);
    told_close(rig);
}
END_TEST

/* Outside START's callback, whatever number it names (test_foreign_commands has the others). */
START_TEST(test_interest_is_of_start)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "t");
    told_deliver(rig, 101);
    ck_refused(rig, RY_CM_INTEREST, 1, 2);
    ck_assert_uint_eq(rig->told.asked[0].told[RY_MK_TRADE], 1);
    told_close(rig);
}
END_TEST

START_TEST(test_timers_are_checked)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "t");
    told_deliver(rig, 101);
    told_ack(rig, 0, 5); /* the past */
    ck_assert_uint_eq(rig->counters.timers_clamped, 1);
    ck_horizon(rig, T0 + 1100 + LATENCY);
    told_deliver(rig, 1101);
    told_ack(rig, 0, 1100); /* itself again */
    ck_assert_uint_eq(rig->counters.timers_clamped, 2);
    ck_horizon(rig, T0 + 2100 + LATENCY);
    told_deliver(rig, 2101);
    rig_ack(&rig->agent[0], 4, NEVER - 1); /* beyond all time */
    told_poll(rig, 0);
    ck_never(rig);
    told_close(rig);
}
END_TEST

/* ---- the end --------------------------------------------------------------------------------- */

START_TEST(test_death_at_the_horizon)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "t");
    told_group(rig, 100, "t");
    told_deliver(rig, 101);
    order(rig, 2, 1);
    rig_ack(&rig->agent[0], 2, NEVER);
    source(rig)->dead = true;
    told_poll(rig, 0);
    ck_arrives(rig, T0 + 100 + LATENCY, 1); /* what it said before counts */
    advance(rig);
    const struct ry_input want = {.head = {.kind = RY_IN_AGENT_DIED,
                                           .slots = 1,
                                           .source = RY_SOURCE_AGENT,
                                           .time = T0 + 100 + LATENCY,
                                           .source_seq = 2}};
    ck_dies(rig, T0 + 100 + LATENCY, 0);
    ck_assert_mem_eq(source(rig)->source.next, &want, sizeof want);
    advance(rig);
    ck_never(rig);
    ck_assert(!source(rig)->source.ready);
    ck_assert_uint_eq(rig->counters.agents_died, 1);
    ck_assert_uint_eq(rig->counters.not_reproducible, 0);
    told_close(rig);
}
END_TEST

/* At the floor, whatever the horizon is: present, or what is closed. */
START_TEST(test_death_from_outside)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "t");
    told_deliver(rig, _i ? 190 : 100);
    source(rig)->dead = source(rig)->outside = true;
    told_poll(rig, 0);
    ck_dies(rig, T0 + (_i ? 190 : 100), RY_INF_WALL);
    ck_assert_uint_eq(source(rig)->source.key.tie, RY_EXEC_TIE_FIRST);
    advance(rig);
    ck_assert_uint_eq(rig->counters.agents_died, 1);
    ck_assert_uint_eq(rig->counters.agents_stalled, 0);
    ck_assert_uint_eq(rig->counters.not_reproducible, 1);
    told_close(rig);
}
END_TEST

/* By itself, but nothing is expected of it. */
START_TEST(test_death_without_a_horizon)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "C");
    told_deliver(rig, _i ? 190 : 100);
    source(rig)->dead = true;
    told_poll(rig, 0);
    ck_dies(rig, T0 + (_i ? 190 : 100), RY_INF_WALL);
    told_close(rig);
}
END_TEST

/* What is left after one look is its word as well. */
START_TEST(test_death_behind_a_long_ring)
{
    struct told_rig *rig = told_open(1, SLOTS, 4096);
    rig_agent_close(&rig->agent[0]);
    rig_agent_open(&rig->agent[0], SLOTS, 2 * RY_EXEC_AGENT_POLL_RECORDS);
    rig->told.link[0].ring = rig->agent[0].link_writer;
    rig->told.link[0].read = &rig->agent[0].words->link;
    source(rig)->ring = rig->agent[0].commands_reader;
    source(rig)->position = &rig->agent[0].heads->commands;
    told_begin(rig);
    told_deliver(rig, 0);
    for (unsigned i = 0; i < RY_EXEC_AGENT_POLL_RECORDS + 100; i++)
        order(rig, 7, 1); /* refused */
    order(rig, 1, 11);
    source(rig)->dead = true;
    told_poll(rig, 0);
    ck_assert(!source(rig)->source.ready);
    ck_assert_uint_eq(ry_load_relaxed(&rig->agent[0].heads->commands.next),
                      RY_EXEC_AGENT_POLL_RECORDS);
    told_poll(rig, 0);
    ck_arrives(rig, T0 + LATENCY, 11);
    advance(rig);
    ck_dies(rig, T0 + LATENCY, 0);
    told_close(rig);
}
END_TEST

START_TEST(test_death_in_the_callback_of_start)
{
    struct told_rig *rig = in_start();
    source(rig)->dead = true;
    told_poll(rig, 0);
    ck_dies(rig, T0 + LATENCY, 0);
    ck_assert_uint_eq(source(rig)->source.key.tie,
                      ry_exec_key_tie(7, T0 + LATENCY, RY_SOURCE_AGENT));
    told_close(rig);
}
END_TEST

START_TEST(test_stalled_is_not_read)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "t");
    told_deliver(rig, 170);
    source(rig)->stalled = true;
    order(rig, 2, 1); /* too late */
    told_poll(rig, 0);
    ck_dies(rig, T0 + 170, RY_INF_WALL | RY_INF_STALLED);
    /* and never waits for room */
    ck_assert_uint_eq(ry_load_relaxed(&rig->agent[0].heads->commands.next), UINT64_MAX);
    advance(rig);
    ck_assert_uint_eq(rig->counters.agents_stalled, 1);
    ck_assert_uint_eq(rig->counters.not_reproducible, 1);
    told_close(rig);
}
END_TEST

START_TEST(test_lapped_ring_is_no_word)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "t");
    told_deliver(rig, 101);
    for (unsigned i = 0; i <= source(rig)->ring.mask + 8; i++)
        order(rig, 2, i + 1);
    told_poll(rig, 0);
    ck_dies(rig, T0 + 101, RY_INF_WALL | RY_INF_STALLED);
    told_close(rig);
}
END_TEST

START_TEST(test_out_drops_what_it_said)
{
    struct told_rig *rig = begun();
    told_group(rig, 100, "t");
    told_deliver(rig, 101);
    order(rig, 2, 1);
    told_poll(rig, 0);
    ck_assert(source(rig)->source.ready);
    told_out(rig, 0, 101);
    ck_assert(!source(rig)->source.ready);
    ck_never(rig);
    ck_assert_uint_eq(ry_load_relaxed(&rig->agent[0].heads->commands.next), UINT64_MAX);
    told_group(rig, 200, "t");
    told_deliver(rig, 201);
    source(rig)->dead = true;
    told_poll(rig, 0);
    ck_assert(!source(rig)->source.ready);
    ck_never(rig);
    told_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_agent");
    TCase *c = tcase_create("exec_agent");
    tcase_add_test(c, test_gate_of_start);
    tcase_add_test(c, test_gate_opens_by_a_command);
    tcase_add_test(c, test_horizons_and_arrivals);
    tcase_add_test(c, test_jitter);
    tcase_add_test(c, test_decision);
    tcase_add_test(c, test_foreign_commands);
    tcase_add_test(c, test_commands_of_one_callback);
    tcase_add_test(c, test_interests_that_make_no_sense);
    tcase_add_test(c, test_interest_comes_before_commands);
    tcase_add_test(c, test_interest_is_of_start);
    tcase_add_test(c, test_timers_are_checked);
    tcase_add_test(c, test_death_at_the_horizon);
    tcase_add_loop_test(c, test_death_from_outside, 0, 2);
    tcase_add_loop_test(c, test_death_without_a_horizon, 0, 2);
    tcase_add_test(c, test_death_behind_a_long_ring);
    tcase_add_test(c, test_death_in_the_callback_of_start);
    tcase_add_test(c, test_stalled_is_not_read);
    tcase_add_test(c, test_lapped_ring_is_no_word);
    tcase_add_test(c, test_out_drops_what_it_said);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
