/*
 * noise: random limit orders around the touch, at random times; the crowd that others trade
 * against.
 *
 * Parameters                                                     default
 *   instrument    symbol                                         the first
 *   interval_us   mean time between two acts (exponential)       500000
 *   size_max      lots of an order: 1 .. size_max                10
 *   depth_ticks   how far behind the touch an order may stand    5
 *   cross_percent orders that take the other side's best instead 10
 *   cancel_percent acts that cancel one of its orders            40
 *   orders_max    of its orders in the book; then it cancels     8
 *
 * A reject doubles the time to the next act, up to 64 times; the next accepted order undoes that.
 */
#include <royale/agent.h>

#define BACKOFF_MAX 64
#define ORDERS_MAX  64

struct noise {
    unsigned instrument;
    int64_t interval_ns;
    uint64_t size_max, depth_ticks, cross_percent, cancel_percent;
    unsigned orders_max;
    int64_t backoff; /* times the interval */
};

static int64_t in_range(struct ry_agent *agent, const char *key, int64_t otherwise, int64_t min,
                        int64_t max)
{
    const int64_t value = ry_param_int(agent, key, otherwise);
    if (value < min || value > max)
        ry_fail(agent, "parameter %s must lie between %lld and %lld", key, (long long)min,
                (long long)max);
    return value;
}

static void next_act(struct ry_agent *agent, const struct noise *noise)
{
    const int64_t wait = (int64_t)(-ry_log(1.0 - ry_random_unit(agent)) *
                                   (double)(noise->interval_ns * noise->backoff));
    ry_timer(agent, ry_now(agent) + (wait < RY_TIMER_NS_MIN ? RY_TIMER_NS_MIN : wait));
}

static bool percent(struct ry_agent *agent, uint64_t chance)
{
    return ry_random_below(agent, 100) < chance;
}

static void cancel_one(struct ry_agent *agent, unsigned open)
{
    struct ry_open_order order[ORDERS_MAX];
    const unsigned shown = ry_open_orders(agent, order, ORDERS_MAX);
    ry_cancel(agent, order[ry_random_below(agent, open < shown ? open : shown)].cl_ord_id);
}

/* Away from what it holds too much of. */
static enum ry_side choose_side(struct ry_agent *agent, const struct noise *noise)
{
    const int64_t position = ry_position(agent, noise->instrument),
                  bound = ry_limits(agent)->position_max / 2;
    if (position > bound || position < -bound)
        return position > 0 ? RY_SELL : RY_BUY;
    return percent(agent, 50) ? RY_BUY : RY_SELL;
}

/* So far behind `price`, on the safe side of what lies between two ticks. */
static int64_t on_tick(struct ry_agent *agent, const struct noise *noise, enum ry_side side,
                       int64_t price, int64_t behind)
{
    return side == RY_BUY ? ry_round_down(agent, noise->instrument, price - behind)
                          : ry_round_up(agent, noise->instrument, price + behind);
}

static void order_one(struct ry_agent *agent, const struct noise *noise)
{
    const enum ry_side side = choose_side(agent, noise), other = side == RY_BUY ? RY_SELL : RY_BUY;
    const uint32_t qty = (uint32_t)(1 + ry_random_below(agent, noise->size_max));
    struct ry_level best;
    if (percent(agent, noise->cross_percent)) {
        if (ry_best(agent, noise->instrument, other, &best))
            ry_order(agent, noise->instrument, side, qty,
                     on_tick(agent, noise, side, best.price, 0), RY_IOC);
        return;
    }
    const int64_t ticks = (int64_t)ry_random_below(agent, noise->depth_ticks + 1);
    const int64_t behind = ticks * ry_instrument_info(agent, noise->instrument)->tick_size;
    if (ry_best(agent, noise->instrument, side, &best))
        ry_order(agent, noise->instrument, side, qty,
                 on_tick(agent, noise, side, best.price, behind), RY_LIMIT);
}

static void timer(struct ry_agent *agent)
{
    const struct noise *noise = agent->state;
    struct ry_open_order order[ORDERS_MAX];
    unsigned open = ry_open_orders(agent, order, ORDERS_MAX);
    if (open > 0 && (open >= noise->orders_max || percent(agent, noise->cancel_percent)))
        cancel_one(agent, open);
    else if (ry_trading(agent, noise->instrument))
        order_one(agent, noise);
    next_act(agent, noise);
}

static void report(struct ry_agent *agent, const struct ry_report_event *report)
{
    struct noise *noise = agent->state;
    if (report->kind == RY_REPORT_ACCEPTED)
        noise->backoff = 1;
    if (report->kind != RY_REPORT_REJECTED || report->code == RY_REJECT_UNKNOWN_ORDER)
        return;
    if (noise->backoff < BACKOFF_MAX)
        noise->backoff *= 2;
    next_act(agent, noise);
}

static void start(struct ry_agent *agent)
{
    struct noise *noise = agent->state;
    const char *symbol = ry_param(agent, "instrument", ry_instrument_info(agent, 0)->symbol);
    const int instrument = ry_instrument_find(agent, symbol);
    if (instrument < 0) {
        ry_fail(agent, "no instrument %s in this battle", symbol);
        return;
    }
    *noise = (struct noise){
        .instrument = (unsigned)instrument,
        .interval_ns = in_range(agent, "interval_us", 500000, 1, 3600000000) * 1000,
        .size_max = (uint64_t)in_range(agent, "size_max", 10, 1, 1000000),
        .depth_ticks = (uint64_t)in_range(agent, "depth_ticks", 5, 0, 10000),
        .cross_percent = (uint64_t)in_range(agent, "cross_percent", 10, 0, 100),
        .cancel_percent = (uint64_t)in_range(agent, "cancel_percent", 40, 0, 100),
        .orders_max = (unsigned)in_range(agent, "orders_max", 8, 1, ORDERS_MAX),
        .backoff = 1,
    };
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    ry_interest(agent, noise->instrument, RY_INTEREST_TOP(1) | RY_INTEREST_STATES);
    next_act(agent, noise);
}

RY_STRATEGY(.state_bytes = sizeof(struct noise), .start = start, .report = report, .timer = timer);
