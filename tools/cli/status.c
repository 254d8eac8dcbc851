#include "tools/cli/status.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shm/clock.h"
#include "tools/cli/status_library.h"
#include "tools/library/library.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"

/* Between two looks at the processes: what rates and busy shares are over. */
#define BETWEEN_NS INT64_C(300000000)

struct options {
    bool json;
    const char *directory;
};

static const struct ry_text_option option_table[] = {
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "as one JSON object; WATCHING.md has its fields"},
};

static const struct ry_text_command command = {
    .name = "royale status",
    .synopsis = "[--json] [DIR]",
    .operand = "DIR",
    .many = true,
    .about =
        "Prints how the battle in DIR stands, running or over: the round, the market's time, who leads by how\n"
        "much and who is about to go out; a line for each process and feed; what is wrong, and what to do.\n"
        "Where DIR has no journal but folders with one, it lists these battles. DIR is $ROYALE_LIBRARY, a folder\n"
        "of battles, or the current directory, if it is not given.\n",
    .ends =
        "Exit codes: 0 nothing is wrong that changes the result, 1 the journal is damaged, 2 wrong arguments,\n"
        "3 there is no battle, 6 an alarm is critical.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* Up to what there is at this moment. */
static void catch_up(struct ry_watch *w)
{
    enum ry_results_next next = RY_RESULTS_WAIT;
    do {
        while (ry_watch_step(w, RY_RESULTS_STEP_INPUTS) == RY_RESULTS_STEP_INPUTS)
            ;
        if (w->follow.status != RY_FOLLOW_DAMAGED)
            return;
        next = ry_watch_next(w, w->running); /* a block may be on its way */
        ry_results_wait();
    } while (next == RY_RESULTS_WAIT);
}

static void look(struct ry_cli_status *status)
{
    struct ry_watch *w = &status->watch;
    catch_up(w);
    ry_watch_look(w, ry_clock_ns());
    if (w->running && !w->results.ended) {
        (void)nanosleep(&(struct timespec){.tv_nsec = BETWEEN_NS}, NULL);
        catch_up(w);
        ry_watch_look(w, ry_clock_ns());
    }
    ry_watch_value(w);
    if (ry_follow_arena(&w->follow) != NULL)
        ry_results_board_make(&status->board, &w->results, ry_follow_arena(&w->follow));
    status->state = ry_watch_battle_state(w);
}

static bool has_battles(const char *directory)
{
    static struct ry_library library; /* large */
    if (ry_library_open(&library, directory, true) != 0)
        return false;
    const bool any = library.count > 0;
    ry_library_close(&library);
    return any;
}

static int judge(const struct ry_watch *w)
{
    if (w->follow.status == RY_FOLLOW_DAMAGED)
        return ry_text_fail(RY_EXIT_FAILED, "the journal is damaged: %s", w->follow.text);
    /* Worst first. */
    const bool critical = w->alarms.count > 0 && w->alarms.alarm[0].severity == RY_WATCH_CRITICAL;
    return critical ? RY_EXIT_ALARM : RY_EXIT_OK;
}

/* One battle. */
static int show(const struct options *options)
{
    static struct ry_cli_status status; /* large */
    char error[RY_WATCH_ERROR_BYTES], why[RY_ROLE_DOOR_WHY_BYTES];
    if (ry_watch_open(&status.watch, options->directory, false, error, sizeof error) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
    (void)ry_clock_init();
    (void)ry_watch_enter(&status.watch, why); /* one that is over says nothing at the door */
    look(&status);
    if (options->json)
        ry_cli_status_json(stdout, &status);
    else
        ry_cli_status_text(stdout, &status);
    bool written = ry_text_written(stdout);
    int code = judge(&status.watch);
    ry_watch_close(&status.watch);
    return written ? code : RY_EXIT_FAILED;
}

int ry_cli_status(int argc, char **argv)
{
    struct options options = {.json = false};
    const char *library = getenv(RY_CLI_STATUS_LIBRARY);
    int code = ry_text_options(&command, argc, argv, &options, NULL);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (argc - optind > 1)
        return ry_text_fail(RY_EXIT_USAGE, "one DIR at most; `royale status --help`");
    const bool given = optind < argc;
    options.directory = given                                   ? argv[optind]
                        : library != NULL && library[0] != '\0' ? library
                                                                : ".";
    if (ry_library_is_battle(options.directory))
        return show(&options);
    return given && !has_battles(options.directory)
               ? show(&options) /* it says what is missing */
               : ry_cli_status_library(options.directory, options.json);
}
