/*
 * The ranks of a battle as `royale run` prints them with its result: who survived and, beside it,
 * what each earned and from whom; why commands were refused; what the result is not to be believed
 * in.
 */
#ifndef RY_TOOLS_CLI_RUN_BOARD_H
#define RY_TOOLS_CLI_RUN_BOARD_H

#include <stdio.h>

#include "core/results/results.h"

/* After ry_results_value. */
void ry_cli_run_board_print(FILE *out, const struct ry_results *r, const struct ry_arena *arena);

#endif
