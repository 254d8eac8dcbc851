/*
 * `royale check --twice`: the battle is run twice, and the two journals are compared. A strategy
 * that is no function of its callbacks shows as the agent whose commands differ first.
 */
#ifndef RY_TOOLS_CLI_RUN_TWICE_H
#define RY_TOOLS_CLI_RUN_TWICE_H

#include "tools/cli/battle_plan.h"

/* Runs in directories below $TMPDIR (/tmp), which are gone afterwards. RY_EXIT_OK: the same both
 * times; RY_EXIT_EMPTY, RY_EXIT_AGENT: the same, but nothing happened, or an agent did not play;
 * RY_EXIT_FAILED: not the same, or a run failed; RY_EXIT_ENVIRONMENT. */
int ry_cli_run_twice(FILE *out, const struct ry_cli_plan *plan);

/* Compares the journals of two finished runs and says in what they differ. RY_EXIT_OK or
 * RY_EXIT_FAILED. */
int ry_cli_run_compare(FILE *out, const struct ry_battle *battle, const char *first,
                       const char *second);

#endif
