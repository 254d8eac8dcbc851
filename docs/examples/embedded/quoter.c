/*
 * A strategy that quotes one lot on both sides of each instrument every minute. It is built as a
 * library, for `royale run`, and into the program beside it: the same code both ways.
 */
#include <royale/agent.h>

#define MINUTE_NS INT64_C(60000000000)
#define LOTS      1

struct state {
    uint64_t quotes; /* sent */
    uint64_t fills;
};

static void start(struct ry_agent *agent)
{
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_TOP(1) | RY_INTEREST_STATES);
    ry_timer(agent, ry_now(agent) + MINUTE_NS);
}

static void cancel_all(struct ry_agent *agent)
{
    struct ry_open_order open[16];
    const unsigned count = ry_open_orders(agent, open, 16);
    for (unsigned i = 0; i < count && i < 16; i++)
        ry_cancel(agent, open[i].cl_ord_id);
}

static void quote(struct ry_agent *agent, unsigned instrument, enum ry_side side)
{
    struct state *state = agent->state;
    struct ry_level best;
    if (!ry_best(agent, instrument, side, &best))
        return;
    const int64_t price = side == RY_BUY ? ry_round_down(agent, instrument, best.price)
                                         : ry_round_up(agent, instrument, best.price);
    state->quotes += ry_order(agent, instrument, side, LOTS, price, RY_LIMIT) != 0;
}

static void timer(struct ry_agent *agent)
{
    cancel_all(agent);
    for (unsigned i = 0; i < ry_instruments(agent); i++) {
        if (!ry_trading(agent, i))
            continue;
        quote(agent, i, RY_BUY);
        quote(agent, i, RY_SELL);
    }
    ry_timer(agent, ry_now(agent) + MINUTE_NS);
}

static void report(struct ry_agent *agent, const struct ry_report_event *event)
{
    struct state *state = agent->state;
    state->fills += event->kind == RY_REPORT_FILL;
}

static void stop(struct ry_agent *agent)
{
    const struct state *state = agent->state;
    ry_print(agent, "%llu quotes, %llu fills", (unsigned long long)state->quotes,
             (unsigned long long)state->fills);
}

RY_STRATEGY(.state_bytes = sizeof(struct state), .start = start, .report = report, .timer = timer,
            .stop = stop);
