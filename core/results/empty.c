#include "core/results/empty.h"

/* What changes a book or is a trade; states of an instrument and of the feed are neither. */
static bool is_event(const struct ry_input_head *head)
{
    if (head->source < RY_SOURCE_FEED || head->source >= RY_SOURCE_FEED + RY_FEEDS_MAX ||
        (head->flags & RY_INF_SNAPSHOT) != 0)
        return false;
    switch (head->kind) {
    case RY_IN_ADD:
    case RY_IN_EXEC:
    case RY_IN_CANCEL:
    case RY_IN_REPLACE:
    case RY_IN_PRINT:
    case RY_IN_AUCTION:
    case RY_IN_LAST: return true;
    default: return false;
    }
}

void ry_results_empty_count(struct ry_results *r, const union ry_input_any *input)
{
    const struct ry_input_head *head = &input->head;
    if (!is_event(head) || head->instrument >= r->instruments)
        return;
    struct ry_results_instrument *instrument = &r->instrument[head->instrument];
    if (head->time >= r->battle.trade_from && head->time <= r->battle.trade_to &&
        head->time > r->battle.warmup_from)
        instrument->events++;
    else
        instrument->elsewhere++;
}

/* All agents but one, at most, have died or stalled. */
static bool ended_by_deaths(const struct ry_results *r)
{
    unsigned gone = 0;
    for (uint16_t id = 0; id < r->agents; id++)
        gone += !ry_results_played(&r->agent[id]);
    return gone > 0 && gone + 1u >= r->agents;
}

/* What is counted for it as an order, so cancels of orders that were not there are none. */
static uint64_t accepted(const struct ry_results_agent *agent)
{
    uint64_t refused = ry_results_rejects(agent) - agent->rejects[RY_REJECT_UNKNOWN_ORDER];
    return agent->orders - refused;
}

static enum ry_results_no_trade no_trade(const struct ry_results *r)
{
    uint64_t orders = 0, unreferred = 0;
    if (r->agents == 0)
        return RY_RESULTS_NO_TRADE_NOT;
    for (uint16_t id = 0; id < r->agents; id++) {
        const struct ry_results_agent *agent = &r->agent[id];
        if (accepted(agent) > 0)
            return RY_RESULTS_NO_TRADE_NOT;
        orders += agent->orders;
        unreferred +=
            agent->rejects[RY_REJECT_NO_REFERENCE] + agent->rejects[RY_REJECT_NOT_TRADING];
    }
    if (r->round == 0)
        return RY_RESULTS_NO_TRADE_NEVER;
    if (!r->opened)
        return RY_RESULTS_NO_TRADE_CLOSED;
    return orders > 0 && unreferred == orders ? RY_RESULTS_NO_TRADE_UNREFERRED
                                              : RY_RESULTS_NO_TRADE_NOT;
}

static unsigned silent(const struct ry_results *r)
{
    unsigned count = 0;
    for (uint16_t i = 0; i < r->instruments; i++)
        count += r->instrument[i].events == 0;
    return count;
}

bool ry_results_empty(const struct ry_results *r, struct ry_results_empty *empty)
{
    *empty = (struct ry_results_empty){.silent = 0};
    if (!r->ended || r->stopped || ended_by_deaths(r))
        return false;
    empty->silent = silent(r);
    empty->no_trade = no_trade(r);
    return empty->silent > 0 || empty->no_trade != RY_RESULTS_NO_TRADE_NOT;
}
