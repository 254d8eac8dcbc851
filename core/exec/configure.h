/*
 * Inputs 1..n: the battle as records. The machine has no other source of configuration, so
 * followers need the inputs only. Pure, and in an order that the machine asks for: BATTLE, the
 * INSTRUMENTs, the AGENTs.
 *
 * All carry T = warmup_from and source sequence 0: exec makes them, no source sends them.
 */
#ifndef RY_CORE_EXEC_CONFIGURE_H
#define RY_CORE_EXEC_CONFIGURE_H

#include "core/battle/battle.h"
#include "shm/records/input.h"

/* How many records there are. */
unsigned ry_exec_configured(const struct ry_battle *battle);

/* Makes record `i`, from 0. */
void ry_exec_configure(const struct ry_battle *battle, unsigned i, union ry_input_any *record);

#endif
