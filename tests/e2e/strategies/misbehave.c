/*
 * misbehave: a strategy that does one wrong thing, for the tests of what becomes of it.
 *
 * Parameters
 *   how    hang: never returns; crash: writes to address 0; leave: exits with 0; fail: refuses its
 *          parameters; stay: never returns from `stop`
 *   after  seconds after the start of trading; 0 (the default): in `start`
 *
 * Before that it keeps an order in the book, far from the touch, so that there is something to
 * cancel.
 */
#include <royale/agent.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void stand_still(void)
{
    /* volatile: the compiler may take an endless loop that does nothing away. */
    for (volatile unsigned turns = 0;; turns++)
        ;
}

static void misbehave(struct ry_agent *agent)
{
    const char *how = ry_param(agent, "how", "");
    if (strcmp(how, "hang") == 0)
        stand_still();
    if (strcmp(how, "crash") == 0)
        /* volatile: the compiler may take a write that goes nowhere away. */
        *(volatile int *)(uintptr_t)ry_param_int(agent, "address", 0) = 1;
    if (strcmp(how, "leave") == 0)
        _exit(0);
    if (strcmp(how, "fail") == 0)
        ry_fail(agent, "nothing is right");
}

static void start(struct ry_agent *agent)
{
    const int64_t after = ry_param_int(agent, "after", 0);
    struct ry_level best;
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    if (after == 0) {
        misbehave(agent);
        return;
    }
    if (ry_best(agent, 0, RY_BUY, &best))
        ry_order(agent, 0, RY_BUY, 1, ry_round_down(agent, 0, best.price * 98 / 100), RY_LIMIT);
    ry_timer(agent, ry_now(agent) + after * 1000000000);
}

static void stop(struct ry_agent *agent)
{
    if (strcmp(ry_param(agent, "how", ""), "stay") == 0)
        stand_still();
}

RY_STRATEGY(.start = start, .timer = misbehave, .stop = stop);
