/*
 * The ranks of a battle as `royale run` prints them with its result, and what makes the result one
 * that need not come again.
 */
#ifndef RY_TOOLS_CLI_RUN_BOARD_H
#define RY_TOOLS_CLI_RUN_BOARD_H

#include <stdio.h>

#include "core/results/results.h"

/* After ry_results_value. */
void ry_cli_run_board_print(FILE *out, const struct ry_results *results,
                            const struct ry_arena *arena);

#endif
