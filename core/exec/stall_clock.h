/*
 * How long exec has waited for one agent, or for the journal: 30 s of an agent's silence put the
 * agent out (game.stall_s).
 *
 * Example: exec looks every millisecond and the agent is silent: after 1,000 looks a second has
 * passed. The whole battle is stopped for 33 s (Ctrl-Z) and goes on: the look after it adds
 * RY_EXEC_STALL_LOOK_NS_MAX, 100 ms, for exec has not seen the agent be silent in the rest; nobody
 * is put out. So a machine that gives exec little time to run puts an agent out later, never
 * earlier.
 *
 * Owned by exec's one thread. No clock in here: who looks says what time it is.
 */
#ifndef RY_CORE_EXEC_STALL_CLOCK_H
#define RY_CORE_EXEC_STALL_CLOCK_H

#include "core/exec/exec.h"

/* What one look adds at most. */
#define RY_EXEC_STALL_LOOK_NS_MAX (RY_NS_PER_SECOND / 10)

struct ry_exec_stall_clock {
    struct ry_exec_wait wait; /* as it was at the last look */
    int64_t looked_ns;        /* that this was */
    int64_t waited_ns;        /* since the wait began, as far as exec ran */
};

/* The wait as it is at `now_ns` (ry_clock_ns). Returns how long it has been this very wait, in
 * which nothing moved; 0 at its first look. */
int64_t ry_exec_stall_clock_look(struct ry_exec_stall_clock *clock, const struct ry_exec_wait *wait,
                                 int64_t now_ns);

/* The present wait begins anew with the next look. */
void ry_exec_stall_clock_restart(struct ry_exec_stall_clock *clock);

#endif
