/*
 * What `royale run` and `royale check` begin with: the battle file read, the cores planned, the
 * feeds' files looked at.
 */
#ifndef RY_TOOLS_BATTLE_PLAN_H
#define RY_TOOLS_BATTLE_PLAN_H

#include <stdio.h>

#include "core/battle/battle.h"
#include "tools/exit_codes.h"
#include "tuning/placement.h"

struct ry_battle_plan {
    char *text; /* the file as it is */
    size_t text_bytes;
    struct ry_battle *battle;
    struct ry_placement placement;
};

/* RY_EXIT_OK, or RY_EXIT_USAGE with the mistakes on standard error. */
int ry_battle_plan_open(struct ry_battle_plan *plan, const char *path);
void ry_battle_plan_close(struct ry_battle_plan *plan);

/* RY_EXIT_OK, or RY_EXIT_ENVIRONMENT: a feed's file cannot be read, said on standard error. */
int ry_battle_plan_feeds(const struct ry_battle_plan *plan);

/* The battle in short. */
void ry_battle_plan_print(FILE *file, const struct ry_battle_plan *plan);

#endif
