#include "feeds/market/itch.h"

#include <string.h>

#include "feeds/market/itch_shape.h"

void ry_normalise_itch_init(struct ry_normalise_itch *normaliser,
                            const struct ry_normalise_instruments *instruments,
                            struct ry_feed_counters *counters)
{
    normaliser->instruments = instruments;
    normaliser->counters = counters;
    normaliser->foreign = instruments->battle->instruments;
    normaliser->midnight = instruments->battle->midnight;
    normaliser->too_fine = (struct ry_normalise_too_fine){0};
    ry_normalise_clock_init(&normaliser->clock, instruments->battle->warmup_from);
    normaliser->messages_ended = false;
    memset(normaliser->halts, 0, sizeof normaliser->halts);
    memset(normaliser->named, 0, sizeof normaliser->named);
    for (unsigned locate = 0; locate <= UINT16_MAX; locate++)
        normaliser->locate[locate] = RY_NORMALISE_ITCH_UNKNOWN;
    ry_normalise_itch_quicken(normaliser);
}

/* The counter of each message type. */
static const enum ry_feed_counter counter_of[] = {
#define X(type, length, name) RY_FEED_COUNTER_itch_##name,
    RY_WIRE_ITCH50_TYPES(X)
#undef X
};

enum ry_feed_counter ry_normalise_itch_counter(uint8_t type)
{
    return counter_of[ry_wire_itch50_index(type)];
}

static bool count_message(struct ry_feed_counters *counters, enum ry_wire_itch50_result result,
                          const uint8_t *message)
{
    counters->messages++;
    switch (result) {
    case RY_WIRE_ITCH50_OK: counters->value[ry_normalise_itch_counter(message[0])]++; return true;
    case RY_WIRE_ITCH50_SHORT: counters->damaged_short++; break;
    case RY_WIRE_ITCH50_UNKNOWN_TYPE: counters->damaged_unknown_type++; break;
    case RY_WIRE_ITCH50_BAD_LENGTH: counters->damaged_bad_length++; break;
    case RY_WIRE_ITCH50_BAD_FIELD: counters->damaged_bad_field++; break;
    }
    return false;
}

static uint16_t bind(struct ry_normalise_itch *normaliser, const struct ry_wire_itch50 *message)
{
    const int id = ry_normalise_instruments_find(normaliser->instruments, message->symbol,
                                                 sizeof message->symbol);
    const uint16_t bound = id < 0 ? normaliser->foreign : (uint16_t)id;
    normaliser->locate[message->locate] = bound;
    if (id >= 0)
        normaliser->named[id] = true;
    return bound;
}

/* The instrument of a message, or -1 (counted). */
static int instrument_of(struct ry_normalise_itch *normaliser, const struct ry_wire_itch50 *message)
{
    uint16_t bound = normaliser->locate[message->locate];
    if (bound == RY_NORMALISE_ITCH_UNKNOWN && message->symbol[0] != '\0')
        bound = bind(normaliser, message);
    if (bound == RY_NORMALISE_ITCH_UNKNOWN) {
        normaliser->counters->dropped_locate++;
        return -1;
    }
    if (bound == normaliser->foreign) {
        normaliser->counters->dropped_instrument++;
        return -1;
    }
    return bound;
}

static bool session_event(struct ry_normalise_itch *normaliser,
                          const struct ry_wire_itch50 *message, int64_t wire,
                          struct ry_input *event)
{
    enum ry_session_state state;
    switch (message->code) {
    case 'S': state = RY_SESSION_OPEN; break;
    case 'O':
    case 'E': state = RY_SESSION_CLOSED; break;
    case 'C': normaliser->messages_ended = true; return false;
    default:
        if (message->code != 'Q' && message->code != 'M')
            normaliser->counters->unknown_session++;
        return false;
    }
    const int64_t time = ry_normalise_time(&normaliser->clock, wire, normaliser->counters);
    ry_normalise_event(event, RY_IN_SESSION, 0, time)->qty = (uint32_t)state;
    return true;
}

/* H and h: notes the reason, or that it is gone. False: an h that changes nothing. */
static bool trading_state(struct ry_normalise_itch *normaliser,
                          const struct ry_wire_itch50 *message, unsigned id, uint32_t *state)
{
    const bool market = message->type == 'H';
    const uint8_t reason = market ? RY_NORMALISE_ITCH_HALT_MARKET : RY_NORMALISE_ITCH_HALT_VENUE;
    /* H: halted, paused, quotation only. */
    const bool halts =
        message->code == 'H' || (market && (message->code == 'P' || message->code == 'Q'));
    uint8_t *held = &normaliser->halts[id];
    const bool halted = *held != 0;
    if (!halts && message->code != 'T')
        normaliser->counters->unknown_state++;
    *held = (uint8_t)(halts ? *held | reason : *held & ~reason);
    *state = *held != 0 ? RY_STATE_HALTED : RY_STATE_TRADING;
    return market || halted != (*held != 0);
}

struct ry_normalise_itch_shape ry_normalise_itch_shape(const struct ry_wire_itch50 *message)
{
    switch (message->type) {
    case 'A':
    case 'F': return (struct ry_normalise_itch_shape){RY_IN_ADD, 0, true, true};
    case 'E': return (struct ry_normalise_itch_shape){RY_IN_EXEC, RY_INF_PRINTED, false, true};
    case 'C': /* not printable: part of a cross, whose volume Q reports */
        if (message->code == 'N')
            return (struct ry_normalise_itch_shape){RY_IN_AUCTION, 0, false, true};
        return (struct ry_normalise_itch_shape){RY_IN_EXEC, RY_INF_PRINTED | RY_INF_PRICED, true,
                                                true};
    case 'X': return (struct ry_normalise_itch_shape){RY_IN_CANCEL, 0, false, true};
    case 'D': return (struct ry_normalise_itch_shape){RY_IN_CANCEL, RY_INF_ALL, false, false};
    case 'U': return (struct ry_normalise_itch_shape){RY_IN_REPLACE, 0, true, true};
    case 'P': return (struct ry_normalise_itch_shape){RY_IN_PRINT, 0, true, true};
    case 'Q':
        /* A cross without a match is reported with zeros. */
        if (message->shares == 0 || message->price == 0)
            return (struct ry_normalise_itch_shape){RY_IN_NONE, 0, false, false};
        return (struct ry_normalise_itch_shape){RY_IN_LAST, 0, true, true};
    case 'B': return (struct ry_normalise_itch_shape){RY_IN_BROKEN, 0, false, false};
    case 'H':
    case 'h': return (struct ry_normalise_itch_shape){RY_IN_STATE, 0, false, false};
    default: return (struct ry_normalise_itch_shape){RY_IN_NONE, 0, false, false};
    }
}

/* A replace whose new half cannot be held: the old order leaves all the same. */
static const struct ry_normalise_itch_shape old_half = {RY_IN_CANCEL, RY_INF_ALL, false, false};

/* Price and quantity within what an event can carry. What of the message stays a fact without them
 * stays in the shape: shares that are gone, an old order that is. False: nothing does. */
static bool fit(struct ry_normalise_itch *normaliser, const struct ry_wire_itch50 *message,
                unsigned id, struct ry_normalise_itch_shape *shape, int64_t *price)
{
    struct ry_feed_counters *counters = normaliser->counters;
    const bool replaces = shape->kind == RY_IN_REPLACE;
    enum ry_normalise_price held = RY_NORMALISE_PRICE_HELD;
    if (shape->priced)
        held = ry_normalise_price(normaliser->instruments, id, message->price,
                                  &normaliser->too_fine, price);
    counters->dropped_price += held == RY_NORMALISE_PRICE_BEYOND;
    if (shape->quantity && (message->shares == 0 || message->shares > UINT32_MAX)) {
        counters->dropped_quantity++;
        *shape = replaces ? old_half : (struct ry_normalise_itch_shape){0};
    } else if (held != RY_NORMALISE_PRICE_HELD) {
        /* The shares are gone from the book whatever they were paid: at the order's price then. */
        const struct ry_normalise_itch_shape unpriced = {RY_IN_EXEC, RY_INF_PRINTED, false, true};
        *shape = replaces                    ? old_half
                 : shape->kind == RY_IN_EXEC ? unpriced
                                             : (struct ry_normalise_itch_shape){0};
    }
    counters->replaces_cut += replaces && shape->kind == RY_IN_CANCEL;
    return shape->kind != RY_IN_NONE;
}

/* The numbers of orders and trades, where each kind has them. */
static void number_event(const struct ry_wire_itch50 *message, struct ry_input *event)
{
    event->ref = message->ref;
    switch (event->head.kind) {
    case RY_IN_PRINT:
    case RY_IN_LAST:
    case RY_IN_BROKEN: event->ref = message->match; break;
    case RY_IN_EXEC: event->ref_new = message->match; break;
    case RY_IN_REPLACE: event->ref_new = message->ref_new; break;
    default: break;
    }
}

static bool instrument_event(struct ry_normalise_itch *normaliser,
                             const struct ry_wire_itch50 *message, int64_t wire,
                             struct ry_input *event)
{
    struct ry_normalise_itch_shape shape = ry_normalise_itch_shape(message);
    if (shape.kind == RY_IN_NONE)
        return false;
    const int id = instrument_of(normaliser, message);
    int64_t price = 0;
    uint32_t state = 0;
    if (id < 0 || !fit(normaliser, message, (unsigned)id, &shape, &price))
        return false;
    if (shape.kind == RY_IN_STATE && !trading_state(normaliser, message, (unsigned)id, &state))
        return false;
    const int64_t time = ry_normalise_time(&normaliser->clock, wire, normaliser->counters);
    ry_normalise_event(event, shape.kind, (unsigned)id, time);
    event->head.flags = shape.flags;
    number_event(message, event);
    event->price = shape.priced ? price : 0;
    event->qty = shape.quantity ? (uint32_t)message->shares : state;
    event->side = shape.kind == RY_IN_ADD ? message->side : (uint8_t)RY_SIDE_NONE;
    return true;
}

bool ry_normalise_itch(struct ry_normalise_itch *normaliser, const uint8_t *bytes, size_t length,
                       struct ry_input *event)
{
    struct ry_wire_itch50 message;
    if (!count_message(normaliser->counters, ry_wire_itch50_decode(bytes, length, &message), bytes))
        return false;
    const int64_t wire = normaliser->midnight + (int64_t)message.ns;
    ry_normalise_seen(&normaliser->clock, wire);
    if (message.type == 'S')
        return session_event(normaliser, &message, wire, event);
    if (message.type == 'R') {
        bind(normaliser, &message);
        return false;
    }
    return instrument_event(normaliser, &message, wire, event);
}
