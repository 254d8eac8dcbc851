#include "shm/wait.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "shm/clock.h"

void ry_wait_init(struct ry_wait *wait, enum ry_wait_policy policy, struct ry_park *park)
{
    *wait = (struct ry_wait){.policy = policy, .park = park};
    if (park != NULL)
        ry_store_relaxed(&park->parked, 0);
}

bool ry_wait_rule(struct ry_wait *wait, int64_t now_ns)
{
    if (wait->idle_since_ns == 0)
        wait->idle_since_ns = now_ns != 0 ? now_ns : 1;
    if (wait->contended > 0) {
        wait->contended--;
        return true;
    }
    return now_ns - wait->idle_since_ns >= RY_WAIT_PARK_AFTER_NS;
}

void ry_wait_yielded(struct ry_wait *wait, int64_t yield_ns)
{
    wait->yields++;
    if (yield_ns > RY_WAIT_YIELD_SLOW_NS)
        wait->contended = RY_WAIT_CONTENDED;
}

bool ry_wait_idle(struct ry_wait *wait)
{
    if (wait->policy == RY_WAIT_SPIN) {
        ry_pause();
        return false;
    }
    int64_t now_ns = ry_clock_ns();
    if (!ry_wait_rule(wait, now_ns)) {
        sched_yield();
        ry_wait_yielded(wait, ry_clock_ns() - now_ns);
        return false;
    }
    if (wait->park != NULL)
        ry_store_relaxed(&wait->park->parked, 1);
    /* F1: pairs with F1 in shm/wait.c, passed by a writer that parks next itself. It stands between
     * telling and the caller's last look: the writer sees `parked`, or what it wrote is seen. A
     * writer that goes on has no fence: see ry_wake. */
    ry_fence_seq_cst();
    return true;
}

void ry_wait_park(struct ry_wait *wait, bool found)
{
    const struct timespec longest = {.tv_nsec = RY_WAIT_PARK_NS_MAX};
    if (!found) {
        wait->parks++;
        /* Every way to return (woken, late, signal, word already 0) means: look again. */
        if (wait->park != NULL)
            syscall(SYS_futex, &wait->park->parked, FUTEX_WAIT, 1, &longest, NULL, 0);
        else
            nanosleep(&longest, NULL);
    }
    if (wait->park != NULL)
        ry_store_relaxed(&wait->park->parked, 0);
}

bool ry_wake(const struct ry_park *park)
{
    if (ry_load_relaxed(&park->parked) == 0)
        return false;
    syscall(SYS_futex, &park->parked, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    return true;
}
