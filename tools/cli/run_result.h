/*
 * The result of a battle that ran: what the feeds counted, and what the battle's own journal says.
 */
#ifndef RY_TOOLS_CLI_RUN_RESULT_H
#define RY_TOOLS_CLI_RUN_RESULT_H

#include "core/supervisor/supervisor.h"

/* Prints it; follows the journal in `directory` and compares with what exec published.
 * RY_EXIT_OK, or RY_EXIT_FAILED with the reason on standard error. */
int ry_cli_run_result_print(FILE *out, const struct ry_battle *battle, const char *directory,
                            const struct ry_supervisor_result *result);

#endif
