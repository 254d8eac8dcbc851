/* The export: which records, their names (input, n), and that resuming gives exactly the rest.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/results_rig.h"
#include "tools/export/export.h"

#define RECORDS_MAX 128

static struct stage stage;

struct taken {
    char type[24];
    uint64_t input;
    uint32_t n;
    int64_t time;
    char json[640];
};

static struct taken taken[RECORDS_MAX];
static unsigned taken_count, fail_after;

static int take(struct ry_export_sink *sink, const struct ry_export_record *record)
{
    if (taken_count == fail_after) {
        strcpy(sink->error, "full");
        return -1;
    }
    ck_assert_uint_lt(taken_count, RECORDS_MAX);
    struct taken *t = &taken[taken_count++];
    *t = (struct taken){.input = record->input, .n = record->n, .time = record->time};
    strcpy(t->type, record->type);
    ck_assert_uint_eq(strlen(record->json), record->json_bytes);
    ck_assert_uint_lt(record->json_bytes, sizeof t->json);
    strcpy(t->json, record->json);
    return 0;
}

static struct ry_export export;

/* The stage's kept inputs through an export. */
static void export_from(uint64_t from)
{
    static struct stage again;
    struct ry_export_sink sink = {.write = take};
    taken_count = 0;
    again.rig = ry_test_arena_open(&stage.kept[0].battle);
    ry_export_open(&export, &sink, &stage_id, from);
    for (uint64_t i = 0; i < stage.inputs; i++) {
        ry_results_before(&export.results, i + 1, &stage.kept[i]);
        enum ry_arena_applied applied =
            ry_arena_apply(again.rig.arena, &stage.kept[i], &export.results.sink);
        ck_assert_int_eq(ry_results_after(&export.results, again.rig.arena, &stage.kept[i],
                                          applied == RY_ARENA_APPLIED),
                         0);
    }
    ry_export_close(&export);
    ry_test_arena_close(&again.rig);
}

static void play(void)
{
    const struct ry_input_battle battle = stage_battle(3);
    fail_after = UINT32_MAX;
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    stage_died(&stage, 1, RY_INF_WALL);
    stage_end(&stage);
}

START_TEST(test_records)
{
    static const char *const types[] = {
        "state",        "round",                  /* trade_from */
        "order",        "ack",          "rested", /* a1 */
        "order",        "ack",          "fill",        "fill",
        "trade",        "fill",         "trade",                 /* a0 takes of a1, of the record */
        "market_trade", "market_trade", "order",       "reject", /* a2: the collar */
        "order",        "ack",          "fill",        "trade",
        "rested",       "market_trade", "order",       "ack",
        "fill",         "fill",         "trade",       "market_trade", /* a0 sells to a2 */
        "rank",         "rank",         "rank",        "out",
        "cancel",       "fill",         "trade",       "market_trade",
        "handed_over",  "round", /* the round's end; a2 is liquidated */
        "out",          "stamp",        "handed_over", "rank",
        "end"};
    play();
    export_from(0);
    ck_assert_uint_eq(taken_count, sizeof types / sizeof *types);
    uint64_t input = 0, n = 0;
    for (unsigned i = 0; i < taken_count; i++) {
        ck_assert_str_eq(taken[i].type, types[i]);
        n = taken[i].input == input ? n + 1 : 1;
        input = taken[i].input;
        ck_assert_uint_eq(taken[i].n, n);
        json_t *value = json_loads(taken[i].json, 0, NULL);
        ck_assert_ptr_nonnull(value);
        ck_assert_str_eq(json_string_value(json_object_get(value, "type")), taken[i].type);
        ck_assert_int_eq(json_integer_value(json_object_get(value, "input")),
                         (int64_t)taken[i].input);
        ck_assert_int_eq(json_integer_value(json_object_get(value, "n")), taken[i].n);
        ck_assert_int_eq(atoll(json_string_value(json_object_get(value, "time_ns"))),
                         taken[i].time);
        json_decref(value);
    }
    ck_assert_str_eq(
        taken[7].json,
        "{\"type\":\"fill\",\"battle_id\":\"5aa00000000000000000000000000000\",\"input\":11,\"n\":3,"
        "\"time_ns\":\"1000000000\",\"time\":\"1970-01-01T00:00:01.000000000Z\","
        "\"instrument\":\"S0\",\"price\":\"10.05\",\"qty\":20,\"side\":\"sell\",\"agent\":\"a1\","
        "\"liquidity\":\"maker\",\"cause\":\"agent\",\"cl_ord_id\":\"1\",\"leaves\":0,"
        "\"fee\":\"0.020100\",\"cash\":\"1000200.979900\",\"position\":-20,\"seq\":3}");
    stage_close(&stage);
}
END_TEST

/* From each input on: the tail of the whole, byte for byte. */
START_TEST(test_resume)
{
    static struct taken whole[RECORDS_MAX];
    play();
    export_from(0);
    unsigned count = taken_count;
    memcpy(whole, taken, sizeof whole);
    for (uint64_t from = 1; from <= stage.inputs + 1; from++) {
        unsigned first = 0;
        while (first < count && whole[first].input < from)
            first++;
        export_from(from);
        ck_assert_uint_eq(taken_count, count - first);
        ck_assert_int_eq(memcmp(taken, whole + first, taken_count * sizeof *taken), 0);
    }
    stage_close(&stage);
}
END_TEST

/* After a write that failed nothing more is tried: no hole in what the sink has. */
START_TEST(test_full)
{
    play();
    fail_after = 4;
    export_from(0);
    ck_assert_uint_eq(taken_count, 4);
    ck_assert_int_ne(export.failed, 0);
    stage_close(&stage);
}
END_TEST

START_TEST(test_jsonl)
{
    struct ry_export_sink sink;
    char path[] = "/tmp/royale-test-XXXXXX", text[64] = "";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    for (int resumes = 0; resumes < 3; resumes++) { /* made anew, then continued twice */
        const struct ry_export_record record = {
            .type = "end", .json = "{\"a\":1}", .json_bytes = 7};
        ry_export_jsonl(&sink);
        ck_assert_int_eq(
            sink.open(&sink, path, resumes ? RY_EXPORT_THERE_RESUME : RY_EXPORT_THERE_DROP), 0);
        ck_assert_int_eq(sink.write(&sink, &record), 0);
        ck_assert_int_eq(sink.flush(&sink), 0);
        ck_assert_int_eq(sink.close(&sink), 0);
    }
    ck_assert_int_eq(pread(fd, text, sizeof text - 1, 0), 24);
    ck_assert_str_eq(text, "{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n");
    ck_assert_int_eq(sink.open(&sink, path, RY_EXPORT_THERE_REFUSE), -1);
    ck_assert_ptr_nonnull(strstr(sink.error, "is there already: --force"));
    ck_assert_int_eq(sink.open(&sink, "/nowhere/file", RY_EXPORT_THERE_REFUSE), -1);
    ck_assert_ptr_nonnull(strstr(sink.error, "No such file"));
    ck_assert_int_eq(sink.open(&sink, "/dev/full", RY_EXPORT_THERE_REFUSE), 0);
    const struct ry_export_record record = {.type = "end", .json = "{}", .json_bytes = 2};
    ck_assert_int_eq(sink.write(&sink, &record), 0);
    ck_assert_int_eq(sink.flush(&sink), -1);
    (void)sink.close(&sink);
    close(fd);
    unlink(path);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("export");
    TCase *c = tcase_create("export");
    tcase_add_test(c, test_records);
    tcase_add_test(c, test_resume);
    tcase_add_test(c, test_full);
    tcase_add_test(c, test_jsonl);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
