/* Messages: which key a row has in each topic, what its headers say, and what is read back. */
#include <string.h>

#include "tests/support/row_model.h"
#include "tests/support/test.h"
#include "tools/kafka/message.h"
#include "tools/text/row_json.h"

#define ID   "000102030405060708090a0b0c0d0e0f"
#define GUID "89791762-2336-41d8-8b41-3f5b0a7e9c01"

/* Agent 0 is "ABC" and instrument 4 "EFG"; others have names of any bytes. */
#define PLAIN_AGENT      0
#define PLAIN_INSTRUMENT 4

static struct ry_results_row row_of(enum ry_results_row_kind kind)
{
    struct ry_results_row row = {.kind = kind, .key = {.input = 7, .n = 2}};
    for (unsigned i = 0; i < RY_BATTLE_ID_BYTES; i++)
        row.key.battle_id.byte[i] = (uint8_t)i;
    return row;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void want_key(enum ry_kafka_topic topic, const struct ry_results_row *row, const char *want)
{
    char key[RY_KAFKA_KEY_BYTES];
    size_t bytes = ry_kafka_message_key(key, topic, ry_test_row_results(), row);
    ck_assert_msg(bytes == strlen(want) && memcmp(key, want, bytes) == 0, "%.*s and not %s",
                  (int)bytes, key, want);
}

START_TEST(test_keys)
{
    struct ry_results_row row = row_of(RY_RESULTS_ROW_MARKET_TRADE);
    row.market_trade.instrument = PLAIN_INSTRUMENT;
    want_key(RY_KAFKA_TRADES, &row, "EFG");
    want_key(RY_KAFKA_FILLS, &row, "*market_trade"); /* by a settings file */
    want_key(RY_KAFKA_LEADERBOARD, &row, ID "|*market_trade");
    want_key(RY_KAFKA_ROUNDS, &row, ID);
    row = row_of(RY_RESULTS_ROW_TRADE);
    row.trade.maker = RY_RESULTS_NONE;
    row.trade.taker = PLAIN_AGENT;
    want_key(RY_KAFKA_FILLS, &row, "ABC");
    row.trade.maker = PLAIN_AGENT;
    row.trade.taker = 1;
    want_key(RY_KAFKA_FILLS, &row, "ABC");
    row = row_of(RY_RESULTS_ROW_STANDING);
    row.standing.agent = PLAIN_AGENT;
    want_key(RY_KAFKA_LEADERBOARD, &row, ID "|ABC");
    row = row_of(RY_RESULTS_ROW_STAMP);
    row.stamp.agent = RY_RESULTS_NONE;
    want_key(RY_KAFKA_LEADERBOARD, &row, ID "|*stamp");
    want_key(RY_KAFKA_TRADES, &row, "*stamp");
}
END_TEST

/* Keys fit, and nothing is written behind them. */
START_TEST(test_longest_keys)
{
    const struct ry_results *r = ry_test_row_results();
    struct ry_test_rng rng = {5};
    size_t longest = 0;
    for (unsigned i = 0; i < 400 * RY_RESULTS_ROWS; i++) {
        struct ry_results_row row =
            ry_test_row_random(&rng, (enum ry_results_row_kind)(i % RY_RESULTS_ROWS));
        for (unsigned topic = 0; topic < RY_KAFKA_TOPICS; topic++) {
            char key[RY_KAFKA_KEY_BYTES + 1];
            key[RY_KAFKA_KEY_BYTES] = 'z';
            size_t bytes = ry_kafka_message_key(key, (enum ry_kafka_topic)topic, r, &row);
            ck_assert_uint_gt(bytes, 0);
            ck_assert_uint_le(bytes, RY_KAFKA_KEY_BYTES);
            ck_assert_int_eq(key[RY_KAFKA_KEY_BYTES], 'z');
            longest = bytes > longest ? bytes : longest;
        }
    }
    ck_assert_uint_eq(longest, 2 * RY_SYMBOL_BYTES);
}
END_TEST

/* ---- headers --------------------------------------------------------------------------------- */

struct wanted {
    const char *name, *value;
    size_t bytes;
};

#define TEXT(name, value) name, value, sizeof value - 1

/* These, in their order, and no other. */
static void want_headers(const struct ry_kafka_settings *settings, const struct wanted *wanted,
                         unsigned n)
{
    rd_kafka_headers_t *headers =
        ry_kafka_message_headers(settings, RY_KAFKA_FILLS, RY_RESULTS_ROW_FILL, 12);
    ck_assert_uint_eq(rd_kafka_header_cnt(headers), n);
    for (unsigned i = 0; i < n; i++) {
        const char *name;
        const void *value;
        size_t bytes;
        ck_assert_int_eq(rd_kafka_header_get_all(headers, i, &name, &value, &bytes), 0);
        ck_assert_str_eq(name, wanted[i].name);
        ck_assert_uint_eq(bytes, wanted[i].bytes);
        ck_assert_mem_eq(value, wanted[i].value, bytes);
    }
    rd_kafka_headers_destroy(headers);
}

START_TEST(test_headers)
{
    static struct ry_kafka_settings settings;
    const struct wanted json[] = {{TEXT("schema", "royale.fill")},
                                  {TEXT("version", "3")},
                                  {TEXT("content-type", "application/json")},
                                  {TEXT("epoch", "12")}};
    settings.topic[RY_KAFKA_FILLS].format = RY_KAFKA_JSON;
    want_headers(&settings, json, 4);
    strcpy(settings.topic[RY_KAFKA_FILLS].schema, GUID); /* no registry: not said */
    want_headers(&settings, json, 4);

    settings.registry = RY_KAFKA_REGISTRY_CONFLUENT;
    const struct wanted confluent[] = {
        json[0],
        json[1],
        json[2],
        json[3],
        {TEXT("__value_schema_id",
              "\x01\x89\x79\x17\x62\x23\x36\x41\xd8\x8b\x41\x3f\x5b\x0a\x7e\x9c\x01")}};
    want_headers(&settings, confluent, 5);

    settings.topic[RY_KAFKA_FILLS].format = RY_KAFKA_PROTOBUF;
    const struct wanted protobuf[] = {
        json[0],
        json[1],
        {TEXT("content-type", "application/x-protobuf")},
        json[3],
        {TEXT("__value_schema_id",
              "\x01\x89\x79\x17\x62\x23\x36\x41\xd8\x8b\x41\x3f\x5b\x0a\x7e\x9c\x01\x00")}};
    want_headers(&settings, protobuf, 5);

    settings.registry = RY_KAFKA_REGISTRY_APICURIO;
    strcpy(settings.topic[RY_KAFKA_FILLS].schema, "258");
    const struct wanted apicurio[] = {
        json[0],
        json[1],
        protobuf[2],
        json[3],
        {TEXT("apicurio.protobuf.type", "Row")},
        {TEXT("apicurio.value.contentId", "\x00\x00\x00\x00\x00\x00\x01\x02")}};
    want_headers(&settings, apicurio, 6);

    settings.topic[RY_KAFKA_FILLS].format = RY_KAFKA_JSON;
    strcpy(settings.topic[RY_KAFKA_FILLS].schema, "globalId:9223372036854775807");
    const struct wanted global[] = {
        json[0],
        json[1],
        json[2],
        json[3],
        {TEXT("apicurio.value.globalId", "\x7f\xff\xff\xff\xff\xff\xff\xff")}};
    want_headers(&settings, global, 5);
}
END_TEST

START_TEST(test_schemas)
{
    static const struct {
        enum ry_kafka_registry registry;
        const char *schema;
        bool good;
    } cases[] = {
        {RY_KAFKA_REGISTRY_CONFLUENT, GUID, true},
        {RY_KAFKA_REGISTRY_CONFLUENT, "8979176223364 1d88b413f5b0a7e9c01", false},
        {RY_KAFKA_REGISTRY_CONFLUENT, "89791762233641D88B413F5B0A7E9C01", true},
        {RY_KAFKA_REGISTRY_CONFLUENT, "89791762233641d88b413f5b0a7e9c0", false},
        {RY_KAFKA_REGISTRY_CONFLUENT, "89791762233641d88b413f5b0a7e9c011", false},
        {RY_KAFKA_REGISTRY_CONFLUENT, "7", false},
        {RY_KAFKA_REGISTRY_CONFLUENT, "", false},
        {RY_KAFKA_REGISTRY_APICURIO, "7", true},
        {RY_KAFKA_REGISTRY_APICURIO, "globalId:7", true},
        {RY_KAFKA_REGISTRY_APICURIO, "globalId:", false},
        {RY_KAFKA_REGISTRY_APICURIO, "", false},
        {RY_KAFKA_REGISTRY_APICURIO, "-7", false},
        {RY_KAFKA_REGISTRY_APICURIO, "7x", false},
        {RY_KAFKA_REGISTRY_APICURIO, "9223372036854775808", false},
        {RY_KAFKA_REGISTRY_APICURIO, "99999999999999999999999", false},
        {RY_KAFKA_REGISTRY_NONE, "7", false},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(ry_kafka_message_schema(cases[i].registry, cases[i].schema) == cases[i].good,
                      "\"%s\"", cases[i].schema);
}
END_TEST

/* ---- values ---------------------------------------------------------------------------------- */

/* JSON is what the files have, and says the same when it is read. */
START_TEST(test_json)
{
    const struct ry_results *r = ry_test_row_results();
    struct ry_test_rng rng = {9};
    for (unsigned i = 0; i < 500 * RY_RESULTS_ROWS; i++) {
        struct ry_results_row row =
            ry_test_row_random(&rng, (enum ry_results_row_kind)(i % RY_RESULTS_ROWS));
        char value[RY_KAFKA_MESSAGE_MAX], json[RY_TEXT_ROW_BYTES];
        row.key.input = 1 + row.key.input % RY_RESULTS_INTEGER_MAX;
        row.key.n = 1 + row.key.n % RY_RESULTS_INTEGER_MAX;
        size_t bytes = ry_kafka_message_value(value, RY_KAFKA_JSON, r, &row);
        ck_assert_uint_eq(ry_text_row_json(json, r, &row), bytes);
        ck_assert_mem_eq(value, json, bytes);
        struct ry_kafka_message_key key;
        ck_assert(ry_kafka_message_read(&key, RY_KAFKA_JSON, value, bytes));
        ck_assert_int_eq(key.kind, row.kind);
        ck_assert_uint_eq(key.input, row.key.input);
        ck_assert_uint_eq(key.n, row.key.n);
        ck_assert_mem_eq(&key.battle_id, &row.key.battle_id, sizeof key.battle_id);
    }
}
END_TEST

#define ROW(type, id, input, n)                                                                    \
    "{\"type\":" type ",\"battle_id\":" id ",\"input\":" input ",\"n\":" n "}"

START_TEST(test_strangers)
{
    static const struct {
        const char *value;
        bool row;
    } cases[] = {
        {ROW("\"fill\"", "\"" ID "\"", "1", "1"), true},
        {ROW("\"fill\"", "\"" ID "\"", "9007199254740991", "1"), true},
        {ROW("\"fill\"", "\"" ID "\"", "1", "1") "x", false},
        {ROW("\"full\"", "\"" ID "\"", "1", "1"), false},
        {ROW("7", "\"" ID "\"", "1", "1"), false},
        {ROW("\"fill\"", "\"" ID "0\"", "1", "1"), false},
        {ROW("\"fill\"", "\"0001\"", "1", "1"), false},
        {ROW("\"fill\"", "\"000102030405060708090A0B0C0D0E0F\"", "1", "1"), false},
        {ROW("\"fill\"", "null", "1", "1"), false},
        {ROW("\"fill\"", "\"" ID "\"", "0", "1"), false},
        {ROW("\"fill\"", "\"" ID "\"", "1", "-1"), false},
        {ROW("\"fill\"", "\"" ID "\"", "\"1\"", "1"), false},
        {ROW("\"fill\"", "\"" ID "\"", "1.5", "1"), false},
        {ROW("\"fill\"", "\"" ID "\"", "1", "1,\"n\":2"), false},
        {"{}", false},
        {"[]", false},
        {"7", false},
        {"", false},
        {"{", false},
    };
    static char long_row[RY_KAFKA_MESSAGE_MAX + 1];
    struct ry_kafka_message_key key;
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(ry_kafka_message_read(&key, RY_KAFKA_JSON, cases[i].value,
                                            strlen(cases[i].value)) == cases[i].row,
                      "%s", cases[i].value);
    ck_assert(!ry_kafka_message_read(&key, RY_KAFKA_JSON, NULL, 0));
    ck_assert(!ry_kafka_message_read(&key, RY_KAFKA_PROTOBUF, NULL, 0));
    ck_assert(!ry_kafka_message_read(&key, RY_KAFKA_PROTOBUF, "", 0));
    ck_assert(!ry_kafka_message_read(&key, RY_KAFKA_PROTOBUF, "\xff", 1));
    memset(long_row, ' ', sizeof long_row);
    memcpy(long_row, cases[0].value, strlen(cases[0].value));
    ck_assert(ry_kafka_message_read(&key, RY_KAFKA_JSON, long_row, sizeof long_row - 1));
    ck_assert(!ry_kafka_message_read(&key, RY_KAFKA_JSON, long_row, sizeof long_row));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("kafka_message");
    TCase *c = tcase_create("kafka_message");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, test_keys);
    tcase_add_test(c, test_longest_keys);
    tcase_add_test(c, test_headers);
    tcase_add_test(c, test_schemas);
    tcase_add_test(c, test_json);
    tcase_add_test(c, test_strangers);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
