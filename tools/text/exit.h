/*
 * How a program of people ends: its exit codes, what it says of a failure, and whether its output
 * arrived.
 */
#ifndef RY_TOOLS_TEXT_EXIT_H
#define RY_TOOLS_TEXT_EXIT_H

#include <stdbool.h>
#include <stdio.h>

/* royale(1) lists them for users. */
#define RY_EXIT_OK          0
#define RY_EXIT_FAILED      1   /* the run failed: a process died, a gap, hashes that differ */
#define RY_EXIT_USAGE       2   /* wrong arguments or battle file */
#define RY_EXIT_ENVIRONMENT 3   /* a directory, a file or a binary is not what it should be */
#define RY_EXIT_AGENT       4   /* the battle is over, but an agent did not play to its end */
#define RY_EXIT_EMPTY       5   /* nothing happened: no event, or no chance to trade */
#define RY_EXIT_ALARM       6   /* `royale status`: an alarm is critical */
#define RY_EXIT_LATE        7   /* `royale queue hold --wait`: a battle still runs */
#define RY_EXIT_HELD        8   /* `royale queue run`: held, and battles are left */
#define RY_EXIT_SIGNAL      128 /* + the signal: stopped in order, the result stands */

/* Says "royale: ..." with the program's own name on standard error, and returns `code`. */
__attribute__((format(printf, 2, 3))) int ry_text_fail(int code, const char *format, ...);

/* Nothing of what was printed so far is lost, up to where it goes. False: said on standard error.
 */
bool ry_text_written(FILE *out);

/* What a program's main returns: `code`, or RY_EXIT_FAILED, said, in place of RY_EXIT_OK if
 * standard output did not arrive. */
int ry_text_end(int code);

#endif
