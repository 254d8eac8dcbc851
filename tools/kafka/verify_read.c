#include "tools/kafka/verify_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"

#define BATCH    512
#define SLICE_MS 100

struct ry_kafka_read_partition {
    rd_kafka_message_t *batch[BATCH];
    ssize_t count, at;
    int64_t begin, end; /* of the log when reading began */
    int64_t passed;     /* up to here everything was seen */
    bool started;
};

/* ---- clients --------------------------------------------------------------------------------- */

static rd_kafka_t *client(struct ry_kafka_reading *r, const char *name, const char *value)
{
    rd_kafka_conf_t *conf =
        ry_kafka_conf(r->settings, RY_KAFKA_CONSUMER, NULL, &r->reach.ear, r->error);
    if (conf == NULL)
        return NULL;
    char said[RY_KAFKA_ERROR_BYTES];
    rd_kafka_t *rk = NULL;
    /* A follower's log may end before its leader's. */
    if (rd_kafka_conf_set(conf, "client.rack", "", said, sizeof said) == RD_KAFKA_CONF_OK &&
        rd_kafka_conf_set(conf, name, value, said, sizeof said) == RD_KAFKA_CONF_OK)
        rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, said, sizeof said);
    if (rk != NULL)
        return rk;
    rd_kafka_conf_destroy(conf);
    ry_kafka_settings_scrub(r->settings, said);
    snprintf(r->error, sizeof r->error, "%.400s", said);
    return NULL;
}

/* What each partition's queue may hold, of all that are read. */
static const char *queue_kbytes(char text[24], const struct ry_kafka_reading *r)
{
    int64_t partitions = 0;
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++) {
        const rd_kafka_metadata_topic_t *topic =
            ry_kafka_reach_topic(r->metadata, r->settings->topic[i].name);
        partitions += r->settings->topic[i].rows != 0 && topic != NULL ? topic->partition_cnt : 0;
    }
    int64_t kbytes = RY_KAFKA_READ_BYTES / 1024 / (partitions > 0 ? partitions : 1);
    kbytes = kbytes > 65536 ? 65536 : kbytes < 512 ? 512 : kbytes;
    snprintf(text, 24, "%" PRId64, kbytes);
    return text;
}

int ry_kafka_reading_open(struct ry_kafka_reading *r, const struct ry_kafka_settings *settings,
                          int timeout_s)
{
    char kbytes[24];
    *r = (struct ry_kafka_reading){.settings = settings,
                                   .timeout_ns = (int64_t)timeout_s * RY_NS_PER_SECOND};
    ry_kafka_reach_open(&r->reach);
    r->ends = client(r, "isolation.level", "read_uncommitted");
    if (r->ends != NULL)
        r->metadata = ry_kafka_reach_metadata(&r->reach, r->ends, settings, r->error);
    if (r->metadata != NULL)
        r->reader = client(r, "queued.max.messages.kbytes", queue_kbytes(kbytes, r));
    r->moved_ns = ry_clock_ns();
    if (r->reader != NULL)
        return 0;
    ry_kafka_reading_close(r);
    return -1;
}

void ry_kafka_reading_close(struct ry_kafka_reading *r)
{
    if (r->metadata != NULL)
        rd_kafka_metadata_destroy(r->metadata);
    if (r->reader != NULL)
        rd_kafka_destroy(r->reader);
    if (r->ends != NULL)
        rd_kafka_destroy(r->ends);
    ry_kafka_reach_close(&r->reach);
}

bool ry_kafka_reading_has(const struct ry_kafka_reading *r, const char *name)
{
    return ry_kafka_reach_topic(r->metadata, name) != NULL;
}

/* ---- messages -------------------------------------------------------------------------------- */

static bool at_end(const struct ry_kafka_read_partition *partition)
{
    return partition->passed >= partition->end;
}

static void drop_batch(struct ry_kafka_read_partition *partition)
{
    for (; partition->at < partition->count; partition->at++)
        rd_kafka_message_destroy(partition->batch[partition->at]);
    partition->at = partition->count = 0;
}

/* Nothing comes: why not. */
static int give_up(struct ry_kafka_reading *r, const struct ry_kafka_read *read, unsigned number)
{
    const struct ry_kafka_read_partition *partition = &read->partition[number];
    char reason[RY_KAFKA_REASON_BYTES];
    pthread_mutex_lock(&r->reach.lock);
    snprintf(reason, sizeof reason, "%s", r->reach.reason);
    pthread_mutex_unlock(&r->reach.lock);
    snprintf(r->error, sizeof r->error,
             "%s partition %u: nothing for %" PRId64 " s at offset %" PRId64 " of %" PRId64 ": %s",
             read->name, number, r->timeout_ns / RY_NS_PER_SECOND, partition->passed,
             partition->end,
             reason[0] != 0 ? reason : "an open transaction hides what stands behind it");
    return -1;
}

/* What is there; waits a little for the first alone, as the library waits for a whole batch. */
static ssize_t consume(const struct ry_kafka_read *read, unsigned number,
                       struct ry_kafka_read_partition *partition)
{
    ssize_t count =
        rd_kafka_consume_batch(read->topic, (int32_t)number, 0, partition->batch, BATCH);
    if (count > 0)
        return count;
    partition->batch[0] = rd_kafka_consume(read->topic, (int32_t)number, SLICE_MS);
    return partition->batch[0] != NULL;
}

/* Fetches until there is a message, or none is left: 1, 0; -1: nothing comes. */
static int fetch(struct ry_kafka_read *read, unsigned number)
{
    struct ry_kafka_reading *r = read->reading;
    struct ry_kafka_read_partition *partition = &read->partition[number];
    int64_t begun_ns = ry_clock_ns();
    while (!at_end(partition)) {
        partition->count = consume(read, number, partition);
        partition->at = 0;
        if (partition->count > 0)
            return 1;
        rd_kafka_poll(r->reader, 0);
        int64_t since_ns = r->moved_ns > begun_ns ? r->moved_ns : begun_ns;
        if (ry_clock_ns() - since_ns > r->timeout_ns)
            return give_up(r, read, number);
    }
    return 0;
}

/* Takes what is no message off the batch. True: a message stands at its head. */
static bool settle(struct ry_kafka_read_partition *partition)
{
    while (partition->at < partition->count) {
        rd_kafka_message_t *message = partition->batch[partition->at];
        bool is = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (is && message->offset < partition->end)
            return true;
        if (is || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            partition->passed = message->offset;
        rd_kafka_message_destroy(message);
        partition->at++;
    }
    return false;
}

static int peek(void *context, unsigned number, struct ry_kafka_seen *seen)
{
    struct ry_kafka_read *read = context;
    struct ry_kafka_read_partition *partition = &read->partition[number];
    rd_kafka_headers_t *headers = NULL;
    while (!settle(partition)) {
        int there = fetch(read, number);
        if (there <= 0)
            return there;
    }
    read->reading->moved_ns = ry_clock_ns();
    rd_kafka_message_t *message = partition->batch[partition->at];
    (void)rd_kafka_message_headers(message, &headers);
    *seen = (struct ry_kafka_seen){.key = message->key,
                                   .value = message->payload,
                                   .key_bytes = message->key_len,
                                   .value_bytes = message->len,
                                   .headers = headers,
                                   .offset = message->offset};
    return 1;
}

static void next(void *context, unsigned number)
{
    struct ry_kafka_read *read = context;
    struct ry_kafka_read_partition *partition = &read->partition[number];
    partition->passed = partition->batch[partition->at]->offset + 1;
    rd_kafka_message_destroy(partition->batch[partition->at++]);
}

/* ---- a topic --------------------------------------------------------------------------------- */

static int start(struct ry_kafka_read *read, int32_t number)
{
    struct ry_kafka_reading *r = read->reading;
    struct ry_kafka_read_partition *partition = &read->partition[number];
    rd_kafka_resp_err_t failed =
        ry_kafka_reach_ends(r->ends, read->name, number, &partition->begin, &partition->end);
    if (failed == RD_KAFKA_RESP_ERR_NO_ERROR) {
        partition->passed = partition->begin;
        if (at_end(partition))
            return 0;
        partition->started = rd_kafka_consume_start(read->topic, number, partition->begin) == 0;
        failed = partition->started ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error();
    }
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR)
        snprintf(r->error, sizeof r->error, "%s partition %" PRId32 " cannot be read: %s",
                 read->name, number, rd_kafka_err2str(failed));
    return failed == RD_KAFKA_RESP_ERR_NO_ERROR ? 0 : -1;
}

int ry_kafka_read_open(struct ry_kafka_read *read, struct ry_kafka_reading *reading,
                       const char *name)
{
    const rd_kafka_metadata_topic_t *topic = ry_kafka_reach_topic(reading->metadata, name);
    *read = (struct ry_kafka_read){
        .source = {.peek = peek,
                   .next = next,
                   .context = read,
                   .partitions = (unsigned)topic->partition_cnt},
        .reading = reading,
        .name = name,
        .topic = rd_kafka_topic_new(reading->reader, name, NULL),
        .partition = calloc((size_t)topic->partition_cnt, sizeof *read->partition),
    };
    if (read->topic == NULL || read->partition == NULL)
        abort(); /* no memory */
    for (int32_t i = 0; i < topic->partition_cnt; i++)
        if (start(read, i) != 0) {
            ry_kafka_read_close(read);
            return -1;
        }
    return 0;
}

void ry_kafka_read_close(struct ry_kafka_read *read)
{
    for (unsigned i = 0; i < read->source.partitions; i++) {
        drop_batch(&read->partition[i]);
        if (read->partition[i].started)
            (void)rd_kafka_consume_stop(read->topic, (int32_t)i);
    }
    rd_kafka_topic_destroy(read->topic);
    free(read->partition);
}

uint64_t ry_kafka_read_deleted(const struct ry_kafka_read *read)
{
    uint64_t deleted = 0;
    for (unsigned i = 0; i < read->source.partitions; i++)
        deleted += (uint64_t)read->partition[i].begin;
    return deleted;
}
