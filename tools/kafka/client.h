/*
 * Clients of Kafka, each made from the same settings: which properties each kind of client sets,
 * and what it does with librdkafka's log.
 */
#ifndef RY_TOOLS_KAFKA_CLIENT_H
#define RY_TOOLS_KAFKA_CLIENT_H

#include <librdkafka/rdkafka.h>

#include "shm/log.h"
#include "tools/kafka/settings.h"

enum ry_kafka_client {
    RY_KAFKA_PRODUCER = 1, /* transactional */
    RY_KAFKA_CONSUMER,     /* read_committed, from partitions that it assigns itself, or by group */
    RY_KAFKA_ADMIN,
};

/* Where lines of librdkafka go; called by its threads. Secrets are out of them. */
struct ry_kafka_ear {
    void (*say)(void *context, enum ry_log_level level, const char *line);
    void *context;
    const struct ry_kafka_settings *settings; /* ry_kafka_conf sets it; they stay as long */
};

/* The configuration of such a client: the settings' properties, then what the house needs
 * (reconnect.backoff.max.ms, socket.nagle.disable, no log on standard error, ...). `id`: the
 * transactional id of a producer, the group of a consumer, or NULL. `ear` stays until the client is
 * destroyed, and is what rd_kafka_opaque and callbacks give; NULL: silent. The caller may set more
 * before rd_kafka_new, which takes it. NULL with `error`: "FILE:LINE: PROPERTY: ..". */
rd_kafka_conf_t *ry_kafka_conf(const struct ry_kafka_settings *settings, enum ry_kafka_client kind,
                               const char *id, struct ry_kafka_ear *ear,
                               char error[RY_KAFKA_ERROR_BYTES]);

/* rd_kafka_new of ry_kafka_conf; NULL with `error`. */
rd_kafka_t *ry_kafka_client(const struct ry_kafka_settings *settings, enum ry_kafka_client kind,
                            const char *id, struct ry_kafka_ear *ear,
                            char error[RY_KAFKA_ERROR_BYTES]);

#endif
