/* What an agent is worth, reference price, equity and liquidation value: section 8 of
 * docs/MATCHING.md. */
#include "tests/model/internal.h"

bool ry_model_reference(const struct ry_model *model, uint16_t instrument, int64_t *price)
{
    if (ry_model_last_price(model, instrument, price))
        return true;
    int64_t buy;
    int64_t sell;
    if (!ry_model_recorded_best(model, instrument, RY_BUY, &buy) ||
        !ry_model_recorded_best(model, instrument, RY_SELL, &sell))
        return false;
    *price = (int64_t)ry_model_floor_div(buy + sell, 2);
    return true;
}

/* cash + the sum of position x reference x money_per_unit */
__int128 ry_model_equity_of(const struct ry_model *model, uint16_t agent)
{
    const struct ry_model_account *account = &model->agent[agent].account;
    __int128 equity = account->cash;
    for (uint32_t i = 0; i < model->instruments; i++) {
        int64_t reference;
        if (account->position[i] == 0)
            continue;
        if (!ry_model_reference(model, (uint16_t)i, &reference))
            continue;
        equity +=
            (__int128)account->position[i] * reference * model->instrument[i].input.money_per_unit;
    }
    return equity;
}

/* H = ceil(|N| x haircut_ppm / 1e6), in two parts that fit */
static __int128 haircut(const struct ry_model *model, __int128 notional)
{
    const __int128 size = notional < 0 ? -notional : notional;
    const __int128 ppm = model->battle.haircut_ppm;
    const __int128 small = size % RY_PPM * ppm;
    return size / RY_PPM * ppm + ry_model_ceil_div(small, RY_PPM);
}

__int128 ry_model_rest_value(const struct ry_model *model, uint16_t instrument, int64_t position)
{
    int64_t reference;
    if (!ry_model_reference(model, instrument, &reference))
        return 0;
    const __int128 worth =
        (__int128)position * reference * model->instrument[instrument].input.money_per_unit;
    return worth - haircut(model, worth); /* N - H, or -N - H of a short one */
}

/* A position sold or bought in thought; what the book cannot take counts as the rest. */
static __int128 position_value(const struct ry_model *model, uint16_t agent, uint16_t instrument)
{
    const int64_t position = model->agent[agent].account.position[instrument];
    const int64_t sign = position > 0 ? 1 : -1;
    const struct ry_model_side *book =
        &model->instrument[instrument].side[position > 0 ? RY_BUY : RY_SELL];
    int64_t left = position * sign;
    __int128 value = 0;
    for (size_t i = 0; i < book->count && left > 0; i++) {
        const struct ry_model_order *order = book->order[i];
        if (order->owner == agent)
            continue;
        const int64_t qty = left < order->open ? left : order->open;
        value += (__int128)order->price * qty * sign *
                 model->instrument[instrument].input.money_per_unit;
        left -= qty;
    }
    if (left > 0)
        value += ry_model_rest_value(model, instrument, left * sign);
    return value;
}

__int128 ry_model_value_of(const struct ry_model *model, uint16_t agent)
{
    __int128 value = model->agent[agent].account.cash;
    for (uint32_t i = 0; i < model->instruments; i++)
        if (model->agent[agent].account.position[i] != 0)
            value += position_value(model, agent, (uint16_t)i);
    return value;
}
