/*
 * The ranks of a battle as `royale run` prints them with its result: who survived and, beside it,
 * what each earned and from whom; why commands were refused; what the result is not to be believed
 * in.
 */
#ifndef RY_TOOLS_CLI_RUN_BOARD_H
#define RY_TOOLS_CLI_RUN_BOARD_H

#include <stdio.h>

#include "core/results/results.h"

#define RY_CLI_BOARD_CELLS 80 /* of a line of the brief table, unless names and money need more */

/*
 * One table has both rankings: `rank` says who survived, `earned` who made most money over the
 * whole battle ("-": never traded). Money is exact, and split into what came of the market, of
 * other agents, and fees; `brief`: two digits behind the point (where anybody has a unit of money
 * to show), and the split only where it fits into RY_CLI_BOARD_CELLS. After ry_results_value.
 */
void ry_cli_run_board_print(FILE *out, const struct ry_results *r, const struct ry_arena *arena,
                            bool brief);

#endif
