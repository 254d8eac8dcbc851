/* The battle as the machine comes to know it: BATTLE, INSTRUMENTs, AGENTs, each in its turn. */
#include <string.h>

#include "core/arena/levels.h"

static bool fee_ok(int32_t ppm)
{
    return ppm >= -RY_PPM && ppm <= RY_PPM;
}

/* MAL-15 */
bool ry_arena_config_battle_ok(const struct ry_input_battle *b)
{
    return b->orders_max >= 1 && b->orders_max <= RY_ORDERS_MAX && b->instruments >= 1 &&
           b->instruments <= RY_INSTRUMENTS_MAX && b->agents <= RY_AGENTS_MAX &&
           b->trade_to >= b->trade_from && b->trade_from >= b->warmup_from &&
           b->market == RY_MARKET_MERGED && fee_ok(b->fee_maker_ppm) && fee_ok(b->fee_taker_ppm) &&
           (b->round_ns == 0 || b->round_ns >= RY_ROUND_NS_MIN) && b->haircut_ppm <= RY_PPM &&
           b->haircut_ticks <= RY_TICKS_MAX;
}

/* MAL-4: it may be another one than the memory was made for, as long as that holds it. */
static bool apply_battle(struct ry_arena *a, const struct ry_input_battle *in)
{
    if (!ry_arena_config_battle_ok(in) || !ry_arena_lay_out(a, in))
        return false;
    a->phase = RY_ARENA_PHASE_INSTRUMENTS;
    return true;
}

/* MAL-16 */
static bool apply_instrument(struct ry_arena *a, const struct ry_input_instrument *in)
{
    if (in->head.instrument != a->named || in->tick_size < 1 || in->tick_size > RY_ARENA_TICK_MAX ||
        in->money_per_unit < 1 || in->money_per_unit > RY_ARENA_TICK_MAX ||
        in->price_scale > RY_PRICE_SCALE_MAX)
        return false;
    struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, a->named);
    *instrument = (struct ry_arena_instrument){
        .state = RY_STATE_TRADING,
        .session = RY_SESSION_OPEN,
        .id = a->named,
        .source = in->head.source,
        .tick_size = in->tick_size,
        .money_per_unit = in->money_per_unit,
    };
    memcpy(instrument->symbol, in->symbol, sizeof instrument->symbol);
    ry_arena_book_init(&instrument->side[0], a->named, RY_BUY, in->tick_size);
    ry_arena_book_init(&instrument->side[1], a->named, RY_SELL, in->tick_size);
    if (++a->named == a->instruments) {
        ry_arena_hints_begin(a);
        a->phase = a->agents ? RY_ARENA_PHASE_AGENTS : RY_ARENA_PHASE_OPEN;
        a->named = 0;
    }
    return true;
}

/* MAL-17 */
static bool apply_agent(struct ry_arena *a, const struct ry_input_agent *in)
{
    if (in->head.source != RY_SOURCE_AGENT + a->named || in->cash < 0 || in->notional_max < 0 ||
        in->position_max < 0 || in->loss_max < 0 || in->collar_ticks > RY_TICKS_MAX)
        return false;
    a->agent[a->named] = (struct ry_arena_agent){
        .cash = in->cash,
        .cash_start = in->cash,
        .loss_max = in->loss_max,
        .notional_max = in->notional_max,
        .position_max = in->position_max,
        .quantity_max = in->quantity_max,
        .open_orders_max = in->open_orders_max,
        .rate_max = in->rate_max,
        .collar = {.ppm = in->collar_ppm, .ticks = in->collar_ticks},
    };
    if (a->widest.ppm < in->collar_ppm)
        a->widest.ppm = in->collar_ppm;
    if (a->widest.ticks < in->collar_ticks)
        a->widest.ticks = in->collar_ticks;
    a->paid_in += in->cash;
    a->in |= UINT64_C(1) << a->named;
    if (++a->named == a->agents)
        a->phase = RY_ARENA_PHASE_OPEN;
    return true;
}

bool ry_arena_config_apply(struct ry_arena *a, const union ry_input_any *input)
{
    switch (input->head.kind) {
    case RY_IN_BATTLE: return a->phase == RY_ARENA_PHASE_BATTLE && apply_battle(a, &input->battle);
    case RY_IN_INSTRUMENT:
        return a->phase == RY_ARENA_PHASE_INSTRUMENTS && apply_instrument(a, &input->instrument);
    case RY_IN_AGENT: return a->phase == RY_ARENA_PHASE_AGENTS && apply_agent(a, &input->agent);
    default: return false;
    }
}
