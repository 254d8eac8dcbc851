/*
 * What the processes of a battle counted: what is odd beside the result, everything in a file that
 * `royale counters DIR` prints.
 */
#ifndef RY_TOOLS_CLI_RUN_RESULT_COUNTERS_H
#define RY_TOOLS_CLI_RUN_RESULT_COUNTERS_H

#include <stdio.h>

#include "core/arena/arena.h"
#include "core/supervisor/supervisor.h"

#define RY_CLI_COUNTERS_FILE "counters.txt"

/* Those that say that something is wrong, with what to do. The machine's follow from the journal.
 */
void ry_cli_run_result_odd(FILE *out, const struct ry_battle *battle,
                           const struct ry_supervisor_result *result, const struct ry_arena *arena);

/* All that are not zero, process by process, then the machine's. */
void ry_cli_run_result_counters(FILE *out, const struct ry_battle *battle,
                                const struct ry_supervisor_result *result,
                                const struct ry_arena *arena);

/* The same into DIR/counters.txt. What goes wrong is said on standard error. */
void ry_cli_run_result_keep_counters(const char *directory, const struct ry_battle *battle,
                                     const struct ry_supervisor_result *result,
                                     const struct ry_arena *arena);

#endif
