/*
 * What the programs that talk to Kafka are told: one settings file in the form that Kafka's own
 * tools read, KEY=VALUE lines. Example:
 *
 *     bootstrap.servers=kafka1:9092,kafka2:9092
 *     security.protocol=SASL_SSL
 *     sasl.mechanism=SCRAM-SHA-512
 *     sasl.username=royale
 *     sasl.password=${file:/etc/royale/kafka.password}
 *     royale.appliance=fra1
 *     royale.topic.trades.partitions=16
 *     royale.topic.fills.format=protobuf
 *     royale.topic.orders.rows=order,ack,reject
 *
 * Keys that begin with `royale.` are the house's (tools/kafka/settings.def); every other is a
 * property of librdkafka and goes to it as it is, but for those that exactly-once rests on, which
 * are refused. A value ${file:PATH} is what the file holds without a newline at its end (PATH
 * counts from the settings file's folder), ${env:NAME} what the environment has. Blanks around keys
 * and values do not count, nor do empty lines and those that begin with # or !.
 *
 * Secrets are the values of properties whose name says so (ry_kafka_settings_secret): no message of
 * ours has them, and what librdkafka says is scrubbed of them.
 */
#ifndef RY_TOOLS_KAFKA_SETTINGS_H
#define RY_TOOLS_KAFKA_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/kafka/topics.h"

#define RY_KAFKA_NAME_BYTES      250 /* of a topic: 249 characters, Kafka's limit */
#define RY_KAFKA_APPLIANCE_BYTES 64
#define RY_KAFKA_ID_BYTES        128
#define RY_KAFKA_SCHEMA_BYTES    64
#define RY_KAFKA_VALUE_BYTES     65536 /* of a property: a chain of certificates */
#define RY_KAFKA_PROPERTIES_MAX  128
#define RY_KAFKA_ERROR_BYTES     512
#define RY_KAFKA_PARTITIONS_MAX  1000 /* of a topic */
#define RY_KAFKA_BATCH_ROWS_MIN  1000
#define RY_KAFKA_BATCH_ROWS_MAX  50000
#define RY_KAFKA_BROKERS_DEFAULT "127.0.0.1:9092"

enum ry_kafka_format {
    RY_KAFKA_JSON = 1,
    RY_KAFKA_PROTOBUF,
};

enum ry_kafka_registry {
    RY_KAFKA_REGISTRY_NONE = 0,
    RY_KAFKA_REGISTRY_CONFLUENT,
    RY_KAFKA_REGISTRY_APICURIO,
};

struct ry_kafka_topic_settings {
    char name[RY_KAFKA_NAME_BYTES];
    uint32_t partitions;
    uint32_t rows; /* bits by enum ry_results_row_kind; 0: the topic is not written */
    enum ry_kafka_format format;
    char schema[RY_KAFKA_SCHEMA_BYTES]; /* what the registry calls the schema of its values; empty:
                                           not said */
};

struct ry_kafka_property {
    char *name, *value;
    unsigned line; /* of the file; 0: not from it */
};

struct ry_kafka_settings {
    char file[RY_BATTLE_PATH_BYTES]; /* for people; empty: none */
    char appliance[RY_KAFKA_APPLIANCE_BYTES];
    char id[RY_KAFKA_ID_BYTES]; /* what transactional ids begin with: "royale-BATTLE_ID" */
    char cursors[RY_KAFKA_NAME_BYTES];
    int replication; /* of topics that `init` makes; -1: as the brokers do by default */
    uint32_t batch_rows_max;
    uint32_t call_ms;        /* what a transactional call may take before the client is made anew */
    uint32_t transaction_ms; /* transaction.timeout.ms: when the broker gives up for us */
    enum ry_kafka_registry registry;
    struct ry_kafka_topic_settings topic[RY_KAFKA_TOPICS];
    struct ry_kafka_property property[RY_KAFKA_PROPERTIES_MAX];
    unsigned properties;
    /* Empty, or a line that whoever reads settings says to people: others can read a secret. */
    char warning[RY_KAFKA_ERROR_BYTES];
};

/* The defaults, then what `file` says (NULL: nothing), then `brokers` (NULL: the file's, or
 * RY_KAFKA_BROKERS_DEFAULT). 0, or -1 with `error`: "FILE:LINE: KEY: what is wrong; a remedy"; then
 * there is nothing to close. */
int ry_kafka_settings_read(struct ry_kafka_settings *settings, const char *file,
                           const char *brokers, char error[RY_KAFKA_ERROR_BYTES]);
void ry_kafka_settings_close(struct ry_kafka_settings *settings);

/* The value of a librdkafka property; NULL: not given. */
const char *ry_kafka_settings_property(const struct ry_kafka_settings *settings, const char *name);

/* Whether values of that property are in no message. */
bool ry_kafka_settings_secret(const char *name);

/* Puts *** in place of each secret of the settings, in a text of librdkafka's. */
void ry_kafka_settings_scrub(const struct ry_kafka_settings *settings, char *text);

#endif
