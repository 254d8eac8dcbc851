/*
 * Waiting: what a process does when it found nothing to do.
 *
 * It follows from placement. A core of one's own spins. A shared core yields, and parks on a futex
 * after RY_WAIT_PARK_AFTER_NS of idleness, or at once for the next RY_WAIT_CONTENDED waits when a
 * yield took more than RY_WAIT_YIELD_SLOW_NS (somebody else wants the core).
 *
 * The futex word lies in the sleeper's own region (struct ry_park): who has work for it looks at
 * `parked` once a sweep, never once a record, and wakes it through a read-only map: after a sweep
 * that made work for it and after the RY_WAKES - 1 that follow, never when nothing happened, or two
 * idle processes keep each other awake. A wake that comes between the sleeper's last look and its
 * sleep is lost; the sweep after that, or RY_WAIT_PARK_NS_MAX, repairs it.
 */
#ifndef RY_SHM_WAIT_H
#define RY_SHM_WAIT_H

#include "shm/atomic.h"
#include "shm/base.h"

#define RY_WAIT_PARK_AFTER_NS INT64_C(1000000)
#define RY_WAIT_PARK_NS_MAX   INT64_C(1000000)
#define RY_WAIT_YIELD_SLOW_NS INT64_C(200000)
#define RY_WAIT_CONTENDED     256
#define RY_WAKES              2 /* sweeps that wake, counted from the one that made work */

struct ry_park {
    _Alignas(RY_ISOLATION) ry_atomic_u32 parked; /* 1: asleep, or about to be */
    uint8_t pad[RY_ISOLATION - 4];
};
RY_SIZE(struct ry_park, RY_ISOLATION);

enum ry_wait_policy {
    RY_WAIT_SHARE = 0, /* yield, then park */
    RY_WAIT_SPIN = 1,
};

struct ry_wait {
    enum ry_wait_policy policy;
    struct ry_park *park;   /* own region; may be NULL: then sleeps without being wakeable */
    int64_t idle_since_ns;  /* 0: was not idle */
    unsigned contended;     /* waits left that park at once */
    uint64_t yields, parks; /* counted for the process' counters */
};

void ry_wait_init(struct ry_wait *wait, enum ry_wait_policy policy, struct ry_park *park);

/* There was work: idleness starts anew. */
static inline void ry_wait_worked(struct ry_wait *wait)
{
    wait->idle_since_ns = 0;
}

/* The rule alone, without a clock: whether a wait at `now_ns` parks (counts it), and what a yield
 * that took `yield_ns` means for the next ones. */
bool ry_wait_rule(struct ry_wait *wait, int64_t now_ns);
void ry_wait_yielded(struct ry_wait *wait, int64_t yield_ns);

/* There was none: spin, yield or prepare to park. Returns true if the caller should look once more
 * and then call ry_wait_park (parked is set: a writer from now on wakes). */
bool ry_wait_idle(struct ry_wait *wait);

/* Sleeps until woken or RY_WAIT_PARK_NS_MAX; clears parked. With found = true does not sleep. */
void ry_wait_park(struct ry_wait *wait, bool found);

/* Wakes whoever sleeps at `park` (another's region). Returns whether it was parked. Has no fence of
 * its own: who sleeps next itself gets one from ry_wait_idle, and should look at its peers'
 * `parked` once more then. */
bool ry_wake(const struct ry_park *park);

#endif
