#include "tools/kafka/consumer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"

_Static_assert(offsetof(struct ry_kafka_consumer, reach) == 0 &&
                   offsetof(struct ry_kafka_reach, ear) == 0,
               "an ear leads to its consumer");

static int failed(struct ry_kafka_consumer *consumer, const char *what, const char *why)
{
    snprintf(consumer->error, sizeof consumer->error, "cannot %s of %.150s: %.200s", what,
             ry_kafka_reach_brokers(consumer->settings), why);
    return -1;
}

/* ---- clients --------------------------------------------------------------------------------- */

/* In ry_kafka_consumer_next's thread. */
static void on_error(rd_kafka_t *rk, int error, const char *reason, void *opaque)
{
    (void)rk;
    (void)reason;
    struct ry_kafka_consumer *consumer = opaque; /* its first member's first member */
    consumer->away |= error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
}

static rd_kafka_t *open_client(struct ry_kafka_consumer *consumer, const char *isolation)
{
    char said[RY_KAFKA_ERROR_BYTES];
    rd_kafka_conf_t *conf = ry_kafka_conf(consumer->settings, RY_KAFKA_CONSUMER, NULL,
                                          &consumer->reach.ear, consumer->error);
    if (conf == NULL)
        return NULL;
    rd_kafka_conf_res_t set =
        rd_kafka_conf_set(conf, "isolation.level", isolation, said, sizeof said);
    assert(set == RD_KAFKA_CONF_OK);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, said, sizeof said);
    if (rk != NULL)
        return rk;
    rd_kafka_conf_destroy(conf);
    ry_kafka_settings_scrub(consumer->settings, said);
    (void)failed(consumer, "become a client", said);
    return NULL;
}

/* ---- topics ---------------------------------------------------------------------------------- */

static int add_topic(struct ry_kafka_consumer *consumer, const rd_kafka_metadata_t *metadata,
                     const char *name)
{
    const rd_kafka_metadata_topic_t *there = ry_kafka_reach_topic(metadata, name);
    if (there == NULL) {
        ry_kafka_reach_missing(consumer->settings, name, consumer->error);
        return -1;
    }
    assert(consumer->topics < RY_KAFKA_TOPICS);
    struct ry_kafka_consumer_topic *topic = &consumer->topic[consumer->topics++];
    rd_kafka_topic_conf_t *conf = rd_kafka_topic_conf_new();
    rd_kafka_topic_conf_set_opaque(conf, topic);
    *topic = (struct ry_kafka_consumer_topic){
        .name = name,
        .partitions = there->partition_cnt,
        .partition = calloc((size_t)there->partition_cnt + 1, sizeof *topic->partition),
        .topic = rd_kafka_topic_new(consumer->rk, name, conf)};
    if (topic->topic == NULL || topic->partition == NULL)
        abort(); /* no memory */
    return 0;
}

static int open_topics(struct ry_kafka_consumer *consumer, const char *const *topics,
                       unsigned count)
{
    int result = 0;
    const rd_kafka_metadata_t *metadata = ry_kafka_reach_metadata(
        &consumer->reach, consumer->rk, consumer->settings, consumer->error);
    if (metadata == NULL)
        return -1;
    for (unsigned i = 0; result == 0 && i < count; i++)
        result = add_topic(consumer, metadata, topics[i]);
    rd_kafka_metadata_destroy(metadata);
    return result;
}

int ry_kafka_consumer_open(struct ry_kafka_consumer *consumer,
                           const struct ry_kafka_settings *settings, const char *const *topics,
                           unsigned count)
{
    *consumer = (struct ry_kafka_consumer){.settings = settings};
    ry_kafka_reach_open(&consumer->reach);
    consumer->rk = open_client(consumer, "read_committed");
    if (consumer->rk != NULL) {
        consumer->queue = rd_kafka_queue_new(consumer->rk);
        if (open_topics(consumer, topics, count) == 0)
            return 0;
    }
    ry_kafka_consumer_close(consumer);
    return -1;
}

static void close_topic(struct ry_kafka_consumer_topic *topic)
{
    for (int32_t i = 0; i < topic->partitions; i++)
        if (topic->partition[i].started)
            (void)rd_kafka_consume_stop(topic->topic, i);
    rd_kafka_topic_destroy(topic->topic);
    free(topic->partition);
}

void ry_kafka_consumer_close(struct ry_kafka_consumer *consumer)
{
    for (unsigned i = 0; i < consumer->topics; i++)
        close_topic(&consumer->topic[i]);
    consumer->topics = 0;
    if (consumer->rk != NULL) {
        rd_kafka_queue_destroy(consumer->queue);
        rd_kafka_destroy(consumer->rk);
    }
    consumer->rk = NULL;
    ry_kafka_reach_close(&consumer->reach);
}

unsigned ry_kafka_consumer_partitions(const struct ry_kafka_consumer *consumer)
{
    unsigned partitions = 0;
    for (unsigned i = 0; i < consumer->topics; i++)
        partitions += (unsigned)consumer->topic[i].partitions;
    return partitions;
}

/* ---- the beginning --------------------------------------------------------------------------- */

/* Where each partition has its first message of that moment or later; its end if there is none. */
static rd_kafka_topic_partition_list_t *find_time(struct ry_kafka_consumer *consumer, int64_t ms)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
    for (unsigned i = 0; i < consumer->topics; i++)
        for (int32_t k = 0; k < consumer->topic[i].partitions; k++)
            rd_kafka_topic_partition_list_add(list, consumer->topic[i].name, k)->offset = ms;
    rd_kafka_resp_err_t error = rd_kafka_offsets_for_times(consumer->rk, list, RY_KAFKA_ANSWER_MS);
    for (int i = 0; error == RD_KAFKA_RESP_ERR_NO_ERROR && i < list->cnt; i++)
        error = list->elems[i].err;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
        return list;
    (void)failed(consumer, "find a moment in the topics", rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(list);
    return NULL;
}

/* `list` has the topics' partitions in their order; NULL: all begin at `offset`. */
static int start(struct ry_kafka_consumer *consumer, const rd_kafka_topic_partition_list_t *list,
                 int64_t offset)
{
    int element = 0;
    for (unsigned i = 0; i < consumer->topics; i++) {
        struct ry_kafka_consumer_topic *topic = &consumer->topic[i];
        for (int32_t k = 0; k < topic->partitions; k++) {
            int64_t from = list != NULL ? list->elems[element++].offset : offset;
            if (rd_kafka_consume_start_queue(topic->topic, k, from, consumer->queue) != 0)
                return failed(consumer, "read topics", rd_kafka_err2str(rd_kafka_last_error()));
            topic->partition[k].started = true;
        }
    }
    return 0;
}

int ry_kafka_consumer_begin(struct ry_kafka_consumer *consumer, enum ry_kafka_consumer_from from,
                            int64_t ms)
{
    if (from != RY_KAFKA_CONSUMER_TIME)
        return start(consumer, NULL,
                     from == RY_KAFKA_CONSUMER_END ? RD_KAFKA_OFFSET_END
                                                   : RD_KAFKA_OFFSET_BEGINNING);
    rd_kafka_topic_partition_list_t *list = find_time(consumer, ms);
    if (list == NULL)
        return -1;
    int result = start(consumer, list, 0);
    rd_kafka_topic_partition_list_destroy(list);
    return result;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* What comes before `offset` is done. */
static void reached(struct ry_kafka_consumer *consumer, const rd_kafka_message_t *message,
                    int64_t offset)
{
    struct ry_kafka_consumer_topic *topic = rd_kafka_topic_opaque(message->rkt);
    assert(message->partition >= 0 && message->partition < topic->partitions);
    topic->partition[message->partition].at = offset;
    consumer->away = false;
}

/* Librdkafka mends everything else by itself. */
static bool ends_reading(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           error == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
           error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION ||
           error == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           error == RD_KAFKA_RESP_ERR__FATAL;
}

rd_kafka_message_t *ry_kafka_consumer_next(struct ry_kafka_consumer *consumer, int wait_ms)
{
    rd_kafka_message_t *message = rd_kafka_consume_queue(consumer->queue, wait_ms);
    if (message == NULL) {
        rd_kafka_poll(consumer->rk, 0); /* on_error */
        return NULL;
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        reached(consumer, message, message->offset + 1);
        return message;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        reached(consumer, message, message->offset);
    else if (ends_reading(message->err))
        (void)failed(consumer, "read topics", rd_kafka_message_errstr(message));
    rd_kafka_message_destroy(message);
    return NULL;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* A client that sees what is not committed yet is alone told where partitions really end. */
int ry_kafka_consumer_end(struct ry_kafka_consumer *consumer)
{
    rd_kafka_t *asker = open_client(consumer, "read_uncommitted");
    if (asker == NULL)
        return -1;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    int64_t low;
    for (unsigned i = 0; i < consumer->topics; i++) {
        struct ry_kafka_consumer_topic *topic = &consumer->topic[i];
        for (int32_t k = 0; error == RD_KAFKA_RESP_ERR_NO_ERROR && k < topic->partitions; k++)
            error = ry_kafka_reach_ends(asker, topic->name, k, &low, &topic->partition[k].until);
    }
    rd_kafka_destroy(asker);
    consumer->ends = error == RD_KAFKA_RESP_ERR_NO_ERROR;
    return consumer->ends ? 0
                          : failed(consumer, "find the end of the topics", rd_kafka_err2str(error));
}

bool ry_kafka_consumer_done(const struct ry_kafka_consumer *consumer)
{
    for (unsigned i = 0; i < consumer->topics; i++)
        for (int32_t k = 0; k < consumer->topic[i].partitions; k++)
            if (consumer->topic[i].partition[k].at < consumer->topic[i].partition[k].until)
                return false;
    return consumer->ends;
}
