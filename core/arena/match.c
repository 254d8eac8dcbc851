#include "core/arena/match.h"

static void report_taker(struct ry_arena *a, const struct ry_arena_instrument *instrument,
                         const struct ry_arena_taker *taker, int64_t price, uint32_t lots,
                         __int128 fee, enum ry_cause cause)
{
    const struct ry_arena_said said = {
        .kind = RY_RP_FILL,
        .instrument = instrument->id,
        .side = taker->side,
        .cause = (uint8_t)cause,
        .cl_ord_id = taker->cl_ord_id,
        .price = price,
        .qty = lots,
        .leaves = ry_arena_clamp_u32(taker->left),
        .order = taker->order,
        .fee = ry_arena_clamp_i64(fee),
    };
    ry_arena_put_report(a, taker->agent, &said);
}

static void meet(struct ry_arena *a, struct ry_arena_instrument *instrument,
                 struct ry_arena_taker *taker, uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    bool agents = order->owner != RY_ARENA_OWNER_NONE;
    enum ry_cause cause = agents ? RY_CAUSE_AGENT : RY_CAUSE_RECORDED;
    int64_t price = ry_arena_price(order->side, ry_arena_level_at(a, order->level)->key);
    uint32_t lots = ry_arena_min_u32(ry_arena_clamp_u32(taker->left), order->open);
    *(agents ? &a->counters.taken_agents : &a->counters.taken_recorded) += lots;
    __int128 fee = ry_arena_fill_maker(a, instrument, id, lots, taker->agent, cause);
    taker->left -= lots;
    report_taker(a, instrument, taker, price, lots, fee, cause);
}

/* ORDER-2 */
void ry_arena_match_reached(struct ry_arena *a, struct ry_arena_instrument *instrument,
                            struct ry_arena_taker *taker)
{
    struct ry_arena_book *book = &instrument->side[ry_side_opposite((enum ry_side)taker->side) - 1];
    int64_t key = ry_arena_key(book->side, taker->limit);
    uint32_t at = book->best;
    while (at && taker->left) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        int32_t here = level->key;
        if (here > key)
            return;
        uint32_t next;
        for (uint32_t id = level->open ? level->head : 0; id && taker->left; id = next) {
            const struct ry_arena_order *order = ry_arena_order_at(a, id);
            next = order->next;
            if (!order->open)
                continue;
            if (order->owner == taker->agent) { /* ORDER-3 */
                taker->met_own = true;
                return;
            }
            meet(a, instrument, taker, id);
        }
        at = ry_arena_level_after(a, book, here);
    }
}
