#include "core/arena/recorded.h"

#include "core/arena/demand.h"
#include "core/arena/tape.h"

/* ADD-3: what arrives takes crossing agents' orders of the other side first. ADD-4: then it rests
 * behind all at its price. BOOK-3: recorded orders of the other side are not asked. */
static inline __attribute__((always_inline)) void arrive(struct ry_arena *a,
                                                         struct ry_arena_instrument *instrument,
                                                         struct ry_arena_line *home,
                                                         struct ry_arena_resting *resting)
{
    if (instrument->agent_orders && instrument->trading && resting->open) {
        struct ry_arena_book *other =
            &instrument->side[ry_side_opposite((enum ry_side)resting->side) - 1];
        int64_t key = ry_arena_key(other->side, resting->price);
        uint32_t taken =
            ry_arena_take_agents(a, instrument, other, key, resting->open, RY_CAUSE_RECORDED);
        a->counters.add_agents += taken;
        resting->open -= taken;
    }
    struct ry_arena_book *book = &instrument->side[resting->side - 1];
    uint32_t id;
    struct ry_arena_level *level =
        ry_arena_order_join(a, book, home, ry_arena_recorded_space(instrument->id), resting, &id);
    level->rec += resting->rec;
    instrument->live_orders++;
    if (!level->has_rec)
        ry_arena_level_rec_came(a, book, ry_arena_order_at(a, id)->level);
    if (resting->open) /* MARKET-3; MARKET-9: nothing that shows, no record */
        ry_arena_put_change(a, ry_arena_order_at(a, id), id, resting->price, resting->open,
                            RY_MKF_NEW);
}

void ry_arena_recorded_add(struct ry_arena *a, struct ry_arena_instrument *instrument,
                           const struct ry_input *in)
{
    const uint32_t space = ry_arena_recorded_space(instrument->id);
    struct ry_arena_line *home = ry_arena_home_at(a, in->ref, space);
    struct ry_arena_resting resting = {
        .ref = in->ref,
        .price = in->price,
        .rec = in->qty,
        .open = in->qty,
        .owner = RY_ARENA_OWNER_NONE,
        .side = in->side,
    };
    if (ry_arena_ref_slot(a, home, space, in->ref)) { /* ADD-1 */
        a->counters.duplicate_reference++;
        return;
    }
    if (a->orders_live == a->orders_max) { /* ADD-2 */
        a->counters.book_full++;
        return;
    }
    arrive(a, instrument, home, &resting);
}

/* TRADED-2: the recorded trade that an EXEC or AUCTION may report. */
static void printed(struct ry_arena *a, struct ry_arena_instrument *instrument,
                    const struct ry_input *in, uint32_t id)
{
    if (!(in->head.flags & RY_INF_PRINTED))
        return;
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    bool priced = in->head.flags & RY_INF_PRICED;
    int64_t price =
        priced ? in->price : ry_arena_price(order->side, ry_arena_level_at(a, order->level)->key);
    ry_arena_tape_trade(a, instrument, price, in->qty, in->ref_new);
}

/* EXEC-4: what the target gives. EXEC-5: then its open beyond rec becomes surplus. */
static uint32_t take_target(struct ry_arena *a, struct ry_arena_instrument *instrument, uint32_t id,
                            uint32_t demand)
{
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    uint32_t open = order->open;
    int64_t price = ry_arena_price(order->side, level->key);
    if (level->surplus)
        demand -= ry_arena_demand_surplus(a, instrument, id, demand);
    uint32_t taken = ry_arena_min_u32(demand, open);
    if (taken) {
        ry_arena_order_take(a, order, level, taken);
        a->counters.demand_target += taken;
        ry_arena_put_trade(a, order->instrument, ry_side_opposite((enum ry_side)order->side), price,
                           taken);
    }
    if (order->open > order->rec) {
        uint32_t made = order->open - order->rec;
        ry_arena_order_take(a, order, level, made);
        ry_arena_order_set_surplus(a, instrument, id, *ry_arena_surplus_at(a, id) + made);
        a->counters.surplus_made += made;
    }
    if (order->open != open) /* MARKET-4 */
        ry_arena_put_change(a, order, id, price, order->open, 0);
    return demand - taken;
}

void ry_arena_recorded_exec(struct ry_arena *a, struct ry_arena_instrument *instrument,
                            const struct ry_input *in)
{
    uint32_t id = ry_arena_ref_find(a, instrument->id, in->ref);
    if (!id) { /* EXEC-1 */
        a->counters.unknown_exec++;
        return;
    }
    printed(a, instrument, in, id);
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    struct ry_arena_book *book = &instrument->side[order->side - 1];
    int32_t key = level->key;
    uint32_t demand = ry_arena_min_u32(in->qty, order->rec); /* EXEC-2 */
    a->counters.exec_beyond += in->qty - demand;
    a->counters.demand += demand;
    ry_arena_order_record(a, instrument, id, level, demand);
    if (instrument->trading && (book->agent_orders | book->surplus_orders))
        demand -= ry_arena_demand_ahead(a, instrument, book, id, demand);
    demand = take_target(a, instrument, id, demand); /* EXEC-8: while not trading, this alone */
    ry_arena_order_leave_if_spent(a, instrument, id);
    if (demand && instrument->trading)
        demand -= ry_arena_demand_behind(a, instrument, book, key, demand);
    a->counters.unmet += demand; /* EXEC-7 */
}

/* An order leaves, visibly if it showed anything. */
static inline __attribute__((always_inline)) void leave(struct ry_arena *a,
                                                        struct ry_arena_instrument *instrument,
                                                        struct ry_arena_line *home, uint32_t *slot)
{
    const uint32_t id = *slot;
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    if (order->open)
        ry_arena_put_change(a, order, id, ry_arena_price(order->side, level->key), 0, 0);
    if (__builtin_expect(level->surplus, 0)) {
        a->counters.surplus_dropped += *ry_arena_surplus_at(a, id);
        ry_arena_order_leave(a, instrument, id);
    } else {
        ry_arena_order_gone(a, instrument, level, home, slot);
    }
}

/* CANCEL and AUCTION (AUCTION-1) */
void ry_arena_recorded_cancel(struct ry_arena *a, struct ry_arena_instrument *instrument,
                              const struct ry_input *in)
{
    const uint32_t space = ry_arena_recorded_space(instrument->id);
    struct ry_arena_line *home = ry_arena_home_at(a, in->ref, space);
    uint32_t *slot = ry_arena_ref_slot(a, home, space, in->ref);
    if (!slot) { /* CANCEL-1 */
        a->counters.unknown_cancel++;
        return;
    }
    const uint32_t id = *slot;
    if (in->head.kind == RY_IN_AUCTION)
        printed(a, instrument, in, id);
    struct ry_arena_order *order = ry_arena_order_at(a, id);
    /* CANCEL-2 */
    const bool all = in->head.kind == RY_IN_CANCEL && in->head.flags & RY_INF_ALL;
    if (all || in->qty >= order->rec) {
        a->counters.cancel_beyond += all ? 0 : in->qty - order->rec;
        leave(a, instrument, home, slot);
        return;
    }
    struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    ry_arena_order_record(a, instrument, id, level, in->qty); /* CANCEL-3 */
    if (order->open > order->rec) {
        ry_arena_order_take(a, order, level, order->open - order->rec);
        ry_arena_put_change(a, order, id, ry_arena_price(order->side, level->key), order->open, 0);
    }
    if (level->surplus) {
        a->counters.surplus_dropped += *ry_arena_surplus_at(a, id);
        ry_arena_order_set_surplus(a, instrument, id, 0);
    }
}

void ry_arena_recorded_replace(struct ry_arena *a, struct ry_arena_instrument *instrument,
                               const struct ry_input *in)
{
    const uint32_t space = ry_arena_recorded_space(instrument->id);
    struct ry_arena_line *home = ry_arena_home_at(a, in->ref, space);
    struct ry_arena_line *home_new = ry_arena_home_at(a, in->ref_new, space);
    uint32_t *slot = ry_arena_ref_slot(a, home, space, in->ref);
    if (!slot) { /* REPLACE-1 */
        a->counters.unknown_replace++;
        return;
    }
    if (in->ref_new != in->ref &&
        ry_arena_ref_slot(a, home_new, space, in->ref_new)) { /* REPLACE-2 */
        a->counters.duplicate_reference++;
        return;
    }
    const struct ry_arena_order *order = ry_arena_order_at(a, *slot);
    const uint32_t deficit = order->rec - order->open;
    struct ry_arena_resting resting = {
        .ref = in->ref_new,
        .price = in->price,
        .rec = in->qty,
        .open = in->qty > deficit ? in->qty - deficit : 0, /* REPLACE-4 */
        .owner = RY_ARENA_OWNER_NONE,
        .side = order->side,
    };
    leave(a, instrument, home, slot); /* REPLACE-3, MARKET-5 */
    /* REPLACE-5 */
    arrive(a, instrument, home_new, &resting);
}

void ry_arena_recorded_print(struct ry_arena *a, struct ry_arena_instrument *instrument,
                             const struct ry_input *in)
{
    ry_arena_tape_trade(a, instrument, in->price, in->qty, in->ref);
    uint64_t taken = 0;
    if (instrument->trading && instrument->agent_orders) { /* PRINT-1; PRINT-3: nothing */
        struct ry_arena_book *sells = &instrument->side[RY_SELL - 1];
        struct ry_arena_book *buys = &instrument->side[RY_BUY - 1];
        int64_t sells_key =
            ry_arena_key(RY_SELL, in->price) - 1; /* strictly better than the print */
        int64_t buys_key = ry_arena_key(RY_BUY, in->price) - 1;
        taken = ry_arena_take_agents(a, instrument, sells, sells_key, in->qty, RY_CAUSE_HIDDEN);
        taken += ry_arena_take_agents(a, instrument, buys, buys_key, in->qty, RY_CAUSE_HIDDEN);
        a->counters.print_agents += taken;
    }
    if (taken < in->qty) /* PRINT-2, MARKET-6 */
        ry_arena_put_trade(a, instrument->id, RY_SIDE_NONE, in->price, in->qty - (uint32_t)taken);
}

/* Also one that the record has spent, whose surplus stands still. */
static void clear_order(struct ry_arena *a, struct ry_arena_instrument *instrument, uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    const struct ry_arena_level *level = ry_arena_level_at(a, order->level);
    if (order->open)
        ry_arena_put_change(a, order, id, ry_arena_price(order->side, level->key), 0, 0);
    if (level->surplus)
        a->counters.surplus_dropped += *ry_arena_surplus_at(a, id);
    ry_arena_order_leave(a, instrument, id);
}

static void clear_side(struct ry_arena *a, struct ry_arena_instrument *instrument,
                       struct ry_arena_book *book)
{
    uint32_t at = book->best;
    while (at) {
        int32_t here = ry_arena_level_at(a, at)->key;
        uint32_t next;
        for (uint32_t id = ry_arena_level_at(a, at)->head; id; id = next) {
            next = ry_arena_order_at(a, id)->next;
            if (ry_arena_order_at(a, id)->owner == RY_ARENA_OWNER_NONE)
                clear_order(a, instrument, id);
        }
        at = ry_arena_level_after(a, book, here);
    }
}

/* CLEAR-1 */
void ry_arena_recorded_clear(struct ry_arena *a, struct ry_arena_instrument *instrument)
{
    clear_side(a, instrument, &instrument->side[RY_BUY - 1]);
    clear_side(a, instrument, &instrument->side[RY_SELL - 1]);
}

/* SURPLUS-2 */
void ry_arena_recorded_drop_reached(struct ry_arena *a, struct ry_arena_instrument *instrument)
{
    struct ry_arena_book *buys = &instrument->side[RY_BUY - 1];
    struct ry_arena_book *sells = &instrument->side[RY_SELL - 1];
    if (buys->surplus_orders && sells->rec_best)
        ry_arena_orders_drop_surplus(a, instrument, buys, -(int64_t)sells->rec_best_key);
    if (sells->surplus_orders && buys->rec_best)
        ry_arena_orders_drop_surplus(a, instrument, sells, -(int64_t)buys->rec_best_key);
}
