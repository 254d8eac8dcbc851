#include "tools/kafka/decode.h"

#include <royale.pb-c.h>
#include <string.h>

#include "tools/text/json.h"

/* ---- Protobuf -------------------------------------------------------------------------------- */

/* A column that may be null is a oneof of its own, whose case is its tag or 0. */
static bool is_absent(const char *message, const ProtobufCFieldDescriptor *field)
{
    const void *which = message + field->quantifier_offset;
    return (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
           *(const uint32_t *)which != field->id;
}

static json_t *list_of(const char *message, const ProtobufCFieldDescriptor *field)
{
    const void *count = message + field->quantifier_offset, *at = message + field->offset;
    const int64_t *value = *(const int64_t *const *)at;
    json_t *list = ry_text_json_whole(json_array());
    for (size_t i = 0; i < *(const size_t *)count; i++)
        ry_text_json_add(list, ry_text_json_i64(value[i]));
    return list;
}

/* NULL: a text that is not UTF-8. */
static json_t *value_of(const char *message, const ProtobufCFieldDescriptor *field,
                        enum ry_results_type type)
{
    const void *at = message + field->offset;
    if (is_absent(message, field))
        return json_null();
    switch ((int)type) {
    case RY_RESULTS_TYPE_COUNT: return ry_text_json_count(*(const uint64_t *)at);
    case RY_RESULTS_TYPE_U64: return ry_text_json_u64(*(const uint64_t *)at);
    case RY_RESULTS_TYPE_LOTS: return ry_text_json_integer(*(const int64_t *)at);
    case RY_RESULTS_TYPE_BOOL: return json_boolean(*(const protobuf_c_boolean *)at);
    case RY_RESULTS_TYPE_I64S: return list_of(message, field);
    default: return json_string(*(const char *const *)at);
    }
}

static bool put_column(json_t *row, const char *message, const ProtobufCFieldDescriptor *field,
                       const struct ry_results_column *column)
{
    if (column->type == RY_RESULTS_TYPE_TIME) {
        const void *at = message + field->offset;
        ry_text_json_set_time(row, column->name,
                              is_absent(message, field) ? RY_TIME_NEVER : *(const int64_t *)at);
        return true;
    }
    if (column->type == RY_RESULTS_TYPE_TEXT && is_absent(message, field))
        return true; /* left out, as JSON has it */
    json_t *value = value_of(message, field, column->type);
    if (value == NULL)
        return false;
    ry_text_json_set(row, column->name, value);
    return true;
}

static bool put_columns(json_t *row, const void *message,
                        const ProtobufCMessageDescriptor *descriptor,
                        const struct ry_results_row_about *about)
{
    for (unsigned i = 0; i < about->columns; i++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(descriptor, about->column[i].tag);
        if (field == NULL || !put_column(row, message, field, &about->column[i]))
            return false;
    }
    return true;
}

static const struct ry_results_row_about *about_tag(uint32_t tag)
{
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++)
        if (ry_results_rows[i].tag == tag)
            return &ry_results_rows[i];
    return NULL;
}

static json_t *decode_message(const Royale__V1__Row *message)
{
    const ProtobufCMessageDescriptor *descriptor = &royale__v1__row__descriptor;
    const struct ry_results_row_about *about = about_tag((uint32_t)message->row_case);
    if (about == NULL)
        return NULL;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(descriptor, about->tag);
    const void *at = (const char *)message + field->offset;
    json_t *row = ry_text_json_whole(json_object());
    ry_text_json_set(row, "type", json_string(about->name));
    if (put_columns(row, message, descriptor, &ry_results_key_about) &&
        put_columns(row, *(const void *const *)at, field->descriptor, about))
        return row;
    json_decref(row);
    return NULL;
}

static json_t *decode_protobuf(const void *value, size_t bytes)
{
    Royale__V1__Row *message = royale__v1__row__unpack(NULL, bytes, value);
    if (message == NULL)
        return NULL;
    json_t *row = decode_message(message);
    royale__v1__row__free_unpacked(message, NULL);
    return row;
}

/* ---- either ---------------------------------------------------------------------------------- */

json_t *ry_kafka_decode(enum ry_kafka_format format, const void *value, size_t bytes)
{
    if (value == NULL)
        return NULL;
    if (format == RY_KAFKA_PROTOBUF)
        return decode_protobuf(value, bytes);
    json_t *row = json_loadb(value, bytes, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_string(json_object_get(row, "type")))
        return row;
    json_decref(row);
    return NULL;
}

bool ry_kafka_decode_kind(const json_t *row, enum ry_results_row_kind *kind)
{
    const char *type = json_string_value(json_object_get(row, "type"));
    for (unsigned i = 0; type != NULL && i < RY_RESULTS_ROWS; i++)
        if (strcmp(ry_results_rows[i].name, type) == 0) {
            *kind = (enum ry_results_row_kind)i;
            return true;
        }
    return false;
}

/* ---- headers --------------------------------------------------------------------------------- */

/* A header's bytes; false: there is none of that name. */
static bool header_of(const rd_kafka_message_t *message, const char *name, const void **value,
                      size_t *bytes)
{
    rd_kafka_headers_t *headers;
    return rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR &&
           rd_kafka_header_get_last(headers, name, value, bytes) == RD_KAFKA_RESP_ERR_NO_ERROR &&
           *value != NULL;
}

static bool says(const void *value, size_t bytes, const char *text)
{
    return bytes == strlen(text) && memcmp(value, text, bytes) == 0;
}

enum ry_kafka_format ry_kafka_decode_format(const rd_kafka_message_t *message,
                                            enum ry_kafka_format otherwise)
{
    const void *value;
    size_t bytes;
    if (!header_of(message, "content-type", &value, &bytes))
        return otherwise;
    return says(value, bytes, "application/json")         ? RY_KAFKA_JSON
           : says(value, bytes, "application/x-protobuf") ? RY_KAFKA_PROTOBUF
                                                          : otherwise;
}

uint64_t ry_kafka_decode_version(const rd_kafka_message_t *message)
{
    const void *value;
    size_t bytes;
    uint64_t version = 0;
    if (!header_of(message, "version", &value, &bytes) || bytes == 0 || bytes > 18)
        return 0;
    for (size_t i = 0; i < bytes; i++) {
        char digit = ((const char *)value)[i];
        if (digit < '0' || digit > '9')
            return 0;
        version = version * 10 + (uint64_t)(digit - '0');
    }
    return version;
}
