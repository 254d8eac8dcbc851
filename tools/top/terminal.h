/*
 * The terminal: ncurses copies a screen of cells to it and reads keys.
 *
 * Whatever ends the process, the terminal is as it was before: ry_top_terminal_close in order; on
 * SIGQUIT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT (assertions) a handler that is async-signal-
 * safe writes the terminal's own strings and modes back and lets the signal go on. Ctrl-Z (a key
 * here, or SIGTSTP) gives the terminal back, then stops this process and the others that a shell
 * would, and takes it again when they go on in the foreground; in the background nothing is read
 * or drawn. Only SIGKILL is beyond that; who started this process then does the same
 * (tools/cli/run_screen.h).
 *
 * One terminal a process.
 */
#ifndef RY_TOOLS_TOP_TERMINAL_H
#define RY_TOOLS_TOP_TERMINAL_H

#include <stddef.h>

#include "tools/top/screen.h"

/* What the terminal can do, once it is open. */
struct ry_top_terminal {
    bool unicode, color;
};

/* Takes the terminal behind the descriptors `in` and `out`. 0, or -1 with `error`: there is no
 * terminal, or one that cannot move its cursor; then nothing was done to it. */
int ry_top_terminal_open(struct ry_top_terminal *terminal, int in, int out, char *error,
                         size_t error_bytes);

/* Its size at this moment, within the screen's limits. */
void ry_top_terminal_size(unsigned *width, unsigned *height);

/* Shows the screen; only what has changed is written. */
void ry_top_terminal_show(const struct ry_top_screen *screen);

/* The next key (tools/top/view.h), 0: none is there. Never waits. */
uint32_t ry_top_terminal_key(void);

/* Ctrl-Z, and going on: to be called often. True: the whole screen must be shown again. */
bool ry_top_terminal_again(void);

/* Restores it. A second time does nothing. */
void ry_top_terminal_close(void);

#endif
