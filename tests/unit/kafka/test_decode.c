/* Values of messages, read back: a row says the same in JSON and in Protobuf, and what is no row is
 * refused; what the headers say.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/row_model.h"
#include "tests/support/test.h"
#include "tools/kafka/decode.h"

static json_t *decoded(const struct ry_results *r, const struct ry_results_row *row,
                       enum ry_kafka_format format)
{
    char value[RY_KAFKA_MESSAGE_MAX];
    size_t bytes = ry_kafka_message_value(value, format, r, row);
    json_t *object = ry_kafka_decode(format, value, bytes);
    ck_assert_ptr_nonnull(object);
    return object;
}

/* Member by member, in their order. */
static void same(const struct ry_results *r, const struct ry_results_row *row)
{
    enum ry_results_row_kind kind;
    json_t *json = decoded(r, row, RY_KAFKA_JSON), *protobuf = decoded(r, row, RY_KAFKA_PROTOBUF);
    char *a = json_dumps(json, JSON_COMPACT), *b = json_dumps(protobuf, JSON_COMPACT);
    ck_assert_str_eq(a, b);
    ck_assert(ry_kafka_decode_kind(protobuf, &kind) && kind == row->kind);
    free(a);
    free(b);
    json_decref(json);
    json_decref(protobuf);
}

/* Of each kind, with any values. */
START_TEST(test_formats)
{
    struct ry_test_rng rng = {(uint64_t)_i};
    const struct ry_results *r = ry_test_row_results();
    for (unsigned i = 0; i < 500; i++) {
        struct ry_results_row row = ry_test_row_random(&rng, (enum ry_results_row_kind)_i);
        same(r, &row);
    }
}
END_TEST

/* A moment that is none, a list, an appliance that is left out. */
START_TEST(test_absent)
{
    const struct ry_results *r = ry_test_row_results();
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_DECISION,
        .key = {.input = 1, .n = 1, .time = RY_TIME_NEVER},
        .decision = {.features = {.count = 3, .value = {INT64_MIN, 0, INT64_MAX}}}};
    same(r, &row);
    json_t *object = decoded(r, &row, RY_KAFKA_PROTOBUF);
    ck_assert_ptr_null(json_object_get(object, "appliance"));
    ck_assert(json_is_null(json_object_get(object, "time_ns")));
    ck_assert(json_is_null(json_object_get(object, "cl_ord_id")));
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(object, "features"), 0)),
                     "-9223372036854775808");
    json_decref(object);
}
END_TEST

START_TEST(test_refused)
{
    static const struct {
        enum ry_kafka_format format;
        const char *value;
        size_t bytes;
    } cases[] = {
        {RY_KAFKA_JSON, NULL, 0},
        {RY_KAFKA_JSON, "", 0},
        {RY_KAFKA_JSON, "[]", 2},
        {RY_KAFKA_JSON, "7", 1},
        {RY_KAFKA_JSON, "{}", 2},
        {RY_KAFKA_JSON, "{\"type\":7}", 10},
        {RY_KAFKA_JSON, "{\"type\":\"rank\"", 14},
        {RY_KAFKA_JSON, "{\"type\":\"rank\"} x", 17},
        {RY_KAFKA_JSON, "{\"type\":\"rank\",\"type\":\"out\"}", 28},
        {RY_KAFKA_PROTOBUF, NULL, 0},
        {RY_KAFKA_PROTOBUF, "", 0},                         /* a row of no kind */
        {RY_KAFKA_PROTOBUF, "\x18\x05", 2},                 /* likewise, of input 5 */
        {RY_KAFKA_PROTOBUF, "\xfa\x03\x00", 3},             /* a kind that is not known: tag 63 */
        {RY_KAFKA_PROTOBUF, "\xea\x01\x05", 3},             /* cut */
        {RY_KAFKA_PROTOBUF, "\x12\x01\xff\x8a\x02\x00", 6}, /* a battle's id that is no UTF-8 */
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *object = ry_kafka_decode(cases[i].format, cases[i].value, cases[i].bytes);
        ck_assert_msg(object == NULL, "case %u", i);
    }
    /* A member that is not known stays, and so does a row of a kind that is not known. */
    static const char text[] = "{\"type\":\"future\",\"more\":[1]}";
    enum ry_results_row_kind kind;
    json_t *object = ry_kafka_decode(RY_KAFKA_JSON, text, strlen(text));
    ck_assert(json_is_array(json_object_get(object, "more")));
    ck_assert(!ry_kafka_decode_kind(object, &kind));
    json_decref(object);
}
END_TEST

/* A column of a later format in Protobuf is passed over. */
START_TEST(test_later_column)
{
    static const char value[] = "\x18\x05\x20\x01\x8a\x02\x05\x08\x01\xf8\x07\x01";
    json_t *object = ry_kafka_decode(RY_KAFKA_PROTOBUF, value, sizeof value - 1);
    ck_assert_ptr_nonnull(object);
    ck_assert_str_eq(json_string_value(json_object_get(object, "type")), "end");
    ck_assert(json_is_true(json_object_get(object, "stopped")));
    ck_assert_int_eq(json_integer_value(json_object_get(object, "input")), 5);
    json_decref(object);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("kafka_decode");
    TCase *c = tcase_create("decode");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, test_formats, 0, RY_RESULTS_ROWS);
    tcase_add_test(c, test_absent);
    tcase_add_test(c, test_refused);
    tcase_add_test(c, test_later_column);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
