/* The screen over a battle's directory, finished or running. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "shm/clock.h"
#include "tools/text/exit.h"
#include "tools/text/options.h"
#include "tools/text/stop.h"
#include "tools/top/top.h"

#define STEP_INPUTS  4096
#define STEP_NS      (RY_NS_PER_SECOND / 50) /* of reading, between looks at the keys */
#define WAIT_MS      40                      /* for keys, while the battle runs */
#define WAIT_OVER_MS 250                     /* when nothing comes any more */

struct options {
    const char *directory;
};

static const struct ry_text_command command = {
    .name = "royale top",
    .operand = "DIR",
    .about =
        "Shows the battle in DIR on the terminal, running or finished: who leads and why, who goes out next, what\n"
        "each process does, what is wrong. It only looks on: nothing that it does changes the battle.\n"
        "Keys: 1 .. 6 pages, arrows, Enter agent or instrument, Esc back, s sort, / filter, space pause, ? help, q "
        "leave.\n",
    .ends =
        "Exit codes: 0 left, 1 the journal is damaged, 2 wrong arguments, 3 there is no journal, or no terminal to\n"
        "draw on.\n",
};

/* A step of the follower; false: nothing more will come. */
static bool follow(struct ry_watch *watch, struct ry_top *top)
{
    int64_t until = ry_clock_ns() + STEP_NS;
    unsigned applied;
    do
        applied = ry_watch_step(watch, STEP_INPUTS);
    while (applied == STEP_INPUTS && ry_clock_ns() < until);
    top->reading = applied == STEP_INPUTS;
    if (top->reading)
        return true;
    enum ry_results_next next = ry_watch_next(watch, watch->running || watch->closed);
    top->stops = watch->follow.status != RY_FOLLOW_END &&
                 (next == RY_RESULTS_DONE || next == RY_RESULTS_DAMAGED);
    return next != RY_RESULTS_DONE && next != RY_RESULTS_DAMAGED;
}

/* Until a key, or for a while. False: the terminal is gone. */
static bool wait_for_keys(int milliseconds)
{
    struct pollfd keys = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&keys, 1, milliseconds) <= 0 || (keys.revents & (POLLHUP | POLLERR)) == 0;
}

static void show(struct ry_watch *watch, struct ry_top *top)
{
    bool comes = true, there = true;
    while (there && !ry_text_stopped()) {
        /* What stops short may go on: the battle's supervisor was only stopped. */
        if ((comes || top->stops) && !ry_top_paused(top))
            comes = follow(watch, top);
        if (ry_top_step(top, ry_clock_ns()))
            return;
        bool reads = comes && top->reading && !ry_top_paused(top);
        there = wait_for_keys(reads ? 0 : comes ? WAIT_MS : WAIT_OVER_MS);
    }
}

/* A terminal that is gone ends the program as SIGTERM does. */
static void end_with_terminal(void)
{
    struct sigaction action, hangup;
    sigaction(SIGTERM, NULL, &action);
    sigaction(SIGHUP, NULL, &hangup);
    if (hangup.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
}

int ry_top_alone_main(int argc, char **argv)
{
    static struct ry_watch watch; /* large, both */
    static struct ry_top top;
    struct options options = {.directory = NULL};
    char error[RY_WATCH_ERROR_BYTES], why[RY_ROLE_DOOR_WHY_BYTES];
    int code = ry_text_options(&command, argc, argv, &options, &options.directory);
    if (code != RY_EXIT_OK)
        return code == RY_TEXT_HELPED ? RY_EXIT_OK : code;
    if (ry_watch_open(&watch, options.directory, true, error, sizeof error) != 0)
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
    (void)ry_watch_enter(&watch, why);
    ry_text_stop_by_signals();
    end_with_terminal();
    if (ry_top_open(&top, &watch, STDIN_FILENO, STDOUT_FILENO, error, sizeof error) != 0) {
        ry_watch_close(&watch);
        return ry_text_fail(RY_EXIT_ENVIRONMENT, "%s", error);
    }
    show(&watch, &top);
    ry_top_close(&top);
    if (watch.follow.status == RY_FOLLOW_DAMAGED)
        code = ry_text_fail(RY_EXIT_FAILED, "%s", watch.follow.text);
    ry_watch_close(&watch);
    return code;
}
