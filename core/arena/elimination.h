/*
 * Putting an agent out: its orders leave, its positions are liquidated. Who is the last of a round
 * is decided in game.c; who is insolvent or has lost too much, here.
 */
#ifndef RY_CORE_ARENA_ELIMINATION_H
#define RY_CORE_ARENA_ELIMINATION_H

#include "core/arena/machine.h"

/* The agent must be in. Others that are filled by it stand in a->filled afterwards. */
void ry_arena_eliminate(struct ry_arena *a, uint16_t agent, enum ry_out reason);

/* Why that equity would put the agent out; RY_OUT_NONE: it would not. */
enum ry_out ry_arena_eliminate_reason(const struct ry_arena *a, uint16_t agent, __int128 equity);

/* Puts out who is insolvent or has lost too much among a->filled, and whom that fills; then nobody
 * is left to look at. */
void ry_arena_eliminate_due(struct ry_arena *a);

#endif
