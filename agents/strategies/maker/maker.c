/*
 * maker: a market maker after Avellaneda and Stoikov (High-frequency trading in a limit order book,
 * 2008). Quotes both sides around a reservation price that leans against what it holds:
 *
 *     r = mid - q gamma s2 tau          spread = gamma s2 tau + 2/gamma ln(1 + gamma/k)
 *
 * in ticks: q is the position in units of `size`, s2 the variance of the mid in ticks^2 a second
 * (an exponentially weighted mean over its changes from timer to timer), tau the horizon in
 * seconds.
 *
 * Parameters                                                             default
 *   instrument     symbol                                                the first
 *   size           lots of a quote                                       5
 *   inventory_max  lots; a side that would lead beyond is not quoted     50
 *   interval_ms    between two looks at the quotes                       1000
 *   gamma_ppm      risk aversion gamma, in millionths                    100000
 *   k_ppm          decay of fills with the distance, per tick, likewise  1500000
 *   horizon_s      tau                                                   10
 *   memory_s       of the variance                                       60
 *
 * A reject lets it pause for one interval, the next in a row for two, up to 64; a quote that rests
 * or fills undoes that.
 */
#include <royale/agent.h>

#define BACKOFF_MAX   64
#define MILLION       1e6
#define NS_PER_MS     INT64_C(1000000)
#define TICKS_ABS_MAX 1e9 /* beyond any price: what is further is not quoted */

struct quote {
    uint64_t order; /* 0: none */
    int64_t price;
};

struct maker {
    unsigned instrument;
    int64_t size, inventory_max, interval_ns, tick;
    double gamma, k, tau, decay; /* decay: weight of the old variance after one interval */
    double variance;             /* ticks^2 a second */
    int64_t mid2;                /* twice the mid of the last look; valid if seen */
    bool seen;
    int64_t pause, backoff; /* intervals: still to wait, and after the next reject */
    struct quote bid, ask;
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

/* The largest whole number not above x; |x| <= TICKS_ABS_MAX. */
static int64_t whole(double x)
{
    const int64_t cut = (int64_t)x;
    return (double)cut > x ? cut - 1 : cut;
}

static void learn(struct maker *maker, int64_t mid2)
{
    if (maker->seen) {
        const double change = (double)(mid2 - maker->mid2) / (double)(2 * maker->tick);
        const double seconds = (double)maker->interval_ns / 1e9;
        maker->variance =
            maker->decay * maker->variance + (1.0 - maker->decay) * (change * change / seconds);
    }
    maker->mid2 = mid2;
    maker->seen = true;
}

static void withdraw(struct ry_agent *agent, const struct quote *quote)
{
    if (quote->order != 0)
        ry_cancel(agent, quote->order);
}

/* Brings one side to `price` (wanted false: to nothing). True: a new order was sent. A cancelled
 * order is forgotten at its report; until then, a filled one may still come. */
static bool requote(struct ry_agent *agent, struct maker *maker, struct quote *quote,
                    enum ry_side side, int64_t price, bool wanted)
{
    if (wanted && quote->order != 0 && quote->price == price)
        return false;
    withdraw(agent, quote);
    if (!wanted)
        return false;
    const uint64_t order =
        ry_order(agent, maker->instrument, side, (uint32_t)maker->size, price, RY_LIMIT);
    if (order != 0)
        *quote = (struct quote){.order = order, .price = price};
    return order != 0;
}

static void quote_both(struct ry_agent *agent, struct maker *maker, int64_t best_bid,
                       int64_t best_ask)
{
    const int64_t position = ry_position(agent, maker->instrument), tick = maker->tick;
    const double risk = maker->gamma * maker->variance * maker->tau;
    const double mid = (double)maker->mid2 / (double)(2 * tick);
    const double reservation = mid - (double)position / (double)maker->size * risk;
    const double half = risk / 2.0 + ry_log(1.0 + maker->gamma / maker->k) / maker->gamma;
    if (!(reservation - half > -TICKS_ABS_MAX && reservation + half < TICKS_ABS_MAX))
        return;
    int64_t bid = whole(reservation - half) * tick, ask = -whole(-(reservation + half)) * tick;
    /* It makes the market and does not take it. */
    if (bid >= best_ask)
        bid = ry_round_down(agent, maker->instrument, best_ask - 1);
    if (ask <= best_bid)
        ask = ry_round_up(agent, maker->instrument, best_bid + 1);
    bool sent = requote(agent, maker, &maker->bid, RY_BUY, bid,
                        position + maker->size <= maker->inventory_max);
    sent |= requote(agent, maker, &maker->ask, RY_SELL, ask,
                    position - maker->size >= -maker->inventory_max);
    const int64_t feature[] = {maker->mid2, position,
                               whole(maker->variance < 1e6 ? maker->variance * 1e3 : 1e9), bid,
                               ask};
    if (sent)
        ry_decide(agent, maker->bid.order > maker->ask.order ? maker->bid.order : maker->ask.order,
                  1, feature, 5);
}

static void timer(struct ry_agent *agent)
{
    struct maker *maker = agent->state;
    struct ry_level bid, ask;
    const bool whole_book = ry_best(agent, maker->instrument, RY_BUY, &bid) &&
                            ry_best(agent, maker->instrument, RY_SELL, &ask);
    if (whole_book)
        learn(maker, bid.price + ask.price);
    if (maker->pause > 0)
        maker->pause--;
    else if (whole_book && ry_trading(agent, maker->instrument))
        quote_both(agent, maker, bid.price, ask.price);
    ry_timer(agent, ry_now(agent) + maker->interval_ns);
}

static void report(struct ry_agent *agent, const struct ry_report_event *report)
{
    struct maker *maker = agent->state;
    struct quote *quote = report->cl_ord_id == maker->bid.order   ? &maker->bid
                          : report->cl_ord_id == maker->ask.order ? &maker->ask
                                                                  : NULL;
    if (report->kind == RY_REPORT_RESTED || report->kind == RY_REPORT_FILL)
        maker->backoff = 1;
    if (report->kind == RY_REPORT_REJECTED && report->code != RY_REJECT_UNKNOWN_ORDER) {
        maker->pause = maker->backoff;
        maker->backoff = maker->backoff < BACKOFF_MAX ? maker->backoff * 2 : BACKOFF_MAX;
    }
    if (quote != NULL && report->cl_ord_id != 0 && report->leaves == 0)
        quote->order = 0;
}

static void start(struct ry_agent *agent)
{
    struct maker *maker = agent->state;
    const char *symbol = ry_param(agent, "instrument", ry_instrument_info(agent, 0)->symbol);
    const int instrument = ry_instrument_find(agent, symbol);
    if (instrument < 0) {
        ry_fail(agent, "no instrument %s in this battle", symbol);
        return;
    }
    *maker = (struct maker){
        .instrument = (unsigned)instrument,
        .size = in_range(agent, "size", 5, 1, 1000000),
        .inventory_max = in_range(agent, "inventory_max", 50, 1, 1000000000),
        .interval_ns = in_range(agent, "interval_ms", 1000, 1, 3600000) * NS_PER_MS,
        .tick = ry_instrument_info(agent, (unsigned)instrument)->tick_size,
        .gamma = (double)in_range(agent, "gamma_ppm", 100000, 1, 1000000000) / MILLION,
        .k = (double)in_range(agent, "k_ppm", 1500000, 1, 1000000000) / MILLION,
        .tau = (double)in_range(agent, "horizon_s", 10, 1, 1000000),
        .backoff = 1,
    };
    const double memory_s = (double)in_range(agent, "memory_s", 60, 1, 1000000);
    maker->decay = ry_exp(-(double)maker->interval_ns / 1e9 / memory_s);
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
    ry_interest(agent, maker->instrument, RY_INTEREST_TOP(1) | RY_INTEREST_STATES);
    timer(agent);
}

RY_STRATEGY(.state_bytes = sizeof(struct maker), .start = start, .report = report, .timer = timer);
