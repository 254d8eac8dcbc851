/* What the observer sees of agents' orders: their reports, sections 3, 4 and 6 of
 * docs/MATCHING.md. */
#include "tests/model/observer_internal.h"

static void see_market_order(struct ry_model_observer *observer, const struct ry_model *model,
                             const struct ry_input *order, int64_t reference, int64_t band)
{
    const int64_t tick = model->instrument[order->head.instrument].input.tick_size;
    const bool buys = order->side == RY_BUY;
    const int64_t edge = buys ? reference + band : reference - band;
    const bool held = edge > RY_PRICE_ABS_MAX || edge < -RY_PRICE_ABS_MAX;
    RY_MODEL_HIT_IF(observer, buys, market_buy);
    RY_MODEL_HIT_IF(observer, !buys, market_sell);
    RY_MODEL_HIT_IF(observer, buys && edge > RY_PRICE_ABS_MAX, market_buy_edge);
    RY_MODEL_HIT_IF(observer, !buys && edge < -RY_PRICE_ABS_MAX, market_sell_edge);
    RY_MODEL_HIT_IF(observer, (held ? RY_PRICE_ABS_MAX : edge) % tick != 0, market_rounded);
}

/* What the reference price is, and the band around it. */
static void see_reference(struct ry_model_observer *observer, const struct ry_model *model,
                          uint16_t instrument, struct ry_model_collar collar, int64_t reference)
{
    const int64_t part =
        ry_model_band(model, instrument, (struct ry_model_collar){.ppm = collar.ppm}, reference);
    const int64_t ticks = ry_model_band(model, instrument,
                                        (struct ry_model_collar){.ticks = collar.ticks}, reference);
    const bool by_last = model->instrument[instrument].has_last;
    int64_t mid, spread;
    RY_MODEL_HIT_IF(observer, part >= ticks, band_part);
    RY_MODEL_HIT_IF(observer, ticks > part, band_ticks);
    RY_MODEL_HIT_IF(observer, ticks > part && reference <= 0, band_ticks_below);
    RY_MODEL_HIT_IF(observer, by_last, reference_last);
    if (by_last || !ry_model_recorded_mid(model, instrument, &mid, &spread))
        return;
    RY_MODEL_HIT(observer, reference_mid);
    RY_MODEL_HIT_IF(observer, mid < 0 && spread % 2 != 0, reference_mid_floor);
    RY_MODEL_HIT_IF(observer, spread == 2 * (part > ticks ? part : ticks), reference_mid_edge);
    RY_MODEL_HIT_IF(observer, spread < 0, reference_mid_crossed);
    bool broken = false;
    for (size_t i = 0; i < model->trade_count && !broken; i++)
        broken = model->trade[i].instrument == instrument;
    RY_MODEL_HIT_IF(observer, broken, reference_mid_broken);
}

/* An order that came as far as the reference price. */
static void see_priced(struct ry_model_observer *observer, const struct ry_model *model)
{
    const struct ry_input *order = &observer->input->event;
    const uint16_t instrument = order->head.instrument;
    const struct ry_model_collar collar =
        ry_model_collar_of(model, (uint16_t)(order->head.source - RY_SOURCE_AGENT));
    int64_t reference, mid, spread;
    if (!ry_model_reference(model, instrument, collar, &reference)) {
        RY_MODEL_HIT_IF(observer, ry_model_recorded_mid(model, instrument, &mid, &spread),
                        reference_too_wide);
        return;
    }
    see_reference(observer, model, instrument, collar, reference);
    if ((order->head.flags & RY_INF_MARKET) != 0)
        see_market_order(observer, model, order, reference,
                         ry_model_band(model, instrument, collar, reference));
}

static void see_rejected(struct ry_model_observer *observer, const struct ry_model *model,
                         const struct ry_report *report)
{
    RY_MODEL_HIT_IF(observer, model->agent[report->agent].out != RY_OUT_NONE, out_counts);
    switch ((enum ry_reject)report->code) {
    case RY_REJECT_MALFORMED: RY_MODEL_HIT(observer, reject_malformed); return;
    case RY_REJECT_DUPLICATE: RY_MODEL_HIT(observer, reject_duplicate); return;
    case RY_REJECT_INSTRUMENT: RY_MODEL_HIT(observer, reject_instrument); return;
    case RY_REJECT_NOT_TRADING: RY_MODEL_HIT(observer, reject_not_trading); return;
    case RY_REJECT_KILLED: RY_MODEL_HIT(observer, reject_killed); return;
    case RY_REJECT_QUANTITY: RY_MODEL_HIT(observer, reject_quantity); return;
    case RY_REJECT_UNKNOWN_ORDER: RY_MODEL_HIT(observer, reject_unknown_order); return;
    case RY_REJECT_NO_REFERENCE: RY_MODEL_HIT(observer, reject_no_reference); break;
    case RY_REJECT_PRICE: RY_MODEL_HIT(observer, reject_price); break;
    case RY_REJECT_COLLAR: RY_MODEL_HIT(observer, reject_collar); break;
    case RY_REJECT_NOTIONAL: RY_MODEL_HIT(observer, reject_notional); break;
    case RY_REJECT_OPEN_ORDERS: RY_MODEL_HIT(observer, reject_open_orders); break;
    case RY_REJECT_POSITION:
        RY_MODEL_HIT_IF(observer, report->side == RY_BUY, reject_position_buy);
        RY_MODEL_HIT_IF(observer, report->side == RY_SELL, reject_position_sell);
        break;
    case RY_REJECT_RATE: RY_MODEL_HIT(observer, reject_rate); break;
    case RY_REJECT_CAPACITY: RY_MODEL_HIT(observer, reject_capacity); break;
    case RY_REJECT_NONE: return;
    }
    see_priced(observer, model);
}

static void see_money(struct ry_model_observer *observer, const struct ry_model *model,
                      const struct ry_report *fill)
{
    const int32_t ppm = (fill->flags & RY_RPF_MAKER) != 0 ? model->battle.fee_maker_ppm
                                                          : model->battle.fee_taker_ppm;
    const __int128 notional = (__int128)fill->price * fill->qty *
                              model->instrument[fill->instrument].input.money_per_unit;
    observer->fills = true;
    RY_MODEL_HIT(observer, moved);
    RY_MODEL_HIT_IF(observer, fill->fee > 0, fee);
    RY_MODEL_HIT_IF(observer, fill->fee < 0, rebate);
    RY_MODEL_HIT_IF(observer, notional * ppm % RY_PPM != 0, fee_rounded);
    RY_MODEL_HIT_IF(observer, fill->price < 0, negative_price);
}

/* The machine's own order, of an agent that is put out. */
static void see_liquidated(struct ry_model_observer *observer, const struct ry_report *fill)
{
    const int64_t left = fill->position < 0 ? -fill->position : fill->position;
    observer->leaver.taken[fill->instrument] += fill->qty;
    RY_MODEL_HIT_IF(observer, fill->cause == RY_CAUSE_RECORDED, out_takes_recorded);
    RY_MODEL_HIT_IF(observer, fill->cause == RY_CAUSE_AGENT, out_takes_agent);
    RY_MODEL_HIT_IF(observer, left > UINT32_MAX, out_leaves_clamped);
}

static void see_fill(struct ry_model_observer *observer, const struct ry_model *model,
                     const struct ry_report *fill)
{
    see_money(observer, model, fill);
    if (model->agent[fill->agent].out == RY_OUT_NONE)
        observer->pushed[fill->agent] = observer->leaver.is_leaving;
    if ((fill->flags & RY_RPF_MAKER) != 0)
        return;
    RY_MODEL_HIT_IF(observer, fill->cause == RY_CAUSE_RECORDED, take_recorded);
    RY_MODEL_HIT_IF(observer, fill->cause == RY_CAUSE_AGENT, take_agent);
    RY_MODEL_HIT_IF(observer, fill->cause == RY_CAUSE_AGENT && fill->order != 0, resume_agents);
    if (observer->leaver.is_leaving) {
        see_liquidated(observer, fill);
    } else if (ry_model_observer_is(observer, RY_IN_ORDER)) {
        observer->own_fills++;
        RY_MODEL_HIT_IF(observer, fill->price != observer->limit, take_better);
        RY_MODEL_HIT_IF(observer, fill->leaves == 0, take_filled);
    }
}

static void see_canceled(struct ry_model_observer *observer, const struct ry_model *model,
                         const struct ry_report *report)
{
    const bool trading = ry_model_is_trading(model, report->instrument);
    RY_MODEL_HIT_IF(observer, report->code == RY_CANCEL_IOC, ioc_rest);
    RY_MODEL_HIT_IF(observer, report->code == RY_CANCEL_OUT, out_orders);
    RY_MODEL_HIT_IF(observer, report->code == RY_CANCEL_REQUESTED, cancel_requested);
    RY_MODEL_HIT_IF(observer, report->code == RY_CANCEL_REQUESTED && !trading,
                    cancel_requested_halted);
    if (report->code != RY_CANCEL_SELF_TRADE)
        return;
    RY_MODEL_HIT(observer, self_trade);
    RY_MODEL_HIT_IF(observer, observer->own_fills > 0, self_trade_after_fill);
    RY_MODEL_HIT_IF(observer, report->order != 0, resume_self_trade);
}

void ry_model_observe_report(struct ry_model_observer *observer, const struct ry_model *model,
                             const struct ry_report *report)
{
    switch ((enum ry_report_kind)report->kind) {
    case RY_RP_ACCEPTED:
        observer->limit = report->price;
        RY_MODEL_HIT(observer, accepted);
        see_priced(observer, model);
        break;
    case RY_RP_REJECTED: see_rejected(observer, model, report); break;
    case RY_RP_FILL: see_fill(observer, model, report); break;
    case RY_RP_RESTED:
        RY_MODEL_HIT(observer, rest);
        RY_MODEL_HIT_IF(observer, observer->own_fills > 0, rest_after_fill);
        break;
    case RY_RP_CANCELED: see_canceled(observer, model, report); break;
    case RY_RP_OUT: ry_model_observe_out(observer, model); break;
    default: break;
    }
}

void ry_model_observe_resumed(struct ry_model_observer *observer,
                              const struct ry_model_order *order, uint32_t before)
{
    RY_MODEL_HIT_IF(observer, order->open == before, resume_no_match);
    RY_MODEL_HIT_IF(observer, order->open == 0, resume_filled);
    RY_MODEL_HIT_IF(observer, order->open > 0 && order->open < before, resume_part);
    RY_MODEL_HIT_IF(observer, observer->met > 1, resume_several);
    observer->met = 0;
}
