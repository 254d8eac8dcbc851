/* The generator's trades that are broken, records that lack something, and books without a trade.
 */
#include "tests/model/flow_internal.h"

#define BACK_MAX  20 /* trades that a broken one is older than the newest, at most */
#define FEW       10 /* trades that an instrument has when all of them are broken */
#define FAR_STEPS 30 /* inputs while far quotes are all that is recorded */

uint64_t ry_model_flow_match(struct ry_model_flow *flow)
{
    if (ry_model_flow_chance(flow, 40))
        return 0;
    if (flow->match > 8 && ry_model_flow_chance(flow, 40))
        return flow->match - ry_model_flow_below(flow, 8);
    return ++flow->match;
}

/* Its newest trade; false if it has none, or that one bears no number. */
static bool newest(const struct ry_model *view, uint16_t instrument, uint64_t *match)
{
    return ry_model_match(view, instrument, 0, match) && *match != 0;
}

static uint64_t broken_match(struct ry_model_flow *flow, const struct ry_model *view,
                             uint16_t instrument)
{
    uint64_t match = 0;
    const uint16_t other = (uint16_t)ry_model_flow_below(flow, flow->instruments);
    const size_t back = 1 + ry_model_flow_below(flow, BACK_MAX);
    switch (ry_model_flow_below(flow, 10)) {
    case 0: return 0;
    case 1: return flow->match + 1000;
    case 2: return flow->broken;
    case 3: return newest(view, other, &match) ? match : flow->broken;
    case 4:
    case 5:
    case 6: return ry_model_match(view, instrument, back, &match) ? match : flow->broken;
    default: return newest(view, instrument, &match) ? match : flow->broken;
    }
}

static void break_trade(struct ry_model_flow *flow, uint64_t match, struct ry_input *out)
{
    out->head.kind = RY_IN_BROKEN;
    out->ref = flow->broken = match;
    /* What the last price was is another one now, and nobody has looked yet. */
    flow->hurry = flow->hurry || (flow->agents > 0 && ry_model_flow_chance(flow, 20));
}

/* One trade alone, where there is none and else would be none; then it is broken. */
static void lone_trade(struct ry_model_flow *flow, uint16_t instrument, struct ry_input *out)
{
    const struct ry_model_flow_market *market = &ry_model_flow_markets[instrument];
    out->head.kind = RY_IN_LAST;
    out->ref = ++flow->match;
    out->price = market->center + market->step * (int64_t)ry_model_flow_below(flow, 8);
    out->qty = 1 + (uint32_t)ry_model_flow_below(flow, 9);
    flow->undone = (uint16_t)(1 + instrument);
}

/* All trades of an instrument go, the last first. */
static bool undo(struct ry_model_flow *flow, const struct ry_model *view, uint16_t instrument,
                 struct ry_input *out)
{
    uint64_t match;
    if (flow->undone != instrument + 1)
        return false;
    if (!newest(view, instrument, &match)) {
        flow->undone = 0;
        return false;
    }
    if (!ry_model_flow_chance(flow, 700))
        return false;
    break_trade(flow, match, out);
    return true;
}

static int64_t away(struct ry_model_flow *flow, uint16_t instrument)
{
    const int64_t step = ry_model_flow_markets[instrument].step;
    switch (ry_model_flow_below(flow, 4)) {
    case 0: return 1000000 + (int64_t)ry_model_flow_below(flow, 3);
    case 1: return 2 * RY_PRICE_ABS_MAX;
    default: return step * (int64_t)(1 + ry_model_flow_below(flow, 60));
    }
}

static void far_quote(struct ry_model_flow *flow, uint16_t instrument, enum ry_side side,
                      struct ry_input *out)
{
    const int64_t far = flow->far_away[side == RY_SELL];
    const int64_t center = ry_model_flow_markets[instrument].center;
    const int64_t price = side == RY_BUY ? center - far : center + far;
    out->head.kind = RY_IN_ADD;
    out->side = (uint8_t)side;
    out->ref = flow->ref_next++;
    out->price = price > RY_PRICE_ABS_MAX    ? RY_PRICE_ABS_MAX
                 : price < -RY_PRICE_ABS_MAX ? -RY_PRICE_ABS_MAX
                                             : price;
    out->qty = 1 + (uint32_t)ry_model_flow_below(flow, 100);
}

/* The record's book goes, two quotes come, and agents send orders for a while. */
static bool far_quotes(struct ry_model_flow *flow, const struct ry_model *view, uint16_t instrument,
                       struct ry_input *out)
{
    int64_t last;
    if (flow->far == 0 && flow->agents > 0 && !ry_model_last_price(view, instrument, &last) &&
        ry_model_flow_chance(flow, 30)) {
        flow->far = (uint16_t)(1 + instrument);
        flow->far_step = 0;
        flow->far_away[0] = away(flow, instrument);
        flow->far_away[1] =
            ry_model_flow_chance(flow, 500) ? flow->far_away[0] : away(flow, instrument);
    }
    if (flow->far != instrument + 1)
        return false;
    switch (flow->far_step++) {
    case 0: out->head.kind = RY_IN_CLEAR; break;
    case 1: far_quote(flow, instrument, RY_BUY, out); break;
    case 2: far_quote(flow, instrument, RY_SELL, out); break;
    default: ry_model_flow_command(flow, view, instrument, out); break;
    }
    if (flow->far_step == FAR_STEPS)
        flow->far = 0;
    return true;
}

bool ry_model_flow_tape(struct ry_model_flow *flow, const struct ry_model *view,
                        uint16_t instrument, struct ry_input *out)
{
    int64_t last;
    uint64_t match;
    const bool has_last = ry_model_last_price(view, instrument, &last);
    if (undo(flow, view, instrument, out) || far_quotes(flow, view, instrument, out))
        return true;
    if (flow->undone == 0 && has_last && !ry_model_match(view, instrument, FEW, &match) &&
        ry_model_flow_chance(flow, 20))
        flow->undone = (uint16_t)(1 + instrument);
    if (ry_model_flow_chance(flow, 15)) {
        break_trade(flow, broken_match(flow, view, instrument), out);
        return true;
    }
    if (!has_last && ry_model_flow_never_printed(flow, instrument) &&
        ry_model_flow_chance(flow, 10)) {
        lone_trade(flow, instrument, out);
        return true;
    }
    if (!ry_model_flow_chance(flow, 3))
        return false;
    out->head.kind = RY_IN_INCOMPLETE;
    out->head.instrument = (uint16_t)ry_model_flow_below(flow, 10); /* nobody may look at it */
    out->qty = 1 + (uint32_t)ry_model_flow_below(flow, RY_INCOMPLETE_GAP);
    return true;
}
