#include "tools/kafka/message.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "tools/kafka/protobuf.h"
#include "tools/text/row_json.h"
#include "tools/text/row_value.h"

_Static_assert(RY_KAFKA_MESSAGE_MAX >= RY_TEXT_ROW_BYTES, "a row fits into a message");
_Static_assert(RY_KAFKA_KEY_BYTES >= 2 * RY_SYMBOL_BYTES, "an instrument fits into a key");
_Static_assert(RY_KAFKA_KEY_BYTES > RY_TEXT_ID_BYTES + 2 * RY_NAME_BYTES, "as does an agent");

/* ---- keys ------------------------------------------------------------------------------------ */

static size_t put(char *at, const char *text, size_t bytes)
{
    memcpy(at, text, bytes);
    return bytes;
}

/* The first name of that type that is not null; without one "*TYPE", so that there is a key. */
static size_t put_name(char *at, enum ry_results_type type, const struct ry_results *r,
                       const struct ry_results_row *row)
{
    const struct ry_results_row_about *about = &ry_results_rows[row->kind];
    for (unsigned i = 0; i < about->columns; i++) {
        struct ry_text_row_value value;
        if (about->column[i].type != type)
            continue;
        ry_text_row_value(&value, r, row, &about->column[i]);
        if (value.kind == RY_TEXT_ROW_TEXT)
            return put(at, value.text, value.bytes);
    }
    *at = '*';
    return 1 + put(at + 1, about->name, strlen(about->name));
}

static size_t put_battle(char *at, const struct ry_results_row *row)
{
    char id[RY_TEXT_ID_BYTES];
    return put(at, ry_text_row_id(id, &row->key.battle_id), RY_TEXT_ID_BYTES - 1);
}

size_t ry_kafka_message_key(char key[RY_KAFKA_KEY_BYTES], enum ry_kafka_topic topic,
                            const struct ry_results *r, const struct ry_results_row *row)
{
    size_t n;
    switch (ry_kafka_topics[topic].key) {
    case RY_KAFKA_KEY_INSTRUMENT: return put_name(key, RY_RESULTS_TYPE_INSTRUMENT, r, row);
    case RY_KAFKA_KEY_AGENT: return put_name(key, RY_RESULTS_TYPE_AGENT, r, row);
    case RY_KAFKA_KEY_BATTLE: return put_battle(key, row);
    case RY_KAFKA_KEY_BATTLE_AGENT:
        n = put_battle(key, row);
        key[n++] = '|';
        return n + put_name(key + n, RY_RESULTS_TYPE_AGENT, r, row);
    }
    assert(false);
    return 0;
}

/* ---- values ---------------------------------------------------------------------------------- */

size_t ry_kafka_message_value(char value[RY_KAFKA_MESSAGE_MAX], enum ry_kafka_format format,
                              const struct ry_results *r, const struct ry_results_row *row)
{
    return format == RY_KAFKA_PROTOBUF ? ry_kafka_protobuf_write(value, r, row)
                                       : ry_text_row_json(value, r, row);
}

/* ---- headers --------------------------------------------------------------------------------- */

#define GLOBAL_ID    "globalId:"
#define ID_BYTES_MAX 18

struct schema_header {
    const char *name;
    uint8_t value[ID_BYTES_MAX];
    size_t bytes;
};

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    int letter = tolower((unsigned char)c);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* A GUID: 32 hexadecimal digits; dashes are passed over. */
static bool read_guid(struct schema_header *header, const char *schema)
{
    unsigned digits = 0;
    header->name = "__value_schema_id";
    header->value[header->bytes++] = 1;
    for (const char *at = schema; *at != 0; at++) {
        int digit = digit_of(*at);
        if (*at == '-')
            continue;
        if (digit < 0 || digits == 32)
            return false;
        uint8_t *byte = &header->value[1 + digits++ / 2];
        *byte = (uint8_t)(*byte << 4 | digit);
    }
    header->bytes += 16;
    return digits == 32;
}

static bool read_number(struct schema_header *header, const char *schema)
{
    bool global = strncmp(schema, GLOBAL_ID, strlen(GLOBAL_ID)) == 0;
    const char *at = schema + (global ? strlen(GLOBAL_ID) : 0);
    uint64_t number = 0;
    header->name = global ? "apicurio.value.globalId" : "apicurio.value.contentId";
    if (*at == 0)
        return false;
    for (; *at != 0; at++)
        if (!isdigit((unsigned char)*at) || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*at - '0'), &number) || number > INT64_MAX)
            return false;
    for (unsigned i = 0; i < 8; i++)
        header->value[header->bytes++] = (uint8_t)(number >> (56 - 8 * i));
    return true;
}

static bool read_schema(struct schema_header *header, enum ry_kafka_registry registry,
                        const char *schema)
{
    *header = (struct schema_header){.bytes = 0};
    switch (registry) {
    case RY_KAFKA_REGISTRY_CONFLUENT: return read_guid(header, schema);
    case RY_KAFKA_REGISTRY_APICURIO: return read_number(header, schema);
    case RY_KAFKA_REGISTRY_NONE: break;
    }
    return false;
}

bool ry_kafka_message_schema(enum ry_kafka_registry registry, const char *schema)
{
    struct schema_header header;
    return read_schema(&header, registry, schema);
}

static void add(rd_kafka_headers_t *headers, const char *name, const void *value, size_t bytes)
{
    rd_kafka_resp_err_t error = rd_kafka_header_add(headers, name, -1, value, (ssize_t)bytes);
    assert(error == RD_KAFKA_RESP_ERR_NO_ERROR);
}

static void add_number(rd_kafka_headers_t *headers, const char *name, uint64_t number)
{
    char text[24];
    add(headers, name, text, (size_t)snprintf(text, sizeof text, "%" PRIu64, number));
}

rd_kafka_headers_t *ry_kafka_message_headers(const struct ry_kafka_settings *settings,
                                             enum ry_kafka_topic topic,
                                             enum ry_results_row_kind kind, uint64_t epoch)
{
    const struct ry_kafka_topic_settings *of = &settings->topic[topic];
    bool protobuf = of->format == RY_KAFKA_PROTOBUF;
    const char *type = protobuf ? "application/x-protobuf" : "application/json";
    rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
    struct schema_header schema;
    char name[64];
    int bytes = snprintf(name, sizeof name, "royale.%s", ry_results_rows[kind].name);
    add(headers, "schema", name, (size_t)bytes);
    add_number(headers, "version", RY_RESULTS_ROWS_FORMAT);
    add(headers, "content-type", type, strlen(type));
    add_number(headers, "epoch", epoch);
    if (read_schema(&schema, settings->registry, of->schema)) {
        if (protobuf && settings->registry == RY_KAFKA_REGISTRY_CONFLUENT)
            schema.value[schema.bytes++] = 0;
        if (protobuf && settings->registry == RY_KAFKA_REGISTRY_APICURIO)
            add(headers, "apicurio.protobuf.type", "Row", 3);
        add(headers, schema.name, schema.value, schema.bytes);
    }
    return headers;
}

/* ---- reading back ---------------------------------------------------------------------------- */

static bool read_kind(enum ry_results_row_kind *kind, const char *type)
{
    for (unsigned i = 0; type != NULL && i < RY_RESULTS_ROWS; i++)
        if (strcmp(type, ry_results_rows[i].name) == 0) {
            *kind = (enum ry_results_row_kind)i;
            return true;
        }
    return false;
}

static bool read_count(uint64_t *count, const json_t *value)
{
    *count = (uint64_t)json_integer_value(value);
    return json_is_integer(value) && json_integer_value(value) > 0;
}

static bool read_json(struct ry_kafka_message_key *key, const void *value, size_t bytes)
{
    json_t *row = json_loadb(value, bytes, JSON_REJECT_DUPLICATES, NULL);
    bool read = read_kind(&key->kind, json_string_value(json_object_get(row, "type"))) &&
                ry_text_row_id_read(&key->battle_id,
                                    json_string_value(json_object_get(row, "battle_id"))) &&
                read_count(&key->input, json_object_get(row, "input")) &&
                read_count(&key->n, json_object_get(row, "n"));
    json_decref(row);
    return read;
}

bool ry_kafka_message_read(struct ry_kafka_message_key *key, enum ry_kafka_format format,
                           const void *value, size_t bytes)
{
    memset(key, 0, sizeof *key);
    if (value == NULL || bytes > RY_KAFKA_MESSAGE_MAX)
        return false;
    return format == RY_KAFKA_PROTOBUF ? ry_kafka_protobuf_read(key, value, bytes)
                                       : read_json(key, value, bytes);
}
