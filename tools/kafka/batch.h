/*
 * A batch: rows as the bytes that go out, with the cursor behind its last row. Filled by the
 * follower's thread, then given to the sender whole, which reads it until the rows are in the
 * topics for good. Two of them go to and fro.
 *
 * Messages keep offsets into one block of bytes, which grows as rows come: librdkafka gets pointers
 * into it and copies no value.
 */
#ifndef RY_TOOLS_KAFKA_BATCH_H
#define RY_TOOLS_KAFKA_BATCH_H

#include "tools/export/sink.h"
#include "tools/kafka/settings.h"

/* A batch is full from either on: royale.batch_rows_max rows, so many bytes. It takes all rows of
 * the input that fills it. */
#define RY_KAFKA_BATCH_BYTES_FULL (UINT64_C(64) << 20)
/* What the rows of one input may come to beyond that; a million cancels of one agent are 300 MB. */
#define RY_KAFKA_BATCH_BYTES_MAX (UINT64_C(2) << 30)

struct ry_kafka_batch_message {
    uint64_t key_at, value_at; /* in bytes */
    uint32_t value_bytes;
    uint16_t key_bytes;
    uint8_t topic; /* enum ry_kafka_topic */
    uint8_t kind;  /* enum ry_results_row_kind */
};

struct ry_kafka_batch {
    char *bytes;
    uint64_t used, room;
    struct ry_kafka_batch_message *message;
    size_t messages, messages_room;
    uint64_t rows;               /* also those that no topic wants */
    uint64_t sent_bytes;         /* of keys and values, each as often as it goes out */
    struct ry_export_cursor end; /* the last row; with rows > 0 */
};

void ry_kafka_batch_open(struct ry_kafka_batch *batch);
void ry_kafka_batch_close(struct ry_kafka_batch *batch);
void ry_kafka_batch_clear(struct ry_kafka_batch *batch);

/* 0, or -1: beyond RY_KAFKA_BATCH_BYTES_MAX. */
int ry_kafka_batch_add(struct ry_kafka_batch *batch, const struct ry_kafka_settings *settings,
                       const struct ry_results *r, const struct ry_results_row *row);

bool ry_kafka_batch_full(const struct ry_kafka_batch *batch,
                         const struct ry_kafka_settings *settings);

#endif
