#include "core/results/follow.h"

#include <time.h>

static void before(void *context, uint64_t number, const union ry_input_any *input)
{
    ry_results_before(context, number, input);
}

static const char *after(void *context, const struct ry_arena *arena,
                         const union ry_input_any *input, bool applied)
{
    return ry_results_after(context, arena, input, applied) == 0
               ? NULL
               : "no memory for the results of such a battle";
}

unsigned ry_results_step(struct ry_results *r, struct ry_follow *follow, unsigned n)
{
    const struct ry_follow_ear ear = {r, before, after};
    return ry_follow_heard(follow, n, &r->sink, &ear);
}

enum ry_results_next ry_results_patience(struct ry_results_patience *patience,
                                         const struct ry_follow *follow, bool waits)
{
    if (follow->status == RY_FOLLOW_END)
        return RY_RESULTS_DONE;
    if (follow->status != RY_FOLLOW_DAMAGED)
        return waits ? RY_RESULTS_WAIT : RY_RESULTS_DONE;
    if (follow->inputs > patience->inputs)
        *patience = (struct ry_results_patience){.inputs = follow->inputs};
    return waits && patience->tries++ < RY_RESULTS_TRIES_MAX ? RY_RESULTS_AGAIN
                                                             : RY_RESULTS_DAMAGED;
}

void ry_results_wait(void)
{
    const struct timespec pause = {.tv_nsec = RY_RESULTS_WAIT_NS};
    (void)nanosleep(&pause, NULL); /* a signal ends it: whoever waits looks why */
}
