#include "tests/support/bench_kafka.h"

#include <assert.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/results/follow.h"
#include "shm/clock.h"
#include "tests/support/bench_battle.h"
#include "tools/kafka/client.h"
#include "tools/kafka/message.h"

#define PORT       "29092"
#define CALL_MS    60000
#define SILENCE_MS 10000

static char brokers[256];
static char folder[PATH_MAX]; /* of the broker that was started; empty: none was */

/* ---- a broker -------------------------------------------------------------------------------- */

bool ry_bench_kafka_up(void)
{
    const char *given = getenv("ROYALE_BROKERS");
    if (given != NULL) {
        snprintf(brokers, sizeof brokers, "%s", given);
        return true;
    }
    char path[PATH_MAX], command[3 * PATH_MAX];
    snprintf(folder, sizeof folder, "%s", ry_bench_path(path, "kafka"));
    snprintf(brokers, sizeof brokers, "127.0.0.1:" PORT);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    snprintf(command, sizeof command,
             "taskset -c %s%ld tools/dev/kafka.sh up --port " PORT " --dir '%s' >'%s.log' 2>&1",
             cores > 2 ? "1-" : "", cores - 1, folder, folder);
    if (system(command) == 0)
        return true;
    printf("skipped: no Kafka: tools/dev/kafka.sh up failed:\n");
    fflush(stdout);
    snprintf(command, sizeof command, "tail -n 3 '%s.log'", folder);
    (void)!system(command);
    folder[0] = 0;
    return false;
}

void ry_bench_kafka_down(void)
{
    char command[PATH_MAX + 64];
    if (folder[0] == 0)
        return;
    snprintf(command, sizeof command, "tools/dev/kafka.sh down --dir '%s' >/dev/null 2>&1", folder);
    if (system(command) != 0)
        fprintf(stderr, "the broker in %s was not stopped\n", folder);
}

void ry_bench_kafka_settings(const char *path, const char *id)
{
    FILE *file = fopen(path, "w");
    assert(file != NULL);
    fprintf(file, "bootstrap.servers=%s\nroyale.id=%s\n", brokers, id);
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++)
        fprintf(file, "royale.topic.%s.name=bench%d.%s\n", ry_kafka_topics[t].word, (int)getpid(),
                ry_kafka_topics[t].word);
    fclose(file);
}

bool ry_bench_kafka_init(const char *settings)
{
    char *const argv[] = {(char[]){"royale-export"},
                          (char[]){"kafka"},
                          (char[]){"init"},
                          (char[]){"--config"},
                          (char *)strrchr(settings, '/') + 1,
                          NULL};
    return ry_bench_run_program("royale-export", "init", argv);
}

static struct ry_kafka_settings *read_settings(const char *path)
{
    char error[RY_KAFKA_ERROR_BYTES];
    struct ry_kafka_settings *settings = calloc(1, sizeof *settings);
    assert(settings != NULL);
    if (ry_kafka_settings_read(settings, path, NULL, error) != 0) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    return settings;
}

static rd_kafka_t *make_client(const struct ry_kafka_settings *settings, enum ry_kafka_client kind,
                               const char *id)
{
    char error[RY_KAFKA_ERROR_BYTES];
    rd_kafka_t *client = ry_kafka_client(settings, kind, id, NULL, error);
    if (client == NULL)
        fprintf(stderr, "%s\n", error);
    return client;
}

/* ---- messages made beforehand ---------------------------------------------------------------- */

struct ry_bench_kafka_row {
    uint8_t topic, kind;
    uint8_t key_bytes;
    uint16_t value_bytes;
    char *bytes; /* key, then value */
};

struct making {
    struct ry_bench_kafka_rows *rows;
    struct ry_results results;
};

static void add(struct making *m, enum ry_kafka_topic topic, const struct ry_results_row *row)
{
    struct ry_bench_kafka_rows *rows = m->rows;
    const struct ry_kafka_settings *settings = rows->settings;
    char key[RY_KAFKA_KEY_BYTES], value[RY_KAFKA_MESSAGE_MAX];
    size_t key_bytes = ry_kafka_message_key(key, topic, &m->results, row),
           value_bytes =
               ry_kafka_message_value(value, settings->topic[topic].format, &m->results, row);
    if (rows->count == rows->room) {
        rows->room = rows->room == 0 ? 1 << 16 : 2 * rows->room;
        rows->row = realloc(rows->row, rows->room * sizeof *rows->row);
        assert(rows->row != NULL);
    }
    struct ry_bench_kafka_row *made = &rows->row[rows->count++];
    *made = (struct ry_bench_kafka_row){.topic = (uint8_t)topic,
                                        .kind = (uint8_t)row->kind,
                                        .key_bytes = (uint8_t)key_bytes,
                                        .value_bytes = (uint16_t)value_bytes,
                                        .bytes = malloc(key_bytes + value_bytes)};
    assert(made->bytes != NULL);
    memcpy(made->bytes, key, key_bytes);
    memcpy(made->bytes + key_bytes, value, value_bytes);
    rows->bytes += key_bytes + value_bytes;
}

static void on_row(void *context, const struct ry_results_row *row)
{
    struct making *m = context;
    const struct ry_kafka_settings *settings = m->rows->settings;
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++)
        if (settings->topic[t].rows >> row->kind & 1)
            add(m, (enum ry_kafka_topic)t, row);
}

void ry_bench_kafka_make_rows(struct ry_bench_kafka_rows *rows, const char *settings,
                              const char *directory)
{
    static struct ry_follow follow;
    static struct making making;
    char error[RY_KAFKA_ERROR_BYTES];
    struct ry_kafka_settings *read = read_settings(settings);
    *rows = (struct ry_bench_kafka_rows){.batch = read->batch_rows_max, .settings = read};
    int failed = ry_follow_open(&follow, directory, error, sizeof error);
    assert(!failed);
    making.rows = rows;
    ry_results_open(&making.results, &follow.reader.file.battle_id, NULL);
    making.results.appliance = read->appliance;
    making.results.row = on_row;
    making.results.context = &making;
    while (ry_results_step(&making.results, &follow, RY_RESULTS_STEP_INPUTS) > 0)
        continue;
    assert(follow.status == RY_FOLLOW_END);
    ry_results_close(&making.results);
    ry_follow_close(&follow);
}

void ry_bench_kafka_drop_rows(struct ry_bench_kafka_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free(rows->row[i].bytes);
    free(rows->row);
    ry_kafka_settings_close(rows->settings);
    free(rows->settings);
}

/* ---- librdkafka alone ------------------------------------------------------------------------ */

static bool well(rd_kafka_error_t *error)
{
    if (error == NULL)
        return true;
    fprintf(stderr, "librdkafka: %s\n", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return false;
}

struct topics {
    rd_kafka_topic_t *topic[RY_KAFKA_TOPICS];
    rd_kafka_headers_t *headers[RY_KAFKA_TOPICS][RY_RESULTS_ROWS];
};

static void produce(rd_kafka_t *client, const struct topics *topics,
                    const struct ry_bench_kafka_row *row)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_copy(topics->headers[row->topic][row->kind]);
    rd_kafka_error_t *error;
    for (;;) {
        rd_kafka_vu_t of[] = {
            {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topics->topic[row->topic]},
            {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {row->bytes, row->key_bytes}},
            {.vtype = RD_KAFKA_VTYPE_VALUE,
             .u.mem = {row->bytes + row->key_bytes, row->value_bytes}},
            {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
        };
        error = rd_kafka_produceva(client, of, sizeof of / sizeof *of);
        if (error == NULL)
            return;
        assert(rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__QUEUE_FULL);
        rd_kafka_error_destroy(error);
        rd_kafka_poll(client, 1);
    }
}

static bool produce_all(rd_kafka_t *client, const struct topics *topics,
                        const struct ry_bench_kafka_rows *rows)
{
    bool ok = well(rd_kafka_init_transactions(client, CALL_MS));
    for (size_t first = 0; ok && first < rows->count; first += rows->batch) {
        ok = well(rd_kafka_begin_transaction(client));
        for (size_t i = first; ok && i < rows->count && i < first + rows->batch; i++)
            produce(client, topics, &rows->row[i]);
        ok = ok && well(rd_kafka_commit_transaction(client, CALL_MS));
    }
    return ok;
}

static double produce_seconds(const struct ry_bench_kafka_rows *rows)
{
    const struct ry_kafka_settings *settings = rows->settings;
    struct topics topics;
    int64_t began = ry_clock_ns();
    rd_kafka_t *client = make_client(settings, RY_KAFKA_PRODUCER, "bench-alone");
    if (client == NULL)
        return 0;
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++) {
        topics.topic[t] = rd_kafka_topic_new(client, settings->topic[t].name, NULL);
        for (unsigned kind = 0; kind < RY_RESULTS_ROWS; kind++)
            topics.headers[t][kind] = ry_kafka_message_headers(settings, (enum ry_kafka_topic)t,
                                                               (enum ry_results_row_kind)kind, 1);
    }
    bool ok = produce_all(client, &topics, rows);
    double seconds = (double)(ry_clock_ns() - began) / 1e9;
    for (unsigned t = 0; t < RY_KAFKA_TOPICS; t++) {
        rd_kafka_topic_destroy(topics.topic[t]);
        for (unsigned kind = 0; kind < RY_RESULTS_ROWS; kind++)
            rd_kafka_headers_destroy(topics.headers[t][kind]);
    }
    rd_kafka_destroy(client);
    return ok ? seconds : 0;
}

double ry_bench_kafka_produce(const struct ry_bench_kafka_rows *rows, bool one_arena)
{
    double seconds = 0;
    int ends[2];
    fflush(NULL);
    int failed = pipe(ends);
    assert(!failed);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        if (one_arena)
            (void)mallopt(M_ARENA_MAX, 1);
        seconds = produce_seconds(rows);
        _exit(write(ends[1], &seconds, sizeof seconds) != sizeof seconds);
    }
    close(ends[1]);
    if (read(ends[0], &seconds, sizeof seconds) != sizeof seconds)
        seconds = 0;
    close(ends[0]);
    (void)waitpid(child, NULL, 0);
    return seconds;
}

/* ---- a consumer ------------------------------------------------------------------------------ */

struct ry_bench_kafka_reader {
    struct ry_kafka_settings *settings;
    rd_kafka_t *client;
};

struct ry_bench_kafka_reader *ry_bench_kafka_read(const char *path)
{
    struct ry_bench_kafka_reader *reader = calloc(1, sizeof *reader);
    assert(reader != NULL);
    reader->settings = read_settings(path);
    reader->client = make_client(reader->settings, RY_KAFKA_CONSUMER, "bench");
    assert(reader->client != NULL);
    const struct ry_kafka_topic_settings *topic = &reader->settings->topic[RY_KAFKA_ORDERS];
    rd_kafka_topic_partition_list_t *all =
        rd_kafka_topic_partition_list_new((int)topic->partitions);
    for (int p = 0; p < (int)topic->partitions; p++) {
        int64_t low, high;
        rd_kafka_resp_err_t failed =
            rd_kafka_query_watermark_offsets(reader->client, topic->name, p, &low, &high, CALL_MS);
        assert(!failed);
        rd_kafka_topic_partition_list_add(all, topic->name, p)->offset = high;
    }
    rd_kafka_assign(reader->client, all);
    rd_kafka_topic_partition_list_destroy(all);
    return reader;
}

uint64_t ry_bench_kafka_next(struct ry_bench_kafka_reader *reader)
{
    uint64_t input = 0;
    int64_t until = ry_clock_ns() + SILENCE_MS * INT64_C(1000000);
    while (input == 0 && ry_clock_ns() < until) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader->client, 100);
        struct ry_kafka_message_key key;
        if (message != NULL && message->err == RD_KAFKA_RESP_ERR_NO_ERROR &&
            ry_kafka_message_read(&key, reader->settings->topic[RY_KAFKA_ORDERS].format,
                                  message->payload, message->len))
            input = key.input;
        if (message != NULL)
            rd_kafka_message_destroy(message);
    }
    return input;
}

void ry_bench_kafka_read_end(struct ry_bench_kafka_reader *reader)
{
    rd_kafka_consumer_close(reader->client);
    rd_kafka_destroy(reader->client);
    ry_kafka_settings_close(reader->settings);
    free(reader->settings);
    free(reader);
}
