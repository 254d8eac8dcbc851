/*
 * The battle as one agent may know it: its own entry, a seed drawn for it; no feed, no core of
 * anybody, no export.
 */
#ifndef RY_CORE_SUPERVISOR_OWN_BATTLE_H
#define RY_CORE_SUPERVISOR_OWN_BATTLE_H

#include "core/battle/battle.h"

/* A copy, to be freed. */
struct ry_battle *ry_supervisor_own_battle(const struct ry_battle *battle, unsigned agent);

#endif
