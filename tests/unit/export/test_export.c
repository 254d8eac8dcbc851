/* The export's engine over a journal, with a sink of the test's own: which rows, that a target is
 * gone on with behind its cursor, that nothing overtakes what is durable. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/results_rig.h"
#include "tools/export/export.h"
#include "tools/text/row_json.h"

#define ROWS_MAX   128
#define RING_SLOTS 1024
#define RING_BYTES (RING_SLOTS * 64 + 4096)

static struct stage stage;
static struct journal_folder folder;

struct taken {
    struct ry_results_key key;
    char type[24];
    char json[RY_TEXT_ROW_BYTES];
};

/* The test's sink: a target that keeps what was committed, and loses the rest. */
static struct {
    struct taken row[ROWS_MAX];
    unsigned rows, committed; /* of row */
    unsigned openings;        /* steps before it is ready */
    unsigned room, batch;     /* rows it takes before a commit; rows that a step commits */
    unsigned fail_at;         /* this write fails */
    bool hangs, finished, closed;
} target;

static struct ry_export_cursor cursor_of(unsigned rows)
{
    if (rows == 0)
        return (struct ry_export_cursor){0};
    const struct ry_results_key *key = &target.row[rows - 1].key;
    return (struct ry_export_cursor){.input = key->input, .n = key->n};
}

static int test_open(struct ry_export_sink *sink, const struct ry_export_target *of)
{
    ck_assert_int_eq(memcmp(&of->battle_id, &stage_id, sizeof stage_id), 0);
    sink->state = RY_EXPORT_OPENING;
    target.rows = target.committed;
    return 0;
}

static bool test_room(const struct ry_export_sink *sink)
{
    (void)sink;
    return target.rows - target.committed < target.room;
}

static int test_write(struct ry_export_sink *sink, const struct ry_results *r,
                      const struct ry_results_row *row)
{
    ck_assert(!target.finished);
    ck_assert_int_eq(sink->state, RY_EXPORT_READY);
    if (target.rows == target.fail_at) {
        strcpy(sink->error, "full");
        return -1;
    }
    ck_assert_uint_lt(target.rows, ROWS_MAX);
    struct taken *t = &target.row[target.rows++];
    memset(t, 0, sizeof *t);
    t->key = row->key;
    strcpy(t->type, ry_results_rows[row->kind].name);
    t->json[ry_text_row_json(t->json, r, row)] = 0;
    return 0;
}

static unsigned test_step(struct ry_export_sink *sink, bool idle)
{
    (void)idle;
    if (target.hangs) {
        sink->state = RY_EXPORT_HUNG;
        strcpy(sink->error, "hangs");
        return 0;
    }
    if (target.openings > 0) {
        target.openings--;
        return 0;
    }
    unsigned left = target.rows - target.committed;
    unsigned moved = left < target.batch ? left : target.batch;
    target.committed += moved;
    sink->state = RY_EXPORT_READY;
    sink->durable = cursor_of(target.committed);
    if (sink->counts.batches++ == 0)
        sink->cursor = sink->durable;
    return moved;
}

static void test_finish(struct ry_export_sink *sink)
{
    (void)sink;
    target.finished = true;
}

static int test_close(struct ry_export_sink *sink)
{
    (void)sink;
    target.closed = true;
    return 0;
}

static struct ry_export export;

static void open_export(uint64_t from)
{
    const struct ry_export_target of = {.config = NULL};
    bool missing;
    memset(&export, 0, sizeof export);
    target.finished = target.closed = false;
    export.directory = folder.path;
    if (from > 0)
        export.skip = (struct ry_export_cursor){.input = from - 1, .n = UINT64_MAX};
    export.sink = (struct ry_export_sink){.open = test_open,
                                          .room = test_room,
                                          .write = test_write,
                                          .step = test_step,
                                          .finish = test_finish,
                                          .close = test_close};
    ck_assert_int_eq(ry_export_open(&export, &of, &missing), 0);
}

/* To its end, or for so many steps. */
static void run(unsigned steps)
{
    for (unsigned i = 0; i < steps && export.status == RY_EXPORT_MORE; i++)
        (void)ry_export_step(&export);
}

static void export_from(uint64_t from)
{
    target.rows = target.committed = 0;
    open_export(from);
    run(10000);
    ck_assert_int_eq(ry_export_close(&export), 0);
}

static void play(void)
{
    const struct ry_input_battle battle = stage_battle(3);
    memset(&target, 0, sizeof target);
    target.fail_at = UINT32_MAX;
    target.room = target.batch = ROWS_MAX;
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    stage_died(&stage, 1, RY_INF_WALL);
    stage_end(&stage);
}

static void strike(void)
{
    journal_folder_remove(&folder);
    stage_close(&stage);
}

START_TEST(test_rows)
{
    static const char *const types[] = {
        "state",        "round",        "standing",     "standing",    "standing", /* trade_from */
        "order",        "ack",          "rested",                                  /* a1 */
        "order",        "ack",          "fill",         "fill",        "trade",
        "fill",         "trade", /* a0 takes of a1, of the record */
        "market_trade", "market_trade", "order",        "reject", /* a2: the collar */
        "order",        "ack",          "fill",         "trade",       "rested",
        "market_trade", "order",        "ack",          "fill",        "fill",
        "trade",        "market_trade", /* a0 sells to a2 */
        "rank",         "rank",         "rank",         "out",         "cancel",
        "fill",         "trade",        "market_trade", "handed_over", "standing",
        "round",        "standing",     "standing", /* the round's end; a2 is liquidated */
        "out",          "stamp",        "handed_over",  "standing",    "rank",
        "standing",     "standing",     "standing",     "end"};
    play();
    folder = stage_journal(&stage, stage.inputs);
    export_from(0);
    ck_assert_int_eq(export.status, RY_EXPORT_END);
    ck_assert(target.finished && target.closed);
    ck_assert_uint_eq(target.committed, sizeof types / sizeof *types);
    uint64_t input = 0, n = 0;
    for (unsigned i = 0; i < target.rows; i++) {
        const struct taken *t = &target.row[i];
        ck_assert_str_eq(t->type, types[i]);
        n = t->key.input == input ? n + 1 : 1;
        input = t->key.input;
        ck_assert_uint_eq(t->key.n, n);
        json_t *value = json_loads(t->json, 0, NULL);
        ck_assert_ptr_nonnull(value);
        ck_assert_str_eq(json_string_value(json_object_get(value, "type")), t->type);
        ck_assert_int_eq(json_integer_value(json_object_get(value, "input")), (int64_t)input);
        ck_assert_int_eq(json_integer_value(json_object_get(value, "n")), (int64_t)n);
        json_decref(value);
    }
    ck_assert_str_eq(
        target.row[10].json,
        "{\"type\":\"fill\",\"battle_id\":\"5aa00000000000000000000000000000\",\"input\":11,\"n\":3,"
        "\"time_ns\":\"1000000000\",\"time\":\"1970-01-01T00:00:01.000000000Z\","
        "\"instrument\":\"S0\",\"price\":\"10.05\",\"qty\":20,\"side\":\"sell\",\"agent\":\"a1\","
        "\"liquidity\":\"maker\",\"cause\":\"agent\",\"cl_ord_id\":\"1\",\"leaves\":0,"
        "\"fee\":\"0.020100\",\"cash\":\"1000200.979900\",\"position\":-20,\"seq\":3}");
    strike();
}
END_TEST

/* From each input on: the tail of the whole, byte for byte. */
START_TEST(test_from)
{
    static struct taken whole[ROWS_MAX];
    play();
    folder = stage_journal(&stage, stage.inputs);
    export_from(0);
    unsigned count = target.rows;
    memcpy(whole, target.row, sizeof whole);
    for (uint64_t from = 1; from <= stage.inputs + 1; from++) {
        unsigned first = 0;
        while (first < count && whole[first].key.input < from)
            first++;
        export_from(from);
        ck_assert_int_eq(export.status, RY_EXPORT_END);
        ck_assert_uint_eq(target.rows, count - first);
        ck_assert_int_eq(memcmp(target.row, whole + first, target.rows * sizeof *whole), 0);
    }
    strike();
}
END_TEST

/* Stopped after any number of steps, with any batches: whoever comes next goes on behind what was
 * committed, and in the end the target has each row once. */
START_TEST(test_cursor)
{
    static struct taken whole[ROWS_MAX];
    play();
    folder = stage_journal(&stage, stage.inputs);
    export_from(0);
    unsigned count = target.rows;
    memcpy(whole, target.row, sizeof whole);
    for (unsigned batch = 1; batch < 9; batch++) {
        for (unsigned steps = 3; steps < 14; steps++) { /* fewer than 3 commit nothing */
            target.rows = target.committed = 0;
            target.batch = batch;
            target.room = batch + 2;
            unsigned lives = 0;
            do {
                target.openings = lives % 3;
                open_export(0);
                run(steps + target.openings);
                ck_assert_int_eq(ry_export_close(&export), 0);
                ck_assert_uint_lt(lives++, 200);
            } while (export.status == RY_EXPORT_MORE);
            ck_assert_int_eq(export.status, RY_EXPORT_END);
            ck_assert_uint_eq(target.committed, count);
            ck_assert_int_eq(memcmp(target.row, whole, count * sizeof *whole), 0);
        }
    }
    strike();
}
END_TEST

/* After a write that failed nothing more is tried: no hole in what the sink has. */
START_TEST(test_full)
{
    play();
    folder = stage_journal(&stage, stage.inputs);
    target.fail_at = 4;
    export_from(0);
    ck_assert_uint_eq(target.rows, 4);
    ck_assert_int_eq(export.status, RY_EXPORT_ERROR);
    ck_assert_str_eq(export.error, "full");
    strike();
}
END_TEST

/* A sink that hangs is not closed: it would not come back. */
START_TEST(test_hung)
{
    play();
    folder = stage_journal(&stage, stage.inputs);
    target.rows = target.committed = 0;
    target.room = target.batch = 1;
    open_export(0);
    run(3);
    target.hangs = true;
    run(3);
    ck_assert_int_eq(export.status, RY_EXPORT_STUCK);
    ck_assert_str_eq(export.error, "hangs");
    ck_assert_int_eq(ry_export_close(&export), 0);
    ck_assert(!target.closed);
    strike();
}
END_TEST

/* A journal that stops short: what there is goes out; who waits, waits. */
START_TEST(test_cut)
{
    play();
    folder = stage_journal(&stage, stage.inputs - 1);
    export_from(0);
    ck_assert_int_eq(export.status, RY_EXPORT_CUT);
    ck_assert(target.finished);
    unsigned count = target.committed;
    target.rows = target.committed = 0;
    open_export(0);
    export.waits = true;
    run(100);
    ck_assert_int_eq(export.status, RY_EXPORT_MORE);
    ck_assert_uint_eq(target.committed, count);
    ck_assert(!target.finished);
    ck_assert_int_eq(ry_export_close(&export), 0);
    strike();
}
END_TEST

/* Of a running battle no row goes out that the journal has not written, though the ring has it. */
START_TEST(test_behind_the_journal)
{
    static struct ry_journal_positions positions;
    static _Alignas(RY_ISOLATION) char ring[RING_BYTES];
    struct ry_ring_writer writer;
    play();
    ck_assert_uint_le(ry_ring_footprint(RING_SLOTS), sizeof ring);
    ry_ring_create(&writer, ring, RING_SLOTS);
    for (uint64_t i = 0; i < stage.inputs; i++)
        ry_ring_write(&writer, &stage.kept[i], stage.kept[i].head.slots);
    folder = stage_journal(&stage, stage.inputs);
    target.rows = target.committed = 0;
    open_export(0);
    ck_assert_int_eq(ry_follow_join_memory(&export.follow, ring, ry_ring_footprint(RING_SLOTS),
                                           journal_options(false).epoch, &positions),
                     0);
    for (uint64_t written = 1; written <= stage.inputs; written++) {
        /* R30: pairs with A30 in core/follow/follow.c */
        ry_store_release(&positions.inputs_written, written);
        run(5);
        ck_assert_uint_eq(export.follow.inputs, written);
        for (unsigned i = 0; i < target.rows; i++)
            ck_assert_uint_le(target.row[i].key.input, written);
    }
    ck_assert_int_eq(ry_export_close(&export), 0);
    strike();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("export");
    TCase *c = tcase_create("export");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, test_rows);
    tcase_add_test(c, test_from);
    tcase_add_test(c, test_cursor);
    tcase_add_test(c, test_full);
    tcase_add_test(c, test_hung);
    tcase_add_test(c, test_cut);
    tcase_add_test(c, test_behind_the_journal);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
