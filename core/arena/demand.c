#include "core/arena/demand.h"

uint32_t ry_arena_demand_surplus(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                 uint32_t id, uint32_t demand)
{
    uint32_t surplus = *ry_arena_surplus_at(a, id);
    uint32_t taken = ry_arena_min_u32(demand, surplus);
    if (taken)
        ry_arena_order_set_surplus(a, instrument, id, surplus - taken);
    a->counters.demand_surplus += taken;
    return taken;
}

static uint32_t meet_agent(struct ry_arena *a, struct ry_arena_instrument *instrument, uint32_t id,
                           uint32_t demand)
{
    uint32_t taken = ry_arena_min_u32(demand, ry_arena_order_at(a, id)->open);
    ry_arena_fill_maker(a, instrument, id, taken, a->agents, RY_CAUSE_RECORDED);
    a->counters.demand_agents += taken;
    return taken;
}

/* EXEC-3 */
uint32_t ry_arena_demand_ahead(struct ry_arena *a, struct ry_arena_instrument *instrument,
                               struct ry_arena_book *book, uint32_t target, uint32_t demand)
{
    uint32_t last = ry_arena_order_at(a, target)->level;
    int32_t key = ry_arena_level_at(a, last)->key;
    uint32_t left = demand;
    uint32_t at = book->best;
    while (left) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        int32_t here = level->key;
        assert(at && here <= key);
        uint32_t id = level->agents || level->surplus ? level->head : 0;
        for (uint32_t next; id && id != target && left; id = next) {
            const struct ry_arena_order *order = ry_arena_order_at(a, id);
            next = order->next;
            if (order->owner != RY_ARENA_OWNER_NONE) {
                left -= meet_agent(a, instrument, id, left);
            } else if (*ry_arena_surplus_at(a, id)) {
                left -= ry_arena_demand_surplus(a, instrument, id, left);
                ry_arena_order_leave_if_spent(a, instrument, id);
            }
        }
        if (here == key)
            break;
        at = ry_arena_level_after(a, book, here);
    }
    return demand - left;
}

/* A recorded order that is not the target gives its surplus, then its open; its rec stays. */
static uint32_t meet_recorded(struct ry_arena *a, struct ry_arena_instrument *instrument,
                              uint32_t id, uint32_t demand)
{
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    uint32_t met = level->surplus ? ry_arena_demand_surplus(a, instrument, id, demand) : 0;
    uint32_t taken = ry_arena_min_u32(demand - met, order->open);
    if (taken) {
        int64_t price = ry_arena_price(order->side, level->key);
        ry_arena_order_take(a, order, level, taken);
        a->counters.demand_displaced += taken;
        ry_arena_put_trade(a, order->instrument, ry_side_opposite((enum ry_side)order->side), price,
                           taken);
        ry_arena_put_change(a, order, id, price, order->open, 0);
    }
    ry_arena_order_leave_if_spent(a, instrument, id);
    return met + taken;
}

/* EXEC-6 */
uint32_t ry_arena_demand_behind(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                struct ry_arena_book *book, int32_t key, uint32_t demand)
{
    uint32_t left = demand;
    uint32_t at = book->best;
    while (at && left) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        int32_t here = level->key;
        if (here > key)
            break;
        uint32_t id = level->open || level->surplus ? level->head : 0;
        for (uint32_t next; id && left; id = next) {
            const struct ry_arena_order *order = ry_arena_order_at(a, id);
            next = order->next;
            if (order->owner != RY_ARENA_OWNER_NONE)
                left -= meet_agent(a, instrument, id, left);
            else
                left -= meet_recorded(a, instrument, id, left);
        }
        at = ry_arena_level_after(a, book, here);
    }
    return demand - left;
}
