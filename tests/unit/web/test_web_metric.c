/* What counters are called as metrics, and the two formats. */
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/metrics_rig.h"
#include "tools/web/exposition.h"
#include "tools/web/names.h"

static const struct {
    const char *process;
    struct ry_counter counter;
    const char *name, *unit;
    enum ry_web_kind kind;
    unsigned decimals;
} cases[] = {
    {"feed0",
     {"gaps", RY_COUNTER_KIND_COUNTER, "gaps", "s", ""},
     "royale_feed_gaps",
     "gaps",
     RY_WEB_COUNTER,
     0},
    {"feed12",
     {"damaged_short", RY_COUNTER_KIND_COUNTER, "messages", "s", ""},
     "royale_feed_damaged_short_messages",
     "messages",
     RY_WEB_COUNTER,
     0},
    {"export",
     {"commit_ns", RY_COUNTER_KIND_GAUGE, "ns", "s", ""},
     "royale_export_commit_seconds",
     "seconds",
     RY_WEB_GAUGE,
     9},
    {"journal",
     {"block_ns_max", RY_COUNTER_KIND_GAUGE, "ns", "s", ""},
     "royale_journal_block_max_seconds",
     "seconds",
     RY_WEB_GAUGE,
     9},
    {"exec",
     {"market_time", RY_COUNTER_KIND_GAUGE, "ns", "s", ""},
     "royale_exec_market_time_seconds",
     "seconds",
     RY_WEB_GAUGE,
     9},
    {"journal",
     {"uring", RY_COUNTER_KIND_GAUGE, "bool", "s", ""},
     "royale_journal_uring",
     "",
     RY_WEB_GAUGE,
     0},
    {"journal",
     {"flight_waits", RY_COUNTER_KIND_COUNTER, "times", "s", ""},
     "royale_journal_flight_waits",
     "",
     RY_WEB_COUNTER,
     0},
    {"exec",
     {"agents_died", RY_COUNTER_KIND_COUNTER, "agents", "s", ""},
     "royale_exec_agents_died",
     "",
     RY_WEB_COUNTER,
     0},
    {"exec",
     {"link_bytes", RY_COUNTER_KIND_COUNTER, "bytes", "s", ""},
     "royale_exec_link_bytes",
     "bytes",
     RY_WEB_COUNTER,
     0},
    {"exec",
     {"state_hash", RY_COUNTER_KIND_HASH, "hash", "s", ""},
     "royale_exec_state_hash",
     "",
     RY_WEB_INFO,
     0},
    {"view",
     {"sleeps", RY_COUNTER_KIND_COUNTER, "calls", "s", ""},
     "royale_process_sleeps",
     "",
     RY_WEB_COUNTER,
     0},
    {"agent3",
     {"x", RY_COUNTER_KIND_GAUGE, "permille", "s", ""},
     "royale_agent_x_ratio",
     "ratio",
     RY_WEB_GAUGE,
     3},
    {"agent3",
     {"ns", RY_COUNTER_KIND_GAUGE, "ns", "s", ""},
     "royale_agent_seconds",
     "seconds",
     RY_WEB_GAUGE,
     9},
    {"agent3",
     {"x", RY_COUNTER_KIND_HASH, "permille", "s", ""},
     "royale_agent_x",
     "",
     RY_WEB_INFO,
     0},
    /* A stranger's: what would be taken for the end of another kind, and units that are no words.
     */
    {"agent3",
     {"x_total", RY_COUNTER_KIND_GAUGE, "lots", "s", ""},
     "royale_agent_x_total_",
     "",
     RY_WEB_GAUGE,
     0},
    {"agent3",
     {"x_info", RY_COUNTER_KIND_COUNTER, "", "s", ""},
     "royale_agent_x_info_",
     "",
     RY_WEB_COUNTER,
     0},
    {"agent3",
     {"total", RY_COUNTER_KIND_COUNTER, "lots", "s", ""},
     "royale_agent_total_",
     "",
     RY_WEB_COUNTER,
     0},
    {"agent3",
     {"x", RY_COUNTER_KIND_COUNTER, "total", "s", ""},
     "royale_agent_x_total_",
     "",
     RY_WEB_COUNTER,
     0},
    {"agent3",
     {"x", RY_COUNTER_KIND_GAUGE, "a\"}\\B", "s", ""},
     "royale_agent_x_a____",
     "a____",
     RY_WEB_GAUGE,
     0},
};

START_TEST(a_counter_has_a_name)
{
    struct ry_web_metric metric;
    ry_web_metric_of(&metric, cases[_i].process, &cases[_i].counter);
    ck_assert_str_eq(metric.name, cases[_i].name);
    ck_assert_str_eq(metric.unit, cases[_i].unit);
    ck_assert_int_eq(metric.kind, cases[_i].kind);
    ck_assert_uint_eq(metric.decimals, cases[_i].decimals);
}
END_TEST

static const struct ry_web_metric gauge = {"royale_x_seconds", "seconds", RY_WEB_GAUGE, 9,
                                           "a \"b\" \\ c"};
static const struct ry_web_metric counter = {"royale_y", "", RY_WEB_COUNTER, 0, "y"};
static const struct ry_web_metric info = {"royale_z", "", RY_WEB_INFO, 0, "z"};
static const struct ry_web_label labels[] = {{"process", "feed0"}, {"name", "a\"b\\c\nd\033"}};

static void put_some(struct ry_web_exposition *e)
{
    ry_web_put_family(e, &gauge);
    ry_web_put_sample(e, &gauge, NULL, 0, 1500000001);
    ry_web_put_sample(e, &gauge, labels, 2, -1);
    ry_web_put_family(e, &counter);
    ry_web_put_sample(e, &counter, labels, 1, UINT64_MAX);
    ry_web_put_family(e, &info);
    ry_web_put_sample(e, &info, labels, 1, 1);
    ry_web_put_end(e);
}

static void want(enum ry_web_format format, const char *text)
{
    char why[RY_TEST_METRICS_WHY_BYTES];
    struct ry_web_exposition e = {.format = format};
    put_some(&e);
    ck_assert(!e.failed);
    ck_assert_uint_eq(e.bytes, strlen(text));
    ck_assert_mem_eq(e.text, text, e.bytes);
    ck_assert_msg(ry_test_metrics_read(e.text, e.bytes, format == RY_WEB_OPENMETRICS, why), "%s",
                  why);
    ck_assert(!ry_test_metrics_read(e.text, e.bytes, format != RY_WEB_OPENMETRICS, why));
    free(e.text);
}

START_TEST(prometheus_text)
{
    want(RY_WEB_PROMETHEUS,
         "# HELP royale_x_seconds a \"b\" \\\\ c\n"
         "# TYPE royale_x_seconds gauge\n"
         "royale_x_seconds 1.500000001\n"
         "royale_x_seconds{process=\"feed0\",name=\"a\\\"b\\\\c?d?\"} -0.000000001\n"
         "# HELP royale_y_total y\n"
         "# TYPE royale_y_total counter\n"
         "royale_y_total{process=\"feed0\"} 18446744073709551615\n"
         "# HELP royale_z_info z\n"
         "# TYPE royale_z_info gauge\n"
         "royale_z_info{process=\"feed0\"} 1\n");
}
END_TEST

START_TEST(open_metrics_text)
{
    want(RY_WEB_OPENMETRICS,
         "# HELP royale_x_seconds a \\\"b\\\" \\\\ c\n"
         "# TYPE royale_x_seconds gauge\n"
         "# UNIT royale_x_seconds seconds\n"
         "royale_x_seconds 1.500000001\n"
         "royale_x_seconds{process=\"feed0\",name=\"a\\\"b\\\\c?d?\"} -0.000000001\n"
         "# HELP royale_y y\n"
         "# TYPE royale_y counter\n"
         "royale_y_total{process=\"feed0\"} 18446744073709551615\n"
         "# HELP royale_z z\n"
         "# TYPE royale_z info\n"
         "royale_z_info{process=\"feed0\"} 1\n"
         "# EOF\n");
}
END_TEST

/* The widest figures there are: money of 128 bits. */
START_TEST(numbers_are_exact)
{
    static const struct ry_web_metric money = {"m", "", RY_WEB_GAUGE, 6, "m"};
    struct ry_web_exposition e = {.format = RY_WEB_PROMETHEUS};
    ry_web_put_sample(&e, &money, NULL, 0, 0);
    ry_web_put_sample(&e, &money, NULL, 0, -1000001);
    ry_web_put_sample(&e, &money, NULL, 0, (__int128)1 << 126);
    ry_web_put_sample(&e, &money, NULL, 0, -((__int128)1 << 126) * 2);
    const char text[] = "m 0.000000\nm -1.000001\nm 85070591730234615865843651857942.052864\n"
                        "m -170141183460469231731687303715884.105728\n";
    ck_assert_uint_eq(e.bytes, strlen(text));
    ck_assert_mem_eq(e.text, text, e.bytes);
    free(e.text);
}
END_TEST

START_TEST(a_text_has_a_limit)
{
    struct ry_web_exposition e = {.format = RY_WEB_PROMETHEUS};
    for (unsigned i = 0; i < RY_WEB_TEXT_BYTES_MAX / 16 && !e.failed; i++)
        ry_web_put_family(&e, &gauge);
    ck_assert(e.failed);
    ck_assert_uint_le(e.bytes, RY_WEB_TEXT_BYTES_MAX);
    free(e.text);
}
END_TEST

/* Names in order, each once, with a sentence: what queries may rest on. */
START_TEST(every_name_is_one_metric)
{
    char *text = NULL, last[RY_WEB_NAME_BYTES + 8] = "";
    size_t bytes;
    unsigned lines = 0;
    FILE *out = open_memstream(&text, &bytes);
    ry_web_names(out);
    fclose(out);
    for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL && line[0] != '\0';
         lines++) {
        char *name = strsep(&line, "\t"), *type = strsep(&line, "\t"), *unit = strsep(&line, "\t"),
             *help = strsep(&line, "\t");
        ck_assert_ptr_nonnull(help);
        ck_assert_str_ne(name, last);
        ck_assert(strncmp(name, "royale_", 7) == 0 && type[0] != '\0' && unit[0] != '\0' &&
                  help[0] != '\0');
        snprintf(last, sizeof last, "%s", name);
    }
    ck_assert_uint_gt(lines, 200);
    free(text);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("web_metric");
    TCase *t = tcase_create("web_metric");
    tcase_add_loop_test(t, a_counter_has_a_name, 0, sizeof cases / sizeof *cases);
    tcase_add_test(t, prometheus_text);
    tcase_add_test(t, open_metrics_text);
    tcase_add_test(t, numbers_are_exact);
    tcase_add_test(t, a_text_has_a_limit);
    tcase_add_test(t, every_name_is_one_metric);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
