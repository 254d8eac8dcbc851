/*
 * apart: a strategy whose global variables say how often it was called, for the tests of many in
 * one process: each has its own, also of what it only reads at its start. Prints in every way that
 * an author may.
 *
 * Parameters
 *   rounding   changes the floating-point environment in `start`, which must stay its own
 */
#include <royale/agent.h>

#include <fenv.h>
#include <stdio.h>
#include <string.h>

static unsigned calls;
unsigned loud_calls; /* one that the dynamic linker could take for another's */
static char name[64];

static void count(struct ry_agent *agent)
{
    /* volatile: the compiler must not divide for the processor. */
    volatile double one = 1, three = 3;
    calls++;
    loud_calls += 2;
    if (calls % 50 == 0) {
        printf("%s: %u calls, %u\n", name, calls, loud_calls);
        fprintf(stderr, "%s: a third is %a\n", name, one / three);
        ry_print(agent, "%s: %u", name, calls);
    }
    ry_timer(agent, ry_now(agent) + INT64_C(60000000000) + (int64_t)(ry_random(agent) % 1000000));
}

static void start(struct ry_agent *agent)
{
    snprintf(name, sizeof name, "%s", ry_agent_name(agent));
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    if (strcmp(ry_param(agent, "rounding", "nearest"), "up") == 0)
        fesetround(FE_UPWARD);
    count(agent);
}

static void stop(struct ry_agent *agent)
{
    (void)agent;
    printf("%s: %u calls in all, and %u", name, calls, loud_calls);
    fflush(stdout);
}

RY_STRATEGY(.start = start, .timer = count, .stop = stop);
