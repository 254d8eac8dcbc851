#include "core/arena/orders.h"

#include "core/arena/arrival.h"

/* BOOK-6: the id given back last, else the smallest never used. BOOK-7: orders_live counts them. */
static uint32_t id_take(struct ry_arena *a)
{
    assert(a->orders_live < a->orders_max);
    a->orders_live++;
    uint32_t id = a->order_free;
    if (!id)
        return ++a->order_used;
    a->order_free = ry_arena_order_at(a, id)->next;
    __builtin_prefetch(ry_arena_order_at(a, a->order_free), 1);
    __builtin_prefetch(ry_arena_arrived_at(a, a->order_free), 1);
    return id;
}

static void id_give(struct ry_arena *a, uint32_t id)
{
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    order->level = 0;
    order->next = a->order_free;
    a->order_free = id;
    a->orders_live--;
}

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
    int32_t key = (int32_t)ry_arena_key(resting->side, resting->price);
    uint32_t at = ry_arena_level_find(a, book, key);
    if (!at)
        at = ry_arena_level_create(a, book, key);
    struct ry_arena_level *level = ry_arena_level_at(a, at);
    uint32_t id = id_take(a);
    *ry_arena_order_at(a, id) = (struct ry_arena_order){
        .ref = resting->ref,
        .prev = level->tail,
        .level = at,
        .open = resting->open,
        .rec = resting->rec,
        .instrument = instrument->id,
        .owner = resting->owner,
        .side = resting->side,
    };
    ry_arena_order_at(a, level->tail)->next =
        id; /* order 0 is nobody's: writing there saves a branch */
    level->head = level->tail ? level->head : id;
    level->tail = id;
    level->orders++;
    level->open += resting->open;
    level->shown += resting->open != 0;
    level->rec += resting->rec;
    ry_arena_ref_insert(a, id);
    if (resting->owner == RY_ARENA_OWNER_NONE) {
        instrument->live_orders++;
        if (!level->has_rec)
            ry_arena_level_rec_came(a, book, at);
    } else {
        level->agents++;
        agent_join(a, instrument, book, id);
    }
    return id;
}

void ry_arena_order_leave(struct ry_arena *a, struct ry_arena_instrument *instrument, uint32_t id)
{
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    uint32_t at = order->level;
    struct ry_arena_level *level = ry_arena_level_at(a, at);
    struct ry_arena_book *book = &instrument->side[order->side - 1];
    assert(at && order->instrument == instrument->id);
    if (order->owner != RY_ARENA_OWNER_NONE) {
        ry_arena_ref_erase(a, id);
        agent_part(a, instrument, book, id);
        level->agents--;
    } else {
        if (order->rec)
            ry_arena_order_record(a, instrument, id, level, order->rec);
        if (level->surplus)
            ry_arena_order_set_surplus(a, instrument, id, 0);
    }
    ry_arena_order_at(a, order->prev)->next = order->next;
    ry_arena_order_at(a, order->next)->prev = order->prev;
    level->head = order->prev ? level->head : order->next;
    level->tail = order->next ? level->tail : order->prev;
    level->open -= order->open;
    level->shown -= order->open != 0;
    if (--level->orders == 0)
        ry_arena_level_remove(a, book, at);
    else if (level->has_rec && !level->rec)
        ry_arena_level_rec_went(a, book, at);
    id_give(a, id);
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
