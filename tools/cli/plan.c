#include "tools/cli/plan.h"

#include <getopt.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/cli/battle_plan.h"
#include "tools/plan/draw.h"
#include "tools/plan/json.h"
#include "tools/plan/systemd.h"
#include "tools/text/exit.h"
#include "tools/text/json.h"
#include "tools/text/options.h"

#define COLUMNS 100 /* where no terminal says another width */

struct options {
    const char *topology;
    bool svg, json, systemd;
};

static const struct ry_text_option option_table[] = {
    {.name = "topology",
     .argument = "MACHINE",
     .kind = RY_TEXT_WORD,
     .offset = offsetof(struct options, topology),
     .help =
         "plans for another machine: a file of `lstopo --of xml`, or a description such as\n"
         "\"pack:2 numa:1 l3:4 core:8 pu:2 [nic=1 isolated=2-15]\"; royale-plan(1) has all of it"},
    {.name = "svg",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, svg),
     .help = "the picture as SVG, for a browser"},
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "machine and plan as one JSON object; TUNING.md has its fields"},
    {.name = "systemd",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, systemd),
     .help = "what systemd's unit royale@NAME lacks for the battle, as a drop-in for\n"
             "/etc/systemd/system/royale@NAME.service.d/plan.conf"},
};

static const struct ry_text_command command = {
    .name = "royale plan",
    .synopsis = "[--topology MACHINE] [--svg | --json | --systemd] [FILE]",
    .many = true,
    .about =
        "Draws the machine, its sockets, memory nodes, caches and cores, and in it where each process of the\n"
        "battle of a battle file would run; below it how each waits there, and why. `royale run` does the same.\n"
        "Without FILE it draws the machine alone.\n",
    .ends =
        "Exit codes: 0 ok, 2 a mistake in the arguments, in FILE or in MACHINE, 3 the machine cannot be looked at.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

static unsigned columns(void)
{
    struct winsize size;
    if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
        size.ws_col > 0)
        return size.ws_col;
    return COLUMNS;
}

static void print_text(const struct ry_plan_picture *picture, const char *battle)
{
    char summary[RY_PLAN_TITLE_BYTES];
    ry_plan_summary(summary, picture->machine);
    if (battle != NULL)
        printf("battle %s on %s", battle, picture->machine->name);
    else
        printf("%s", picture->machine->name);
    printf("%s\n%s\n", picture->machine->guest ? " (a virtual machine)" : "", summary);
    ry_plan_draw_text(stdout, picture, columns());
    if (picture->placement != NULL)
        ry_tuning_placement_print(stdout, picture->placement);
}

static void print_json(const struct ry_plan_picture *picture, const char *battle)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "format", json_integer(RY_PLAN_FORMAT));
    ry_text_json_set(object, "battle", battle != NULL ? json_string(battle) : json_null());
    ry_text_json_set(object, "machine", ry_plan_json_machine(picture->machine));
    ry_text_json_set(object, "placement",
                     picture->placement != NULL ? ry_plan_json_placement(picture->placement)
                                                : json_null());
    (void)ry_text_json_line(stdout, object); /* royale's main looks whether it arrived */
}

static int print(const struct options *options, const struct ry_plan_picture *picture,
                 const char *battle)
{
    if (picture->machine->cpus == 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "plan: hwloc cannot tell what this machine is");
    if (options->svg)
        ry_plan_draw_svg(stdout, picture);
    else if (options->json)
        print_json(picture, battle);
    else
        print_text(picture, battle);
    return RY_EXIT_OK;
}

static int of_battle(const struct options *options, const char *path)
{
    static struct ry_cli_plan plan; /* large */
    int code = ry_cli_plan_open_for(&plan, path, options->topology);
    const struct ry_plan_picture picture = {.machine = &plan.machine, .placement = &plan.placement};
    if (code == RY_EXIT_OK && options->systemd)
        ry_plan_systemd(stdout, plan.battle, &plan.placement);
    else if (code == RY_EXIT_OK)
        code = print(options, &picture, plan.battle->name);
    ry_cli_plan_close(&plan);
    return code;
}

static int of_machine(const struct options *options)
{
    static struct ry_tuning_machine machine; /* large */
    char error[RY_TUNING_MACHINE_ERROR_BYTES];
    const struct ry_plan_picture picture = {.machine = &machine};
    if (ry_tuning_machine_look(&machine, options->topology, error) != 0)
        return ry_text_fail(options->topology != NULL ? RY_EXIT_USAGE : RY_EXIT_ENVIRONMENT,
                            "plan: %s", error);
    return print(options, &picture, NULL);
}

int ry_cli_plan_draw(int argc, char **argv)
{
    struct options options = {.topology = NULL};
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (argc - optind > 1 || options.svg + options.json + options.systemd > 1)
        return ry_text_fail(RY_EXIT_USAGE, "plan: one FILE at most, and --svg, --json or "
                                           "--systemd; see `royale plan --help`");
    if (options.systemd && optind == argc)
        return ry_text_fail(RY_EXIT_USAGE, "plan: --systemd is for the battle of a FILE");
    return optind < argc ? of_battle(&options, argv[optind]) : of_machine(&options);
}
