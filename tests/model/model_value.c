/* What an agent is worth, reference price, equity and liquidation value: section 8 of
 * docs/MATCHING.md. */
#include "tests/model/internal.h"

/* Counts a clause, unless somebody only looks. */
static void hit(uint64_t *clauses, enum ry_model_clause clause)
{
    if (clauses != NULL)
        clauses[clause]++;
}

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
__int128 ry_model_equity_of(const struct ry_model *model, uint16_t agent, uint64_t *clauses)
{
    const struct ry_model_account *account = &model->agent[agent].account;
    __int128 equity = account->cash;
    for (uint32_t i = 0; i < model->instruments; i++) {
        int64_t reference;
        if (account->position[i] == 0)
            continue;
        if (!ry_model_reference(model, (uint16_t)i, &reference)) {
            hit(clauses, RY_CLAUSE_equity_no_reference);
            continue;
        }
        hit(clauses, model->instrument[i].has_last ? RY_CLAUSE_equity_last : RY_CLAUSE_equity_mid);
        equity +=
            (__int128)account->position[i] * reference * model->instrument[i].input.money_per_unit;
    }
    return equity;
}

/* H = ceil(|N| x haircut_ppm / 1e6), in two parts that fit */
static __int128 haircut(const struct ry_model *model, __int128 notional, uint64_t *clauses)
{
    const __int128 size = notional < 0 ? -notional : notional;
    const __int128 ppm = model->battle.haircut_ppm;
    const __int128 small = size % RY_PPM * ppm;
    if (small % RY_PPM != 0)
        hit(clauses, RY_CLAUSE_haircut_rounded);
    return size / RY_PPM * ppm + ry_model_ceil_div(small, RY_PPM);
}

__int128 ry_model_rest_value(const struct ry_model *model, uint16_t instrument, int64_t position,
                             uint64_t *clauses)
{
    int64_t reference;
    if (!ry_model_reference(model, instrument, &reference)) {
        hit(clauses, RY_CLAUSE_rest_no_reference);
        return 0;
    }
    const __int128 worth =
        (__int128)position * reference * model->instrument[instrument].input.money_per_unit;
    if (worth != 0 && (worth < 0) == (position > 0))
        hit(clauses, RY_CLAUSE_rest_negative_price);
    return worth - haircut(model, worth, clauses); /* N - H, or -N - H of a short one */
}

/* A position sold or bought in thought; what the book cannot take counts as the rest. */
static __int128 position_value(const struct ry_model *model, uint16_t agent, uint16_t instrument,
                               uint64_t *clauses)
{
    const int64_t position = model->agent[agent].account.position[instrument];
    const int64_t sign = position > 0 ? 1 : -1;
    const struct ry_model_side *book =
        &model->instrument[instrument].side[position > 0 ? RY_BUY : RY_SELL];
    int64_t left = position * sign;
    __int128 value = 0;
    if (!ry_model_is_trading(model, instrument))
        hit(clauses, RY_CLAUSE_value_halted);
    for (size_t i = 0; i < book->count && left > 0; i++) {
        const struct ry_model_order *order = book->order[i];
        if (order->owner == agent) {
            hit(clauses, RY_CLAUSE_value_own);
            continue;
        }
        const int64_t qty = left < order->open ? left : order->open;
        if (qty > 0)
            hit(clauses, position > 0 ? RY_CLAUSE_value_long : RY_CLAUSE_value_short);
        value += (__int128)order->price * qty * sign *
                 model->instrument[instrument].input.money_per_unit;
        left -= qty;
    }
    if (left > 0) {
        hit(clauses, position > 0 ? RY_CLAUSE_value_long_rest : RY_CLAUSE_value_short_rest);
        value += ry_model_rest_value(model, instrument, left * sign, clauses);
    }
    return value;
}

__int128 ry_model_value_of(const struct ry_model *model, uint16_t agent, uint64_t *clauses)
{
    __int128 value = model->agent[agent].account.cash;
    for (uint32_t i = 0; i < model->instruments; i++)
        if (model->agent[agent].account.position[i] != 0)
            value += position_value(model, agent, (uint16_t)i, clauses);
    return value;
}
