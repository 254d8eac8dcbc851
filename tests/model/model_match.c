/* What recorded inputs and agents' orders have in common, and the start and stop of trading. */
#include "tests/model/observer.h"

static void report_maker(struct ry_model *model, const struct ry_model_order *resting, uint32_t qty,
                         enum ry_cause cause)
{
    const __int128 fee = ry_model_charge(model, resting->owner, resting->instrument, resting->price,
                                         qty, model->battle.fee_maker_ppm);
    ry_model_report(model, resting->owner,
                    (struct ry_report){.kind = RY_RP_FILL,
                                       .instrument = resting->instrument,
                                       .side = (uint8_t)resting->side,
                                       .flags = RY_RPF_MAKER,
                                       .cause = (uint8_t)cause,
                                       .cl_ord_id = resting->ref,
                                       .price = resting->price,
                                       .qty = qty,
                                       .leaves = resting->open,
                                       .order = resting->id,
                                       .fee = ry_model_clamp(fee)});
}

void ry_model_meet(struct ry_model *model, struct ry_model_order *resting, uint32_t qty,
                   uint16_t taker, enum ry_cause cause)
{
    ry_model_observe(
        model, RY_MODEL_SEEN_MET,
        (struct ry_model_facts){.order = resting, .qty = qty, .owner = taker, .cause = cause});
    resting->open -= qty;
    const bool buys = resting->side == RY_BUY;
    ry_model_exchange(model, resting->instrument, resting->price, qty,
                      buys ? resting->owner : taker, buys ? taker : resting->owner);
    if (resting->owner != RY_OWNER_RECORDED)
        report_maker(model, resting, qty, cause);
    ry_model_trade(model, resting->instrument, resting->price, qty,
                   ry_side_opposite(resting->side));
    ry_model_change(model, resting, 0);
    ry_model_leave_if_spent(model, resting);
}

static struct ry_model_order *first_with_surplus(struct ry_model_side *book)
{
    for (size_t i = 0; i < book->count; i++)
        if (book->order[i]->surplus > 0)
            return book->order[i];
    return NULL;
}

static void stop(struct ry_model *model, uint16_t instrument)
{
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        struct ry_model_order *order;
        while ((order = first_with_surplus(&model->instrument[instrument].side[side])) != NULL)
            ry_model_drop_surplus(model, order);
    }
}

/* The agent's order that arrived first after `arrival`, over both sides; NULL if none did. */
static struct ry_model_order *next_by_arrival(struct ry_model *model, uint16_t instrument,
                                              uint64_t arrival)
{
    struct ry_model_order *next = NULL;
    for (int side = RY_BUY; side <= RY_SELL; side++) {
        const struct ry_model_side *book = &model->instrument[instrument].side[side];
        for (size_t i = 0; i < book->count; i++) {
            struct ry_model_order *order = book->order[i];
            if (order->owner != RY_OWNER_RECORDED && order->arrival > arrival &&
                (next == NULL || order->arrival < next->arrival))
                next = order;
        }
    }
    return next;
}

static void start(struct ry_model *model, uint16_t instrument)
{
    uint64_t arrival = 0;
    struct ry_model_order *order;
    while ((order = next_by_arrival(model, instrument, arrival)) != NULL) {
        arrival = order->arrival;
        ry_model_resume_order(model, order);
    }
}

void ry_model_trading_changed(struct ry_model *model, uint16_t instrument, bool before)
{
    const bool now = ry_model_is_trading(model, instrument);
    if (now == before)
        return;
    ry_model_state(model, instrument, now);
    if (now)
        start(model, instrument);
    else
        stop(model, instrument);
}
