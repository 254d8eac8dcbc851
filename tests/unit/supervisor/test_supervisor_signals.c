/*
 * Signals to the supervisor and its roles, and whoever stands still, with real processes.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/supervised.h"
#include "tests/support/test.h"

#define ENOUGH_SECONDS 60

static struct ry_test_supervised *const t = &ry_test_supervised;
static const struct ry_supervisor_result *const result = &ry_test_supervised.result;

START_TEST(a_signal_ends_in_order)
{
    pid_t pids[4];
    int status;
    setenv("EXEC", "hang", 1); /* until the control record comes */
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "", 1);
    pid_t pid = ry_test_supervised_start(pids);
    ck_assert_int_eq(kill(pid, _i == 0 ? SIGINT : SIGTERM), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), (_i == 0 ? SIGINT : SIGTERM) * 2 + 1);
    ry_test_nobody_is_left();
}
END_TEST

/* Whoever stands still is told, and told again when it moves. */
START_TEST(a_heartbeat_that_stands_still)
{
    pid_t pids[4];
    int status;
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    t->plan.moveless_ns = RY_NS_PER_SECOND / 10;
    pid_t pid = ry_test_supervised_start(pids);
    ck_assert_int_eq(kill(pids[0], SIGSTOP), 0);
    while (strstr(ry_test_log_of("exec"), "royale: exec has not moved for 0 s\n") == NULL)
        usleep(10000);
    ck_assert_ptr_null(strstr(ry_test_log_of("exec"), "exec moves again"));
    ck_assert_int_eq(kill(pids[0], SIGCONT), 0);
    while (strstr(ry_test_log_of("exec"), "royale: exec moves again, after 0 s\n") == NULL)
        usleep(10000);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    t->plan.moveless_ns = 0;
    ry_test_nobody_is_left();
}
END_TEST

START_TEST(a_second_signal_ends_at_once)
{
    pid_t pids[4];
    int status;
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1); /* would keep an orderly end waiting for ever */
    pid_t pid = ry_test_supervised_start(pids);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    int code = WEXITSTATUS(status);
    ck_assert_msg(code == SIGTERM * 2 || code == SIGINT * 2, "%d", code);
    ry_test_nobody_is_left();
}
END_TEST

/* A stop that comes while roles still start is no death of theirs, whatever they make of it. */
START_TEST(a_signal_while_roles_open)
{
    setenv("FEED", "stopped-open", 1);
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert_int_eq(result->signal, SIGTERM);
    ck_assert(!result->in_order);
    /* Both feeds behave alike: the one that is first may stop the other before it opens. */
    bool interrupted = strstr(ry_test_log_of("feed0"), "interrupted") != NULL;
    ck_assert_msg(strstr(ry_test_log_of("feed0"), "ERROR") == NULL, "%s", ry_test_log_of("feed0"));
    interrupted |= strstr(ry_test_log_of("feed1"), "interrupted") != NULL;
    ck_assert_msg(strstr(ry_test_log_of("feed1"), "ERROR") == NULL, "%s", ry_test_log_of("feed1"));
    ck_assert(interrupted);
    ry_test_nobody_is_left();
}
END_TEST

/* Nor is it one if the role had to be killed; but it is said. */
START_TEST(a_signal_while_roles_open_slowly)
{
    setenv("FEED", "slow-open", 1);
    t->plan.kill_ns = RY_NS_PER_SECOND / 4;
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert_int_eq(result->signal, SIGTERM);
    ck_assert(strstr(ry_test_log_of("feed0"),
                     "royale: feed0 did not stop in time: killed by signal 9") != NULL ||
              strstr(ry_test_log_of("feed1"),
                     "royale: feed1 did not stop in time: killed by signal 9") != NULL);
    ry_test_nobody_is_left();
}
END_TEST

/* A role without our handler ends of the signal itself. */
START_TEST(who_ends_of_the_stop_has_not_died)
{
    setenv("FEED", "die-stopped", 1);
    ry_test_supervised_run();
    ck_assert_msg(result->outcome == RY_SUPERVISOR_OUTCOME_DONE, "%s", result->text);
    ck_assert(result->in_order);
    ry_test_nobody_is_left();
}
END_TEST

/* Between fork and the role's own handler a SIGTERM waits. */
START_TEST(a_stop_waits_for_the_handler)
{
    char path[PATH_MAX], text[64] = {0};
    snprintf(path, sizeof path, "%s/script", t->folder);
    FILE *script = fopen(path, "w");
    fputs("#!/bin/sh\nexec grep SigBlk /proc/self/status\n", script);
    ck_assert_int_eq(fchmod(fileno(script), 0755) | fclose(script), 0);
    int output = memfd_create("output", MFD_CLOEXEC),
        battle_fd = memfd_create("battle", MFD_CLOEXEC);
    char *environment[] = {NULL};
    struct ry_supervisor_child child;
    struct ry_supervisor_child_start start = {.binary = path,
                                              .index = "0",
                                              .directory = ".",
                                              .battle = battle_fd,
                                              .environment = environment,
                                              .output = output,
                                              .core = -1};
    ck_assert_int_eq(sched_getaffinity(0, sizeof start.cores, &start.cores), 0);
    ck_assert_int_eq(ry_supervisor_child_start(&child, &start), 0);
    while (!ry_supervisor_child_reap(&child))
        usleep(1000);
    ck_assert_int_gt((int)pread(output, text, sizeof text - 1, 0), 0);
    uint64_t blocked = strtoull(strchr(text, ':') + 1, NULL, 16);
    ck_assert_msg(blocked == UINT64_C(1) << (SIGTERM - 1), "%s", text);
    close(child.socket);
    close(output);
    close(battle_fd);
}
END_TEST

/* One signal is enough, also when who should end in order stands still: exec, or the journal. */
START_TEST(one_signal_ends_who_stands_still)
{
    pid_t pids[4];
    int status;
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", _i < 2 ? "after-exec" : "hang", 1); /* the last moves, and never ends */
    t->plan.moveless_ns = RY_NS_PER_SECOND / 2;
    t->plan.order_ns = _i < 2 ? 0 : RY_NS_PER_SECOND / 2;
    t->plan.kill_ns = RY_NS_PER_SECOND / 2;
    pid_t pid = ry_test_supervised_start(pids);
    if (_i < 2)
        ck_assert_int_eq(kill(pids[_i == 0 ? 0 : 3], SIGSTOP), 0);
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), SIGTERM * 2); /* done, but not in order */
    ry_test_nobody_is_left();
}
END_TEST

/* kill -9 of the supervisor: its roles go with it, stopped ones too, and become ours to reap. */
START_TEST(the_supervisor_dies)
{
    pid_t pids[4];
    setenv("EXEC", "hang", 1);
    setenv("FEED", "hang", 1);
    setenv("JOURNAL", "hang", 1);
    pid_t pid = ry_test_supervised_start(pids);
    for (unsigned i = 0; i < 4 && _i == 1; i++)
        ck_assert_int_eq(kill(pids[i], SIGSTOP), 0);
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    for (unsigned i = 0; i < 5; i++) {
        int status;
        pid_t ended = waitpid(-1, &status, 0);
        ck_assert_int_gt(ended, 0);
        /* A role that runs may see the closed socket first, and end by itself. */
        const bool by_itself = _i == 0 && ended != pid && WIFEXITED(status);
        ck_assert_msg(by_itself || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL),
                      "status %d", status);
    }
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_int_eq(kill(pids[i], 0), -1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("supervisor_signals");
    TCase *c = tcase_create("supervisor_signals");
    tcase_add_checked_fixture(c, ry_test_supervised_set_up, ry_test_supervised_tear_down);
    tcase_add_loop_test(c, a_signal_ends_in_order, 0, 2);
    tcase_add_test(c, a_heartbeat_that_stands_still);
    tcase_add_test(c, a_second_signal_ends_at_once);
    tcase_add_test(c, a_signal_while_roles_open);
    tcase_add_test(c, a_signal_while_roles_open_slowly);
    tcase_add_test(c, who_ends_of_the_stop_has_not_died);
    tcase_add_test(c, a_stop_waits_for_the_handler);
    tcase_add_loop_test(c, one_signal_ends_who_stands_still, 0, 3);
    tcase_add_loop_test(c, the_supervisor_dies, 0, 2);
    tcase_set_timeout(c, ENOUGH_SECONDS);
    suite_add_tcase(s, c);
    return s;
}

int main(int argc, char **argv)
{
    return ry_test_is_role(argv[0]) ? ry_test_role_main(argc, argv) : ry_test_run(suite());
}
