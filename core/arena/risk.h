/*
 * The checks before the book: in the order of docs/MATCHING.md, the first that fails decides. The
 * words of each reject: shm/records/codes.def.
 */
#ifndef RY_CORE_ARENA_RISK_H
#define RY_CORE_ARENA_RISK_H

#include "core/arena/machine.h"

/* Counts a command for its agent's rate. */
void ry_arena_risk_count(struct ry_arena *a, struct ry_arena_agent *agent);

/* RY_REJECT_NONE, and the limit at which the order may match, or the reason for refusing it. */
enum ry_reject ry_arena_risk_check(struct ry_arena *a, uint16_t agent, const struct ry_input *in,
                                   int64_t *limit);

#endif
