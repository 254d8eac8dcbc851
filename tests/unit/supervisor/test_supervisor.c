/*
 * The supervisor and the run loop, with real processes: battles that go well, deaths, what cannot
 * be started, logs. Signals: test_supervisor_signals.c; agents: test_supervisor_agents.c.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/supervised.h"
#include "tests/support/test.h"

#define ENOUGH_SECONDS 60

static struct ry_test_supervised *const t = &ry_test_supervised;
static struct ry_supervisor_result *const result = &ry_test_supervised.result;

START_TEST(a_battle_to_its_end)
{
    unsigned before = ry_test_open_descriptors();
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert(result->in_order);
    ck_assert_int_eq(result->signal, 0);
    ck_assert_int_gt(result->run_ns, 0);
    ck_assert_uint_eq(result->count, 4);
    /* Feeds may be stopped before their first step: exec was done. */
    for (unsigned i = 0; i < 4; i++) {
        const struct ry_counters_description *are = &result->role[i].counters_are;
        ck_assert_uint_eq(result->role[i].counters_count, 3 + RY_ROLE_COUNTERS);
        ck_assert_uint_eq(are->count, 3 + RY_ROLE_COUNTERS);
        ck_assert_str_eq(ry_counters_described(are, 2).name, "answer");
        ck_assert_str_eq(ry_counters_described(are, 2).remedy, "ask another question");
    }
    ck_assert_uint_eq(result->role[0].counters[0], RY_TEST_ROLE_STEPS);
    ck_assert_uint_eq(result->role[0].counters[2], 42);
    /* Each has slept, at least until it was told its place. */
    for (unsigned i = 0; i < 4; i++)
        ck_assert_uint_gt(result->role[i].counters[3 + RY_ROLE_COUNTER_switches_voluntary], 0);
    ck_assert_uint_eq(result->role[3].counters[0], RY_TEST_ROLE_STEPS);
    const char *log = ry_test_log_of("feed1");
    ck_assert_ptr_nonnull(strstr(log, "a line on standard error\n"));
    ck_assert_ptr_nonnull(strstr(log, "closed\n"));
    ck_assert_ptr_nonnull(strstr(log, "not bound to a core"));
    ry_test_nobody_is_left();
    ck_assert_uint_eq(ry_test_open_descriptors(), before);
}
END_TEST

START_TEST(the_last_look_is_work)
{
    setenv("JOURNAL", "last-look", 1);
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ry_test_nobody_is_left();
}
END_TEST

/* exec done: feeds that go on are stopped, and that is no death. */
START_TEST(feeds_need_not_end)
{
    setenv("FEED", "hang", 1);
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert(result->in_order);
    ck_assert_ptr_nonnull(strstr(ry_test_log_of("feed0"), "stopped by SIGTERM"));
    ry_test_nobody_is_left();
}
END_TEST

static const struct death {
    const char *variable, *how, *text, *log;
} deaths[] = {
    {"FEED", "fail-open", "feed0 died: no such thing as 17 (exit code 1)", "no such thing as 17"},
    {"EXEC", "die-open", "exec died: killed by signal 6 (Aborted)", ""},
    {"JOURNAL", "fail-join", "journal died: joining failed (exit code 1)", "joining failed"},
    {"FEED", "want-foreign", "feed0 died: nobody offers exec.secrets (exit code 1)",
     "nobody offers"},
    {"EXEC", "small-inputs", "journal died: cannot map exec.inputs: it is too small (exit code 1)",
     "cannot map"},
    {"EXEC", "make-foreign",
     "exec died: cannot make exec.secrets: there is no such link (exit code 1)", "cannot make"},
    {"EXEC", "fail-step", "exec died: the wheel came off (exit code 1)", "the wheel came off"},
    {"EXEC", "die-step", "exec died: killed by signal 9 (Killed)", "the last words"},
    {"JOURNAL", "die-step", "journal died: killed by signal 9 (Killed)", "the last words"},
    {"JOURNAL", "leave-step", "journal died: somebody else stopped it", ""},
    {"JOURNAL", "offer-nothing", "journal offers 2 regions of 3", ""},
    {"JOURNAL", "offer-twice", "journal offers journal.base, which it has offered already", ""},
    {"EXEC", "offer-foreign", "exec offers exec.secrets, which the topology does not have", ""},
};

START_TEST(a_death_ends_the_battle)
{
    const struct death *death = &deaths[_i];
    unsigned before = ry_test_open_descriptors();
    /* The others would go on for ever. */
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1);
    setenv(death->variable, death->how, 1);
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_DIED);
    /* Both feeds behave alike: either may be the first. */
    for (char *at = result->text; (at = strstr(at, "feed1")) != NULL;)
        at[4] = '0';
    ck_assert_msg(strncmp(result->text, death->text, strlen(death->text)) == 0, "said: %s",
                  result->text);
    ck_assert_int_ge(result->culprit, 0);
    ck_assert_ptr_nonnull(strstr(ry_test_log_of(result->role[result->culprit].name), death->log));
    ck_assert(!result->in_order);
    ry_test_nobody_is_left();
    ck_assert_uint_eq(ry_test_open_descriptors(), before);
}
END_TEST

/* exec hears of it and ends in order, and so does the journal. */
START_TEST(a_feed_dies)
{
    setenv("EXEC", "hang", 1);
    setenv("FEED", _i == 0 ? "die-step" : "fail-step", 1);
    setenv("JOURNAL", "after-exec", 1);
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_DIED);
    ck_assert_str_eq(result->text + strlen("feedN"),
                     _i == 0 ? " died: killed by signal 9 (Killed)"
                             : " died: the wheel came off (exit code 1)");
    ck_assert_int_eq((int)result->role[result->culprit].row->number, RY_ROLE_EACH_FEED);
    const char *log = ry_test_log_of("exec");
    ck_assert_msg(strstr(log, "ERROR feed ") != NULL, "%s", log);
    ck_assert_ptr_null(strstr(log, "stopped by SIGTERM"));
    ck_assert_ptr_null(strstr(ry_test_log_of("journal"), "stopped by SIGTERM"));
    ck_assert(result->role[3].done);
    ry_test_nobody_is_left();
}
END_TEST

/* What it did not bring comes after the end of the battle: whether its process dies before or after
 * exec is done depends on who is faster, and changes nothing. */
START_TEST(a_feed_dies_behind_the_end)
{
    setenv("EXEC", "enough", 1);
    setenv("FEED", "fail-step", 1);
    setenv("JOURNAL", "after-exec", 1);
    ry_test_supervised_run();
    ck_assert_str_eq(result->text, "");
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_DONE);
    unsigned told = 0;
    for (unsigned i = 0; i < result->count; i++) {
        if (result->role[i].row->number != RY_ROLE_EACH_FEED || result->role[i].death[0] == '\0')
            continue;
        told++;
        ck_assert_str_eq(result->role[i].death + strlen("feedN"),
                         " died: the wheel came off (exit code 1); the battle was over before what "
                         "this feed lacks");
    }
    ck_assert_uint_ge(told, 1);
    ry_test_nobody_is_left();
}
END_TEST

START_TEST(a_feed_dies_and_exec_does_not_listen)
{
    t->plan.order_ns = RY_NS_PER_SECOND / 4;
    setenv("EXEC", "deaf", 1);
    setenv("FEED", "die-step", 1);
    setenv("JOURNAL", "after-exec", 1);
    ry_test_supervised_run();
    ck_assert_str_eq(result->text + strlen("feedN"), " died: killed by signal 9 (Killed)");
    ck_assert_ptr_nonnull(strstr(ry_test_log_of("exec"), "stopped by SIGTERM"));
    ry_test_nobody_is_left();
}
END_TEST

START_TEST(a_role_that_will_not_stop_is_killed)
{
    t->plan.kill_ns = RY_NS_PER_SECOND / 4;
    setenv("FEED", "hang-open", 1); /* SIGTERM interrupts its pause, it pauses again */
    setenv("EXEC", "fail-open", 1);
    ry_test_supervised_run();
    ck_assert_str_eq(result->text, "exec died: no such thing as 17 (exit code 1)");
    ry_test_nobody_is_left();
}
END_TEST

START_TEST(a_binary_that_is_not_there)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/royale-journal", t->folder);
    ck_assert_int_eq(unlink(path), 0);
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_ENVIRONMENT);
    char text[PATH_MAX + 64];
    snprintf(text, sizeof text, "cannot execute %s: No such file or directory", path);
    ck_assert_str_eq(result->text, text);
    ry_test_nobody_is_left();
}
END_TEST

START_TEST(a_binary_that_is_none)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/royale-journal", t->folder);
    ck_assert_int_eq(unlink(path), 0);
    int fd = open(path, O_CREAT | O_WRONLY, 0755);
    ck_assert_int_eq((int)write(fd, "junk", 4), 4);
    close(fd);
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_DIED);
    ck_assert_ptr_nonnull(strstr(result->text, "journal died: cannot execute "));
    ck_assert_ptr_nonnull(strstr(result->text, "Exec format error"));
    ry_test_nobody_is_left();
}
END_TEST

START_TEST(too_few_open_files)
{
    struct rlimit few = {.rlim_cur = 40, .rlim_max = 40};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_ENVIRONMENT);
    ck_assert_int_eq(result->culprit, -1);
    ck_assert_msg(strstr(result->text, "too few open files are allowed (40, ulimit -n)") != NULL,
                  "%s", result->text);
    ry_test_nobody_is_left();
}
END_TEST

START_TEST(a_soft_limit_of_open_files_is_raised)
{
    struct rlimit few = {.rlim_cur = 40, .rlim_max = 1024};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ry_test_nobody_is_left();
}
END_TEST

static char said[16][600];
static unsigned said_count;

static void remember(void *context, const char *line)
{
    (void)context;
    snprintf(said[said_count++ % 16], sizeof said[0], "%s", line);
}

/* /dev/full: a disk without room. It is said once, and the last words are not lost. */
START_TEST(a_log_that_cannot_be_written)
{
    char path[PATH_MAX + 64];
    static const char *const names[] = {"exec", "journal"};
    for (unsigned i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/log/%s.log", t->directory, names[i]);
        ck_assert_int_eq(symlink("/dev/full", path), 0);
    }
    setenv("EXEC", "die-step", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1);
    said_count = 0;
    t->plan.hooks.say = remember;
    ry_test_supervised_run();
    t->plan.hooks.say = NULL;
    ck_assert_str_eq(result->text, "exec died: killed by signal 9 (Killed)");
    ck_assert_uint_eq(said_count, 1);
    ck_assert_msg(strstr(said[0], ".log: No space left on device; the battle goes on") != NULL,
                  "%s", said[0]);
    ck_assert_uint_gt(result->role[0].log.unwritten, 0);
    char *tail = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&tail, &bytes);
    ry_supervisor_role_log_tail(&result->role[0].log, out, "> ", 5);
    fclose(out);
    ck_assert_msg(strstr(tail, "INFO  the last words\n> (") != NULL, "%s", tail);
    ck_assert_msg(strstr(tail, "could not be written to it: No space left on device)\n") != NULL,
                  "%s", tail);
    free(tail);
    ry_test_nobody_is_left();
}
END_TEST

/* What a role prints itself stands in its log too, and is shown. */
START_TEST(the_tail_is_printable)
{
    struct ry_supervisor_role_log log;
    char *tail = NULL;
    size_t bytes = 0;
    ck_assert_int_eq(ry_supervisor_role_log_open(&log, t->directory, "x", false, 0), 0);
    fputs("first\nsecond \033[31m\nassertion \x9b failed", log.file);
    fflush(log.file);
    FILE *out = open_memstream(&tail, &bytes);
    ry_supervisor_role_log_tail(&log, out, "> ", 2);
    fclose(out);
    ck_assert_str_eq(tail, "> second ?[31m\n> assertion ? failed\n");
    free(tail);
    fputs("\n12:00:00.000000 ERROR it is cut\n12:00:00.000001 INFO  bytes 5\n", log.file);
    fflush(log.file);
    out = open_memstream(&tail, &bytes);
    ry_supervisor_role_log_tail(&log, out, "> ", 2);
    fclose(out);
    ck_assert_str_eq(tail, "> assertion ? failed\n> 12:00:00.000000 ERROR it is cut\n");
    free(tail);
    ry_supervisor_role_log_close(&log);
}
END_TEST

START_TEST(roles_are_bound_to_their_cores)
{
    cpu_set_t cores;
    ck_assert_int_eq(sched_getaffinity(0, sizeof cores, &cores), 0);
    int first = 0;
    while (!CPU_ISSET((size_t)first, &cores))
        first++;
    t->placement.process[0] = (struct ry_tuning_placed){.name = "exec", .core = first};
    t->placement.process[1] =
        (struct ry_tuning_placed){.name = "feed0", .core = first, .wait = RY_TUNING_SPIN};
    t->placement.process[2] = (struct ry_tuning_placed){.name = "supervisor", .core = first};
    t->placement.count = 3;
    ry_tuning_cpus_add(&t->placement.house, (unsigned)first);
    char text[64];
    snprintf(text, sizeof text, "on core %d, sharing", first);
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert_ptr_nonnull(strstr(ry_test_log_of("exec"), text));
    ck_assert_ptr_nonnull(strstr(ry_test_log_of("journal"), "not bound"));
    cpu_set_t after;
    ck_assert_int_eq(sched_getaffinity(0, sizeof after, &after), 0);
    ck_assert(CPU_EQUAL(&cores, &after));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("supervisor");
    TCase *c = tcase_create("supervisor");
    tcase_add_checked_fixture(c, ry_test_supervised_set_up, ry_test_supervised_tear_down);
    tcase_add_test(c, a_battle_to_its_end);
    tcase_add_test(c, the_last_look_is_work);
    tcase_add_test(c, feeds_need_not_end);
    tcase_add_loop_test(c, a_death_ends_the_battle, 0, (int)(sizeof deaths / sizeof deaths[0]));
    tcase_add_loop_test(c, a_feed_dies, 0, 2);
    tcase_add_test(c, a_feed_dies_behind_the_end);
    tcase_add_test(c, a_feed_dies_and_exec_does_not_listen);
    tcase_add_test(c, a_role_that_will_not_stop_is_killed);
    tcase_add_test(c, a_binary_that_is_not_there);
    tcase_add_test(c, a_binary_that_is_none);
    tcase_add_test(c, too_few_open_files);
    tcase_add_test(c, a_soft_limit_of_open_files_is_raised);
    tcase_add_test(c, a_log_that_cannot_be_written);
    tcase_add_test(c, the_tail_is_printable);
    tcase_add_test(c, roles_are_bound_to_their_cores);
    tcase_set_timeout(c, ENOUGH_SECONDS);
    suite_add_tcase(s, c);
    return s;
}

int main(int argc, char **argv)
{
    return ry_test_is_role(argv[0]) ? ry_test_role_main(argc, argv) : ry_test_run(suite());
}
