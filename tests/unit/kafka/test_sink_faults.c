/* The Kafka sink under each fault that it is built around: afterwards every row is there once. */
#include <string.h>

#include "shm/clock.h"
#include "tests/support/stub/mock_rig.h"
#include "tests/support/test.h"

#define ROWS 3000

/* Numbers of requests, in Kafka's protocol. */
#define API_PRODUCE        0
#define API_INIT_PRODUCER  22
#define API_ADD_PARTITIONS 24
#define API_END            26

static struct mock m;
static struct mock_sink s;

static void open_both(int brokers)
{
    mock_open(&m, brokers, "royale.batch_rows_max=1000\n");
    mock_sink_open(&s, &m, ROWS);
}

/* After the fault: all of it, once. */
static void end_well(void)
{
    ck_assert(mock_sink_durable(&s, ROWS, 40));
    mock_sink_close(&s);
    mock_check(&m, ROWS);
    mock_close(&m);
}

/* The first batches, while more rows are to come. */
static void some_rows(int brokers)
{
    open_both(brokers);
    s.until = 100;
    s.finished = true;
    ck_assert(mock_sink_durable(&s, 100, 20));
    s.until = ROWS;
    s.finished = false;
}

/* ---- a commit in doubt ----------------------------------------------------------------------- */

START_TEST(commit_that_was_lost)
{
    some_rows(1);
    mock_fail(MOCK_COMMIT_LOST, 2);
    end_well();
    ck_assert_uint_ge(mock_sink_said(&s, "kafka: goes on behind row "), 1); /* it is settled */
    ck_assert_uint_eq(s.sink.counts.batches_lost, 2);
    ck_assert_uint_ge(s.sink.counts.reconnects, 2);
}
END_TEST

START_TEST(commit_that_was_done)
{
    some_rows(1);
    mock_fail(MOCK_COMMIT_LATE, 2);
    end_well();
    ck_assert_uint_ge(s.sink.counts.reconnects, 2);
    ck_assert_uint_eq(s.sink.counts.rows, ROWS);
}
END_TEST

/* Of the claim, before there is any batch. */
START_TEST(claim_in_doubt)
{
    mock_open(&m, 1, "royale.batch_rows_max=1000\n");
    mock_fail(_i == 0 ? MOCK_COMMIT_LOST : MOCK_COMMIT_LATE, 2);
    mock_sink_open(&s, &m, ROWS);
    end_well();
}
END_TEST

/* ---- errors of the library and of brokers ---------------------------------------------------- */

START_TEST(fenced_by_mistake)
{
    some_rows(1);
    mock_fail(MOCK_FENCED, 1);
    end_well();
    ck_assert_uint_eq(s.sink.counts.fenced, 1);
}
END_TEST

START_TEST(fatal_error)
{
    some_rows(1);
    mock_fail(MOCK_FATAL, 2);
    end_well();
    ck_assert_uint_eq(s.sink.counts.fenced, 0);
    ck_assert_uint_ge(s.sink.counts.reconnects, 2);
}
END_TEST

/* What a broker answers, on the way of a batch. */
START_TEST(broker_refuses)
{
    static const struct {
        int16_t api;
        rd_kafka_resp_err_t error;
    } refusals[] = {
        {API_PRODUCE, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER},
        {API_PRODUCE, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID},
        {API_PRODUCE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED},
        {API_PRODUCE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION},
        {API_PRODUCE, RD_KAFKA_RESP_ERR__TRANSPORT},
        {API_PRODUCE, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE},
        {API_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS},
        {API_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED},
        {API_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_PRODUCER_FENCED},
        {API_ADD_PARTITIONS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR},
        {API_END, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH},
        {API_END, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE},
        {API_END, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE},
        {API_END, RD_KAFKA_RESP_ERR_UNKNOWN},
        {API_INIT_PRODUCER, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS},
        {API_INIT_PRODUCER, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED},
    };
    some_rows(1);
    if (refusals[_i].api == API_INIT_PRODUCER)
        mock_fail(MOCK_FATAL, 1); /* so that there is an init_transactions */
    rd_kafka_mock_push_request_errors(m.cluster, refusals[_i].api, 1, refusals[_i].error);
    end_well();
}
END_TEST
#define REFUSALS 16

/* As long as it lasts, each try is a new client, and so an epoch: they must become rare. */
START_TEST(broker_refuses_for_long)
{
    rd_kafka_resp_err_t refusals[300];
    for (unsigned i = 0; i < sizeof refusals / sizeof *refusals; i++)
        refusals[i] = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    some_rows(1);
    unsigned inits = mock_inits();
    rd_kafka_mock_push_request_errors_array(m.cluster, API_PRODUCE,
                                            sizeof refusals / sizeof *refusals, refusals);
    int64_t begun_ns = ry_clock_ns();
    while (mock_inits() - inits < 4)
        mock_sink_run(&s, 100);
    ck_assert_int_ge(ry_clock_ns() - begun_ns, (100 + 200 + 400 + 800) * INT64_C(1000000));
    ck_assert_uint_ge(mock_sink_said(&s, "allow this user Write and Describe on it"), 1);
    rd_kafka_mock_clear_request_errors(m.cluster, API_PRODUCE);
    end_well();
}
END_TEST

/* ---- brokers that are away ------------------------------------------------------------------- */

/* While a broker is away clients are made anew, each call_ms at most; no epoch is used up. */
START_TEST(broker_away)
{
    some_rows(1);
    rd_kafka_mock_broker_set_down(m.cluster, -1);
    unsigned inits = mock_inits();
    int64_t begun_ns = ry_clock_ns();
    ck_assert(mock_sink_says(&s, "answers: Connection refused; waiting for it", 10));
    while (s.sink.counts.reconnects < 3)
        mock_sink_run(&s, 100);
    int64_t took_ns = ry_clock_ns() - begun_ns;
    ck_assert_int_gt(took_ns, 3 * 600 * INT64_C(1000000));
    ck_assert_uint_eq(mock_inits(), inits);
    rd_kafka_mock_broker_set_up(m.cluster, -1);
    end_well();
}
END_TEST

/* One of three stands still, and the partitions and the coordinator of others go on. */
START_TEST(one_of_three_away)
{
    some_rows(3);
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++)
        for (int p = 0; p < MOCK_PARTITIONS; p++)
            rd_kafka_mock_partition_set_leader(m.cluster, ry_kafka_topics[t].name, p, p % 2 + 1);
    for (int p = 0; p < MOCK_PARTITIONS; p++)
        rd_kafka_mock_partition_set_leader(m.cluster, RY_KAFKA_CURSORS_NAME, p, p % 2 + 1);
    rd_kafka_mock_coordinator_set(m.cluster, "transaction",
                                  "royale-5aa00000000000000000000000000000", 1);
    rd_kafka_mock_broker_set_down(m.cluster, 3);
    end_well();
}
END_TEST

/* The coordinator's broker is away, and after a while another one has its part. */
START_TEST(coordinator_away)
{
    static const char id[] = "royale-5aa00000000000000000000000000000";
    mock_open(&m, 3, "royale.batch_rows_max=1000\n");
    rd_kafka_mock_coordinator_set(m.cluster, "transaction", id, 3);
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++)
        for (int p = 0; p < MOCK_PARTITIONS; p++)
            rd_kafka_mock_partition_set_leader(m.cluster, ry_kafka_topics[t].name, p, p % 2 + 1);
    for (int p = 0; p < MOCK_PARTITIONS; p++)
        rd_kafka_mock_partition_set_leader(m.cluster, RY_KAFKA_CURSORS_NAME, p, p % 2 + 1);
    mock_sink_open(&s, &m, 100);
    s.finished = _i == 0;
    if (_i == 0) /* in the midst of it; else from the start */
        ck_assert(mock_sink_durable(&s, 100, 20));
    s.until = ROWS;
    s.finished = false;
    rd_kafka_mock_broker_set_down(m.cluster, 3);
    while (s.sink.counts.reconnects < 2)
        mock_sink_run(&s, 100);
    rd_kafka_mock_coordinator_set(m.cluster, "transaction", id, 1);
    end_well();
}
END_TEST

/* init_transactions fails at its own limit, 2 x transaction.timeout.ms, and not later. */
START_TEST(init_has_a_limit)
{
    mock_open(&m, 1, "royale.transaction_ms=1000\nroyale.call_ms=60000\n");
    rd_kafka_mock_broker_set_down(m.cluster, -1);
    mock_sink_open(&s, &m, 100);
    char want[512];
    snprintf(want, sizeof want, "no broker of %s answers: ", m.brokers);
    ck_assert(mock_sink_says(&s, want, 5));
    mock_sink_run(&s, 3000);
    ck_assert_uint_ge(s.sink.counts.reconnects, 1);
    ck_assert_uint_eq(mock_sink_said(&s, "no broker of "), 1); /* not again so soon */
    ck_assert_uint_eq(mock_sink_said(&s, "it is tried again"), 0);
    rd_kafka_mock_broker_set_up(m.cluster, -1);
    ck_assert(mock_sink_durable(&s, 100, 20));
    mock_sink_close(&s);
    mock_check(&m, 100);
    mock_close(&m);
}
END_TEST

/* Answers that take longer than a call may. */
START_TEST(slow_broker)
{
    some_rows(1);
    rd_kafka_mock_broker_set_rtt(m.cluster, -1, 2000);
    while (s.sink.counts.reconnects < 1)
        mock_sink_run(&s, 100);
    rd_kafka_mock_broker_set_rtt(m.cluster, -1, 0);
    end_well();
}
END_TEST

/* ---- what people must mend ------------------------------------------------------------------- */

START_TEST(topic_is_not_there)
{
    mock_open(&m, 1, NULL);
    rd_kafka_mock_topic_set_error(m.cluster, "royale.fills.v1",
                                  RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    mock_sink_open(&s, &m, 100);
    char want[256];
    snprintf(want, sizeof want,
             "topic royale.fills.v1 is not there; `royale kafka init --config %s` makes it",
             m.settings);
    ck_assert(mock_sink_says(&s, want, 10));
    mock_sink_run(&s, 2000);
    ck_assert_uint_eq(mock_sink_said(&s, want), 1); /* not again so soon */
    ck_assert_uint_eq(mock_inits(), 1);
    rd_kafka_mock_topic_set_error(m.cluster, "royale.fills.v1", RD_KAFKA_RESP_ERR_NO_ERROR);
    ck_assert(mock_sink_durable(&s, 100, 20));
    mock_sink_close(&s);
    mock_check(&m, 100);
    mock_close(&m);
}
END_TEST

/* Of 2.3 to 2.9: a topic whose metadata turns into an error while a producer has it is a null
 * pointer in the library's own thread. */
static bool library_crashes_on_topic_errors(void)
{
    return rd_kafka_version() >= 0x02030000 && rd_kafka_version() < 0x020a0000;
}

START_TEST(not_allowed)
{
    if (library_crashes_on_topic_errors()) {
        ry_test_skip(
            "this librdkafka crashes on a topic that turns into an error (its issue 4907)");
        return;
    }
    mock_open(&m, 1, NULL);
    rd_kafka_mock_topic_set_error(m.cluster, "royale.orders.v1",
                                  RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    mock_sink_open(&s, &m, 100);
    ck_assert(mock_sink_says(&s, "topic royale.orders.v1", 10));
    ck_assert(mock_sink_says(&s, "allow this user", 1));
    rd_kafka_mock_topic_set_error(m.cluster, "royale.orders.v1", RD_KAFKA_RESP_ERR_NO_ERROR);
    ck_assert(mock_sink_durable(&s, 100, 20));
    mock_sink_close(&s);
    mock_check(&m, 100);
    mock_close(&m);
}
END_TEST

/* ---- calls that do not come back ------------------------------------------------------------- */

START_TEST(call_that_hangs)
{
    static const struct {
        enum mock_fault fault;
        const char *call;
    } hangs[] = {{MOCK_HANG_INIT, "init_transactions"},
                 {MOCK_HANG_BEGIN, "begin_transaction"},
                 {MOCK_HANG_COMMIT, "commit_transaction"},
                 {MOCK_HANG_FLUSH, "flush"}};
    mock_open(&m, 1, "royale.batch_rows_max=1000\n");
    mock_fail(hangs[_i].fault, 1);
    mock_sink_open(&s, &m, ROWS);
    ck_assert(mock_sink_becomes(&s, RY_EXPORT_HUNG, 10));
    ck_assert_ptr_nonnull(strstr(s.sink.error, hangs[_i].call));
    ck_assert_uint_eq(s.sink.counts.hangs, 1);
}
END_TEST

/* Close is bounded, whatever the thread is in. */
START_TEST(close_does_not_wait_for_long)
{
    some_rows(1);
    mock_fail(MOCK_HANG_COMMIT, 1);
    mock_sink_run(&s, 300);
    int64_t begun_ns = ry_clock_ns();
    s.sink.state = RY_EXPORT_READY;
    ck_assert_int_eq(s.sink.close(&s.sink), 0);
    ck_assert_int_lt(ry_clock_ns() - begun_ns, (RY_KAFKA_CLOSE_MS + 1000) * INT64_C(1000000));
}
END_TEST

static const struct ry_test_one tests[] = {
    {&commit_that_was_lost, 0, 1},
    {&commit_that_was_done, 0, 1},
    {&claim_in_doubt, 0, 2},
    {&fenced_by_mistake, 0, 1},
    {&fatal_error, 0, 1},
    {&broker_refuses, 0, REFUSALS},
    {&broker_refuses_for_long, 0, 1},
    {&broker_away, 0, 1},
    {&one_of_three_away, 0, 1},
    {&coordinator_away, 0, 2},
    {&init_has_a_limit, 0, 1},
    {&slow_broker, 0, 1},
    {&topic_is_not_there, 0, 1},
    {&not_allowed, 0, 1},
    {&call_that_hangs, 0, 4},
    {&close_does_not_wait_for_long, 0, 1},
};

RY_TEST_MAIN_SIDE_BY_SIDE("kafka/sink faults", 90, tests)
