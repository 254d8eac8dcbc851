/*
 * What `royale run` and `royale check` begin with: the battle file read, the cores planned.
 */
#ifndef RY_TOOLS_CLI_BATTLE_PLAN_H
#define RY_TOOLS_CLI_BATTLE_PLAN_H

#include <limits.h>
#include <stdio.h>

#include "core/battle/battle.h"
#include "tools/place/place.h"
#include "tuning/machine.h"
#include "tuning/placement.h"

struct ry_cli_plan {
    char *text; /* the file, its relative paths written out: it can be run from any folder */
    size_t text_bytes;
    bool relative; /* they could not be, and `text` is the file as it is */
    struct ry_battle *battle;
    struct ry_tuning_machine machine; /* that it is planned for; no CPUs: hwloc cannot tell */
    struct ry_tuning_placement placement;
    char binaries[PATH_MAX]; /* the folder with the programs (tools/place) */
};

#define RY_CLI_EXPORT "royale-export" /* among the programs */

/* Where a part of royale lies. RY_EXIT_OK, or RY_EXIT_ENVIRONMENT with the reason on standard
 * error. */
int ry_cli_place(enum ry_place_part part, char path[PATH_MAX]);

/* The battle will be one process: the plan is made anew for that. What plan_open says. */
int ry_cli_plan_one_process(struct ry_cli_plan *plan, const char *path);

/* RY_EXIT_OK, or RY_EXIT_USAGE with the mistakes on standard error. Strategies are looked up by
 * name in $ROYALE_STRATEGIES, then among those of the house. */
int ry_cli_plan_open(struct ry_cli_plan *plan, const char *path);
/* Likewise for another machine (tuning/machine.h), or for this one by NULL. */
int ry_cli_plan_open_for(struct ry_cli_plan *plan, const char *path, const char *topology);
void ry_cli_plan_close(struct ry_cli_plan *plan);

/* The battle in short. */
void ry_cli_plan_print(FILE *file, const struct ry_cli_plan *plan);

#endif
