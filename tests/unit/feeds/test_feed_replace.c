/* A replace whose new price is finer than the battle file's price_scale: the old order is gone,
 * then the feed ends and names the scale that fits. Also the case as it was reported. */
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

START_TEST(test_made)
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

START_TEST(test_reported)
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

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_replace");
    TCase *tcase = tcase_create("replace");
    tcase_add_test(tcase, test_made);
    tcase_add_test(tcase, test_reported);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
