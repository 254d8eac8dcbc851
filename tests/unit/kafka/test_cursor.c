/* The record of a cursor, and batches of rows. */
#include <string.h>

#include "tests/support/results_rig.h"
#include "tests/support/test.h"
#include "tools/kafka/batch.h"
#include "tools/kafka/cursor.h"

static const struct ry_kafka_cursor sample = {.battle_id = {{0x5a, 0xa0}},
                                              .at = {81243, 2},
                                              .epoch = 3,
                                              .instance = UINT64_C(0x9f3c0a51e6d2b874)};

START_TEST(record_as_it_stands)
{
    char text[RY_KAFKA_CURSOR_BYTES];
    size_t bytes = ry_kafka_cursor_print(text, &sample);
    ck_assert_uint_eq(bytes, strlen(text));
    ck_assert_str_eq(text,
                     "{\"format\":1,\"battle_id\":\"5aa00000000000000000000000000000\","
                     "\"input\":81243,\"n\":2,\"epoch\":3,\"instance\":\"9f3c0a51e6d2b874\"}");
    struct ry_kafka_cursor read;
    ck_assert(ry_kafka_cursor_parse(&read, text, bytes));
    ck_assert_mem_eq(&read, &sample, sizeof read);
}
END_TEST

START_TEST(largest_record_fits)
{
    struct ry_kafka_cursor most = sample, read;
    char text[RY_KAFKA_CURSOR_BYTES];
    most.at = (struct ry_export_cursor){INT64_MAX, INT64_MAX};
    most.epoch = INT64_MAX;
    most.instance = UINT64_MAX;
    memset(&most.battle_id, 0xff, sizeof most.battle_id);
    size_t bytes = ry_kafka_cursor_print(text, &most);
    ck_assert_uint_lt(bytes, sizeof text);
    ck_assert(ry_kafka_cursor_parse(&read, text, bytes));
    ck_assert_mem_eq(&read, &most, sizeof read);
}
END_TEST

/* Every record that lacks a byte, has another one, or none at all. */
START_TEST(no_record)
{
    struct ry_kafka_cursor read;
    char text[RY_KAFKA_CURSOR_BYTES];
    size_t bytes = ry_kafka_cursor_print(text, &sample);
    for (size_t i = 0; i < bytes; i++)
        ck_assert_msg(!ry_kafka_cursor_parse(&read, text, i), "%zu bytes", i);
    static const char *const wrong[] = {
        "",
        "[]",
        "null",
        "1",
        "{}",
        "{\"format\":1}",
        "{\"format\":2,\"battle_id\":\"5a\"}",
        "{\"format\":1,\"battle_id\":\"5aa00000000000000000000000000000\",\"input\":-1,\"n\":2,"
        "\"epoch\":3,\"instance\":\"9f3c0a51e6d2b874\"}",
        "{\"format\":1,\"battle_id\":\"5aa0000000000000000000000000000\",\"input\":1,\"n\":2,"
        "\"epoch\":3,\"instance\":\"9f3c0a51e6d2b874\"}",
        "{\"format\":1,\"battle_id\":\"5aa00000000000000000000000000000\",\"input\":1,\"n\":\"2\","
        "\"epoch\":3,\"instance\":\"9f3c0a51e6d2b874\"}",
        "{\"format\":1,\"battle_id\":\"5aa00000000000000000000000000000\",\"input\":1,\"n\":2,"
        "\"epoch\":3,\"instance\":\"9f3c0a51e6d2b87x\"}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!ry_kafka_cursor_parse(&read, wrong[i], strlen(wrong[i])), "%s", wrong[i]);
}
END_TEST

START_TEST(which_is_newer)
{
    struct ry_kafka_cursor a = sample, b = sample;
    ck_assert(!ry_kafka_cursor_newer(&a, &b));
    b.at.n++;
    ck_assert(ry_kafka_cursor_newer(&b, &a));
    ck_assert(!ry_kafka_cursor_newer(&a, &b));
    a.epoch++;
    ck_assert(ry_kafka_cursor_newer(&a, &b));
}
END_TEST

/* ---- batches --------------------------------------------------------------------------------- */

static struct stage stage;
static struct ry_kafka_settings settings;
static struct ry_kafka_batch batch;

static void open_batch(void)
{
    char error[RY_KAFKA_ERROR_BYTES];
    struct ry_input_battle battle = stage_battle(2);
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, 0);
    ck_assert_int_eq(ry_kafka_settings_read(&settings, NULL, NULL, error), 0);
    ry_kafka_batch_open(&batch);
}

static void close_batch(void)
{
    ry_kafka_batch_close(&batch);
    ry_kafka_settings_close(&settings);
    stage_close(&stage);
}

static void add(enum ry_results_row_kind kind, uint64_t input, uint64_t n)
{
    struct ry_results_row row = {.kind = kind,
                                 .key = {.battle_id = stage_id, .input = input, .n = n}};
    if (kind == RY_RESULTS_ROW_RANK)
        row.rank = (struct ry_results_row_rank){.agent = 1, .rank = 1};
    else
        row.round = (struct ry_results_row_round){.round = 1};
    ck_assert_int_eq(ry_kafka_batch_add(&batch, &settings, &stage.results, &row), 0);
}

/* A row that two topics want: one value of one format, a key for each. */
START_TEST(value_is_made_once)
{
    open_batch();
    settings.topic[RY_KAFKA_LEADERBOARD].rows |= UINT32_C(1) << RY_RESULTS_ROW_RANK;
    add(RY_RESULTS_ROW_RANK, 7, 2);
    ck_assert_uint_eq(batch.rows, 1);
    ck_assert_uint_eq(batch.messages, 2);
    const struct ry_kafka_batch_message *a = &batch.message[0], *b = &batch.message[1];
    ck_assert_uint_ne(a->topic, b->topic);
    ck_assert_uint_eq(a->value_at, b->value_at);
    ck_assert_uint_ne(a->key_at, b->key_at);
    ck_assert_uint_eq(batch.used, a->key_bytes + b->key_bytes + a->value_bytes);
    ck_assert_uint_eq(batch.sent_bytes, batch.used + b->value_bytes);
    ck_assert_uint_eq(batch.end.input, 7);
    ck_assert_uint_eq(batch.end.n, 2);

    ry_kafka_batch_clear(&batch);
    settings.topic[RY_KAFKA_ROUNDS].format = RY_KAFKA_PROTOBUF;
    add(RY_RESULTS_ROW_RANK, 7, 2);
    ck_assert_uint_ne(batch.message[0].value_at, batch.message[1].value_at);
    close_batch();
}
END_TEST

/* What was put stays as the block moves. */
START_TEST(grows)
{
    open_batch();
    settings.batch_rows_max = 20000;
    for (uint64_t i = 1; i < 20000; i++)
        add(i % 2 == 0 ? RY_RESULTS_ROW_RANK : RY_RESULTS_ROW_ROUND, i, 1);
    ck_assert(!ry_kafka_batch_full(&batch, &settings));
    add(RY_RESULTS_ROW_ROUND, 20000, 1);
    ck_assert(ry_kafka_batch_full(&batch, &settings));
    ck_assert_uint_gt(batch.used, UINT64_C(1) << 20);
    ck_assert_uint_eq(batch.messages, 20000);
    for (size_t i = 0; i < batch.messages; i += 97) {
        const struct ry_kafka_batch_message *m = &batch.message[i];
        char want[64], value[RY_KAFKA_CURSOR_BYTES * 4];
        snprintf(want, sizeof want, "\"input\":%zu,", i + 1);
        snprintf(value, sizeof value, "%.*s", (int)m->value_bytes, batch.bytes + m->value_at);
        ck_assert_msg(strstr(value, want) != NULL, "%s in %s", want, value);
    }
    close_batch();
}
END_TEST

START_TEST(full_by_bytes)
{
    open_batch();
    batch.used = RY_KAFKA_BATCH_BYTES_FULL - 1;
    ck_assert(!ry_kafka_batch_full(&batch, &settings));
    batch.used++;
    ck_assert(ry_kafka_batch_full(&batch, &settings));
    batch.used = RY_KAFKA_BATCH_BYTES_MAX;
    struct ry_results_row row = {.kind = RY_RESULTS_ROW_ROUND};
    ck_assert_int_eq(ry_kafka_batch_add(&batch, &settings, &stage.results, &row), -1);
    close_batch();
}
END_TEST

static Suite *suite(void)
{
    Suite *all = suite_create("kafka/cursor");
    TCase *c = tcase_create("cursor");
    tcase_add_test(c, record_as_it_stands);
    tcase_add_test(c, largest_record_fits);
    tcase_add_test(c, no_record);
    tcase_add_test(c, which_is_newer);
    tcase_add_test(c, value_is_made_once);
    tcase_add_test(c, grows);
    tcase_add_test(c, full_by_bytes);
    suite_add_tcase(all, c);
    return all;
}

RY_TEST_MAIN(suite)
