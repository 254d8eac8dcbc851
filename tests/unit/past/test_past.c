/*
 * The past of a battle against a plain follower from the start: jumps to inputs and moments in any
 * order, whatever the copies; a journal that grows, is damaged, cut, replaced; rows page by page.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/past_rig.h"
#include "tools/past/internal.h"
#include "tools/text/row_json.h"

#define INPUTS 3000
#define JUMPS  120
#define SOON   97 /* inputs between copies */

static struct ry_test_past battle;
static struct ry_past *past;
static char error[256];

/* What was at every input, from 1. */
static struct ry_test_past_state *state;
static int64_t *moment;
static uint64_t inputs;

static void look(void *context, uint64_t input, struct ry_results *results,
                 const struct ry_arena *arena)
{
    (void)context;
    inputs = input;
    state = realloc(state, (input + 1) * sizeof *state);
    moment = realloc(moment, (input + 1) * sizeof *moment);
    ck_assert(state != NULL && moment != NULL);
    state[input] = ry_test_past_state_of(results, arena);
    moment[input] = results->time;
}

static void follow(void)
{
    ry_test_past_follow(battle.folder.path, look, NULL, NULL);
}

static void make(uint64_t seed, unsigned count, bool ends)
{
    const struct ry_input_battle about = ry_test_past_battle(3, 4, RY_TIME_NEVER);
    ry_test_past_open(&battle, seed, &about);
    ry_test_past_add(&battle, count);
    if (ends)
        ry_test_past_end(&battle);
}

static void open_past(const struct ry_past_options *options)
{
    past = ry_past_open(battle.folder.path, options, error, sizeof error);
    ck_assert_msg(past != NULL, "%s", error);
}

/* In uneven steps, as an idle worker would. */
static void pass(void)
{
    unsigned n = 1;
    while (ry_past_advance(past, n) > 0)
        n = n * 3 + 1;
}

static void done(void)
{
    ry_past_close(past);
    ry_test_past_close(&battle);
    free(state);
    free(moment);
    state = NULL;
    moment = NULL;
}

static void same(uint64_t input, const struct ry_past_view *view)
{
    const struct ry_test_past_state there = ry_test_past_state_valued(view->results, view->arena);
    ck_assert_uint_eq(view->input, input);
    ck_assert_int_eq(view->time, moment[input]);
    ck_assert_uint_eq(there.state, state[input].state);
    ck_assert_uint_eq(there.book, state[input].book);
    ck_assert_uint_eq(there.results, state[input].results);
}

static void jump(uint64_t input)
{
    struct ry_past_view view;
    ck_assert_msg(ry_past_seek_input(past, input, &view) == RY_PAST_OK, "input %lu: %s",
                  (unsigned long)input, ry_past_text(past));
    same(input, &view);
}

/* The last input that is not behind it. */
static void jump_time(int64_t time)
{
    struct ry_past_view view;
    uint64_t input = inputs;
    while (input > 0 && moment[input] > time)
        input--;
    const enum ry_past_code code = ry_past_seek_time(past, time, &view);
    ck_assert_int_eq(code, input == 0 ? RY_PAST_EMPTY : RY_PAST_OK);
    if (code == RY_PAST_OK)
        same(input, &view);
}

static void jump_about(uint64_t seed)
{
    struct ry_test_rng rng = {.x = seed + 7};
    for (unsigned i = 0; i < JUMPS; i++) {
        const uint64_t input = 1 + ry_test_rng_below(&rng, (uint32_t)inputs);
        jump(input);
        if (i % 3 == 0)
            jump_time(moment[1 + ry_test_rng_below(&rng, (uint32_t)inputs)] +
                      (int64_t)ry_test_rng_below(&rng, 3) - 1);
        if (i % 7 == 0 && input < inputs)
            jump(input + 1); /* on from where it stands */
    }
    jump(1);
    jump(inputs);
    jump_time(INT64_MIN + 1);
    jump_time(RY_TIME_NEVER);
}

/* ---- jumps ----------------------------------------------------------------------------------- */

START_TEST(test_jumps_are_as_from_the_start)
{
    const struct ry_past_options options = {.every_inputs = SOON};
    struct ry_past_progress progress;
    make((uint64_t)_i, INPUTS, true);
    follow();
    open_past(&options);
    pass();
    ry_past_progress(past, &progress);
    ck_assert_int_eq(progress.state, RY_PAST_ENDED);
    ck_assert_uint_eq(progress.inputs, inputs);
    ck_assert_int_eq(progress.time, moment[inputs]);
    ck_assert_uint_eq(progress.copies, (inputs - 1) / SOON + 1);
    ck_assert_uint_eq(progress.copies_dropped, 0);
    jump_about((uint64_t)_i);
    done();
}
END_TEST

/* Pages that did not change are shared, so the budget is far below copies times pages. */
START_TEST(test_copies_keep_to_their_bytes)
{
    struct ry_past_options options = {.every_inputs = 10, .copies_bytes_max = (size_t)2 << 20};
    struct ry_past_progress progress;
    make(3, INPUTS, true);
    follow();
    open_past(&options);
    while (ry_past_advance(past, 1) > 0) {
        ry_past_progress(past, &progress);
        ck_assert_uint_le(progress.copies_bytes, options.copies_bytes_max);
    }
    ck_assert_uint_gt(progress.copies_dropped, 0);
    ck_assert_uint_gt(progress.copies, 2);
    ck_assert_uint_gt(progress.every_inputs, 10);
    for (size_t i = 1; i < past->copies.count; i++)
        ck_assert_uint_eq(past->copies.copy[i].mark.inputs, i * progress.every_inputs);
    jump_about(3);
    ry_past_close(past);
    options.copies_bytes_max = 1; /* none but the one before everything */
    open_past(&options);
    pass();
    ry_past_progress(past, &progress);
    ck_assert_uint_eq(progress.copies, 1);
    jump(inputs / 2);
    jump(3);
    done();
}
END_TEST

START_TEST(test_what_cannot_be_jumped_to)
{
    struct ry_past_view view;
    make(4, 1000, true);
    follow();
    open_past(NULL);
    ck_assert_int_eq(ry_past_seek_input(past, 10, &view), RY_PAST_NOT_YET);
    ck_assert_ptr_null(ry_past_results(past));
    ck_assert_ptr_null(ry_past_film(past));
    ck_assert_uint_eq(ry_past_advance(past, 500), 500);
    ck_assert_int_eq(ry_past_seek_input(past, 501, &view), RY_PAST_NOT_YET);
    ck_assert_int_eq(ry_past_seek_time(past, moment[500], &view), RY_PAST_NOT_YET);
    jump(500);
    jump_time(moment[500] - 1);
    pass();
    ck_assert_int_eq(ry_past_seek_input(past, inputs + 1, &view), RY_PAST_BEYOND);
    ck_assert_ptr_nonnull(strstr(ry_past_text(past), "inputs"));
    ck_assert_int_eq(ry_past_seek_input(past, 0, &view), RY_PAST_EMPTY);
    ck_assert_ptr_null(ry_past_open("/nonexistent", NULL, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "cannot open"));
    done();
}
END_TEST

/* What a jump gave stands while the first pass goes on. */
START_TEST(test_a_view_stands_while_the_pass_goes_on)
{
    struct ry_past_view view;
    make(5, INPUTS, true);
    follow();
    open_past(&(struct ry_past_options){.every_inputs = SOON});
    ck_assert_uint_eq(ry_past_advance(past, 2000), 2000);
    ck_assert_int_eq(ry_past_seek_input(past, 777, &view), RY_PAST_OK);
    pass();
    same(777, &view);
    done();
}
END_TEST

/* ---- the journal ----------------------------------------------------------------------------- */

START_TEST(test_a_journal_grows)
{
    struct ry_past_progress progress;
    struct ry_past_view view;
    make((uint64_t)_i, 50, false);
    open_past(&(struct ry_past_options){.every_inputs = SOON});
    for (unsigned i = 0; i < 20; i++) {
        ry_test_past_add(&battle, 1 + 83 * i % 500);
        follow();
        pass();
        ry_past_progress(past, &progress);
        ck_assert_int_eq(progress.state, RY_PAST_TAIL);
        ck_assert_uint_eq(progress.inputs, inputs);
        ck_assert_ptr_nonnull(strstr(ry_past_text(past), "cut: last whole block"));
        ck_assert_uint_eq(ry_past_advance(past, 1), 0);
        jump(inputs);
        jump(1 + inputs / 2);
        ck_assert_int_eq(ry_past_seek_input(past, inputs + 1, &view), RY_PAST_BEYOND);
        jump_time(moment[inputs / 3]);
    }
    ry_test_past_end(&battle);
    follow();
    pass();
    ry_past_progress(past, &progress);
    ck_assert_int_eq(progress.state, RY_PAST_ENDED);
    jump_about(1);
    done();
}
END_TEST

static void change(uint64_t at, size_t bytes, const void *with, void *was)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", battle.folder.path, RY_JOURNAL_FILE);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    if (was != NULL)
        ck_assert_int_eq(pread(fd, was, bytes, (off_t)at), (ssize_t)bytes);
    ck_assert_int_eq(pwrite(fd, with, bytes, (off_t)at), (ssize_t)bytes);
    close(fd);
}

/* What is before the damage can be looked at; when it is mended, so can the rest. */
START_TEST(test_a_damaged_journal)
{
    struct ry_past_progress progress;
    struct ry_past_view view;
    static const char with[8] = "garbage";
    const uint64_t at = (uint64_t)40 * RY_JOURNAL_ALIGN + 100;
    char was[8];
    make(6, INPUTS, true);
    follow();
    change(at, sizeof was, with, was);
    open_past(&(struct ry_past_options){.every_inputs = SOON});
    pass();
    ry_past_progress(past, &progress);
    ck_assert_int_eq(progress.state, RY_PAST_DAMAGED);
    ck_assert_uint_lt(progress.inputs, inputs);
    ck_assert_uint_gt(progress.inputs, 100);
    ck_assert_ptr_nonnull(strstr(ry_past_text(past), "damaged"));
    ck_assert_uint_eq(ry_past_advance(past, 1), 0);
    jump(progress.inputs);
    jump(50);
    ck_assert_int_eq(ry_past_seek_input(past, inputs, &view), RY_PAST_BEYOND);
    ck_assert_ptr_nonnull(ry_past_film(past));
    usleep(20000); /* a moment that the file's time tells from the last one */
    change(at, sizeof was, was, NULL);
    pass();
    ry_past_progress(past, &progress);
    ck_assert_int_eq(progress.state, RY_PAST_ENDED);
    jump_about(6);
    done();
}
END_TEST

START_TEST(test_a_cut_journal)
{
    struct ry_past_progress progress;
    char path[128];
    make(7, INPUTS, true);
    follow();
    snprintf(path, sizeof path, "%s/%s", battle.folder.path, RY_JOURNAL_FILE);
    ck_assert_int_eq(truncate(path, 30 * RY_JOURNAL_ALIGN + 5), 0);
    open_past(NULL);
    pass();
    ry_past_progress(past, &progress);
    ck_assert_int_eq(progress.state, RY_PAST_TAIL);
    ck_assert_ptr_nonnull(strstr(ry_past_text(past), "cut"));
    jump(progress.inputs);
    jump(20);
    done();
}
END_TEST

/* The journal is shorter than it was when it was read: said, and no jump shows anything false. */
START_TEST(test_a_journal_that_is_gone)
{
    struct ry_past_view view;
    char path[128];
    make(8, INPUTS, true);
    follow();
    open_past(NULL);
    pass();
    ck_assert(!ry_past_replaced(past));
    snprintf(path, sizeof path, "%s/%s", battle.folder.path, RY_JOURNAL_FILE);
    ck_assert_int_eq(truncate(path, 30 * RY_JOURNAL_ALIGN), 0);
    ck_assert_int_eq(ry_past_seek_input(past, inputs - 1, &view), RY_PAST_BROKEN);
    ck_assert_ptr_nonnull(strstr(ry_past_text(past), "not any more what it was"));
    jump(30);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert(ry_past_replaced(past));
    done();
}
END_TEST

/* ---- rows ------------------------------------------------------------------------------------ */

struct text {
    char *at;
    size_t used, room;
    const struct ry_text_row_filter *filter;
    unsigned rows;
};

static void add_row(void *context, const struct ry_results *results,
                    const struct ry_results_row *row)
{
    struct text *text = context;
    if (text->filter != NULL && !ry_text_row_filter_shows_row(text->filter, results, row))
        return;
    if (text->room - text->used < RY_TEXT_ROW_BYTES + 1) {
        text->room = 2 * text->room + RY_TEXT_ROW_BYTES + 1;
        text->at = realloc(text->at, text->room);
        ck_assert_ptr_nonnull(text->at);
    }
    text->used += ry_text_row_json(text->at + text->used, results, row);
    text->at[text->used++] = '\n';
    text->rows++;
}

static const struct {
    unsigned limit;
    const char *agent, *instrument, *types;
} page_case[] = {
    {1000, NULL, NULL, NULL},      {200, NULL, NULL, NULL},      {7, NULL, NULL, NULL},
    {1, NULL, NULL, NULL},         {3, "a1", NULL, NULL},        {50, NULL, "S1", "market_trade"},
    {2, "a0", "S2", "fill,trade"}, {10, NULL, NULL, "rank,out"}, {1, "a3", NULL, "reject"},
};

START_TEST(test_pages_are_what_tail_prints)
{
    struct text whole = {.used = 0}, paged = {.used = 0};
    struct ry_past_asked asked = {.limit = page_case[_i].limit};
    struct ry_past_page page = {.rows = 0};
    make(9, INPUTS / 2, true);
    asked.filter.agent = page_case[_i].agent;
    asked.filter.instrument = page_case[_i].instrument;
    if (page_case[_i].types != NULL)
        ck_assert(ry_text_row_filter_types(&asked.filter, page_case[_i].types, (char[512]){0}));
    whole.filter = &asked.filter;
    ry_test_past_follow(battle.folder.path, NULL, add_row, &whole);
    open_past(&(struct ry_past_options){.every_inputs = SOON});
    pass();
    while (!page.at_end) {
        char cursor[RY_PAST_CURSOR_BYTES];
        const unsigned before = paged.rows;
        ck_assert_int_eq(ry_past_rows(past, &asked, add_row, &paged, &page), RY_PAST_OK);
        ck_assert_uint_eq(page.rows, paged.rows - before);
        ck_assert_uint_le(page.rows, asked.limit);
        ry_past_cursor_write(cursor, &page.next);
        ck_assert(ry_past_cursor_read(&asked.after, cursor));
        if (paged.rows % 5 == 0) /* somebody else looks elsewhere meanwhile */
            (void)ry_past_seek_input(past, 1 + paged.rows % 100, &(struct ry_past_view){0});
    }
    ck_assert(page.complete);
    ck_assert_uint_gt(whole.rows, 2);
    ck_assert_uint_eq(paged.used, whole.used);
    ck_assert_int_eq(memcmp(paged.at, whole.at, whole.used), 0);
    free(whole.at);
    free(paged.at);
    done();
}
END_TEST

/* A live battle's last page is followed by the next one when there is more. */
START_TEST(test_pages_go_on_when_the_journal_does)
{
    struct text whole = {.used = 0}, paged = {.used = 0};
    struct ry_past_asked asked = {.limit = 100};
    struct ry_past_page page;
    make(10, 500, false);
    open_past(NULL);
    for (unsigned i = 0; i < 10; i++) {
        pass();
        do {
            ck_assert_int_eq(ry_past_rows(past, &asked, add_row, &paged, &page), RY_PAST_OK);
            asked.after = page.next;
        } while (!page.at_end);
        ck_assert_int_eq(page.complete, i == 9);
        if (i < 8)
            ry_test_past_add(&battle, 100);
        else if (i == 8)
            ry_test_past_end(&battle);
    }
    ry_test_past_follow(battle.folder.path, NULL, add_row, &whole);
    ck_assert_uint_eq(paged.used, whole.used);
    ck_assert_int_eq(memcmp(paged.at, whole.at, whole.used), 0);
    free(whole.at);
    free(paged.at);
    done();
}
END_TEST

START_TEST(test_rows_that_are_asked_for_wrongly)
{
    struct text text = {.used = 0};
    struct ry_past_asked asked = {.limit = 0};
    struct ry_past_page page;
    make(11, 300, true);
    open_past(NULL);
    asked.limit = 1;
    ck_assert_int_eq(ry_past_rows(past, &asked, add_row, &text, &page), RY_PAST_NOT_YET);
    pass();
    asked.limit = 0;
    ck_assert_int_eq(ry_past_rows(past, &asked, add_row, &text, &page), RY_PAST_BAD_ASKED);
    asked.limit = RY_PAST_PAGE_ROWS_MAX + 1;
    ck_assert_int_eq(ry_past_rows(past, &asked, add_row, &text, &page), RY_PAST_BAD_ASKED);
    asked.limit = 1;
    asked.filter.agent = "nobody";
    ck_assert_int_eq(ry_past_rows(past, &asked, add_row, &text, &page), RY_PAST_BAD_ASKED);
    ck_assert_ptr_nonnull(strstr(ry_past_text(past), "nobody"));
    asked.filter.agent = NULL;
    asked.after = (struct ry_past_cursor){.input = UINT64_MAX, .n = UINT32_MAX};
    ck_assert_int_eq(ry_past_rows(past, &asked, add_row, &text, &page), RY_PAST_OK);
    ck_assert(page.at_end && page.rows == 0);
    done();
}
END_TEST

START_TEST(test_cursors)
{
    static const char *const wrong[] = {"",
                                        ".",
                                        "x",
                                        "1.",
                                        ".1",
                                        "1.x",
                                        "-1",
                                        "1.-1",
                                        "1.2.",
                                        " 1.2",
                                        "1.2 ",
                                        "1.4294967296",
                                        "18446744073709551616.1"};
    struct ry_past_cursor cursor;
    char text[RY_PAST_CURSOR_BYTES];
    ck_assert(ry_past_cursor_read(&cursor, "18446744073709551615.4294967295"));
    ck_assert(cursor.input == UINT64_MAX && cursor.n == UINT32_MAX);
    ry_past_cursor_write(text, &cursor);
    ck_assert_str_eq(text, "18446744073709551615.4294967295");
    ck_assert(ry_past_cursor_read(&cursor, "12"));
    ck_assert(cursor.input == 12 && cursor.n == 0);
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!ry_past_cursor_read(&cursor, wrong[i]), "\"%s\"", wrong[i]);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("past");
    TCase *jumps = tcase_create("jumps"), *journal = tcase_create("journal"),
          *rows = tcase_create("rows");
    tcase_add_loop_test(jumps, test_jumps_are_as_from_the_start, 0, 4);
    tcase_add_test(jumps, test_copies_keep_to_their_bytes);
    tcase_add_test(jumps, test_what_cannot_be_jumped_to);
    tcase_add_test(jumps, test_a_view_stands_while_the_pass_goes_on);
    tcase_add_loop_test(journal, test_a_journal_grows, 0, 2);
    tcase_add_test(journal, test_a_damaged_journal);
    tcase_add_test(journal, test_a_cut_journal);
    tcase_add_test(journal, test_a_journal_that_is_gone);
    tcase_add_loop_test(rows, test_pages_are_what_tail_prints, 0,
                        sizeof page_case / sizeof page_case[0]);
    tcase_add_test(rows, test_pages_go_on_when_the_journal_does);
    tcase_add_test(rows, test_rows_that_are_asked_for_wrongly);
    tcase_add_test(rows, test_cursors);
    tcase_set_timeout(jumps, 120);
    tcase_set_timeout(journal, 120);
    tcase_set_timeout(rows, 120);
    suite_add_tcase(s, jumps);
    suite_add_tcase(s, journal);
    suite_add_tcase(s, rows);
    return s;
}

RY_TEST_MAIN(suite)
