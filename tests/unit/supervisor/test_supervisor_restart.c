/*
 * The supervisor and a role that is started again when it dies: the exporter, played by this
 * program (tests/support/supervised.h).
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tests/support/supervised.h"
#include "tests/support/test.h"

#define ENOUGH_SECONDS 60
#define WAIT_NS        INT64_C(20000000) /* before the first new start */

static struct ry_test_supervised *const t = &ry_test_supervised;
static struct ry_supervisor_result *const result = &ry_test_supervised.result;
static const struct ry_supervisor_member *export;

static char said[4096];

static void say(void *context, const char *line)
{
    size_t used = strlen(said);
    (void)context;
    snprintf(said + used, sizeof said - used, "%s\n", line);
}

/* Then exec ends. */
static void enough(void *context, const struct ry_supervisor_member *role)
{
    char path[PATH_MAX + 16];
    (void)context;
    (void)role;
    snprintf(path, sizeof path, "%s/enough", t->directory);
    close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static void set_up(void)
{
    ry_test_supervised_set_up();
    t->battle.export = (struct ry_battle_export){.sink = RY_BATTLE_SINK_JSONL, .end_s = 60};
    t->plan.restart_ns = WAIT_NS;
    t->plan.hooks.say = say;
    t->plan.hooks.died = enough;
    said[0] = '\0';
    setenv("EXEC", "until-enough", 1);
    setenv("FEED", "hang", 1);
}

static int64_t starts(void)
{
    char path[PATH_MAX + 16];
    struct stat status;
    snprintf(path, sizeof path, "%s/starts", t->directory);
    return stat(path, &status) == 0 ? (int64_t)status.st_size : 0;
}

/* The battle ends well, whatever becomes of the exporter, and nothing is left of it. */
static void run(void)
{
    unsigned before = ry_test_open_descriptors();
    ry_test_supervised_run();
    export = &result->role[4];
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert(result->in_order);
    ck_assert_uint_eq(result->count, 5);
    ck_assert_str_eq(export->name, "export");
    ry_test_nobody_is_left();
    ck_assert_uint_eq(ry_test_open_descriptors(), before);
}

static unsigned times(const char *text, const char *what)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
        count++;
    return count;
}

/* Each wait that was said is the first one, or twice the one before and at most the longest: a
 * start that lived for as long as that, on a machine that is busy, begins again. Returns how many.
 */
static unsigned waits_double(int64_t first_ns)
{
    static const char again[] = "it is started again in ";
    const int64_t longest_ns = RY_SUPERVISOR_RESTART_WAITS_MAX * first_ns;
    unsigned count = 0;
    int64_t before_ns = 0;
    for (const char *at = said; (at = strstr(at, again)) != NULL; count++) {
        at += sizeof again - 1;
        const int64_t wait_ns = (int64_t)(strtod(at, NULL) * RY_NS_PER_SECOND + 0.5);
        const int64_t twice_ns = 2 * before_ns < longest_ns ? 2 * before_ns : longest_ns;
        ck_assert_msg(wait_ns == first_ns || (count > 0 && wait_ns == twice_ns), "%s", said);
        before_ns = wait_ns;
    }
    return count;
}

START_TEST(it_is_there_with_a_sink_alone)
{
    t->battle.export.sink = RY_BATTLE_SINK_NONE;
    setenv("EXEC", "", 1);
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, RY_SUPERVISOR_OUTCOME_DONE);
    ck_assert_uint_eq(result->count, 4);
    t->battle.export.sink = RY_BATTLE_SINK_KAFKA;
    run();
    ck_assert(export->done);
    ck_assert_uint_eq(export->restarts, 0);
    ck_assert_str_eq(said, "");
}
END_TEST

/* Each start has regions of its own and exec's inputs as before; the log goes on. */
START_TEST(it_is_started_again)
{
    setenv("EXPORT", "dies-2", 1);
    run();
    ck_assert(export->done);
    ck_assert_uint_eq(export->restarts, 2);
    ck_assert_int_eq((int)starts(), 3);
    ck_assert_str_eq(export->death, "");
    ck_assert_str_eq(said,
                     "export died: killed by signal 9 (Killed); it is started again in 0.02 s\n"
                     "export died: killed by signal 9 (Killed); it is started again in 0.04 s\n");
    ck_assert_uint_gt(export->counters[0], 0);
    const char *log = ry_test_log_of("export");
    ck_assert_uint_eq(times(log, "a line on standard error\n"), 3);
    ck_assert_uint_eq(times(log, "closed\n"), 1);
    ck_assert_uint_eq(times(log, "it is started again in"), 2);
}
END_TEST

START_TEST(it_is_given_up)
{
    t->plan.restart_ns = 10 * WAIT_NS; /* its "minute" has room for six starts on a busy machine */
    setenv("EXPORT", "dies-1000", 1);
    run();
    ck_assert(!export->done);
    ck_assert_uint_eq(export->restarts, RY_SUPERVISOR_RESTARTS_MAX);
    ck_assert_int_eq((int)starts(), 1 + RY_SUPERVISOR_RESTARTS_MAX);
    ck_assert_str_eq(export->death,
                     "export died: killed by signal 9 (Killed); started again 5 times in a minute, "
                     "and given up: the battle goes on without it");
    ck_assert_uint_eq(waits_double(t->plan.restart_ns), RY_SUPERVISOR_RESTARTS_MAX);
}
END_TEST

/* It knows best: a new start would not help, or nothing but a new start does. */
START_TEST(its_exit_code_counts)
{
    setenv("EXPORT", "final-1000", 1);
    run();
    ck_assert_uint_eq(export->restarts, 0);
    ck_assert_str_eq(export->death, "export died: start 1 was a bad one (exit code 6); the battle "
                                    "goes on without it");
    ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(hangs_are_not_counted)
{
    t->plan.restart_ns = WAIT_NS / 10;
    setenv("EXPORT", "again-8", 1);
    run();
    ck_assert(export->done);
    ck_assert_uint_eq(export->restarts, 8);
    ck_assert_str_eq(export->death, "");
    ck_assert_ptr_nonnull(strstr(said, "start 8 was a bad one (exit code 7); it is started again"));
    ck_assert_uint_eq(waits_double(t->plan.restart_ns), 8);
}
END_TEST

START_TEST(it_must_come_up)
{
    static const struct {
        const char *how, *text;
    } failures[] = {
        {"fail-open", "export died: no such thing as 17 (exit code 1)"},
        {"die-open", "export died: killed by signal 6 (Aborted)"},
        {"fail-join", "export died: joining failed (exit code 1)"},
        {"", ""}, /* there is no binary */
    };
    setenv("EXEC", "hang", 1);
    setenv("EXPORT", failures[_i].how, 1);
    if (failures[_i].text[0] == '\0') {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/royale-export", t->folder);
        ck_assert_int_eq(unlink(path), 0);
    }
    ry_test_supervised_run();
    ck_assert_int_eq(result->outcome, failures[_i].text[0] != '\0'
                                          ? RY_SUPERVISOR_OUTCOME_DIED
                                          : RY_SUPERVISOR_OUTCOME_ENVIRONMENT);
    if (failures[_i].text[0] != '\0')
        ck_assert_str_eq(result->text, failures[_i].text);
    else
        ck_assert_ptr_nonnull(strstr(result->text, "cannot execute "));
    ck_assert_uint_eq(result->role[4].restarts, 0);
    ry_test_nobody_is_left();
}
END_TEST

/* The binary goes while the battle runs: that is told, and ends nothing. */
static void take_binary(void *context, const char *line)
{
    char path[PATH_MAX];
    say(context, line);
    snprintf(path, sizeof path, "%s/royale-export", t->folder);
    (void)unlink(path);
}

START_TEST(it_cannot_be_started_again)
{
    t->plan.hooks.say = take_binary;
    setenv("EXPORT", "dies-1000", 1);
    run();
    ck_assert_int_eq((int)starts(), 1);
    ck_assert_ptr_nonnull(strstr(said, "cannot execute "));
    ck_assert_ptr_nonnull(
        strstr(said, "export died: it could not be started; it is started again"));
    ck_assert_ptr_nonnull(strstr(export->death, "it could not be started; started again 5 times"));
}
END_TEST

/* ---- the end of the battle ------------------------------------------------------------------- */

START_TEST(its_time_is_the_battle_files)
{
    t->battle.export.end_s = (uint32_t)_i;
    setenv("EXPORT", "hang", 1);
    const int64_t before = ry_clock_ns();
    run();
    ck_assert(!export->done);
    ck_assert_str_eq(export->death, "");
    ck_assert_int_ge(ry_clock_ns() - before, _i * RY_NS_PER_SECOND);
    ck_assert_str_eq(said, "export is not done when its time after the battle is over: stopped\n");
    ck_assert_ptr_nonnull(strstr(ry_test_log_of("export"), "stopped by SIGTERM"));
    ck_assert_ptr_nonnull(strstr(ry_test_log_of("export"), "closed\n"));
}
END_TEST

/* A signal gives everybody together the time to end in order, the exporter too. */
static void interrupt(void *context, const struct ry_supervisor_member *roles, unsigned count)
{
    (void)context;
    if (count == 5 && roles[4].counters_count > 0 && roles[4].counters[0] > 0 && !roles[4].done)
        kill(getpid(), result->signal == 0 ? SIGINT : 0);
}

START_TEST(a_signal_ends_its_time)
{
    t->plan.order_ns = 10 * WAIT_NS;
    t->plan.hooks.progress = interrupt;
    setenv("EXEC", "hang", 1);
    setenv("EXPORT", "hang", 1);
    run();
    ck_assert_int_eq(result->signal, SIGINT);
    ck_assert(!export->done);
    ck_assert_str_eq(said, "export is not done when its time after the battle is over: stopped\n");
}
END_TEST

START_TEST(it_dies_behind_the_end)
{
    setenv("EXPORT", "late-2", 1);
    run();
    ck_assert(export->done);
    ck_assert_uint_eq(export->restarts, 2);
    ck_assert_int_eq((int)starts(), 3);
}
END_TEST

/* The result does not wait for a start that comes after the time. */
START_TEST(a_wait_ends_with_the_time)
{
    t->battle.export.end_s = (uint32_t)_i;
    t->plan.restart_ns = ENOUGH_SECONDS * RY_NS_PER_SECOND;
    setenv("EXEC", "", 1);
    setenv("EXPORT", "dies-1000", 1);
    run();
    ck_assert(!export->done);
    ck_assert_int_eq((int)starts(), 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("supervisor_restart");
    TCase *c = tcase_create("restart");
    tcase_add_checked_fixture(c, set_up, ry_test_supervised_tear_down);
    tcase_set_timeout(c, ENOUGH_SECONDS);
    tcase_add_test(c, it_is_there_with_a_sink_alone);
    tcase_add_test(c, it_is_started_again);
    tcase_add_test(c, it_is_given_up);
    tcase_add_test(c, its_exit_code_counts);
    tcase_add_test(c, hangs_are_not_counted);
    tcase_add_loop_test(c, it_must_come_up, 0, 4);
    tcase_add_test(c, it_cannot_be_started_again);
    tcase_add_loop_test(c, its_time_is_the_battle_files, 0, 2);
    tcase_add_test(c, a_signal_ends_its_time);
    tcase_add_test(c, it_dies_behind_the_end);
    tcase_add_loop_test(c, a_wait_ends_with_the_time, 0, 2);
    suite_add_tcase(s, c);
    return s;
}

int main(int argc, char **argv)
{
    return ry_test_is_role(argv[0]) ? ry_test_role_main(argc, argv) : ry_test_run(suite());
}
