/* What keys do, and words. */
#include <stdlib.h>

#include "tests/support/top_rig.h"
#include "tools/top/words.h"

#define ESCAPE 27

static struct top_rig rig;

static void press(uint32_t key)
{
    ry_top_press(&rig.view, key);
    free(top_picture(&rig, 80, 24));
}

static void open_crowd(uint16_t agents)
{
    top_open_crowd(&rig, agents);
    free(top_picture(&rig, 80, 24));
}

START_TEST(test_pages)
{
    open_crowd(8);
    for (uint32_t i = 0; i < RY_TOP_TABS; i++) {
        press('1' + i);
        ck_assert_uint_eq(rig.view.page, i);
    }
    press('\t');
    ck_assert_uint_eq(rig.view.page, RY_TOP_BOARD);
    press(RY_TOP_KEY_LEFT);
    ck_assert_uint_eq(rig.view.page, RY_TOP_INSTRUMENTS);
    press('\n');
    ck_assert_uint_eq(rig.view.page, RY_TOP_INSTRUMENT);
    ck_assert_uint_eq(rig.view.instrument, 0);
    press(ESCAPE);
    ck_assert_uint_eq(rig.view.page, RY_TOP_INSTRUMENTS);
    press('7');
    ck_assert_uint_eq(rig.view.page, RY_TOP_INSTRUMENTS);
    top_close(&rig);
}
END_TEST

START_TEST(test_agent_opens)
{
    open_crowd(8);
    press(RY_TOP_KEY_DOWN);
    press(RY_TOP_KEY_DOWN);
    press('\r');
    ck_assert_uint_eq(rig.view.page, RY_TOP_AGENT);
    ck_assert_uint_eq(rig.view.agent, 2);
    ck_assert(top_shows(&rig, 80, 24, "a2   rank 3 of 8"));
    press(RY_TOP_KEY_BACKSPACE);
    ck_assert_uint_eq(rig.view.page, RY_TOP_BOARD);
    ck_assert_uint_eq(rig.view.place[RY_TOP_BOARD].cursor, 2);
    top_close(&rig);
}
END_TEST

/* Where an agent's orders stand in the queue, and whose they are. */
START_TEST(test_queue)
{
    open_crowd(3);
    rig.view.page = RY_TOP_AGENT;
    rig.view.agent = 2;
    ck_assert(top_shows(&rig, 80, 36, "sell        7 S0           at 10.30               9 ahead"));
    rig.view.agent = 0;
    ck_assert(top_shows(&rig, 80, 36, "sell        9 S0           at 10.30               0 ahead"));
    rig.view.page = RY_TOP_INSTRUMENT;
    ck_assert(top_shows(&rig, 80, 24, "10.30 16        a0 9, a2 7"));
    top_close(&rig);
}
END_TEST

START_TEST(test_scrolls)
{
    open_crowd(60);
    unsigned room = rig.view.room;
    ck_assert_uint_lt(room, 60);
    ck_assert(top_shows(&rig, 80, 24, "1-"));
    press(RY_TOP_KEY_UP);
    ck_assert_uint_eq(rig.view.place[RY_TOP_BOARD].cursor, 0);
    press(RY_TOP_KEY_PAGE_DOWN);
    ck_assert_uint_eq(rig.view.place[RY_TOP_BOARD].cursor, room);
    ck_assert_uint_eq(rig.view.place[RY_TOP_BOARD].first, 1);
    press(RY_TOP_KEY_END);
    ck_assert_uint_eq(rig.view.place[RY_TOP_BOARD].cursor, 59);
    ck_assert_uint_eq(rig.view.place[RY_TOP_BOARD].first, 60 - room);
    ck_assert_uint_eq(rig.view.chosen, rig.board.row[59].agent);
    press(RY_TOP_KEY_DOWN);
    ck_assert_uint_eq(rig.view.place[RY_TOP_BOARD].cursor, 59);
    press(RY_TOP_KEY_HOME);
    ck_assert_uint_eq(rig.view.chosen, rig.board.row[0].agent);
    ck_assert_uint_eq(rig.view.place[RY_TOP_BOARD].first, 0);
    top_close(&rig);
}
END_TEST

START_TEST(test_sorts)
{
    open_crowd(8);
    press('S');
    ck_assert_uint_eq(rig.view.chosen, rig.board.row[7].agent);
    press('S');
    rig.board.row[4].rejects = 99; /* the last column but one */
    for (unsigned i = 0; i < 7; i++)
        press('s');
    ck_assert(top_shows(&rig, 80, 24, "rejectsv") || top_shows(&rig, 80, 24, "reject~"));
    ck_assert_uint_eq(rig.view.chosen, rig.board.row[4].agent);
    press('s');
    press('s');
    ck_assert_uint_eq(rig.view.place[RY_TOP_BOARD].sort, 0);
    top_close(&rig);
}
END_TEST

START_TEST(test_filters)
{
    open_crowd(60);
    press('/');
    press('A');
    press('5');
    ck_assert_uint_eq(rig.view.count, 1);
    ck_assert(top_shows(&rig, 80, 24, "filter: A5_"));
    press('\n');
    ck_assert_uint_eq(rig.view.chosen, 5);
    press('/');
    press('x');
    ck_assert_uint_eq(rig.view.count, 0);
    ck_assert_uint_eq(rig.view.chosen, RY_TOP_NONE);
    press('\n');
    press('\n'); /* nothing to open */
    ck_assert_uint_eq(rig.view.page, RY_TOP_BOARD);
    press(ESCAPE);
    ck_assert_uint_eq(rig.view.count, 60);
    press('/');
    press('q'); /* a letter there */
    ck_assert(!rig.view.leaves);
    press(ESCAPE);
    press('q');
    ck_assert(rig.view.leaves);
    top_close(&rig);
}
END_TEST

START_TEST(test_help_and_pause)
{
    open_crowd(3);
    press('?');
    ck_assert(top_shows(&rig, 80, 24, "market + agents + rebates - fees - haircut"));
    press('x');
    ck_assert(!rig.view.help);
    press(' ');
    ck_assert(rig.view.paused);
    ck_assert(top_shows(&rig, 80, 24, "PAUSED"));
    press(' ');
    ck_assert(!rig.view.paused);
    top_close(&rig);
}
END_TEST

/* Whatever is pressed, the view stays drawable: 3,000 keys at sizes of all kinds. */
START_TEST(test_any_key)
{
    static const uint32_t keys[] = {'1',
                                    '2',
                                    '3',
                                    '4',
                                    '5',
                                    '6',
                                    '\t',
                                    '\n',
                                    ESCAPE,
                                    's',
                                    'S',
                                    '/',
                                    ' ',
                                    '?',
                                    'a',
                                    RY_TOP_KEY_UP,
                                    RY_TOP_KEY_DOWN,
                                    RY_TOP_KEY_PAGE_UP,
                                    RY_TOP_KEY_PAGE_DOWN,
                                    RY_TOP_KEY_HOME,
                                    RY_TOP_KEY_END,
                                    RY_TOP_KEY_BACKSPACE,
                                    RY_TOP_KEY_BACKTAB,
                                    RY_TOP_KEY_LEFT,
                                    RY_TOP_KEY_RIGHT,
                                    0x20ac};
    uint32_t random = 12345;
    open_crowd(60);
    for (unsigned i = 0; i < 3000; i++) {
        random = random * 1664525 + 1013904223;
        ry_top_press(&rig.view, keys[(random >> 16) % (sizeof keys / sizeof *keys)]);
        rig.screen.width = 20 + random % 150;
        rig.screen.height = 1 + (random >> 8) % 60;
        ry_top_draw(&rig.screen, &rig.scene, &rig.view);
        ck_assert(rig.view.page < RY_TOP_PAGES);
        ck_assert(rig.view.agent < 60 && rig.view.instrument < 1);
    }
    top_close(&rig);
}
END_TEST

/* ---- words ----------------------------------------------------------------------------------- */

START_TEST(test_amounts)
{
    char text[RY_TOP_WORD_BYTES];
    ck_assert_str_eq(ry_text_count(text, 9999), "9999");
    ck_assert_str_eq(ry_text_count(text, 10000), "10.0k");
    ck_assert_str_eq(ry_text_count(text, 999999), "999k");
    ck_assert_str_eq(ry_text_count(text, 1362412), "1.36M");
    ck_assert_str_eq(ry_text_count(text, UINT64_MAX), "18.4E");
    ck_assert_str_eq(ry_text_money_signed(text, 312400000, 14), "+312.40");
    ck_assert_str_eq(ry_text_money_signed(text, -5000000, 14), "-5.00");
    ck_assert_str_eq(ry_text_money_signed(text, 0, 14), "0.00");
    ck_assert_str_eq(ry_top_lasting(text, 62 * RY_NS_PER_SECOND), "1:02");
    ck_assert_str_eq(ry_top_lasting(text, 3723 * RY_NS_PER_SECOND), "1:02:03");
    ck_assert_str_eq(ry_top_age(text, 840000), "840 us");
    ck_assert_str_eq(ry_top_age(text, 3200000000), "3.2 s");
    ck_assert_str_eq(ry_top_age(text, -1), "-");
}
END_TEST

/* The clock knows the zone's offset of each moment: the night in which New York's clocks go back.
 */
START_TEST(test_clock)
{
    struct ry_top_clock clock = {.zone = "America/New_York"};
    const int64_t at_half_past_one = INT64_C(1762061400) * RY_NS_PER_SECOND; /* EDT, UTC 05:30 */
    char text[RY_TOP_WORD_BYTES];
    ck_assert_str_eq(ry_top_moment(text, &clock, at_half_past_one), "2025-11-02 01:30:00 EDT");
    ck_assert_str_eq(ry_top_time(text, &clock, at_half_past_one + 7000000), "01:30:00.007");
    const int64_t later = at_half_past_one + 3600 * RY_NS_PER_SECOND;
    ck_assert_str_eq(ry_top_moment(text, &clock, later), "2025-11-02 01:30:00 EST");
    ck_assert_str_eq(ry_top_moment(text, &clock, at_half_past_one), "2025-11-02 01:30:00 EDT");
}
END_TEST

/* Nothing of others' text commands a terminal, and letters of two cells keep to their cells. */
START_TEST(test_cells)
{
    static struct ry_top_screen screen;
    char row[RY_TOP_ROW_BYTES];
    top_open_crowd(&rig, 1); /* the locale */
    ry_top_screen_clear(&screen, 10, 2);
    screen.unicode = true;
    struct ry_top_area area = ry_top_area(&screen, 1, 0, 8, 1);
    ck_assert_uint_eq(ry_top_put(&area, 0, 0, RY_TOP_PLAIN, "a\033[2Jb"), 6);
    ck_assert_str_eq(ry_top_row(row, &screen, 0), " a?[2Jb");
    ry_top_put_field(&area, 0, 0, 8, false, RY_TOP_PLAIN, "日本語日本語");
    ck_assert_str_eq(ry_top_row(row, &screen, 0), " 日本語 ~");
    ry_top_put_field(&area, 0, 0, 8, true, RY_TOP_PLAIN, "日");
    ck_assert_str_eq(ry_top_row(row, &screen, 0), "       日");
    ry_top_put(&area, 0, 1, RY_TOP_PLAIN, "beside");
    ck_assert_str_eq(ry_top_row(row, &screen, 1), "");
    screen.unicode = false;
    ry_top_put_field(&area, 0, 0, 8, false, RY_TOP_PLAIN, "é日x");
    ck_assert_str_eq(ry_top_row(row, &screen, 0), " ??x");
    top_close(&rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("top_keys");
    TCase *c = tcase_create("top_keys");
    tcase_add_test(c, test_pages);
    tcase_add_test(c, test_agent_opens);
    tcase_add_test(c, test_queue);
    tcase_add_test(c, test_scrolls);
    tcase_add_test(c, test_sorts);
    tcase_add_test(c, test_filters);
    tcase_add_test(c, test_help_and_pause);
    tcase_add_test(c, test_any_key);
    tcase_add_test(c, test_amounts);
    tcase_add_test(c, test_clock);
    tcase_add_test(c, test_cells);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
