/* Tests of one program side by side: what each process prints is kept and put together as one TAP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/test.h"

#define RUNS_MAX     256
#define SIDE_BY_SIDE 12

struct run {
    const TTest *test;
    int i;
    pid_t pid;
    FILE *out; /* what it printed */
};

static void run_here(const char *suite, double timeout_s, const struct run *run)
{
    Suite *all = suite_create(suite);
    TCase *one = tcase_create(suite);
    tcase_set_timeout(one, timeout_s);
    tcase_add_loop_test(one, run->test, run->i, run->i + 1);
    suite_add_tcase(all, one);
    if (dup2(fileno(run->out), STDOUT_FILENO) != STDOUT_FILENO)
        _exit(EXIT_FAILURE);
    exit(ry_test_run(all));
}

static void begin(const char *suite, double timeout_s, struct run *run)
{
    fflush(stdout);
    run->out = tmpfile();
    run->pid = run->out != NULL ? fork() : -1;
    if (run->pid == 0)
        run_here(suite, timeout_s, run);
    if (run->pid < 0) {
        perror("side by side");
        exit(EXIT_FAILURE);
    }
}

/* Its lines, numbered from `number` on. False: it has failed. */
static bool tell(const struct run *run, unsigned number)
{
    char line[4096];
    bool passed = false, said = false;
    rewind(run->out);
    while (fgets(line, sizeof line, run->out) != NULL) {
        const char *name = strstr(line, " - ");
        bool ok = strncmp(line, "ok ", 3) == 0, not_ok = strncmp(line, "not ok ", 7) == 0;
        if (name != NULL && (ok || not_ok)) {
            printf("%s %u%s", ok ? "ok" : "not ok", number, name);
            passed = ok;
            said = true;
        } else if (strncmp(line, "1..", 3) != 0) {
            fputs(line, stdout);
        }
    }
    if (!said)
        printf("not ok %u - %s %d: it ended without a word\n", number, run->test->name, run->i);
    fclose(run->out);
    return passed;
}

int ry_test_run_side_by_side(const char *suite, double timeout_s, const struct ry_test_one *tests,
                             unsigned count)
{
    static struct run run[RUNS_MAX];
    unsigned runs = 0, begun = 0, passed = 0;
    for (unsigned t = 0; t < count; t++)
        for (int i = tests[t].from; i < tests[t].to; i++) {
            if (runs == RUNS_MAX)
                return EXIT_FAILURE;
            run[runs++] = (struct run){.test = *tests[t].test, .i = i};
        }
    for (unsigned running = 0; begun < runs || running > 0;) {
        for (; begun < runs && running < SIDE_BY_SIDE; running++)
            begin(suite, timeout_s, &run[begun++]);
        if (wait(NULL) > 0)
            running--;
    }
    for (unsigned i = 0; i < runs; i++)
        passed += tell(&run[i], i + 1) ? 1 : 0;
    printf("1..%u\n", runs);
    return passed == runs && runs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
