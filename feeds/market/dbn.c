#include "feeds/market/dbn.h"

#include <stdlib.h>

#include "feeds/wire/bytes.h"

int ry_normalise_dbn_init(struct ry_normalise_dbn *normaliser,
                          const struct ry_normalise_instruments *instruments,
                          struct ry_feed_counters *counters)
{
    const struct ry_battle *battle = instruments->battle;
    uint32_t slots = 64;
    while (slots < 4u * battle->instruments)
        slots *= 2;
    *normaliser = (struct ry_normalise_dbn){
        .instruments = instruments,
        .counters = counters,
        .version = 1,
        .trade = calloc(battle->instruments + 1u, sizeof *normaliser->trade),
        .bound = calloc(battle->instruments + 1u, sizeof *normaliser->bound),
        .ids = calloc(slots, sizeof *normaliser->ids),
        .ids_mask = slots - 1,
    };
    ry_normalise_clock_init(&normaliser->clock, battle->warmup_from);
    if (normaliser->trade == NULL || normaliser->bound == NULL || normaliser->ids == NULL ||
        ry_normalise_order_map_init(&normaliser->orders, battle->orders_max) != 0) {
        ry_normalise_dbn_free(normaliser);
        return -1;
    }
    return 0;
}

void ry_normalise_dbn_free(struct ry_normalise_dbn *normaliser)
{
    ry_normalise_order_map_free(&normaliser->orders);
    free(normaliser->trade);
    free(normaliser->bound);
    free(normaliser->ids);
    normaliser->trade = NULL;
    normaliser->bound = NULL;
    normaliser->ids = NULL;
}

/* ---- instrument ids -------------------------------------------------------------------------- */

/* The entry of a wire id, or the free one where it belongs. There is always a free one: each battle
 * instrument is bound once at most. */
static struct ry_normalise_dbn_id *id_entry(const struct ry_normalise_dbn *normaliser,
                                            uint32_t wire)
{
    uint32_t at = wire * 2654435761u & normaliser->ids_mask;
    while (normaliser->ids[at].id != 0 && normaliser->ids[at].wire != wire)
        at = (at + 1) & normaliser->ids_mask;
    return &normaliser->ids[at];
}

enum ry_normalise_dbn_bound ry_normalise_dbn_bind(struct ry_normalise_dbn *normaliser,
                                                  uint32_t instrument_id, const char *symbol,
                                                  size_t length)
{
    const int id = ry_normalise_instruments_find(normaliser->instruments, symbol, length);
    if (id < 0)
        return RY_NORMALISE_DBN_BOUND_FOREIGN;
    struct ry_normalise_dbn_id *entry = id_entry(normaliser, instrument_id);
    if (entry->id == (uint32_t)id + 1)
        return RY_NORMALISE_DBN_BOUND;
    if (entry->id != 0 || normaliser->bound[id]) {
        normaliser->counters->ambiguous_symbols++;
        return RY_NORMALISE_DBN_BOUND_AMBIGUOUS;
    }
    *entry = (struct ry_normalise_dbn_id){.wire = instrument_id, .id = (uint32_t)id + 1};
    normaliser->bound[id] = true;
    normaliser->bound_count++;
    return RY_NORMALISE_DBN_BOUND;
}

bool ry_normalise_dbn_metadata(struct ry_normalise_dbn *normaliser,
                               const struct ry_wire_dbn_metadata *metadata)
{
    normaliser->version = metadata->version;
    normaliser->ts_out = metadata->ts_out;
    struct ry_wire_dbn_mappings mappings = metadata->mappings;
    struct ry_wire_dbn_mapping mapping;
    int more;
    while ((more = ry_wire_dbn_mapping_next(&mappings, &mapping)) > 0) {
        uint32_t instrument_id;
        if (metadata->stype_out == RY_WIRE_DBN_STYPE_INSTRUMENT_ID) {
            if (ry_wire_dbn_instrument_id(mapping.out, mapping.out_length, &instrument_id))
                ry_normalise_dbn_bind(normaliser, instrument_id, mapping.in, mapping.in_length);
        } else if (metadata->stype_in == RY_WIRE_DBN_STYPE_INSTRUMENT_ID) {
            if (ry_wire_dbn_instrument_id(mapping.in, mapping.in_length, &instrument_id))
                ry_normalise_dbn_bind(normaliser, instrument_id, mapping.out, mapping.out_length);
        }
    }
    return more == 0;
}

static void symbol_mapping(struct ry_normalise_dbn *normaliser, const uint8_t *record,
                           size_t length)
{
    struct ry_feed_counters *counters = normaliser->counters;
    struct ry_wire_dbn_symbol_mapping mapping;
    switch (ry_wire_dbn_symbol_mapping(normaliser->version, record, length, normaliser->ts_out,
                                       &mapping)) {
    case RY_WIRE_DBN_OK: counters->dbn_symbol_mapping++; break;
    case RY_WIRE_DBN_SHORT: counters->damaged_short++; return;
    case RY_WIRE_DBN_NOT_DBN:
    case RY_WIRE_DBN_VERSION:
    case RY_WIRE_DBN_BAD_LENGTH:
    case RY_WIRE_DBN_BAD_FIELD: counters->damaged_bad_length++; return;
    }
    /* What was asked for may be the raw symbol, or a name that stands for it; either may be the
     * battle's. */
    if (ry_normalise_dbn_bind(normaliser, mapping.instrument_id, mapping.out, mapping.out_length) ==
        RY_NORMALISE_DBN_BOUND_FOREIGN)
        ry_normalise_dbn_bind(normaliser, mapping.instrument_id, mapping.in, mapping.in_length);
}

/* ---- MBO ------------------------------------------------------------------------------------- */

static bool count_mbo(struct ry_feed_counters *counters, enum ry_wire_dbn_result result,
                      const struct ry_wire_dbn_mbo *mbo)
{
    if (result != RY_WIRE_DBN_OK) {
        if (result == RY_WIRE_DBN_SHORT)
            counters->damaged_short++;
        else if (result == RY_WIRE_DBN_BAD_LENGTH)
            counters->damaged_bad_length++;
        else
            counters->damaged_bad_field++;
        return false;
    }
    switch (mbo->action) {
    case 'A': counters->dbn_add++; break;
    case 'C': counters->dbn_cancel++; break;
    case 'M': counters->dbn_modify++; break;
    case 'R': counters->dbn_clear++; break;
    case 'T': counters->dbn_trade++; break;
    case 'F': counters->dbn_fill++; break;
    default: counters->dbn_none++; break;
    }
    return true;
}

/* What a record's handling needs: whose it is, and where its event goes. */
struct turn {
    struct ry_normalise_dbn *normaliser;
    const struct ry_wire_dbn_mbo *mbo;
    struct ry_input *event;
    uint16_t id;
};

static int64_t time_of(const struct turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    if ((turn->mbo->flags & RY_WIRE_DBN_FLAG_SNAPSHOT) != 0)
        return normaliser->clock.last;
    return ry_normalise_time(&normaliser->clock, (int64_t)turn->mbo->ts_recv, normaliser->counters);
}

static bool emit(const struct turn *turn, enum ry_input_kind kind, int64_t price, uint32_t qty,
                 uint8_t side)
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

/* Price and size that an order or a trade can have; counted if not. */
static bool usable(const struct turn *turn, int64_t *price)
{
    struct ry_feed_counters *counters = turn->normaliser->counters;
    if (turn->mbo->price == RY_WIRE_DBN_PRICE_UNDEFINED ||
        ry_normalise_price(turn->normaliser->instruments, turn->id, turn->mbo->price,
                           &turn->normaliser->too_fine, price) != RY_NORMALISE_PRICE_HELD) {
        counters->dropped_price++;
        return false;
    }
    if (turn->mbo->size == 0 || turn->mbo->size == RY_WIRE_DBN_SIZE_UNDEFINED) {
        counters->dropped_quantity++;
        return false;
    }
    return true;
}

static bool add(const struct turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    const struct ry_wire_dbn_mbo *mbo = turn->mbo;
    int64_t price;
    if (!usable(turn, &price))
        return false;
    struct ry_normalise_order *order =
        ry_normalise_order_map_find(&normaliser->orders, turn->id, mbo->order_id);
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

static bool cancel_down_to(const struct turn *turn, struct ry_normalise_order *order, uint32_t left)
{
    const uint32_t qty = order->rec - left;
    order->rec = left;
    return qty > 0 && emit(turn, RY_IN_CANCEL, 0, qty, RY_SIDE_NONE);
}

static bool cancel(const struct turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    struct ry_feed_counters *counters = normaliser->counters;
    struct ry_normalise_order *order =
        ry_normalise_order_map_find(&normaliser->orders, turn->id, turn->mbo->order_id);
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

static bool modify(const struct turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    const struct ry_wire_dbn_mbo *mbo = turn->mbo;
    struct ry_normalise_order *order =
        ry_normalise_order_map_find(&normaliser->orders, turn->id, mbo->order_id);
    if (order == NULL) {
        normaliser->counters->unknown_modifies++;
        return add(turn);
    }
    if (mbo->size == 0) {
        const bool made = cancel_down_to(turn, order, 0);
        ry_normalise_order_map_remove(&normaliser->orders, order);
        return made;
    }
    int64_t price;
    if (!usable(turn, &price))
        return false;
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

static bool trade(const struct turn *turn)
{
    const struct ry_wire_dbn_mbo *mbo = turn->mbo;
    turn->normaliser->trade[turn->id] = (struct ry_normalise_dbn_trade){
        .ts_event = mbo->ts_event,
        .order_id = mbo->order_id,
        .begun = true,
        .auction = mbo->side == RY_SIDE_NONE,
    };
    int64_t price;
    return usable(turn, &price) && emit(turn, RY_IN_LAST, price, mbo->size, mbo->side);
}

static bool fill(const struct turn *turn)
{
    struct ry_normalise_dbn *normaliser = turn->normaliser;
    struct ry_feed_counters *counters = normaliser->counters;
    const struct ry_wire_dbn_mbo *mbo = turn->mbo;
    struct ry_normalise_order *order =
        ry_normalise_order_map_find(&normaliser->orders, turn->id, mbo->order_id);
    if (order == NULL) {
        counters->unknown_fills++;
        return false;
    }
    const struct ry_normalise_dbn_trade *last = &normaliser->trade[turn->id];
    const bool under_trade = last->begun && last->ts_event == mbo->ts_event;
    const uint32_t qty = mbo->size < order->rec ? mbo->size : order->rec;
    if (qty < mbo->size) {
        counters->fills_beyond++;
        counters->fills_beyond_lots += mbo->size - qty;
    }
    enum ry_input_kind kind = RY_IN_EXEC;
    if (under_trade && last->order_id == mbo->order_id) {
        counters->fills_own++;
        kind = RY_IN_CANCEL;
    } else if (under_trade && last->auction) {
        kind = RY_IN_AUCTION;
    }
    order->rec -= qty;
    return qty > 0 && emit(turn, kind, 0, qty, RY_SIDE_NONE);
}

static bool clear(const struct turn *turn)
{
    ry_normalise_order_map_clear(&turn->normaliser->orders, turn->id);
    return emit(turn, RY_IN_CLEAR, 0, 0, RY_SIDE_NONE);
}

static bool mbo_event(struct ry_normalise_dbn *normaliser, const struct ry_wire_dbn_mbo *mbo,
                      struct ry_input *event)
{
    if ((mbo->flags & RY_WIRE_DBN_FLAG_SNAPSHOT) == 0)
        ry_normalise_seen(&normaliser->clock, (int64_t)mbo->ts_recv);
    const struct ry_normalise_dbn_id *entry = id_entry(normaliser, mbo->instrument_id);
    if (entry->id == 0) {
        normaliser->counters->dropped_instrument++;
        return false;
    }
    const struct turn turn = {normaliser, mbo, event, (uint16_t)(entry->id - 1)};
    switch (mbo->action) {
    case 'A': return add(&turn);
    case 'C': return cancel(&turn);
    case 'M': return modify(&turn);
    case 'T': return trade(&turn);
    case 'F': return fill(&turn);
    case 'R': return clear(&turn);
    default: return false;
    }
}

bool ry_normalise_dbn(struct ry_normalise_dbn *normaliser, const uint8_t *record, size_t length,
                      struct ry_input *event)
{
    struct ry_feed_counters *counters = normaliser->counters;
    counters->messages++;
    if (length < RY_WIRE_DBN_RECORD_HEAD_BYTES) {
        counters->damaged_short++;
        return false;
    }
    const uint8_t rtype = record[1];
    if (rtype == RY_WIRE_DBN_RTYPE_SYMBOL_MAPPING) {
        symbol_mapping(normaliser, record, length);
        return false;
    }
    if (rtype != RY_WIRE_DBN_RTYPE_MBO) {
        counters->dbn_other++;
        return false;
    }
    struct ry_wire_dbn_mbo mbo;
    const enum ry_wire_dbn_result result =
        ry_wire_dbn_mbo(record, length, normaliser->ts_out, &mbo);
    return count_mbo(counters, result, &mbo) && mbo_event(normaliser, &mbo, event);
}
