#include "tools/cli/why.h"

#include <assert.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/nearest.h"
#include "core/follow/observe.h"
#include "shm/printable.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/options.h"
#include "tools/why/life.h"
#include "tools/why/list.h"
#include "tools/why/why.h"

#define LIST_MAX 20

struct options {
    bool all, json;
};

static const struct ry_text_option option_table[] = {
    {.name = "all",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, all),
     .help =
         "each change of the queue in a line of its own; of an agent all such orders, not the last 20"},
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "one JSON object; of an agent one array"},
};

static const struct ry_text_command command = {
    .name = "royale why",
    .synopsis = "[--all] [--json] DIR AGENT/NUMBER\n       royale why [--all] [--json] DIR AGENT",
    .operand = "DIR",
    .many = true,
    .about =
        "Tells the life of an order in the battle of DIR: the wake that it answers, the decision behind it, its\n"
        "checks, what it met, what stood in front of it and what became of that, and why it ended. AGENT/NUMBER\n"
        "is the agent's name and its own number of the order: maker-1/42. AGENT alone lists those of its orders\n"
        "that were refused, or not filled whole, newest last. The battle may run.\n"
        "A name that begins with - stands behind --: royale why DIR -- -x/42.\n",
    .ends =
        "Exit codes: 0 ok (also for a journal that is cut; the output says so), 1 damaged, 2 wrong arguments,\n"
        "no such agent or order, 3 there is no journal.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

static int no_agent(const struct ry_why_scan *scan)
{
    char name[RY_NAME_BYTES];
    struct ry_battle_nearest nearest;
    ry_battle_nearest_begin(&nearest, scan->asked.agent);
    for (unsigned i = 0; i < scan->agents; i++)
        (void)ry_battle_nearest_offer(&nearest, scan->name[i]);
    ry_text_fail(RY_EXIT_USAGE, "the battle has no agent %s%s; its agents:",
                 ry_printable(name, scan->asked.agent, sizeof name), nearest.said);
    for (unsigned i = 0; i < scan->agents; i++)
        fprintf(stderr, "  %s\n", ry_printable(name, scan->name[i], sizeof name));
    return RY_EXIT_USAGE;
}

static int no_order(const struct ry_why_scan *scan, const char *directory)
{
    const char *name = scan->asked.agent;
    if (scan->cl_ord_id_max == 0)
        return ry_text_fail(RY_EXIT_USAGE, "%s has sent no order so far", name);
    return ry_text_fail(RY_EXIT_USAGE,
                        "%s has no order %" PRIu64 "; its last one is %" PRIu64
                        ", `royale why %s %s%s` lists those that were not filled",
                        name, scan->asked.cl_ord_id, scan->cl_ord_id_max, directory,
                        name[0] == '-' ? "-- " : "", name);
}

static void print_json(json_t *json)
{
    (void)json_dumpf(json, stdout, JSON_INDENT(2)); /* ry_text_end sees what failed */
    putchar('\n');
    json_decref(json);
}

static int list(const struct ry_why_life *life, const struct options *options,
                const char *directory)
{
    char error[RY_WHY_ERROR_BYTES];
    json_t *json = options->json ? ry_text_json_whole(json_array()) : NULL;
    if (ry_why_list(stdout, json, &life->scan, &life->battle, directory,
                    options->all ? UINT64_MAX : LIST_MAX, error) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
    if (json != NULL)
        print_json(json);
    return RY_EXIT_OK;
}

static int tell(struct ry_why_life *life, const struct options *options, const char *directory)
{
    char error[RY_WHY_ERROR_BYTES];
    if (ry_why_life_read(life, directory, error) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
    if (!life->reached) {
        ry_why_life_close(life);
        return ry_text_fail(RY_EXIT_FAILED, "input %" PRIu64 " could not be applied",
                            life->scan.input);
    }
    if (!options->all)
        ry_why_life_sum_up(life);
    if (options->json)
        print_json(ry_why_life_json(life));
    else
        ry_why_life_text(stdout, life);
    ry_why_life_close(life);
    return RY_EXIT_OK;
}

/* What is there was told; now what is wrong with it. */
static int judge(const struct ry_why_life *life, const char *directory)
{
    if (life->scan.ended)
        return RY_EXIT_OK;
    if (ry_follow_runs(directory))
        return ry_text_fail(RY_EXIT_OK, "so far: the battle runs (after input %" PRIu64 ")",
                            life->scan.inputs);
    return ry_text_fail(life->scan.damaged ? RY_EXIT_FAILED : RY_EXIT_OK,
                        "%s (after input %" PRIu64 ")", life->scan.text, life->scan.inputs);
}

static int why(struct ry_why_life *life, const struct options *options, const char *directory,
               const struct ry_why_asked *asked)
{
    char error[RY_WHY_ERROR_BYTES];
    ry_why_battle_read(&life->battle, directory);
    if (ry_why_scan(&life->scan, directory, asked, &life->battle, error) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
    if (life->scan.agent < 0)
        return no_agent(&life->scan);
    if (asked->one && !life->scan.found)
        return no_order(&life->scan, directory);
    int code = asked->one ? tell(life, options, directory) : list(life, options, directory);
    int judged = judge(life, directory);
    return code == RY_EXIT_OK ? judged : code;
}

int ry_cli_why(int argc, char **argv)
{
    struct options options = {.all = false};
    struct ry_why_asked asked;
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (argc - optind != 2)
        return ry_text_fail(RY_EXIT_USAGE,
                            "a directory and an order are wanted: royale why DIR maker-1/42; "
                            "`royale why --help` says more");
    if (!ry_why_asked_read(&asked, argv[optind + 1]))
        return ry_text_fail(RY_EXIT_USAGE,
                            "%s is no order: allowed is AGENT/NUMBER, as maker-1/42, or AGENT",
                            argv[optind + 1]);
    struct ry_why_life *life = calloc(1, sizeof *life);
    assert(life != NULL);
    code = why(life, &options, argv[optind], &asked);
    free(life);
    return code;
}
