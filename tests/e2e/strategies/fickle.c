/* fickle: each second an order whose size depends on the wall clock. What `royale check --twice` is
 * there for. */
#include <royale/agent.h>

#include <time.h>

static void timer(struct ry_agent *agent)
{
    struct timespec now;
    struct ry_level best;
    clock_gettime(CLOCK_REALTIME, &now);
    if (ry_best(agent, 0, RY_BUY, &best))
        ry_order(agent, 0, RY_BUY, 1 + (uint32_t)(now.tv_nsec / 1000 % 97),
                 ry_round_down(agent, 0, best.price * 98 / 100), RY_IOC);
    ry_timer(agent, ry_now(agent) + 1000000000);
}

static void start(struct ry_agent *agent)
{
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    ry_interest(agent, 0, RY_INTEREST_TOP(1));
    timer(agent);
}

RY_STRATEGY(.start = start, .timer = timer);
