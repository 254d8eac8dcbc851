/*
 * requote: what benchmarks of whole battles run. One lot on each side of the best prices, cancelled
 * and placed anew every `interval_us` of market time.
 *
 * Parameters                                                                       default
 *   instrument   symbol                                                            the first
 *   interval_us  from one requote to the next, at least                            100000
 *   wake         `timer`: sleeps in between; `record`: looks at both best prices at each record
 *                of every book
 */
#include <royale/agent.h>

#include <string.h>

#define OPEN_MAX 8 /* two, unless a cancel is on its way */

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

static void start(struct ry_agent *agent)
{
    struct requote *own = agent->state;
    const char *symbol = ry_param(agent, "instrument", ry_instrument_info(agent, 0)->symbol);
    const char *wake = ry_param(agent, "wake", "timer");
    const int instrument = ry_instrument_find(agent, symbol);
    own->interval_ns = ry_param_int(agent, "interval_us", 100000) * 1000;
    if (instrument < 0 || own->interval_ns < 1000) {
        ry_fail(agent, "no instrument %s in this battle, or an interval below 1 us", symbol);
        return;
    }
    own->instrument = (unsigned)instrument;
    if (strcmp(wake, "record") == 0)
        return;
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    ry_timer(agent, ry_now(agent) + own->interval_ns);
}

static void stop(struct ry_agent *agent)
{
    const struct requote *own = agent->state;
    ry_print(agent, "looked %llu", (unsigned long long)own->looked);
}

RY_STRATEGY(.state_bytes = sizeof(struct requote), .start = start, .market = market, .timer = timer,
            .stop = stop);
