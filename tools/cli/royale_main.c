/* royale: one program for people, a subcommand for each job. */
#include <stdio.h>
#include <string.h>

#include "core/battle/nearest.h"
#include "tools/cli/check.h"
#include "tools/cli/clean.h"
#include "tools/cli/codes.h"
#include "tools/cli/counters.h"
#include "tools/cli/key.h"
#include "tools/cli/keys.h"
#include "tools/cli/launch.h"
#include "tools/cli/plan.h"
#include "tools/cli/queue.h"
#include "tools/cli/replay.h"
#include "tools/cli/rows.h"
#include "tools/cli/run.h"
#include "tools/cli/status.h"
#include "tools/cli/topology.h"
#include "tools/cli/tune.h"
#include "tools/cli/version.h"
#include "tools/cli/why.h"
#include "tools/doctor/doctor.h"
#include "tools/generate/generate.h"
#include "tools/text/exit.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name */
    const char *help;
};

static int help_main(int argc, char **argv);

static const struct command commands[] = {
    {"run", ry_cli_run, "run the battle of a battle file"},
    {"check", ry_cli_check,
     "look at a battle file and its files: what they mean, or what is wrong"},
    {"plan", ry_cli_plan_draw, "the machine, and where each process of a battle runs in it"},
    {"keys", ry_cli_keys, "the keys of a battle file"},
    {"codes", ry_cli_codes, "the codes of records: what happened, what to do about it"},
    {"counters", ry_cli_counters, "what the processes count, what to do if it is not zero"},
    {"generate", ry_generate_main, "make a day of market data"},
    {"clean", ry_cli_clean, "compress and remove finished battles of a folder, as their files say"},
    {"replay", ry_cli_replay, "follow the journal of a battle"},
    {"why", ry_cli_why, "the life of an order: why it was filled, refused, or neither"},
    {"rows", ry_cli_rows, "the rows that a battle gives to other programs"},
    {"top", ry_cli_top, "the screen of a battle, running or finished"},
    {"status", ry_cli_status, "how a battle stands: who leads, who goes next, what is wrong"},
    {"explain", ry_cli_explain, "each fill, reject and elimination in a sentence"},
    {"tail", ry_cli_tail, "the rows of a battle as they come, from its directory or from Kafka"},
    {"web", ry_cli_web, "a battle in a browser; an API, a stream and metrics over HTTP"},
    {"key", ry_cli_key, "who may ask royale-web: make, list, revoke, rotate keys"},
    {"export", ry_cli_export_html, "a finished battle as one page in one file: export html"},
    {"kafka", ry_cli_kafka, "make Kafka's topics, and prove that they have every row once"},
    {"league", ry_cli_league, "the table over all battles that write to one Kafka"},
    {"trace", ry_cli_trace,
     "the way of one event in N through the battle that runs, for a collector"},
    {"doctor", ry_doctor_main, "one archive to send with a question, without secrets"},
    {"dev", ry_cli_dev, "for trying things out: a Kafka on this machine"},
    {"tune", ry_cli_tune, "the machine's settings: check, plan, apply, verify, revert"},
    {"queue", ry_cli_queue,
     "battles one after the other; hold them while the appliance is changed"},
    {"topology", ry_cli_topology, "the processes of a battle, the memory they share"},
    {"help", help_main, "this list, or the help of a command"},
    {"version", ry_cli_version, "the version, and what it is built of"},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static const struct command *find(const char *name)
{
    for (unsigned i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static void print_usage(FILE *out)
{
    fputs("usage: royale COMMAND [ARGUMENTS]\n", out);
    for (unsigned i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
    fputs(
        "`royale COMMAND --help` says more; royale(1), royale-battle(5) and royale-counters(7) all.\n",
        out);
}

static int unknown(const char *name)
{
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, name);
    for (unsigned i = 0; i < COMMANDS; i++)
        (void)ry_battle_nearest_offer(&nearest, commands[i].name);
    fprintf(stderr, "royale: no command %s%s; `royale help` lists them\n", name, nearest.said);
    return RY_EXIT_USAGE;
}

static int help_main(int argc, char **argv)
{
    if (argc < 2 || argv[1][0] == '-') {
        print_usage(stdout);
        return RY_EXIT_OK;
    }
    const struct command *command = find(argv[1]);
    if (command == NULL)
        return unknown(argv[1]);
    char option[] = "--help";
    char *arguments[] = {argv[1], option, NULL};
    return command->run(2, arguments);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return RY_EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        name = "version";
    const struct command *command = find(name);
    return ry_text_end(command == NULL ? unknown(name) : command->run(argc - 1, argv + 1));
}
