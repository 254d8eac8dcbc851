#include "tools/kafka/reach.h"

#include <stdio.h>
#include <string.h>

#include "shm/clock.h"

#define ASK_AGAIN_MS 100

bool ry_kafka_reach_none(const char *line)
{
    return strstr(line, "brokers are down") != NULL;
}

bool ry_kafka_reach_reason(char reason[RY_KAFKA_REASON_BYTES], enum ry_log_level level,
                           const char *line)
{
    static const char fail[] = "FAIL: ";
    /* That all are down follows from the reason, and says none. */
    if ((level != RY_LOG_ERROR && strncmp(line, fail, sizeof fail - 1) != 0) ||
        ry_kafka_reach_none(line))
        return false;
    /* "FAIL: [thrd:THREAD]: HOST: why (after 0ms in state CONNECT)" */
    const char *thread = strstr(line, "]: ");
    line = thread != NULL ? thread + strlen("]: ") : line;
    const char *times = strstr(line, " (after ");
    size_t length = times != NULL ? (size_t)(times - line) : strlen(line);
    if (length >= RY_KAFKA_REASON_BYTES)
        length = RY_KAFKA_REASON_BYTES - 1;
    memcpy(reason, line, length);
    reason[length] = 0;
    return true;
}

static void remember(void *context, enum ry_log_level level, const char *line)
{
    struct ry_kafka_reach *reach = context;
    char reason[RY_KAFKA_REASON_BYTES];
    if (!ry_kafka_reach_reason(reason, level, line))
        return;
    pthread_mutex_lock(&reach->lock);
    memcpy(reach->reason, reason, sizeof reason);
    pthread_mutex_unlock(&reach->lock);
}

void ry_kafka_reach_open(struct ry_kafka_reach *reach)
{
    *reach = (struct ry_kafka_reach){.ear = {.say = remember, .context = reach}};
    pthread_mutex_init(&reach->lock, NULL);
}

void ry_kafka_reach_close(struct ry_kafka_reach *reach)
{
    pthread_mutex_destroy(&reach->lock);
}

const char *ry_kafka_reach_brokers(const struct ry_kafka_settings *settings)
{
    const char *brokers = ry_kafka_settings_property(settings, "bootstrap.servers");
    return brokers != NULL ? brokers : ry_kafka_settings_property(settings, "metadata.broker.list");
}

const rd_kafka_metadata_t *ry_kafka_reach_metadata(struct ry_kafka_reach *reach, rd_kafka_t *rk,
                                                   const struct ry_kafka_settings *settings,
                                                   char error[RY_KAFKA_ERROR_BYTES])
{
    const rd_kafka_metadata_t *metadata;
    /* Of all topics: to ask for one that is not there makes some brokers create it. */
    rd_kafka_resp_err_t failed = rd_kafka_metadata(rk, 1, NULL, &metadata, RY_KAFKA_ANSWER_MS);
    if (failed == RD_KAFKA_RESP_ERR_NO_ERROR)
        return metadata;
    pthread_mutex_lock(&reach->lock);
    snprintf(error, RY_KAFKA_ERROR_BYTES, "no broker of %.150s answers within %d s: %s",
             ry_kafka_reach_brokers(settings), RY_KAFKA_ANSWER_MS / 1000,
             reach->reason[0] != 0 ? reach->reason : rd_kafka_err2str(failed));
    pthread_mutex_unlock(&reach->lock);
    return NULL;
}

const rd_kafka_metadata_topic_t *ry_kafka_reach_topic(const rd_kafka_metadata_t *metadata,
                                                      const char *name)
{
    for (int i = 0; i < metadata->topic_cnt; i++)
        if (strcmp(metadata->topics[i].topic, name) == 0 &&
            metadata->topics[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
            return &metadata->topics[i];
    return NULL;
}

/* A leader that has just changed, and the like. */
static bool passes(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
           error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           error == RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE ||
           error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           error == RD_KAFKA_RESP_ERR__TRANSPORT;
}

rd_kafka_resp_err_t ry_kafka_reach_ends(rd_kafka_t *asker, const char *topic, int32_t partition,
                                        int64_t *low, int64_t *end)
{
    int64_t deadline = ry_clock_ns() + RY_KAFKA_ANSWER_MS * INT64_C(1000000);
    for (;;) {
        rd_kafka_resp_err_t error =
            rd_kafka_query_watermark_offsets(asker, topic, partition, low, end, RY_KAFKA_ANSWER_MS);
        if (!passes(error) || ry_clock_ns() > deadline)
            return error;
        rd_kafka_poll(asker, ASK_AGAIN_MS);
    }
}

void ry_kafka_reach_missing(const struct ry_kafka_settings *settings, const char *name,
                            char error[RY_KAFKA_ERROR_BYTES])
{
    bool has_file = settings->file[0] != 0;
    snprintf(error, RY_KAFKA_ERROR_BYTES,
             "%.120s: topic %.120s is not there; `royale kafka init%s%.120s` makes it%s",
             ry_kafka_reach_brokers(settings), name, has_file ? " --config " : "", settings->file,
             has_file ? "" : ", or a settings file (--config) gives another name");
}
