/* The state document of a small battle, and patches between documents. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/results_rig.h"
#include "tests/support/test.h"
#include "tools/picture/picture.h"
#include "tools/picture/said.h"
#include "tools/text/json.h"

static struct stage stage;
static struct ry_watch_names names;

static json_t *picture(void)
{
    strcpy(names.zone, "UTC");
    strcpy(names.strategy[0], "noise");
    const struct ry_picture_of of = {.results = &stage.results,
                                     .arena = stage.rig.arena,
                                     .names = &names,
                                     .state = "runs",
                                     .input = stage.inputs,
                                     .speed_permille = -1};
    ry_results_value(&stage.results, stage.rig.arena);
    return ry_picture_make(&of);
}

static void open_small(void)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
}

static const char *text_at(json_t *object, const char *first, const char *second, const char *third)
{
    json_t *value = json_object_get(object, first);
    value = second != NULL ? json_object_get(value, second) : value;
    value = third != NULL ? json_object_get(value, third) : value;
    return json_string_value(value);
}

/* ---- the picture ----------------------------------------------------------------------------- */

START_TEST(test_small)
{
    open_small();
    json_t *s = picture();
    ck_assert_str_eq(text_at(s, "battle", "name", NULL), "small");
    ck_assert_str_eq(text_at(s, "battle", "state", NULL), "runs");
    ck_assert_str_eq(text_at(s, "battle", "battle_id", NULL), "5aa00000000000000000000000000000");
    ck_assert_str_eq(
        text_at(s, "said", "leads", NULL),
        "a0 0.00 this round, gain +2.36: market +1.00, agents +1.50, fees -0.14; level "
        "with a1: fills below min_fills, then rejects, then a draw decide");
    ck_assert_str_eq(
        text_at(s, "said", "next_out", NULL),
        "a1 0.00 this round, level with a0: fills below min_fills, then rejects, then a "
        "draw decide");
    ck_assert_str_eq(text_at(s, "agents", "a0", "strategy"), "noise");
    ck_assert_str_eq(text_at(s, "agents", "a2", "out"), "last");
    ck_assert_str_eq(text_at(s, "agents", "a2", "reject_most"), "collar");
    json_t *reasons =
        json_object_get(json_object_get(json_object_get(s, "agents"), "a2"), "reasons");
    ck_assert_int_eq(json_integer_value(json_object_get(reasons, "collar")), 1);
    ck_assert_uint_eq(json_object_size(reasons), 1);
    ck_assert(json_object_get(s, "processes") == NULL);
    json_decref(s);
    stage_close(&stage);
}
END_TEST

/* Who earned most, and where that comes from if it is not said with the first. */
START_TEST(test_earned)
{
    static struct ry_results_board board;
    struct ry_picture_said said = {.cells = 0};
    open_small();
    ry_results_value(&stage.results, stage.rig.arena);
    ry_results_board_make(&board, &stage.results, stage.rig.arena);
    ck_assert_str_eq(stage.results.agent[board.row[0].agent].name, "a0");
    ry_picture_say_earned(&said, &stage.results, &board);
    ck_assert_str_eq(said.text, "most: a0 +2.36, who is first too");
    said = (struct ry_picture_said){.cells = 0};
    board.row[0] = board.row[1];
    ry_picture_say_earned(&said, &stage.results, &board);
    ck_assert_str_eq(said.text, "most: a0 +2.36: market +1.00, agents +1.50, fees -0.14");
    stage_close(&stage);
}
END_TEST

START_TEST(test_money_adds_up)
{
    open_small();
    json_t *s = picture(), *agent;
    const char *name;
    json_object_foreach(json_object_get(s, "agents"), name, agent)
    {
        const double parts =
            strtod(json_string_value(json_object_get(agent, "from_market")), NULL) +
            strtod(json_string_value(json_object_get(agent, "from_agents")), NULL) -
            strtod(json_string_value(json_object_get(agent, "fees")), NULL) -
            strtod(json_string_value(json_object_get(agent, "haircut")), NULL);
        ck_assert_double_eq_tol(
            parts, strtod(json_string_value(json_object_get(agent, "gain")), NULL), 1e-9);
    }
    json_decref(s);
    stage_close(&stage);
}
END_TEST

/* An order in the book: what stands in front of it. */
START_TEST(test_open_orders)
{
    const struct ry_input_battle battle = stage_battle(2);
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, INT64_MAX);
    stage_last(&stage, 1000);
    stage_add(&stage, 1, RY_BUY, 990, 50);
    stage_add(&stage, 2, RY_SELL, 1010, 60);
    stage_time(&stage, RY_NS_PER_SECOND);
    stage_order(&stage, 1, 7, RY_BUY, 990, 20);
    json_t *s = picture();
    json_t *open = json_object_get(json_object_get(json_object_get(s, "agents"), "a1"), "open");
    ck_assert_uint_eq(json_array_size(open), 1);
    json_t *order = json_array_get(open, 0);
    ck_assert_str_eq(json_string_value(json_object_get(order, "cl_ord_id")), "7");
    ck_assert_str_eq(json_string_value(json_object_get(order, "side")), "buy");
    ck_assert_int_eq(json_integer_value(json_object_get(order, "qty")), 20);
    ck_assert_int_eq(json_integer_value(json_object_get(order, "ahead")), 50);
    json_t *book = json_object_get(json_object_get(s, "instruments"), "S0");
    ck_assert_int_eq(json_integer_value(json_object_get(book, "bid_qty")), 70);
    ck_assert_int_eq(json_integer_value(json_object_get(book, "ask_qty")), 60);
    json_decref(s);
    stage_close(&stage);
}
END_TEST

START_TEST(test_nothing_yet)
{
    const struct ry_results none = {.round = 0};
    const struct ry_picture_of of = {
        .results = &none, .names = &names, .state = "none", .speed_permille = -1};
    json_t *s = ry_picture_make(&of);
    ck_assert_uint_eq(json_object_size(json_object_get(s, "agents")), 0);
    ck_assert_str_eq(text_at(s, "battle", "state", NULL), "none");
    json_decref(s);
}
END_TEST

/* ---- patches --------------------------------------------------------------------------------- */

/* RFC 7396, as its section 2 has it. */
static json_t *apply(json_t *target, json_t *patch)
{
    const char *key;
    json_t *value;
    if (!json_is_object(patch))
        return json_deep_copy(patch);
    json_t *result = json_is_object(target) ? json_deep_copy(target) : json_object();
    json_object_foreach(patch, key, value)
    {
        if (json_is_null(value))
            json_object_del(result, key);
        else
            json_object_set_new(result, key, apply(json_object_get(result, key), value));
    }
    return result;
}

/* Without members that are null: for a merge patch they are not there. */
static json_t *whole(json_t *document)
{
    return apply(NULL, document);
}

static uint32_t drawn(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static json_t *random_value(uint32_t *seed, unsigned depth)
{
    char key[2] = "a";
    json_t *value;
    switch (drawn(seed, depth == 0 ? 4 : 7)) {
    case 0: return json_null();
    case 1: return json_integer(drawn(seed, 3));
    case 2: return json_string(drawn(seed, 2) == 0 ? "x" : "y");
    case 3: return json_boolean(drawn(seed, 2));
    case 4:
        value = json_array();
        for (uint32_t i = drawn(seed, 3); i > 0; i--)
            json_array_append_new(value, random_value(seed, depth - 1));
        return value;
    default:
        value = json_object();
        for (uint32_t i = drawn(seed, 5); i > 0; i--) {
            key[0] = (char)('a' + drawn(seed, 5));
            json_object_set_new(value, key, random_value(seed, depth - 1));
        }
        return value;
    }
}

static json_t *random_object(uint32_t *seed)
{
    json_t *value = random_value(seed, 3);
    while (!json_is_object(value)) {
        json_decref(value);
        value = random_value(seed, 3);
    }
    return value;
}

START_TEST(test_patch_gives_after)
{
    uint32_t seed = (uint32_t)_i + 1;
    unsigned none = 0;
    for (unsigned i = 0; i < 2000; i++) {
        json_t *before = random_object(&seed), *after = random_object(&seed);
        json_t *patch = ry_picture_patch(before, after), *was = whole(before), *want = whole(after);
        json_t *got = patch != NULL ? apply(was, patch) : json_incref(was);
        ck_assert_msg(json_equal(got, want), "seed %d, pair %u", _i, i);
        none += patch == NULL;
        ck_assert_int_eq(patch == NULL, json_equal(was, want));
        json_decref(before);
        json_decref(after);
        json_decref(patch);
        json_decref(was);
        json_decref(want);
        json_decref(got);
    }
    ck_assert_uint_gt(none, 0);
}
END_TEST

START_TEST(test_patch_is_small)
{
    json_t *before = json_pack("{s:{s:i,s:i},s:[i,i]}", "a", "x", 1, "y", 2, "list", 1, 2);
    json_t *after = json_pack("{s:{s:i,s:i},s:[i,i]}", "a", "x", 1, "y", 3, "list", 1, 2);
    json_t *patch = ry_picture_patch(before, after), *want = json_pack("{s:{s:i}}", "a", "y", 3);
    ck_assert(json_equal(patch, want));
    ck_assert(ry_picture_patch(after, after) == NULL);
    json_decref(before);
    json_decref(after);
    json_decref(patch);
    json_decref(want);
}
END_TEST

/* Moments of one battle, one after the other: what the stream does. */
START_TEST(test_patch_of_a_battle)
{
    open_small();
    json_t *first = picture();
    stage_end(&stage);
    json_t *last = picture(), *patch = ry_picture_patch(first, last);
    json_t *was = whole(first), *got = apply(was, patch), *want = whole(last);
    ck_assert(json_equal(got, want));
    ck_assert_str_ne(text_at(want, "said", "earned", NULL), "");
    json_decref(first);
    json_decref(last);
    json_decref(patch);
    json_decref(was);
    json_decref(got);
    json_decref(want);
    stage_close(&stage);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("picture");
    TCase *t = tcase_create("picture");
    tcase_add_test(t, test_small);
    tcase_add_test(t, test_earned);
    tcase_add_test(t, test_money_adds_up);
    tcase_add_test(t, test_open_orders);
    tcase_add_test(t, test_nothing_yet);
    tcase_add_loop_test(t, test_patch_gives_after, 0, 4);
    tcase_add_test(t, test_patch_is_small);
    tcase_add_test(t, test_patch_of_a_battle);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
