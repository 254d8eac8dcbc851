#include "tools/cli/tune.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/cli/tune_report.h"
#include "tools/cli/tune_target.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/tune/tune.h"

struct options {
    bool json, all;
    const char *root, *cores;
    ry_tuning_mask stages; /* 0: none was named */
};

static bool read_stage(void *options, const char *text)
{
    struct options *into = options;
    const struct ry_tuning_stage *stage = ry_tuning_stage_named(text);
    if (stage == NULL) {
        fprintf(stderr, "royale tune: there is no stage %s; there are:", text);
        for (unsigned i = 0; i < ry_tuning_stages_count; i++)
            fprintf(stderr, " %s", ry_tuning_stages[i].name);
        fputc('\n', stderr);
        return false;
    }
    into->stages |= (ry_tuning_mask)1 << (stage - ry_tuning_stages);
    return true;
}

static bool read_root(void *options, const char *text)
{
    struct options *into = options;
    into->root = text;
    const char *why = text[0] != '/'                         ? "no path from the root (/..)"
                      : strlen(text) >= RY_TUNING_PATH_BYTES ? "too long"
                      : access(text, R_OK | X_OK) != 0       ? strerror(errno)
                                                             : NULL;
    if (why != NULL)
        fprintf(stderr, "royale tune: --root %s: %s\n", text, why);
    return why == NULL;
}

static const struct ry_text_option option_table[] = {
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "one JSON object instead; royale-tune(8) has its fields"},
    {.name = "all",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, all),
     .help = "each setting, also of many alike (interrupts, queues of network cards)"},
    {.name = "stage",
     .argument = "NAME",
     .kind = RY_TEXT_READ,
     .read = read_stage,
     .help = "this stage alone; may be said more than once. `royale tune check` has their names"},
    {.name = "cores",
     .argument = "LIST",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, cores),
     .help = "the hot CPUs, such as 2-5,8, instead of those of the battle's plan"},
    {.name = "root",
     .argument = "FOLDER",
     .kind = RY_TEXT_READ,
     .read = read_root,
     .help =
         "the machine whose /sys, /proc, /etc and /var lie in FOLDER; its mounts, network cards and\n"
         "irqbalance cannot be reached"},
};

static const struct about {
    const char *name, *synopsis, *about;
} abouts[RY_TUNE_COMMANDS] = {
    [RY_TUNE_CHECK] =
        {"royale tune check", "[OPTIONS] [FILE]",
         "Looks at the machine's settings, a line a stage: what is missing for the battle of a battle\n"
         "file, or without FILE for battles on all cores but the first; and the remedy. Needs no "
         "privilege.\n"},
    [RY_TUNE_PLAN] = {"royale tune plan", "[OPTIONS] [FILE]",
                      "Says step by step what `apply` would do. Changes nothing.\n"},
    [RY_TUNE_DIFF] =
        {"royale tune diff", "[OPTIONS] [FILE]",
         "Prints each setting that is missing, as it is (-) and as it should be (+).\n"},
    [RY_TUNE_APPLY] =
        {"royale tune apply", "[OPTIONS] [FILE]",
         "Sets what is missing, as root. Before each change what stands there is saved to the disk, so\n"
         "that `royale tune revert` can put it back, also after a crash or a boot. Applied again it "
         "does\nnothing.\n"},
    [RY_TUNE_VERIFY] = {"royale tune verify", "[OPTIONS] [FILE]",
                        "After `apply`: is all that it set still so, also after a boot? Then what "
                        "`check` prints.\n"},
    [RY_TUNE_REVERT] =
        {"royale tune revert", "[OPTIONS]",
         "Puts back, as root, all that `apply` has changed, from the last to the first, as it was "
         "found.\n"},
};

static const char *const ends =
    "Exit codes: 0 ok, 1 it cannot be done (not root, another one is at work), 2 wrong arguments or battle\n"
    "file, 3 something is missing, could not be set or could not be put back.\n";

static void print_usage(FILE *out)
{
    fputs(
        "usage: royale tune COMMAND [OPTIONS] [FILE]\n"
        "  check   what is missing, and the remedy\n"
        "  plan    what apply would do, step by step\n"
        "  diff    each setting as it is and as it should be\n"
        "  apply   sets what is missing (root)\n"
        "  verify  is all that apply set still so?\n"
        "  revert  puts back what apply found (root)\n"
        "  report  measures the machine and writes its proof page\n"
        "FILE is the battle file that the machine is tuned for; without it every core but the first is "
        "hot.\n`royale tune COMMAND --help` and royale-tune(8) say more.\n",
        out);
}

static int run(enum ry_tune_command command, const struct options *options, const char *file)
{
    struct ry_tuning_host host;
    struct ry_tuning_target *target = NULL;
    int result = RY_EXIT_OK;
    ry_tuning_host_open(&host, options->root);
    if (command != RY_TUNE_REVERT) {
        target = calloc(1, sizeof *target);
        if (target == NULL)
            return ry_text_fail(RY_EXIT_ENVIRONMENT, "no memory");
        result = ry_cli_tune_target(target, file, options->cores, options->root);
    }
    const struct ry_tune_asked asked = {
        .command = command,
        .host = &host,
        .target = target,
        .stages = options->stages != 0 ? options->stages : RY_TUNING_ALL,
        .file = file,
        .json = options->json,
        .all = options->all,
    };
    if (result == RY_EXIT_OK)
        result = ry_tune_run(stdout, &asked);
    free(target);
    return result;
}

static int run_command(enum ry_tune_command command, int argc, char **argv)
{
    struct options options = {.root = ""};
    const struct ry_text_command read = {
        .name = abouts[command].name,
        .synopsis = abouts[command].synopsis,
        .many = true,
        .about = abouts[command].about,
        .ends = ends,
        .option = option_table,
        .options = sizeof option_table / sizeof *option_table,
    };
    int result = ry_text_options(&read, argc, argv, &options, NULL);
    if (result != RY_EXIT_OK)
        return result == RY_TEXT_HELPED ? RY_EXIT_OK : result;
    int files = argc - optind, most = command == RY_TUNE_REVERT ? 0 : 1;
    if (files > most)
        return ry_text_fail(RY_EXIT_USAGE, "tune %s: %s is too much; `%s --help` helps",
                            ry_tune_word(command), argv[optind + most], abouts[command].name);
    return run(command, &options, files == 1 ? argv[optind] : NULL);
}

int ry_cli_tune(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(argc < 2 ? stderr : stdout);
        return argc < 2 ? RY_EXIT_USAGE : RY_EXIT_OK;
    }
    if (strcmp(argv[1], "report") == 0)
        return ry_cli_tune_report(argc - 1, argv + 1);
    for (unsigned i = 0; i < RY_TUNE_COMMANDS; i++)
        if (strcmp(argv[1], ry_tune_word((enum ry_tune_command)i)) == 0)
            return run_command((enum ry_tune_command)i, argc - 1, argv + 1);
    return ry_text_fail(RY_EXIT_USAGE, "tune: no command %s; `royale tune --help` lists them",
                        argv[1]);
}
