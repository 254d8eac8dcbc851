/* The recorded flow of the generator. */
#include "tests/model/flow_internal.h"

/* A price for a recorded order: around the best of its side, held near the center, at times across.
 */
static int64_t recorded_price(struct ry_model_flow *flow, uint16_t instrument, enum ry_side side)
{
    const struct ry_model_flow_market *market = &ry_model_flow_markets[instrument];
    const struct ry_arena_book_order *own = ry_model_flow_best(flow, side);
    const struct ry_arena_book_order *other = ry_model_flow_best(flow, ry_side_opposite(side));
    const int64_t towards = side == RY_BUY ? market->step : -market->step;
    const int64_t away =
        (int64_t)ry_model_flow_below(flow, flow->profile == RY_MODEL_FLOW_DEEP ? 3 : 6);
    int64_t price = market->center - towards * (1 + away);
    const bool deep = flow->profile == RY_MODEL_FLOW_DEEP; /* a few prices, long queues */
    if (own != NULL && ry_model_flow_chance(flow, deep ? 0 : 800))
        price = own->price - towards * (away - 1);
    if (other != NULL && ry_model_flow_chance(flow, flow->idle ? 400 : deep ? 20 : 120))
        price = other->price + towards * ((int64_t)ry_model_flow_below(flow, 3) - 1);
    const int64_t most = 40 * market->step;
    if (price > market->center + most || price < market->center - most)
        price = market->center - towards * away;
    return price;
}

static uint32_t quantity(struct ry_model_flow *flow)
{
    if (flow->profile == RY_MODEL_FLOW_HOSTILE &&
        ry_model_flow_chance(flow, flow->heavy ? 400 : 20))
        return UINT32_MAX - (uint32_t)ry_model_flow_below(flow, 3);
    return (uint32_t)(1 + ry_model_flow_below(flow, ry_model_flow_chance(flow, 100) ? 100 : 12));
}

/* Around `rec`: mostly less, often all, at times more. */
static uint32_t part_of(struct ry_model_flow *flow, uint32_t rec)
{
    switch (ry_model_flow_below(flow, 10)) {
    case 0: return rec < UINT32_MAX - 5 ? rec + 1 + (uint32_t)ry_model_flow_below(flow, 5) : rec;
    case 1:
    case 2:
    case 3: return rec;
    default: return 1 + (uint32_t)ry_model_flow_below(flow, rec);
    }
}

static uint64_t spent_ref(struct ry_model_flow *flow, uint16_t instrument)
{
    return flow->spent[instrument][ry_model_flow_below(flow, RY_MODEL_FLOW_SPENT)];
}

static void add(struct ry_model_flow *flow, uint16_t instrument, struct ry_input *out)
{
    out->head.kind = RY_IN_ADD;
    out->side = ry_model_flow_chance(flow, 500) ? RY_BUY : RY_SELL;
    out->ref = ry_model_flow_chance(flow, 40) ? spent_ref(flow, instrument) : flow->ref_next++;
    out->price = recorded_price(flow, instrument, (enum ry_side)out->side);
    out->qty = quantity(flow);
    out->head.flags = ry_model_flow_chance(flow, 20) ? RY_INF_SNAPSHOT : 0;
}

bool ry_model_flow_never_printed(const struct ry_model_flow *flow, uint16_t instrument)
{
    return flow->profile == RY_MODEL_FLOW_HOSTILE && (instrument == 2 || instrument == 5) &&
           flow->steps < flow->warmup + 2500;
}

static void exec(struct ry_model_flow *flow, const struct ry_arena_book_order *target,
                 struct ry_input *out)
{
    out->head.kind = ry_model_flow_chance(flow, 40) ? RY_IN_AUCTION : RY_IN_EXEC;
    out->ref = target->ref;
    out->ref_new = ry_model_flow_match(flow);
    out->qty = part_of(flow, target->rec);
    if (ry_model_flow_chance(flow, 600) && !ry_model_flow_never_printed(flow, target->instrument))
        out->head.flags |= RY_INF_PRINTED;
    if (ry_model_flow_chance(flow, 300)) {
        out->head.flags |= RY_INF_PRICED;
        out->price = target->price + (int64_t)ry_model_flow_below(flow, 3) - 1;
    } else if (out->head.kind == RY_IN_EXEC && ry_model_flow_chance(flow, 20)) {
        out->price = RY_PRICE_ABS_MAX + 7; /* nobody may look at it */
    }
}

static void cancel(struct ry_model_flow *flow, const struct ry_arena_book_order *target,
                   struct ry_input *out)
{
    out->head.kind = RY_IN_CANCEL;
    out->ref = target->ref;
    if (ry_model_flow_chance(flow, 300)) {
        out->head.flags |= RY_INF_ALL;
        out->qty = flow->profile == RY_MODEL_FLOW_HOSTILE && ry_model_flow_chance(flow, 20) ? 1 : 0;
        return;
    }
    out->qty = part_of(flow, target->rec);
}

static void replace(struct ry_model_flow *flow, const struct ry_arena_book_order *target,
                    struct ry_input *out)
{
    out->head.kind = RY_IN_REPLACE;
    out->ref = target->ref;
    switch (ry_model_flow_below(flow, 8)) {
    case 0: out->ref_new = spent_ref(flow, target->instrument); break;
    case 1:
    case 2: out->ref_new = target->ref; break;
    default: out->ref_new = flow->ref_next++; break;
    }
    out->price = ry_model_flow_chance(flow, 300)
                     ? target->price
                     : recorded_price(flow, target->instrument, (enum ry_side)target->side);
    out->qty = quantity(flow);
}

static void print(struct ry_model_flow *flow, uint16_t instrument, struct ry_input *out)
{
    out->head.kind = RY_IN_PRINT;
    const enum ry_side side = ry_model_flow_chance(flow, 500) ? RY_BUY : RY_SELL;
    const struct ry_arena_book_order *best = ry_model_flow_best(flow, side);
    const int64_t away =
        (int64_t)ry_model_flow_below(flow, 4) * ry_model_flow_markets[instrument].step;
    out->price = (best != NULL ? best->price : ry_model_flow_markets[instrument].center) +
                 (side == RY_BUY ? -away : away);
    out->ref = ry_model_flow_match(flow);
    out->qty = quantity(flow);
}

/* What stops and starts trading, and what empties the book. */
static void turmoil(struct ry_model_flow *flow, const struct ry_model *view, uint16_t instrument,
                    struct ry_input *out)
{
    const bool trading = ry_model_trading(view, instrument);
    const bool warming = ry_model_next_moment(view) != RY_TIME_NEVER;
    const unsigned stop = warming ? 700 : trading ? 900 : 50;
    switch (ry_model_flow_below(flow, 4)) {
    case 0: out->head.kind = RY_IN_CLEAR; break;
    case 1:
        out->head.kind = RY_IN_SESSION;
        out->head.instrument = 0;
        out->head.source = (uint16_t)(RY_SOURCE_FEED + instrument % 2);
        out->qty = ry_model_flow_chance(flow, stop) ? RY_SESSION_CLOSED : RY_SESSION_OPEN;
        break;
    default:
        out->head.kind = RY_IN_STATE;
        out->qty = ry_model_flow_chance(flow, stop) ? RY_STATE_HALTED : RY_STATE_TRADING;
        break;
    }
}

/* References that are unknown, spent or alive twice. */
static void stranger(struct ry_model_flow *flow, struct ry_input *out)
{
    static const uint8_t kinds[] = {RY_IN_EXEC, RY_IN_CANCEL, RY_IN_REPLACE, RY_IN_AUCTION};
    const struct ry_arena_book_order *live = ry_model_flow_pick(flow, RY_OWNER_RECORDED);
    out->head.kind = kinds[ry_model_flow_below(flow, sizeof kinds)];
    out->ref = ry_model_flow_chance(flow, 500) ? spent_ref(flow, out->head.instrument)
                                               : flow->ref_next + 1000;
    out->ref_new = flow->ref_next++;
    out->qty = quantity(flow);
    if (live != NULL && ry_model_flow_chance(flow, 400)) {
        out->head.kind = RY_IN_ADD;
        out->ref = live->ref;
        out->side = live->side;
        out->price = live->price;
        if (ry_model_flow_chance(flow, 400)) {
            const struct ry_arena_book_order *other = ry_model_flow_pick(flow, RY_OWNER_RECORDED);
            out->head.kind = RY_IN_REPLACE;
            out->ref_new = other->ref;
        }
    }
}

/* How many orders an instrument has before they leave as often as they come. */
static size_t crowd(const struct ry_model_flow *flow)
{
    switch (flow->profile) {
    case RY_MODEL_FLOW_DEEP: return 150;
    case RY_MODEL_FLOW_TINY: return 12;
    case RY_MODEL_FLOW_CALM:
    case RY_MODEL_FLOW_AGENTS:
    case RY_MODEL_FLOW_HOSTILE:
    case RY_MODEL_FLOW_RECORD:
    case RY_MODEL_FLOW_PROFILES: break;
    }
    return 40;
}

void ry_model_flow_recorded(struct ry_model_flow *flow, const struct ry_model *view,
                            uint16_t instrument, struct ry_input *out)
{
    out->head.instrument = instrument;
    out->head.source = (uint16_t)(RY_SOURCE_FEED + instrument % 2);
    flow->idle = flow->steps > flow->warmup && !ry_model_trading(view, instrument);
    const bool hostile = flow->profile == RY_MODEL_FLOW_HOSTILE;
    const unsigned stops = hostile && flow->steps < flow->warmup ? 40 : hostile ? 12 : 3;
    if (ry_model_flow_chance(flow, flow->idle ? 60 : stops)) {
        turmoil(flow, view, instrument, out);
        return;
    }
    if (ry_model_flow_tape(flow, view, instrument, out))
        return;
    const struct ry_arena_book_order *target = ry_model_flow_pick(flow, RY_OWNER_RECORDED);
    uint64_t what = ry_model_flow_below(flow, 1000);
    if (what < 55 && ry_model_flow_never_printed(flow, instrument))
        what += 55;
    const bool full = flow->seen_count > crowd(flow);
    if (what < 20) {
        stranger(flow, out);
    } else if (what < 45) {
        print(flow, instrument, out);
    } else if (what < 55) {
        print(flow, instrument, out);
        out->head.kind = RY_IN_LAST;
        out->side = (uint8_t)ry_model_flow_below(flow, 3);
    } else if (target == NULL || what < (full ? 200 : 550)) {
        add(flow, instrument, out);
    } else if (what < 750) {
        exec(flow, target, out);
    } else if (what < 880) {
        cancel(flow, target, out);
    } else {
        replace(flow, target, out);
    }
    if (target != NULL && (out->head.kind == RY_IN_EXEC || out->head.kind == RY_IN_CANCEL))
        flow->spent[instrument][ry_model_flow_below(flow, RY_MODEL_FLOW_SPENT)] = target->ref;
}
