/* A topic of more rows than the comparison remembers: what it still says of rows long ago. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/results_rig.h"
#include "tests/support/test.h"
#include "tools/kafka/verify_compare.h"

#define KEY "k"

/* The partition has the rows (2, 1), (3, 1) .. in their order, then `more`. */
static struct {
    uint64_t rows, next;
    struct ry_export_cursor more[4];
    unsigned mores;
    char value[160];
} topic;

static struct ry_kafka_compare compare;

static size_t write_value(char value[160], struct ry_export_cursor at)
{
    char hex[RY_TEXT_ID_BYTES];
    return (size_t)snprintf(value, 160,
                            "{\"type\":\"fill\",\"battle_id\":\"%s\",\"input\":%" PRIu64
                            ",\"n\":%" PRIu64 "}",
                            ry_text_row_id(hex, &stage_id), at.input, at.n);
}

static int peek(void *context, unsigned partition, struct ry_kafka_seen *seen)
{
    (void)context;
    (void)partition;
    uint64_t i = topic.next;
    if (i == topic.rows + topic.mores)
        return 0;
    struct ry_export_cursor at = {i + 2, 1};
    if (i >= topic.rows)
        at = topic.more[i - topic.rows];
    *seen = (struct ry_kafka_seen){.key = KEY,
                                   .key_bytes = 1,
                                   .value = topic.value,
                                   .value_bytes = write_value(topic.value, at),
                                   .offset = (int64_t)i};
    return 1;
}

static void next(void *context, unsigned partition)
{
    (void)context;
    (void)partition;
    topic.next++;
}

/* So many rows are expected. */
static void run(uint64_t expected)
{
    const struct ry_kafka_source source = {.peek = peek, .next = next, .partitions = 1};
    char value[160];
    ry_kafka_compare_open(&compare, "t", RY_KAFKA_JSON, false, &stage_id, &source);
    for (uint64_t i = 0; i < expected; i++) {
        struct ry_kafka_expected row = {.at = {i + 2, 1},
                                        .kind = RY_RESULTS_ROW_FILL,
                                        .key = KEY,
                                        .key_bytes = 1,
                                        .value = value};
        row.value_bytes = write_value(value, row.at);
        ry_kafka_compare_row(&compare, &row);
    }
    ry_kafka_compare_end(&compare, &(struct ry_export_cursor){UINT64_MAX, UINT64_MAX});
    ry_kafka_compare_close(&compare);
}

static void want(uint64_t doubles, uint64_t foreign)
{
    run(topic.rows);
    ck_assert_uint_eq(compare.equal, topic.rows);
    ck_assert_uint_eq(compare.count[RY_KAFKA_DOUBLE], doubles);
    ck_assert_uint_eq(compare.count[RY_KAFKA_FOREIGN], foreign);
    ck_assert_uint_eq(compare.count[RY_KAFKA_ORDER] + compare.count[RY_KAFKA_MISSING], 0);
}

static void put_more(void)
{
    topic.more[0] = (struct ry_export_cursor){2, 1};              /* the first row */
    topic.more[1] = (struct ry_export_cursor){1, 1};              /* before all rows */
    topic.more[2] = (struct ry_export_cursor){topic.rows + 1, 1}; /* the last row */
    topic.more[3] = (struct ry_export_cursor){topic.rows + 1, 2}; /* behind it */
    topic.mores = 4;
}

START_TEST(test_all_remembered)
{
    memset(&topic, 0, sizeof topic);
    topic.rows = RY_KAFKA_COMPARE_RECENT;
    put_more();
    want(2, 2);
}
END_TEST

/* What is older than it remembers is called double. */
START_TEST(test_beyond_memory)
{
    memset(&topic, 0, sizeof topic);
    topic.rows = RY_KAFKA_COMPARE_RECENT + 10;
    put_more();
    want(3, 1);
}
END_TEST

START_TEST(test_many_missing)
{
    memset(&topic, 0, sizeof topic);
    topic.rows = 1;
    run(RY_KAFKA_COMPARE_MISSING + 100);
    ck_assert_uint_eq(compare.equal, 1);
    ck_assert_uint_eq(compare.count[RY_KAFKA_MISSING], RY_KAFKA_COMPARE_MISSING + 99);
    ck_assert_uint_eq(compare.first_at.input, 3);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("kafka compare, long");
    TCase *t = tcase_create("long");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, test_all_remembered);
    tcase_add_test(t, test_beyond_memory);
    tcase_add_test(t, test_many_missing);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
