/*
 * Looking ahead: starts cache misses without waiting for any.
 *
 * What an input will touch hangs together: reference -> order -> level and neighbours. Each link is known
 * only when the one before has arrived. So a hint takes the first step for its own input, the second for
 * the input hinted RY_HINT_STEP before, and so on: by the time a step looks, its line is there. The
 * remembered inputs are the arena's only memory that ry_arena_apply never reads.
 *
 * Nothing here is trusted: what a step finds may have left meanwhile; then a wrong line is fetched.
 */
#include "core/arena/levels.h"
#include "core/arena/refs.h"

#define RY_HINT_STEP  5u /* 4 steps are done 15 inputs later */
#define RY_HINT_PROBE 4u /* slots of the reference table that are looked at */

_Static_assert(3 * RY_HINT_STEP < RY_HINTS, "a remembered input must live until its last step");

static void fetch(const void *line)
{
    __builtin_prefetch(line, 1);
}

static bool brings_price(uint8_t kind)
{
    return kind == RY_IN_ADD || kind == RY_IN_REPLACE;
}

/* Step 1: the reference's slot, the instrument. */
static void step_reference(const struct ry_arena *a, struct ry_hint *hint, const struct ry_input *in)
{
    const struct ry_instrument *instrument = ry_instrument_at(a, in->head.instrument);
    hint->hash = ry_ref_hash(a, in->head.instrument, in->ref);
    fetch(&ry_refs(a)[hint->hash & a->ref_mask]);
    fetch(instrument);
    if (in->head.kind == RY_IN_ADD)
        fetch(&instrument->side[(in->side - 1) & 1]);
    if (in->head.kind == RY_IN_REPLACE)
        fetch(&ry_refs(a)[ry_ref_hash(a, in->head.instrument, in->ref_new) & a->ref_mask]);
}

/* The slot of the window that the hint's price has; NULL if it has none. */
static const uint32_t *window_slot(const struct ry_arena *a, const struct ry_hint *hint)
{
    const struct ry_book *book = ry_book_at(a, hint->instrument, hint->side);
    uint32_t slot;
    int32_t key = (int32_t)ry_key(hint->side, hint->price);
    return ry_window_place(book, key, &slot) ? &ry_window_of(a, book)->slot[slot] : NULL;
}

static void fetch_window(const struct ry_arena *a, const struct ry_hint *hint)
{
    const uint32_t *slot = window_slot(a, hint);
    if (!slot)
        return;
    const struct ry_book *book = ry_book_at(a, hint->instrument, hint->side);
    struct ry_window *window = ry_window_of(a, book);
    fetch(slot);
    fetch(&window->word[(slot - window->slot) / 64]);
}

/* Step 2: an Add's place among the levels; of others the order. */
static void step_order(const struct ry_arena *a, struct ry_hint *hint)
{
    if (hint->kind == RY_IN_ADD) {
        fetch_window(a, hint);
        return;
    }
    const struct ry_ref *refs = ry_refs(a);
    for (uint32_t i = 0; i < RY_HINT_PROBE; i++) {
        const struct ry_ref *ref = &refs[(hint->hash + i) & a->ref_mask];
        if (!ref->order)
            return;
        if (ref->hash == hint->hash) {
            hint->order = ref->order;
            fetch(ry_order_at(a, ref->order));
            return;
        }
    }
}

/* Step 3: the level; of an order that may leave its neighbours; a Replace's new place. */
static void step_level(const struct ry_arena *a, struct ry_hint *hint)
{
    if (hint->kind == RY_IN_ADD) {
        const uint32_t *slot = window_slot(a, hint);
        hint->order = slot ? *slot : 0; /* a level now */
        if (hint->order)
            fetch(ry_level_at(a, hint->order));
        return;
    }
    if (!hint->order)
        return;
    const struct ry_order *order = ry_order_at(a, hint->order);
    fetch(ry_level_at(a, order->level));
    if (order->next)
        fetch(ry_order_at(a, order->next));
    if (order->prev)
        fetch(ry_order_at(a, order->prev));
    if (hint->kind == RY_IN_REPLACE && (order->side == RY_BUY || order->side == RY_SELL)) {
        hint->side = order->side;
        fetch_window(a, hint);
    }
}

/* Step 4: the end of an Add's queue; a Replace's new level. */
static void step_queue(const struct ry_arena *a, const struct ry_hint *hint)
{
    if (hint->kind == RY_IN_ADD && hint->order) {
        uint32_t tail = ry_level_at(a, hint->order)->tail;
        if (tail)
            fetch(ry_order_at(a, tail));
    }
    if (hint->kind == RY_IN_REPLACE && hint->side) {
        const uint32_t *slot = window_slot(a, hint);
        if (slot && *slot)
            fetch(ry_level_at(a, *slot));
    }
}

/* Whether the steps can look at what the input says. */
static bool worth_it(const struct ry_arena *a, const struct ry_input *in)
{
    if (in->head.kind < RY_IN_ADD || in->head.kind > RY_IN_AUCTION || in->head.kind == RY_IN_PRINT)
        return false;
    if (in->head.instrument >= a->instruments)
        return false;
    if (in->head.kind == RY_IN_ADD && in->side != RY_BUY && in->side != RY_SELL)
        return false;
    return !brings_price(in->head.kind) ||
           (in->price >= -RY_PRICE_ABS_MAX && in->price <= RY_PRICE_ABS_MAX);
}

void ry_arena_hint(const struct ry_arena *a, const union ry_input_any *input)
{
    const struct ry_input *in = &input->event;
    if (a->phase != RY_PHASE_OPEN || !worth_it(a, in))
        return;
    struct ry_hints *hints = (struct ry_hints *)ry_at(a, a->at.hints);
    uint32_t now = hints->count++;
    struct ry_hint *hint = &hints->ring[now % RY_HINTS];
    *hint = (struct ry_hint){
        .price = brings_price(in->head.kind) ? (int32_t)in->price : 0,
        .instrument = in->head.instrument,
        .kind = in->head.kind,
        .side = in->head.kind == RY_IN_ADD ? in->side : 0,
    };
    step_reference(a, hint, in);
    step_order(a, &hints->ring[(now - RY_HINT_STEP) % RY_HINTS]);
    step_level(a, &hints->ring[(now - 2 * RY_HINT_STEP) % RY_HINTS]);
    step_queue(a, &hints->ring[(now - 3 * RY_HINT_STEP) % RY_HINTS]);
}
