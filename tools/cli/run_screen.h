/*
 * The terminal of `royale run` while royale-top shows the battle on it: whether there can be such a
 * screen, and giving the terminal back to the shell as it was, also when royale-top is killed.
 *
 * royale-top restores the terminal itself when it ends. Only who is killed cannot: then this
 * process does, with the settings that it read before (tcgetattr), and leaves what royale-top has
 * switched on.
 */
#ifndef RY_TOOLS_CLI_RUN_SCREEN_H
#define RY_TOOLS_CLI_RUN_SCREEN_H

#include <termios.h>

#include "core/supervisor/supervisor.h"

#define RY_CLI_TOP              "royale-top" /* among the programs */
#define RY_CLI_SCREEN_WHY_BYTES 256

struct ry_cli_run_screen {
    bool on;               /* the battle has a screen: it is to come, it lives */
    struct termios before; /* as the terminal was */
};

/* Whether standard input and output are a terminal that can be a screen, with the program in the
 * folder `binaries`. False: `why` says what is in the way, for people; empty if standard output is
 * no terminal, so that nobody expects a screen. */
bool ry_cli_run_screen_can(const char *binaries, char why[RY_CLI_SCREEN_WHY_BYTES]);

/* Keeps how the terminal is. Before any process of the battle is started. */
void ry_cli_run_screen_begin(struct ry_cli_run_screen *screen);

/* Looks whether the screen is gone, and then puts the terminal in order: true, once. */
bool ry_cli_run_screen_gone(struct ry_cli_run_screen *screen,
                            const struct ry_supervisor_member *roles, unsigned count);

/* The battle is over: whatever became of the screen, the terminal is in order. */
void ry_cli_run_screen_end(struct ry_cli_run_screen *screen,
                           const struct ry_supervisor_member *roles, unsigned count);

#endif
