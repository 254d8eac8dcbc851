/* Cash, shares and fees: section 6 of docs/MATCHING.md. */
#include "tests/model/internal.h"

__int128 ry_model_floor_div(__int128 a, __int128 b)
{
    const __int128 quotient = a / b; /* towards zero */
    return a % b < 0 ? quotient - 1 : quotient;
}

__int128 ry_model_ceil_div(__int128 a, __int128 b)
{
    return -ry_model_floor_div(-a, b);
}

int64_t ry_model_clamp(__int128 value)
{
    if (value > INT64_MAX)
        return INT64_MAX;
    return value < INT64_MIN ? INT64_MIN : (int64_t)value;
}

static __int128 notional(const struct ry_model *model, uint16_t instrument, int64_t price,
                         uint32_t qty)
{
    return (__int128)price * qty * model->instrument[instrument].input.money_per_unit;
}

static struct ry_model_account *account_of(struct ry_model *model, uint16_t owner)
{
    return owner == RY_OWNER_RECORDED ? &model->recorded : &model->agent[owner].account;
}

void ry_model_exchange(struct ry_model *model, uint16_t instrument, int64_t price, uint32_t qty,
                       uint16_t buyer, uint16_t seller)
{
    const __int128 money = notional(model, instrument, price, qty);
    account_of(model, buyer)->cash -= money;
    account_of(model, buyer)->position[instrument] += qty;
    account_of(model, seller)->cash += money;
    account_of(model, seller)->position[instrument] -= qty;
}

__int128 ry_model_charge(struct ry_model *model, uint16_t agent, uint16_t instrument, int64_t price,
                         uint32_t qty, int32_t ppm)
{
    const __int128 money = notional(model, instrument, price, qty);
    const __int128 parts = (money < 0 ? -money : money) * ppm;
    const __int128 fee = ry_model_ceil_div(parts, RY_PPM);
    model->agent[agent].account.cash -= fee;
    model->fees += fee;
    return fee;
}
