/* The smallest strategy worth the name: buys one lot at the best bid, sells it at the best ask,
 * again and again. cc first.c -o first.so $(pkg-config --cflags --libs royale-agent) */
#include <royale/agent.h>

static void timer(struct ry_agent *agent)
{
    const enum ry_side side = ry_position(agent, 0) > 0 ? RY_SELL : RY_BUY;
    struct ry_open_order old;
    struct ry_level best;
    if (ry_open_orders(agent, &old, 1) > 0)
        ry_cancel(agent, old.cl_ord_id);
    else if (ry_best(agent, 0, side, &best))
        ry_order(agent, 0, side, 1, best.price, RY_LIMIT);
    ry_timer(agent, ry_now(agent) + 1000000000); /* once a second, whatever became of the order */
}

static void start(struct ry_agent *agent)
{
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_TOP(1)); /* only its timer wakes it */
    timer(agent);
}

RY_STRATEGY(.start = start, .timer = timer);
