#include "core/results/follow.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* The next input, not applied yet: a follower that may not go on holds it. False: there is none, or
 * none within what the caller's ry_follow_until allows; follow->status says so. */
static bool peek(struct ry_follow *follow, const struct ry_arena_sink *sink,
                 union ry_input_any *input)
{
    uint64_t until_input = follow->until_input;
    int64_t until_time = follow->until_time;
    ry_follow_until(follow, follow->inputs, RY_TIME_NEVER);
    (void)ry_follow_step(follow, 1, sink);
    ry_follow_until(follow, until_input, until_time);
    if (follow->status != RY_FOLLOW_UNTIL || !follow->holds)
        return false;
    memcpy(input, &follow->held, follow->held.head.slots * (size_t)RY_SLOT_PAYLOAD);
    return follow->inputs < until_input && input->head.time <= until_time;
}

static uint64_t malformed(const struct ry_follow *follow)
{
    const struct ry_arena *arena = ry_follow_arena(follow);
    return arena == NULL ? 0 : ry_arena_counters(arena)->malformed;
}

unsigned ry_results_step(struct ry_results *r, struct ry_follow *follow, unsigned n)
{
    unsigned applied = 0;
    union ry_input_any input;
    memset(&input, 0, sizeof input);
    while (applied < n && peek(follow, &r->sink, &input)) {
        uint64_t before = malformed(follow);
        ry_results_before(r, follow->inputs + 1, &input);
        if (ry_follow_step(follow, 1, &r->sink) != 1)
            break;
        applied++;
        if (ry_results_after(r, ry_follow_arena(follow), &input, malformed(follow) == before) !=
            0) {
            follow->status = RY_FOLLOW_DAMAGED;
            snprintf(follow->text, sizeof follow->text,
                     "no memory for the results of such a battle");
            break;
        }
    }
    return applied;
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
