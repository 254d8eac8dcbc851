/* `royale kafka verify` on librdkafka's mock cluster: a battle whose rows a plain producer wrote,
 * with one thing wrong; what is said of it, and the exit code. How each kind of defect is told:
 * test_kafka_compare.c.
 */
#include <librdkafka/rdkafka.h>

#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/results/follow.h"
#include "tests/support/journal_rig.h"
#include "tests/support/results_rig.h"
#include "tests/support/test.h"
#include "tools/kafka/cursor.h"
#include "tools/kafka/kafka.h"
#include "tools/kafka/message.h"
#include "tools/text/exit.h"
#include "tools/text/row_value.h"

#define MESSAGES_MAX 256
#define OUT_BYTES    4096
#define PARTITIONS   3
#define CLUSTER_MS   10000

struct message {
    enum ry_kafka_topic topic;
    struct ry_export_cursor at;
    char key[RY_KAFKA_KEY_BYTES], value[RY_KAFKA_MESSAGE_MAX];
    size_t key_bytes, value_bytes;
    rd_kafka_headers_t *headers;
    int partition;
};

static struct stage stage;
static struct journal_folder folder;
static rd_kafka_t *host;
static rd_kafka_mock_cluster_t *cluster;
static struct ry_kafka_settings settings;
static char config[128], out[OUT_BYTES];
static struct message message[MESSAGES_MAX];
static unsigned messages;

/* ---- the battle and its messages ------------------------------------------------------------- */

static void take(void *context, const struct ry_results_row *row)
{
    const struct ry_results *r = context;
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++) {
        const struct ry_kafka_topic_settings *topic = &settings.topic[t];
        if ((topic->rows >> row->kind & 1) == 0)
            continue;
        ck_assert_uint_lt(messages, MESSAGES_MAX);
        struct message *m = &message[messages++];
        *m = (struct message){.topic = (enum ry_kafka_topic)t, .at = {row->key.input, row->key.n}};
        m->key_bytes = ry_kafka_message_key(m->key, m->topic, r, row);
        m->value_bytes = ry_kafka_message_value(m->value, topic->format, r, row);
        m->headers = ry_kafka_message_headers(&settings, m->topic, row->kind, 5);
        m->partition =
            rd_kafka_msg_partitioner_murmur2(NULL, m->key, m->key_bytes, PARTITIONS, NULL, NULL);
    }
}

static void make_messages(void)
{
    static struct ry_follow follow;
    static struct ry_results results;
    char error[RY_KAFKA_ERROR_BYTES];
    ck_assert_int_eq(ry_follow_open(&follow, folder.path, error, sizeof error), 0);
    ry_results_open(&results, &stage_id, NULL);
    results.appliance = settings.appliance;
    results.row = take;
    results.context = &results;
    while (ry_results_step(&results, &follow, 64) > 0)
        ;
    ry_results_close(&results);
    ry_follow_close(&follow);
}

/* ---- the cluster ----------------------------------------------------------------------------- */

static void write_settings(const char *lines)
{
    char error[RY_KAFKA_ERROR_BYTES];
    snprintf(config, sizeof config, "%s/kafka.conf", folder.path);
    FILE *file = fopen(config, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "bootstrap.servers=%s\nroyale.appliance=test\n%s",
            rd_kafka_mock_cluster_bootstraps(cluster), lines);
    fclose(file);
    ck_assert_int_eq(ry_kafka_settings_read(&settings, config, NULL, error), 0);
}

/* A battle of `inputs` less than all, and its messages, not sent. */
static void begin(uint64_t less, const char *lines)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage);
    stage_end(&stage);
    folder = stage_journal(&stage, stage.inputs - less);
    host = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), NULL, 0);
    cluster = rd_kafka_mock_cluster_new(host, 1);
    ck_assert_ptr_nonnull(cluster);
    messages = 0;
    write_settings(lines);
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++)
        rd_kafka_mock_topic_create(cluster, settings.topic[t].name, PARTITIONS, 1);
    make_messages();
}

static void finish(void)
{
    for (unsigned i = 0; i < messages; i++)
        rd_kafka_headers_destroy(message[i].headers);
    ry_kafka_settings_close(&settings);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(host);
    journal_folder_remove(&folder);
    stage_close(&stage);
}

static rd_kafka_t *producer(void)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster), NULL,
                      0);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    ck_assert_ptr_nonnull(rk);
    return rk;
}

static void send_all(void)
{
    rd_kafka_t *rk = producer();
    for (unsigned i = 0; i < messages; i++) {
        struct message *m = &message[i];
        ck_assert_int_eq(rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(settings.topic[m->topic].name),
                                           RD_KAFKA_V_PARTITION(m->partition),
                                           RD_KAFKA_V_KEY(m->key, m->key_bytes),
                                           RD_KAFKA_V_VALUE(m->value, m->value_bytes),
                                           RD_KAFKA_V_HEADERS(rd_kafka_headers_copy(m->headers)),
                                           RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                           RD_KAFKA_V_END),
                         0);
    }
    ck_assert_int_eq(rd_kafka_flush(rk, CLUSTER_MS), 0);
    rd_kafka_destroy(rk);
}

/* The export says that it is there; the topic of cursors is made. */
static void send_cursor(struct ry_export_cursor at, uint64_t epoch)
{
    char key[128], value[RY_KAFKA_CURSOR_BYTES], hex[RY_TEXT_ID_BYTES];
    const struct ry_kafka_cursor cursor = {
        .battle_id = stage_id, .at = at, .epoch = epoch, .instance = 1};
    snprintf(key, sizeof key, "royale-%s", ry_text_row_id(hex, &stage_id));
    size_t bytes = ry_kafka_cursor_print(value, &cursor);
    rd_kafka_mock_topic_create(cluster, settings.cursors, 2, 1);
    rd_kafka_t *rk = producer();
    ck_assert_int_eq(rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(settings.cursors),
                                       RD_KAFKA_V_KEY(key, strlen(key)),
                                       RD_KAFKA_V_VALUE(value, bytes),
                                       RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END),
                     0);
    ck_assert_int_eq(rd_kafka_flush(rk, CLUSTER_MS), 0);
    rd_kafka_destroy(rk);
}

/* ---- the command ----------------------------------------------------------------------------- */

/* Runs it; what it printed is in `out`, errors with the rest. */
static int verify(void)
{
    char name[] = "verify", option[] = "--config", timeout[] = "--timeout", seconds[] = "5";
    char *arguments[] = {name, option, config, timeout, seconds, folder.path, NULL};
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fflush(stdout);
    int old_out = dup(STDOUT_FILENO), old_error = dup(STDERR_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    int code = ry_kafka_verify_main(6, arguments);
    fflush(stdout);
    dup2(old_out, STDOUT_FILENO);
    dup2(old_error, STDERR_FILENO);
    close(old_out);
    close(old_error);
    rewind(file);
    out[fread(out, 1, sizeof out - 1, file)] = 0;
    fclose(file);
    return code;
}

static void want(int code, const char *text)
{
    int is = verify();
    ck_assert_msg(is == code && strstr(out, text) != NULL, "%d: %s", is, out);
}

/* The last message of that topic in the journal's order, for a test to do something to it. */
static struct message *last_of(enum ry_kafka_topic topic)
{
    for (unsigned i = messages; i-- > 0;)
        if (message[i].topic == topic)
            return &message[i];
    ck_abort_msg("no message");
    return NULL;
}

static void remove_message(struct message *m)
{
    rd_kafka_headers_destroy(m->headers);
    memmove(m, m + 1, (size_t)(&message[--messages] - m) * sizeof *m);
}

START_TEST(test_equal)
{
    char text[64];
    begin(0, "");
    send_all();
    snprintf(text, sizeof text, "equal: %u rows in 5 topics\n", messages);
    ck_assert_uint_gt(messages, 40);
    ck_assert_int_eq(verify(), RY_EXIT_OK);
    ck_assert_str_eq(out, text);
    finish();
}
END_TEST

START_TEST(test_equal_protobuf)
{
    begin(0, "royale.topic.fills.format=protobuf\nroyale.topic.leaderboard.format=protobuf\n"
             "royale.topic.orders.rows=order,ack\nroyale.topic.trades.rows=none\n"
             "royale.topic.rounds.name=r\n");
    send_all();
    want(RY_EXIT_OK, "rows in 4 topics\n");
    finish();
}
END_TEST

START_TEST(test_missing)
{
    begin(0, "");
    remove_message(last_of(RY_KAFKA_FILLS));
    send_all();
    want(RY_EXIT_FAILED, " missing: partition ");
    ck_assert_ptr_nonnull(strstr(out, "royale.fills.v1: "));
    ck_assert_ptr_nonnull(strstr(out, "\nnot equal: "));
    ck_assert_ptr_nonnull(strstr(out, " rows in 5 topics: 1 missing\n"));
    finish();
}
END_TEST

START_TEST(test_double_and_order)
{
    begin(0, "");
    struct message *m = last_of(RY_KAFKA_ROUNDS);
    message[messages] = *m;
    message[messages++].headers = rd_kafka_headers_copy(m->headers);
    send_all();
    want(RY_EXIT_FAILED, ": double: the row stands there before");
    ck_assert_ptr_nonnull(strstr(out, " topics: 1 double\n"));
    finish();

    begin(0, "");
    struct message kept = message[0]; /* the first of rounds goes behind all others */
    ck_assert_int_eq(kept.topic, RY_KAFKA_ROUNDS);
    memmove(&message[0], &message[1], (messages - 1) * sizeof kept);
    message[messages - 1] = kept;
    send_all();
    want(RY_EXIT_FAILED, ": out of order: a later row stands before it");
    ck_assert_ptr_nonnull(strstr(out, " topics: 1 out of order\n"));
    finish();
}
END_TEST

START_TEST(test_different)
{
    begin(0, "");
    struct message *m = last_of(RY_KAFKA_TRADES);
    char *price = strstr(m->value, "\"price\":\"");
    ck_assert_ptr_nonnull(price);
    price[strlen("\"price\":\"")] ^= 1;
    send_all();
    want(RY_EXIT_FAILED, ": different: its value differs from byte ");
    ck_assert_ptr_nonnull(strstr(out, " topics: 1 different\n"));
    finish();
}
END_TEST

START_TEST(test_wrong_key_and_foreign)
{
    begin(0, "");
    struct message *m = last_of(RY_KAFKA_ORDERS);
    m->key[0] ^= 1;
    send_all();
    want(RY_EXIT_FAILED, ": different: its key is ");
    finish();

    begin(0, "");
    m = last_of(RY_KAFKA_ORDERS);
    m->topic = RY_KAFKA_TRADES; /* whose rows it does not belong to */
    send_all();
    want(RY_EXIT_FAILED, ": foreign: the journal has no such row for this topic");
    ck_assert_ptr_nonnull(strstr(out, " topics: 1 missing, 1 foreign\n"));
    finish();
}
END_TEST

static void send_stray(enum ry_kafka_topic topic, const char *value, size_t bytes)
{
    char key[] = "x\n"; /* the macro has no const */
    rd_kafka_t *rk = producer();
    ck_assert_int_eq(rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(settings.topic[topic].name),
                                       RD_KAFKA_V_PARTITION(1), RD_KAFKA_V_KEY(key, 2),
                                       RD_KAFKA_V_VALUE((void *)(uintptr_t)value, bytes),
                                       RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END),
                     0);
    ck_assert_int_eq(rd_kafka_flush(rk, CLUSTER_MS), 0);
    rd_kafka_destroy(rk);
}

/* What no exporter wrote is said, and is no difference; nor is another battle's row. */
START_TEST(test_strays)
{
    begin(0, "");
    struct message *m = &message[messages++];
    *m = *last_of(RY_KAFKA_FILLS);
    m->headers = rd_kafka_headers_copy(m->headers);
    char *id = strstr(m->value, "\"battle_id\":\"");
    ck_assert_ptr_nonnull(id);
    id[strlen("\"battle_id\":\"")] ^= 1;
    send_all();
    send_stray(RY_KAFKA_LEADERBOARD, NULL, 0);
    ck_assert_int_eq(verify(), RY_EXIT_OK);
    ck_assert_int_eq(strncmp(out, "equal: ", 7), 0);
    send_stray(RY_KAFKA_ROUNDS, "hello", 5);
    want(RY_EXIT_OK,
         "1 message is no row of any battle, the first: royale.rounds.v1 partition 1 offset ");
    ck_assert_ptr_nonnull(strstr(out, ", key x?, value hello\nequal: "));
    send_stray(RY_KAFKA_FILLS, NULL, 0);
    want(RY_EXIT_OK,
         "2 messages are no row of any battle, the first: royale.fills.v1 partition 1 offset ");
    finish();
}
END_TEST

/* The rows of another appliance are others. */
START_TEST(test_appliance)
{
    begin(0, "");
    send_all();
    ry_kafka_settings_close(&settings);
    write_settings("royale.id=x\n");
    FILE *file = fopen(config, "a");
    ck_assert_ptr_nonnull(file);
    fputs("client.id=y\n", file);
    fclose(file);
    ck_assert_int_eq(verify(), RY_EXIT_OK);
    file = fopen(config, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "bootstrap.servers=%s\nroyale.appliance=tesu\n",
            rd_kafka_mock_cluster_bootstraps(cluster));
    fclose(file);
    want(RY_EXIT_FAILED, "the journal says ..");
    ck_assert_ptr_nonnull(strstr(out, "tesu"));
    finish();
}
END_TEST

/* A journal without the battle's end is compared up to the export's cursor. */
START_TEST(test_unfinished)
{
    begin(1, "");
    struct ry_export_cursor at = message[messages / 2].at;
    while (messages > 0 && ry_export_behind(&message[messages - 1].at, &at))
        remove_message(&message[messages - 1]);
    send_all();
    want(RY_EXIT_FAILED, "where the journal ends\n"); /* no cursor: all is expected */
    ck_assert_ptr_nonnull(strstr(out, "missing"));
    send_cursor((struct ry_export_cursor){0, 0}, 1);
    send_cursor(at, 1);
    send_cursor((struct ry_export_cursor){1, 1}, 1); /* not newer */
    want(RY_EXIT_OK, ", where the export is\nequal: ");

    /* The journal has lost what the export has sent. */
    send_cursor((struct ry_export_cursor){stage.inputs + 10, 1}, 2);
    want(RY_EXIT_FAILED, "; the export is at input ");
    finish();
}
END_TEST

/* Of a battle that is over everything is expected, and it is said that the export can go on. */
START_TEST(test_unfinished_export)
{
    begin(0, "");
    struct ry_export_cursor at = message[messages / 2].at;
    while (messages > 0 && ry_export_behind(&message[messages - 1].at, &at))
        remove_message(&message[messages - 1]);
    send_all();
    send_cursor(at, 3);
    want(RY_EXIT_FAILED, "and goes on when it is started again\n");
    finish();
}
END_TEST

START_TEST(test_no_topic)
{
    begin(0, "");
    ry_kafka_settings_close(&settings);
    write_settings("royale.topic.fills.name=nothing\n");
    want(RY_EXIT_FAILED, "topic nothing is not there; `royale kafka init --config ");
    finish();
}
END_TEST

/* A broker that stops answering is given up in time, with the place. */
START_TEST(test_broker_goes)
{
    begin(0, "");
    send_all();
    rd_kafka_mock_push_request_errors(cluster, 1 /* Fetch */, 1, RD_KAFKA_RESP_ERR__TRANSPORT);
    ck_assert_int_eq(verify(), RY_EXIT_OK); /* a connection that breaks is mended */
    for (int i = 0; i < 400; i++)
        rd_kafka_mock_push_request_errors(cluster, 1, 1,
                                          RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
    want(RY_EXIT_ENVIRONMENT, " nothing for 5 s at offset 0 of ");
    finish();
}
END_TEST

static const struct ry_test_one tests[] = {
    {&test_equal, 0, 1},      {&test_equal_protobuf, 0, 1},
    {&test_missing, 0, 1},    {&test_double_and_order, 0, 1},
    {&test_different, 0, 1},  {&test_wrong_key_and_foreign, 0, 1},
    {&test_strays, 0, 1},     {&test_appliance, 0, 1},
    {&test_unfinished, 0, 1}, {&test_unfinished_export, 0, 1},
    {&test_no_topic, 0, 1},   {&test_broker_goes, 0, 1},
};

RY_TEST_MAIN_SIDE_BY_SIDE("kafka verify", 60, tests)
