#include "feeds/market/itch_shape.h"
#include "feeds/wire/bytes.h"

/* Where a field is read that a type has not: 8 bytes from there are in its head. */
#define ABSENT 3

_Static_assert(offsetof(struct ry_input_head, instrument) == 2, "the head's first word");
#define INSTRUMENT_SHIFT 16

/* ---- what is known of a type ----------------------------------------------------------------- */

/* Types of no order or trade, of which nothing is told (R, S, H and others are). */
static bool is_silent(uint8_t type)
{
    return type == 'Y' || type == 'L' || type == 'V' || type == 'I' || type == 'N' || type == 'O';
}

static uint8_t or_absent(uint8_t at)
{
    return at != 0 ? at : ABSENT;
}

static uint64_t first_word(const struct ry_normalise_itch_shape *shape)
{
    const struct ry_input_head head = {
        .kind = (uint8_t)shape->kind, .slots = 1, .flags = shape->flags};
    uint64_t word;
    memcpy(&word, &head, sizeof word);
    return word;
}

/* Sides, or a printable flag that must be Y, or nothing: the type, which is itself. */
static void set_codes(struct ry_normalise_itch_quick *quick, uint8_t type,
                      const struct ry_wire_itch50_layout *at, bool keeps_side)
{
    quick->code = at->side + at->printable;
    quick->one = at->side != 0 ? 'B' : at->printable != 0 ? 'Y' : type;
    quick->other = at->side != 0 ? 'S' : quick->one;
    quick->one_side = keeps_side ? RY_BUY : RY_SIDE_NONE;
    quick->other_side = keeps_side ? RY_SELL : RY_SIDE_NONE;
}

static void quicken(struct ry_normalise_itch_quick *quick, uint8_t type,
                    const struct ry_wire_itch50_layout *at)
{
    const struct ry_normalise_itch_shape shape =
        ry_normalise_itch_shape(&(struct ry_wire_itch50){.type = type, .code = 'Y'});
    const uint8_t ref_new = shape.kind == RY_IN_EXEC ? at->match : at->ref_new;
    *quick = (struct ry_normalise_itch_quick){
        .head = first_word(&shape),
        .length = ry_wire_itch50_length(type),
        .counter = (uint16_t)ry_normalise_itch_counter(type),
        .about = shape.kind != RY_IN_NONE,
        .ref = or_absent(shape.kind == RY_IN_PRINT ? at->match : at->ref),
        .ref_new = or_absent(ref_new),
        .ref_new_mask = ref_new != 0 ? UINT64_MAX : 0,
        .quantity = or_absent(at->shares),
        .quantity_mask = shape.quantity ? UINT32_MAX : 0,
        .no_quantity = !shape.quantity,
        .price = or_absent(at->price),
        .price_mask = shape.priced ? UINT32_MAX : 0,
    };
    set_codes(quick, type, at, shape.kind == RY_IN_ADD);
}

void ry_normalise_itch_quicken(struct ry_normalise_itch *normaliser)
{
    static const struct ry_wire_itch50_layout nowhere = {0};
    for (unsigned i = 0; i <= UINT8_MAX; i++) {
        const uint8_t type = (uint8_t)i;
        const struct ry_wire_itch50_layout *at = ry_wire_itch50_layout(type);
        if (at != NULL && at->ref != 0)
            quicken(&normaliser->quick[i], type, at);
        else if (is_silent(type))
            quicken(&normaliser->quick[i], type, &nowhere);
        else
            normaliser->quick[i] = (struct ry_normalise_itch_quick){.length = UINT32_MAX};
    }
}

/* ---- many messages --------------------------------------------------------------------------- */

/* Exact, or false: for ry_normalise_price to judge. The wire's prices have no sign. */
static inline bool price_units(const struct ry_normalise_scale *scale, uint32_t wire,
                               int64_t *units)
{
    uint32_t whole = wire;
    if (scale->divisor != 1) {
        const uint32_t divisor = (uint32_t)scale->divisor;
        whole = wire / divisor;
        if (whole * divisor != wire)
            return false;
    }
    *units = (int64_t)whole * scale->multiplier;
    return *units <= RY_PRICE_ABS_MAX;
}

/* All of an event but its time; its instrument is `id`. False: for ry_normalise_itch to judge. */
static inline bool make_event(const struct ry_normalise_itch_quick *quick, const uint8_t *message,
                              const struct ry_normalise_scale *scale, uint64_t id,
                              struct ry_input *event)
{
    const uint8_t code = message[quick->code];
    const uint32_t quantity = ry_wire_be32(message + quick->quantity) & quick->quantity_mask;
    const uint32_t price = ry_wire_be32(message + quick->price) & quick->price_mask;
    int64_t units;
    if (code != quick->one && code != quick->other)
        return false;
    if ((quantity | quick->no_quantity) == 0 || !price_units(scale, price, &units))
        return false;
    const uint64_t head = quick->head | id << INSTRUMENT_SHIFT;
    memcpy(&event->head, &head, sizeof head);
    event->ref = ry_wire_be64(message + quick->ref);
    event->ref_new = ry_wire_be64(message + quick->ref_new) & quick->ref_new_mask;
    event->price = units;
    event->qty = quantity;
    const uint32_t side = code == quick->one ? quick->one_side : quick->other_side;
    memcpy(&event->side, &side, sizeof side);
    return true;
}

/* The times that are taken, since midnight: from the latest one on, to the warm-up's end or the
 * day's. */
struct window {
    uint64_t from, to;
};

static struct window window_of(const struct ry_normalise_itch *normaliser)
{
    const struct ry_normalise_clock *clock = &normaliser->clock;
    struct window window = {UINT64_MAX, 0}; /* nothing */
    if (clock->first == RY_TIME_NEVER)
        return window;
    window.from = (uint64_t)(clock->latest - normaliser->midnight);
    window.to = clock->latest < clock->warmup_from
                    ? (uint64_t)(clock->warmup_from - normaliser->midnight)
                    : RY_WIRE_ITCH50_NS_MAX;
    if (window.to > RY_WIRE_ITCH50_NS_MAX)
        window.to = RY_WIRE_ITCH50_NS_MAX;
    return window;
}

/* What the messages that were taken leave behind; about: those that a foreign instrument dropped,
 * too. */
static void settle(struct ry_normalise_itch *normaliser,
                   const struct ry_normalise_itch_taken *taken, unsigned about, uint64_t ns_last,
                   int64_t wire_last, const struct ry_input *last)
{
    struct ry_feed_counters *counters = normaliser->counters;
    struct ry_normalise_clock *clock = &normaliser->clock;
    counters->messages += taken->messages;
    counters->dropped_instrument += about - taken->events;
    if (clock->latest < clock->warmup_from)
        counters->clamped_to_warmup += taken->events;
    if (taken->messages > 0)
        clock->latest = normaliser->midnight + (int64_t)ns_last;
    if (taken->events > 0) {
        clock->wire = wire_last;
        clock->last = last->head.time;
    }
}

struct ry_normalise_itch_taken ry_normalise_itch_span(struct ry_normalise_itch *normaliser,
                                                      const uint8_t *bytes, size_t length,
                                                      struct ry_input *events, unsigned room)
{
    uint64_t *counters = normaliser->counters->value;
    const struct ry_normalise_scale *scales = normaliser->instruments->scale;
    const uint8_t *at = bytes, *end = bytes + length;
    const int64_t midnight = normaliser->midnight, floor = normaliser->clock.last;
    const unsigned foreign = normaliser->foreign;
    struct ry_normalise_itch_taken taken = {0};
    struct window window = window_of(normaliser);
    int64_t wire_last = 0;
    unsigned about = 0, made = 0;
    while (made < room && end - at >= 3) {
        const uint8_t *message = at + 2;
        const struct ry_normalise_itch_quick *quick = &normaliser->quick[message[0]];
        const size_t framed = ry_wire_be16(at);
        if (framed != quick->length || framed > (size_t)(end - message))
            break;
        const uint16_t id = normaliser->locate[ry_wire_be16(message + 1)];
        const uint64_t ns = ry_wire_be48(message + 5);
        struct ry_input *event = &events[made];
        if (id == RY_NORMALISE_ITCH_UNKNOWN || ns < window.from || ns >= window.to ||
            !make_event(quick, message, &scales[id], id, event))
            break;
        const int64_t wire = midnight + (int64_t)ns;
        const bool makes = quick->about & (id != foreign);
        event->head.time = wire > floor ? wire : floor;
        event->head.source_seq = 0;
        window.from = ns;
        wire_last = makes ? wire : wire_last;
        made += makes;
        about += quick->about;
        counters[quick->counter]++;
        taken.messages++;
        at = message + framed;
    }
    taken.bytes = (size_t)(at - bytes);
    taken.events = made;
    settle(normaliser, &taken, about, window.from, wire_last, made > 0 ? &events[made - 1] : NULL);
    return taken;
}
