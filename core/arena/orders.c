#include "core/arena/orders.h"

#include "core/arena/arrival.h"

static void agent_join(struct ry_arena *a, struct ry_arena_instrument *instrument,
                       struct ry_arena_book *book, uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    ry_arena_arrival_note(a, id);
    a->agent[order->owner].open_orders++;
    instrument->agent_orders++;
    book->agent_orders++;
    ry_arena_holding_at(a, instrument->id, order->owner)->open[order->side - 1] += order->open;
}

static void agent_part(struct ry_arena *a, struct ry_arena_instrument *instrument,
                       struct ry_arena_book *book, uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    a->agent[order->owner].open_orders--;
    instrument->agent_orders--;
    book->agent_orders--;
    ry_arena_holding_at(a, instrument->id, order->owner)->open[order->side - 1] -= order->open;
}

uint32_t ry_arena_order_rest(struct ry_arena *a, struct ry_arena_instrument *instrument,
                             const struct ry_arena_resting *resting)
{
    struct ry_arena_book *book = &instrument->side[resting->side - 1];
    uint32_t id;
    const uint32_t space = RY_ARENA_SPACE_AGENT + resting->owner;
    struct ry_arena_line *home = ry_arena_home_at(a, resting->ref, space);
    struct ry_arena_level *level = ry_arena_order_join(a, book, home, space, resting, &id);
    assert(resting->owner != RY_ARENA_OWNER_NONE);
    level->agents++;
    agent_join(a, instrument, book, id);
    __builtin_prefetch(ry_arena_arrived_at(a, a->order_free), 1);
    return id;
}

void ry_arena_order_leave(struct ry_arena *a, struct ry_arena_instrument *instrument, uint32_t id)
{
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    struct ry_arena_book *book = &instrument->side[order->side - 1];
    assert(order->level && order->instrument == instrument->id);
    if (order->owner != RY_ARENA_OWNER_NONE) {
        ry_arena_ref_erase(a, order->ref, RY_ARENA_SPACE_AGENT + order->owner, id);
        agent_part(a, instrument, book, id);
        level->agents--;
    } else {
        if (order->rec)
            ry_arena_order_record(a, instrument, id, level, order->rec);
        if (level->surplus)
            ry_arena_order_set_surplus(a, instrument, id, 0);
    }
    ry_arena_order_part(a, book, level, order, id);
}

void ry_arena_order_set_surplus(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                uint32_t id, uint32_t lots)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    uint32_t *surplus = ry_arena_surplus_at(a, id);
    if ((*surplus != 0) != (lots != 0)) {
        uint32_t step = lots ? 1 : UINT32_MAX;
        ry_arena_level_at(a, order->level)->surplus += step;
        instrument->side[order->side - 1].surplus_orders += step;
        instrument->surplus_orders += step;
    }
    *surplus = lots;
}

/* BOOK-5 */
void ry_arena_order_leave_if_spent(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                   uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    const struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    if (!order->rec && (!level->surplus || !*ry_arena_surplus_at(a, id)))
        ry_arena_order_leave(a, instrument, id);
    else if (level->has_rec && !level->rec)
        ry_arena_level_rec_went(a, &instrument->side[order->side - 1], order->level);
}

/* SURPLUS-1 */
void ry_arena_order_drop_surplus(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                 uint32_t id)
{
    a->counters.surplus_dropped += *ry_arena_surplus_at(a, id);
    ry_arena_order_set_surplus(a, instrument, id, 0);
    ry_arena_order_leave_if_spent(a, instrument, id);
}

void ry_arena_orders_drop_surplus(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                  struct ry_arena_book *book, int64_t key)
{
    uint32_t at = book->best;
    while (at && book->surplus_orders) {
        const struct ry_arena_level *level = ry_arena_level_at(a, at);
        int32_t here = level->key;
        if (here > key)
            return;
        uint32_t next;
        for (uint32_t id = level->surplus ? level->head : 0; id; id = next) {
            const struct ry_arena_order *order = ry_arena_order_at(a, id);
            next = order->next;
            if (order->owner == RY_ARENA_OWNER_NONE && *ry_arena_surplus_at(a, id))
                ry_arena_order_drop_surplus(a, instrument, id);
        }
        at = ry_arena_level_after(a, book, here);
    }
}
