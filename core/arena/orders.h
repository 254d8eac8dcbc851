/*
 * Orders: their ids, their places in the queues, and the sums of their levels and agents.
 */
#ifndef RY_CORE_ARENA_ORDERS_H
#define RY_CORE_ARENA_ORDERS_H

#include "core/arena/levels.h"
#include "core/arena/refs.h"

/* What comes to rest. */
struct ry_arena_resting {
    uint64_t ref;
    int64_t price;
    uint32_t rec; /* 0 for agents' orders */
    uint32_t open;
    uint8_t owner;
    uint8_t side;
};

/* Puts an order at the back of its price; there must be room. Its id. */
uint32_t ry_arena_order_rest(struct ry_arena *a, struct ry_arena_instrument *instrument,
                             const struct ry_arena_resting *resting);

/* The order gives back its place, its name (if it has one still), its surplus and its id. */
void ry_arena_order_leave(struct ry_arena *a, struct ry_arena_instrument *instrument, uint32_t id);

/* Takes lots off what an order shows. */
static inline void ry_arena_order_take(struct ry_arena *a, struct ry_arena_order *order,
                                       struct ry_arena_level *level, uint32_t lots)
{
    assert(lots && order->open >= lots && level->open >= lots);
    order->open -= lots;
    level->open -= lots;
    level->shown -= !order->open;
    if (order->owner != RY_ARENA_OWNER_NONE)
        ry_arena_holding_at(a, order->instrument, order->owner)->open[order->side - 1] -= lots;
}

/* Takes lots off what the record says is left. The recorded best is put right by
 * ry_arena_order_leave_if_spent.
 */
static inline void ry_arena_order_record(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                         uint32_t id, struct ry_arena_level *level, uint32_t lots)
{
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    assert(order->rec >= lots && level->rec >= lots);
    order->rec -= lots;
    level->rec -= lots;
    if (order->rec == 0) {
        ry_arena_ref_erase(a, id);
        instrument->live_orders--;
    }
}

void ry_arena_order_set_surplus(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                uint32_t id, uint32_t lots);

/* An order with neither rec nor surplus leaves; else its level's place among the recorded is put
 * right. */
void ry_arena_order_leave_if_spent(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                   uint32_t id);

/* Makes the surplus of an order zero; it may leave by that. */
void ry_arena_order_drop_surplus(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                 uint32_t id);

/* The same for all orders of one side with keys up to `key`, in book order. */
void ry_arena_orders_drop_surplus(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                  struct ry_arena_book *book, int64_t key);

#endif
