/*
 * royale-top: the screen of a battle, running or finished, on a terminal.
 *
 * A follower: it shows what tools/watch knows and writes nothing but the terminal. It runs alone
 * over a battle's directory (ry_top_alone_main), or as the role "top" of a battle that `royale run`
 * started (ry_top_role_main). Both step the same screen:
 *
 *     ry_top_open(&top, &watch, STDIN_FILENO, STDOUT_FILENO, error, sizeof error);
 *     while (!left) {
 *         if (!ry_top_paused(&top))
 *             applied = ry_watch_step(&watch, 4096);
 *         left = ry_top_step(&top, ry_clock_ns());    keys; a look at processes; a picture
 *     }
 *     ry_top_close(&top);                             the terminal is as it was
 *
 * Space pauses: the follower stops, so that every page shows the one moment of the market; the
 * battle goes on, and so does the screen later, from the journal. A caller that must come to the
 * battle's end meanwhile lifts the pause (ry_top_resume) or steps the watch regardless.
 *
 * Signals: ry_top_open installs SIGTSTP, SIGCONT and the fatal ones, unless the process ignores
 * them; SIGINT, SIGTERM and SIGHUP are the caller's, who ends its loop and calls ry_top_close.
 */
#ifndef RY_TOOLS_TOP_TOP_H
#define RY_TOOLS_TOP_TOP_H

#include "tools/top/terminal.h"
#include "tools/top/view.h"

/* Large: not for the stack. */
struct ry_top {
    struct ry_watch *watch;
    const char *note; /* the caller's to set: a line that is shown above the keys; NULL: none */
    /* The caller's to set: its last step applied all that it was asked to; no more will come,
     * though the battle has not ended (watch->follow.text says why). */
    bool reading, stops;
    struct ry_top_terminal terminal;
    struct ry_top_view view;
    struct ry_results_board board;
    struct ry_top_screen screen;
    struct ry_top_pace pace;
    int64_t pace_ns, pace_time; /* when it was measured last, wall and market */
    uint64_t pace_inputs;
    int64_t looked_ns, drawn_ns;
    uint64_t drawn_inputs;
    bool changed; /* a key, a look, another size: draw though no input came */
};

/* Takes the terminal. `watch` is open, and stays so until ry_top_close. 0, or -1 with `error`: this
 * is no terminal that a screen can be drawn on; then there is nothing to close. */
int ry_top_open(struct ry_top *top, struct ry_watch *watch, int in, int out, char *error,
                size_t error_bytes);

/* Reads what keys there are, looks at the processes, draws, each if it is due; never waits. True:
 * the user left. */
bool ry_top_step(struct ry_top *top, int64_t now_ns);

/* A part of ry_top_step: makes top->pace, a second after the other. That is how fast the battle
 * goes, not how fast it is caught up with: at the beginning, after a pause and when a journal was
 * opened anew the first second begins where nothing is left to be read. */
void ry_top_measure(struct ry_top *top, int64_t now_ns);

/* The watch must not be stepped. */
static inline bool ry_top_paused(const struct ry_top *top)
{
    return top->view.paused;
}

static inline void ry_top_resume(struct ry_top *top)
{
    top->view.paused = false;
}

/* A last picture of what is known now; for the end, whatever was drawn when. */
void ry_top_redraw(struct ry_top *top, int64_t now_ns);

/* The terminal is as it was before ry_top_open. */
void ry_top_close(struct ry_top *top);

int ry_top_alone_main(int argc, char **argv);
int ry_top_role_main(int argc, char **argv);

#endif
