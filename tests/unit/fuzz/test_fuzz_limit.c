/*
 * The limit of a fuzz target counts the CPU time of one run, and nothing else.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/fuzz_limit.h"
#include "tests/support/test.h"

static void use(double seconds)
{
    const clock_t began = clock();
    for (unsigned i = 1; (double)(clock() - began) < seconds * CLOCKS_PER_SEC; i++)
        if (i % 1000 == 0)
            usleep(1); /* the thread sanitizer delivers signals at calls that may block alone */
}

/* One long run; the same time in two runs; a run that waits. */
static void run(int which)
{
    fuzz_limit(1);
    switch (which) {
    case 0: use(3); break;
    case 1:
        use(0.6);
        fuzz_limit(1);
        use(0.6);
        break;
    default: sleep(2);
    }
}

START_TEST(it_counts_the_time_of_one_run)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        const struct rlimit none = {0};
        (void)setrlimit(RLIMIT_CORE, &none);
        run(_i);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    if (_i == 0)
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    else
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("fuzz_limit");
    TCase *t = tcase_create("fuzz_limit");
    tcase_add_loop_test(t, it_counts_the_time_of_one_run, 0, 3);
    tcase_set_timeout(t, 60);
    suite_add_tcase(s, t);
    return s;
}

RY_TEST_MAIN(suite)
