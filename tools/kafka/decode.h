/*
 * A message's value as the JSON object of a row (docs/RECORDS.md), whatever its format: for readers
 * that take rows of every kind, also of later formats, as far as they can be read.
 */
#ifndef RY_TOOLS_KAFKA_DECODE_H
#define RY_TOOLS_KAFKA_DECODE_H

#include <jansson.h>

#include "tools/kafka/message.h"

/* A new reference; NULL: it is no row. Of JSON, any object that has a `type`, with all its members;
 * of Protobuf, the columns that this program knows of a row that it knows. Bytes may be anybody's.
 */
json_t *ry_kafka_decode(enum ry_kafka_format format, const void *value, size_t bytes);

/* The number of the row's kind; false: this program knows none of that name. */
bool ry_kafka_decode_kind(const json_t *row, enum ry_results_row_kind *kind);

/* What a message's headers say: its format, by `content-type` (else `otherwise`), and the rows'
 * format, 0 if there is no header `version` that is a number. */
enum ry_kafka_format ry_kafka_decode_format(const rd_kafka_message_t *message,
                                            enum ry_kafka_format otherwise);
uint64_t ry_kafka_decode_version(const rd_kafka_message_t *message);

#endif
