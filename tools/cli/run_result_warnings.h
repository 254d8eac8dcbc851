/*
 * What `royale run` warns of beside its result: what the roles said, and books that are crossed
 * when trading begins.
 */
#ifndef RY_TOOLS_CLI_RUN_RESULT_WARNINGS_H
#define RY_TOOLS_CLI_RUN_RESULT_WARNINGS_H

#include "core/results/follow.h"
#include "core/supervisor/supervisor.h"
#include "tools/cli/pulse.h"

#define RY_CLI_WARNINGS_SHOWN 20 /* of each kind */

/* Prints the last WARN and ERROR lines of the roles' logs, in the order of their times, and how
 * many more there are. */
void ry_cli_run_result_log(FILE *out, const char *directory,
                           const struct ry_supervisor_member *roles, unsigned count);

/* Follows a journal from its beginning up to the TIME input of trade_from, and prints which
 * instruments' recorded books are crossed or locked there. Nothing if trade_from did not come. To
 * be followed on from there. */
#define RY_CLI_RESULT_READING "reading the journal for the result" /* `pulse` is told */
void ry_cli_run_result_open(FILE *out, struct ry_follow *follow, struct ry_results *results,
                            const struct ry_cli_pulse *pulse);

#endif
