#include "core/arena/fills.h"

static void report_maker(struct ry_arena *a, const struct ry_arena_order *order, uint32_t id,
                         const struct ry_arena_fill *fill, __int128 fee, enum ry_cause cause)
{
    const struct ry_arena_said said = {
        .kind = RY_RP_FILL,
        .instrument = order->instrument,
        .side = order->side,
        .flags = RY_RPF_MAKER,
        .cause = (uint8_t)cause,
        .cl_ord_id = order->ref,
        .price = fill->price,
        .qty = fill->qty,
        .leaves = order->open,
        .order = id,
        .fee = ry_arena_clamp_i64(fee),
    };
    ry_arena_put_report(a, order->owner, &said);
}

__int128 ry_arena_fill_maker(struct ry_arena *a, struct ry_arena_instrument *instrument,
                             uint32_t id, uint32_t lots, uint16_t taker, enum ry_cause cause)
{
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    bool agents = order->owner != RY_ARENA_OWNER_NONE;
    /* FILL-1: the resting order's price. LEDGER-2: account a->agents is the recorded one. */
    struct ry_arena_fill fill = {
        .price = ry_arena_price(order->side, level->key),
        .qty = lots,
        .maker = agents ? order->owner : a->agents,
        .taker = taker,
        .maker_side = order->side,
    };
    ry_arena_order_take(a, order, level, lots);
    struct ry_arena_fees fees = ry_arena_ledger_post(a, instrument, &fill);
    if (agents) /* REPORT-2: before the taker's. REPORT-5: cause and fee. */
        report_maker(a, order, id, &fill, fees.maker, cause);
    /* MARKET-2 */
    ry_arena_put_trade(a, order->instrument, ry_side_opposite((enum ry_side)order->side),
                       fill.price, lots);
    ry_arena_put_change(a, order, id, fill.price, order->open, 0);
    if (agents && !order->open)
        ry_arena_order_leave(a, instrument, id);
    return fees.taker;
}

uint32_t ry_arena_take_agents(struct ry_arena *a, struct ry_arena_instrument *instrument,
                              struct ry_arena_book *book, int64_t key, uint32_t lots,
                              enum ry_cause cause)
{
    uint32_t left = lots;
    uint32_t at = book->best;
    while (at && left && book->agent_orders) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        int32_t here = level->key;
        if (here > key)
            break;
        uint32_t next;
        for (uint32_t id = level->agents ? level->head : 0; id && left; id = next) {
            const struct ry_arena_order *order = ry_arena_order_at(a, id);
            next = order->next;
            if (order->owner == RY_ARENA_OWNER_NONE)
                continue;
            uint32_t taken = ry_arena_min_u32(left, order->open);
            left -= taken;
            ry_arena_fill_maker(a, instrument, id, taken, a->agents, cause);
        }
        at = ry_arena_level_after(a, book, here);
    }
    return lots - left;
}
