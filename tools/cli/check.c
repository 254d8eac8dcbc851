#include "tools/cli/check.h"

#include <getopt.h>
#include <stdio.h>

#include "tools/cli/battle_plan.h"
#include "tools/cli/run_twice.h"

static const char usage[] =
    "usage: royale check [--twice] FILE\n"
    "Reads a battle file and prints the battle in short and where its "
    "processes would run, or every\n"
    "mistake as FILE:LINE:COLUMN: KEY: what is wrong; what is allowed.\n"
    "  --twice  also runs the battle twice, and says whether it was the same and whose commands "
    "differed first\n"
    "Keys: `royale keys`. Exit codes: 0 ok, 1 a run failed or the two differ, 2 a mistake in the file, 3 a "
    "feed's file or a strategy cannot be read.\n";

int ry_cli_check(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'}, {"twice", no_argument, NULL, 't'}, {0}};
    bool twice = false;
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (c == 't') {
            twice = true;
            continue;
        }
        fputs(usage, c == 'h' ? stdout : stderr);
        return c == 'h' ? RY_EXIT_OK : RY_EXIT_USAGE;
    }
    if (argc - optind != 1) {
        fputs(usage, stderr);
        return RY_EXIT_USAGE;
    }
    struct ry_cli_plan plan;
    int result = ry_cli_plan_open(&plan, argv[optind]);
    if (result == RY_EXIT_OK) {
        printf("%s: ok\n", argv[optind]);
        ry_cli_plan_print(stdout, &plan);
        fflush(stdout);
        result = ry_cli_plan_files(&plan);
    }
    if (result == RY_EXIT_OK && twice)
        result = ry_cli_run_twice(stdout, &plan);
    ry_cli_plan_close(&plan);
    return result;
}
