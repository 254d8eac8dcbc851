/*
 * What the machine is to be tuned for: the plan of a battle file, cores that were named, or all
 * cores but the first. The same for `royale tune` and its report.
 */
#ifndef RY_TOOLS_CLI_TUNE_TARGET_H
#define RY_TOOLS_CLI_TUNE_TARGET_H

#include "tuning/target.h"

/* `file`: a battle file, or NULL; `cores`: a list of CPUs, or NULL, then those instead of the
 * battle's; `root`: "" or the folder of another machine. RY_EXIT_OK, RY_EXIT_USAGE or
 * RY_EXIT_ENVIRONMENT with the reason on standard error. */
int ry_cli_tune_target(struct ry_tuning_target *target, const char *file, const char *cores,
                       const char *root);

#endif
