#include "core/arena/tape.h"

#include "core/arena/marks.h"

/* TRADED-1; LAST-1: no book. */
void ry_arena_tape_trade(struct ry_arena *a, struct ry_arena_instrument *instrument, int64_t price,
                         uint32_t qty, uint64_t match)
{
    instrument->has_last = true;
    instrument->last_price = price;
    instrument->last_trade = a->trades;
    ry_arena_marks_moved(a, instrument);
    instrument->volume += qty;
    instrument->turnover += (__int128)price * qty;
    *ry_arena_trade_at(a, a->trades++) = (struct ry_arena_trade){
        .match = match,
        .price = price,
        .qty = qty,
        .instrument = instrument->id,
        .stands = true,
    };
}

/* TRADED-3: the newest trade of the instrument that is remembered and not broken, of this match
 * number unless `match` is 0; NULL if there is none. */
static struct ry_arena_trade *find(const struct ry_arena *a, uint16_t instrument, uint64_t match,
                                   uint64_t *number)
{
    uint64_t first = a->trades > RY_TRADES_KEPT ? a->trades - RY_TRADES_KEPT : 0;
    for (uint64_t at = a->trades; at > first; at--) {
        struct ry_arena_trade *trade = ry_arena_trade_at(a, at - 1);
        if (trade->instrument == instrument && trade->stands &&
            (match == 0 || trade->match == match)) {
            *number = at - 1;
            return trade;
        }
    }
    return NULL;
}

void ry_arena_tape_broken(struct ry_arena *a, struct ry_arena_instrument *instrument,
                          uint64_t match)
{
    uint64_t number = 0;
    struct ry_arena_trade *trade = match ? find(a, instrument->id, match, &number) : NULL;
    if (!trade) { /* BROKEN-1 */
        a->counters.unknown_broken++;
        return;
    }
    trade->stands = false; /* BROKEN-2 */
    instrument->volume -= trade->qty;
    instrument->turnover -= (__int128)trade->price * trade->qty;
    if (!instrument->has_last || instrument->last_trade != number)
        return;
    trade = find(a, instrument->id, 0, &number); /* BROKEN-3 */
    instrument->has_last = trade != NULL;
    instrument->last_price = trade ? trade->price : 0;
    instrument->last_trade = trade ? number : 0;
    ry_arena_marks_moved(a, instrument);
}
