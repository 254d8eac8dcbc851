/* What the generator's agents do: mostly sense around the touch, often something that is refused.
 */
#include "tests/model/flow_internal.h"

static int64_t to_tick(int64_t price, int64_t tick)
{
    return price - price % tick;
}

/* A price around the touch of the instrument. */
static int64_t price_near(struct ry_model_flow *flow, uint16_t instrument, enum ry_side side)
{
    const struct ry_model_flow_market *market = &ry_model_flow_markets[instrument];
    const int64_t tick = ry_model_flow_tick(flow, instrument);
    const struct ry_arena_book_order *own = ry_model_flow_best(flow, side);
    const struct ry_arena_book_order *other = ry_model_flow_best(flow, ry_side_opposite(side));
    const int64_t towards = side == RY_BUY ? tick : -tick;
    const int64_t ticks = (int64_t)ry_model_flow_below(flow, 4);
    const unsigned across = flow->profile == RY_MODEL_FLOW_DEEP ? 40 : 200;
    switch (ry_model_flow_chance(flow, across) ? 3 : ry_model_flow_below(flow, 3)) {
    case 0:
    case 1: /* at the touch, or one better */
        if (own != NULL)
            return to_tick(own->price, tick) + towards * (int64_t)ry_model_flow_below(flow, 2);
        break;
    case 2: /* behind it */
        if (own != NULL)
            return to_tick(own->price, tick) - towards * ticks;
        break;
    default: /* across, to the other side's best or through it */
        if (other != NULL)
            return to_tick(other->price, tick) + towards * (ticks - 1);
        break;
    }
    return to_tick(market->center, tick) - towards * ticks;
}

/* Something that one of the checks refuses, or may. */
static void spoil_order(struct ry_model_flow *flow, uint16_t agent, struct ry_input *out)
{
    switch (ry_model_flow_below(flow, 9)) {
    case 0: out->side = (uint8_t)(ry_model_flow_chance(flow, 500) ? 0 : 3); break;
    case 1: out->head.flags |= RY_INF_SNAPSHOT; break;
    case 2:
        out->head.flags |= RY_INF_MARKET; /* with a price */
        break;
    case 3:
        out->ref =
            flow->cl_ord_id[agent] > 2 ? flow->cl_ord_id[agent] - ry_model_flow_below(flow, 3) : 0;
        break;
    case 4:
        out->head.instrument = (uint16_t)(flow->instruments + ry_model_flow_below(flow, 2));
        break;
    case 5: out->qty = ry_model_flow_chance(flow, 500) ? 0 : 501; break;
    case 6:
        out->price = ry_model_flow_chance(flow, 500) ? RY_PRICE_ABS_MAX + 1 : out->price + 1;
        break;
    case 7:
        out->price += (ry_model_flow_chance(flow, 500) ? 1 : -1) * 525 *
                      (int64_t)(1 + ry_model_flow_below(flow, 20));
        break;
    default: out->qty = 500; break;
    }
}

static void cancel(struct ry_model_flow *flow, uint16_t agent, struct ry_input *out)
{
    const struct ry_arena_book_order *own = ry_model_flow_pick(flow, agent);
    out->head.kind = RY_IN_ORDER_CANCEL;
    out->head.instrument = own != NULL ? own->instrument : 0;
    out->ref = own != NULL && !ry_model_flow_chance(flow, 50)
                   ? own->ref
                   : ry_model_flow_below(flow, flow->cl_ord_id[agent] + 1);
}

static bool is_giant(const struct ry_arena_book_order *order)
{
    return order != NULL && order->owner == RY_OWNER_RECORDED && order->open > UINT32_MAX / 2;
}

/* Somebody stands there with an amount that only a giant can take. */
static bool giant(struct ry_model_flow *flow, int64_t held, struct ry_input *out)
{
    const bool sells = is_giant(ry_model_flow_best(flow, RY_BUY));
    const enum ry_side side = sells && held <= 0 ? RY_BUY : RY_SELL; /* more of the same */
    const struct ry_arena_book_order *best = ry_model_flow_best(flow, side);
    if (!is_giant(best))
        return false;
    out->side = (uint8_t)ry_side_opposite(side);
    out->qty = best->open;
    out->price = best->price;
    return true;
}

void ry_model_flow_decision(struct ry_model_flow *flow, struct ry_input_decision *out)
{
    const uint16_t agent = (uint16_t)ry_model_flow_below(flow, flow->agents);
    out->head.kind = RY_IN_DECISION;
    out->head.slots = 2;
    out->head.source = (uint16_t)(RY_SOURCE_AGENT + agent);
    out->head.time = flow->time;
    out->ref = ry_model_flow_below(flow, flow->cl_ord_id[agent] + 1);
    out->intent = (uint32_t)ry_model_flow_below(flow, 5);
    out->count = (uint32_t)ry_model_flow_below(flow, 9);
    for (uint32_t i = 0; i < out->count; i++)
        out->feature[i] = (int64_t)ry_model_flow_random(flow);
}

uint16_t ry_model_flow_holder(struct ry_model_flow *flow, const struct ry_model *view,
                              uint16_t instrument)
{
    for (unsigned i = 0; flow->agents > 0 && i < 4; i++) {
        const uint16_t agent = (uint16_t)ry_model_flow_below(flow, flow->agents);
        if (!ry_model_killed(view, agent) && ry_model_position(view, agent, instrument) != 0)
            return agent;
    }
    return RY_OWNER_RECORDED;
}

void ry_model_flow_command(struct ry_model_flow *flow, const struct ry_model *view,
                           uint16_t instrument, struct ry_input *out)
{
    const bool bid = is_giant(ry_model_flow_best(flow, RY_BUY));
    const bool huge = bid || is_giant(ry_model_flow_best(flow, RY_SELL));
    const bool first = flow->profile == RY_MODEL_FLOW_HOSTILE && !ry_model_killed(view, 0) &&
                       ry_model_flow_chance(flow, huge ? 700 : 100);
    const uint16_t agent = first ? 0 : (uint16_t)ry_model_flow_below(flow, flow->agents);
    out->head.instrument = instrument;
    out->head.source = (uint16_t)(RY_SOURCE_AGENT + agent);
    const uint32_t open = ry_model_open_orders(view, agent);
    const bool some = ry_model_flow_pick(flow, agent) != NULL;
    if (ry_model_flow_chance(flow, !some ? 10 : open > 20 ? 700 : open > 8 ? 350 : 150)) {
        cancel(flow, agent, out);
        return;
    }
    out->head.kind = RY_IN_ORDER;
    /* Buys and sells turn with the position, else agents soon stand still at their limits. */
    const int64_t held = ry_model_position(view, agent, instrument);
    out->side = ry_model_flow_chance(flow, held > 30    ? 250
                                           : held < -30 ? 750
                                                        : 500)
                    ? RY_BUY
                    : RY_SELL;
    out->ref = flow->cl_ord_id[agent] + 1 + ry_model_flow_below(flow, 2);
    out->qty = (uint32_t)(1 + ry_model_flow_below(flow, ry_model_flow_chance(flow, 100) ? 60 : 12));
    if (flow->profile == RY_MODEL_FLOW_HOSTILE && ry_model_flow_chance(flow, 4))
        out->qty = UINT32_MAX - (uint32_t)ry_model_flow_below(flow, 3);
    if (agent == 0 && flow->profile == RY_MODEL_FLOW_HOSTILE && giant(flow, held, out)) {
        out->head.flags = RY_INF_IOC;
    } else if (ry_model_flow_chance(flow, 60)) {
        out->head.flags = RY_INF_MARKET;
    } else {
        out->price = price_near(flow, instrument, (enum ry_side)out->side);
        out->head.flags = ry_model_flow_chance(flow, 150) ? RY_INF_IOC : 0;
    }
    if (ry_model_flow_chance(flow, flow->profile == RY_MODEL_FLOW_HOSTILE ? 150 : 40))
        spoil_order(flow, agent, out);
    if (out->ref > flow->cl_ord_id[agent])
        flow->cl_ord_id[agent] = out->ref; /* may be too high: a MALFORMED order leaves a gap */
}
