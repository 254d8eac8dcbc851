/* The view as text: the screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"
#include "tests/support/text_rig.h"
#include "tools/view/screen.h"

#define MILLION INT64_C(1000000) /* money of 1 */

static struct ry_results_board board;

/* ---- the screen ------------------------------------------------------------------------------ */

static const int64_t up[] = {0, 1, 2, 3, 4, 5, 6, 7}, down[] = {7, 6, 5, 4, 3, 2, 1, 0};

static void make_board(void)
{
    board = (struct ry_results_board){
        .name = "tuesday",
        .time = INT64_C(1548772205) * RY_NS_PER_SECOND + 123,
        .permille = 425,
        .round = 3,
        .count = 3,
        .row = {{.name = "alpha",
                 .rank = 1,
                 .score = 1234567890,
                 .profit = 1234567890,
                 .positions = 2,
                 .fills = 321,
                 .rejects = 12,
                 .reject_most = RY_REJECT_COLLAR,
                 .reject_most_count = 10,
                 .sample = up,
                 .samples = 8},
                {.name = "a-name-of-23-characters",
                 .rank = 2,
                 .score = -5000000,
                 .profit = -5 * MILLION,
                 .fills = 7,
                 .sample = down,
                 .samples = 8},
                {.name = "gamma",
                 .rank = 3,
                 .out = RY_OUT_INSOLVENT,
                 .out_round = 2,
                 .score = -600000 * MILLION,
                 .profit = -1000012 * MILLION,
                 .fills = 12}},
    };
}

/* Cells of a line of ASCII and block elements. */
static unsigned cells_of(const char *line, const char *end)
{
    unsigned cells = 0;
    for (; line < end; line++)
        cells += ((unsigned char)*line & 0xc0) != 0x80;
    return cells;
}

START_TEST(test_screen_80)
{
    const struct ry_view_style style = {.width = 80, .unicode = true};
    make_board();
    FILE *out = text_begin();
    ck_assert_uint_eq(ry_view_screen(out, &board, &style), 8);
    text_want(out,
              "tuesday  round 3\n"
              "2019-01-29 14:30:05 UTC\n"
              "[##############################..........................................]  42 %\n"
              " # agent                 score       profit pos  fills refused equity\n"
              " 1 alpha               1234.57      1234.57   2    321      12 ▁▂▃▄▅▆▇█         \n"
              " 2 a-name-of-23-c        -5.00        -5.00   0      7       0 █▇▆▅▄▃▂▁         \n"
              " 3 gamma            -600000.00  -1000012.00   0     12       0 out r2: insolvent\n"
              "alpha: 12 refused, 10 of them collar: a price nearer to the market; ask ry_limit\n");
}
END_TEST

START_TEST(test_screen_40)
{
    const struct ry_view_style style = {.width = 40, .unicode = false};
    make_board();
    strcpy(board.stamp, "not reproducible: agent gamma, and a long tail");
    board.ended = true;
    board.isolated = RY_ISOLATED_NOT;
    FILE *out = text_begin();
    ck_assert_uint_eq(ry_view_screen(out, &board, &style), 10);
    text_want(out, "tuesday  round 3, ended\n"
                   "2019-01-29 14:30:05 UTC\n"
                   "[#############...................]  42 %\n"
                   "agents were not isolated from each other\n"
                   "not reproducible: agent gamma, and a lon\n"
                   " # agent             score equity\n"
                   " 1 alpha           1234.57 _.,-=+*#     \n"
                   " 2 a-name-of-        -5.00 #*+=-,._     \n"
                   " 3 gamma        -600000.00 out r2: insol\n"
                   "alpha: 12 refused, 10 of them collar: a \n");
}
END_TEST

START_TEST(test_screen_fits)
{
    for (unsigned width = 1; width < 260; width++) {
        const struct ry_view_style style = {
            .width = width, .height = width % 9, .unicode = width % 2};
        make_board();
        strcpy(board.stamp, "not reproducible: agent x");
        board.permille = width % 3 == 0 ? -1 : (int)(width * 3);
        for (unsigned i = 3; i < RY_AGENTS_MAX; i++)
            board.row[i] = board.row[1];
        board.count = RY_AGENTS_MAX;
        FILE *out = text_begin();
        unsigned lines = ry_view_screen(out, &board, &style);
        fclose(out);
        if (style.height >= 6)
            ck_assert_uint_le(lines, style.height);
        unsigned seen = 0;
        for (const char *at = text_written, *end; (end = strchr(at, '\n')) != NULL;
             at = end + 1, seen++)
            ck_assert_uint_le(cells_of(at, end),
                              width < RY_VIEW_WIDTH_MIN ? RY_VIEW_WIDTH_MIN : width);
        ck_assert_uint_eq(seen, lines);
        free(text_written);
    }
}
END_TEST

START_TEST(test_screen_short)
{
    const struct ry_view_style style = {.width = 80, .height = 6, .color = true, .terminal = true};
    make_board();
    FILE *out = text_begin();
    ck_assert_uint_eq(ry_view_screen(out, &board, &style), 6);
    fclose(out);
    ck_assert_ptr_nonnull(strstr(text_written, "\033[1m 1 alpha"));
    ck_assert_ptr_nonnull(strstr(text_written, "   and 2 more\033[K\n"));
    free(text_written);
    board.row[0].out = RY_OUT_LAST;
    out = text_begin();
    ry_view_screen(out, &board, &style);
    fclose(out);
    ck_assert_ptr_nonnull(strstr(text_written, "\033[2m 1 alpha"));
    free(text_written);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("view_screen");
    TCase *c = tcase_create("view_screen");
    tcase_add_test(c, test_screen_80);
    tcase_add_test(c, test_screen_40);
    tcase_add_test(c, test_screen_fits);
    tcase_add_test(c, test_screen_short);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
