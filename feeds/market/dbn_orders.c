#include "feeds/market/dbn_orders.h"

static int64_t time_of(const struct ry_normalise_dbn_turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    if ((turn->mbo->flags & RY_WIRE_DBN_FLAG_SNAPSHOT) != 0)
        return normaliser->clock.last;
    return ry_normalise_time(&normaliser->clock, (int64_t)turn->mbo->ts_recv, normaliser->counters);
}

static bool emit(const struct ry_normalise_dbn_turn *turn, enum ry_input_kind kind, int64_t price,
                 uint32_t qty, uint8_t side)
{
    struct ry_input *event = ry_normalise_event(turn->event, kind, turn->id, time_of(turn));
    if (kind != RY_IN_LAST && kind != RY_IN_CLEAR)
        event->ref = turn->mbo->order_id;
    if (kind == RY_IN_REPLACE)
        event->ref_new = turn->mbo->order_id;
    if (kind == RY_IN_ADD && (turn->mbo->flags & RY_WIRE_DBN_FLAG_SNAPSHOT) != 0)
        event->head.flags = RY_INF_SNAPSHOT;
    event->price = price;
    event->qty = qty;
    event->side = side;
    return true;
}

/* The order that the record names; NULL: not known. */
static struct ry_normalise_order *find(const struct ry_normalise_dbn_turn *turn)
{
    return ry_normalise_order_map_find(&turn->normaliser->orders, turn->id, turn->mbo->order_id);
}

/* Price and size that an order or a trade can have; counted if not, but for a price that is too
 * fine, which ends the feed with a sentence of its own. */
static bool usable(const struct ry_normalise_dbn_turn *turn, int64_t *price)
{
    struct ry_feed_counters *counters = turn->normaliser->counters;
    enum ry_normalise_price held = RY_NORMALISE_PRICE_BEYOND;
    if (turn->mbo->price != RY_WIRE_DBN_PRICE_UNDEFINED)
        held = ry_normalise_price(turn->normaliser->instruments, turn->id, turn->mbo->price,
                                  &turn->normaliser->too_fine, price);
    counters->dropped_price += held == RY_NORMALISE_PRICE_BEYOND;
    if (held != RY_NORMALISE_PRICE_HELD)
        return false;
    if (turn->mbo->size == 0 || turn->mbo->size == RY_WIRE_DBN_SIZE_UNDEFINED) {
        counters->dropped_quantity++;
        return false;
    }
    return true;
}

static bool add(const struct ry_normalise_dbn_turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    const struct ry_wire_dbn_mbo *mbo = turn->mbo;
    int64_t price;
    if (!usable(turn, &price))
        return false;
    struct ry_normalise_order *order = find(turn);
    if (order != NULL && order->rec > 0) {
        normaliser->counters->duplicate_adds++;
        return false;
    }
    if (order == NULL)
        order = ry_normalise_order_map_insert(&normaliser->orders, turn->id, mbo->order_id);
    if (order == NULL) {
        normaliser->counters->orders_full++;
        return false;
    }
    order->price = price;
    order->side = mbo->side;
    order->rec = order->shown = mbo->size;
    return emit(turn, RY_IN_ADD, price, mbo->size, mbo->side);
}

static bool cancel_down_to(const struct ry_normalise_dbn_turn *turn,
                           struct ry_normalise_order *order, uint32_t left)
{
    const uint32_t qty = order->rec - left;
    order->rec = left;
    return qty > 0 && emit(turn, RY_IN_CANCEL, 0, qty, RY_SIDE_NONE);
}

static bool cancel(const struct ry_normalise_dbn_turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    struct ry_feed_counters *counters = normaliser->counters;
    struct ry_normalise_order *order = find(turn);
    if (order == NULL) {
        counters->unknown_cancels++;
        return false;
    }
    const uint32_t size = turn->mbo->size < order->shown ? turn->mbo->size : order->shown;
    counters->cancels_beyond_lots += turn->mbo->size - size;
    order->shown -= size;
    if (order->shown > order->rec)
        counters->cancels_short++; /* another C or M must account for the rest of the fills */
    const bool made = order->shown < order->rec && cancel_down_to(turn, order, order->shown);
    if (order->shown == 0)
        ry_normalise_order_map_remove(&normaliser->orders, order);
    return made;
}

static bool remove_all(const struct ry_normalise_dbn_turn *turn, struct ry_normalise_order *order)
{
    const bool made = cancel_down_to(turn, order, 0);
    ry_normalise_order_map_remove(&turn->normaliser->orders, order);
    return made;
}

static bool modify(const struct ry_normalise_dbn_turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    const struct ry_wire_dbn_mbo *mbo = turn->mbo;
    struct ry_normalise_order *order = find(turn);
    if (order == NULL) {
        normaliser->counters->unknown_modifies++;
        return add(turn);
    }
    if (mbo->size == 0)
        return remove_all(turn, order);
    int64_t price;
    if (!usable(turn, &price)) {
        normaliser->counters->replaces_cut++;
        return remove_all(turn, order);
    }
    const bool keeps_priority = price == order->price && mbo->size <= order->rec;
    const uint32_t rec = order->rec;
    order->price = price;
    order->shown = mbo->size;
    if (keeps_priority)
        return cancel_down_to(turn, order, mbo->size);
    order->rec = mbo->size;
    if (rec == 0) {
        normaliser->counters->refreshes++;
        return emit(turn, RY_IN_ADD, price, mbo->size, order->side);
    }
    return emit(turn, RY_IN_REPLACE, price, mbo->size, RY_SIDE_NONE);
}

static bool trade(const struct ry_normalise_dbn_turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    const struct ry_wire_dbn_mbo *mbo = turn->mbo;
    struct ry_normalise_dbn_market *market = &normaliser->market[turn->id];
    market->ts_event = mbo->ts_event;
    market->order_id = mbo->order_id;
    market->sequence = mbo->sequence;
    market->begun = true;
    market->auction = mbo->side == RY_SIDE_NONE;
    normaliser->counters->unknown_publisher += normaliser->unknown;
    int64_t price;
    if (!usable(turn, &price))
        return false;
    emit(turn, RY_IN_LAST, price, mbo->size, mbo->side);
    if (!normaliser->hidden)
        return true;
    normaliser->held = (struct ry_normalise_dbn_held){
        .there = true, .event = *turn->event, .ts_event = mbo->ts_event, .sequence = mbo->sequence};
    return false;
}

/* Where a venue has hidden orders, all that one message says has the same number. */
static bool under_trade(const struct ry_normalise_dbn_turn *turn)
{
    const struct ry_normalise_dbn_market *market = &turn->normaliser->market[turn->id];
    return market->begun && market->ts_event == turn->mbo->ts_event &&
           (!turn->normaliser->hidden || market->sequence == turn->mbo->sequence);
}

static enum ry_input_kind kind_of_fill(const struct ry_normalise_dbn_turn *turn)
{
    const struct ry_normalise_dbn_market *market = &turn->normaliser->market[turn->id];
    if (!under_trade(turn)) /* not to be printed: part of a cross */
        return turn->normaliser->hidden ? RY_IN_AUCTION : RY_IN_EXEC;
    if (market->order_id == turn->mbo->order_id) {
        turn->normaliser->counters->fills_own++;
        return RY_IN_CANCEL;
    }
    return market->auction ? RY_IN_AUCTION : RY_IN_EXEC;
}

static bool fill(const struct ry_normalise_dbn_turn *turn)
{
    struct ry_feed_counters *counters = turn->normaliser->counters;
    struct ry_normalise_order *order = find(turn);
    if (order == NULL) {
        counters->unknown_fills++;
        return false;
    }
    const uint32_t size = turn->mbo->size;
    const uint32_t qty = size < order->rec ? size : order->rec;
    if (qty < size) {
        counters->fills_beyond++;
        counters->fills_beyond_lots += size - qty;
    }
    const enum ry_input_kind kind = kind_of_fill(turn);
    order->rec -= qty;
    return qty > 0 && emit(turn, kind, 0, qty, RY_SIDE_NONE);
}

static bool clear(const struct ry_normalise_dbn_turn *turn)
{
    ry_normalise_order_map_clear(&turn->normaliser->orders, turn->id);
    return emit(turn, RY_IN_CLEAR, 0, 0, RY_SIDE_NONE);
}

bool ry_normalise_dbn_orders(const struct ry_normalise_dbn_turn *turn)
{
    switch (turn->mbo->action) {
    case 'A': return add(turn);
    case 'C': return cancel(turn);
    case 'M': return modify(turn);
    case 'T': return trade(turn);
    case 'F': return fill(turn);
    case 'R': return clear(turn);
    default: return false;
    }
}
