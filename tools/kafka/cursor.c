#include "tools/kafka/cursor.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tools/text/row_value.h"

#define HEX 16

size_t ry_kafka_cursor_print(char text[RY_KAFKA_CURSOR_BYTES], const struct ry_kafka_cursor *cursor)
{
    char id[RY_TEXT_ID_BYTES];
    int bytes = snprintf(text, RY_KAFKA_CURSOR_BYTES,
                         "{\"format\":%d,\"battle_id\":\"%s\",\"input\":%" PRIu64 ",\"n\":%" PRIu64
                         ",\"epoch\":%" PRIu64 ",\"instance\":\"%016" PRIx64 "\"}",
                         RY_KAFKA_CURSOR_FORMAT, ry_text_row_id(id, &cursor->battle_id),
                         cursor->at.input, cursor->at.n, cursor->epoch, cursor->instance);
    return (size_t)bytes;
}

static bool count_at(uint64_t *count, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    *count = (uint64_t)json_integer_value(value);
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

/* `bytes` of hexadecimal digits, two each. */
static bool hex_at(uint8_t *value, size_t bytes, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL || strlen(text) != 2 * bytes || strspn(text, "0123456789abcdef") != 2 * bytes)
        return false;
    for (size_t i = 0; i < bytes; i++) {
        char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
        value[i] = (uint8_t)strtoul(pair, NULL, HEX);
    }
    return true;
}

bool ry_kafka_cursor_parse(struct ry_kafka_cursor *cursor, const void *text, size_t bytes)
{
    uint64_t format;
    uint8_t instance[sizeof cursor->instance];
    json_t *object = json_loadb(text, bytes, 0, NULL);
    *cursor = (struct ry_kafka_cursor){0};
    bool read =
        count_at(&format, object, "format") && format == RY_KAFKA_CURSOR_FORMAT &&
        hex_at((uint8_t *)&cursor->battle_id, sizeof cursor->battle_id, object, "battle_id") &&
        count_at(&cursor->at.input, object, "input") && count_at(&cursor->at.n, object, "n") &&
        count_at(&cursor->epoch, object, "epoch") &&
        hex_at(instance, sizeof instance, object, "instance");
    for (size_t i = 0; read && i < sizeof instance; i++)
        cursor->instance = cursor->instance << 8 | instance[i];
    json_decref(object);
    return read;
}

bool ry_kafka_cursor_newer(const struct ry_kafka_cursor *a, const struct ry_kafka_cursor *b)
{
    return a->epoch != b->epoch ? a->epoch > b->epoch : ry_export_behind(&a->at, &b->at);
}
