/* Records that do not cover the battle's hours: another day, other hours, too early an end, symbols
 * that never come. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/feed_rig.h"

#define NS     INT64_C(1000000000)
#define HOUR   (3600 * NS)
#define DAY    (24 * HOUR)
#define MAR_15 (INT64_C(1710460800) * NS) /* 2024-03-15 00:00 UTC */
#define NEVER  RY_TIME_NEVER

static const char *const symbols[] = {"AAA"};
static const struct dbn_symbol mapping = {"AAA", "38", 20240301, 20240401};
static struct wire w, message;
static struct kit_lines lines;

/* 2024-03-15 in UTC; agents trade from .. to, hours of that day. */
static struct ry_battle *fresh(uint8_t format, int64_t from, int64_t to)
{
    struct ry_battle *battle = kit_battle(symbols, 1, 4);
    battle->feed[0].format = format;
    strcpy(battle->date, "2024-03-15");
    strcpy(battle->zone, "UTC");
    battle->midnight = MAR_15;
    battle->warmup_from = MAR_15;
    battle->trade_from = MAR_15 + from * HOUR;
    battle->trade_to = to == NEVER ? NEVER : MAR_15 + to * HOUR;
    w.length = message.length = 0;
    return battle;
}

/* ---- DBN: times with a day ------------------------------------------------------------------- */

static void put_le(size_t at, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        w.bytes[at + i] = (uint8_t)(value >> 8 * i);
}

/* What the metadata claim; to NEVER: no end. */
static void header(int64_t from, int64_t to)
{
    dbn_header(&w, 2, 0, 1, 0, 0, &mapping, 1);
    put_le(8 + 18, (uint64_t)from);
    put_le(8 + 26, to == NEVER ? UINT64_MAX : (uint64_t)to);
}

static void record(int64_t time, uint8_t flags)
{
    static uint64_t order;
    dbn_mbo(&w,
            (struct dbn_record){.action = 'A',
                                .side = 'B',
                                .order = ++order,
                                .price = 1000000000,
                                .size = 1,
                                .flags = flags,
                                .ts_recv = (uint64_t)time,
                                .ts_event = (uint64_t)time,
                                .instrument_id = 38},
            0);
}

/* Runs the file in w. error, warning: NULL for none, else what is said behind the file's name. */
static void check(struct ry_battle *battle, const char *error, const char *warning,
                  uint64_t clamped)
{
    struct ry_feed_handler *handler = kit_handler();
    enum ry_feed_handler_result result = RY_FEED_HANDLER_FAILED;
    char wanted[1100];
    if (kit_open_told(handler, battle, w.bytes, w.length, &lines) == 0)
        result = kit_run(handler, NULL);
    ck_assert_msg(result == (error != NULL ? RY_FEED_HANDLER_FAILED : RY_FEED_HANDLER_END), "%s",
                  handler->error);
    if (error != NULL) {
        snprintf(wanted, sizeof wanted, "%s: %s", battle->feed[0].path, error);
        ck_assert_str_eq(handler->error, wanted);
    }
    ck_assert_msg(lines.warnings == (warning != NULL), "%s", lines.warning);
    if (warning != NULL) {
        snprintf(wanted, sizeof wanted, "%s: %s", battle->feed[0].path, warning);
        ck_assert_str_eq(lines.warning, wanted);
    }
    ck_assert_uint_eq(handler->counters.clamped_to_warmup, clamped);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}

START_TEST(test_covered)
{
    struct ry_battle *battle = fresh(RY_BATTLE_FORMAT_DBN, 9, 16);
    header(MAR_15, MAR_15 + DAY);
    record(MAR_15 - 5 * DAY, 32); /* a snapshot has no time of its own */
    record(MAR_15 + 9 * HOUR + 59 * NS, 0);
    record(MAR_15 + 16 * HOUR - 59 * NS, 0);
    check(battle, NULL, NULL, 0);

    battle = fresh(RY_BATTLE_FORMAT_DBN, 9, NEVER);
    header(0, NEVER);
    record(MAR_15 - 1, 0); /* before warmup_from, by a nanosecond */
    record(MAR_15 + 10 * HOUR, 0);
    check(battle, NULL, NULL, 1);
}
END_TEST

static const char allow[] = "; market.allow_empty: true lets it pass";

/* The reason with the way out of it behind. */
static const char *failing(const char *why)
{
    static char text[1000];
    snprintf(text, sizeof text, "%s%s", why, allow);
    return text;
}

static const char day_before[] =
    "nothing in it lies in the battle's hours (this would fit: market.date: 2024-03-14): it goes "
    "from 2024-03-14 09:00:00 UTC to 2024-03-14 15:00:00 UTC; agents "
    "trade from 2024-03-15 09:00:00 UTC to 2024-03-15 16:00:00 UTC";

/* The record's day is the one before: known from its metadata, otherwise at its end. */
START_TEST(test_day_before)
{
    for (unsigned claimed = 0; claimed < 2; claimed++)
        for (unsigned allowed = 0; allowed < 2; allowed++) {
            struct ry_battle *battle = fresh(RY_BATTLE_FORMAT_DBN, 9, 16);
            battle->allow_empty = (uint8_t)allowed;
            header(claimed ? MAR_15 - 15 * HOUR : 0, claimed ? MAR_15 - 9 * HOUR : NEVER);
            record(MAR_15 - 15 * HOUR, 0);
            record(MAR_15 - 9 * HOUR, 0);
            check(battle, allowed ? NULL : failing(day_before), allowed ? day_before : NULL,
                  claimed && !allowed ? 0 : 2);
        }
}
END_TEST

/* The day after: the first time tells, and no event is given. */
START_TEST(test_day_after)
{
    struct ry_battle *battle = fresh(RY_BATTLE_FORMAT_DBN, 9, 16);
    struct ry_feed_handler *handler = kit_handler();
    struct ry_input event;
    header(0, NEVER);
    record(MAR_15, 32);
    record(MAR_15 + DAY + 10 * HOUR, 0);
    record(MAR_15 + DAY + 11 * HOUR, 0);
    ck_assert_int_eq(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
    ck_assert_int_eq(ry_feed_handler_next(handler, &event), RY_FEED_HANDLER_EVENT);
    ck_assert_uint_eq(event.head.flags, RY_INF_SNAPSHOT);
    ck_assert_int_eq(ry_feed_handler_next(handler, &event), RY_FEED_HANDLER_FAILED);
    ck_assert_int_eq(ry_feed_handler_next(handler, &event), RY_FEED_HANDLER_FAILED);
    ck_assert_uint_eq(handler->counters.events, 1);
    ck_assert_ptr_nonnull(strstr(
        handler->error,
        ": nothing in it lies in the battle's hours (this would fit: "
        "market.date: 2024-03-16): it begins at 2024-03-16 10:00:00 UTC; agents trade from 2024-03-15 09:00:00 UTC"));
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);

    battle = fresh(RY_BATTLE_FORMAT_DBN, 9, 16);
    header(MAR_15 + 17 * HOUR, MAR_15 + 18 * HOUR); /* another hour of the day: no date helps */
    check(battle,
          failing("nothing in it lies in the battle's hours (write trade_from and trade_to within "
                  "it, or take another): it goes from 2024-03-15 17:00:00 UTC to "
                  "2024-03-15 18:00:00 UTC; agents trade from 2024-03-15 09:00:00 "
                  "UTC to 2024-03-15 16:00:00 UTC"),
          NULL, 0);
}
END_TEST

START_TEST(test_part_of_the_hours)
{
    struct ry_battle *battle = fresh(RY_BATTLE_FORMAT_DBN, 9, 16);
    header(0, NEVER);
    record(MAR_15 + 10 * HOUR, 0);
    record(MAR_15 + 16 * HOUR, 0);
    check(battle, NULL,
          "the record begins at 2024-03-15 10:00:00 UTC, and agents trade from "
          "2024-03-15 09:00:00 UTC: until then their book stands still; write a "
          "later trade_from",
          0);

    battle = fresh(RY_BATTLE_FORMAT_DBN, 9, NEVER);
    header(0, NEVER);
    record(MAR_15 + DAY + 10 * HOUR, 0);
    check(battle, NULL,
          "the record begins at 2024-03-16 10:00:00 UTC, and agents trade from "
          "2024-03-15 09:00:00 UTC: until then their book stands still; write a "
          "later trade_from, or market.date: 2024-03-16",
          0);

    battle = fresh(RY_BATTLE_FORMAT_DBN, 9, 16);
    header(0, NEVER);
    record(MAR_15 + 9 * HOUR, 0);
    record(MAR_15 + 15 * HOUR, 0);
    check(battle, NULL,
          "the record ends at 2024-03-15 15:00:00 UTC, before trade_to (2024-03-15 "
          "16:00:00 UTC): the battle ends with it",
          0);
}
END_TEST

START_TEST(test_nothing_at_all)
{
    static const char why[] =
        "nothing in it lies in the battle's hours (write trade_from and trade_to within it, or "
        "take another): it has no message with a time; agents trade from 2024-03-15 09:00:00 UTC on";
    for (unsigned allowed = 0; allowed < 2; allowed++) {
        struct ry_battle *battle = fresh(RY_BATTLE_FORMAT_DBN, 9, NEVER);
        battle->allow_empty = (uint8_t)allowed;
        header(0, NEVER);
        record(MAR_15 + 9 * HOUR, 32);
        check(battle, allowed ? NULL : failing(why), allowed ? why : NULL, 0);
    }
}
END_TEST

START_TEST(test_reported)
{
    const char *path = ry_test_case("day-before.dbn");
    if (path == NULL) {
        ry_test_skip("no cases");
        return;
    }
    static const char *const es[] = {"ESH4"};
    struct ry_battle *battle = fresh(RY_BATTLE_FORMAT_DBN, 9, 16);
    struct ry_feed_handler *handler = kit_handler();
    memcpy(battle->instrument[0].symbol, es[0], strlen(es[0]) + 1);
    ck_assert_int_eq(kit_open_path(handler, battle, path, &lines), -1);
    ck_assert_ptr_nonnull(strstr(handler->error, "(this would fit: market.date: 2024-03-14)"));
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}
END_TEST

/* ---- ITCH: times of day, of whatever day market.date is -------------------------------------- */

static void flush(void)
{
    wire_binaryfile(&w, &message);
    message.length = 0;
}

/* From 4:00, with orders at the hours 10 and `last`. */
static void make_itch(int64_t last)
{
    itch_system(&message, 4 * HOUR, 'S');
    flush();
    itch_directory(&message, 1, 4 * HOUR, "AAA");
    flush();
    itch_add(&message, 'A', 1, 10 * HOUR, 1, 'B', 1, "AAA", 10000);
    flush();
    itch_add(&message, 'A', 1, (uint64_t)(last * HOUR), 2, 'B', 1, "AAA", 10000);
    flush();
    itch_system(&message, (uint64_t)(last * HOUR), 'C');
    flush();
}

START_TEST(test_itch)
{
    struct ry_battle *battle = fresh(RY_BATTLE_FORMAT_ITCH50, 0, 16);
    make_itch(16);
    check(battle, NULL, NULL, 0); /* that the day begins at 4:00 is no fault of it */

    battle = fresh(RY_BATTLE_FORMAT_ITCH50, 9, 16);
    make_itch(13);
    check(battle, NULL,
          "the record ends at 2024-03-15 13:00:00 UTC, before trade_to (2024-03-15 "
          "16:00:00 UTC): the battle ends with it",
          0);

    battle = fresh(RY_BATTLE_FORMAT_ITCH50, 17, 18);
    battle->warmup_from = MAR_15 + 11 * HOUR;
    make_itch(16);
    check(battle,
          failing("nothing in it lies in the battle's hours (write trade_from and trade_to within "
                  "it, or take another): it goes from 2024-03-15 04:00:00 UTC to "
                  "2024-03-15 16:00:00 UTC; agents trade from 2024-03-15 17:00:00 "
                  "UTC to 2024-03-15 18:00:00 UTC"),
          NULL, 2);
}
END_TEST

/* ---- symbols --------------------------------------------------------------------------------- */

static void run_symbols(struct ry_battle *battle, uint64_t absent)
{
    struct ry_feed_handler *handler = kit_handler();
    battle->allow_empty = 1;
    ck_assert_int_eq(kit_open_told(handler, battle, w.bytes, w.length, &lines), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_END);
    ck_assert_uint_eq(handler->counters.symbols_absent, absent);
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
    w.length = 0;
}

static void check_absent(const char *symbol, const char *rest)
{
    static const char *const directory[] = {"AAPL", "MSFT", "GOOG", "GOOGL"};
    char wanted[160];
    for (unsigned i = 0; i < 4; i++) {
        itch_directory(&message, i + 1, 1, directory[i]);
        flush();
    }
    itch_system(&message, 2, 'S');
    flush();
    itch_system(&message, 3, 'C');
    flush();
    run_symbols(kit_battle(&symbol, 1, 4), rest != NULL);
    ck_assert_uint_eq(lines.warnings, rest != NULL);
    if (rest != NULL) {
        snprintf(wanted, sizeof wanted, ": the record does not have %s%s", symbol, rest);
        ck_assert_msg(strstr(lines.warning, wanted) != NULL, "%s", lines.warning);
    }
}

START_TEST(test_absent_symbols)
{
    w.length = message.length = 0;
    check_absent("MSFT", NULL);
    check_absent("msft", "; the nearest symbol of its directory is MSFT");
    check_absent("APPL", "; the nearest symbol of its directory is AAPL");
    check_absent("GOOGLE", "; the nearest symbol of its directory is GOOGL");
    check_absent("TSLA", "");
    ck_assert_ptr_null(strstr(lines.warning, "nearest"));

    /* Without a directory: at the end; and a flood stays short. */
    static const char *const many[] = {"A1", "A2", "A3", "A4", "A5",
                                       "A6", "A7", "A8", "A9", "AAPL"};
    itch_system(&message, 2, 'S');
    flush();
    itch_add(&message, 'A', 1, 3, 1, 'B', 1, "AAPL", 100);
    flush();
    itch_system(&message, 4, 'C');
    flush();
    run_symbols(kit_battle(many, 10, 4), 9);
    ck_assert_uint_eq(lines.warnings, 8);
    ck_assert_ptr_nonnull(
        strstr(lines.warning, ": the record does not have A8; further ones are counted only"));
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_hours");
    TCase *tcase = tcase_create("hours");
    tcase_add_test(tcase, test_covered);
    tcase_add_test(tcase, test_day_before);
    tcase_add_test(tcase, test_day_after);
    tcase_add_test(tcase, test_part_of_the_hours);
    tcase_add_test(tcase, test_nothing_at_all);
    tcase_add_test(tcase, test_reported);
    tcase_add_test(tcase, test_itch);
    tcase_add_test(tcase, test_absent_symbols);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
