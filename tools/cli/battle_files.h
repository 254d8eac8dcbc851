/*
 * The files that a battle file names, looked at before anything is started: those of the feeds and
 * the strategies. No line of a strategy runs here.
 */
#ifndef RY_TOOLS_CLI_BATTLE_FILES_H
#define RY_TOOLS_CLI_BATTLE_FILES_H

#include "core/battle/battle.h"

/* How many of them the battle could not use; each is said on standard error. warnings: so is what
 * is odd in a file that can be used (the feed says it again). */
unsigned ry_cli_battle_files(const struct ry_battle *battle, bool warnings);

#endif
