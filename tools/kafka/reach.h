/*
 * Whether brokers answer, in bounded time, and why not: for commands that people wait for.
 */
#ifndef RY_TOOLS_KAFKA_REACH_H
#define RY_TOOLS_KAFKA_REACH_H

#include <pthread.h>
#include <stdbool.h>

#include "tools/kafka/client.h"

#define RY_KAFKA_ANSWER_MS    10000 /* what a command waits for an answer */
#define RY_KAFKA_REASON_BYTES 300

struct ry_kafka_reach {
    struct ry_kafka_ear ear; /* of the clients; remembers the last error that the library told */
    pthread_mutex_t lock;    /* of: */
    char reason[RY_KAFKA_REASON_BYTES];
};

/* What a line of the library's says of why a broker cannot be used, without its thread and its
 * times: "kafka1:9092/bootstrap: Connect to ipv4#10.0.0.1:9092 failed: Connection refused". False:
 * it says nothing of that. */
bool ry_kafka_reach_reason(char reason[RY_KAFKA_REASON_BYTES], enum ry_log_level level,
                           const char *line);

/* Whether it says that no broker can be reached. */
bool ry_kafka_reach_none(const char *line);

/* `reach` stays where it is until its clients are destroyed. */
void ry_kafka_reach_open(struct ry_kafka_reach *reach);
void ry_kafka_reach_close(struct ry_kafka_reach *reach);

/* What the cluster has: brokers, topics, partitions. The caller destroys it. NULL with `error`:
 * "no broker of HOSTS answers within 10 s: why". */
const rd_kafka_metadata_t *ry_kafka_reach_metadata(struct ry_kafka_reach *reach, rd_kafka_t *rk,
                                                   const struct ry_kafka_settings *settings,
                                                   char error[RY_KAFKA_ERROR_BYTES]);

/* "HOST:PORT,HOST:PORT" */
const char *ry_kafka_reach_brokers(const struct ry_kafka_settings *settings);

/* The topic of that name; NULL: there is none. */
const rd_kafka_metadata_topic_t *ry_kafka_reach_topic(const rd_kafka_metadata_t *metadata,
                                                      const char *name);

/* Where a partition's log begins and ends now; a leader that has just changed is asked again, for
 * RY_KAFKA_ANSWER_MS. */
rd_kafka_resp_err_t ry_kafka_reach_ends(rd_kafka_t *asker, const char *topic, int32_t partition,
                                        int64_t *low, int64_t *end);

/* Says that there is none, and the remedy. */
void ry_kafka_reach_missing(const struct ry_kafka_settings *settings, const char *name,
                            char error[RY_KAFKA_ERROR_BYTES]);

#endif
