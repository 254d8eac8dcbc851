/*
 * slow: takes two seconds to load, then pauses at each timer, once a second of market time: a
 * battle with it lasts long enough on the wall clock to be stopped in its middle. Buys a share now
 * and then.
 *
 * Parameters
 *   pause_us  of wall time at each timer; 0 is the default
 */
#include <royale/agent.h>

#include <unistd.h>

#ifndef LOAD_SECONDS
#define LOAD_SECONDS 2
#endif

__attribute__((constructor)) static void load(void)
{
    (void)sleep(LOAD_SECONDS);
}

static void timer(struct ry_agent *agent)
{
    struct ry_level best;
    (void)usleep((useconds_t)ry_param_int(agent, "pause_us", 0));
    if (ry_now(agent) / 1000000000 % 60 == 0 && ry_best(agent, 0, RY_SELL, &best))
        ry_order(agent, 0, RY_BUY, 1, best.price, RY_IOC);
    ry_timer(agent, ry_now(agent) + 1000000000);
}

static void start(struct ry_agent *agent)
{
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    ry_interest(agent, 0, RY_INTEREST_TOP(1));
    timer(agent);
}

RY_STRATEGY(.start = start, .timer = timer);
