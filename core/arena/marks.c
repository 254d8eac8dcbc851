#include "core/arena/marks.h"

#include "core/arena/value.h"

static void mark(struct ry_arena *a, struct ry_arena_instrument *instrument)
{
    int64_t price;
    if (!ry_arena_value_reference(instrument, a->widest, &price)) /* VALUE-1 */
        price = 0;
    if (price == instrument->mark)
        return;
    const __int128 rise = (__int128)(price - instrument->mark) * instrument->money_per_unit;
    const struct ry_arena_holding *holding = ry_arena_holding_at(a, instrument->id, 0);
    for (unsigned i = 0; i < a->agents; i++)
        a->agent[i].worth += rise * holding[i].position;
    instrument->mark = price;
}

static void mark_due(struct ry_arena *a)
{
    uint16_t *due = ry_arena_at(a, a->at.due);
    uint32_t stay = 0;
    for (uint32_t i = 0; i < a->due; i++) {
        struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, due[i]);
        mark(a, instrument);
        instrument->mark_due = !instrument->has_last;
        if (instrument->mark_due)
            due[stay++] = instrument->id;
    }
    a->due = stay;
}

__int128 ry_arena_marks_equity(struct ry_arena *a, uint16_t agent)
{
    if (a->due)
        mark_due(a);
    return a->agent[agent].cash + a->agent[agent].worth;
}
