/*
 * What agents are told of the book, by hand: the whole of it before START's wake, levels behind
 * their group, and TOPs as of the wake's T, whatever exec has applied since.
 */
#include <string.h>

#include "tests/support/told_rig.h"

#define NEVER  RY_TIME_NEVER
#define NOBODY RY_EXEC_TOLD_NOBODY

#define LEVELS (RY_INTEREST_LEVELS | RY_INTEREST_WAKE_BOOK)
#define TOP    (RY_INTEREST_TOP(2) | RY_INTEREST_WAKE_BOOK)

/* ---- START ----------------------------------------------------------------------------------- */

static void ck_change(struct rig_agent *agent, const struct ry_market *want)
{
    union ry_told_any record;
    ck_assert(rig_told(agent, &record));
    ck_assert_uint_eq(record.market.instrument, want->instrument);
    ck_assert_uint_eq(record.market.side, want->side);
    ck_assert_int_eq(record.market.price, want->price);
    ck_assert_uint_eq(record.market.qty, want->qty);
    ck_assert_int_eq(record.market.kind, RY_MK_CHANGE);
    ck_assert_uint_eq(record.market.flags, RY_MKF_NEW);
    ck_assert_int_eq(record.market.time, TOLD_T0);
}

/* States, then instruments by id, buys then sells, best first, then by age; nothing is asked for
 * before it, and nothing of before is told. */
START_TEST(test_whole_book_before_start)
{
    struct told_rig *rig = told_open(1, TOLD_SLOTS, TOLD_STREAM);
    told_add(rig, -40, 1, RY_BUY, 1000, 5);
    told_add(rig, -40, 2, RY_SELL, 1300, 6);
    told_add(rig, -40, 3, RY_BUY, 1100, 7);
    told_add(rig, -30, 4, RY_BUY, 1100, 8);
    told_cancel(rig, -20, 3, 2);
    ck_assert_str_eq(told_letters(rig, -20), "");
    told_begin(rig);
    told_deliver(rig, 0); /* at once: 0 is not closed */
    union ry_told_any record;
    for (uint16_t i = 0; i < TOLD_INSTRUMENTS; i++) {
        struct ry_arena_market market;
        ry_arena_instrument(rig->arena, i, &market);
        ck_assert(rig_told(&rig->agent[0], &record));
        ck_assert_int_eq(record.market.kind, RY_MK_STATE);
        ck_assert_uint_eq(record.market.instrument, i);
        ck_assert_uint_eq(record.market.qty, market.trading);
        ck_assert_uint_eq(record.market.group, rig->group);
    }
    ck_change(&rig->agent[0], &(struct ry_market){.side = RY_BUY, .price = 1100, .qty = 5});
    ck_change(&rig->agent[0], &(struct ry_market){.side = RY_BUY, .price = 1100, .qty = 8});
    ck_change(&rig->agent[0], &(struct ry_market){.side = RY_BUY, .price = 1000, .qty = 5});
    ck_change(&rig->agent[0], &(struct ry_market){.side = RY_SELL, .price = 1300, .qty = 6});
    const struct ry_told_wake wake = {
        .kind = RY_TOLD_WAKE, .slots = 1, .by = RY_WAKE_START, .number = 1, .time = TOLD_T0};
    ck_assert(rig_told(&rig->agent[0], &record));
    ck_assert_mem_eq(&record.wake, &wake, sizeof wake);
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "");
    told_close(rig);
}
END_TEST

START_TEST(test_book_in_portions)
{
    struct told_rig *rig = told_open(1, RY_RING_SLOTS_MIN, TOLD_STREAM);
    for (uint64_t ref = 1; ref <= 50; ref++)
        told_add(rig, -40, ref, RY_BUY, 1000 + (int64_t)(ref % 7) * 100, 1);
    told_begin(rig);
    char letters[128] = "";
    unsigned waits = 0;
    for (int waits_for = 0; waits_for != NOBODY; waits++) {
        waits_for = told_deliver(rig, 0);
        strcat(letters, rig_told_letters(&rig->agent[0]));
    }
    ck_assert_uint_eq(waits, 4); /* 54 slots, 14 at a time */
    ck_assert_str_eq(letters, "SSSCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCb");
    told_close(rig);
}
END_TEST

/* START is given alone: what is made at its T waits for the answer. */
START_TEST(test_start_is_given_alone)
{
    struct told_rig *rig = told_open(2, TOLD_SLOTS, TOLD_STREAM);
    told_begin(rig);
    ck_assert_str_eq(told_letters(rig, 0), "SSSb");
    ck_assert_int_eq(rig->source[0].source.key.time, TOLD_T0);
    rig_interest(&rig->agent[0], 0, RY_INTEREST_ALL);
    told_ack(rig, 0, 1000);
    told_group(rig, 0, "t");
    ck_assert_str_eq(told_letters(rig, 1), "tM");
    told_ack(rig, 0, 1000);
    ck_assert_str_eq(told_letters(rig, 1001), "T");
    told_close(rig);
}
END_TEST

/* ---- levels ---------------------------------------------------------------------------------- */

static void ck_level(struct rig_agent *agent, const struct ry_told_level *want)
{
    union ry_told_any record;
    ck_assert(rig_told(agent, &record));
    ck_assert_int_eq(rig_told_letter(&record), 'l');
    ck_assert_int_eq(record.level.price, want->price);
    ck_assert_uint_eq(record.level.qty, want->qty);
    ck_assert_uint_eq(record.level.orders, want->orders);
    ck_assert_int_eq(record.level.time, TOLD_T0 + want->time);
    ck_assert_uint_eq(record.level.group, want->group);
    ck_assert_uint_eq(record.level.side, RY_BUY);
    ck_assert_uint_eq(record.level.instrument, 0);
}

START_TEST(test_levels_behind_their_group)
{
    struct told_rig *rig = told_open(1, TOLD_SLOTS, TOLD_STREAM);
    told_add(rig, -40, 1, RY_BUY, 1000, 5);
    told_start(rig, LEVELS);
    told_add(rig, 100, 2, RY_BUY, 1000, 7);
    const uint64_t first = rig->group;
    told_add(rig, 100, 3, RY_BUY, 1100, 1);
    told_cancel(rig, 200, 1, 5);
    told_deliver(rig, 300);
    struct rig_agent *agent = &rig->agent[0];
    union ry_told_any record;
    ck_level(agent, &(struct ry_told_level){
                        .price = 1000, .qty = 12, .orders = 2, .time = 100, .group = first});
    ck_assert(rig_told(agent, &record));
    ck_assert_int_eq(record.wake.by, RY_WAKE_MARKET);
    ck_assert_uint_eq(record.wake.group, first);
    ck_level(agent, &(struct ry_told_level){
                        .price = 1100, .qty = 1, .orders = 1, .time = 100, .group = first + 1});
    ck_assert_str_eq(told_letters(rig, 300), "M"); /* 200 waits */
    told_ack(rig, 0, NEVER);
    told_ack(rig, 0, NEVER);
    told_deliver(rig, 300);
    ck_level(agent, &(struct ry_told_level){
                        .price = 1000, .qty = 7, .orders = 1, .time = 200, .group = first + 2});
    ck_assert_str_eq(rig_told_letters(agent), "M");
    told_close(rig);
}
END_TEST

/* ---- TOP ------------------------------------------------------------------------------------- */

/* Told of the TOP, woken by it, by reports and by trades. */
static struct told_rig *with_top(unsigned interest)
{
    struct told_rig *rig = told_open(1, TOLD_SLOTS, TOLD_STREAM);
    told_add(rig, -40, 1, RY_BUY, 1000, 5);
    told_start(rig, interest);
    return rig;
}

/* One wake a T, last of its go, and the levels before its first: that is the book after all inputs
 * of T for every callback at T. */
START_TEST(test_top_before_the_first_wake_of_its_time)
{
    struct told_rig *rig = with_top(TOP | RY_INTEREST_WAKE_TRADES);
    told_group(rig, 100, "t");
    told_add(rig, 100, 2, RY_BUY, 1100, 1);
    told_add(rig, 100, 3, RY_BUY, 1100, 1);
    told_report(rig, 0, 100);
    ck_assert_str_eq(told_letters(rig, 100), "t"); /* behind it waits a wake */
    told_deliver(rig, 101);
    ck_level(&rig->agent[0],
             &(struct ry_told_level){.price = 1100, .qty = 2, .orders = 2, .time = 100});
    ck_assert_str_eq(rig_told_letters(&rig->agent[0]), "MrRP");
    ck_assert_uint_eq(rig->told.given_by[RY_WAKE_TOP], 1);
    told_close(rig);
}
END_TEST

/* The machine is further, at 300 and 400, when the answer comes. */
START_TEST(test_top_is_that_of_the_wakes_time)
{
    struct told_rig *rig = with_top(RY_INTEREST_TOP(2) | RY_INTEREST_WAKE_TRADES);
    struct rig_agent *agent = &rig->agent[0];
    told_group(rig, 50, "t");
    ck_assert_str_eq(told_letters(rig, 51), "tM");
    told_add(rig, 100, 2, RY_BUY, 1100, 1);
    told_group(rig, 200, "t");
    told_add(rig, 200, 3, RY_BUY, 1100, 3);
    told_add(rig, 300, 4, RY_BUY, 1200, 1);
    told_group(rig, 400, "t");
    told_cancel(rig, 400, 4, 1);
    told_deliver(rig, 500);
    told_ack(rig, 0, NEVER);
    told_deliver(rig, 500);
    ck_level(agent, &(struct ry_told_level){.price = 1100, .qty = 1, .orders = 1, .time = 100});
    ck_level(agent, &(struct ry_told_level){.price = 1100, .qty = 4, .orders = 2, .time = 200});
    ck_assert_str_eq(rig_told_letters(agent), "tM");
    told_ack(rig, 0, 1300); /* a timer before which all of it lies */
    told_deliver(rig, 500);
    ck_level(agent, &(struct ry_told_level){.price = 1000, .qty = 0, .orders = 0, .time = 300});
    ck_level(agent, &(struct ry_told_level){.price = 1200, .qty = 1, .orders = 1, .time = 300});
    ck_level(agent, &(struct ry_told_level){.price = 1200, .qty = 0, .orders = 0, .time = 400});
    ck_level(agent, &(struct ry_told_level){.price = 1000, .qty = 5, .orders = 1, .time = 400});
    ck_assert_str_eq(rig_told_letters(agent), "tM");
    told_close(rig);
}
END_TEST

/* A timer that lies before what is applied: its callback has the TOP of its T. */
START_TEST(test_top_at_a_timer)
{
    struct told_rig *rig = with_top(RY_INTEREST_TOP(2));
    struct rig_agent *agent = &rig->agent[0];
    told_report(rig, 0, 100);
    ck_assert_str_eq(told_letters(rig, 101), "rR");
    told_add(rig, 1100, 2, RY_BUY, 1100, 1);
    told_add(rig, 1100, 3, RY_BUY, 1100, 1);
    told_add(rig, 1101, 4, RY_BUY, 1100, 1);
    told_deliver(rig, 2000);
    told_ack(rig, 0, 1100);
    told_deliver(rig, 2000);
    ck_level(agent, &(struct ry_told_level){.price = 1100, .qty = 2, .orders = 2, .time = 1100});
    ck_assert_str_eq(rig_told_letters(agent), "T");
    told_ack(rig, 0, NEVER);
    told_deliver(rig, 2000);
    ck_level(agent, &(struct ry_told_level){.price = 1100, .qty = 3, .orders = 3, .time = 1101});
    told_close(rig);
}
END_TEST

/* Silent TOPs go when their T is closed and nothing is owed. */
START_TEST(test_silent_top)
{
    struct told_rig *rig = with_top(RY_INTEREST_TOP(2));
    told_add(rig, 100, 2, RY_BUY, 1100, 1);
    ck_assert_str_eq(told_letters(rig, 100), "");
    ck_assert_str_eq(told_letters(rig, 101), "l");
    told_add(rig, 200, 3, RY_BUY, 900, 1); /* the third level */
    ck_assert_str_eq(told_letters(rig, 201), "");
    told_close(rig);
}
END_TEST

/* What is held back of levels comes before OUT or END too; that of a T that did not close at OUT is
 * lost to one that is out. */
START_TEST(test_levels_before_the_end)
{
    struct told_rig *rig = with_top(_i ? TOP : LEVELS);
    told_add(rig, 100, 2, RY_BUY, 1100, 1);
    ck_assert_str_eq(told_letters(rig, 101), _i ? "lP" : "lM");
    told_add(rig, 200, 3, RY_BUY, 1100, 1);
    told_add(rig, 300, 4, RY_BUY, 1100, 1);
    told_end(rig, 300);
    ck_assert_str_eq(told_letters(rig, 300), "llE");
    told_close(rig);
}
END_TEST

/* Everything of three instruments wakes once. */
START_TEST(test_one_wake_by_tops)
{
    struct told_rig *rig = with_top(TOP);
    for (uint16_t i = 0; i < TOLD_INSTRUMENTS; i++) {
        struct ry_input add = rig_add(i, 0, 10 + i, RY_SELL, 2000, 1);
        add.head.source = RY_SOURCE_FEED;
        told_input(rig, add, 100);
    }
    ck_assert_str_eq(told_letters(rig, 101), "lllP");
    told_ack(rig, 0, NEVER);
    told_cancel(rig, 200, 10, 1);
    told_add(rig, 200, 20, RY_SELL, 2000, 1); /* as it was */
    ck_assert_str_eq(told_letters(rig, 201), "");
    told_close(rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_book");
    TCase *c = tcase_create("exec_book");
    tcase_add_test(c, test_whole_book_before_start);
    tcase_add_test(c, test_book_in_portions);
    tcase_add_test(c, test_start_is_given_alone);
    tcase_add_test(c, test_levels_behind_their_group);
    tcase_add_test(c, test_top_before_the_first_wake_of_its_time);
    tcase_add_test(c, test_top_is_that_of_the_wakes_time);
    tcase_add_test(c, test_top_at_a_timer);
    tcase_add_test(c, test_silent_top);
    tcase_add_loop_test(c, test_levels_before_the_end, 0, 2);
    tcase_add_test(c, test_one_wake_by_tops);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
