/*
 * What disturbed the cores of a battle, in its result and in DIR/noise.json: interrupts, switches,
 * kernel threads. It is of the machine, not of the market: it does not follow from the journal, so
 * results.json has none of it.
 */
#ifndef RY_TOOLS_CLI_RUN_RESULT_NOISE_H
#define RY_TOOLS_CLI_RUN_RESULT_NOISE_H

#include <stdbool.h>
#include <stdio.h>

#include "core/battle/battle.h"
#include "tuning/noise.h"

#define RY_CLI_NOISE_FILE "noise.json"

/* "core 3 (exec): 12 interrupts (local timer 9, rescheduling 3), 0 switches (0 against its will),
 * no kernel threads": a line for each core, or one that says that no process had one. `brief`: the
 * first cores and the most frequent names alone. */
void ry_cli_run_result_noise(FILE *out, const struct ry_battle *battle,
                             const struct ry_tuning_noise *noise, bool brief);

/* What goes wrong is said on standard error. */
void ry_cli_run_result_keep_noise(const char *directory, const struct ry_battle *battle,
                                  const struct ry_tuning_noise *noise);

#endif
