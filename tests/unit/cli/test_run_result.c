/* The result of a battle that died before it had a journal. */
#include "tools/cli/run_result.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tools/text/exit.h"

/* What is printed on standard error meanwhile, in bytes. */
static long said_of(const struct ry_supervisor_result *result)
{
    static struct ry_battle battle = {.agents = 0};
    char directory[] = "/tmp/royale-test-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(directory));
    FILE *said = tmpfile(), *out = tmpfile();
    ck_assert(said != NULL && out != NULL);
    fflush(stderr);
    const int kept = dup(STDERR_FILENO);
    ck_assert_int_ge(dup2(fileno(said), STDERR_FILENO), 0);
    const int code =
        ry_cli_run_result_print(&(struct ry_cli_run_result_out){.all = out, .brief = out}, &battle,
                                directory, result, &(struct ry_tuning_noise){.cores = 0});
    fflush(stderr);
    ck_assert_int_ge(dup2(kept, STDERR_FILENO), 0);
    close(kept);
    ck_assert_int_eq(code, RY_EXIT_FAILED);
    ck_assert_int_eq(ftell(out), 0);
    struct stat status;
    ck_assert_int_eq(fstat(fileno(said), &status), 0);
    fclose(said);
    fclose(out);
    ck_assert_int_eq(rmdir(directory), 0);
    return (long)status.st_size;
}

/* Who died has said why; that there is no journal is no news then. */
START_TEST(no_journal)
{
    static struct ry_supervisor_result result;
    result.outcome = RY_SUPERVISOR_OUTCOME_DIED;
    ck_assert_int_eq(said_of(&result), 0);
    result.outcome = RY_SUPERVISOR_OUTCOME_DONE;
    ck_assert_int_gt(said_of(&result), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("run_result");
    TCase *c = tcase_create("run_result");
    tcase_add_test(c, no_journal);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
