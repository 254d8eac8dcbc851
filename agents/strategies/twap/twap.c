/*
 * twap: brings a quantity to the market evenly over the session. Each slice begins as a limit order
 * at the near touch; what of the schedule is missing after three quarters of the slice is taken
 * with an IOC at the far touch.
 *
 * Parameters                                                                default
 *   instrument  symbol                                                      the first
 *   quantity    lots; above zero buys, below zero sells                     100
 *   slices      how many pieces                                             20
 *   seconds     how long; 0: until trading ends (an hour if that is open)   0
 *
 * A reject costs the rest of its slice and no more: what is missing is in the schedule of the next
 * one.
 */
#include <royale/agent.h>

#define NS_PER_SECOND INT64_C(1000000000)
#define HOUR_NS       (3600 * NS_PER_SECOND)

struct twap {
    unsigned instrument;
    enum ry_side side;
    int64_t quantity; /* lots to do, above zero */
    int64_t done;
    int64_t slices, slice; /* the one that runs, from 0 */
    int64_t from, slice_ns;
    uint64_t order; /* the one in the market or on its way; 0: none */
    bool late;      /* the last quarter of the slice: take */
};

/* What should be done by the end of this slice and is not, in one order. */
static uint32_t missing(struct ry_agent *agent, const struct twap *twap)
{
    const int64_t due = twap->quantity * (twap->slice + 1) / twap->slices - twap->done;
    const int64_t most = ry_limits(agent)->quantity_max;
    return (uint32_t)(due < 0 ? 0 : due < most ? due : most);
}

/* One order in each part of a slice, whatever becomes of it. The near touch first, the far one
 * late. */
static void act(struct ry_agent *agent, struct twap *twap)
{
    const enum ry_side other = twap->side == RY_BUY ? RY_SELL : RY_BUY;
    const uint32_t qty = missing(agent, twap);
    struct ry_level best;
    if (twap->order != 0 || qty == 0 || !ry_trading(agent, twap->instrument) ||
        !ry_best(agent, twap->instrument, twap->late ? other : twap->side, &best))
        return;
    /* A price between two ticks: the limit stays behind it, the IOC reaches it. */
    const bool up = (twap->side == RY_BUY) == twap->late;
    const int64_t price = up ? ry_round_up(agent, twap->instrument, best.price)
                             : ry_round_down(agent, twap->instrument, best.price);
    twap->order =
        ry_order(agent, twap->instrument, twap->side, qty, price, twap->late ? RY_IOC : RY_LIMIT);
    const int64_t feature[] = {twap->slice, twap->done, qty, price};
    if (twap->order != 0)
        ry_decide(agent, twap->order, twap->late, feature, 4);
}

static void next_timer(struct ry_agent *agent, const struct twap *twap)
{
    const int64_t begins = twap->from + twap->slice * twap->slice_ns;
    ry_timer(agent, begins + (twap->late ? twap->slice_ns : twap->slice_ns / 4 * 3));
}

static void timer(struct ry_agent *agent)
{
    struct twap *twap = agent->state;
    if (twap->late)
        twap->slice++;
    twap->late = !twap->late;
    if (twap->slice == twap->slices)
        return;
    if (twap->order != 0 && twap->late)
        ry_cancel(agent, twap->order); /* its report lets `act` take */
    act(agent, twap);
    next_timer(agent, twap);
}

static void report(struct ry_agent *agent, const struct ry_report_event *report)
{
    struct twap *twap = agent->state;
    if (report->cl_ord_id == 0 || report->cl_ord_id != twap->order)
        return;
    if (report->kind == RY_REPORT_FILL)
        twap->done += report->qty;
    if (report->leaves > 0)
        return;
    twap->order = 0;
    if (report->kind == RY_REPORT_CANCELED && report->code == RY_CANCEL_REQUESTED &&
        twap->slice < twap->slices)
        act(agent, twap);
}

static void start(struct ry_agent *agent)
{
    struct twap *twap = agent->state;
    const char *symbol = ry_param(agent, "instrument", ry_instrument_info(agent, 0)->symbol);
    const int instrument = ry_instrument_find(agent, symbol);
    const int64_t quantity = ry_param_int(agent, "quantity", 100),
                  seconds = ry_param_int(agent, "seconds", 0);
    const int64_t slices = ry_param_int(agent, "slices", 20), to = ry_trade_to(agent);
    if (instrument < 0) {
        ry_fail(agent, "no instrument %s in this battle", symbol);
        return;
    }
    if (quantity == 0 || quantity > INT32_MAX || quantity < -INT32_MAX || slices < 1 ||
        slices > 100000 || seconds < 0 || seconds > 1000000) {
        ry_fail(
            agent,
            "quantity must not be 0, slices lie between 1 and 100000, seconds between 0 and 1000000");
        return;
    }
    const int64_t session = to == RY_TIME_NEVER ? HOUR_NS : to - ry_now(agent);
    *twap = (struct twap){
        .instrument = (unsigned)instrument,
        .side = quantity > 0 ? RY_BUY : RY_SELL,
        .quantity = quantity > 0 ? quantity : -quantity,
        .slices = slices,
        .from = ry_now(agent),
        .slice_ns = (seconds > 0 ? seconds * NS_PER_SECOND : session) / slices,
    };
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    ry_interest(agent, twap->instrument, RY_INTEREST_TOP(1) | RY_INTEREST_STATES);
    act(agent, twap);
    next_timer(agent, twap);
}

static void stop(struct ry_agent *agent)
{
    const struct twap *twap = agent->state;
    ry_print(agent, "twap: %lld of %lld lots done", (long long)twap->done,
             (long long)twap->quantity);
}

RY_STRATEGY(.state_bytes = sizeof(struct twap), .start = start, .report = report, .timer = timer,
            .stop = stop);
