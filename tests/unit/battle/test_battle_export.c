/* The battle file's section `export`: what it means, and every mistake with its words. */
#include <stdlib.h>
#include <string.h>

#include "core/battle/absolute.h"
#include "core/battle/keys.h"
#include "core/battle/read.h"
#include "tests/support/test.h"

#define BATTLE                                                                                     \
    "battle: {name: demo}\n"                                                                       \
    "market: {date: 2026-01-05, zone: UTC, instruments: [{symbol: RYA}]}\n"                        \
    "feeds: [{name: itch, format: itch50, path: day.itch}]\n"

static struct ry_battle_errors errors;

static struct ry_battle *parse(const char *section)
{
    char text[4096];
    struct ry_battle_source source = {.directory = "/where"};
    snprintf(text, sizeof text, BATTLE "%s\n", section);
    return ry_battle_parse(text, strlen(text), &source, &errors);
}

static struct ry_battle_export export_of(const char *section)
{
    struct ry_battle *battle = parse(section);
    ck_assert_msg(battle != NULL, "%s: %s", section, errors.error[0].text);
    struct ry_battle_export export = battle->export;
    free(battle);
    return export;
}

START_TEST(test_none)
{
    static const struct ry_battle_export none;
    const struct ry_battle_export export = export_of("");
    ck_assert_int_eq(memcmp(&export, &none, sizeof none), 0);
}
END_TEST

START_TEST(test_jsonl)
{
    struct ry_battle_export export = export_of("export: {sink: jsonl}");
    ck_assert_uint_eq(export.sink, RY_BATTLE_SINK_JSONL);
    ck_assert_str_eq(export.out, "rows/");
    ck_assert_uint_eq(export.rotate_bytes, UINT64_C(256) << 20);
    ck_assert_uint_eq(export.end_s, 60);
    ck_assert_str_eq(export.appliance, "");
    ck_assert_str_eq(export.config, "");
    export = export_of("export: {sink: jsonl, out: /data/r, rotate_bytes: 4096, end_s: 0, "
                       "appliance: fra1.example}");
    ck_assert_str_eq(export.out, "/data/r/");
    ck_assert_uint_eq(export.rotate_bytes, 4096);
    ck_assert_uint_eq(export.end_s, 0);
    ck_assert_str_eq(export.appliance, "fra1.example");
    ck_assert_str_eq(export_of("export: {sink: jsonl, out: r/}").out, "r/");
}
END_TEST

/* The longest folder that is taken has room for its slash. */
START_TEST(test_long_folder)
{
    char section[RY_BATTLE_PATH_BYTES + 64], path[RY_BATTLE_PATH_BYTES];
    memset(path, 'r', sizeof path);
    path[RY_BATTLE_PATH_BYTES - 2] = '\0';
    snprintf(section, sizeof section, "export: {sink: jsonl, out: %s}", path);
    const struct ry_battle_export export = export_of(section);
    ck_assert_uint_eq(strlen(export.out), RY_BATTLE_PATH_BYTES - 1);
    ck_assert_int_eq(export.out[RY_BATTLE_PATH_BYTES - 2], '/');
}
END_TEST

START_TEST(test_kafka)
{
    struct ry_battle_export export =
        export_of("export: {sink: kafka, config: conf/kafka.conf, end_s: 5}");
    ck_assert_uint_eq(export.sink, RY_BATTLE_SINK_KAFKA);
    ck_assert_str_eq(export.config, "/where/conf/kafka.conf");
    ck_assert_uint_eq(export.end_s, 5);
    ck_assert_str_eq(export.out, "");
    ck_assert_uint_eq(export.rotate_bytes, 0);
    ck_assert_str_eq(export_of("export: {sink: kafka, config: /etc/k}").config, "/etc/k");
}
END_TEST

/* The copy that a battle leaves in its directory names the same settings file; what lies in the
 * battle's directory stays relative to it. */
START_TEST(test_copy)
{
    static const char kafka[] = "export: {sink: kafka, config: k.conf}\n",
                      jsonl[] = "export: {sink: jsonl, out: r}\n";
    size_t bytes;
    char *text = ry_battle_absolute(kafka, sizeof kafka - 1, "/s", &bytes);
    ck_assert_str_eq(text, "export: {sink: kafka, config: \"/s/k.conf\"}\n");
    free(text);
    text = ry_battle_absolute(jsonl, sizeof jsonl - 1, "/s", &bytes);
    ck_assert_str_eq(text, jsonl);
    free(text);
}
END_TEST

static const struct {
    const char *section;
    const char *error; /* of line 4: "COLUMN: KEY: text" */
} mistakes[] = {
    {"export: kafka", "9: export: \"kafka\" is a single value; allowed: a mapping of keys"},
    {"export: {end_s: 1}", "9: export.sink: is missing; allowed: jsonl, kafka"},
    {"export: {sink: kafkas}",
     "16: export.sink: \"kafkas\" is none of the words, perhaps kafka; allowed: jsonl, kafka"},
    {"export: {sink: kafka}",
     "9: export.config: is missing; allowed: a file with Kafka's settings, such as "
     "bootstrap.servers=HOST:9092"},
    {"export: {sink: jsonl, config: k}",
     "31: export.config: means nothing to sink jsonl; allowed: with sink kafka"},
    {"export: {sink: jsonl, out: sub/r/}",
     "28: export.out: is a folder in a folder; allowed: one name, such as rows/, which is made in "
     "the battle's directory, or an absolute path"},
    {"export: {sink: kafka, config: k, out: r/}",
     "39: export.out: means nothing to sink kafka; allowed: with sink jsonl"},
    {"export: {sink: kafka, config: k, rotate_bytes: 8192}",
     "48: export.rotate_bytes: means nothing to sink kafka; allowed: with sink jsonl"},
    {"export: {sink: kafka, config: k, appliance: a}",
     "45: export.appliance: means nothing to sink kafka; allowed: royale.appliance in the file of "
     "config"},
    {"export: {sink: kafka, config: k, password: x}",
     "34: export.password: unknown key; allowed: sink, config, out, rotate_bytes, appliance, "
     "end_s; brokers, passwords and what else Kafka needs stand in the file of export.config"},
    {"export: {sink: kafka, config: k, ends: 1}",
     "34: export.ends: unknown key, perhaps end_s; allowed: sink, config, out, rotate_bytes, "
     "appliance, end_s"},
    {"export: {sink: jsonl, end_s: 86401}",
     "30: export.end_s: \"86401\" is out of range; allowed: a whole number, 0 to 86400"},
};

START_TEST(test_mistakes)
{
    char said[640];
    ck_assert_ptr_null(parse(mistakes[_i].section));
    ck_assert_uint_eq(errors.count, 1);
    ck_assert_uint_eq(errors.error[0].line, 4);
    snprintf(said, sizeof said, "%u: %s: %s", errors.error[0].column, errors.error[0].key,
             errors.error[0].text);
    ck_assert_str_eq(said, mistakes[_i].error);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("battle_export");
    TCase *c = tcase_create("export");
    tcase_add_test(c, test_none);
    tcase_add_test(c, test_jsonl);
    tcase_add_test(c, test_long_folder);
    tcase_add_test(c, test_kafka);
    tcase_add_test(c, test_copy);
    tcase_add_loop_test(c, test_mistakes, 0, sizeof mistakes / sizeof *mistakes);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
