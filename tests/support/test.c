#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int ry_test_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

void ry_test_skip(const char *why)
{
    /* check knows no skipped tests; tests/run moves one from passed to skipped for each such line.
     */
    printf("# SKIP %s\n", why);
    fflush(stdout);
}

/* The file under the folder that the environment names, else under the other; NULL: not there. */
static const char *file_under(const char *variable, const char *otherwise, const char *name,
                              char path[4096])
{
    const char *root = getenv(variable);
    snprintf(path, 4096, "%s/%s", root != NULL ? root : otherwise, name);
    return access(path, R_OK) == 0 ? path : NULL;
}

const char *ry_test_data(const char *name)
{
    static char path[4096];
    return file_under("ROYALE_DATA", "../shared/data", name, path);
}

const char *ry_test_case(const char *name)
{
    static char path[4096];
    return file_under("ROYALE_CASES", "../shared/cases", name, path);
}

bool ry_test_long(void)
{
    return getenv("ROYALE_LONG") != NULL;
}
