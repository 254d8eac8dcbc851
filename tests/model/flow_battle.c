/* The battles of the generator: instruments of every kind, agents with limits that they will meet.
 */
#include "tests/model/flow_internal.h"

#include <string.h>

#define WARMUP_FROM  (INT64_C(1700000000) * RY_NS_PER_SECOND)
#define WARMUP       (3600 * RY_NS_PER_SECOND)
#define BEFORE_EPOCH (WARMUP + 3 * RY_NS_PER_SECOND) /* trading begins 3 s before 1970 */

const struct ry_model_flow_market ry_model_flow_markets[RY_MODEL_FLOW_INSTRUMENTS_MAX] = {
    {10000, 1, 1, 10000, 2},
    {5000, 25, 10, 100, 4}, /* recorded prices off the tick */
    {-30, 1, 1, 1000000, 0},
    {1999999800, 7, 1, 1, 9}, /* below RY_PRICE_ABS_MAX, which its collar passes */
    {-1999999800, 3, 1, 333, 6},
    {500, 5, 5, 20000, 3}, /* nothing is recorded of it before trading begins */
};

/* Held at RY_PRICE_ABS_MAX, some ticks of it are; one price is a multiple of it. */
#define COARSE_TICK INT64_C(199999980)

int64_t ry_model_flow_tick(const struct ry_model_flow *flow, uint16_t instrument)
{
    return flow->coarse && instrument == 3 ? COARSE_TICK
                                           : ry_model_flow_markets[instrument].tick_size;
}

/* Rounds that see some hundred inputs, at times next to none. */
static void rounds(struct ry_model_flow *flow, struct ry_input_battle *out)
{
    static const uint32_t haircuts[] = {0, 1000000, 50000, 333333};
    out->min_fills = (uint32_t)ry_model_flow_below(flow, 4);
    out->haircut_ppm = haircuts[ry_model_flow_below(flow, sizeof haircuts / sizeof haircuts[0])];
    static const uint32_t ticks[] = {0, 0, 1, 3, 20, 400, RY_TICKS_MAX};
    out->haircut_ticks = ticks[ry_model_flow_below(flow, sizeof ticks / sizeof ticks[0])];
    const int64_t length = (int64_t)(150 + ry_model_flow_below(flow, 1300)) * 1000000;
    if (flow->rounds)
        out->round_ns = ry_model_flow_chance(flow, 80) ? 1000000 : length;
}

/* Who has little goes out for little: insolvent, for its loss, or both. */
static void purse(struct ry_model_flow *flow, uint16_t agent, struct ry_input_agent *out)
{
    const bool huge = agent == 0 && (flow->profile == RY_MODEL_FLOW_HOSTILE ||
                                     flow->profile == RY_MODEL_FLOW_DEEP);
    out->cash = (int64_t)ry_model_flow_below(flow, 1000000) * RY_MONEY_UNIT;
    out->loss_max = INT64_MAX;
    const bool few = flow->agents < 3;
    const uint64_t most = few ? 4000000000 : 400000000;
    const int64_t little =
        (int64_t)ry_model_flow_below(flow, ry_model_flow_chance(flow, few ? 0 : 150) ? 2 : most);
    const uint64_t kind = flow->harsh ? ry_model_flow_below(flow, few ? 3 : 4) : 3;
    if (kind == 0 || kind == 2)
        out->cash = little;
    if (kind == 1 || kind == 2)
        out->loss_max = little / 2;
    if (huge && kind == 3)
        out->cash = INT64_MAX;
}

void ry_model_flow_battle(struct ry_model_flow *flow, struct ry_input_battle *out)
{
    out->head.kind = RY_IN_BATTLE;
    out->head.slots = 3;
    out->head.source = RY_SOURCE_CONTROL;
    flow->time = flow->profile == RY_MODEL_FLOW_TINY ? -BEFORE_EPOCH : WARMUP_FROM;
    out->head.time = flow->time;
    out->seed = ry_model_flow_random(flow);
    out->warmup_from = flow->time;
    out->trade_from = flow->time + WARMUP;
    out->trade_to = RY_TIME_NEVER;
    out->orders_max = flow->profile == RY_MODEL_FLOW_TINY ? 24 : 4096;
    out->instruments = flow->instruments;
    out->agents = flow->agents;
    out->fee_maker_ppm = 117;
    out->fee_taker_ppm = 301;
    if (flow->profile == RY_MODEL_FLOW_TINY || flow->profile == RY_MODEL_FLOW_AGENTS)
        out->fee_maker_ppm = -203;
    if (flow->profile == RY_MODEL_FLOW_DEEP) {
        out->fee_maker_ppm = 0;
        out->fee_taker_ppm = -1000000;
    }
    memcpy(out->name, "flow", sizeof "flow");
    rounds(flow, out);
}

void ry_model_flow_instrument(struct ry_model_flow *flow, uint16_t instrument,
                              struct ry_input_instrument *out)
{
    const struct ry_model_flow_market *market = &ry_model_flow_markets[instrument];
    out->head.kind = RY_IN_INSTRUMENT;
    out->head.slots = 3;
    out->head.instrument = instrument;
    out->head.source = (uint16_t)(RY_SOURCE_FEED + instrument % 2);
    out->symbol[0] = (char)('A' + instrument);
    memcpy(out->currency, "USD", sizeof "USD");
    out->price_scale = market->price_scale;
    out->tick_size = ry_model_flow_tick(flow, instrument);
    out->money_per_unit = market->money_per_unit;
}

/* Parts of the price, ticks, or both; some are narrow. */
static void collar(struct ry_model_flow *flow, uint16_t agent, struct ry_input_agent *out)
{
    static const uint32_t ticks[] = {0, 2, 6, 30, 1000, RY_TICKS_MAX};
    const bool narrow = agent == 1 || agent == 4;
    const bool huge = agent == 0 && flow->profile == RY_MODEL_FLOW_HOSTILE;
    out->collar_ppm = agent == 4 ? 900 : agent == 1 ? 20000 : 700000;
    if ((flow->ticked && !huge) || (narrow && ry_model_flow_chance(flow, 300)))
        out->collar_ppm = 0;
    if (narrow || flow->ticked || ry_model_flow_chance(flow, 100))
        out->collar_ticks = ticks[ry_model_flow_below(flow, narrow ? 4 : 6)];
}

/* Agent 0 is free; each other has one limit, or all, that it meets again and again. */
void ry_model_flow_agent(struct ry_model_flow *flow, uint16_t agent, struct ry_input_agent *out)
{
    out->head.kind = RY_IN_AGENT;
    out->head.slots = 2;
    out->head.source = (uint16_t)(RY_SOURCE_AGENT + agent);
    out->name[0] = (char)('a' + agent);
    const bool all = agent == 5;
    const bool huge = agent == 0 && flow->profile == RY_MODEL_FLOW_HOSTILE;
    purse(flow, agent, out);
    out->notional_max = agent == 1 || all ? INT64_C(2000000000) : INT64_MAX;
    out->position_max = agent == 2 || all ? 40 : huge ? INT64_MAX : 1000000;
    out->quantity_max = agent == 3 || all ? 15 : huge ? UINT32_MAX : 500;
    out->open_orders_max = agent == 4 || all ? 3 : 100;
    out->rate_max = agent == 3 || all ? 25 : 1000000;
    collar(flow, agent, out);
}

static void spoil_battle(struct ry_model_flow *flow, struct ry_input_battle *battle)
{
    switch (ry_model_flow_below(flow, 17)) {
    case 16: battle->haircut_ticks = RY_TICKS_MAX + 1; break;
    case 12: battle->round_ns = -1; break;
    case 13: battle->round_ns = 1; break;
    case 14: battle->round_ns = 999999; break;
    case 15: battle->haircut_ppm = 1000001; break;
    case 0: battle->orders_max = 0; break;
    case 1: battle->orders_max = RY_ORDERS_MAX + 1; break;
    case 2: battle->instruments = 0; break;
    case 3: battle->instruments = RY_INSTRUMENTS_MAX + 1; break;
    case 4: battle->agents = RY_AGENTS_MAX + 1; break;
    case 5: battle->trade_to = battle->trade_from - 1; break;
    case 6: battle->trade_from = battle->warmup_from - 1; break;
    case 7: battle->market = 1; break;
    case 8: battle->fee_maker_ppm = 1000001; break;
    case 9: battle->fee_maker_ppm = -1000001; break;
    case 10: battle->fee_taker_ppm = 1000001; break;
    default: battle->fee_taker_ppm = -1000001; break;
    }
}

static void spoil_instrument(struct ry_model_flow *flow, struct ry_input_instrument *instrument)
{
    switch (ry_model_flow_below(flow, 6)) {
    case 0: instrument->tick_size = 0; break;
    case 1: instrument->tick_size = INT64_C(1000000000001); break;
    case 2: instrument->money_per_unit = -1; break;
    case 3: instrument->money_per_unit = INT64_C(1000000000001); break;
    case 4: instrument->price_scale = 10; break;
    default: instrument->head.instrument++; break;
    }
}

static void spoil_agent(struct ry_model_flow *flow, struct ry_input_agent *agent)
{
    switch (ry_model_flow_below(flow, 6)) {
    case 4: agent->loss_max = -1; break;
    case 5: agent->collar_ticks = RY_TICKS_MAX + 1; break;
    case 0: agent->cash = -1; break;
    case 1: agent->notional_max = -1; break;
    case 2: agent->position_max = -1; break;
    default: agent->head.source++; break;
    }
}

static void spoil_event(struct ry_model_flow *flow, struct ry_input *event)
{
    static const uint8_t kinds[] = {RY_IN_ADD,       RY_IN_EXEC,    RY_IN_CANCEL,     RY_IN_REPLACE,
                                    RY_IN_PRINT,     RY_IN_AUCTION, RY_IN_LAST,       RY_IN_STATE,
                                    RY_IN_SESSION,   RY_IN_BROKEN,  RY_IN_INCOMPLETE, RY_IN_ORDER,
                                    RY_IN_AGENT_DIED};
    const int64_t beyond = RY_PRICE_ABS_MAX + 1;
    event->head.kind = kinds[ry_model_flow_below(flow, sizeof kinds)];
    event->head.instrument = 0;
    event->head.source = RY_SOURCE_FEED;
    event->side = RY_BUY;
    event->price = 1;
    event->qty = 1;
    switch (ry_model_flow_below(flow, 4)) {
    case 0: event->head.instrument = flow->instruments; break;
    case 1: event->side = (uint8_t)(3 + ry_model_flow_below(flow, 2)); break;
    case 2:
        event->head.flags = RY_INF_PRICED;
        event->price = ry_model_flow_chance(flow, 500) ? beyond : -beyond;
        break;
    default: event->qty = 0; break;
    }
    if (event->head.kind == RY_IN_STATE || event->head.kind == RY_IN_SESSION)
        event->qty = 2;
    if (event->head.kind == RY_IN_INCOMPLETE)
        event->qty = ry_model_flow_chance(flow, 500) ? RY_INCOMPLETE_NONE : RY_INCOMPLETES;
    if (event->head.kind == RY_IN_AGENT_DIED)
        event->qty = flow->agents + (uint32_t)ry_model_flow_below(flow, 2);
    if (event->head.kind == RY_IN_ORDER) {
        event->head.source = ry_model_flow_chance(flow, 500)
                                 ? (uint16_t)(RY_SOURCE_AGENT + flow->agents)
                                 : (uint16_t)RY_SOURCE_FEED;
    }
}

static void spoil_decision(struct ry_model_flow *flow, struct ry_input_decision *decision)
{
    if (ry_model_flow_chance(flow, 500)) {
        decision->count = 9 + (uint32_t)ry_model_flow_below(flow, 3);
    } else {
        decision->head.source = ry_model_flow_chance(flow, 500)
                                    ? (uint16_t)(RY_SOURCE_AGENT + flow->agents)
                                    : (uint16_t)RY_SOURCE_FEED;
    }
}

void ry_model_flow_spoil(struct ry_model_flow *flow, union ry_input_any *out)
{
    static const uint8_t unknown[] = {RY_IN_NONE, RY_IN_FEED_END, RY_IN_FEED_BLOCK, 4, 35, 255};
    if (ry_model_flow_chance(flow, 150)) {
        out->head.kind = unknown[ry_model_flow_below(flow, sizeof unknown)];
        return;
    }
    if (ry_model_flow_chance(flow, 100)) {
        out->head.slots = (uint8_t)(out->head.slots % RY_INPUT_SLOTS_MAX + 1);
        return;
    }
    if (ry_model_flow_chance(flow, 100) && out->head.kind != RY_IN_BATTLE) {
        out->head.time = flow->time - 1;
        return;
    }
    switch (out->head.kind) {
    case RY_IN_BATTLE: spoil_battle(flow, &out->battle); break;
    case RY_IN_INSTRUMENT: spoil_instrument(flow, &out->instrument); break;
    case RY_IN_AGENT: spoil_agent(flow, &out->agent); break;
    default:
        if (flow->agents > 0 && ry_model_flow_chance(flow, 150)) {
            memset(out, 0, sizeof *out);
            ry_model_flow_decision(flow, &out->decision);
        }
        if (out->head.kind == RY_IN_DECISION)
            spoil_decision(flow, &out->decision);
        else
            spoil_event(flow, &out->event);
        break;
    }
}
