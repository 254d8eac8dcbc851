/*
 * Results of a battle that is followed: core/follow applies, and the results see each input besides
 * its outputs.
 */
#ifndef RY_CORE_RESULTS_FOLLOW_H
#define RY_CORE_RESULTS_FOLLOW_H

#include "core/follow/follow.h"
#include "core/results/results.h"

/* Inputs of one step, for who has nothing else to do meanwhile. */
#define RY_RESULTS_STEP_INPUTS 4096

/* Applies up to `n` inputs, no more than ry_follow_until allows; returns how many. Fewer:
 * follow->status says why, or there is no memory (then follow->status is RY_FOLLOW_DAMAGED and its
 * text says so). */
unsigned ry_results_step(struct ry_results *r, struct ry_follow *follow, unsigned n);

/*
 * A journal that still grows, looked at without its writer's positions: blocks in flight come in
 * any order, so that damage may be a block that is not there yet. Then all is opened again, and
 * what was shown is passed over.
 */
#define RY_RESULTS_WAIT_NS   INT64_C(100000000)
#define RY_RESULTS_TRIES_MAX 50 /* in a row, without a new input */

struct ry_results_patience {
    uint64_t inputs;
    unsigned tries;
};

enum ry_results_next {
    RY_RESULTS_DONE,  /* the end, or where the journal ends for now and nobody waits for more */
    RY_RESULTS_WAIT,  /* wait, then step again */
    RY_RESULTS_AGAIN, /* wait, then open again */
    RY_RESULTS_DAMAGED,
};

/* What to do when a step applied less than it was asked to. */
enum ry_results_next ry_results_patience(struct ry_results_patience *patience,
                                         const struct ry_follow *follow, bool waits);

void ry_results_wait(void);

#endif
