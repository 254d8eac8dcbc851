/*
 * A row as a message Row of the .proto that tools/text/row_proto.c prints, by protobuf-c.
 */
#ifndef RY_TOOLS_KAFKA_PROTOBUF_H
#define RY_TOOLS_KAFKA_PROTOBUF_H

#include "tools/kafka/message.h"

/* Returns the bytes. No allocation. */
size_t ry_kafka_protobuf_write(char value[RY_KAFKA_MESSAGE_MAX], const struct ry_results *r,
                               const struct ry_results_row *row);

/* As ry_kafka_message_read. */
bool ry_kafka_protobuf_read(struct ry_kafka_message_key *key, const void *value, size_t bytes);

#endif
