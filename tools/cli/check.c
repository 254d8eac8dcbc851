#include "tools/cli/check.h"

#include <stdio.h>

#include "tools/cli/battle_export.h"
#include "tools/cli/battle_files.h"
#include "tools/cli/battle_plan.h"
#include "tools/cli/run_twice.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"

struct options {
    bool twice;
};

static const struct ry_text_option option_table[] = {
    {.name = "twice",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, twice),
     .help = "also runs the battle twice, and says whether it was the same and whose commands\n"
             "differed first"},
};

static const struct ry_text_command command = {
    .name = "royale check",
    .operand = "FILE",
    .about =
        "Reads a battle file and prints the battle in short and where its processes would run, or the\n"
        "mistakes in it, 20 at most, as FILE:LINE:COLUMN: KEY: what is wrong; what is allowed. Opens each\n"
        "file that it names; what they hold behind their beginning is seen by `royale run` alone.\n",
    .ends =
        "Keys: `royale keys`. Exit codes: 0 ok, 1 a run failed or the two differ, 2 a mistake in the file,\n"
        "3 a feed's file, a strategy or the export cannot be used; of --twice 4 an agent did not play, 5 nothing\n"
        "happened in trading hours.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

int ry_cli_check(int argc, char **argv)
{
    struct options options = {.twice = false};
    const char *file;
    int result = ry_text_options(&command, argc, argv, &options, &file);
    if (result != RY_EXIT_OK)
        return result == RY_TEXT_HELPED ? RY_EXIT_OK : result;
    struct ry_cli_plan plan;
    result = ry_cli_plan_open(&plan, file);
    if (result == RY_EXIT_OK) {
        unsigned wrong = ry_cli_battle_files(plan.battle, true) + ry_cli_export_files(&plan);
        if (wrong == 0)
            printf("%s: ok\n", file);
        else
            printf("%s: no mistake in it, but %u of its files cannot be used\n", file, wrong);
        ry_cli_plan_print(stdout, &plan);
        fflush(stdout);
        result = wrong == 0 ? RY_EXIT_OK : RY_EXIT_ENVIRONMENT;
    }
    if (result == RY_EXIT_OK && options.twice)
        result = ry_cli_run_twice(stdout, &plan);
    ry_cli_plan_close(&plan);
    return result;
}
