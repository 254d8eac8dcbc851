/* Rows: each as the table says it, each key once and without a gap, and no row that nothing makes.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/arena_flow.h"
#include "tests/support/results_rig.h"
#include "tests/support/row_model.h"
#include "tools/text/json.h"
#include "tools/text/row_schema.h"
#include "tools/text/time.h"

static struct stage stage;

static const char *text_at(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    ck_assert_msg(text != NULL, "no text %s", key);
    return text;
}

/* ---- a schema, tried ------------------------------------------------------------------------- */

static bool is_of(const json_t *value, const char *type)
{
    return strcmp(type, "string") == 0    ? json_is_string(value)
           : strcmp(type, "integer") == 0 ? json_is_integer(value)
           : strcmp(type, "boolean") == 0 ? json_is_boolean(value)
           : strcmp(type, "array") == 0   ? json_is_array(value)
           : strcmp(type, "null") == 0    ? json_is_null(value)
                                          : false;
}

/* Of what the schema of rows is made of, all but `pattern`. */
static bool allowed(const json_t *value, const json_t *schema)
{
    json_t *constant = json_object_get(schema, "const"), *type = json_object_get(schema, "type"),
           *words = json_object_get(schema, "enum"), *most = json_object_get(schema, "maximum");
    if (constant != NULL)
        return json_equal(value, constant);
    bool typed = json_is_string(type) && is_of(value, json_string_value(type));
    for (size_t i = 0; i < json_array_size(type); i++)
        typed |= is_of(value, json_string_value(json_array_get(type, i)));
    bool listed = words == NULL;
    for (size_t i = 0; i < json_array_size(words); i++)
        listed |= json_equal(value, json_array_get(words, i));
    bool fits =
        most == NULL || !json_is_integer(value) ||
        (json_integer_value(value) <= json_integer_value(most) &&
         json_integer_value(value) >= json_integer_value(json_object_get(schema, "minimum")));
    return typed && listed && fits;
}

/* Every member that the row must have, and none that the schema does not know. */
static bool keeps(json_t *row, json_t *schema)
{
    json_t *rows = json_object_get(schema, "$defs");
    json_t *about = json_object_get(rows, text_at(row, "type"));
    json_t *members = json_object_get(about, "properties"),
           *required = json_object_get(about, "required");
    const char *name;
    json_t *value;
    for (size_t i = 0; i < json_array_size(required); i++)
        if (json_object_get(row, json_string_value(json_array_get(required, i))) == NULL)
            return false;
    json_object_foreach(row, name, value)
    {
        if (json_object_get(members, name) == NULL ||
            !allowed(value, json_object_get(members, name)))
            return false;
    }
    return true;
}

/* ---- the table ------------------------------------------------------------------------------- */

static void open_small(void)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, INT64_MAX);
}

/* The largest and the smallest that a column holds; words: a number that has one. */
static void fill_column(struct ry_results_row *row, const struct ry_results_column *column,
                        bool large)
{
    void *at = (char *)row + column->offset;
    switch (column->type) {
    case RY_RESULTS_TYPE_TEXT: *(const char **)at = large ? "fra1" : NULL; break;
    case RY_RESULTS_TYPE_ID: memset(at, large ? 0xff : 0, sizeof(struct ry_battle_id)); break;
    case RY_RESULTS_TYPE_COUNT: *(uint64_t *)at = large ? RY_RESULTS_INTEGER_MAX : 0; break;
    case RY_RESULTS_TYPE_LOTS:
        *(int64_t *)at = large ? RY_RESULTS_INTEGER_MAX : -RY_RESULTS_INTEGER_MAX;
        break;
    case RY_RESULTS_TYPE_U64: *(uint64_t *)at = large ? UINT64_MAX : 0; break;
    case RY_RESULTS_TYPE_I64S:
        *(struct ry_results_i64s *)at = large ? (struct ry_results_i64s){2, {INT64_MAX, INT64_MIN}}
                                              : (struct ry_results_i64s){0};
        break;
    case RY_RESULTS_TYPE_MONEY: *(__int128 *)at = (__int128)INT64_MIN * (large ? -4 : 4); break;
    case RY_RESULTS_TYPE_PRICE:
        *(int64_t *)at = large ? INT64_MAX : column->nullable ? RY_RESULTS_NO_PRICE : -5;
        break;
    case RY_RESULTS_TYPE_TIME: *(int64_t *)at = large ? INT64_MAX - 1 : INT64_MIN; break;
    case RY_RESULTS_TYPE_BOOL: *(bool *)at = large; break;
    case RY_RESULTS_TYPE_AGENT:
    case RY_RESULTS_TYPE_INSTRUMENT:
        *(uint16_t *)at = !large && column->nullable ? RY_RESULTS_NONE : 0;
        break;
    case RY_RESULTS_TYPE_SIDE:
    case RY_RESULTS_TYPE_LIQUIDITY:
    case RY_RESULTS_TYPE_CAUSE:
    case RY_RESULTS_TYPE_REJECT:
    case RY_RESULTS_TYPE_CANCEL:
    case RY_RESULTS_TYPE_INCOMPLETE:
    case RY_RESULTS_TYPE_OUT: *(uint8_t *)at = !large && column->nullable ? 0 : 2; break;
    case RY_RESULTS_TYPES: ck_abort_msg("no type");
    }
}

/* Every row with its columns at both ends, against the table and against the schema. */
START_TEST(test_every_column)
{
    json_t *schema = ry_text_row_schema();
    open_small();
    for (unsigned kind = 0; kind < RY_RESULTS_ROWS; kind++) {
        const struct ry_results_row_about *about = &ry_results_rows[kind];
        for (unsigned large = 0; large < 2; large++) {
            struct ry_results_row row = {.kind = (enum ry_results_row_kind)kind};
            for (unsigned i = 0; i < ry_results_key_about.columns; i++)
                fill_column(&row, &ry_results_key_about.column[i], large);
            for (unsigned i = 0; i < about->columns; i++)
                fill_column(&row, &about->column[i], large);
            json_t *value = ry_test_row_read(&stage.results, &row);
            char *text = json_dumps(value, JSON_COMPACT);
            ck_assert_msg(keeps(value, schema), "%s", text);
            free(text);
            ck_assert_str_eq(text_at(value, "type"), about->name);
            ck_assert_uint_eq(json_object_size(value),
                              ry_results_key_about.columns + (large ? 2 : 1) + about->columns);
            for (unsigned i = 0; i < about->columns; i++)
                ck_assert_int_eq(json_is_null(json_object_get(value, about->column[i].name)),
                                 !large && about->column[i].nullable);
            json_decref(value);
        }
    }
    json_decref(schema);
    stage_close(&stage);
}
END_TEST

/* The schema refuses what is not so: a member less, one more, another type, an integer too large.
 */
START_TEST(test_schema_refuses)
{
    json_t *schema = ry_text_row_schema();
    open_small();
    const struct ry_results_row row = {.kind = RY_RESULTS_ROW_RANK, .rank = {.rank = 1}};
    json_t *value = ry_test_row_read(&stage.results, &row);
    ck_assert(keeps(value, schema));
    json_object_set_new(value, "rank", json_integer(RY_RESULTS_INTEGER_MAX + 1));
    ck_assert(!keeps(value, schema));
    json_object_set_new(value, "rank", json_string("1"));
    ck_assert(!keeps(value, schema));
    json_object_set_new(value, "rank", json_integer(1));
    json_object_set_new(value, "more", json_integer(1));
    ck_assert(!keeps(value, schema));
    json_object_del(value, "more");
    json_object_del(value, "score");
    ck_assert(!keeps(value, schema));
    json_decref(value);
    json_decref(schema);
    stage_close(&stage);
}
END_TEST

/* Names and tags: no two alike in one place. That they stay what they are, the golden messages of
 * tests/unit/kafka see. */
START_TEST(test_names)
{
    for (unsigned i = 0; i < ry_results_key_about.columns; i++) {
        const struct ry_results_column *column = &ry_results_key_about.column[i];
        ck_assert(column->tag >= 1 && column->tag <= 15);
        for (unsigned k = 0; k < i; k++)
            ck_assert_uint_ne(column->tag, ry_results_key_about.column[k].tag);
    }
    for (unsigned a = 0; a < RY_RESULTS_ROWS; a++) {
        const struct ry_results_row_about *row = &ry_results_rows[a];
        for (unsigned b = 0; b < a; b++)
            ck_assert_str_ne(row->name, ry_results_rows[b].name);
        for (unsigned b = 0; b < a; b++)
            ck_assert_uint_ne(row->tag, ry_results_rows[b].tag);
        ck_assert(row->tag >= 16 && row->tag <= 63);
        for (unsigned i = 0; i < row->columns; i++) {
            const struct ry_results_column *column = &row->column[i];
            ck_assert_str_ne(column->name, "type");
            for (unsigned k = 0; k < ry_results_key_about.columns; k++)
                ck_assert_str_ne(column->name, ry_results_key_about.column[k].name);
            for (unsigned k = 0; k < i; k++)
                ck_assert_str_ne(column->name, row->column[k].name);
            for (unsigned k = 0; k < i; k++)
                ck_assert_uint_ne(column->tag, row->column[k].tag);
            ck_assert_uint_gt(column->tag, 0);
            ck_assert_uint_gt(strlen(column->sentence), 0);
            ck_assert_int_ne(column->sentence[strlen(column->sentence) - 1], '.');
        }
    }
}
END_TEST

/* ---- values ---------------------------------------------------------------------------------- */

START_TEST(test_integers)
{
    static const struct {
        uint64_t count;
        const char *text;
    } cases[] = {{0, "0"},
                 {(UINT64_C(1) << 53) - 1, "9007199254740991"},
                 {UINT64_C(1) << 53, "\"9007199254740992\""},
                 {UINT64_MAX, "\"18446744073709551615\""}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *value = ry_text_json_count(cases[i].count);
        char *text = json_dumps(value, JSON_ENCODE_ANY);
        ck_assert_str_eq(text, cases[i].text);
        free(text);
        json_decref(value);
    }
    json_t *small = ry_text_json_integer(-(INT64_C(1) << 53) + 1),
           *large = ry_text_json_integer(-(INT64_C(1) << 53));
    ck_assert_int_eq(json_integer_value(small), -INT64_C(9007199254740991));
    ck_assert_str_eq(json_string_value(large), "-9007199254740992");
    json_decref(small);
    json_decref(large);
}
END_TEST

START_TEST(test_times)
{
    static const struct {
        int64_t time;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000000000Z"},
        {-1, "1969-12-31T23:59:59.999999999Z"},
        {-RY_NS_PER_SECOND, "1969-12-31T23:59:59.000000000Z"},
        {INT64_C(951782400) * RY_NS_PER_SECOND, "2000-02-29T00:00:00.000000000Z"},
        {INT64_C(1483228799) * RY_NS_PER_SECOND + 999999999, "2016-12-31T23:59:59.999999999Z"},
        {INT64_MAX - 1, "2262-04-11T23:47:16.854775806Z"},
        {INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[RY_TEXT_TIME_BYTES];
        int64_t again = 7;
        json_t *object = json_object();
        ck_assert_str_eq(ry_text_time(text, cases[i].time), cases[i].text);
        ry_text_json_set_time(object, "at", cases[i].time);
        ck_assert_str_eq(text_at(object, "at"), cases[i].text);
        ck_assert_int_eq(strtoll(text_at(object, "at_ns"), NULL, 10), cases[i].time);
        json_decref(object);
        if (cases[i].time == INT64_MIN)
            continue; /* its whole second is before all that an int64_t holds */
        ck_assert(ry_text_time_read(cases[i].text, &again));
        ck_assert_int_eq(again, cases[i].time);
    }
    json_t *object = json_object();
    ry_text_json_set_time(object, "at", RY_TIME_NEVER);
    ck_assert(json_is_null(json_object_get(object, "at")));
    ck_assert(json_is_null(json_object_get(object, "at_ns")));
    json_decref(object);
}
END_TEST

/* ---- the rows of battles --------------------------------------------------------------------- */

struct seen {
    uint64_t input;
    uint64_t n;
    uint64_t rows[RY_RESULTS_ROWS];
    /* What the machine said, counted from its own outputs. */
    uint64_t reports[8], trades, states, ranks, outs;
    json_t *schema;
};

static struct seen seen;

static void take_row(void *context, const struct ry_results_row *row)
{
    struct seen *s = context;
    bool same_input = row->key.input == s->input;
    ck_assert_uint_ge(row->key.input, s->input);
    ck_assert_uint_eq(row->key.n, same_input ? s->n + 1 : 1);
    ck_assert_uint_eq(row->key.input, stage.inputs);
    ck_assert_int_eq(row->key.time, stage.rig.time);
    ck_assert_mem_eq(&row->key.battle_id, &stage_id, sizeof stage_id);
    s->input = row->key.input;
    s->n = row->key.n;
    s->rows[row->kind]++;
    json_t *value = ry_test_row_read(&stage.results, row);
    char *text = json_dumps(value, JSON_COMPACT);
    ck_assert_msg(keeps(value, s->schema), "%s", text);
    free(text);
    json_decref(value);
}

static void take_report(void *context, const struct ry_report *report)
{
    ((struct seen *)context)->reports[report->kind]++;
}

static void take_market(void *context, const struct ry_market *market)
{
    struct seen *s = context;
    s->trades += market->kind == RY_MK_TRADE;
    s->states += market->kind == RY_MK_STATE;
}

static void take_game(void *context, const struct ry_game *game)
{
    struct seen *s = context;
    s->ranks += game->kind == RY_GM_RANK;
    s->outs += game->kind == RY_GM_OUT;
}

static void watch(const struct ry_input_battle *battle)
{
    static const struct ry_arena_sink next = {
        .context = &seen, .report = take_report, .market = take_market, .game = take_game};
    seen = (struct seen){.schema = ry_text_row_schema()};
    stage_open(&stage, battle, &next);
    stage.results.row = take_row;
    stage.results.context = &seen;
}

/* As many rows as the machine said things. */
static void compare(void)
{
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_ACK], seen.reports[RY_RP_ACCEPTED]);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_REJECT], seen.reports[RY_RP_REJECTED]);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_FILL], seen.reports[RY_RP_FILL]);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_RESTED], seen.reports[RY_RP_RESTED]);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_CANCEL], seen.reports[RY_RP_CANCELED]);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_OUT], seen.reports[RY_RP_OUT]);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_OUT], seen.outs);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_RANK], seen.ranks);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_MARKET_TRADE], seen.trades);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_STATE], seen.states);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_ORDER] + seen.rows[RY_RESULTS_ROW_CANCEL_REQUEST],
                      ry_arena_counters(stage.rig.arena)->commands);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_END], ry_arena_ended(stage.rig.arena));
    json_decref(seen.schema);
}

static void stage_command(enum ry_input_kind kind, uint16_t agent, uint64_t ref, uint16_t flags)
{
    stage_event(&stage, (struct ry_input){.head = {.kind = (uint8_t)kind,
                                                   .source = (uint16_t)(RY_SOURCE_AGENT + agent),
                                                   .flags = flags},
                                          .ref = ref,
                                          .side = RY_BUY,
                                          .qty = 1});
}

/* A battle with every row there is. */
START_TEST(test_no_dead_row)
{
    const struct ry_input_battle battle = stage_battle(3);
    watch(&battle);
    stage_play(&stage);
    union ry_input_any decision = {.decision = {.head = {.kind = RY_IN_DECISION,
                                                         .slots = 2,
                                                         .source = RY_SOURCE_AGENT,
                                                         .time = stage.rig.time},
                                                .count = 2,
                                                .feature = {INT64_MIN, 7}}};
    stage_put(&stage, &decision);
    decision.decision.count = 9; /* malformed: no row */
    stage_put(&stage, &decision);
    stage_command(RY_IN_ORDER_CANCEL, 1, 99, 0);
    stage_command(RY_IN_ORDER, 0, 10, RY_INF_MARKET);
    stage_command(RY_IN_ORDER, 9, 1, 0); /* no such agent: no row */
    union ry_input_any nowhere = {.event = {.head = {.kind = RY_IN_ORDER,
                                                     .slots = 1,
                                                     .instrument = 7,
                                                     .source = RY_SOURCE_AGENT,
                                                     .time = stage.rig.time},
                                            .ref = 11,
                                            .side = 9,
                                            .qty = 1}};
    stage_put(&stage, &nowhere);
    stage_event(&stage,
                (struct ry_input){.head = {.kind = RY_IN_INCOMPLETE, .source = RY_SOURCE_FEED + 1},
                                  .qty = RY_INCOMPLETE_GAP});
    stage_died(&stage, 1, RY_INF_WALL | RY_INF_STALLED);
    stage_event(&stage, (struct ry_input){.head = {.kind = RY_IN_END, .flags = RY_INF_WALL}});
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++)
        ck_assert_msg(seen.rows[i] > 0, "no row %s", ry_results_rows[i].name);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_DECISION], 1);
    ck_assert_uint_eq(seen.rows[RY_RESULTS_ROW_STAMP], 2);
    ck_assert_uint_eq(ry_arena_counters(stage.rig.arena)->malformed, 2);
    compare();
    stage_close(&stage);
}
END_TEST

START_TEST(test_random)
{
    struct ry_input_battle battle = ry_test_arena_battle(400, 3, 6);
    battle.round_ns = 3000000;
    battle.haircut_ppm = 30000;
    battle.min_fills = 3;
    struct ry_test_flow flow = {.rng = {(uint64_t)_i},
                                .refs = 200,
                                .prices = 12,
                                .instruments = 3,
                                .agents = 6,
                                .tick = 100};
    watch(&battle);
    stage_describe(&stage, &battle, _i % 2 == 0 ? INT64_C(20000000000) : INT64_MAX);
    stage_time(&stage, 1000);
    for (unsigned i = 0; i < 4000; i++) {
        stage.rig.time += ry_test_rng_below(&flow.rng, 4000);
        int64_t moment = ry_arena_next_moment(stage.rig.arena);
        if (moment <= stage.rig.time)
            stage_time(&stage, moment);
        union ry_input_any input = ry_test_flow_next(&flow, stage.rig.time);
        stage_put(&stage, &input);
    }
    stage_end(&stage);
    ck_assert_uint_gt(seen.rows[RY_RESULTS_ROW_TRADE], 0);
    ck_assert_uint_gt(seen.rows[RY_RESULTS_ROW_CANCEL_REQUEST], 0);
    compare();
    stage_close(&stage);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("rows");
    TCase *c = tcase_create("rows");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, test_every_column);
    tcase_add_test(c, test_schema_refuses);
    tcase_add_test(c, test_names);
    tcase_add_test(c, test_integers);
    tcase_add_test(c, test_times);
    tcase_add_test(c, test_no_dead_row);
    tcase_add_loop_test(c, test_random, 0, 8);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
