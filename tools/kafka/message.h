/*
 * A row as a message: its key, its value, its headers. Pure: the exporter writes what these
 * functions say, and `royale kafka verify` makes the same bytes again and compares.
 *
 * Headers: `schema` ("royale.fill"), `version` (of the rows' format, decimal), `content-type`
 * ("application/json", "application/x-protobuf"), `epoch` (which life of the exporter wrote it,
 * decimal; not compared), and with a registry configured and the topic's schema named, the header
 * that its clients look for, so that a value is the row alone:
 *
 *   confluent  `__value_schema_id`: byte 1, the schema's GUID in 16 bytes; of Protobuf byte 0
 *              behind it, which says that the message is the schema's first
 *   apicurio   `apicurio.value.contentId` or `apicurio.value.globalId`: 8 bytes, big endian; of
 *              Protobuf also `apicurio.protobuf.type`, the message's name in the schema
 */
#ifndef RY_TOOLS_KAFKA_MESSAGE_H
#define RY_TOOLS_KAFKA_MESSAGE_H

#include <librdkafka/rdkafka.h>

#include "core/results/results.h"
#include "tools/kafka/settings.h"

#define RY_KAFKA_KEY_BYTES   160  /* of a key at most */
#define RY_KAFKA_MESSAGE_MAX 4096 /* of a value at most */

/* Puts the key of `row` in that topic, as tools/kafka/topics.def says; returns its bytes, never 0.
 * No NUL. */
size_t ry_kafka_message_key(char key[RY_KAFKA_KEY_BYTES], enum ry_kafka_topic topic,
                            const struct ry_results *r, const struct ry_results_row *row);

/* Puts the value; returns its bytes. */
size_t ry_kafka_message_value(char value[RY_KAFKA_MESSAGE_MAX], enum ry_kafka_format format,
                              const struct ry_results *r, const struct ry_results_row *row);

/* The headers of rows of that kind in that topic, to be copied for each message
 * (rd_kafka_headers_copy). */
rd_kafka_headers_t *ry_kafka_message_headers(const struct ry_kafka_settings *settings,
                                             enum ry_kafka_topic topic,
                                             enum ry_results_row_kind kind, uint64_t epoch);

/* What a registry calls a schema. Confluent's: a GUID, with or without dashes. Apicurio's: a
 * number, its contentId, or "globalId:NUMBER". False: it is none. */
bool ry_kafka_message_schema(enum ry_kafka_registry registry, const char *schema);

/* What a value says of itself. False: it is no row that this program knows, or it is longer than
 * RY_KAFKA_MESSAGE_MAX. Whether its format is a later one, the header `version` says. */
struct ry_kafka_message_key {
    struct ry_battle_id battle_id;
    uint64_t input, n;
    enum ry_results_row_kind kind;
};
bool ry_kafka_message_read(struct ry_kafka_message_key *key, enum ry_kafka_format format,
                           const void *value, size_t bytes);

#endif
