/*
 * Results of a battle that is followed: core/follow applies, and the results see each input besides its outputs.
 */
#ifndef RY_TOOLS_RESULTS_FOLLOW_H
#define RY_TOOLS_RESULTS_FOLLOW_H

#include "core/follow/follow.h"
#include "tools/results.h"

/* Applies up to `n` inputs; returns how many. Fewer: follow->status says why, or there is no memory (then
 * follow->status is RY_FOLLOW_DAMAGED and its text says so). */
unsigned ry_results_step(struct ry_results *r, struct ry_follow *follow, unsigned n);

#endif
