#include "core/arena/trading.h"

#include "core/arena/ledger.h"
#include "core/arena/orders.h"
#include "core/arena/outputs.h"

/* STATE-2 */
static void stop(struct ry_arena *a, struct ry_arena_instrument *instrument)
{
    ry_arena_orders_drop_surplus(a, instrument, &instrument->side[RY_BUY - 1], INT64_MAX);
    ry_arena_orders_drop_surplus(a, instrument, &instrument->side[RY_SELL - 1], INT64_MAX);
}

/* BOOK-8: starts or stops an instrument if what that depends on has changed. */
static void review(struct ry_arena *a, struct ry_arena_instrument *instrument)
{
    bool trading = a->started && instrument->session == RY_SESSION_OPEN &&
                   instrument->state == RY_STATE_TRADING;
    if (trading == instrument->trading)
        return;
    instrument->trading = trading;
    ry_arena_put_state(a, instrument->id, trading);
    if (trading)
        ry_arena_command_resume(a, instrument);
    else
        stop(a, instrument);
    ry_arena_ledger_check_shares(a, instrument);
}

/* STATE-1 */
void ry_arena_trading_set(struct ry_arena *a, struct ry_arena_instrument *instrument, uint8_t state)
{
    instrument->state = state;
    review(a, instrument);
}

/* SESSION-1 */
void ry_arena_trading_session(struct ry_arena *a, uint16_t source, uint8_t session)
{
    for (uint32_t i = 0; i < a->instruments; i++) {
        struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, i);
        if (instrument->source != source)
            continue;
        instrument->session = session;
        review(a, instrument);
    }
}

/* TIME-1 */
void ry_arena_trading_time(struct ry_arena *a)
{
    if (a->started || a->time < a->battle.trade_from)
        return;
    a->started = true;
    ry_arena_put_start(a);
    for (uint32_t i = 0; i < a->instruments; i++)
        review(a, ry_arena_instrument_at(a, i));
}
