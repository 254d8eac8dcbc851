/* Reference price and band, section 3 of docs/MATCHING.md; what an agent is worth, equity and
 * liquidation value, section 8. */
#include "tests/model/internal.h"

struct ry_model_collar ry_model_collar_of(const struct ry_model *model, uint16_t agent)
{
    const struct ry_input_agent *input = &model->agent[agent].input;
    return (struct ry_model_collar){.ppm = input->collar_ppm, .ticks = input->collar_ticks};
}

struct ry_model_collar ry_model_widest_collar(const struct ry_model *model)
{
    struct ry_model_collar widest = {0};
    for (uint32_t a = 0; a < model->agents; a++) {
        const struct ry_model_collar collar = ry_model_collar_of(model, (uint16_t)a);
        if (collar.ppm > widest.ppm)
            widest.ppm = collar.ppm;
        if (collar.ticks > widest.ticks)
            widest.ticks = collar.ticks;
    }
    return widest;
}

int64_t ry_model_band(const struct ry_model *model, uint16_t instrument,
                      struct ry_model_collar collar, int64_t price)
{
    const __int128 size = price < 0 ? -price : price;
    const int64_t part = (int64_t)ry_model_floor_div(size * collar.ppm, RY_PPM);
    const int64_t ticks = collar.ticks * model->instrument[instrument].input.tick_size;
    return part > ticks ? part : ticks;
}

bool ry_model_recorded_mid(const struct ry_model *model, uint16_t instrument, int64_t *mid,
                           int64_t *spread)
{
    int64_t buy;
    int64_t sell;
    if (!ry_model_recorded_best(model, instrument, RY_BUY, &buy) ||
        !ry_model_recorded_best(model, instrument, RY_SELL, &sell))
        return false;
    *mid = (int64_t)ry_model_floor_div(buy + sell, 2);
    *spread = sell - buy;
    return true;
}

bool ry_model_reference(const struct ry_model *model, uint16_t instrument,
                        struct ry_model_collar collar, int64_t *price)
{
    int64_t spread;
    if (ry_model_last_price(model, instrument, price))
        return true;
    return ry_model_recorded_mid(model, instrument, price, &spread) &&
           spread <= 2 * ry_model_band(model, instrument, collar, *price);
}

bool ry_model_common_reference(const struct ry_model *model, uint16_t instrument, int64_t *price)
{
    return ry_model_reference(model, instrument, ry_model_widest_collar(model), price);
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
        if (!ry_model_common_reference(model, (uint16_t)i, &reference))
            continue;
        equity +=
            (__int128)account->position[i] * reference * model->instrument[i].input.money_per_unit;
    }
    return equity;
}

/* In two parts that fit. */
__int128 ry_model_haircut_part(const struct ry_model *model, __int128 notional)
{
    const __int128 size = notional < 0 ? -notional : notional;
    const __int128 ppm = model->battle.haircut_ppm;
    const __int128 small = size % RY_PPM * ppm;
    return size / RY_PPM * ppm + ry_model_ceil_div(small, RY_PPM);
}

__int128 ry_model_haircut_ticks(const struct ry_model *model, uint16_t instrument, __int128 lots)
{
    const struct ry_input_instrument *input = &model->instrument[instrument].input;
    const int64_t h = model->battle.haircut_ticks * input->tick_size;
    return lots * (h < RY_PRICE_ABS_MAX ? h : RY_PRICE_ABS_MAX) * input->money_per_unit;
}

__int128 ry_model_rest_value(const struct ry_model *model, uint16_t instrument, int64_t position)
{
    int64_t reference;
    if (!ry_model_common_reference(model, instrument, &reference))
        return 0;
    const __int128 lots = position < 0 ? -(__int128)position : position;
    const __int128 worth =
        (__int128)position * reference * model->instrument[instrument].input.money_per_unit;
    const __int128 part = ry_model_haircut_part(model, worth);
    const __int128 ticks = ry_model_haircut_ticks(model, instrument, lots);
    return worth - (part > ticks ? part : ticks); /* N - H, or -N - H of a short one */
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
