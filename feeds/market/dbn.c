#include "feeds/market/dbn.h"

#include <stdlib.h>

#include "feeds/market/dbn_orders.h"
#include "feeds/wire/bytes.h"
#include "feeds/wire/dbn_publishers.h"

static void set_publisher(struct ry_normalise_dbn *normaliser, uint16_t number)
{
    const struct ry_wire_dbn_publisher *publisher = ry_wire_dbn_publisher(number);
    normaliser->publisher = number;
    normaliser->hidden = publisher != NULL && publisher->hidden;
    normaliser->unknown = publisher == NULL;
}

int ry_normalise_dbn_init(struct ry_normalise_dbn *normaliser,
                          const struct ry_normalise_instruments *instruments,
                          struct ry_feed_counters *counters, uint16_t publisher)
{
    const struct ry_battle *battle = instruments->battle;
    *normaliser = (struct ry_normalise_dbn){
        .instruments = instruments,
        .counters = counters,
        .version = 1,
        .named = publisher != 0,
        .market = calloc(battle->instruments + 1u, sizeof *normaliser->market),
    };
    set_publisher(normaliser, publisher);
    ry_normalise_clock_init(&normaliser->clock, battle->warmup_from);
    if (normaliser->market == NULL ||
        ry_normalise_dbn_symbols_init(&normaliser->symbols, instruments) != 0 ||
        ry_normalise_order_map_init(&normaliser->orders, battle->instruments, battle->orders_max) !=
            0) {
        ry_normalise_dbn_free(normaliser);
        return -1;
    }
    return 0;
}

void ry_normalise_dbn_free(struct ry_normalise_dbn *normaliser)
{
    ry_normalise_order_map_free(&normaliser->orders);
    ry_normalise_dbn_symbols_free(&normaliser->symbols);
    free(normaliser->market);
    normaliser->market = NULL;
}

bool ry_normalise_dbn_metadata(struct ry_normalise_dbn *normaliser,
                               const struct ry_wire_dbn_metadata *metadata)
{
    normaliser->version = metadata->version;
    normaliser->ts_out = metadata->ts_out;
    const bool sound = ry_normalise_dbn_symbols_metadata(&normaliser->symbols, metadata);
    normaliser->counters->ambiguous_symbols = normaliser->symbols.ambiguous;
    return sound;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int id_of(const struct ry_normalise_dbn *normaliser, enum ry_wire_dbn_result result,
                 uint32_t wire, uint64_t ts_recv)
{
    return result == RY_WIRE_DBN_OK
               ? ry_normalise_dbn_symbols_find(&normaliser->symbols, wire, ts_recv)
               : RY_NORMALISE_DBN_NOT_LISTED;
}

void ry_normalise_dbn_read(const struct ry_normalise_dbn *normaliser, const uint8_t *bytes,
                           size_t length, struct ry_normalise_dbn_record *r)
{
    r->id = RY_NORMALISE_DBN_NOT_LISTED;
    r->rtype = 0;
    r->result = RY_WIRE_DBN_SHORT;
    if (length < RY_WIRE_DBN_RECORD_HEAD_BYTES)
        return;
    r->rtype = bytes[1];
    r->publisher = ry_wire_le16(bytes + 2);
    switch (r->rtype) {
    case RY_WIRE_DBN_RTYPE_MBO:
        r->result = ry_wire_dbn_mbo(bytes, length, normaliser->ts_out, &r->mbo);
        r->id = id_of(normaliser, r->result, r->mbo.instrument_id, r->mbo.ts_recv);
        break;
    case RY_WIRE_DBN_RTYPE_STATUS:
        r->result = ry_wire_dbn_status(bytes, length, normaliser->ts_out, &r->status);
        r->id = id_of(normaliser, r->result, r->status.instrument_id, r->status.ts_recv);
        break;
    case RY_WIRE_DBN_RTYPE_SYMBOL_MAPPING:
        r->result = ry_wire_dbn_symbol_mapping(normaliser->version, bytes, length,
                                               normaliser->ts_out, &r->mapping);
        break;
    case RY_WIRE_DBN_RTYPE_ERROR:
    case RY_WIRE_DBN_RTYPE_SYSTEM:
        r->result =
            ry_wire_dbn_notice(normaliser->version, bytes, length, normaliser->ts_out, &r->notice);
        break;
    default: r->result = RY_WIRE_DBN_OK;
    }
}

/* ---- the trade that was held back ------------------------------------------------------------ */

static bool is_fill_of(const struct ry_normalise_dbn_held *held,
                       const struct ry_normalise_dbn_record *r)
{
    return r->rtype == RY_WIRE_DBN_RTYPE_MBO && r->id == held->event.head.instrument &&
           r->mbo.action == 'F' && r->mbo.ts_event == held->ts_event &&
           r->mbo.sequence == held->sequence;
}

static void release(struct ry_normalise_dbn *normaliser, bool filled, struct ry_input *event)
{
    *event = normaliser->held.event;
    normaliser->held.there = false;
    if (!filled) {
        event->head.kind = RY_IN_PRINT;
        event->side = RY_SIDE_NONE;
    }
}

bool ry_normalise_dbn_before(struct ry_normalise_dbn *normaliser,
                             const struct ry_normalise_dbn_record *r, struct ry_input *event)
{
    if (!normaliser->held.there)
        return false;
    /* What the gateway says in between is no part of the market. */
    const bool market = r->rtype == RY_WIRE_DBN_RTYPE_MBO || r->rtype == RY_WIRE_DBN_RTYPE_STATUS ||
                        r->rtype == RY_WIRE_DBN_RTYPE_SYMBOL_MAPPING;
    if (!market)
        return false;
    release(normaliser, is_fill_of(&normaliser->held, r), event);
    return true;
}

bool ry_normalise_dbn_end(struct ry_normalise_dbn *normaliser, struct ry_input *event)
{
    if (!normaliser->held.there)
        return false;
    release(normaliser, false, event);
    return true;
}

/* ---- what is lacking ------------------------------------------------------------------------- */

static bool aggregate(const struct ry_wire_dbn_mbo *mbo)
{
    const bool of_order = mbo->action == 'A' || mbo->action == 'C' || mbo->action == 'M';
    if ((mbo->flags & (RY_WIRE_DBN_FLAG_TOB | RY_WIRE_DBN_FLAG_MBP)) != 0)
        return of_order || mbo->action == 'F';
    return of_order && mbo->order_id == 0;
}

/* An order that the record changes and never added, though nothing was dropped here. */
static bool late(const struct ry_normalise_dbn *normaliser, unsigned id,
                 const struct ry_wire_dbn_mbo *mbo)
{
    const struct ry_feed_counters *c = normaliser->counters;
    if (normaliser->market[id].founded || (mbo->action != 'C' && mbo->action != 'M'))
        return false;
    const uint64_t dropped = c->orders_full + c->dropped_price + c->dropped_quantity +
                             c->replaces_cut + c->dbn_aggregates + c->damaged_short +
                             c->damaged_bad_length + c->damaged_bad_field;
    return dropped == 0 &&
           ry_normalise_order_map_find(&normaliser->orders, (uint16_t)id, mbo->order_id) == NULL;
}

unsigned ry_normalise_dbn_doubts(const struct ry_normalise_dbn *normaliser,
                                 const struct ry_normalise_dbn_record *r)
{
    if (r->result != RY_WIRE_DBN_OK)
        return 0;
    if (r->rtype == RY_WIRE_DBN_RTYPE_ERROR)
        return 1u << RY_INCOMPLETE_ERROR;
    if (r->rtype != RY_WIRE_DBN_RTYPE_MBO || r->id < 0 ||
        (normaliser->publisher != 0 && normaliser->publisher != r->publisher))
        return 0;
    unsigned doubts = 0;
    if ((r->mbo.flags & RY_WIRE_DBN_FLAG_MAYBE_BAD_BOOK) != 0)
        doubts |= 1u << RY_INCOMPLETE_FLAGGED;
    if (aggregate(&r->mbo))
        doubts |= 1u << RY_INCOMPLETE_AGGREGATES;
    else if (late(normaliser, (unsigned)r->id, &r->mbo))
        doubts |= 1u << RY_INCOMPLETE_LATE;
    return doubts;
}

/* ---- taking ---------------------------------------------------------------------------------- */

static bool count_record(struct ry_feed_counters *counters,
                         const struct ry_normalise_dbn_record *record)
{
    counters->messages++;
    switch (record->result) {
    case RY_WIRE_DBN_OK: break;
    case RY_WIRE_DBN_SHORT: counters->damaged_short++; return false;
    case RY_WIRE_DBN_BAD_LENGTH: counters->damaged_bad_length++; return false;
    case RY_WIRE_DBN_NOT_DBN:
    case RY_WIRE_DBN_VERSION:
    case RY_WIRE_DBN_BAD_FIELD: counters->damaged_bad_field++; return false;
    }
    switch (record->rtype) {
    case RY_WIRE_DBN_RTYPE_MBO: break;
    case RY_WIRE_DBN_RTYPE_STATUS: counters->dbn_status++; break;
    case RY_WIRE_DBN_RTYPE_SYMBOL_MAPPING: counters->dbn_symbol_mapping++; break;
    case RY_WIRE_DBN_RTYPE_ERROR: counters->dbn_error++; break;
    case RY_WIRE_DBN_RTYPE_SYSTEM: counters->dbn_system++; break;
    default: counters->dbn_other++;
    }
    return true;
}

static void count_mbo(struct ry_feed_counters *counters, const struct ry_wire_dbn_mbo *mbo)
{
    switch (mbo->action) {
    case 'A': counters->dbn_add++; break;
    case 'C': counters->dbn_cancel++; break;
    case 'M': counters->dbn_modify++; break;
    case 'R': counters->dbn_clear++; break;
    case 'T': counters->dbn_trade++; break;
    case 'F': counters->dbn_fill++; break;
    default: counters->dbn_none++; break;
    }
}

/* EVENT: the record counts. QUIET: it is dropped. */
static enum ry_normalise_dbn_result admit(struct ry_normalise_dbn *normaliser,
                                          const struct ry_normalise_dbn_record *r)
{
    struct ry_feed_counters *counters = normaliser->counters;
    if (r->id < 0) {
        if (r->id == RY_NORMALISE_DBN_OTHER_DAY)
            counters->dropped_other_day++;
        else
            counters->dropped_instrument++;
        return RY_NORMALISE_DBN_QUIET;
    }
    if (normaliser->publisher == 0)
        set_publisher(normaliser, r->publisher);
    if (r->publisher == normaliser->publisher)
        return RY_NORMALISE_DBN_EVENT;
    counters->dropped_publisher++;
    return normaliser->named ? RY_NORMALISE_DBN_QUIET : RY_NORMALISE_DBN_OTHER_PUBLISHER;
}

static enum ry_normalise_dbn_result take_mbo(struct ry_normalise_dbn *normaliser,
                                             const struct ry_normalise_dbn_record *r,
                                             struct ry_input *event)
{
    struct ry_feed_counters *counters = normaliser->counters;
    const struct ry_wire_dbn_mbo *mbo = &r->mbo;
    const bool snapshot = (mbo->flags & RY_WIRE_DBN_FLAG_SNAPSHOT) != 0;
    count_mbo(counters, mbo);
    if (!snapshot)
        ry_normalise_seen(&normaliser->clock, (int64_t)mbo->ts_recv);
    const enum ry_normalise_dbn_result admitted = admit(normaliser, r);
    if (admitted != RY_NORMALISE_DBN_EVENT)
        return admitted;
    counters->dbn_flagged += (mbo->flags & RY_WIRE_DBN_FLAG_MAYBE_BAD_BOOK) != 0;
    counters->dbn_bad_time += (mbo->flags & RY_WIRE_DBN_FLAG_BAD_TS_RECV) != 0 && !snapshot;
    if (aggregate(mbo)) {
        counters->dbn_aggregates++;
        return RY_NORMALISE_DBN_QUIET;
    }
    if (snapshot || mbo->action == 'R')
        normaliser->market[r->id].founded = true;
    const struct ry_normalise_dbn_turn turn = {normaliser, mbo, event, (uint16_t)r->id};
    return ry_normalise_dbn_orders(&turn) ? RY_NORMALISE_DBN_EVENT : RY_NORMALISE_DBN_QUIET;
}

/* True: the action says in which state the instrument is from now on. */
static bool state_of(struct ry_feed_counters *counters, const struct ry_wire_dbn_status *status,
                     enum ry_trading_state *state)
{
    const bool trades = status->is_trading != 'N';
    *state = trades ? RY_STATE_TRADING : RY_STATE_HALTED;
    switch ((enum ry_wire_dbn_action)status->action) {
    case RY_WIRE_DBN_ACTION_TRADING: *state = RY_STATE_TRADING; return true;
    case RY_WIRE_DBN_ACTION_PRE_OPEN:
    case RY_WIRE_DBN_ACTION_PRE_CROSS:
    case RY_WIRE_DBN_ACTION_QUOTING:
    case RY_WIRE_DBN_ACTION_CROSS:
    case RY_WIRE_DBN_ACTION_ROTATION:
    case RY_WIRE_DBN_ACTION_HALT:
    case RY_WIRE_DBN_ACTION_PAUSE:
    case RY_WIRE_DBN_ACTION_SUSPEND:
    case RY_WIRE_DBN_ACTION_CLOSE:
    case RY_WIRE_DBN_ACTION_NOT_AVAILABLE: *state = RY_STATE_HALTED; return true;
    /* Phases in which one venue trades and another does not, and news that are no phase. */
    case RY_WIRE_DBN_ACTION_NONE:
    case RY_WIRE_DBN_ACTION_PRICE_INDICATION:
    case RY_WIRE_DBN_ACTION_PRE_CLOSE:
    case RY_WIRE_DBN_ACTION_POST_CLOSE:
    case RY_WIRE_DBN_ACTION_SHORT_SALES:
        return status->is_trading == 'Y' || status->is_trading == 'N';
    case RY_WIRE_DBN_ACTIONS: break;
    }
    counters->unknown_state++;
    return true;
}

static enum ry_normalise_dbn_result take_status(struct ry_normalise_dbn *normaliser,
                                                const struct ry_normalise_dbn_record *r,
                                                struct ry_input *event)
{
    enum ry_trading_state state;
    ry_normalise_seen(&normaliser->clock, (int64_t)r->status.ts_recv);
    const enum ry_normalise_dbn_result admitted = admit(normaliser, r);
    if (admitted != RY_NORMALISE_DBN_EVENT)
        return admitted;
    if (!state_of(normaliser->counters, &r->status, &state))
        return RY_NORMALISE_DBN_QUIET;
    const int64_t time =
        ry_normalise_time(&normaliser->clock, (int64_t)r->status.ts_recv, normaliser->counters);
    ry_normalise_event(event, RY_IN_STATE, (unsigned)r->id, time)->qty = (uint32_t)state;
    return RY_NORMALISE_DBN_EVENT;
}

static enum ry_normalise_dbn_result take_mapping(struct ry_normalise_dbn *normaliser,
                                                 const struct ry_normalise_dbn_record *r,
                                                 struct ry_input *event)
{
    unsigned id = 0;
    const enum ry_normalise_dbn_bound bound =
        ry_normalise_dbn_symbols_record(&normaliser->symbols, &r->mapping, &id);
    normaliser->counters->ambiguous_symbols = normaliser->symbols.ambiguous;
    if (bound == RY_NORMALISE_DBN_BOUND_ROLLS)
        return RY_NORMALISE_DBN_ROLLS;
    if (bound != RY_NORMALISE_DBN_BOUND_MOVED)
        return RY_NORMALISE_DBN_QUIET;
    normaliser->market[id] = (struct ry_normalise_dbn_market){0};
    if (ry_normalise_order_map_clear(&normaliser->orders, (uint16_t)id) == 0)
        return RY_NORMALISE_DBN_QUIET;
    ry_normalise_event(event, RY_IN_CLEAR, id, normaliser->clock.last);
    return RY_NORMALISE_DBN_EVENT;
}

enum ry_normalise_dbn_result ry_normalise_dbn_take(struct ry_normalise_dbn *normaliser,
                                                   const struct ry_normalise_dbn_record *r,
                                                   struct ry_input *event)
{
    if (!count_record(normaliser->counters, r))
        return RY_NORMALISE_DBN_QUIET;
    switch (r->rtype) {
    case RY_WIRE_DBN_RTYPE_MBO: return take_mbo(normaliser, r, event);
    case RY_WIRE_DBN_RTYPE_STATUS: return take_status(normaliser, r, event);
    case RY_WIRE_DBN_RTYPE_SYMBOL_MAPPING: return take_mapping(normaliser, r, event);
    default: return RY_NORMALISE_DBN_QUIET;
    }
}
