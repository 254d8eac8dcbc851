/*
 * `royale run --fast`, and a battle file with `run: {processes: one}`: whether the battle can be
 * one process (royale-fast).
 */
#ifndef RY_TOOLS_CLI_RUN_FAST_H
#define RY_TOOLS_CLI_RUN_FAST_H

#include "tools/cli/battle_plan.h"

/* Makes the plan one of a single process, if `fast` or the battle file says so; says what is left
 * out. RY_EXIT_OK; RY_EXIT_USAGE with the reason on standard error. */
int ry_cli_run_fast(struct ry_cli_plan *plan, const char *file, bool fast);

#endif
