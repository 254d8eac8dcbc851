/*
 * requote: what benchmarks of whole battles run. One lot on each side of the best prices, cancelled
 * and placed anew every `interval_us` of market time.
 *
 * Parameters                                                                       default
 *   instrument   symbol                                                            the first
 *   interval_us  from one requote to the next, at least                            100000
 *   wake         what it is told, and called by                                    timer
 *                  timer   the best prices of its instrument; its timer alone
 *                  top     the same; each moment at which one of them changed
 *                  levels  the levels of every book; each input that changed one
 *                  orders  the orders of every book; each input that changed one
 *                  record  everything; by everything
 */
#include <royale/agent.h>

#include <string.h>

#define INTERVAL_US 100000
#define OPEN_MAX    8 /* two, unless a cancel is on its way */

struct requote {
    unsigned instrument;
    int64_t interval_ns, next;
    uint64_t looked; /* of what `record` saw: it must not be optimised away */
};

static void place(struct ry_agent *agent, unsigned instrument, enum ry_side side)
{
    struct ry_level best;
    if (!ry_best(agent, instrument, side, &best))
        return;
    const int64_t price = side == RY_BUY ? ry_round_down(agent, instrument, best.price)
                                         : ry_round_up(agent, instrument, best.price);
    ry_order(agent, instrument, side, 1, price, RY_LIMIT);
}

static void requote(struct ry_agent *agent, struct requote *own)
{
    struct ry_open_order open[OPEN_MAX];
    const unsigned count = ry_open_orders(agent, open, OPEN_MAX);
    for (unsigned i = 0; i < count && i < OPEN_MAX; i++)
        ry_cancel(agent, open[i].cl_ord_id);
    own->next = ry_now(agent) + own->interval_ns;
    if (!ry_trading(agent, own->instrument))
        return;
    place(agent, own->instrument, RY_BUY);
    place(agent, own->instrument, RY_SELL);
}

static void timer(struct ry_agent *agent)
{
    struct requote *own = agent->state;
    requote(agent, own);
    ry_timer(agent, own->next);
}

static void market(struct ry_agent *agent, const struct ry_market_event *event, unsigned count)
{
    struct requote *own = agent->state;
    struct ry_level bid, ask;
    if (ry_best(agent, own->instrument, RY_BUY, &bid) &&
        ry_best(agent, own->instrument, RY_SELL, &ask))
        own->looked += (uint64_t)(ask.price - bid.price) + count + event->qty;
    if (ry_now(agent) >= own->next)
        requote(agent, own);
}

/* False: no such word. */
static bool ask(struct ry_agent *agent, unsigned instrument, const char *wake)
{
    const unsigned top = RY_INTEREST_TOP(1) | RY_INTEREST_STATES;
    if (strcmp(wake, "record") == 0)
        return ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_ALL);
    if (strcmp(wake, "orders") == 0)
        return ry_interest(agent, RY_INTEREST_EVERY,
                           RY_INTEREST_ORDERS | RY_INTEREST_STATES | RY_INTEREST_WAKE_BOOK);
    if (strcmp(wake, "levels") == 0)
        return ry_interest(agent, RY_INTEREST_EVERY,
                           RY_INTEREST_LEVELS | RY_INTEREST_STATES | RY_INTEREST_WAKE_BOOK);
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    if (strcmp(wake, "top") == 0)
        return ry_interest(agent, instrument, top | RY_INTEREST_WAKE_BOOK);
    ry_timer(agent, ry_now(agent) + ry_param_int(agent, "interval_us", INTERVAL_US) * 1000);
    return ry_interest(agent, instrument, top) && strcmp(wake, "timer") == 0;
}

static void start(struct ry_agent *agent)
{
    struct requote *own = agent->state;
    const char *symbol = ry_param(agent, "instrument", ry_instrument_info(agent, 0)->symbol);
    const char *wake = ry_param(agent, "wake", "timer");
    const int instrument = ry_instrument_find(agent, symbol);
    own->interval_ns = ry_param_int(agent, "interval_us", INTERVAL_US) * 1000;
    if (instrument < 0 || own->interval_ns < 1000) {
        ry_fail(agent, "no instrument %s in this battle, or an interval below 1 us", symbol);
        return;
    }
    own->instrument = (unsigned)instrument;
    if (!ask(agent, own->instrument, wake))
        ry_fail(agent, "parameter wake=%s; allowed: timer, top, levels, orders, record", wake);
}

static void stop(struct ry_agent *agent)
{
    const struct requote *own = agent->state;
    ry_print(agent, "looked %llu", (unsigned long long)own->looked);
}

RY_STRATEGY(.state_bytes = sizeof(struct requote), .start = start, .market = market, .timer = timer,
            .stop = stop);
