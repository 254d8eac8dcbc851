/* The viewer over a battle's directory, finished or running. */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "core/follow/observe.h"
#include "shm/atomic.h"
#include "shm/clock.h"
#include "tools/text/exit_codes.h"
#include "tools/view/view.h"

#define BATCH 4096

static const char usage[] =
    "usage: royale-view [--json] [--lines] [--follow] [--write] DIR\n"
    "Follows the battle in DIR through its journal (DIR/inputs.ryj) and shows who leads and who is out.\n"
    "  --json    JSON lines: ranks, eliminations, stamps, at last the results\n"
    "  --lines   plain lines, also on a terminal\n"
    "  --follow  wait for more until the battle ends; of one that runs, by its door (DIR/observe.sock)\n"
    "  --write   write DIR/results.json and DIR/trades.jsonl\n"
    "Exit codes: 0 ok (also for a journal that is cut), 1 damaged or not written, 2 wrong arguments,\n"
    "3 there is no journal.\n";

static ry_atomic_u32 stop; /* a signal asked for it */

static void on_stop(int signal_number)
{
    (void)signal_number;
    ry_store_relaxed(&stop, 1);
}

static bool stopped(void)
{
    return ry_load_relaxed(&stop) != 0;
}

struct options {
    bool json, lines, follow, write;
    const char *directory;
};

/* RY_EXIT_OK, RY_EXIT_USAGE, or -1: help was asked for and given. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {
        {"help", no_argument, NULL, 'h'},  {"json", no_argument, NULL, 'j'},
        {"lines", no_argument, NULL, 'l'}, {"follow", no_argument, NULL, 'f'},
        {"write", no_argument, NULL, 'w'}, {0}};
    memset(options, 0, sizeof *options);
    for (int c; (c = getopt_long(argc, argv, "h", names, NULL)) != -1;) {
        switch (c) {
        case 'j': options->json = true; break;
        case 'l': options->lines = true; break;
        case 'f': options->follow = true; break;
        case 'w': options->write = true; break;
        case 'h': fputs(usage, stdout); return -1;
        default: fputs(usage, stderr); return RY_EXIT_USAGE;
        }
    }
    if (argc - optind != 1 || (options->json && options->lines)) {
        fputs(usage, stderr);
        return RY_EXIT_USAGE;
    }
    options->directory = argv[optind];
    return RY_EXIT_OK;
}

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
    while (!stopped()) {
        unsigned applied = ry_view_step(v, BATCH);
        ry_view_draw(v, ry_clock_ns());
        if (applied == BATCH)
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

static void handle_signals(void)
{
    const struct sigaction action = {.sa_handler = on_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int judge(const struct ry_view *v)
{
    if (v->follow.status == RY_FOLLOW_DAMAGED) {
        fprintf(stderr, "royale-view: %s\n", v->follow.text);
        return RY_EXIT_FAILED;
    }
    if (v->follow.status != RY_FOLLOW_END)
        fprintf(stderr, "royale-view: %s (after input %" PRIu64 ")\n",
                stopped() ? "stopped" : v->follow.text, v->follow.inputs);
    return RY_EXIT_OK;
}

int ry_view_alone_main(int argc, char **argv)
{
    static struct ry_view viewer; /* large */
    struct ry_follow_observed observed = {.inputs.row = NULL};
    struct options options;
    char error[RY_VIEW_ERROR_BYTES];
    int code = read_options(argc, argv, &options);
    if (code != RY_EXIT_OK)
        return code < 0 ? RY_EXIT_OK : code;
    ry_view_suit(&viewer, stdout);
    viewer.mode = options.json ? RY_VIEW_JSON : options.lines ? RY_VIEW_LINES : viewer.mode;
    viewer.directory = options.directory;
    viewer.writes = options.write;
    handle_signals();
    if (open_view(&viewer, &observed, options.follow, error, sizeof error) != 0 ||
        watch(&viewer, &observed, options.follow, error, sizeof error) != 0) {
        fprintf(stderr, "royale-view: %s\n", error);
        return RY_EXIT_ENVIRONMENT;
    }
    code = judge(&viewer);
    if (ry_view_finish(&viewer, error, sizeof error) != 0) {
        fprintf(stderr, "royale-view: %s\n", error);
        code = RY_EXIT_FAILED;
    }
    ry_view_close(&viewer);
    ry_follow_unobserve(&observed);
    return code;
}
