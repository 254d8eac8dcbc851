/* The leaderboard's messages as rows of the league: those of the exporter in both formats, those of
 * later formats, and all that is none.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/results_rig.h"
#include "tools/kafka/league_read.h"
#include "tools/kafka/message.h"

static struct stage stage;
static struct ry_kafka_league_row row;

static void open_stage(void)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, INT64_MAX);
}

static enum ry_kafka_league_read read_written(const struct ry_results_row *written,
                                              enum ry_kafka_format format)
{
    char key[RY_KAFKA_KEY_BYTES], value[RY_KAFKA_MESSAGE_MAX];
    const struct ry_kafka_league_message message = {
        .key = key,
        .key_bytes = ry_kafka_message_key(key, RY_KAFKA_LEADERBOARD, &stage.results, written),
        .value = value,
        .value_bytes = ry_kafka_message_value(value, format, &stage.results, written),
        .format = format,
        .version = RY_RESULTS_ROWS_FORMAT,
        .seen_ms = 1234};
    return ry_kafka_league_read(&row, &message);
}

START_TEST(test_written)
{
    enum ry_kafka_format format = _i == 0 ? RY_KAFKA_JSON : RY_KAFKA_PROTOBUF;
    open_stage();
    struct ry_results_row written = {
        .kind = RY_RESULTS_ROW_STANDING,
        .key = {.appliance = "fra1", .battle_id = stage_id, .input = 7, .n = 2, .time = 5},
        .standing = {.agent = 1,
                     .agents = 3,
                     .round = 2,
                     .rank = 2,
                     .pnl = -(__int128)INT64_MAX * 9,
                     .ended = true,
                     .stamped = true}};
    for (unsigned out = 0; out < RY_OUTS; out++) {
        written.standing.out = (uint8_t)out;
        ck_assert_int_eq(read_written(&written, format), RY_KAFKA_LEAGUE_ROW);
        ck_assert_uint_eq(row.out, out);
    }
    ck_assert_mem_eq(&row.battle_id, &stage_id, sizeof stage_id);
    ck_assert_str_eq(row.agent, "a1");
    ck_assert_str_eq(row.appliance, "fra1");
    ck_assert_uint_eq(row.input, 7);
    ck_assert_uint_eq(row.n, 2);
    ck_assert_int_eq(row.seen_ms, 1234);
    ck_assert_uint_eq(row.agents, 3);
    ck_assert_uint_eq(row.rank, 2);
    ck_assert(row.pnl == -(__int128)INT64_MAX * 9);
    ck_assert(row.ended && row.stamped && !row.stopped && !row.incomplete && !row.later);
    written.standing.ended = written.standing.stamped = false;
    written.standing.stopped = written.standing.incomplete = true;
    written.key.appliance = NULL;
    ck_assert_int_eq(read_written(&written, format), RY_KAFKA_LEAGUE_ROW);
    ck_assert_str_eq(row.appliance, "");
    ck_assert(!row.ended && !row.stamped && row.stopped && row.incomplete);
    written = (struct ry_results_row){.kind = RY_RESULTS_ROW_RANK,
                                      .key = {.battle_id = stage_id, .input = 7, .n = 2}};
    ck_assert_int_eq(read_written(&written, format), RY_KAFKA_LEAGUE_OTHER);
    stage_close(&stage);
}
END_TEST

/* ---- texts ----------------------------------------------------------------------------------- */

#define ID  "5aa00000000000000000000000000000"
#define KEY ID "|a"

static enum ry_kafka_league_read read_text(const char *key, const char *value, uint64_t version)
{
    const struct ry_kafka_league_message message = {.key = key,
                                                    .key_bytes = key != NULL ? strlen(key) : 0,
                                                    .value = value,
                                                    .value_bytes =
                                                        value != NULL ? strlen(value) : 0,
                                                    .format = RY_KAFKA_JSON,
                                                    .version = version};
    return ry_kafka_league_read(&row, &message);
}

#define HEAD "{\"type\":\"standing\",\"battle_id\":\"" ID "\",\"input\":3,\"n\":1,"
#define GOOD                                                                                       \
    "\"agent\":\"a\",\"agents\":4,\"rank\":2,\"out\":null,\"pnl\":\"-1.500000\",\"ended\":true,"   \
    "\"stopped\":false,\"stamped\":false,\"incomplete\":false"

/* What is not known is passed over, whatever it is, and what is not used may be absent. */
START_TEST(test_unknown_columns)
{
    ck_assert_int_eq(read_text(KEY, HEAD GOOD "}", 3), RY_KAFKA_LEAGUE_ROW);
    ck_assert_int_eq(read_text(KEY, HEAD GOOD ",\"more\":[{\"x\":1e9}]}", 3), RY_KAFKA_LEAGUE_ROW);
    ck_assert_int_eq(read_text(KEY, HEAD GOOD "}", 0), RY_KAFKA_LEAGUE_ROW);
    ck_assert_uint_eq(row.rank, 2);
    ck_assert(row.pnl == -1500000);
    static const char *const reason =
        HEAD "\"agent\":\"a\",\"agents\":4,\"rank\":2,\"out\":\"bored\",\"pnl\":\"0.000000\","
             "\"ended\":true,\"stopped\":false,\"stamped\":false,\"incomplete\":false}";
    ck_assert_int_eq(read_text(KEY, reason, 3), RY_KAFKA_LEAGUE_ROW);
    ck_assert_uint_eq(row.out, RY_KAFKA_LEAGUE_OUT_UNKNOWN);
}
END_TEST

/* Of a later format only the name counts; without that it is nothing. */
START_TEST(test_later)
{
    uint64_t later = RY_RESULTS_ROWS_FORMAT + 1;
    ck_assert_int_eq(read_text(KEY, HEAD "\"agent\":7}", later), RY_KAFKA_LEAGUE_ROW);
    ck_assert(row.later);
    ck_assert_uint_eq(row.input, 3);
    ck_assert_str_eq(row.agent, "a");
    ck_assert_int_eq(read_text(KEY, "{\"type\":\"standing\"}", later), RY_KAFKA_LEAGUE_MALFORMED);
    ck_assert_int_eq(read_text(KEY, "{\"type\":\"future\"}", later), RY_KAFKA_LEAGUE_OTHER);
    /* The battle that a key without one would seem to have. */
    static const char nobody[] =
        "{\"type\":\"standing\",\"battle_id\":\"00000000000000000000000000000000\","
        "\"input\":3,\"n\":1}";
    ck_assert_int_eq(read_text("nobody", nobody, later), RY_KAFKA_LEAGUE_MALFORMED);
}
END_TEST

START_TEST(test_forget)
{
    ck_assert_int_eq(read_text(KEY, NULL, 0), RY_KAFKA_LEAGUE_FORGET);
    ck_assert_str_eq(row.agent, "a");
    ck_assert_mem_eq(&row.battle_id, &stage_id, sizeof stage_id);
    ck_assert_int_eq(read_text("nothing", NULL, 0), RY_KAFKA_LEAGUE_MALFORMED);
    ck_assert_int_eq(read_text(NULL, NULL, 0), RY_KAFKA_LEAGUE_MALFORMED);
}
END_TEST

START_TEST(test_keys)
{
    static const char *const keys[] = {
        "",
        ID,
        ID "|",
        ID "|b",
        ID "a",
        "5AA00000000000000000000000000000|a",
        "6aa00000000000000000000000000000|a",
        "5aa0|a",
        "|a",
        ID "|a name that is longer than any name of an agent in a battle may be, by far"};
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++)
        ck_assert_msg(read_text(keys[i], HEAD GOOD "}", 3) == RY_KAFKA_LEAGUE_MALFORMED, "%s",
                      keys[i]);
    ck_assert_int_eq(read_text(NULL, HEAD GOOD "}", 3), RY_KAFKA_LEAGUE_MALFORMED);
}
END_TEST

/* Each member in turn is absent, of another type, or out of range. */
START_TEST(test_malformed)
{
    static const struct {
        const char *member, *good;
        const char *bad[8];
    } members[] = {
        {"battle_id", "\"" ID "\"", {"7", "\"\"", "null"}},
        {"input", "3", {"-1", "\"3\"", "3.0", "null"}},
        {"n", "1", {"-1", "true"}},
        {"agent", "\"a\"", {"null", "\"b\"", "1"}},
        {"agents", "4", {"1", "-4", "1048577", "4.0", "\"4\"", "null"}},
        {"rank", "2", {"5", "-1", "null", "\"2\""}},
        {"out", "null", {"0", "true", "[]"}},
        {"pnl",
         "\"1.000000\"",
         {"1", "\"1\"", "null", "\"1237940039285380274899.124225\"",
          "\"-1237940039285380274899.124225\"", "\"99999999999999999999999999999999.000000\""}},
        {"ended", "true", {"1", "null", "\"true\""}},
        {"stopped", "false", {"0"}},
        {"stamped", "false", {"0"}},
        {"incomplete", "false", {"0"}},
        {"appliance",
         "\"x\"",
         {"7", "\"an appliance whose name is longer than the settings let a name be, by far\""}},
    };
    enum { MEMBERS = sizeof members / sizeof *members };
    for (unsigned at = 0; at < MEMBERS; at++) {
        for (int bad = -2; bad < 8 && (bad < 0 || members[at].bad[bad] != NULL); bad++) {
            char text[1024] = "{\"type\":\"standing\"";
            for (unsigned i = 0; i < MEMBERS; i++) {
                size_t used = strlen(text);
                const char *value = i != at || bad == -2 ? members[i].good
                                    : bad == -1          ? NULL
                                                         : members[i].bad[bad];
                if (value != NULL)
                    snprintf(text + used, sizeof text - used, ",\"%s\":%s", members[i].member,
                             value);
            }
            strcat(text, "}");
            bool absent_is_fine = bad == -1 && strcmp(members[at].member, "appliance") == 0;
            enum ry_kafka_league_read want =
                bad == -2 || absent_is_fine ? RY_KAFKA_LEAGUE_ROW : RY_KAFKA_LEAGUE_MALFORMED;
            ck_assert_msg(read_text(KEY, text, 3) == want, "%s", text);
        }
    }
    ck_assert_int_eq(read_text(KEY, "{\"type\":\"standing\"", 3), RY_KAFKA_LEAGUE_MALFORMED);
    ck_assert_int_eq(read_text(KEY, "", 3), RY_KAFKA_LEAGUE_MALFORMED);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("kafka_league_read");
    TCase *c = tcase_create("read");
    tcase_add_loop_test(c, test_written, 0, 2);
    tcase_add_test(c, test_unknown_columns);
    tcase_add_test(c, test_later);
    tcase_add_test(c, test_forget);
    tcase_add_test(c, test_keys);
    tcase_add_test(c, test_malformed);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
