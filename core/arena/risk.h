/*
 * The checks before the book: in the order of docs/MATCHING.md, the first that fails decides. The
 * words of each reject: shm/records/codes.def.
 */
#ifndef RY_CORE_ARENA_RISK_H
#define RY_CORE_ARENA_RISK_H

#include "core/arena/machine.h"

/* COMMAND-1: counts a command for its agent's rate. */
static inline void ry_arena_risk_count(struct ry_arena *a, struct ry_arena_agent *agent)
{
    if ((uint64_t)a->time - a->second_from >= RY_NS_PER_SECOND) {
        a->second = ry_arena_floor_div(a->time, RY_NS_PER_SECOND);
        a->second_from = (uint64_t)a->second * RY_NS_PER_SECOND;
    }
    if (agent->second != a->second || !agent->commands) {
        agent->second = a->second;
        agent->commands = 0;
    }
    if (agent->commands < UINT32_MAX)
        agent->commands++;
}

/* RY_REJECT_NONE, and the limit at which the order may match, or the reason for refusing it. */
enum ry_reject ry_arena_risk_check(struct ry_arena *a, uint16_t agent, const struct ry_input *in,
                                   int64_t *limit);

#endif
