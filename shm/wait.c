#include "shm/wait.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "shm/clock.h"

void ry_wait_init(struct ry_wait *wait, enum ry_wait_policy policy)
{
    *wait = (struct ry_wait){.policy = policy, .longest_ns = RY_WAIT_NAP_NS};
}

static void tell(struct ry_wait *wait, bool waits)
{
    if (wait->own != NULL)
        ry_store_relaxed(&wait->own->waits, waits);
    wait->told = waits;
}

void ry_wait_at(struct ry_wait *wait, struct ry_bell *own, const struct ry_bell *other,
                int64_t longest_ns)
{
    if (wait->other != other && wait->told)
        tell(wait, false);
    wait->own = own;
    wait->other = other;
    wait->longest_ns = longest_ns;
}

bool ry_wait_rule(struct ry_wait *wait, int64_t now_ns)
{
    if (wait->idle_since_ns == 0)
        wait->idle_since_ns = now_ns != 0 ? now_ns : 1;
    if (wait->contended > 0) {
        wait->contended--;
        return true;
    }
    return now_ns - wait->idle_since_ns >= wait->patience_ns;
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
    /* A3: pairs with R3 in shm/wait.c: a ring that is counted here is one whose record the look
     * that follows finds. */
    if (wait->other != NULL)
        wait->rung = ry_load_acquire(&wait->other->rung);
    tell(wait, true);
    /* F1: pairs with F1 in shm/wait.c. Either the look that follows finds what was written, or who
     * wrote it finds `waits`. */
    ry_fence_seq_cst();
    return true;
}

/* Every way to return (rung, late, signal, the word is another already) means: look again. */
static void sleep_at(const ry_atomic_u32 *word, uint32_t value, int64_t longest_ns)
{
    const struct timespec longest = {.tv_sec = longest_ns / RY_NS_PER_SECOND,
                                     .tv_nsec = longest_ns % RY_NS_PER_SECOND};
    if (word == NULL)
        nanosleep(&longest, NULL);
    else
        syscall(SYS_futex, word, FUTEX_WAIT, value, longest_ns == RY_WAIT_FOREVER ? NULL : &longest,
                NULL, 0);
}

void ry_wait_sleep(struct ry_wait *wait, bool found)
{
    if (!found && wait->told) {
        wait->sleeps++;
        sleep_at(wait->other != NULL ? &wait->other->rung : NULL, wait->rung, wait->longest_ns);
    }
    tell(wait, false);
}

bool ry_bell_ring(struct ry_bell *own, const struct ry_bell *other)
{
    /* R3: pairs with A3 in shm/wait.c */
    ry_store_release(&own->rung, ry_load_relaxed(&own->rung) + 1);
    ry_fence_seq_cst(); /* F1: pairs with F1 in shm/wait.c */
    if (ry_load_relaxed(&other->waits) == 0)
        return false;
    syscall(SYS_futex, &own->rung, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    return true;
}
