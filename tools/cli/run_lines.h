/*
 * What `royale run` says while the battle goes on. A terminal that is a screen (role "top") has one
 * writer, so lines for it are kept until the screen is gone; then they are printed in the order in
 * which they were said, none left out. What goes into a file or a pipe is written at once.
 */
#ifndef RY_TOOLS_CLI_RUN_LINES_H
#define RY_TOOLS_CLI_RUN_LINES_H

#include <stdbool.h>
#include <stdio.h>

struct ry_cli_run_line;

/* Zero: nothing is kept, each line is written at once. */
struct ry_cli_run_lines {
    bool held;
    struct ry_cli_run_line *first, *last;
};

/* From now on lines for a terminal are kept. */
void ry_cli_run_lines_hold(struct ry_cli_run_lines *lines);

/* One line, without its end. */
__attribute__((format(printf, 3, 4))) void ry_cli_run_lines_say(struct ry_cli_run_lines *lines,
                                                                FILE *out, const char *format, ...);

/* The screen is gone: prints what was kept, and keeps nothing more. */
void ry_cli_run_lines_release(struct ry_cli_run_lines *lines);

#endif
