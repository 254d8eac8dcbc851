/*
 * The place that a battle of `royale run` takes among those of its name: room made for it before it
 * starts, and tidied when it has ended (tools/cli/tidy.h).
 */
#ifndef RY_TOOLS_CLI_RUN_TIDY_H
#define RY_TOOLS_CLI_RUN_TIDY_H

#include "tools/cli/run_directory.h"
#include "tools/cli/tidy.h"

/* Removes what the battle file's `keep` says, then looks at the disk (tools/cli/run_disk.h).
 * RY_EXIT_OK, or RY_EXIT_ENVIRONMENT, said. */
int ry_cli_run_tidy_before(const struct ry_cli_run_directory *directory,
                           const struct ry_battle *battle);

/* The battle has ended, with its END in the journal. Releases the directory. */
void ry_cli_run_tidy_after(struct ry_cli_run_directory *directory, const struct ry_battle *battle,
                           bool quiet, const struct ry_cli_pulse *pulse);

/* Rows of the battle are not where they should be: a file in its folder that keeps it, until they
 * are. */
void ry_cli_run_tidy_keep(const struct ry_cli_run_directory *directory,
                          const struct ry_battle *battle);

#endif
