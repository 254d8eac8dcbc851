#include "core/arena/risk.h"

#include "core/arena/value.h"

/* RISK-16: a market order's limit, the collar's far edge, on the tick. */
static int64_t far_edge(const struct ry_arena_instrument *instrument, unsigned side, int64_t at,
                        int64_t band)
{
    int64_t tick = instrument->tick_size;
    if (side == RY_BUY) {
        int64_t edge = at + band < RY_PRICE_ABS_MAX ? at + band : RY_PRICE_ABS_MAX;
        return ry_arena_floor_div(edge, tick) * tick;
    }
    int64_t edge = at - band > -RY_PRICE_ABS_MAX ? at - band : -RY_PRICE_ABS_MAX;
    return -ry_arena_floor_div(-edge, tick) * tick;
}

/* A price within RY_PRICE_ABS_MAX is on the tick's grid: by the tick's inverse, as levels are
 * found. */
static bool on_grid(const struct ry_arena_instrument *instrument, int64_t price)
{
    const struct ry_arena_book *book = &instrument->side[0];
    uint64_t size = (uint64_t)(price < 0 ? -price : price);
    return (size * book->inverse >> book->shift) * (uint64_t)book->tick == size;
}

static enum ry_reject check_price(const struct ry_arena_instrument *instrument,
                                  const struct ry_arena_agent *agent, const struct ry_input *in,
                                  int64_t *limit)
{
    int64_t at;
    if (!ry_arena_value_reference(instrument, agent->collar, &at)) /* RISK-7 */
        return RY_REJECT_NO_REFERENCE;
    int64_t band = ry_arena_value_band(instrument, agent->collar, at);
    if (in->head.flags & RY_INF_MARKET) {
        *limit = far_edge(instrument, in->side, at, band);
        return RY_REJECT_NONE;
    }
    *limit = in->price;
    /* RISK-8 */
    if (in->price > RY_PRICE_ABS_MAX || in->price < -RY_PRICE_ABS_MAX ||
        !on_grid(instrument, in->price))
        return RY_REJECT_PRICE;
    if (in->price > at + band || in->price < at - band) /* RISK-9 */
        return RY_REJECT_COLLAR;
    return RY_REJECT_NONE;
}

/* RISK-10: a limit has 31 bits, a quantity 32. */
static bool notional_above(const struct ry_arena_instrument *instrument, int64_t limit,
                           uint32_t qty, int64_t max)
{
    uint64_t lots_price = (uint64_t)(limit < 0 ? -limit : limit) * qty;
    uint64_t notional;
    return __builtin_mul_overflow(lots_price, (uint64_t)instrument->money_per_unit, &notional) ||
           notional > (uint64_t)max;
}

static __int128 notional_of(const struct ry_arena_instrument *instrument, int64_t limit,
                            uint32_t qty)
{
    return (__int128)(limit < 0 ? -limit : limit) * qty * instrument->money_per_unit;
}

/* What is held on the order's side, what is open there, and the order. */
static __int128 exposure_of(const struct ry_arena_holding *holding, const struct ry_input *in)
{
    return -ry_arena_flip_money(in->side, holding->position) + holding->open[in->side - 1] +
           in->qty;
}

static enum ry_reject check_limits(const struct ry_arena *a,
                                   const struct ry_arena_instrument *instrument, uint16_t id,
                                   const struct ry_input *in, int64_t limit)
{
    const struct ry_arena_agent *agent = &a->agent[id];
    if (notional_above(instrument, limit, in->qty, agent->notional_max))
        return RY_REJECT_NOTIONAL;
    if (agent->open_orders >= agent->open_orders_max) /* RISK-11 */
        return RY_REJECT_OPEN_ORDERS;
    /* RISK-12 */
    if (exposure_of(ry_arena_holding_at(a, instrument->id, id), in) > agent->position_max)
        return RY_REJECT_POSITION;
    if (agent->commands > agent->rate_max) /* RISK-13 */
        return RY_REJECT_RATE;
    if (a->orders_live == a->orders_max) /* RISK-14 */
        return RY_REJECT_CAPACITY;
    return RY_REJECT_NONE;
}

/* RISK-1 */
static bool well_formed(const struct ry_input *in)
{
    if (in->side != RY_BUY && in->side != RY_SELL)
        return false;
    if (in->head.flags & ~(RY_INF_MARKET | RY_INF_IOC))
        return false;
    return !(in->head.flags & RY_INF_MARKET) || in->price == 0;
}

enum ry_reject ry_arena_risk_check(struct ry_arena *a, uint16_t id, const struct ry_input *in,
                                   int64_t *limit)
{
    struct ry_arena_agent *agent = &a->agent[id];
    if (!well_formed(in))
        return RY_REJECT_MALFORMED;
    if (in->ref <= agent->cl_ord_id_max) /* RISK-2 */
        return RY_REJECT_DUPLICATE;
    agent->cl_ord_id_max = in->ref;
    if (in->head.instrument >= a->instruments) /* RISK-3 */
        return RY_REJECT_INSTRUMENT;
    const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, in->head.instrument);
    if (!instrument->trading) /* RISK-4 */
        return RY_REJECT_NOT_TRADING;
    if (agent->out) /* RISK-5 */
        return RY_REJECT_KILLED;
    if (in->qty == 0 || in->qty > agent->quantity_max) /* RISK-6 */
        return RY_REJECT_QUANTITY;
    enum ry_reject reject = check_price(instrument, agent, in, limit);
    return reject ? reject : check_limits(a, instrument, id, in, *limit);
}

void ry_arena_checked(const struct ry_arena *a, uint16_t id, const struct ry_input *in,
                      struct ry_arena_checked *out)
{
    assert(id < a->agents);
    const struct ry_arena_agent *agent = &a->agent[id];
    *out = (struct ry_arena_checked){
        .cl_ord_id_max = agent->cl_ord_id_max,
        .quantity_max = agent->quantity_max,
        .commands = agent->commands,
        .rate_max = agent->rate_max,
        .open_orders = agent->open_orders,
        .open_orders_max = agent->open_orders_max,
        .orders_max = a->orders_max,
        .notional_max = agent->notional_max,
        .position_max = agent->position_max,
    };
    if (in->head.instrument >= a->instruments || (in->side != RY_BUY && in->side != RY_SELL))
        return;
    const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, in->head.instrument);
    const struct ry_arena_holding *holding = ry_arena_holding_at(a, instrument->id, id);
    out->tick_size = instrument->tick_size;
    out->position = holding->position;
    out->open = holding->open[in->side - 1];
    out->exposure = exposure_of(holding, in);
    out->has_reference = ry_arena_value_reference(instrument, agent->collar, &out->reference);
    out->limit = in->price;
    if (out->has_reference) {
        int64_t band = ry_arena_value_band(instrument, agent->collar, out->reference);
        out->low = out->reference - band;
        out->high = out->reference + band;
        if (in->head.flags & RY_INF_MARKET)
            out->limit = far_edge(instrument, in->side, out->reference, band);
    }
    /* A price that is none may be any number: what it would cost is not asked for. */
    if (out->limit <= RY_PRICE_ABS_MAX && out->limit >= -RY_PRICE_ABS_MAX)
        out->notional = notional_of(instrument, out->limit, in->qty);
}
