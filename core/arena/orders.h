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

/* BOOK-6: the id given back last, else the smallest never used. BOOK-7: orders_live counts them. */
static inline uint32_t ry_arena_id_take(struct ry_arena *a)
{
    assert(a->orders_live < a->orders_max);
    a->orders_live++;
    uint32_t id = a->order_free;
    if (!id)
        return ++a->order_used;
    a->order_free = ry_arena_order_at(a, id)->next;
    __builtin_prefetch(ry_arena_order_at(a, a->order_free), 1);
    return id;
}

static inline void ry_arena_id_give(struct ry_arena *a, struct ry_arena_order *order, uint32_t id)
{
    order->level = 0;
    order->next = a->order_free;
    a->order_free = id;
    a->orders_live--;
}

/* What resting is for recorded and agents' orders alike: a level, an id, a place, a name. */
static inline __attribute__((always_inline)) struct ry_arena_level *
ry_arena_order_join(struct ry_arena *a, struct ry_arena_book *book, struct ry_arena_line *home,
                    uint32_t space, const struct ry_arena_resting *resting, uint32_t *id)
{
    const int32_t key = (int32_t)ry_arena_key(resting->side, resting->price);
    uint32_t at = ry_arena_level_find(a, book, key);
    if (!at)
        at = ry_arena_level_create(a, book, key);
    struct ry_arena_level *level = ry_arena_level_at(a, at);
    const uint32_t tail = level->tail;
    *id = ry_arena_id_take(a);
    *ry_arena_order_at(a, *id) = (struct ry_arena_order){
        .ref = resting->ref,
        .prev = tail,
        .level = at,
        .open = resting->open,
        .rec = resting->rec,
        .instrument = book->instrument,
        .owner = resting->owner,
        .side = resting->side,
    };
    *(tail ? &ry_arena_order_at(a, tail)->next : &level->head) = *id;
    level->tail = *id;
    level->orders++;
    level->open += resting->open;
    level->shown += resting->open != 0;
    ry_arena_ref_insert_at(a, home, resting->ref, space, *id);
    return level;
}

/* What leaving is for both: out of the queue and the level's sums; an empty level goes. */
static inline void ry_arena_order_part(struct ry_arena *a, struct ry_arena_book *book,
                                       struct ry_arena_level *level, struct ry_arena_order *order,
                                       uint32_t id)
{
    const uint32_t at = order->level, next = order->next, prev = order->prev;
    *(prev ? &ry_arena_order_at(a, prev)->next : &level->head) = next;
    *(next ? &ry_arena_order_at(a, next)->prev : &level->tail) = prev;
    level->open -= order->open;
    level->shown -= order->open != 0;
    if (--level->orders == 0)
        ry_arena_level_remove(a, book, at);
    else if (level->has_rec && !level->rec)
        ry_arena_level_rec_went(a, book, at);
    ry_arena_id_give(a, order, id);
}

/* A recorded order goes with all that the record had left of it; its level has no surplus. Its name
 * stands in `slot`. */
static inline __attribute__((always_inline)) void
ry_arena_order_gone(struct ry_arena *a, struct ry_arena_instrument *instrument,
                    struct ry_arena_level *level, struct ry_arena_line *home, uint32_t *slot)
{
    const uint32_t id = *slot;
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    assert(order->rec && !level->surplus);
    ry_arena_ref_erase_at(a, home, slot, order->ref, ry_arena_recorded_space(instrument->id));
    instrument->live_orders--;
    level->rec -= order->rec;
    ry_arena_order_part(a, &instrument->side[order->side - 1], level, order, id);
}

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
        ry_arena_ref_erase(a, order->ref, instrument->id, id);
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
