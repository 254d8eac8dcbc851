/*
 * What a feed may not say: each kind of wrong record is refused with its own words, and skipped by
 * exec without harm to those around it.
 */
#include <string.h>

#include "core/exec/event.h"

#include "tests/support/exec_rig.h"

static const uint8_t feed_of[] = {0, 1, 0};
static const struct ry_exec_event_rules rules = {
    .feed_of = feed_of, .instruments = 3, .feed = 0, .time = RIG_FROM, .source_seq = 4};

static struct ry_input right(enum ry_input_kind kind)
{
    bool states = kind == RY_IN_STATE || kind == RY_IN_SESSION;
    struct ry_input event = rig_add(2, RIG_FROM, 9, RY_SELL, 1000, states ? 1 : 5);
    event.head.kind = (uint8_t)kind;
    event.head.source_seq = 5;
    return event;
}

#define WRONG(event, slots, words)                                                                 \
    ck_assert_pstr_eq(ry_exec_event_wrong(&rules, &(event), slots), words)

START_TEST(test_right_ones_pass)
{
    for (unsigned kind = RY_IN_ADD; kind <= RY_IN_INCOMPLETE; kind++) {
        struct ry_input event = right((enum ry_input_kind)kind);
        WRONG(event, 1, NULL);
    }
    struct ry_input all = right(RY_IN_CANCEL);
    all.head.flags = RY_INF_ALL;
    all.qty = 0;
    WRONG(all, 1, NULL);
}
END_TEST

START_TEST(test_place)
{
    struct ry_input event = right(RY_IN_ADD);
    WRONG(event, 2, "it is not one slot long");
    event.head.slots = 2;
    WRONG(event, 1, "it is not one slot long");
    const unsigned kinds[] = {0,           RY_IN_BATTLE,     RY_IN_TIME,
                              RY_IN_END,   RY_IN_ADD - 1,    RY_IN_INCOMPLETE + 1,
                              RY_IN_ORDER, RY_IN_AGENT_DIED, RY_IN_FEED_BLOCK,
                              255};
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        event = right((enum ry_input_kind)kinds[i]);
        WRONG(event, 1, "it is of a kind that no feed sends");
    }
    const uint64_t seqs[] = {0, 3, 4, 6, UINT64_MAX};
    for (unsigned i = 0; i < sizeof seqs / sizeof *seqs; i++) {
        event = right(RY_IN_ADD);
        event.head.source_seq = seqs[i];
        WRONG(event, 1, "its sequence number is not the next one");
    }
    event = right(RY_IN_ADD);
    event.head.time = RIG_FROM - 1;
    WRONG(event, 1, "its time is before that of the record before");
    event.head.time = RY_TIME_NEVER;
    WRONG(event, 1, "its time is no time");
}
END_TEST

START_TEST(test_instrument)
{
    for (unsigned kind = RY_IN_ADD; kind <= RY_IN_BROKEN; kind++) {
        if (kind == RY_IN_SESSION || kind == RY_IN_FEED_END)
            continue;
        struct ry_input event = right((enum ry_input_kind)kind);
        event.head.instrument = 1;
        WRONG(event, 1, "its instrument belongs to another feed");
        event.head.instrument = 3;
        WRONG(event, 1, "its instrument does not exist");
    }
    struct ry_input session = right(RY_IN_SESSION);
    session.head.instrument = 999; /* names none */
    WRONG(session, 1, NULL);
}
END_TEST

START_TEST(test_values)
{
    const enum ry_input_kind lots[] = {RY_IN_ADD,   RY_IN_EXEC,    RY_IN_CANCEL, RY_IN_REPLACE,
                                       RY_IN_PRINT, RY_IN_AUCTION, RY_IN_LAST};
    for (unsigned i = 0; i < sizeof lots / sizeof *lots; i++) {
        struct ry_input event = right(lots[i]);
        event.qty = 0;
        WRONG(event, 1, "its quantity is 0");
    }
    struct ry_input all = right(RY_IN_CANCEL);
    all.head.flags = RY_INF_ALL;
    WRONG(all, 1, "it cancels all and names a quantity");

    const enum ry_input_kind prices[] = {RY_IN_ADD,  RY_IN_REPLACE, RY_IN_PRINT,
                                         RY_IN_LAST, RY_IN_EXEC,    RY_IN_AUCTION};
    for (unsigned i = 0; i < sizeof prices / sizeof *prices; i++) {
        struct ry_input event = right(prices[i]);
        event.price = RY_PRICE_ABS_MAX + 1;
        WRONG(event, 1, i < 4 ? "its price is out of range" : NULL);
        event.head.flags = RY_INF_PRICED;
        WRONG(event, 1, "its price is out of range");
        event.price = -RY_PRICE_ABS_MAX - 1;
        WRONG(event, 1, "its price is out of range");
        event.price = -RY_PRICE_ABS_MAX;
        WRONG(event, 1, NULL);
    }
    struct ry_input state = right(RY_IN_STATE), session = right(RY_IN_SESSION);
    state.qty = session.qty = 2;
    WRONG(state, 1, "it names a state that does not exist");
    WRONG(session, 1, "it names a state that does not exist");

    struct ry_input incomplete = right(RY_IN_INCOMPLETE);
    incomplete.qty = RY_INCOMPLETE_NONE;
    WRONG(incomplete, 1, "it lacks nothing that there is a code for");
    incomplete.qty = RY_INCOMPLETES;
    WRONG(incomplete, 1, "it lacks nothing that there is a code for");

    struct ry_input add = right(RY_IN_ADD), last = right(RY_IN_LAST);
    add.side = RY_SIDE_NONE;
    WRONG(add, 1, "it has no side");
    add.side = 3;
    WRONG(add, 1, "it has no side");
    last.side = RY_SIDE_NONE;
    WRONG(last, 1, NULL);
    last.side = 3;
    WRONG(last, 1, "its side does not exist");
}
END_TEST

/* Whatever the checks let pass is never malformed to the machine. */
START_TEST(test_what_passes_is_well_formed)
{
    uint64_t random = 5;
    struct rig *rig = rig_open(rig_battle(2, 3, RY_TIME_NEVER), RIG_SLOTS);
    for (unsigned i = 0; i < 200000; i++) {
        struct ry_input event;
        uint64_t word[7];
        for (unsigned k = 0; k < 7; k++)
            word[k] = rig_random(&random) >> rig_random(&random) % 64;
        memcpy(&event, word, sizeof event);
        if (i % 8 != 0) { /* mostly near to right ones */
            event.head.kind = (uint8_t)(RY_IN_ADD - 1 + rig_random(&random) % 15);
            event.head.slots = 1;
            event.head.instrument = (uint16_t)(rig_random(&random) % 4);
            event.head.time = RIG_FROM + (int64_t)(i + rig_random(&random) % 4);
        }
        if (event.head.kind == RY_IN_FEED_END)
            continue;
        event.head.source_seq = rig->feed_seq[0] + 1;
        if (event.head.time <
            RIG_FROM + RIG_SECOND) /* not so late that all others come too early */
            rig_send(rig, 0, event);
        /* the other feed lets it go on */
        struct ry_input other = rig_event(RY_IN_SESSION, 0, RIG_FROM + (int64_t)i);
        rig_send(rig, 1, other);
        rig_settle(rig);
        union ry_input_any input;
        while (rig_read(rig, &input))
            ;
    }
    ck_assert_uint_eq(rig->exec.counters.machine.malformed, 0);
    ck_assert_uint_gt(rig->exec.counters.feed0_events, 10000);
    ck_assert_uint_gt(rig->exec.counters.events_invalid, 10000);
    rig_close(rig);
}
END_TEST

START_TEST(test_wrong_ones_are_skipped)
{
    struct rig *rig = rig_open(rig_battle(1, 1, RY_TIME_NEVER), RIG_SLOTS);
    uint64_t kinds[] = {0, 0, 0};
    rig_send(rig, 0, rig_add(0, RIG_FROM, 1, RY_BUY, 1000, 1));
    rig_send(rig, 0, rig_add(0, RIG_FROM, 2, RY_BUY, 1000, 0)); /* no quantity */
    rig_send(rig, 0, rig_add(7, RIG_FROM, 3, RY_BUY, 1000, 1)); /* no such instrument */
    rig->feed_seq[0] += 3; /* a jump: this one is lost, not the next */
    rig_send(rig, 0, rig_add(0, RIG_FROM, 4, RY_BUY, 1000, 1));
    rig_send(rig, 0, rig_add(0, RIG_FROM, 5, RY_BUY, 1000, 1));
    rig->feed_seq[0] -= 2; /* said again */
    rig_send(rig, 0, rig_add(0, RIG_FROM, 6, RY_BUY, 1000, 1));
    rig->feed_seq[0] += 1;
    rig_send(rig, 0, rig_add(0, RIG_FROM, 7, RY_BUY, 1000, 1));
    rig_send_end(rig, 0, RIG_FROM);
    rig_settle(rig);
    union ry_input_any input;
    unsigned n = 0;
    while (rig_read(rig, &input))
        if (input.head.kind == RY_IN_ADD)
            kinds[n++ % 3] = input.event.ref;
    ck_assert_uint_eq(n, 3);
    ck_assert_uint_eq(kinds[0], 1);
    ck_assert_uint_eq(kinds[1], 5);
    ck_assert_uint_eq(kinds[2], 7);
    ck_assert_uint_eq(rig->exec.counters.events_invalid, 4);
    ck_assert_uint_eq(rig->exec.counters.machine.malformed, 0);
    rig_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_event");
    TCase *c = tcase_create("event");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, test_right_ones_pass);
    tcase_add_test(c, test_place);
    tcase_add_test(c, test_instrument);
    tcase_add_test(c, test_values);
    tcase_add_test(c, test_what_passes_is_well_formed);
    tcase_add_test(c, test_wrong_ones_are_skipped);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
