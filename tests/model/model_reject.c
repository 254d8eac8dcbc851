/* The checks of an ORDER, row by row as in the table of section 3 of docs/MATCHING.md. */
#include "tests/model/internal.h"

static bool is_malformed(const struct ry_input *order)
{
    return (order->side != RY_BUY && order->side != RY_SELL) ||
           (order->head.flags & ~(unsigned)(RY_INF_MARKET | RY_INF_IOC)) != 0 ||
           ((order->head.flags & RY_INF_MARKET) != 0 && order->price != 0);
}

static int64_t round_down(int64_t price, int64_t tick)
{
    return (int64_t)ry_model_floor_div(price, tick) * tick;
}

static int64_t round_up(int64_t price, int64_t tick)
{
    return (int64_t)ry_model_ceil_div(price, tick) * tick;
}

/* A market order's limit: the collar's far edge, on the tick. */
static int64_t market_limit(enum ry_side side, int64_t reference, int64_t band, int64_t tick)
{
    if (side == RY_BUY) {
        const int64_t edge = reference + band;
        return round_down(edge > RY_PRICE_ABS_MAX ? RY_PRICE_ABS_MAX : edge, tick);
    }
    const int64_t edge = reference - band;
    return round_up(edge < -RY_PRICE_ABS_MAX ? -RY_PRICE_ABS_MAX : edge, tick);
}

/* Lots that an agent has open on one side of one instrument. */
static int64_t open_lots(const struct ry_model *model, uint16_t agent, uint16_t instrument,
                         enum ry_side side)
{
    const struct ry_model_side *book = &model->instrument[instrument].side[side];
    int64_t lots = 0;
    for (size_t i = 0; i < book->count; i++)
        if (book->order[i]->owner == agent)
            lots += book->order[i]->open;
    return lots;
}

static bool position_exceeded(const struct ry_model *model, const struct ry_input *order,
                              uint16_t agent)
{
    const uint16_t instrument = order->head.instrument;
    const enum ry_side side = (enum ry_side)order->side;
    const int64_t held = model->agent[agent].account.position[instrument];
    const int64_t open = open_lots(model, agent, instrument, side);
    return (side == RY_BUY ? held : -held) + open + order->qty >
           model->agent[agent].input.position_max;
}

/* From CAPACITY's row up to NOTIONAL's: what needs the limit. */
static enum ry_reject check_limits(struct ry_model *model, const struct ry_input *order,
                                   uint16_t agent, int64_t limit)
{
    const struct ry_model_agent *who = &model->agent[agent];
    const __int128 notional = (__int128)(limit < 0 ? -limit : limit) * order->qty *
                              model->instrument[order->head.instrument].input.money_per_unit;
    if (notional > who->input.notional_max)
        return RY_REJECT_NOTIONAL;
    if (ry_model_open_orders(model, agent) >= who->input.open_orders_max)
        return RY_REJECT_OPEN_ORDERS;
    if (position_exceeded(model, order, agent))
        return RY_REJECT_POSITION;
    if (who->commands_in_second > who->input.rate_max)
        return RY_REJECT_RATE;
    if (ry_model_live(model) >= model->battle.orders_max)
        return RY_REJECT_CAPACITY;
    return RY_REJECT_NONE;
}

/* Sets the order's limit: PRICE and COLLAR look at limit prices alone. */
static enum ry_reject check_price(struct ry_model *model, const struct ry_input *order,
                                  uint16_t agent, int64_t *limit)
{
    const struct ry_model_instrument *in = &model->instrument[order->head.instrument];
    const int64_t tick = in->input.tick_size;
    const struct ry_model_collar collar = ry_model_collar_of(model, agent);
    int64_t reference;
    if (!ry_model_reference(model, order->head.instrument, collar, &reference))
        return RY_REJECT_NO_REFERENCE;
    const int64_t band = ry_model_band(model, order->head.instrument, collar, reference);
    if ((order->head.flags & RY_INF_MARKET) != 0) {
        *limit = market_limit((enum ry_side)order->side, reference, band, tick);
        return RY_REJECT_NONE;
    }
    if (order->price > RY_PRICE_ABS_MAX || order->price < -RY_PRICE_ABS_MAX ||
        order->price % tick != 0)
        return RY_REJECT_PRICE;
    if (order->price < reference - band || order->price > reference + band)
        return RY_REJECT_COLLAR;
    *limit = order->price;
    return RY_REJECT_NONE;
}

static enum ry_reject check(struct ry_model *model, const struct ry_input *order, uint16_t agent,
                            int64_t *limit)
{
    struct ry_model_agent *who = &model->agent[agent];
    if (is_malformed(order))
        return RY_REJECT_MALFORMED;
    if (order->ref <= who->cl_ord_id_max)
        return RY_REJECT_DUPLICATE;
    who->cl_ord_id_max = order->ref;
    if (order->head.instrument >= model->instruments)
        return RY_REJECT_INSTRUMENT;
    if (!ry_model_is_trading(model, order->head.instrument))
        return RY_REJECT_NOT_TRADING;
    if (who->out != RY_OUT_NONE)
        return RY_REJECT_KILLED;
    if (order->qty == 0 || order->qty > who->input.quantity_max)
        return RY_REJECT_QUANTITY;
    const enum ry_reject price = check_price(model, order, agent, limit);
    return price != RY_REJECT_NONE ? price : check_limits(model, order, agent, *limit);
}

struct ry_model_limit ry_model_check(struct ry_model *model, const struct ry_input *input,
                                     uint16_t agent)
{
    struct ry_model_limit limit = {0};
    limit.reject = check(model, input, agent, &limit.price);
    return limit;
}
