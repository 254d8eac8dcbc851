/* Which rows are shown: every row of a small battle, against what its JSON says of it. */
#include <jansson.h>
#include <string.h>

#include "tests/support/results_rig.h"
#include "tools/text/row_filter.h"
#include "tools/text/row_json.h"

#define ROWS_MAX 512

static struct stage stage;
static struct ry_results_row all[ROWS_MAX];
static unsigned rows;
static char error[RY_TEXT_ROW_FILTER_BYTES];

static void take(void *context, const struct ry_results_row *row)
{
    (void)context;
    ck_assert_uint_lt(rows, ROWS_MAX);
    all[rows++] = *row;
}

static void play(void)
{
    const struct ry_input_battle battle = stage_battle(3);
    rows = 0;
    stage_open(&stage, &battle, NULL);
    stage.results.row = take;
    stage_play(&stage);
    stage_end(&stage);
}

static json_t *json_of(const struct ry_results_row *row)
{
    char text[RY_TEXT_ROW_BYTES];
    size_t bytes = ry_text_row_json(text, &stage.results, row);
    return json_loadb(text, bytes, 0, NULL);
}

static bool has(const json_t *row, const char *const *members, const char *value)
{
    for (unsigned i = 0; members[i] != NULL; i++) {
        const char *there = json_string_value(json_object_get(row, members[i]));
        if (value == NULL || (there != NULL && strcmp(there, value) == 0))
            return true;
    }
    return false;
}

static const struct {
    const char *agent, *instrument, *types;
} filters[] = {
    {NULL, NULL, NULL},        {"a1", NULL, NULL},        {NULL, "S0", NULL},
    {"a0", "S0", NULL},        {NULL, NULL, "fill"},      {NULL, NULL, "trade,fill,out"},
    {"a2", NULL, "trade,ack"}, {"a1", "S0", "fill,rank"},
};

START_TEST(test_shows)
{
    static const char *const agents[] = {"agent", "maker", "taker", NULL}, *const instruments[] = {
                                                                               "instrument", NULL};
    struct ry_text_row_filter filter = {.agent = filters[_i].agent,
                                        .instrument = filters[_i].instrument};
    unsigned shown = 0;
    play();
    if (filters[_i].types != NULL)
        ck_assert(ry_text_row_filter_types(&filter, filters[_i].types, error));
    ck_assert_msg(ry_text_row_filter_known(&filter, &stage.results, error), "%s", error);
    for (unsigned i = 0; i < rows; i++) {
        json_t *row = json_of(&all[i]);
        char type[32];
        snprintf(type, sizeof type, "%s", json_string_value(json_object_get(row, "type")));
        bool want = has(row, agents, filter.agent) && has(row, instruments, filter.instrument);
        if (filters[_i].types != NULL)
            want &= strstr(filters[_i].types, type) != NULL;
        ck_assert_int_eq(ry_text_row_filter_shows_row(&filter, &stage.results, &all[i]), want);
        shown += want;
        json_decref(row);
    }
    ck_assert_uint_gt(shown, 0);
    ck_assert_int_eq(shown == rows, _i == 0);
    stage_close(&stage);
}
END_TEST

static const char *none(void *row, const struct ry_results_column *column)
{
    (void)row;
    (void)column;
    return NULL;
}

/* A row of a later version is shown where nothing is asked of it. */
START_TEST(test_stranger)
{
    struct ry_text_row_filter filter = {.types = 0};
    ck_assert(ry_text_row_filter_shows(&filter, RY_RESULTS_ROWS, none, NULL));
    filter.agent = "a";
    ck_assert(!ry_text_row_filter_shows(&filter, RY_RESULTS_ROWS, none, NULL));
    filter = (struct ry_text_row_filter){.types = 1};
    ck_assert(!ry_text_row_filter_shows(&filter, RY_RESULTS_ROWS, none, NULL));
}
END_TEST

static const struct {
    const char *list, *says;
} wrong_types[] = {
    {"fil", "no row is called \"fil\", perhaps fill"},
    {"fill,rejet", "no row is called \"rejet\", perhaps reject"},
    {"", "no row is called \"\""},
    {"fill,", "no row is called \"\""},
    {"\x1b[2J", "no row is called \"?[2J\""},
};

START_TEST(test_wrong_types)
{
    struct ry_text_row_filter filter = {.types = 0};
    ck_assert(!ry_text_row_filter_types(&filter, wrong_types[_i].list, error));
    ck_assert_msg(strstr(error, wrong_types[_i].says) != NULL, "%s", error);
}
END_TEST

static const struct {
    struct ry_text_row_filter filter;
    const char *says;
} wrong_names[] = {
    {{.agent = "a9"}, "the battle has no agent \"a9\", perhaps a0"},
    {{.agent = "a0", .instrument = "s0"}, "the battle has no instrument \"s0\", perhaps S0"},
    {{.agent = "\x1b[2J"}, "the battle has no agent \"?[2J\""},
};

START_TEST(test_wrong_names)
{
    play();
    ck_assert(!ry_text_row_filter_known(&wrong_names[_i].filter, &stage.results, error));
    ck_assert_msg(strstr(error, wrong_names[_i].says) != NULL, "%s", error);
    stage_close(&stage);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("row_filter");
    TCase *c = tcase_create("row_filter");
    tcase_add_loop_test(c, test_shows, 0, (int)(sizeof filters / sizeof filters[0]));
    tcase_add_test(c, test_stranger);
    tcase_add_loop_test(c, test_wrong_types, 0, (int)(sizeof wrong_types / sizeof wrong_types[0]));
    tcase_add_loop_test(c, test_wrong_names, 0, (int)(sizeof wrong_names / sizeof wrong_names[0]));
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
