#include "tests/support/stub/mock_rig.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/kafka/cursor.h"

#define CLIENTS      64
#define TRANSACTIONS 65536
#define HEADER       "txn"

enum fate { OPEN = 0, COMMITTED, ABORTED };

/* What stands for the brokers' knowledge; one test at a time has it. */
static struct {
    pthread_mutex_t mutex;
    struct client {
        rd_kafka_t *client; /* that has initialised its transactions */
        char id[256];
        uint32_t transaction; /* 0: none */
        bool aborted;         /* it has aborted one */
    } client[CLIENTS];
    uint8_t fate[TRANSACTIONS];
    uint32_t transactions, last; /* `last`: that was committed */
    enum mock_fault fault;
    unsigned faults, inits, commits;
    int64_t hidden;
} mock = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* The library's own function of that name. */
#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);
    ck_assert_ptr_nonnull(function);
    return function;
}

/* ---- transactions, as brokers keep them ------------------------------------------------------ */

static struct client *find(rd_kafka_t *client)
{
    for (unsigned i = 0; i < CLIENTS; i++)
        if (mock.client[i].client == client)
            return &mock.client[i];
    return NULL;
}

static void end(struct client *client, enum fate fate)
{
    if (client == NULL)
        return;
    if (client->transaction != 0)
        mock.fate[client->transaction] = (uint8_t)fate;
    client->transaction = 0;
}

static bool fails(enum mock_fault fault)
{
    if (mock.fault != fault || mock.faults == 0)
        return false;
    mock.faults--;
    return true;
}

/* A call that does not come back, until the test's process ends. */
static void hang(enum mock_fault fault)
{
    pthread_mutex_lock(&mock.mutex);
    bool hangs = fails(fault);
    pthread_mutex_unlock(&mock.mutex);
    while (hangs)
        pause();
}

rd_kafka_error_t *rd_kafka_init_transactions(rd_kafka_t *client, int timeout_ms)
{
    hang(MOCK_HANG_INIT);
    rd_kafka_error_t *error = REAL(rd_kafka_init_transactions)(client, timeout_ms);
    if (error != NULL)
        return error;
    pthread_mutex_lock(&mock.mutex);
    struct client *own = find(NULL);
    size_t bytes = sizeof own->id;
    ck_assert_ptr_nonnull(own);
    rd_kafka_conf_get(rd_kafka_conf(client), "transactional.id", own->id, &bytes);
    for (unsigned i = 0; i < CLIENTS; i++) {
        struct client *other = &mock.client[i];
        if (other->client == NULL || strcmp(other->id, own->id) != 0)
            continue;
        end(other, ABORTED);
        rd_kafka_test_fatal_error(other->client, RD_KAFKA_RESP_ERR__FENCED, "a newer one is there");
    }
    own->client = client;
    own->transaction = 0;
    own->aborted = false;
    mock.inits++;
    pthread_mutex_unlock(&mock.mutex);
    return NULL;
}

rd_kafka_error_t *rd_kafka_begin_transaction(rd_kafka_t *client)
{
    hang(MOCK_HANG_BEGIN);
    pthread_mutex_lock(&mock.mutex);
    if (fails(MOCK_FENCED))
        rd_kafka_test_fatal_error(client, RD_KAFKA_RESP_ERR__FENCED, "by mistake");
    if (fails(MOCK_FATAL))
        rd_kafka_test_fatal_error(client, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
                                  "sequence desynchronised");
    pthread_mutex_unlock(&mock.mutex);
    rd_kafka_error_t *error = REAL(rd_kafka_begin_transaction)(client);
    if (error != NULL)
        return error;
    pthread_mutex_lock(&mock.mutex);
    struct client *own = find(client);
    ck_assert_uint_lt(mock.transactions + 1, TRANSACTIONS);
    /* It would number messages as those that the abort dropped. */
    ck_assert_msg(own == NULL || !own->aborted, "a client goes on after an abort");
    if (own != NULL)
        own->transaction = ++mock.transactions;
    pthread_mutex_unlock(&mock.mutex);
    return NULL;
}

static rd_kafka_error_t *commit_really(rd_kafka_t *client, int timeout_ms)
{
    rd_kafka_error_t *error = REAL(rd_kafka_commit_transaction)(client, timeout_ms);
    if (error == NULL) {
        pthread_mutex_lock(&mock.mutex);
        struct client *own = find(client);
        mock.last = own != NULL ? own->transaction : 0;
        end(own, COMMITTED);
        mock.commits++;
        pthread_mutex_unlock(&mock.mutex);
    }
    return error;
}

rd_kafka_error_t *rd_kafka_commit_transaction(rd_kafka_t *client, int timeout_ms)
{
    hang(MOCK_HANG_COMMIT);
    pthread_mutex_lock(&mock.mutex);
    bool lost = fails(MOCK_COMMIT_LOST), late = fails(MOCK_COMMIT_LATE);
    pthread_mutex_unlock(&mock.mutex);
    if (lost)
        return rd_kafka_error_new(RD_KAFKA_RESP_ERR__TIMED_OUT, "lost on the way");
    rd_kafka_error_t *error = commit_really(client, timeout_ms);
    if (!late)
        return error;
    rd_kafka_error_destroy(error);
    return rd_kafka_error_new(RD_KAFKA_RESP_ERR__TIMED_OUT, "answered too late");
}

rd_kafka_error_t *rd_kafka_abort_transaction(rd_kafka_t *client, int timeout_ms)
{
    rd_kafka_error_t *error = REAL(rd_kafka_abort_transaction)(client, timeout_ms);
    pthread_mutex_lock(&mock.mutex);
    struct client *own = find(client);
    if (own != NULL)
        own->aborted = true;
    end(own, ABORTED);
    pthread_mutex_unlock(&mock.mutex);
    return error;
}

rd_kafka_resp_err_t rd_kafka_flush(rd_kafka_t *client, int timeout_ms)
{
    hang(MOCK_HANG_FLUSH);
    return REAL(rd_kafka_flush)(client, timeout_ms);
}

void rd_kafka_destroy(rd_kafka_t *client)
{
    pthread_mutex_lock(&mock.mutex);
    struct client *own = find(client);
    if (own != NULL) {
        end(own, ABORTED); /* by the next that initialises, or in time */
        own->client = NULL;
    }
    pthread_mutex_unlock(&mock.mutex);
    REAL(rd_kafka_destroy)(client);
}

rd_kafka_error_t *rd_kafka_produceva(rd_kafka_t *client, const rd_kafka_vu_t *what, size_t whats)
{
    rd_kafka_vu_t with[16];
    pthread_mutex_lock(&mock.mutex);
    struct client *own = find(client);
    uint32_t transaction = own == NULL ? 0 : own->transaction;
    pthread_mutex_unlock(&mock.mutex);
    ck_assert_uint_lt(whats, sizeof with / sizeof *with);
    for (size_t i = 0; i < whats; i++) {
        with[i] = what[i];
        if (what[i].vtype != RD_KAFKA_VTYPE_HEADERS)
            continue;
        rd_kafka_header_remove(what[i].u.headers, HEADER); /* of a try before */
        rd_kafka_header_add(what[i].u.headers, HEADER, -1, &transaction, sizeof transaction);
        transaction = 0;
    }
    if (transaction != 0)
        with[whats++] = (rd_kafka_vu_t){
            .vtype = RD_KAFKA_VTYPE_HEADER,
            .u.header = {.name = HEADER, .val = &transaction, .size = sizeof transaction}};
    return REAL(rd_kafka_produceva)(client, with, whats);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool committed(const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers;
    const void *value;
    size_t bytes;
    uint32_t transaction;
    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        rd_kafka_header_get_last(headers, HEADER, &value, &bytes) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return true; /* of no transaction */
    memcpy(&transaction, value, sizeof transaction);
    pthread_mutex_lock(&mock.mutex);
    bool there = mock.fate[transaction] == COMMITTED;
    pthread_mutex_unlock(&mock.mutex);
    return there;
}

rd_kafka_message_t *rd_kafka_consume_queue(rd_kafka_queue_t *queue, int timeout_ms)
{
    rd_kafka_message_t *message = REAL(rd_kafka_consume_queue)(queue, timeout_ms);
    if (message == NULL || message->err != RD_KAFKA_RESP_ERR_NO_ERROR || committed(message))
        return message;
    rd_kafka_message_destroy(message);
    return NULL;
}

rd_kafka_resp_err_t rd_kafka_query_watermark_offsets(rd_kafka_t *client, const char *topic,
                                                     int32_t partition, int64_t *low, int64_t *high,
                                                     int timeout_ms)
{
    pthread_mutex_lock(&mock.mutex);
    bool late = fails(MOCK_END_LATE);
    int64_t hidden = mock.hidden;
    pthread_mutex_unlock(&mock.mutex);
    if (late)
        return RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
    rd_kafka_resp_err_t code =
        REAL(rd_kafka_query_watermark_offsets)(client, topic, partition, low, high, timeout_ms);
    *high += hidden;
    return code;
}

/* ---- asking for faults ----------------------------------------------------------------------- */

void mock_fail(enum mock_fault fault, unsigned times)
{
    pthread_mutex_lock(&mock.mutex);
    mock.fault = fault;
    mock.faults = times;
    pthread_mutex_unlock(&mock.mutex);
}

void mock_hide(int64_t records)
{
    pthread_mutex_lock(&mock.mutex);
    mock.hidden = records;
    pthread_mutex_unlock(&mock.mutex);
}

void mock_withhold(bool withheld)
{
    pthread_mutex_lock(&mock.mutex);
    mock.fate[mock.last] = (uint8_t)(withheld ? OPEN : COMMITTED);
    pthread_mutex_unlock(&mock.mutex);
}

unsigned mock_inits(void)
{
    pthread_mutex_lock(&mock.mutex);
    unsigned inits = mock.inits;
    pthread_mutex_unlock(&mock.mutex);
    return inits;
}

unsigned mock_commits(void)
{
    pthread_mutex_lock(&mock.mutex);
    unsigned commits = mock.commits;
    pthread_mutex_unlock(&mock.mutex);
    return commits;
}

/* ---- the cluster ----------------------------------------------------------------------------- */

void mock_open(struct mock *m, int brokers, const char *settings)
{
    char error[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    *m = (struct mock){.settings = "/tmp/royale-mock-XXXXXX"};
    int file = mkstemp(m->settings);
    ck_assert_int_ge(file, 0);
    settings = settings != NULL ? settings : "";
    dprintf(file, "%s%s%s", settings,
            strstr(settings, "call_ms") == NULL ? "royale.call_ms=600\n" : "",
            strstr(settings, "transaction_ms") == NULL ? "royale.transaction_ms=3000\n" : "");
    close(file);
    rd_kafka_conf_set(conf, "log_level", "3", NULL, 0); /* it has no broker of its own: no news */
    m->host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    ck_assert_msg(m->host != NULL, "%s", error);
    m->cluster = rd_kafka_mock_cluster_new(m->host, brokers);
    snprintf(m->brokers, sizeof m->brokers, "%s", rd_kafka_mock_cluster_bootstraps(m->cluster));
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++)
        rd_kafka_mock_topic_create(m->cluster, ry_kafka_topics[i].name, MOCK_PARTITIONS, brokers);
    rd_kafka_mock_topic_create(m->cluster, RY_KAFKA_CURSORS_NAME, MOCK_PARTITIONS, brokers);
    memset(mock.client, 0, sizeof mock.client);
    memset(mock.fate, 0, sizeof mock.fate);
    mock.transactions = mock.faults = mock.inits = mock.commits = 0;
    mock.hidden = 0;
}

void mock_close(struct mock *m)
{
    unlink(m->settings);
    rd_kafka_mock_cluster_destroy(m->cluster);
    rd_kafka_destroy(m->host);
}

void mock_put(struct mock *m, const char *topic, const char *key, const char *value)
{
    char error[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", m->brokers, NULL, 0);
    rd_kafka_conf_set(conf, "partitioner", "murmur2_random", NULL, 0);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    ck_assert_msg(client != NULL, "%s", error);
    char name[RY_KAFKA_NAME_BYTES], own[RY_KAFKA_NAME_BYTES], bytes[RY_KAFKA_CURSOR_BYTES];
    snprintf(name, sizeof name, "%s", topic);
    snprintf(own, sizeof own, "%s", key);
    snprintf(bytes, sizeof bytes, "%s", value != NULL ? value : "");
    const rd_kafka_vu_t what[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = name},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {.ptr = own, .size = strlen(own)}},
        {.vtype = RD_KAFKA_VTYPE_VALUE,
         .u.mem = {.ptr = value != NULL ? bytes : NULL, .size = strlen(bytes)}},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
    };
    ck_assert_ptr_null(rd_kafka_produceva(client, what, sizeof what / sizeof *what));
    ck_assert_int_eq(rd_kafka_flush(client, 10000), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_destroy(client);
}

void mock_claim(struct mock *m, const char *id, uint64_t instance, struct ry_export_cursor at)
{
    char value[RY_KAFKA_CURSOR_BYTES];
    struct ry_kafka_cursor cursor = {
        .battle_id = stage_id, .at = at, .epoch = 77, .instance = instance};
    ry_kafka_cursor_print(value, &cursor);
    mock_put(m, RY_KAFKA_CURSORS_NAME, id, value);
}
