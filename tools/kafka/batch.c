#include "tools/kafka/batch.h"

#include <stdlib.h>

#include "tools/kafka/message.h"

#define BYTES_FIRST    (UINT64_C(1) << 20)
#define MESSAGES_FIRST 4096

void ry_kafka_batch_open(struct ry_kafka_batch *batch)
{
    *batch = (struct ry_kafka_batch){0};
}

void ry_kafka_batch_close(struct ry_kafka_batch *batch)
{
    free(batch->bytes);
    free(batch->message);
    *batch = (struct ry_kafka_batch){0};
}

void ry_kafka_batch_clear(struct ry_kafka_batch *batch)
{
    batch->used = 0;
    batch->messages = 0;
    batch->rows = 0;
    batch->sent_bytes = 0;
    batch->end = (struct ry_export_cursor){0};
}

/* Room for `more` bytes behind `used`. */
static bool widen(struct ry_kafka_batch *batch, uint64_t more)
{
    uint64_t room = batch->room == 0 ? BYTES_FIRST : batch->room;
    while (room < batch->used + more)
        room *= 2;
    if (room > RY_KAFKA_BATCH_BYTES_MAX)
        return false;
    if (room == batch->room)
        return true;
    char *bytes = realloc(batch->bytes, room);
    if (bytes == NULL)
        return false;
    batch->bytes = bytes;
    batch->room = room;
    return true;
}

static struct ry_kafka_batch_message *another(struct ry_kafka_batch *batch)
{
    if (batch->messages == batch->messages_room) {
        size_t room = batch->messages_room == 0 ? MESSAGES_FIRST : batch->messages_room * 2;
        void *message = realloc(batch->message, room * sizeof *batch->message);
        if (message == NULL)
            return NULL;
        batch->message = message;
        batch->messages_room = room;
    }
    return &batch->message[batch->messages++];
}

int ry_kafka_batch_add(struct ry_kafka_batch *batch, const struct ry_kafka_settings *settings,
                       const struct ry_results *r, const struct ry_results_row *row)
{
    /* The same value goes to every topic of one format. */
    struct {
        uint64_t at;
        size_t bytes;
    } value[RY_KAFKA_PROTOBUF + 1] = {{0}};
    for (unsigned topic = 0; topic < RY_KAFKA_TOPICS; topic++) {
        const struct ry_kafka_topic_settings *wants = &settings->topic[topic];
        if ((wants->rows & UINT32_C(1) << row->kind) == 0)
            continue;
        struct ry_kafka_batch_message *message = another(batch);
        if (message == NULL || !widen(batch, RY_KAFKA_KEY_BYTES + RY_KAFKA_MESSAGE_MAX))
            return -1;
        message->topic = (uint8_t)topic;
        message->kind = (uint8_t)row->kind;
        message->key_at = batch->used;
        message->key_bytes = (uint16_t)ry_kafka_message_key(batch->bytes + batch->used,
                                                            (enum ry_kafka_topic)topic, r, row);
        batch->used += message->key_bytes;
        if (value[wants->format].bytes == 0) {
            value[wants->format].at = batch->used;
            value[wants->format].bytes =
                ry_kafka_message_value(batch->bytes + batch->used, wants->format, r, row);
            batch->used += value[wants->format].bytes;
        }
        message->value_at = value[wants->format].at;
        message->value_bytes = (uint32_t)value[wants->format].bytes;
        batch->sent_bytes += message->key_bytes + message->value_bytes;
    }
    batch->rows++;
    batch->end = (struct ry_export_cursor){row->key.input, row->key.n};
    return 0;
}

bool ry_kafka_batch_full(const struct ry_kafka_batch *batch,
                         const struct ry_kafka_settings *settings)
{
    return batch->rows >= settings->batch_rows_max || batch->used >= RY_KAFKA_BATCH_BYTES_FULL;
}
