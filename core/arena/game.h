/*
 * The game: rounds, ranks, and when it is decided.
 */
#ifndef RY_CORE_ARENA_GAME_H
#define RY_CORE_ARENA_GAME_H

#include "core/arena/machine.h"

/* The clock, after trading may have begun: rounds begin and end. */
void ry_arena_game_time(struct ry_arena *a);

/* END: the ranks of the running round. */
void ry_arena_game_end(struct ry_arena *a);

#endif
