#include "core/results/ledger.h"

#include <assert.h>

#include "core/results/emit.h"

int64_t ry_results_clamp(__int128 money)
{
    return money > INT64_MAX ? INT64_MAX : money < INT64_MIN ? INT64_MIN : (int64_t)money;
}

/* Rounded against the agent. */
static __int128 share(__int128 notional, int64_t ppm)
{
    __int128 size = notional < 0 ? -notional : notional;
    /* In two parts: the whole product may be larger than 128 bits. */
    __int128 part = size % RY_PPM * ppm;
    return size / RY_PPM * ppm + part / RY_PPM + (part % RY_PPM > 0);
}

static __int128 worth(const struct ry_results *r, uint16_t instrument, int64_t price, int64_t lots)
{
    return (__int128)price * lots * r->instrument[instrument].money_per_unit;
}

/* One agent's side of a trade; returns its fee. */
static __int128 post(struct ry_results *r, const struct ry_report *f, unsigned counterparty)
{
    struct ry_results_agent *agent = &r->agent[f->agent];
    struct ry_results_flow *flow = &agent->flow[counterparty];
    bool maker = f->flags & RY_RPF_MAKER;
    int64_t lots = f->side == RY_BUY ? (int64_t)f->qty : -(int64_t)f->qty;
    __int128 cash = -worth(r, f->instrument, f->price, lots);
    __int128 fee = share(cash, maker ? r->battle.fee_maker_ppm : r->battle.fee_taker_ppm);
    struct ry_results_count *count = maker               ? &agent->maker
                                     : f->cl_ord_id != 0 ? &agent->taker
                                                         : &agent->liquidation;
    count->fills++;
    count->lots += f->qty;
    flow->count.fills++;
    flow->count.lots += f->qty;
    flow->cash += cash;
    *ry_results_lots(r, f->instrument, f->agent, counterparty) += lots;
    agent->cash += cash - fee;
    agent->fees += fee;
    /* A liquidation's cash has what was handed over in instruments before: ry_results_hand_over
     * looks at it. */
    assert(f->fee == ry_results_clamp(fee));
    assert(count == &agent->liquidation || f->cash == ry_results_clamp(agent->cash));
    assert(f->position == ry_results_position(r, f->instrument, f->agent));
    return fee;
}

static void trade_between_agents(struct ry_results *r, const struct ry_report *maker,
                                 const struct ry_report *taker)
{
    assert(!(taker->flags & RY_RPF_MAKER) && taker->agent != maker->agent);
    assert(taker->instrument == maker->instrument && taker->qty == maker->qty &&
           taker->price == maker->price);
    assert(taker->side == ry_side_opposite((enum ry_side)maker->side));
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_TRADE,
        .trade = {.instrument = taker->instrument,
                  .price = taker->price,
                  .qty = taker->qty,
                  .side = taker->side,
                  .maker = maker->agent,
                  .taker = taker->agent,
                  .cause = RY_CAUSE_AGENT,
                  .maker_cl_ord_id = maker->cl_ord_id,
                  .taker_cl_ord_id = taker->cl_ord_id,
                  .maker_fee = post(r, maker, taker->agent),
                  .taker_fee = post(r, taker, maker->agent)},
    };
    ry_results_emit(r, &row);
}

static void trade_with_record(struct ry_results *r, const struct ry_report *f)
{
    bool maker = f->flags & RY_RPF_MAKER;
    __int128 fee = post(r, f, RY_RESULTS_RECORDED);
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_TRADE,
        .trade = {.instrument = f->instrument,
                  .price = f->price,
                  .qty = f->qty,
                  .side = maker ? (uint8_t)ry_side_opposite((enum ry_side)f->side) : f->side,
                  .maker = maker ? f->agent : RY_RESULTS_NONE,
                  .taker = maker ? RY_RESULTS_NONE : f->agent,
                  .cause = f->cause,
                  .maker_cl_ord_id = maker ? f->cl_ord_id : 0,
                  .taker_cl_ord_id = maker ? 0 : f->cl_ord_id,
                  .maker_fee = maker ? fee : 0,
                  .taker_fee = maker ? 0 : fee},
    };
    ry_results_emit(r, &row);
}

void ry_results_fill(struct ry_results *r, const struct ry_report *report)
{
    struct ry_results_instrument *instrument = &r->instrument[report->instrument];
    instrument->traded = true;
    if (report->cause == RY_CAUSE_AGENT && report->flags & RY_RPF_MAKER) {
        assert(!r->holds);
        r->held = *report;
        r->holds = true;
        return;
    }
    instrument->agent_lots += report->qty;
    if (report->cause == RY_CAUSE_AGENT) {
        assert(r->holds);
        r->holds = false;
        trade_between_agents(r, &r->held, report);
    } else {
        trade_with_record(r, report);
    }
}

/* ---- going out ------------------------------------------------------------------------------- */

static __int128 haircut_of(const struct ry_results *r, uint16_t instrument, __int128 notional,
                           uint64_t lots)
{
    __int128 part = share(notional, (int64_t)r->battle.haircut_ppm);
    int64_t lot = r->instrument[instrument].tick_size * r->battle.haircut_ticks;
    if (lot > RY_PRICE_ABS_MAX)
        lot = RY_PRICE_ABS_MAX;
    __int128 ticks = (__int128)lot * lots * r->instrument[instrument].money_per_unit;
    return part > ticks ? part : ticks;
}

/* Returns what the agent got for it. */
static __int128 hand_over_one(struct ry_results *r, const struct ry_arena *arena, uint16_t agent,
                              uint16_t instrument, int64_t lots)
{
    struct ry_results_agent *account = &r->agent[agent];
    struct ry_results_flow *flow = &account->flow[RY_RESULTS_RECORDED];
    int64_t price = 0;
    bool valued = ry_arena_reference(arena, instrument, &price);
    if (!valued)
        price = 0;
    __int128 whole = worth(r, instrument, price, lots);
    uint64_t size = lots < 0 ? -(uint64_t)lots : (uint64_t)lots;
    __int128 haircut = valued ? haircut_of(r, instrument, whole, size) : 0;
    account->handed_lots += size;
    account->haircut += haircut;
    flow->cash += whole;
    *ry_results_lots(r, instrument, agent, RY_RESULTS_RECORDED) -= lots;
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_HANDED_OVER,
        .handed_over = {.instrument = instrument,
                        .price = valued ? price : RY_RESULTS_NO_PRICE,
                        .qty = (int64_t)size,
                        .side = lots < 0 ? RY_BUY : RY_SELL,
                        .agent = agent,
                        .haircut = haircut},
    };
    ry_results_emit(r, &row);
    return whole - haircut;
}

void ry_results_hand_over(struct ry_results *r, const struct ry_arena *arena, uint16_t agent)
{
    struct ry_arena_account account;
    ry_arena_account(arena, agent, &account);
    for (uint16_t i = 0; i < r->instruments; i++) {
        int64_t lots = r->instrument[i].traded ? ry_results_position(r, i, agent) : 0;
        if (lots != 0)
            r->agent[agent].cash += hand_over_one(r, arena, agent, i, lots);
    }
    assert(r->agent[agent].cash == account.cash);
}
