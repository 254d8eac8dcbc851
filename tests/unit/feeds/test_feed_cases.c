/* ITCH days that were reported, and days of our own of the same kind, through handler and machine.
 *
 * A replace whose new price is finer than the battle file's price_scale: the old order is gone,
 * then the feed ends and names the scale that fits. An operational halt of the venue halts. A
 * broken trade is no last recorded trade. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/feed_rig.h"

static const char *const symbols[] = {"AAA"};
static struct wire day, message;
static struct kit_lines lines;

static void flush(void)
{
    wire_binaryfile(&day, &message);
    message.length = 0;
}

/* Bid and ask of 100 at 10.00 and 10.10; the bid is replaced at 9.0050. Returns the replace's byte.
 */
static size_t make_day(void)
{
    day.length = message.length = 0;
    itch_system(&message, 1, 'S');
    flush();
    itch_directory(&message, 1, 2, "AAA");
    flush();
    itch_add(&message, 'A', 1, 3, 1, 'B', 100, "AAA", 100000);
    flush();
    itch_add(&message, 'A', 1, 4, 2, 'S', 100, "AAA", 101000);
    flush();
    const size_t at = day.length;
    itch_replace(&message, 1, 5, 1, 3, 100, 90050);
    flush();
    itch_delete(&message, 1, 6, 2);
    flush();
    itch_system(&message, 7, 'C');
    flush();
    return at;
}

static void check_bid_gone(struct ry_feed_handler *handler, struct ry_battle *battle,
                           const char *why)
{
    struct kit_machine machine;
    struct ry_arena_depth best;
    kit_machine_open(&machine, battle);
    ck_assert_int_eq(kit_run(handler, &machine), RY_FEED_HANDLER_FAILED);
    ck_assert_msg(strstr(handler->error, why) != NULL, "%s", handler->error);
    ck_assert_uint_eq(ry_arena_levels(machine.arena, 0, RY_BUY, &best, 1), 0);
    ck_assert_uint_eq(ry_arena_levels(machine.arena, 0, RY_SELL, &best, 1), 1);
    ck_assert_uint_eq(handler->counters.replaces_cut, 1);
    struct ry_input event;
    ck_assert_int_eq(ry_feed_handler_next(handler, &event), RY_FEED_HANDLER_FAILED);
    kit_machine_close(&machine);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}

START_TEST(test_replace_too_fine)
{
    char why[160];
    const size_t at = make_day();
    struct ry_battle *battle = kit_battle(symbols, 1, 2);
    struct ry_feed_handler *handler = kit_handler();
    snprintf(why, sizeof why,
             ": AAA: the price 9.005 of the message at byte %zu is finer than price_scale 2: write "
             "price_scale: 3 for AAA",
             at);
    ck_assert_int_eq(kit_open_told(handler, battle, day.bytes, day.length, &lines), 0);
    check_bid_gone(handler, battle, why);

    /* With that scale the day is whole. */
    battle = kit_battle(symbols, 1, 3);
    handler = kit_handler();
    ck_assert_int_eq(kit_open_told(handler, battle, day.bytes, day.length, &lines), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_END);
    ck_assert_uint_eq(handler->counters.replaces_cut, 0);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}
END_TEST

START_TEST(test_replace_too_fine_reported)
{
    const char *path = ry_test_case("replace-price-too-fine.itch");
    if (path == NULL) {
        ry_test_skip("no cases");
        return;
    }
    struct ry_battle *battle = kit_battle(symbols, 1, 2);
    struct ry_feed_handler *handler = kit_handler();
    ck_assert_int_eq(kit_open_path(handler, battle, path, &lines), 0);
    check_bid_gone(handler, battle, "AAA: the price 9.005 of the message at byte ");
}
END_TEST

/* ---- halts, broken trades -------------------------------------------------------------------- */

/* What a whole day leaves. */
struct outcome {
    uint32_t state; /* of the last STATE */
    struct ry_arena_market market;
};

/* Runs a file; path: NULL for the day that was made. */
static struct outcome run_day(const char *path)
{
    struct ry_battle *battle = kit_battle(symbols, 1, 2);
    struct ry_feed_handler *handler = kit_handler();
    struct kit_machine machine;
    struct outcome outcome = {0};
    struct ry_input event;
    enum ry_feed_handler_result result;
    kit_machine_open(&machine, battle);
    if (path == NULL)
        ck_assert_int_eq(kit_open_told(handler, battle, day.bytes, day.length, &lines), 0);
    else
        ck_assert_int_eq(kit_open_path(handler, battle, path, &lines), 0);
    while ((result = ry_feed_handler_next(handler, &event)) != RY_FEED_HANDLER_END) {
        ck_assert_int_ne(result, RY_FEED_HANDLER_FAILED);
        if (result != RY_FEED_HANDLER_EVENT || event.head.kind == RY_IN_FEED_END)
            continue;
        if (event.head.kind == RY_IN_STATE)
            outcome.state = event.qty;
        kit_event(&machine, &event);
    }
    ry_arena_instrument(machine.arena, 0, &outcome.market);
    ck_assert_uint_eq(ry_arena_counters(machine.arena)->unknown_broken, 0);
    kit_machine_close(&machine);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
    return outcome;
}

static void begin_day(void)
{
    day.length = message.length = 0;
    itch_system(&message, 1, 'S');
    flush();
    itch_directory(&message, 1, 2, "AAA");
    flush();
    itch_action(&message, 1, 3, "AAA", 'T');
    flush();
}

START_TEST(test_operational_halt)
{
    begin_day();
    itch_operational_halt(&message, 1, 4, "AAA", 'H');
    flush();
    itch_action(&message, 1, 5, "AAA", 'T'); /* lifts H's halt alone */
    flush();
    ck_assert_uint_eq(run_day(NULL).state, RY_STATE_HALTED);
    itch_operational_halt(&message, 1, 6, "AAA", 'T');
    flush();
    ck_assert_uint_eq(run_day(NULL).state, RY_STATE_TRADING);
}
END_TEST

/* Trades 7 (100 @ 10.00), 99 (10 @ 10.10, of an order), 8 (5 @ 900.00); broken from the last on. */
START_TEST(test_broken_trade)
{
    begin_day();
    itch_trade(&message, 1, 4, 100, "AAA", 100000, 7);
    flush();
    itch_add(&message, 'A', 1, 5, 1, 'S', 10, "AAA", 101000);
    flush();
    itch_executed(&message, 1, 6, 1, 10);
    flush();
    itch_trade(&message, 1, 7, 5, "AAA", 9000000, 8);
    flush();
    struct ry_arena_market market = run_day(NULL).market;
    ck_assert(market.last_price == 90000 && market.recorded_volume == 115);
    itch_broken_trade(&message, 1, 8, 8);
    flush();
    market = run_day(NULL).market;
    ck_assert(market.has_last && market.last_price == 1010 && market.recorded_volume == 110);
    itch_broken_trade(&message, 1, 9, ITCH_MATCH);
    flush();
    market = run_day(NULL).market;
    ck_assert(market.has_last && market.last_price == 1000 && market.recorded_volume == 100);
    itch_broken_trade(&message, 1, 10, 7);
    flush();
    market = run_day(NULL).market;
    ck_assert(!market.has_last && market.recorded_volume == 0);
}
END_TEST

START_TEST(test_halt_and_broken_trade_reported)
{
    const char *path = ry_test_case("operational-halt.itch");
    if (path == NULL) {
        ry_test_skip("no cases");
        return;
    }
    ck_assert_uint_eq(run_day(path).state, RY_STATE_HALTED);
    path = ry_test_case("broken-trade.itch");
    ck_assert_ptr_nonnull(path);
    const struct ry_arena_market market = run_day(path).market;
    ck_assert(!market.has_last && market.recorded_volume == 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_cases");
    TCase *tcase = tcase_create("cases");
    tcase_add_test(tcase, test_replace_too_fine);
    tcase_add_test(tcase, test_replace_too_fine_reported);
    tcase_add_test(tcase, test_operational_halt);
    tcase_add_test(tcase, test_broken_trade);
    tcase_add_test(tcase, test_halt_and_broken_trade_reported);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
