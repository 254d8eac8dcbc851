#include "tuning/probe/futex.h"

#include <linux/futex.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shm/atomic.h"
#include "shm/base.h"
#include "shm/clock.h"

#define WORD_END UINT32_MAX

struct shared {
    _Alignas(RY_ISOLATION) ry_atomic_u32 word;   /* of the waker: the number of the wake */
    _Alignas(RY_ISOLATION) ry_atomic_u32 answer; /* of the sleeper: the wake that it saw */
    ry_atomic_i64 woken_ns;                      /* when that was */
    _Alignas(RY_ISOLATION) int64_t time_ns;
    int64_t pause_ns;
    struct ry_probe_futex_result *result; /* the waker writes */
};

static long futex(ry_atomic_u32 *word, int operation, uint32_t value)
{
    return syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

static void sleep_and_answer(void *context)
{
    struct shared *shared = context;
    for (uint32_t seen = 0;;) {
        uint32_t word = ry_load_relaxed(&shared->word);
        if (word == WORD_END)
            return;
        if (word == seen) {
            (void)futex(&shared->word, FUTEX_WAIT, seen);
            continue;
        }
        ry_store_relaxed(&shared->woken_ns, ry_clock_ns());
        seen = word;
        ry_store_release(&shared->answer, seen); /* R40: pairs with A40 in tuning/probe/futex.c */
    }
}

static void pause_for(int64_t pause_ns)
{
    for (int64_t end_ns = ry_clock_ns() + pause_ns; ry_clock_ns() < end_ns;)
        ry_pause();
}

/* Only wakes that met a sleeper count: one that was still awake would be seen sooner. */
static void wake(void *context)
{
    struct shared *shared = context;
    struct ry_probe_futex_result *result = shared->result;
    int64_t end_ns = ry_clock_ns() + shared->time_ns, before_ns = 0;
    for (uint32_t number = 1; before_ns < end_ns; number++) {
        pause_for(shared->pause_ns);
        before_ns = ry_clock_ns();
        ry_store_relaxed(&shared->word, number);
        long woken = futex(&shared->word, FUTEX_WAKE, 1);
        int64_t after_ns = ry_clock_ns();
        /* A40: pairs with R40 in tuning/probe/futex.c */
        while (ry_load_acquire(&shared->answer) != number)
            ry_pause();
        if (woken == 1) {
            ry_probe_times_add(&result->call, after_ns - before_ns);
            ry_probe_times_add(&result->woken, ry_load_relaxed(&shared->woken_ns) - before_ns);
        }
    }
    ry_store_relaxed(&shared->word, WORD_END);
    (void)futex(&shared->word, FUTEX_WAKE, 1);
    result->ran = result->woken.count > 0;
}

int ry_probe_futex(const struct ry_probe_futex_asked *asked, struct ry_probe_futex_result *result)
{
    struct shared shared = {.time_ns = asked->time_ns,
                            .pause_ns =
                                asked->pause_ns > 0 ? asked->pause_ns : RY_PROBE_FUTEX_PAUSE_NS,
                            .result = result};
    const struct ry_probe_work work[] = {
        {.core = asked->sleeper, .body = sleep_and_answer, .context = &shared},
        {.core = asked->waker, .body = wake, .context = &shared},
    };
    *result = (struct ry_probe_futex_result){.ran = false};
    if (asked->waker == asked->sleeper)
        return ry_probe_same_core(result->why);
    if (ry_probe_together(work, 2, result->why) != 0)
        return -1;
    if (!result->ran)
        snprintf(result->why, sizeof result->why, "core %u never slept: somebody else had it",
                 asked->sleeper);
    return result->ran ? 0 : -1;
}
