/*
 * protoc-c's structs are filled by its descriptors: a tag of core/results/rows.def leads to a
 * field's place, so a new column needs nothing here.
 */
#include "tools/kafka/protobuf.h"

#include <assert.h>
#include <royale.pb-c.h>
#include <string.h>

#include "tools/text/row_json.h"
#include "tools/text/row_value.h"

#define SUB_BYTES    512 /* of the largest struct of a row */
#define COLUMNS_MAX  64
#define COLUMN_BYTES 16 /* tag, length and number */
#define TEXTS_BYTES                                                                                \
    RY_TEXT_ROW_BYTES /* of a row's texts, each with a NUL: no more than in JSON                   \
                       */
#define NUMBERS_BYTES (COLUMNS_MAX * COLUMN_BYTES + RY_FEATURES_MAX * 10)

_Static_assert(TEXTS_BYTES + NUMBERS_BYTES <= RY_KAFKA_MESSAGE_MAX, "a row fits into a message");

/* What protobuf-c's structs point to. */
struct texts {
    char bytes[TEXTS_BYTES];
    size_t used;
};

static char *keep_text(struct texts *texts, const struct ry_text_row_value *value)
{
    char *at = texts->bytes + texts->used;
    assert(value->bytes < sizeof texts->bytes - texts->used);
    memcpy(at, value->text, value->bytes);
    at[value->bytes] = 0;
    texts->used += value->bytes + 1;
    return at;
}

static void set_list(char *message, const ProtobufCFieldDescriptor *field,
                     const struct ry_results_i64s *list)
{
    void *count = message + field->quantifier_offset, *values = message + field->offset;
    *(size_t *)count = list->count;
    *(const int64_t **)values = list->value;
}

/* Left out or null: as protobuf_c_message_init has it. */
static void set_field(char *message, const ProtobufCFieldDescriptor *field,
                      const struct ry_text_row_value *value, struct texts *texts)
{
    void *at = message + field->offset, *which = message + field->quantifier_offset;
    switch (value->kind) {
    case RY_TEXT_ROW_LEFT_OUT:
    case RY_TEXT_ROW_NULL: return;
    case RY_TEXT_ROW_TEXT: *(char **)at = keep_text(texts, value); break;
    case RY_TEXT_ROW_LIST: set_list(message, field, value->list); break;
    case RY_TEXT_ROW_BOOL: *(protobuf_c_boolean *)at = value->truth; break;
    case RY_TEXT_ROW_COUNT:
    case RY_TEXT_ROW_U64: *(uint64_t *)at = value->count; break;
    case RY_TEXT_ROW_INTEGER:
    case RY_TEXT_ROW_MOMENT: *(int64_t *)at = value->integer; break;
    }
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        *(uint32_t *)which = field->id;
}

static void set_columns(void *message, const ProtobufCMessageDescriptor *descriptor,
                        const struct ry_results *r, const struct ry_results_row_about *about,
                        const struct ry_results_row *row, struct texts *texts)
{
    struct ry_text_row_value value;
    for (unsigned i = 0; i < about->columns; i++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(descriptor, about->column[i].tag);
        assert(field != NULL);
        ry_text_row_value(&value, r, row, &about->column[i]);
        set_field(message, field, &value, texts);
    }
}

size_t ry_kafka_protobuf_write(char value[RY_KAFKA_MESSAGE_MAX], const struct ry_results *r,
                               const struct ry_results_row *row)
{
    const struct ry_results_row_about *about = &ry_results_rows[row->kind];
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&royale__v1__row__descriptor, about->tag);
    _Alignas(max_align_t) char sub[SUB_BYTES];
    Royale__V1__Row message;
    struct texts texts;
    assert(field != NULL);
    const ProtobufCMessageDescriptor *of = field->descriptor;
    assert(of->sizeof_message <= sizeof sub);
    texts.used = 0;
    void *at = (char *)&message + field->offset,
         *which = (char *)&message + field->quantifier_offset;
    royale__v1__row__init(&message);
    protobuf_c_message_init(of, sub);
    set_columns(&message, &royale__v1__row__descriptor, r, &ry_results_key_about, row, &texts);
    set_columns(sub, of, r, about, row, &texts);
    *(void **)at = sub;
    *(uint32_t *)which = about->tag;
    return protobuf_c_message_pack(&message.base, (uint8_t *)value);
}

static bool read_kind(enum ry_results_row_kind *kind, uint32_t tag)
{
    for (unsigned i = 0; i < RY_RESULTS_ROWS; i++)
        if (tag == ry_results_rows[i].tag) {
            *kind = (enum ry_results_row_kind)i;
            return true;
        }
    return false;
}

bool ry_kafka_protobuf_read(struct ry_kafka_message_key *key, const void *value, size_t bytes)
{
    Royale__V1__Row *row = royale__v1__row__unpack(NULL, bytes, value);
    if (row == NULL)
        return false;
    bool read = read_kind(&key->kind, (uint32_t)row->row_case) &&
                ry_text_row_id_read(&key->battle_id, row->battle_id) && row->input > 0 &&
                row->n > 0;
    key->input = row->input;
    key->n = row->n;
    royale__v1__row__free_unpacked(row, NULL);
    return read;
}
