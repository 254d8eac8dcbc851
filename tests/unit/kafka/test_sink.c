/* The Kafka sink against a cluster that is well: every row once, in order, and on where it was. */
#include <string.h>

#include "tests/support/stub/mock_rig.h"
#include "tests/support/test.h"
#include "tools/kafka/sink.h"

/* More than a batch holds, less than the mock cluster keeps. */
#define MANY 40000

static struct mock m;
static struct mock_sink s;

START_TEST(every_row_is_there_once)
{
    mock_open(&m, 1, "royale.batch_rows_max=20000\n");
    mock_sink_open(&s, &m, MANY);
    ck_assert(mock_sink_durable(&s, MANY, 30));
    ck_assert_uint_eq(s.sink.counts.rows, MANY);
    ck_assert_uint_eq(s.sink.counts.reconnects + s.sink.counts.fenced + s.sink.counts.hangs, 0);
    ck_assert_uint_eq(s.sink.cursor.input, 0);
    ck_assert_uint_ge(s.sink.counts.batches, 2);
    mock_sink_close(&s);
    mock_check(&m, MANY);
    mock_close(&m);
}
END_TEST

/* A single row goes out at once, while no other comes. */
START_TEST(one_row_waits_for_no_other)
{
    mock_open(&m, 1, NULL);
    mock_sink_open(&s, &m, 1);
    s.finished = true; /* more may come */
    ck_assert(mock_sink_durable(&s, 1, 10));
    ck_assert_uint_eq(s.sink.counts.batches, 1);
    s.until = 2;
    ck_assert(mock_sink_durable(&s, 2, 10));
    ck_assert_uint_eq(s.sink.counts.batches, 2);
    mock_sink_close(&s);
    mock_check(&m, 2);
    mock_close(&m);
}
END_TEST

START_TEST(goes_on_behind_the_cursor)
{
    mock_open(&m, 3, NULL);
    mock_sink_open(&s, &m, 3000);
    ck_assert(mock_sink_durable(&s, 2000, 20));
    ck_assert_uint_eq(mock_sink_said(&s, "no cursor for this battle in royale.cursors.v1"), 1);
    mock_sink_close(&s); /* whatever was not durable is left out */
    uint64_t rows = s.sink.counts.rows;
    struct ry_export_cursor durable = s.sink.durable;

    mock_sink_open(&s, &m, 3000);
    ck_assert(mock_sink_durable(&s, 3000, 20));
    char behind[128];
    snprintf(behind, sizeof behind, "goes on behind row %llu of input %llu",
             (unsigned long long)durable.n, (unsigned long long)durable.input);
    ck_assert_uint_eq(mock_sink_said(&s, behind), 1);
    ck_assert_uint_eq(mock_sink_said(&s, "no cursor"), 0);
    /* What was committed while it closed is counted. */
    ck_assert_uint_eq(s.sink.cursor.input, durable.input);
    ck_assert_uint_eq(s.sink.cursor.n, durable.n);
    ck_assert_uint_eq(s.sink.counts.rows + rows, 3000);
    mock_sink_close(&s);
    mock_check(&m, 3000);

    mock_sink_open(&s, &m, 3000); /* nothing is left */
    ck_assert(mock_sink_durable(&s, 3000, 20));
    ck_assert_uint_eq(s.sink.counts.rows, 0);
    mock_sink_close(&s);
    mock_check(&m, 3000);
    mock_close(&m);
}
END_TEST

/* Rows that no topic wants move the cursor, without a transaction each. */
START_TEST(rows_that_nobody_wants_count)
{
    mock_open(&m, 1,
              "royale.topic.fills.rows=none\nroyale.topic.orders.rows=none\n"
              "royale.topic.leaderboard.rows=none\nroyale.topic.rounds.rows=none\n"
              "royale.topic.trades.rows=none\n");
    mock_sink_open(&s, &m, 1000);
    s.finished = true;
    ck_assert(mock_sink_durable(&s, 1000, 10));
    ck_assert_uint_le(s.sink.counts.batches, 3);
    ck_assert_uint_eq(s.sink.counts.bytes, 0);
    mock_sink_close(&s);
    mock_sink_open(&s, &m, 1000);
    ck_assert(mock_sink_durable(&s, 1000, 10));
    ck_assert_uint_eq(s.sink.counts.rows, 0);
    mock_sink_close(&s);
    mock_close(&m);
}
END_TEST

START_TEST(formats_by_topic)
{
    mock_open(&m, 1, "royale.topic.fills.format=protobuf\nroyale.topic.rounds.format=protobuf\n");
    mock_sink_open(&s, &m, 2000);
    ck_assert(mock_sink_durable(&s, 2000, 20));
    mock_sink_close(&s);
    mock_check(&m, 2000);
    mock_close(&m);
}
END_TEST

START_TEST(wrong_settings_fail_at_once)
{
    struct ry_export_sink sink;
    struct ry_export_target target = {.battle_id = stage_id, .config = "/nowhere/kafka.conf"};
    ry_kafka_sink(&sink);
    ck_assert_int_eq(sink.open(&sink, &target), -1);
    ck_assert_ptr_nonnull(strstr(sink.error, "/nowhere/kafka.conf"));

    mock_open(&m, 1, "ssl.ca.location=/nowhere/ca.pem\nsecurity.protocol=ssl\n");
    target.config = m.settings;
    ck_assert_int_eq(sink.open(&sink, &target), -1);
    ck_assert_ptr_nonnull(strstr(sink.error, "ssl.ca.location"));
    mock_close(&m);
}
END_TEST

/* Each property that a trap of librdkafka's asks for is one that it knows, and is set. */
START_TEST(properties_around_the_traps)
{
    static const struct {
        const char *name, *value;
    } want[] = {
        {"socket.nagle.disable", "true"},       {"reconnect.backoff.max.ms", "500"},
        {"enable.idempotence", "true"},         {"transactional.id", "an id"},
        {"delivery.report.only.error", "true"}, {"transaction.timeout.ms", "3000"},
    };
    char error[RY_KAFKA_ERROR_BYTES];
    struct ry_kafka_settings settings;
    struct ry_kafka_calls calls;
    struct ry_kafka_producer p = {0};
    mock_open(&m, 1, NULL);
    ck_assert_int_eq(ry_kafka_settings_read(&settings, m.settings, m.brokers, error), 0);
    ry_kafka_calls_open(&calls, &settings);
    ck_assert_msg(ry_kafka_producer_open(&p, &calls, "an id", error) == 0, "%s", error);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        char value[64];
        size_t bytes = sizeof value;
        ck_assert_int_eq(rd_kafka_conf_get(rd_kafka_conf(p.client), want[i].name, value, &bytes),
                         RD_KAFKA_CONF_OK);
        ck_assert_str_eq(value, want[i].value);
    }
    ry_kafka_producer_close(&p);
    ry_kafka_calls_close(&calls);
    ry_kafka_settings_close(&settings);
    mock_close(&m);
}
END_TEST

static const struct ry_test_one tests[] = {
    {&every_row_is_there_once, 0, 1},
    {&one_row_waits_for_no_other, 0, 1},
    {&goes_on_behind_the_cursor, 0, 1},
    {&rows_that_nobody_wants_count, 0, 1},
    {&formats_by_topic, 0, 1},
    {&wrong_settings_fail_at_once, 0, 1},
    {&properties_around_the_traps, 0, 1},
};

RY_TEST_MAIN_SIDE_BY_SIDE("kafka/sink", 90, tests)
