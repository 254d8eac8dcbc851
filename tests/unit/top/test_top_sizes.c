/* What must hold at every size, with any number of agents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/top_rig.h"

#define WIDTH_LEAST  20
#define WIDTH_MOST   220
#define HEIGHT_LEAST 5
#define HEIGHT_MOST  70
#define UNTOUCHED    0x2603 /* no page has a snowman */

static struct top_rig rig;

static void make_up(void)
{
    top_process(&rig, "exec", "");
    top_process(&rig, "feed0", "itch");
    for (unsigned i = 0; i < rig.board.count; i++) {
        char name[RY_NAME_BYTES];
        snprintf(name, sizeof name, "agent%u", i);
        top_process(&rig, name, rig.board.row[i].name);
    }
    rig.watch.processes.process[1].state = RY_WATCH_STANDS;
    rig.watch.processes.process[1].lost = 3;
    top_alarm(&rig, RY_WATCH_CRITICAL,
              "feed0 (itch): gaps 3 (holes in the sequence that nothing filled): listen again");
    top_alarm(&rig, RY_WATCH_INFO, "good to know");
    strcpy(rig.board.stamp, "not reproducible: agent a0");
}

/* Draws, and looks at each cell: text within the screen, nothing beside it. */
static void hold_to_size(unsigned width, unsigned height)
{
    static char row[RY_TOP_ROW_BYTES];
    struct ry_top_screen *screen = &rig.screen;
    screen->cell[width * height].glyph = UNTOUCHED;
    screen->width = width;
    screen->height = height;
    ry_top_draw(screen, &rig.scene, &rig.view);
    ck_assert_uint_eq(screen->cell[width * height].glyph, UNTOUCHED);
    ck_assert_uint_eq(screen->width, width);
    bool fits = true, clean = true; /* an assertion each would take most of the time */
    for (unsigned y = 0; y < height; y++)
        fits &= ry_top_cells(screen, ry_top_row(row, screen, y)) <= width;
    ck_assert(fits);
    ck_assert(rig.view.room == 0 || rig.view.count == 0 ||
              rig.view.place[rig.view.page].cursor < rig.view.count);
    for (unsigned i = 0; i < width * height; i++)
        clean &= screen->cell[i].glyph != UNTOUCHED &&
                 (screen->cell[i].glyph == 0 || screen->cell[i].glyph >= ' ');
    ck_assert(clean);
}

static const uint16_t crowds[] = {0, 1, 3, 8, 60, RY_AGENTS_MAX};

START_TEST(test_every_size)
{
    top_open_crowd(&rig, crowds[_i]);
    make_up();
    for (unsigned width = WIDTH_LEAST; width <= WIDTH_MOST; width += 1 + width / 20)
        for (unsigned height = HEIGHT_LEAST; height <= HEIGHT_MOST; height += 1 + height / 5)
            for (unsigned page = 0; page <= RY_TOP_PAGES; page++) {
                rig.view.help = page == RY_TOP_PAGES;
                rig.view.page = page < RY_TOP_PAGES ? (enum ry_top_page)page : RY_TOP_BOARD;
                rig.view.place[rig.view.page].cursor = width * height % 97;
                rig.view.unicode = width % 2;
                hold_to_size(width, height);
            }
    top_close(&rig);
}
END_TEST

/* Before the battle's first input there is no board. */
START_TEST(test_no_battle)
{
    top_open_crowd(&rig, 3);
    make_up();
    rig.scene.board = NULL;
    for (unsigned page = 0; page < RY_TOP_PAGES; page++) {
        rig.view.page = (enum ry_top_page)page;
        hold_to_size(80, 24);
    }
    top_close(&rig);
}
END_TEST

/* Of the list and of the lines above it. */
static void both_are_told(unsigned width, unsigned height)
{
    const struct ry_results_board_row *first = &rig.board.row[0], *last = NULL;
    char leads[64], goes[64];
    for (unsigned i = 0; i < rig.board.count; i++)
        if (rig.board.row[i].goes_next)
            last = &rig.board.row[i];
    ck_assert_ptr_nonnull(last);
    snprintf(leads, sizeof leads, "leads     %s ", first->name);
    snprintf(goes, sizeof goes, "next out  %s ", last->name);
    ck_assert_msg(top_shows(&rig, width, height, leads), "%ux%u %s", width, height, leads);
    ck_assert_msg(top_shows(&rig, width, height, goes), "%ux%u %s", width, height, goes);
}

static const uint16_t several[] = {2, 3, 8, 9, 30, 60, RY_AGENTS_MAX};

START_TEST(test_first_and_last)
{
    top_open_crowd(&rig, several[_i]);
    both_are_told(80, 24);
    both_are_told(120, 36);
    both_are_told(200, 60);
    both_are_told(40, 12);
    rig.view.place[RY_TOP_BOARD].cursor = several[_i] - 1u; /* scrolled to the end */
    both_are_told(80, 24);
    top_close(&rig);
}
END_TEST

/* How much of a list is shown stands in the title; the heads stay whole. */
START_TEST(test_heads_beside_the_part)
{
    static const char *const heads[] = {"this round       gain drawdown pos  fills rejects equity",
                                        "core   beat  busy       a second       behind   lost"};
    static const unsigned sizes[][2] = {{80, 24}, {120, 36}, {200, 60}};
    top_open_crowd(&rig, RY_AGENTS_MAX);
    make_up();
    for (unsigned page = RY_TOP_BOARD; page <= RY_TOP_PROCESSES; page++)
        for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            char part[32];
            rig.view.page = (enum ry_top_page)page;
            ck_assert_msg(top_shows(&rig, sizes[i][0], sizes[i][1], heads[page]), "%s %u",
                          heads[page], sizes[i][0]);
            snprintf(part, sizeof part, " 1-%u of %u ", rig.view.room, rig.view.count);
            ck_assert_msg(top_shows(&rig, sizes[i][0], sizes[i][1], part), "%s %u", part,
                          sizes[i][0]);
        }
    top_close(&rig);
}
END_TEST

START_TEST(test_small_is_not_broken)
{
    top_open_crowd(&rig, 8);
    ck_assert(top_shows(&rig, 40, 10, "small"));
    ck_assert(top_shows(&rig, 40, 10, "LIVE"));
    ck_assert(top_shows(&rig, 40, 10, "  1 a0 "));
    ck_assert(top_shows(&rig, 40, 10, "? help  q leave"));
    top_close(&rig);
}
END_TEST

/* Agents that `count` has made are told apart wherever a name is cut. */
START_TEST(test_ends_of_names)
{
    top_open_crowd(&rig, 8);
    for (unsigned i = 0; i < rig.board.count; i++)
        snprintf(rig.board.row[i].name, sizeof rig.board.row[i].name, "crowd-name-long-abc-%u",
                 (i + 1) % 100);
    make_up();
    for (unsigned width = 40; width <= WIDTH_MOST; width++)
        for (unsigned page = RY_TOP_BOARD; page <= RY_TOP_PROCESSES; page++) {
            rig.view.page = (enum ry_top_page)page;
            for (unsigned i = 0; i < rig.board.count && (page == 0 || width >= 66); i++) {
                char end[16];
                snprintf(end, sizeof end, "bc-%u ", i + 1);
                ck_assert_msg(top_shows(&rig, width, 40, end), "%u: %s", width, end);
            }
        }
    top_close(&rig);
}
END_TEST

/* What a line has no room for is not lost in silence: the parts of a gain add up at every width. */
START_TEST(test_split_adds_up)
{
    top_open_small(&rig);
    ck_assert(top_shows(&rig, 80, 24, "gain +2.36: market +1.00, agents +1.50, fees -0.14\n"));
    ck_assert(top_shows(&rig, 79, 24, "gain +2.36: market +1.00, rest +1.36\n"));
    ck_assert(top_shows(&rig, 66, 24, "gain +2.36: market +1.00, rest +1.36\n"));
    ck_assert(top_shows(&rig, 65, 24, "gain +2.36; level with a1\n"));
    top_close(&rig);
}
END_TEST

START_TEST(test_cut_is_marked)
{
    static struct ry_top_screen screen;
    char row[RY_TOP_ROW_BYTES];
    top_open_small(&rig); /* the locale */
    ry_top_screen_clear(&screen, 8, 4);
    screen.unicode = true;
    struct ry_top_area area = ry_top_area(&screen, 1, 0, 6, 4);
    ck_assert_uint_eq(ry_top_put(&area, 0, 0, RY_TOP_PLAIN, "sixsix"), 6);
    ck_assert_uint_eq(ry_top_put(&area, 0, 1, RY_TOP_PLAIN, "blanks   "), 6);
    ck_assert_uint_eq(ry_top_put(&area, 0, 2, RY_TOP_PLAIN, "sevense"), 6);
    ck_assert_uint_eq(ry_top_put(&area, 0, 3, RY_TOP_PLAIN, "日本語日"), 5);
    ck_assert_str_eq(ry_top_row(row, &screen, 0), " sixsix");
    ck_assert_str_eq(ry_top_row(row, &screen, 1), " blanks");
    ck_assert_str_eq(ry_top_row(row, &screen, 2), " seven~");
    ck_assert_str_eq(ry_top_row(row, &screen, 3), " 日本~");
    top_close(&rig);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("top_sizes");
    TCase *c = tcase_create("top_sizes");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_every_size, 0, sizeof crowds / sizeof *crowds);
    tcase_add_test(c, test_no_battle);
    tcase_add_loop_test(c, test_first_and_last, 0, sizeof several / sizeof *several);
    tcase_add_test(c, test_heads_beside_the_part);
    tcase_add_test(c, test_small_is_not_broken);
    tcase_add_test(c, test_ends_of_names);
    tcase_add_test(c, test_split_adds_up);
    tcase_add_test(c, test_cut_is_marked);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
