#include "tools/kafka/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "shm/clock.h"

#define SLICE_MS   100 /* of waits that look for a wish to stop */
#define DESTROY_MS 10000
#define STOP_MS    1000 /* to stop reading a partition */

struct partition {
    int64_t end;    /* of the log, whatever is committed, when reading began */
    int64_t passed; /* up to here everything was seen */
    bool hidden;    /* what is committed ended before that */
    struct ry_kafka_cursor newest;
};

struct reader {
    struct ry_kafka_calls *calls;
    const char *id;
    rd_kafka_t *client; /* reads what is committed */
    rd_kafka_t *asker;  /* asks where logs end, whatever is committed */
    rd_kafka_topic_t *cursors;
    rd_kafka_topic_t *topic[RY_KAFKA_TOPICS];
    rd_kafka_queue_t *queue;
    struct partition *partition;
    int partitions;
    int started; /* of them are being read */
    int64_t moved_ns;
    char *error; /* of the caller */
};

/* ---- life ------------------------------------------------------------------------------------ */

static rd_kafka_t *open_client(struct reader *r, const char *isolation)
{
    const struct ry_kafka_settings *settings = r->calls->settings;
    rd_kafka_conf_t *conf =
        ry_kafka_conf(settings, RY_KAFKA_CONSUMER, NULL, &r->calls->ear, r->error);
    if (conf == NULL)
        return NULL;
    if (ry_kafka_settings_property(settings, "client.rack") != NULL)
        rd_kafka_conf_set(conf, "client.rack", "", NULL, 0); /* so that it reads from leaders */
    rd_kafka_conf_set(conf, "isolation.level", isolation, NULL, 0);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, r->error, RY_KAFKA_ERROR_BYTES);
    if (client == NULL) {
        ry_kafka_settings_scrub(settings, r->error);
        rd_kafka_conf_destroy(conf);
    }
    return client;
}

static int open_reader(struct reader *r)
{
    const struct ry_kafka_settings *settings = r->calls->settings;
    r->asker = open_client(r, "read_uncommitted");
    r->client = r->asker != NULL ? open_client(r, "read_committed") : NULL;
    if (r->client == NULL)
        return -1;
    r->queue = rd_kafka_queue_new(r->client);
    r->cursors = rd_kafka_topic_new(r->client, settings->cursors, NULL);
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++)
        if (settings->topic[i].rows != 0)
            r->topic[i] = rd_kafka_topic_new(r->client, settings->topic[i].name, NULL);
    return 0;
}

static void destroy(struct reader *r, rd_kafka_t *client)
{
    if (client == NULL)
        return;
    ry_kafka_calls_enter(r->calls, "destroy", DESTROY_MS);
    rd_kafka_destroy(client);
    ry_kafka_calls_leave(r->calls);
}

static void close_reader(struct reader *r)
{
    free(r->partition);
    destroy(r, r->asker);
    if (r->client == NULL)
        return;
    for (int i = 0; i < r->started; i++) {
        ry_kafka_calls_enter(r->calls, "consume_stop", STOP_MS);
        rd_kafka_consume_stop(r->cursors, i);
        ry_kafka_calls_leave(r->calls);
    }
    rd_kafka_queue_destroy(r->queue);
    for (unsigned i = 0; i < RY_KAFKA_TOPICS; i++)
        if (r->topic[i] != NULL)
            rd_kafka_topic_destroy(r->topic[i]);
    rd_kafka_topic_destroy(r->cursors);
    destroy(r, r->client);
}

/* ---- the topics ------------------------------------------------------------------------------ */

static bool complain_of(struct reader *r, const char *topic, rd_kafka_resp_err_t code)
{
    const char *file = r->calls->settings->file;
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR: return false;
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        ry_kafka_calls_complain(r->calls,
                                "kafka: topic %s is not there; `royale kafka init%s%s` makes it",
                                topic, *file != '\0' ? " --config " : "", file);
        return true;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        ry_kafka_calls_complain(r->calls,
                                "kafka: topic %s: %s; allow this user Describe and Write on every "
                                "topic, and Read on %s",
                                topic, rd_kafka_err2str(code), r->calls->settings->cursors);
        return true;
    default:
        ry_kafka_calls_complain(r->calls, "kafka: topic %s: %s; it is tried again", topic,
                                rd_kafka_err2str(code));
        return true;
    }
}

/* Of every topic; sets `partitions`. */
static bool topics_there(struct reader *r, const struct rd_kafka_metadata *about)
{
    bool there = true;
    for (int i = 0; i < about->topic_cnt && there; i++) {
        const rd_kafka_metadata_topic_t *topic = &about->topics[i];
        there = !complain_of(r, topic->topic, topic->err);
        if (strcmp(topic->topic, r->calls->settings->cursors) == 0)
            r->partitions = topic->partition_cnt;
    }
    return there && r->partitions > 0;
}

static enum ry_kafka_outcome check_topics(struct reader *r)
{
    const struct rd_kafka_metadata *about;
    int ms = (int)r->calls->settings->call_ms;
    ry_kafka_calls_enter(r->calls, "metadata", ms);
    rd_kafka_resp_err_t code = rd_kafka_metadata(r->client, 0, NULL, &about, ms);
    ry_kafka_calls_leave(r->calls);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        ry_kafka_calls_complain(r->calls,
                                "kafka: no broker says which topics there are: %s; it is "
                                "tried again",
                                rd_kafka_err2str(code));
        return RY_KAFKA_AGAIN;
    }
    bool there = topics_there(r, about);
    rd_kafka_metadata_destroy(about);
    return there ? RY_KAFKA_DONE : RY_KAFKA_AGAIN;
}

/* ---- the cursor ------------------------------------------------------------------------------ */

/* A broker that has just become a partition's leader does not know for a moment how much of its log
 * the one before had committed. It says so to who asks for the end; a fetch would show less. */
static enum ry_kafka_outcome find_ends(struct reader *r)
{
    const struct ry_kafka_settings *settings = r->calls->settings;
    int ms = (int)settings->call_ms;
    r->partition = calloc((size_t)r->partitions, sizeof *r->partition);
    if (r->partition == NULL)
        return RY_KAFKA_AGAIN;
    for (int i = 0; i < r->partitions; i++) {
        int64_t low;
        ry_kafka_calls_enter(r->calls, "query_watermark_offsets", ms);
        rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(r->asker, settings->cursors, i,
                                                                    &low, &r->partition[i].end, ms);
        ry_kafka_calls_leave(r->calls);
        if (complain_of(r, settings->cursors, code) || ry_kafka_calls_stopped(r->calls))
            return RY_KAFKA_AGAIN;
    }
    return RY_KAFKA_DONE;
}

static enum ry_kafka_outcome start(struct reader *r)
{
    for (; r->started < r->partitions; r->started++)
        if (rd_kafka_consume_start_queue(r->cursors, r->started, RD_KAFKA_OFFSET_BEGINNING,
                                         r->queue) != 0)
            return RY_KAFKA_AGAIN;
    r->moved_ns = ry_clock_ns();
    return RY_KAFKA_DONE;
}

static enum ry_kafka_outcome take_record(struct reader *r, struct partition *partition,
                                         const rd_kafka_message_t *message)
{
    partition->passed = message->offset + 1;
    if (message->key_len != strlen(r->id) || memcmp(message->key, r->id, message->key_len) != 0)
        return RY_KAFKA_DONE;
    if (message->payload == NULL) { /* somebody took the cursor away: from the battle's start */
        partition->newest = (struct ry_kafka_cursor){0};
        return RY_KAFKA_DONE;
    }
    if (ry_kafka_cursor_parse(&partition->newest, message->payload, message->len))
        return RY_KAFKA_DONE;
    snprintf(r->error, RY_KAFKA_ERROR_BYTES,
             "kafka: %s, partition %d, offset %" PRId64
             ": the cursor of %s is not of this program's "
             "format %d; a later release wrote it",
             r->calls->settings->cursors, (int)message->partition, message->offset, r->id,
             RY_KAFKA_CURSOR_FORMAT);
    return RY_KAFKA_END;
}

/* All that is committed was read. Everything, if that was the log's end as well. */
static void take_end(struct reader *r, struct partition *partition,
                     const rd_kafka_message_t *message)
{
    partition->passed = message->offset;
    partition->hidden = partition->passed < partition->end;
    if (partition->hidden)
        ry_kafka_calls_complain(r->calls,
                                "kafka: another exporter's transaction hides the end of %s, "
                                "partition %d; waiting until it ends",
                                r->calls->settings->cursors, (int)message->partition);
}

static enum ry_kafka_outcome take(struct reader *r, const rd_kafka_message_t *message)
{
    struct partition *partition = message->partition >= 0 && message->partition < r->partitions
                                      ? &r->partition[message->partition]
                                      : NULL;
    r->moved_ns = ry_clock_ns();
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && partition != NULL)
        return take_record(r, partition, message);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && partition != NULL) {
        take_end(r, partition, message);
        return RY_KAFKA_DONE;
    }
    (void)complain_of(r, r->calls->settings->cursors, message->err);
    return RY_KAFKA_AGAIN;
}

static bool all_read(const struct reader *r)
{
    for (int i = 0; i < r->partitions; i++)
        if (r->partition[i].passed < r->partition[i].end)
            return false;
    return true;
}

/* A transaction that hides the end is waited for as long as it may last. */
static bool patient(const struct reader *r)
{
    const struct ry_kafka_settings *settings = r->calls->settings;
    int64_t ms = settings->call_ms;
    for (int i = 0; i < r->partitions; i++)
        if (r->partition[i].hidden)
            ms = settings->transaction_ms + settings->call_ms;
    return ry_clock_ns() - r->moved_ns < ms * 1000000 && !ry_kafka_calls_stopped(r->calls);
}

static enum ry_kafka_outcome read_all(struct reader *r)
{
    while (!all_read(r)) {
        ry_kafka_calls_enter(r->calls, "consume", SLICE_MS);
        rd_kafka_message_t *message = rd_kafka_consume_queue(r->queue, SLICE_MS);
        ry_kafka_calls_leave(r->calls);
        if (message == NULL) {
            rd_kafka_poll(r->client, 0);
            if (patient(r))
                continue;
            if (!ry_kafka_calls_away(r->calls))
                ry_kafka_calls_complain(r->calls,
                                        "kafka: %s cannot be read to its end; it is "
                                        "tried again",
                                        r->calls->settings->cursors);
            return RY_KAFKA_AGAIN;
        }
        enum ry_kafka_outcome outcome = take(r, message);
        rd_kafka_message_destroy(message);
        if (outcome != RY_KAFKA_DONE)
            return outcome;
    }
    return RY_KAFKA_DONE;
}

enum ry_kafka_outcome ry_kafka_reader_find(struct ry_kafka_calls *calls, const char *id,
                                           struct ry_kafka_cursor *cursor,
                                           char error[RY_KAFKA_ERROR_BYTES])
{
    struct reader r = {.calls = calls, .id = id, .error = error};
    *cursor = (struct ry_kafka_cursor){0};
    if (open_reader(&r) != 0) {
        close_reader(&r);
        return RY_KAFKA_END;
    }
    enum ry_kafka_outcome outcome = check_topics(&r);
    if (outcome == RY_KAFKA_DONE)
        outcome = find_ends(&r);
    if (outcome == RY_KAFKA_DONE)
        outcome = start(&r);
    if (outcome == RY_KAFKA_DONE)
        outcome = read_all(&r);
    for (int i = 0; outcome == RY_KAFKA_DONE && i < r.partitions; i++)
        if (ry_kafka_cursor_newer(&r.partition[i].newest, cursor))
            *cursor = r.partition[i].newest;
    close_reader(&r);
    return outcome;
}
