/* The smallest strategy worth the name: buys one lot at the best bid, sells it at the best ask, again and again.
 * cc first.c -o first.so $(pkg-config --cflags --libs royale-agent) */
#include <royale/agent.h>

static void timer(struct ry_agent *agent)
{
    const bool long_now = ry_position(agent, 0) > 0;
    const enum ry_side side = long_now ? RY_SELL : RY_BUY;
    struct ry_open_order old;
    struct ry_level best;
    if (ry_open_orders(agent, &old, 1) > 0)
        ry_cancel(agent, old.cl_ord_id);
    else if (ry_best(agent, 0, side, &best))
        ry_order(agent, 0, side, 1, best.price, RY_LIMIT);
    ry_timer(agent, ry_now(agent) + 1000000000); /* once a second, whatever became of the order */
}

RY_STRATEGY(.start = timer, .timer = timer);
