/*
 * Rows in Protocol Buffers: value by value what JSON says; and the golden messages, which hold
 * the promise of tools/kafka/message.h to those who read them.
 *
 * tests/unit/kafka/golden/N.txt has messages of format N, three lines each: the row's type, its
 * JSON, its Protobuf in hexadecimal. Such a file never changes. A format that adds a column or a
 * row gets a file of its own; what the older ones say, today's table must still mean: the same
 * names, the same tags, the same values.
 */
#include <inttypes.h>
#include <royale.pb-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/row_model.h"
#include "tests/support/test.h"
#include "tools/kafka/message.h"
#include "tools/text/row_codes.h"

#define ROWS_OF_A_KIND 1000
#define GOLDEN         "tests/unit/kafka/golden/%d.txt"
#define FORMAT_FIRST   3 /* the first that had tags */

/* ---- Protobuf against JSON ------------------------------------------------------------------- */

/* What a field says, as text; false: nothing. */
static bool text_of(char text[256], const char *message, const ProtobufCFieldDescriptor *field)
{
    const void *at = message + field->offset, *which = message + field->quantifier_offset;
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) && *(const uint32_t *)which != field->id)
        return false;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        snprintf(text, 256, "%s", *(const char *const *)at);
    else if (field->type == PROTOBUF_C_TYPE_BOOL)
        snprintf(text, 256, "%s", *(const protobuf_c_boolean *)at ? "true" : "false");
    else if (field->type == PROTOBUF_C_TYPE_UINT64)
        snprintf(text, 256, "%" PRIu64, *(const uint64_t *)at);
    else if (field->type == PROTOBUF_C_TYPE_INT64)
        snprintf(text, 256, "%" PRId64, *(const int64_t *)at);
    else
        ck_abort_msg("%s: no such type of a field", field->name);
    return true;
}

static void compare_text(json_t *value, const char *text)
{
    char *bare = json_dumps(value, JSON_ENCODE_ANY);
    ck_assert_str_eq(json_is_string(value) ? json_string_value(value) : bare, text);
    free(bare);
}

/* What a field says that was not sent. */
static bool is_default(const char *text)
{
    return *text == 0 || strcmp(text, "0") == 0 || strcmp(text, "false") == 0;
}

static void compare_list(json_t *value, const char *message, const ProtobufCFieldDescriptor *field)
{
    const void *at = message + field->offset, *count = message + field->quantifier_offset;
    const int64_t *number = *(const int64_t *const *)at;
    ck_assert_uint_eq(*(const size_t *)count, json_array_size(value));
    for (size_t i = 0; i < json_array_size(value); i++) {
        char text[24];
        snprintf(text, sizeof text, "%" PRId64, number[i]);
        ck_assert_str_eq(json_string_value(json_array_get(value, i)), text);
    }
}

/* The members of `json` that are columns of `about`; returns how many. */
static unsigned compare_columns(json_t *json, const struct ry_results_row_about *about,
                                const ProtobufCMessage *message)
{
    unsigned members = 0;
    for (unsigned i = 0; i < about->columns; i++) {
        const struct ry_results_column *column = &about->column[i];
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(message->descriptor, column->tag);
        bool time = column->type == RY_RESULTS_TYPE_TIME;
        char name[64], text[256];
        snprintf(name, sizeof name, "%s%s", column->name, time ? "_ns" : "");
        ck_assert_msg(field != NULL && strcmp(field->name, name) == 0, "%s.%s", about->name, name);
        json_t *value = json_object_get(json, name);
        members += (value != NULL) + (unsigned)time;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            compare_list(value, (const char *)message, field);
        else if (!text_of(text, (const char *)message, field))
            ck_assert_msg(value == NULL || json_is_null(value), "%s.%s", about->name, name);
        else if (value != NULL)
            compare_text(value, text);
        else /* the table has the column since a later format */
            ck_assert_msg(is_default(text), "%s.%s", about->name, name);
    }
    return members;
}

/* Every member of `json` is in the message, and nothing else. */
static void compare(json_t *json, const void *value, size_t bytes)
{
    Royale__V1__Row *row = royale__v1__row__unpack(NULL, bytes, value);
    ck_assert_ptr_nonnull(row);
    const char *type = json_string_value(json_object_get(json, "type"));
    unsigned kind = 0;
    while (kind < RY_RESULTS_ROWS && strcmp(ry_results_rows[kind].name, type) != 0)
        kind++;
    ck_assert_msg(kind < RY_RESULTS_ROWS, "no row %s", type);
    const struct ry_results_row_about *about = &ry_results_rows[kind];
    ck_assert_uint_eq(row->row_case, about->tag);
    unsigned members = 1 + compare_columns(json, &ry_results_key_about, &row->base);
    members += compare_columns(json, about, (const ProtobufCMessage *)row->market_trade);
    ck_assert_uint_eq(members, json_object_size(json));
    ck_assert_uint_eq(row->base.n_unknown_fields, 0);
    royale__v1__row__free_unpacked(row, NULL);
}

static void read_back(const struct ry_results_row *row, enum ry_kafka_format format,
                      const void *value, size_t bytes)
{
    struct ry_kafka_message_key key;
    ck_assert(ry_kafka_message_read(&key, format, value, bytes));
    ck_assert_mem_eq(&key.battle_id, &row->key.battle_id, sizeof key.battle_id);
    ck_assert_uint_eq(key.input, row->key.input);
    ck_assert_uint_eq(key.n, row->key.n);
    ck_assert_int_eq(key.kind, row->kind);
}

START_TEST(test_random)
{
    const struct ry_results *r = ry_test_row_results();
    struct ry_test_rng rng = {(uint64_t)_i + 1};
    size_t longest = 0;
    for (unsigned i = 0; i < ROWS_OF_A_KIND; i++) {
        struct ry_results_row row = ry_test_row_random(&rng, (enum ry_results_row_kind)_i);
        char value[RY_KAFKA_MESSAGE_MAX];
        size_t bytes = ry_kafka_message_value(value, RY_KAFKA_PROTOBUF, r, &row);
        json_t *json = ry_test_row_model(r, &row);
        compare(json, value, bytes);
        json_decref(json);
        if (row.key.input > 0 && row.key.n > 0)
            read_back(&row, RY_KAFKA_PROTOBUF, value, bytes);
        longest = bytes > longest ? bytes : longest;
    }
    ck_assert_uint_lt(longest, RY_KAFKA_MESSAGE_MAX);
}
END_TEST

/* ---- golden messages ------------------------------------------------------------------------- */

static struct ry_results_agent agent[] = {{.name = "maker"}, {.name = "taker"}};
static struct ry_results_instrument instrument[] = {{.symbol = "RYA", .price_scale = 4}};
static const struct ry_results results = {
    .agents = 2, .agent = agent, .instruments = 1, .instrument = instrument};

/* A value of its type that says which column it is; null where `null` and the column allows it. */
static void fill_golden(struct ry_results_row *row, const struct ry_results_column *column,
                        bool null)
{
    void *at = (char *)row + column->offset;
    int64_t n = (int64_t)column->tag;
    null &= column->nullable;
    if (ry_text_row_words(column->type) > 0)
        *(uint8_t *)at =
            (uint8_t)(null ? 0 : 1 + column->tag % (ry_text_row_words(column->type) - 1));
    else if (column->type == RY_RESULTS_TYPE_MONEY)
        *(__int128 *)at = (n % 2 != 0 ? -1 : 1) * n * 1234567890123;
    else if (column->type == RY_RESULTS_TYPE_AGENT)
        *(uint16_t *)at = null ? RY_RESULTS_NONE : column->tag % 2;
    else if (column->type == RY_RESULTS_TYPE_INSTRUMENT)
        *(uint16_t *)at = null ? RY_RESULTS_NONE : 0;
    else if (column->type == RY_RESULTS_TYPE_PRICE)
        *(int64_t *)at = null ? RY_RESULTS_NO_PRICE : 200000 + n;
    else if (column->type == RY_RESULTS_TYPE_BOOL)
        *(bool *)at = n % 2 != 0;
    else if (column->type == RY_RESULTS_TYPE_U64)
        *(uint64_t *)at = null ? 0 : UINT64_MAX - column->tag;
    else if (column->type == RY_RESULTS_TYPE_I64S)
        *(struct ry_results_i64s *)at =
            (struct ry_results_i64s){.count = 3, .value = {0, INT64_MIN, n}};
    else if (column->type == RY_RESULTS_TYPE_COUNT)
        *(uint64_t *)at = 100 + column->tag;
    else if (column->type == RY_RESULTS_TYPE_LOTS)
        *(int64_t *)at = (n % 2 != 0 ? -1 : 1) * (1000 + n);
    else
        ck_abort_msg("%s: a value of such a type", column->name);
}

static struct ry_results_row golden_row(enum ry_results_row_kind kind, bool null)
{
    const struct ry_results_row_about *about = &ry_results_rows[kind];
    struct ry_results_row row = {.kind = kind,
                                 .key = {.appliance = null ? NULL : "fra1",
                                         .input = 48211,
                                         .n = 3,
                                         .time = INT64_C(1767623402000150000)}};
    for (unsigned i = 0; i < RY_BATTLE_ID_BYTES; i++)
        row.key.battle_id.byte[i] = (uint8_t)(16 * i + 7);
    for (unsigned i = 0; i < about->columns; i++)
        fill_golden(&row, &about->column[i], null);
    return row;
}

/* The next line of the file without its newline; false: there is none. */
static bool next_line(char line[2 * RY_KAFKA_MESSAGE_MAX + 2], FILE *file)
{
    do
        if (fgets(line, 2 * RY_KAFKA_MESSAGE_MAX + 2, file) == NULL)
            return false;
    while (line[0] == '#');
    line[strcspn(line, "\n")] = 0;
    return true;
}

static size_t from_hex(char bytes[RY_KAFKA_MESSAGE_MAX], const char *hex)
{
    size_t n = 0;
    for (unsigned byte; sscanf(hex + 2 * n, "%2x", &byte) == 1; n++)
        bytes[n] = (char)byte;
    ck_assert_uint_eq(strlen(hex), 2 * n);
    return n;
}

static FILE *open_golden(int format)
{
    char path[64];
    snprintf(path, sizeof path, GOLDEN, format);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "no %s: a format has its golden messages", path);
    return file;
}

/* Today's code writes the golden messages of today's format, in the table's order: each row with a
 * value in every column, then with null wherever it may be, and without an appliance. */
START_TEST(test_golden_is_written)
{
    static char line[2 * RY_KAFKA_MESSAGE_MAX + 2], value[RY_KAFKA_MESSAGE_MAX],
        want[RY_KAFKA_MESSAGE_MAX];
    FILE *file = open_golden(RY_RESULTS_ROWS_FORMAT);
    for (unsigned i = 0; i < 2 * RY_RESULTS_ROWS; i++) {
        struct ry_results_row row = golden_row((enum ry_results_row_kind)(i / 2), i % 2 != 0);
        ck_assert(next_line(line, file));
        ck_assert_str_eq(line, ry_results_rows[row.kind].name);
        size_t bytes = ry_kafka_message_value(value, RY_KAFKA_JSON, &results, &row);
        ck_assert(next_line(line, file));
        ck_assert_msg(bytes == strlen(line) && memcmp(line, value, bytes) == 0, "%s\n%.*s", line,
                      (int)bytes, value);
        bytes = ry_kafka_message_value(value, RY_KAFKA_PROTOBUF, &results, &row);
        ck_assert(next_line(line, file));
        ck_assert_uint_eq(from_hex(want, line), bytes);
        ck_assert_mem_eq(value, want, bytes);
    }
    ck_assert(!next_line(line, file));
    fclose(file);
}
END_TEST

/* What any format so far has written, today's code reads, and the two forms still say the same. */
START_TEST(test_golden_is_read)
{
    static char line[2 * RY_KAFKA_MESSAGE_MAX + 2], type[64], value[RY_KAFKA_MESSAGE_MAX];
    FILE *file = open_golden(_i);
    unsigned messages = 0;
    for (; next_line(line, file); messages++) {
        snprintf(type, sizeof type, "%.63s", line);
        ck_assert(next_line(line, file));
        const struct ry_results_row row = golden_row(RY_RESULTS_ROW_END, false);
        struct ry_kafka_message_key key;
        json_t *json = json_loads(line, 0, NULL);
        ck_assert(ry_kafka_message_read(&key, RY_KAFKA_JSON, line, strlen(line)));
        ck_assert_str_eq(ry_results_rows[key.kind].name, type);
        ck_assert(next_line(line, file));
        size_t bytes = from_hex(value, line);
        struct ry_kafka_message_key again;
        ck_assert(ry_kafka_message_read(&again, RY_KAFKA_PROTOBUF, value, bytes));
        ck_assert_mem_eq(&again.battle_id, &row.key.battle_id, sizeof again.battle_id);
        ck_assert_mem_eq(&key.battle_id, &again.battle_id, sizeof key.battle_id);
        ck_assert_uint_eq(again.input, 48211);
        ck_assert_uint_eq(again.n, 3);
        ck_assert_int_eq(again.kind, key.kind);
        compare(json, value, bytes);
        json_decref(json);
    }
    ck_assert_uint_gt(messages, 0);
    fclose(file);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("kafka_protobuf");
    TCase *c = tcase_create("kafka_protobuf");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, test_random, 0, RY_RESULTS_ROWS);
    tcase_add_test(c, test_golden_is_written);
    tcase_add_loop_test(c, test_golden_is_read, FORMAT_FIRST, RY_RESULTS_ROWS_FORMAT + 1);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
