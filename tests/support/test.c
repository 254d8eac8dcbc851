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

const char *ry_test_data(const char *name)
{
    static char path[4096];
    const char *root = getenv("ROYALE_DATA");
    snprintf(path, sizeof path, "%s/%s", root != NULL ? root : "../shared/data", name);
    return access(path, R_OK) == 0 ? path : NULL;
}

bool ry_test_long(void)
{
    return getenv("ROYALE_LONG") != NULL;
}
