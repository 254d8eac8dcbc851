/*
 * Who is under a debugger: a process that another one traces, but not one that asked its own
 * parent, the supervisor, to.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/role/tracer.h"
#include "tests/support/test.h"

static pid_t start_child(bool asks_to_be_traced)
{
    int ready[2];
    char byte;
    ck_assert_int_eq(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        /* Nobody else's children may attach where Yama guards. */
        (void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
        if (asks_to_be_traced && ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(1);
        (void)!write(ready[1], "x", 1);
        for (;;)
            pause();
    }
    ck_assert_int_eq((int)read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static void end_child(pid_t pid)
{
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* A grandchild of the supervisor would be no debugger's either; one of init's is. */
START_TEST(a_process_under_a_debugger)
{
    const pid_t pid = start_child(false), supervisor = getppid();
    ck_assert(!ry_role_traced(pid, supervisor));
    ck_assert_int_eq((int)ptrace(PTRACE_SEIZE, pid, NULL, NULL), 0);
    ck_assert(ry_role_traced(pid, 1 << 30));
    ck_assert(!ry_role_traced(pid, getpid()));
    ck_assert(!ry_role_traced(pid, supervisor)); /* traced by a child of the supervisor: an agent */
    end_child(pid);
}
END_TEST

START_TEST(one_that_asks_its_parent_gains_nothing)
{
    const pid_t pid = start_child(true);
    ck_assert(!ry_role_traced(pid, getpid()));
    ck_assert(ry_role_traced(pid, 1 << 30)); /* it is traced, all the same */
    end_child(pid);
}
END_TEST

START_TEST(who_is_not_there_is_not_traced)
{
    ck_assert(!ry_role_traced(0, getpid()));
    ck_assert(!ry_role_traced(1 << 30, getpid()));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tracer");
    TCase *t = tcase_create("tracer");
    tcase_add_test(t, a_process_under_a_debugger);
    tcase_add_test(t, one_that_asks_its_parent_gains_nothing);
    tcase_add_test(t, who_is_not_there_is_not_traced);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
