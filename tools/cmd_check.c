#include "tools/cmd_check.h"

#include <getopt.h>
#include <stdio.h>

#include "tools/battle_plan.h"

static const char usage[] = "usage: royale check FILE\n"
                            "Reads a battle file and prints the battle in short and where its "
                            "processes would run, or every\n"
                            "mistake as FILE:LINE:COLUMN: KEY: what is wrong; what is allowed.\n"
                            "Keys: `royale keys`. Exit codes: 0 ok, 2 a mistake in the file, 3 a "
                            "feed's file or a strategy cannot be read.\n";

int ry_check_main(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        fputs(usage, c == 'h' ? stdout : stderr);
        return c == 'h' ? RY_EXIT_OK : RY_EXIT_USAGE;
    }
    if (argc - optind != 1) {
        fputs(usage, stderr);
        return RY_EXIT_USAGE;
    }
    struct ry_battle_plan plan;
    int result = ry_battle_plan_open(&plan, argv[optind]);
    if (result == RY_EXIT_OK) {
        printf("%s: ok\n", argv[optind]);
        ry_battle_plan_print(stdout, &plan);
        fflush(stdout);
        result = ry_battle_plan_files(&plan);
    }
    ry_battle_plan_close(&plan);
    return result;
}
