/* What reads from Kafka, with librdkafka's mock cluster: tail's lines, filters and ends, the
 * league's table, and how members of its group share the topic. The mock knows no transactions:
 * what hides behind an open one is tested with a real broker, tests/kafka/readers.sh.
 */
#include <librdkafka/rdkafka.h>

#include <librdkafka/rdkafka_mock.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tests/support/results_rig.h"
#include "tools/kafka/commands.h"
#include "tools/kafka/league_group.h"
#include "tools/kafka/message.h"
#include "tools/text/exit.h"

#define PARTITIONS 3
#define ID         "5aa00000000000000000000000000000"
#define TEXT_BYTES 65536

static rd_kafka_t *host, *producer;
static rd_kafka_mock_cluster_t *cluster;
static char brokers[128];
static struct stage stage;
static struct ry_kafka_settings settings;
static char out[TEXT_BYTES], err[TEXT_BYTES];
static unsigned fills, trades;             /* in the topic of fills, */
static unsigned fills_of[3], trades_of[3]; /* and those of each agent */

/* ---- a cluster with a battle in it ----------------------------------------------------------- */

/* A file of settings. */
static void write_settings(char path[32], const char *lines)
{
    strcpy(path, "/tmp/royale-test-XXXXXX");
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, lines, strlen(lines)), (ssize_t)strlen(lines));
    close(file);
}

static void open_cluster(void)
{
    char error[512];
    ck_assert(ry_clock_init());
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    ck_assert_int_eq(rd_kafka_conf_set(conf, "log_level", "3", error, sizeof error), 0);
    host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    ck_assert_msg(host != NULL, "%s", error);
    cluster = rd_kafka_mock_cluster_new(host, 1);
    snprintf(brokers, sizeof brokers, "%s", rd_kafka_mock_cluster_bootstraps(cluster));
    ck_assert_int_eq(ry_kafka_settings_read(&settings, NULL, brokers, error), 0);
    for (int i = 0; i < RY_KAFKA_TOPICS; i++)
        ck_assert_int_eq(rd_kafka_mock_topic_create(cluster, settings.topic[i].name, PARTITIONS, 1),
                         0);
    conf = rd_kafka_conf_new();
    ck_assert_int_eq(rd_kafka_conf_set(conf, "bootstrap.servers", brokers, error, sizeof error), 0);
    ck_assert_int_eq(rd_kafka_conf_set(conf, "linger.ms", "0", error, sizeof error), 0);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    ck_assert_msg(producer != NULL, "%s", error);
}

static void close_cluster(void)
{
    rd_kafka_destroy(producer);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(host);
    ry_kafka_settings_close(&settings);
}

static void put(enum ry_kafka_topic topic, const void *key, size_t key_bytes, const void *value,
                size_t bytes, const char *content)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
    rd_kafka_header_add(headers, "content-type", -1, content, -1);
    ck_assert_int_eq(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(settings.topic[topic].name),
                                       RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                       RD_KAFKA_V_KEY((void *)(uintptr_t)key, key_bytes),
                                       RD_KAFKA_V_VALUE((void *)(uintptr_t)value, bytes),
                                       RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END),
                     0);
}

static void put_row(const struct ry_results_row *row, enum ry_kafka_topic topic,
                    enum ry_kafka_format format)
{
    char key[RY_KAFKA_KEY_BYTES], value[RY_KAFKA_MESSAGE_MAX];
    size_t key_bytes = ry_kafka_message_key(key, topic, &stage.results, row);
    size_t bytes = ry_kafka_message_value(value, format, &stage.results, row);
    put(topic, key, key_bytes, value, bytes,
        format == RY_KAFKA_PROTOBUF ? "application/x-protobuf" : "application/json");
}

static void count_row(const struct ry_results_row *row)
{
    fills += row->kind == RY_RESULTS_ROW_FILL;
    trades += row->kind == RY_RESULTS_ROW_TRADE;
    for (uint16_t agent = 0; agent < 3; agent++) {
        fills_of[agent] += row->kind == RY_RESULTS_ROW_FILL && row->fill.agent == agent;
        trades_of[agent] += row->kind == RY_RESULTS_ROW_TRADE &&
                            (row->trade.maker == agent || row->trade.taker == agent);
    }
}

/* Fills in Protobuf, all else in JSON. */
static void take_row(void *context, const struct ry_results_row *row)
{
    (void)context;
    count_row(row);
    for (int topic = 0; topic < RY_KAFKA_TOPICS; topic++)
        if (ry_kafka_topics[topic].rows & UINT32_C(1) << row->kind)
            put_row(row, (enum ry_kafka_topic)topic,
                    topic == RY_KAFKA_FILLS ? RY_KAFKA_PROTOBUF : RY_KAFKA_JSON);
}

/* The small battle of three agents that is known by heart; its id begins with 5aa0. */
static void put_battle(bool whole)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage.results.row = take_row;
    stage.results.appliance = "fra1";
    stage_play(&stage);
    if (whole)
        stage_end(&stage);
    stage_close(&stage);
    ck_assert_int_eq(rd_kafka_flush(producer, 10000), 0);
}

/* ---- running commands ------------------------------------------------------------------------ */

static void read_back(int file, char *text)
{
    ssize_t bytes = pread(file, text, TEXT_BYTES - 1, 0);
    text[bytes > 0 ? bytes : 0] = 0;
    close(file);
}

static int temporary(void)
{
    char path[] = "/tmp/royale-test-XXXXXX";
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    unlink(path);
    return file;
}

/* `words` with blanks between, and --brokers; `out`, `err`, the exit code. */
static int run(int (*command)(int, char **), const char *words)
{
    char copy[512], *argv[24] = {NULL}, *rest = copy;
    int argc = 0, files[2] = {temporary(), temporary()}, kept[2] = {dup(1), dup(2)};
    snprintf(copy, sizeof copy, "command --brokers %s %s", brokers, words);
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
        if (word[0] != 0)
            argv[argc++] = word;
    fflush(NULL);
    for (int i = 0; i < 2; i++)
        dup2(files[i], i + 1);
    int code = command(argc, argv);
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        dup2(kept[i], i + 1);
        close(kept[i]);
        read_back(files[i], i == 0 ? out : err);
    }
    return code;
}

static unsigned lines(const char *text)
{
    unsigned count = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++)
        count++;
    return count;
}

static unsigned count_of(const char *text, const char *word)
{
    unsigned count = 0;
    for (; (text = strstr(text, word)) != NULL; text += strlen(word))
        count++;
    return count;
}

/* ---- tail ------------------------------------------------------------------------------------ */

START_TEST(test_tail_all)
{
    open_cluster();
    put_battle(true);
    ck_assert_int_eq(run(ry_kafka_tail_main, "--from beginning --until-end"), RY_EXIT_OK);
    ck_assert_str_eq(err, "");
    ck_assert_uint_eq(count_of(out, " fill "), fills);
    ck_assert_uint_eq(count_of(out, " end input="), 1);
    ck_assert_uint_eq(count_of(out, " standing "), 0); /* the leaderboard is not asked for */
    ck_assert_ptr_nonnull(
        strstr(out, "1970-01-01T00:00:01.000000000Z fra1 5aa00000 fill input=11 n=3 instrument=S0 "
                    "price=10.05 qty=20 side=sell agent=a1 liquidity=maker cause=agent cl_ord_id=1 "
                    "leaves=0 fee=0.020100 cash=1000200.979900 position=-20 seq=3\n"));
    ck_assert_ptr_nonnull(strstr(out, " maker=- "));
    close_cluster();
}
END_TEST

/* An end that nobody asked to see ends it, and rows of other topics are all out by then. */
START_TEST(test_tail_json)
{
    open_cluster();
    put_battle(true);
    ck_assert_int_eq(run(ry_kafka_tail_main, "--topic fills --json --from beginning --until-end"),
                     RY_EXIT_OK);
    ck_assert_uint_eq(
        count_of(out, "{\"type\":\"fill\",\"appliance\":\"fra1\",\"battle_id\":\"" ID), fills);
    ck_assert_uint_eq(count_of(out, "\"type\":\"end\""), 0);
    ck_assert_ptr_nonnull(strstr(
        out,
        "{\"type\":\"fill\",\"appliance\":\"fra1\",\"battle_id\":\"" ID "\",\"input\":11,\"n\":3,"
        "\"time_ns\":\"1000000000\",\"time\":\"1970-01-01T00:00:01.000000000Z\","
        "\"instrument\":\"S0\",\"price\":\"10.05\",\"qty\":20,\"side\":\"sell\",\"agent\":\"a1\","
        "\"liquidity\":\"maker\",\"cause\":\"agent\",\"cl_ord_id\":\"1\",\"leaves\":0,"
        "\"fee\":\"0.020100\",\"cash\":\"1000200.979900\",\"position\":-20,\"seq\":3}\n"));
    close_cluster();
}
END_TEST

START_TEST(test_tail_filters)
{
    open_cluster();
    put_battle(true);
    const struct {
        const char *words;
        unsigned fills, trades;
    } cases[] = {
        {"", fills, trades},
        {"--agent a0", fills_of[0], trades_of[0]},
        {"--agent a1", fills_of[1], trades_of[1]},
        {"--agent a2", fills_of[2], trades_of[2]},
        {"--agent nobody", 0, 0},
        {"--battle 5aa0", fills, trades},
        {"--instrument S0", fills, trades},
        {"--instrument S1", 0, 0},
        {"--agent a1 --count 1", 1, 0},
        {"--type fill", fills, 0},
        {"--type trade,ack --agent a1", 0, trades_of[1]},
    };
    ck_assert(fills > fills_of[2] && fills_of[2] > 0 && trades_of[1] > 0);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        char words[256];
        snprintf(words, sizeof words, "--topic fills --from beginning --until-end %s",
                 cases[i].words);
        ck_assert_int_eq(run(ry_kafka_tail_main, words), RY_EXIT_OK);
        ck_assert_msg(count_of(out, " fill ") == cases[i].fills &&
                          count_of(out, " trade ") == cases[i].trades,
                      "%s:\n%s", cases[i].words, out);
    }
    close_cluster();
}
END_TEST

/* What is no row is said once; what a terminal would obey is written over. */
START_TEST(test_tail_strange)
{
    static const char evil[] = "{\"type\":\"future\\u001b[31m\",\"battle_id\":7,\"x\":\"\\u202e\"}";
    open_cluster();
    put(RY_KAFKA_ROUNDS, "k", 1, "no row", 6, "application/json");
    put(RY_KAFKA_ROUNDS, "k", 1, "\xff\xff", 2, "application/x-protobuf");
    put(RY_KAFKA_ROUNDS, "k", 1, NULL, 0, "application/json");
    put(RY_KAFKA_ROUNDS, "k", 1, evil, strlen(evil), "application/json");
    put_battle(true);
    ck_assert_int_eq(run(ry_kafka_tail_main, "--topic rounds --from beginning --until-end"),
                     RY_EXIT_OK);
    ck_assert_uint_eq(lines(err), 1);
    ck_assert_ptr_nonnull(strstr(err, "royale.rounds.v1, partition "));
    ck_assert_ptr_nonnull(strstr(out, "- - future?[31m x="));
    ck_assert_ptr_null(strchr(out, '\033'));
    close_cluster();
}
END_TEST

START_TEST(test_refused)
{
    static const struct {
        const char *words, *reason;
        int code;
    } cases[] = {
        {"--topic fill",
         "--topic: no topic fill, perhaps fills; they are trades, fills, orders, "
         "leaderboard, rounds",
         RY_EXIT_USAGE},
        {"--topic fills,", "no topic ;", RY_EXIT_USAGE},
        {"--battle 5AA", "--battle", RY_EXIT_USAGE},
        {"--battle " ID "0", "--battle", RY_EXIT_USAGE},
        {"--from yesterday", "--from", RY_EXIT_USAGE},
        {"--count 0", "--count", RY_EXIT_USAGE},
        {"--config /nowhere/at/all", "/nowhere/at/all", RY_EXIT_USAGE},
    };
    open_cluster();
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(run(ry_kafka_tail_main, cases[i].words), cases[i].code);
        ck_assert_msg(strstr(err, cases[i].reason) != NULL, "%s", err);
        ck_assert_str_eq(out, "");
    }
    ck_assert_int_eq(run(ry_kafka_league_main, "--group g"), RY_EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(err, "--group goes with --follow"));
    close_cluster();
}
END_TEST

START_TEST(test_missing)
{
    open_cluster();
    char path[32], words[128];
    write_settings(path, "royale.topic.leaderboard.name=elsewhere\nroyale.topic.fills.name=gone\n");
    snprintf(words, sizeof words, "--config %s", path);
    ck_assert_int_eq(run(ry_kafka_tail_main, words), RY_EXIT_ENVIRONMENT);
    ck_assert_ptr_nonnull(strstr(err, ": topic gone is not there; `royale kafka init --config "));
    ck_assert_uint_eq(lines(err), 1);
    ck_assert_int_eq(run(ry_kafka_league_main, words), RY_EXIT_ENVIRONMENT);
    ck_assert_ptr_nonnull(
        strstr(err, ": topic elsewhere is not there; `royale kafka init --config "));
    strcat(words, " --follow");
    ck_assert_int_eq(run(ry_kafka_league_main, words), RY_EXIT_ENVIRONMENT);
    ck_assert_ptr_nonnull(
        strstr(err, ": topic elsewhere is not there; `royale kafka init --config "));
    unlink(path);
    close_cluster();
}
END_TEST

/* ---- league ---------------------------------------------------------------------------------- */

#define STANDING(input, more)                                                                      \
    "{\"type\":\"standing\",\"battle_id\":\"" ID "\",\"input\":" input ",\"n\":1," more "}"

START_TEST(test_league)
{
    static const char later[] = STANDING("1", "\"agent\":\"x\"");
    open_cluster();
    put_battle(true);
    put(RY_KAFKA_LEADERBOARD, "k", 1, later, strlen(later), "application/json"); /* no key of it */
    ck_assert_int_eq(rd_kafka_flush(producer, 10000), 0);
    ck_assert_int_eq(run(ry_kafka_league_main, ""), RY_EXIT_OK);
    ck_assert_str_eq(err, "");
    ck_assert_ptr_nonnull(strstr(out, "battles: 1 ranked, 0 unranked, 0 running; appliances: 1\n"
                                      "passed over: 1 messages that are no standings\n"));
    ck_assert_uint_eq(lines(out), 6);
    ck_assert_int_eq(run(ry_kafka_league_main, "--json"), RY_EXIT_OK);
    json_t *table = json_loads(out, 0, NULL), *agents = json_object_get(table, "agents");
    ck_assert_uint_eq(lines(out), 1);
    ck_assert_uint_eq(json_array_size(agents), 3);
    json_t *last = json_array_get(agents, 2);
    ck_assert_str_eq(json_string_value(json_object_get(last, "agent")), "a2");
    ck_assert_str_eq(json_string_value(json_object_get(last, "rank_mean")), "3.000");
    ck_assert_str_eq(json_string_value(json_object_get(last, "beaten_share")), "0.000");
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(last, "out"), "last")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(table, "partitions_all")), PARTITIONS);
    ck_assert_int_eq(json_integer_value(json_object_get(table, "malformed")), 1);
    json_decref(table);
    close_cluster();
}
END_TEST

/* A message without a value takes an agent out. */
START_TEST(test_league_forgets)
{
    open_cluster();
    put_battle(false);
    ck_assert_int_eq(run(ry_kafka_league_main, ""), RY_EXIT_OK);
    ck_assert_ptr_nonnull(strstr(out, "0 ranked, 0 unranked, 1 running"));
    ck_assert_ptr_nonnull(strstr(out, " a1 "));
    ck_assert_ptr_nonnull(strstr(out, "  -  ")); /* a mean of no battle */
    put(RY_KAFKA_LEADERBOARD, ID "|a1", strlen(ID "|a1"), NULL, 0, "application/json");
    ck_assert_int_eq(rd_kafka_flush(producer, 10000), 0);
    ck_assert_int_eq(run(ry_kafka_league_main, ""), RY_EXIT_OK);
    ck_assert_ptr_null(strstr(out, " a1 "));
    ck_assert_ptr_nonnull(strstr(out, " a2 "));
    close_cluster();
}
END_TEST

/* ---- a group --------------------------------------------------------------------------------- */

struct member {
    struct ry_kafka_league_group group;
    unsigned messages; /* since its share changed */
    bool open;
};

static struct member member[2];

static void step(struct member *m)
{
    rd_kafka_message_t *message = ry_kafka_league_group_next(&m->group, 20);
    ck_assert_str_eq(m->group.error, "");
    if (m->group.dropped)
        m->messages = 0;
    m->group.dropped = false;
    m->messages += message != NULL;
    if (message != NULL)
        rd_kafka_message_destroy(message);
}

/* Until each of `members` that are open has read its share of the topic. Whose share is larger is
 * decided by the order of their ids, and the mock makes an id of where its memory happens to lie.
 */
static void settle(int members)
{
    int64_t deadline = ry_clock_ns() + 60 * RY_NS_PER_SECOND;
    for (;;) {
        bool ready = true;
        int share[2] = {0};
        for (unsigned i = 0; i < 2; i++) {
            if (!member[i].open)
                continue;
            step(&member[i]);
            if (ry_kafka_league_group_ready(&member[i].group))
                share[i] = member[i].group.share->cnt;
            ready &= share[i] >= PARTITIONS / members;
        }
        if (ready && share[0] + share[1] == PARTITIONS)
            return;
        ck_assert_msg(ry_clock_ns() < deadline, "the group of %d does not settle: shares %d, %d",
                      members, share[0], share[1]);
    }
}

static void join(unsigned i)
{
    member[i] = (struct member){.open = true};
    ck_assert_int_eq(
        ry_kafka_league_group_open(&member[i].group, &settings, "g", "royale.leaderboard.v1"), 0);
    ck_assert_uint_eq(member[i].group.partitions_all, PARTITIONS);
}

static void leave(unsigned i)
{
    ry_kafka_league_group_close(&member[i].group);
    member[i].open = false;
}

/* Who joins and who leaves changes everybody's share, and each share is read from its beginning. */
START_TEST(test_group)
{
    open_cluster();
    put_battle(true);
    /* The mock waits for who is to come back as long as a session lasts. */
    char path[32], error[RY_KAFKA_ERROR_BYTES];
    write_settings(path, "session.timeout.ms=4000\nheartbeat.interval.ms=100\n");
    ry_kafka_settings_close(&settings);
    ck_assert_int_eq(ry_kafka_settings_read(&settings, path, brokers, error), 0);
    unlink(path);
    join(0);
    settle(1);
    unsigned all = member[0].messages;
    ck_assert_uint_eq(all, 9); /* round 1: 3, out: 1, round 2: 2, the end: 3 */
    join(1);
    settle(2);
    ck_assert_uint_eq(member[0].messages + member[1].messages, all);
    leave(0);
    settle(1);
    ck_assert_uint_eq(member[1].messages, all);
    leave(1);
    close_cluster();
}
END_TEST

static const struct ry_test_one tests[] = {
    {&test_tail_all, 0, 1},     {&test_tail_json, 0, 1},      {&test_tail_filters, 0, 1},
    {&test_tail_strange, 0, 1}, {&test_refused, 0, 1},        {&test_missing, 0, 1},
    {&test_league, 0, 1},       {&test_league_forgets, 0, 1}, {&test_group, 0, 1},
};

RY_TEST_MAIN_SIDE_BY_SIDE("kafka_consumers", 120, tests)
