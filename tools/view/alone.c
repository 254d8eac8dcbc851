/* The viewer over a battle's directory, finished or running. */
#include <inttypes.h>
#include <string.h>

#include "core/follow/observe.h"
#include "core/results/follow.h"
#include "shm/clock.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"
#include "tools/view/view.h"

struct options {
    bool json, follow, write;
    const char *directory;
};

static const struct ry_text_option option_table[] = {
    {.name = "json",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, json),
     .help = "JSON lines: ranks, eliminations, stamps, at last the results"},
    {.name = "follow",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, follow),
     .help =
         "wait for more until the battle ends; of one that runs, by its door (DIR/observe.sock)"},
    {.name = "write",
     .kind = RY_TEXT_FLAG,
     .offset = offsetof(struct options, write),
     .help = "write DIR/results.json and DIR/trades.jsonl"},
};

static const struct ry_text_command command = {
    .name = "royale-view",
    .operand = "DIR",
    .about =
        "Follows the battle in DIR through its journal (DIR/inputs.ryj) and shows who leads and who is out.\n",
    .ends =
        "Exit codes: 0 ok (also for a journal that is cut), 1 damaged or not written, 2 wrong arguments,\n"
        "3 there is no journal.\n",
    .option = option_table,
    .options = sizeof option_table / sizeof *option_table,
};

/* Opens; whoever waits for more asks at the battle's door too. Without one the journal alone tells
 * what there is, a block at a time. */
static int open_view(struct ry_view *v, struct ry_follow_observed *observed, bool waits,
                     char *error, size_t error_bytes)
{
    char why[RY_ROLE_DOOR_WHY_BYTES];
    if (ry_view_open(v, error, error_bytes) != 0)
        return -1;
    if (waits)
        (void)ry_follow_observe(&v->follow, observed, v->directory, why);
    return 0;
}

/* Opens again from the start; what was shown is passed over. */
static int open_again(struct ry_view *v, struct ry_follow_observed *observed, char *error,
                      size_t error_bytes)
{
    v->shown = v->follow.inputs > v->shown ? v->follow.inputs : v->shown;
    ry_view_close(v);
    ry_follow_unobserve(observed);
    return open_view(v, observed, true, error, error_bytes);
}

/* To the end, or as far as it goes. -1: it could not be opened again, and is closed. */
static int watch(struct ry_view *v, struct ry_follow_observed *observed, bool waits, char *error,
                 size_t error_bytes)
{
    struct ry_results_patience patience = {0};
    while (!ry_text_stopped() && (!v->unread || v->writes)) {
        unsigned applied = ry_view_step(v, RY_RESULTS_STEP_INPUTS);
        if (applied == RY_RESULTS_STEP_INPUTS)
            continue;
        enum ry_results_next next = ry_results_patience(&patience, &v->follow, waits);
        if (next == RY_RESULTS_DONE || next == RY_RESULTS_DAMAGED)
            return 0;
        ry_results_wait();
        if (next == RY_RESULTS_AGAIN && open_again(v, observed, error, error_bytes) != 0)
            return -1;
    }
    return 0;
}

static int judge(const struct ry_view *v)
{
    if (v->follow.status == RY_FOLLOW_DAMAGED)
        return ry_text_fail(RY_EXIT_FAILED, "%s", v->follow.text);
    if (v->follow.status == RY_FOLLOW_END)
        return RY_EXIT_OK;
    /* A journal of a battle that runs is not cut: it goes on. */
    const char *where = ry_text_stopped() ? "stopped"
                        : ry_follow_runs(v->directory)
                            ? "so far: the battle runs, --follow shows it to its end"
                            : v->follow.text;
    return ry_text_fail(RY_EXIT_OK, "%s (after input %" PRIu64 ")", where, v->follow.inputs);
}

int ry_view_alone_main(int argc, char **argv)
{
    static struct ry_view viewer; /* large */
    struct ry_follow_observed observed = {.inputs.row = NULL};
    struct options options = {.json = false};
    char error[RY_VIEW_ERROR_BYTES];
    int code = ry_text_options(&command, argc, argv, &options, &options.directory);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    viewer.out = stdout;
    viewer.mode = options.json ? RY_VIEW_JSON : RY_VIEW_LINES;
    viewer.directory = options.directory;
    viewer.writes = options.write;
    ry_text_stop_by_signals();
    if (open_view(&viewer, &observed, options.follow, error, sizeof error) != 0 ||
        watch(&viewer, &observed, options.follow, error, sizeof error) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
    code = judge(&viewer);
    if (ry_view_finish(&viewer, error, sizeof error) != 0)
        code = ry_text_fail(RY_EXIT_FAILED, "%s", error);
    if (viewer.unread)
        code = ry_text_fail(RY_EXIT_FAILED, "the output could not be written");
    ry_view_close(&viewer);
    ry_follow_unobserve(&observed);
    return code;
}
