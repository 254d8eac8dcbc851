/*
 * Waiting: what a process does when it found nothing to do, and how another ends that.
 *
 * It follows from placement. A core of one's own spins. On a shared core the process sleeps at
 * once: the others there are what it waits for. One that has to be quick has patience: it yields so
 * long before it sleeps; but not in the next RY_WAIT_CONTENDED waits when a yield took more than
 * RY_WAIT_YIELD_SLOW_NS (somebody else wants the core). That is a feed at its port, for which
 * nobody can ring; exec while agents answer, for whom its yields make room, and who need no futex
 * call to wake it; and an agent, where exec and agents have a core each.
 *
 * Two processes that hand work to each other have a *bell* each, in a region that the other maps
 * read-only: `waits` says that its owner sleeps until the other rings, `rung` counts how often its
 * owner has rung for the other. Example: exec has written a wake to agent 3.
 *
 *     exec                                          agent 3
 *     writes the record                             remembers exec's rung
 *     rung + 1                                      waits = 1
 *     fence F1                                      fence F1
 *     reads agent 3's waits                         looks once more
 *     1: futex wake at its own rung                 futex wait at exec's rung, if still as
 * remembered
 *
 * No wake is lost, whatever the two do at once. If the agent's last look missed the record, then,
 * by the fences, exec sees `waits`; and its rung differs by then, so an agent that has not yet gone
 * to sleep does not. Therefore a sleep needs no time limit for the sake of what is rung for; the
 * limit that it has is for signals that come just before it and for what nobody rings for.
 *
 * A bell is rung once for what the other can do at once, never once a record: for a wake, for an
 * answer, for half a ring.
 */
#ifndef RY_SHM_WAIT_H
#define RY_SHM_WAIT_H

#include "shm/atomic.h"
#include "shm/base.h"

#define RY_WAIT_PATIENCE_NS   INT64_C(1000000) /* at a port */
#define RY_WAIT_ANSWER_NS     INT64_C(100000)  /* of exec and agents, for each other */
#define RY_WAIT_NAP_NS        INT64_C(1000000) /* where nobody rings */
#define RY_WAIT_FOREVER       INT64_MAX
#define RY_WAIT_YIELD_SLOW_NS INT64_C(200000)
#define RY_WAIT_CONTENDED     256

/* One writer, its owner. Zeroed memory is a bell. */
struct ry_bell {
    _Alignas(RY_ISOLATION) ry_atomic_u32 waits; /* 1: its owner sleeps, or is about to */
    ry_atomic_u32 rung;                         /* times that its owner has rung; wraps */
    uint8_t pad[RY_ISOLATION - 8];
};
RY_SIZE(struct ry_bell, RY_ISOLATION);

enum ry_wait_policy {
    RY_WAIT_SHARE = 0, /* sleep */
    RY_WAIT_SPIN = 1,
};

/* Private to the waiting process. */
struct ry_wait {
    enum ry_wait_policy policy;
    int64_t patience_ns;         /* idleness before a sleep; the role may set it at any time */
    struct ry_bell *own;         /* of the pair that is waited at; NULL: nobody rings */
    const struct ry_bell *other; /* likewise */
    int64_t longest_ns;          /* of a sleep */
    bool told;                   /* own->waits is 1 */
    uint32_t rung;               /* of the other, before the last look */
    int64_t idle_since_ns;       /* 0: was not idle */
    unsigned contended;          /* waits left that sleep at once */
    uint64_t yields, sleeps;     /* counted for the process' counters */
};

/* Without patience, and nobody rings. */
void ry_wait_init(struct ry_wait *wait, enum ry_wait_policy policy);

/* Who will ring, and how long a sleep lasts at most, from the next sleep on; NULL: nobody, it naps.
 * May be said anew at each look. */
void ry_wait_at(struct ry_wait *wait, struct ry_bell *own, const struct ry_bell *other,
                int64_t longest_ns);

/* There was work: idleness starts anew. */
static inline void ry_wait_worked(struct ry_wait *wait)
{
    wait->idle_since_ns = 0;
}

/* The rule alone, without a clock: whether a wait at `now_ns` sleeps (counts it), and what a yield
 * that took `yield_ns` means for the next ones. */
bool ry_wait_rule(struct ry_wait *wait, int64_t now_ns);
void ry_wait_yielded(struct ry_wait *wait, int64_t yield_ns);

/* There was none: spin, yield or prepare to sleep. Returns true if the caller should look once more
 * and then call ry_wait_sleep. */
bool ry_wait_idle(struct ry_wait *wait);

/* Sleeps until rung for, a signal comes or the time is over. Does not with found = true, nor when
 * the look was for another bell than the one that it chose (ry_wait_at). */
void ry_wait_sleep(struct ry_wait *wait, bool found);

/* Rings for whoever `other` belongs to: behind what was written for it. Returns whether it slept
 * and was woken by a system call. */
bool ry_bell_ring(struct ry_bell *own, const struct ry_bell *other);

#endif
