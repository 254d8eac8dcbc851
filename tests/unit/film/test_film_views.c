/*
 * What a film says beside its columns: events; which instruments it is of; and what it answers when
 * it is asked wrongly.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/past_rig.h"

#define INPUTS 4000
#define SOON   97 /* inputs between copies */
#define TO     (800 * RY_NS_PER_SECOND)

static struct ry_test_past battle;
static struct ry_past *past;

static void make(uint64_t seed, uint16_t instruments, int64_t to, unsigned count)
{
    const struct ry_input_battle about = ry_test_past_battle(instruments, 4, to);
    ry_test_past_open(&battle, seed, &about);
    ry_test_past_add(&battle, count);
    past = ry_test_past_look(&battle, SOON);
}

static void pass(void)
{
    while (ry_past_advance(past, 333) > 0)
        ;
}

static void done(void)
{
    ry_past_close(past);
    ry_test_past_close(&battle);
}

static bool null_at(const json_t *object, const char *name, unsigned at)
{
    return json_is_null(json_array_get(json_object_get(object, name), at));
}

/* ---- events ---------------------------------------------------------------------------------- */

static unsigned count_events(const json_t *course, const char *what)
{
    unsigned count = 0;
    size_t i;
    json_t *event;
    json_array_foreach(json_object_get(course, "events"), i, event)
    {
        count += strcmp(json_string_value(json_object_get(event, "what")), what) == 0;
        ck_assert_uint_gt(strlen(json_string_value(json_object_get(event, "text"))), 5);
    }
    return count;
}

static unsigned outs, rounds;

static void count_row(void *context, const struct ry_results *results,
                      const struct ry_results_row *row)
{
    (void)context;
    (void)results;
    outs += row->kind == RY_RESULTS_ROW_OUT;
    /* The last one begins as the battle is decided. */
    rounds += row->kind == RY_RESULTS_ROW_ROUND && row->round.agents > 1;
}

START_TEST(test_events_are_the_games_rows)
{
    make(8, 2, TO, INPUTS);
    ry_test_past_end(&battle);
    pass();
    outs = rounds = 0;
    ry_test_past_follow(battle.folder.path, NULL, count_row, NULL);
    json_t *course = ry_test_past_course(ry_past_film(past), 64);
    ck_assert_uint_gt(outs, 1);
    ck_assert_uint_eq(count_events(course, "out"), outs);
    ck_assert_uint_gt(rounds, 1);
    ck_assert_uint_eq(count_events(course, "round"), rounds);
    ck_assert_uint_eq(count_events(course, "end"), 1);
    ck_assert_uint_gt(count_events(course, "leader"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(course, "events_left_out")), 0);
    json_decref(course);
    done();
}
END_TEST

/* ---- which instruments ----------------------------------------------------------------------- */

static uint16_t acked[RY_FILM_INSTRUMENTS_MAX]; /* the first ones, as they came */
static unsigned acks;

static void keep_ack(void *context, const struct ry_results *results,
                     const struct ry_results_row *row)
{
    bool known = row->kind != RY_RESULTS_ROW_ACK || acks == RY_FILM_INSTRUMENTS_MAX;
    (void)context;
    (void)results;
    for (unsigned i = 0; i < acks && !known; i++)
        known = acked[i] == row->ack.instrument;
    if (!known)
        acked[acks++] = row->ack.instrument;
}

static void symbol_of(char symbol[3], uint16_t instrument)
{
    snprintf(symbol, 3, "S%c", '0' + instrument);
}

START_TEST(test_what_agents_trade_is_filmed)
{
    char symbol[3];
    make(9, 40, TO, INPUTS);
    ry_test_past_end(&battle);
    pass();
    acks = 0;
    ry_test_past_follow(battle.folder.path, NULL, keep_ack, NULL);
    ck_assert_uint_eq(acks, RY_FILM_INSTRUMENTS_MAX);
    json_t *course = ry_test_past_course(ry_past_film(past), 2048);
    const json_t *filmed = json_object_get(course, "instruments");
    ck_assert_uint_eq(json_object_size(filmed), RY_FILM_INSTRUMENTS_MAX);
    ck_assert_int_eq(json_integer_value(json_object_get(course, "instruments_more")), 24);
    for (unsigned i = 0; i < acks; i++) {
        symbol_of(symbol, acked[i]);
        const json_t *own = json_object_get(filmed, symbol);
        const unsigned last = (unsigned)json_integer_value(json_object_get(course, "columns")) - 1;
        ck_assert_msg(own != NULL, "%s", symbol);
        if (acked[i] >= RY_FILM_INSTRUMENTS_MAX) /* not filmed from the start */
            ck_assert(null_at(own, "volume", 0));
        ck_assert(!null_at(own, "volume", last));
    }
    json_decref(course);
    done();
}
END_TEST

START_TEST(test_views_that_are_asked_for_wrongly)
{
    uint8_t *depth;
    char *body;
    size_t bytes;
    make(9, 40, TO, 200);
    ck_assert_uint_gt(ry_past_advance(past, 46), 0);
    ck_assert_int_eq(ry_film_depth(ry_past_film(past), "S3", 64, &depth, &bytes), RY_FILM_OK);
    free(depth);
    ck_assert_int_eq(ry_film_depth(ry_past_film(past), "SC", 64, &depth, &bytes),
                     RY_FILM_NOT_FILMED);
    ck_assert_int_eq(ry_film_depth(ry_past_film(past), "nix", 64, &depth, &bytes),
                     RY_FILM_NO_INSTRUMENT);
    ck_assert_int_eq(ry_film_depth(ry_past_film(past), "S3", 63, &depth, &bytes),
                     RY_FILM_COLUMNS_RANGE);
    ck_assert_int_eq(ry_film_course_json(ry_past_film(past), 2049, &body, &bytes),
                     RY_FILM_COLUMNS_RANGE);
    for (int code = RY_FILM_COLUMNS_RANGE; code <= RY_FILM_NO_MEMORY; code++)
        ck_assert_uint_gt(strlen(ry_film_code_text((enum ry_film_code)code)), 10);
    done();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("film_views");
    TCase *tc = tcase_create("views");
    tcase_add_test(tc, test_events_are_the_games_rows);
    tcase_add_test(tc, test_what_agents_trade_is_filmed);
    tcase_add_test(tc, test_views_that_are_asked_for_wrongly);
    tcase_set_timeout(tc, 240);
    suite_add_tcase(s, tc);
    return s;
}

RY_TEST_MAIN(suite)
