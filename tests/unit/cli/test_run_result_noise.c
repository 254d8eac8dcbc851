/* What disturbed the cores of a battle, as lines for people and as noise.json. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/cli/run_result_noise.h"

static struct ry_battle battle;
static struct ry_tuning_noise noise;
static struct ry_tuning_noise_core cores[9];
static struct ry_tuning_noise_switches processes[9];

static const char *printed(bool brief)
{
    static char text[8192];
    FILE *out = fmemopen(text, sizeof text, "w");
    ck_assert_ptr_nonnull(out);
    ry_cli_run_result_noise(out, &battle, &noise, brief);
    fclose(out);
    return text;
}

static void add_row(struct ry_tuning_noise_rows *rows, const char *id, const char *name,
                    uint64_t times)
{
    struct ry_tuning_noise_row *row = &rows->row[rows->count++];
    snprintf(row->id, sizeof row->id, "%s", id);
    snprintf(row->name, sizeof row->name, "%s", name);
    row->times = times;
    rows->times += times;
}

static void add_thread(struct ry_tuning_noise_core *core, const char *name, bool kernel,
                       uint64_t switches)
{
    struct ry_tuning_noise_thread *thread = &core->thread[core->threads++];
    snprintf(thread->name, sizeof thread->name, "%s", name);
    thread->kernel = kernel;
    thread->bound = strchr(name, '/') != NULL;
    thread->switches = switches;
}

/* A quiet core with one process. */
static struct ry_tuning_noise_core *add_core(unsigned number, const char *name)
{
    struct ry_tuning_noise_core *core = &cores[noise.cores++];
    struct ry_tuning_noise_switches *process = &processes[noise.processes++];
    core->core = number;
    core->online = core->interrupts.known = core->softirqs.known = core->threads_known = true;
    core->stolen_known = true;
    *process = (struct ry_tuning_noise_switches){.process = {.core = (int)number}, .known = true};
    snprintf(process->process.name, sizeof process->process.name, "%s", name);
    noise.core = cores;
    noise.process = processes;
    return core;
}

static void setup(void)
{
    strcpy(battle.name, "small");
    battle.agents = 2;
    strcpy(battle.agent[1].name, "maker");
    noise.time_ns = 61234567890;
}

START_TEST(no_core)
{
    ck_assert_str_eq(printed(true), "no process was bound to a core of its own: interrupts and "
                                    "switches were not counted\n");
    ck_assert_str_eq(printed(false), printed(true));
}
END_TEST

START_TEST(a_quiet_core)
{
    (void)add_core(3, "exec");
    ck_assert_str_eq(printed(true), "core 3 (exec): 0 interrupts, 0 switches (0 against its will), "
                                    "no kernel threads\n");
    ck_assert_str_eq(printed(false), "core 3 (exec): 0 interrupts, 0 switches (0 against its "
                                     "will), no kernel threads\n"
                                     "counted for 61.234 s; with softirqs in noise.json\n");
}
END_TEST

static void add_busy_core(void)
{
    struct ry_tuning_noise_core *core = add_core(5, "agent1");
    add_row(&core->interrupts, "LOC", "local timer", 9);
    add_row(&core->interrupts, "RES", "rescheduling", 3);
    add_row(&core->interrupts, "36", "eth0", 2);
    add_row(&core->interrupts, "37", "eth1", 1);
    core->interrupts.more = 4;
    add_row(&core->softirqs, "TIMER", "TIMER", 8);
    add_thread(core, "ksoftirqd/5", true, 4);
    add_thread(core, "sshd", false, 3);
    add_thread(core, "kworker/5:1", true, 2);
    add_thread(core, "rcu_preempt", true, 1);
    add_thread(core, "kworker/5:2", true, 1);
    core->threads_more = 7;
    core->stolen_ms = 20;
    processes[0].given_up = 1;
    processes[0].forced = 1;
    core->arrivals_known = true;
    core->arrivals = 77;
}

START_TEST(a_busy_core)
{
    add_busy_core();
    ck_assert_str_eq(
        printed(true),
        "core 5 (agent1, maker): 15 interrupts (local timer 9, rescheduling 3, eth0 "
        "2, 5 more), 2 switches (1 against its will), kernel threads: ksoftirqd/5 "
        "(4), kworker/5:1 (2), rcu_preempt (up to 1), 1 more, other processes: sshd (up to 3), "
        "and 7 more, 20 ms taken by a hypervisor\n");
    ck_assert_ptr_nonnull(strstr(printed(false), "(local timer 9, rescheduling 3, eth0 2, eth1 1, "
                                                 "4 more)"));
    ck_assert_ptr_nonnull(strstr(printed(false), "rcu_preempt (up to 1), kworker/5:2 (1), other"));
}
END_TEST

START_TEST(what_is_not_known)
{
    struct ry_tuning_noise_core *core = add_core(3, "exec");
    core->interrupts.known = core->threads_known = core->online = false;
    processes[0].known = false;
    strcpy(noise.why, "interrupts (/proc/interrupts: Permission denied)");
    ck_assert_str_eq(printed(false),
                     "core 3 (exec): interrupts not known, switches not known, kernel threads not "
                     "known, offline\n"
                     "counted for 61.234 s; with softirqs in noise.json\n"
                     "not known: interrupts (/proc/interrupts: Permission denied)\n");
}
END_TEST

START_TEST(one_core_of_two)
{
    (void)add_core(3, "exec");
    processes[noise.processes++] = processes[0];
    strcpy(processes[1].process.name, "journal");
    processes[1].given_up = 1;
    ck_assert_str_eq(printed(true),
                     "core 3 (exec and journal): 0 interrupts, 0 switches of exec (0 against its "
                     "will), 1 switch of journal (0 against its will), no kernel threads\n");
}
END_TEST

START_TEST(many_cores)
{
    for (unsigned i = 0; i < 9; i++)
        (void)add_core(i, "exec");
    ck_assert_ptr_null(strstr(printed(true), "core 6"));
    ck_assert_ptr_nonnull(strstr(printed(true), "\n3 more cores: result.txt, noise.json\n"));
    ck_assert_ptr_nonnull(strstr(printed(false), "core 8 (exec)"));
}
END_TEST

/* ---- noise.json ------------------------------------------------------------------------------ */

static json_t *kept(void)
{
    char directory[] = "/tmp/royale-test-XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ry_cli_run_result_keep_noise(directory, &battle, &noise);
    snprintf(path, sizeof path, "%s/%s", directory, RY_CLI_NOISE_FILE);
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(json);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(directory), 0);
    return json;
}

static void is_text(const json_t *object, const char *key, const char *text)
{
    ck_assert_str_eq(json_string_value(json_object_get(object, key)), text);
}

static void is_number(const json_t *object, const char *key, json_int_t number)
{
    ck_assert(json_is_integer(json_object_get(object, key)));
    ck_assert_int_eq(json_integer_value(json_object_get(object, key)), number);
}

START_TEST(a_busy_core_as_json)
{
    add_busy_core();
    json_t *json = kept();
    is_number(json, "format", 1);
    is_text(json, "battle", "small");
    is_text(json, "lasted_ns", "61234567890");
    ck_assert(json_is_null(json_object_get(json, "why")));
    ck_assert_uint_eq(json_array_size(json_object_get(json, "cores")), 1);
    const json_t *core = json_array_get(json_object_get(json, "cores"), 0);
    is_number(core, "cpu", 5);
    is_number(core, "interrupts", 15);
    is_number(core, "interrupts_more", 4);
    const json_t *rows = json_object_get(core, "interrupts_by");
    ck_assert_uint_eq(json_array_size(rows), 4);
    is_text(json_array_get(rows, 0), "id", "LOC");
    is_text(json_array_get(rows, 0), "name", "local timer");
    is_number(json_array_get(rows, 0), "count", 9);
    is_number(core, "softirqs", 8);
    is_number(core, "arrivals", 77);
    is_number(core, "stolen_ms", 20);
    const json_t *threads = json_object_get(core, "threads");
    ck_assert_uint_eq(json_array_size(threads), 5);
    is_text(json_array_get(threads, 1), "name", "sshd");
    ck_assert(json_is_false(json_object_get(json_array_get(threads, 1), "kernel")));
    is_number(json_array_get(threads, 1), "switches", 3);
    is_number(core, "threads_more", 7);
    const json_t *process = json_array_get(json_object_get(core, "processes"), 0);
    is_text(process, "name", "agent1");
    is_number(process, "switches", 2);
    is_number(process, "forced", 1);
    json_decref(json);
}
END_TEST

/* Null, and never 0. */
START_TEST(what_is_not_known_as_json)
{
    static const char *const keys[] = {"interrupts", "softirqs", "arrivals", "stolen_ms",
                                       "threads"};
    struct ry_tuning_noise_core *core = add_core(3, "exec");
    core->interrupts.known = core->softirqs.known = core->threads_known = core->stolen_known =
        false;
    processes[0].known = false;
    strcpy(noise.why, "all of it");
    json_t *json = kept();
    is_text(json, "why", "all of it");
    const json_t *first = json_array_get(json_object_get(json, "cores"), 0);
    for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++)
        ck_assert(json_is_null(json_object_get(first, keys[i])));
    const json_t *process = json_array_get(json_object_get(first, "processes"), 0);
    ck_assert(json_is_null(json_object_get(process, "switches")));
    ck_assert(json_is_null(json_object_get(process, "forced")));
    json_decref(json);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("noise of a result");
    TCase *c = tcase_create("noise of a result");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, no_core);
    tcase_add_test(c, a_quiet_core);
    tcase_add_test(c, a_busy_core);
    tcase_add_test(c, what_is_not_known);
    tcase_add_test(c, one_core_of_two);
    tcase_add_test(c, many_cores);
    tcase_add_test(c, a_busy_core_as_json);
    tcase_add_test(c, what_is_not_known_as_json);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
