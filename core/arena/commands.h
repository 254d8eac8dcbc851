/*
 * What agents' commands do.
 */
#ifndef RY_CORE_ARENA_COMMANDS_H
#define RY_CORE_ARENA_COMMANDS_H

#include "core/arena/match.h"

void ry_arena_command_order(struct ry_arena *a, uint16_t agent, const struct ry_input *in);
void ry_arena_command_cancel(struct ry_arena *a, uint16_t agent, const struct ry_input *in);
/* A standing order of an agent leaves with all it has. */
void ry_arena_command_withdraw(struct ry_arena *a, uint32_t id, enum ry_cancel code);

/* Trading resumes: the agents' orders of an instrument match in order of arrival. */
void ry_arena_command_resume(struct ry_arena *a, struct ry_arena_instrument *instrument);

#endif
