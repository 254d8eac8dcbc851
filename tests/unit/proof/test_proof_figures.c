/* What probes found, as JSON: the same figures, and each thing that was not measured named. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/proof_rig.h"
#include "tests/support/test.h"
#include "tools/proof/figures.h"

static json_t *part;

static void setup(void)
{
    part = ry_proof_figures();
}

static void teardown(void)
{
    json_decref(part);
}

static void is(const json_t *value, const char *text)
{
    json_t *want = ry_test_proof_json(text);
    char *have = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    ck_assert_msg(json_equal(value, want), "it is %s", have);
    free(have);
    json_decref(want);
}

static void has(const char *key, const char *text)
{
    is(json_object_get(part, key), text);
}

START_TEST(gaps_have_the_histograms_own_edges)
{
    static struct ry_probe_gaps_core core[2] = {
        {.core = 3, .ran = true, .time_ns = 1000000, .longest_ns = 1000, .stolen_ns = 1720},
        {.core = 5, .why = "it is offline"}};
    const struct ry_probe_gaps_result gaps = {.threshold_ns = 500, .cores = 2, .core = core};
    ry_histogram_add(&core[0].gaps, 700);
    ry_histogram_add(&core[0].gaps, 20);
    ry_histogram_add(&core[0].gaps, 1000);
    ry_proof_figures_gaps(part, &gaps);
    has("gaps",
        "{'threshold_ns': '500', 'cores': [{'cpu': 3, 'ran_ns': '1000000', 'count': 3,"
        " 'stolen_ns': '1720', 'p50_ns': '703', 'p99_ns': '1000', 'longest_ns': '1000', 'bars': ["
        "{'from_ns': '20', 'to_ns': '21', 'count': 1},"
        "{'from_ns': '672', 'to_ns': '704', 'count': 1},"
        "{'from_ns': '992', 'to_ns': '1024', 'count': 1}]}]}");
    has("not_measured", "[{'what': 'gaps', 'why': 'CPU 5: it is offline'}]");
}
END_TEST

START_TEST(calls_say_who_and_how_long)
{
    static struct ry_probe_futex_result futex = {.ran = true};
    static const struct ry_probe_syscall_result none = {.why = "no such core"};
    const struct ry_probe_futex_asked asked = {.waker = 1, .sleeper = 2};
    futex.woken.count = 1;
    futex.woken.shortest_ns = 15;
    ry_histogram_add(&futex.woken.ns, 15);
    ry_proof_figures_futex(part, &asked, &futex);
    ry_proof_figures_syscall(part, 1, &none);
    has("calls",
        "[{'name': 'futex', 'cpu': 1, 'other': 2, 'count': 1, 'shortest_ns': '15', 'p50_ns':"
        " '15', 'p99_ns': '15', 'longest_ns': '15'}]");
    has("not_measured", "[{'what': 'calls, syscall', 'why': 'no such core'}]");
}
END_TEST

START_TEST(distances_that_were_not_measured_are_null)
{
    unsigned core[] = {0, 4, 6};
    int64_t ways[] = {-1, 50000, -1, 50000, -1, 61000, -1, 61000, -1};
    struct ry_probe_pingpong_result result = {
        .cores = 3, .core = core, .pairs = 3, .measured = 2, .one_way_ps = ways};
    ry_proof_figures_pingpong(part, &result);
    has("pingpong", "{'cpus': [0, 4, 6], 'rows': [[null, 50000, null], [50000, null, 61000],"
                    " [null, 61000, null]]}");
    has("not_measured", "[{'what': 'pingpong', 'why': '1 of 3 pairs: no time was left'}]");
}
END_TEST

START_TEST(counts_name_who_disturbed)
{
    static struct ry_tuning_noise_core core = {
        .core = 2,
        .interrupts = {.known = true,
                       .times = 12,
                       .count = 1,
                       .row = {{.id = "LOC", .name = "local timer", .times = 12}}},
        .softirqs = {.known = true},
        .threads = 1,
        .thread = {{.name = "ksoftirqd/2"}}};
    struct ry_tuning_noise_switches exec = {
        .process = {.name = "exec", .core = 2}, .known = true, .given_up = 3, .forced = 4};
    const struct ry_tuning_noise noise = {.time_ns = 5,
                                          .cores = 1,
                                          .processes = 1,
                                          .core = &core,
                                          .process = &exec,
                                          .why = "no schedstat"};
    ry_proof_figures_noise(part, "battle", &noise);
    const json_t *counts = json_array_get(json_object_get(part, "counts"), 0);
    const json_t *row = json_array_get(json_object_get(counts, "cores"), 0);
    is(json_object_get(counts, "during"), "'battle'");
    is(json_object_get(counts, "lasted_ns"), "'5'");
    is(json_object_get(row, "interrupts"), "12");
    is(json_object_get(row, "processes"), "[{'name': 'exec', 'switches': 7, 'forced': 4}]");
}
END_TEST

/* Two passes: in the partition, and outside. */
START_TEST(two_parts_become_one)
{
    json_t *other = ry_test_proof_json(
        "{'gaps': {'threshold_ns': '500', 'cores': [{'cpu': 7}]}, 'calls': [{'name': 'syscall'}],"
        " 'pingpong': {'cpus': [7, 8], 'rows': [[null, 3], [3, null]]}, 'memory': [], 'rtla': [],"
        " 'counts': [{'during': 'gaps', 'cores': [{'cpu': 7}]}],"
        " 'not_measured': [{'what': 'rtla', 'why': 'x'}]}");
    ry_proof_figures_join(part, other);
    is(part,
       "{'gaps': {'threshold_ns': '500', 'cores': [{'cpu': 7}]}, 'calls': [{'name': 'syscall'}],"
       " 'pingpong': {'cpus': [7, 8], 'rows': [[null, 3], [3, null]]}, 'memory': [], 'rtla': [],"
       " 'counts': [{'during': 'gaps', 'cores': [{'cpu': 7}]}],"
       " 'not_measured': [{'what': 'rtla', 'why': 'x'}]}");
    json_decref(other);
    other = ry_test_proof_json(
        "{'gaps': {'threshold_ns': '500', 'cores': [{'cpu': 0}]}, 'calls': [], 'pingpong':"
        " {'cpus': [0], 'rows': [[null]]}, 'memory': [], 'rtla': [],"
        " 'counts': [{'during': 'gaps', 'cores': [{'cpu': 0}]}],"
        " 'not_measured': [{'what': 'rtla', 'why': 'x'}, {'what': 'rtla', 'why': 'y'}]}");
    ry_proof_figures_join(part, other);
    has("gaps", "{'threshold_ns': '500', 'cores': [{'cpu': 7}, {'cpu': 0}]}");
    has("not_measured", "[{'what': 'rtla', 'why': 'x'}, {'what': 'rtla', 'why': 'y'}]"); /* once */
    has("pingpong",
        "{'cpus': [7, 8, 0], 'rows': [[null, 3, null], [3, null, null], [null, null, null]]}");
    has("counts", "[{'during': 'gaps', 'cores': [{'cpu': 7}, {'cpu': 0}]}]");
    json_decref(other);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("proof_figures");
    TCase *t = tcase_create("figures");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, gaps_have_the_histograms_own_edges);
    tcase_add_test(t, calls_say_who_and_how_long);
    tcase_add_test(t, distances_that_were_not_measured_are_null);
    tcase_add_test(t, counts_name_who_disturbed);
    tcase_add_test(t, two_parts_become_one);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
