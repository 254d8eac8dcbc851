#include "core/arena/ledger.h"

#include "core/arena/marks.h"

/* LEDGER-3 */
__int128 ry_arena_ledger_fee(__int128 notional, int32_t ppm)
{
    __int128 size = notional < 0 ? -notional : notional;
    /* Below 2^43 the product has 63 bits, ppm being 1,000,000 at most: a division in one word. */
    if (size < INT64_C(1) << 43) {
        int64_t narrow = (int64_t)size * ppm;
        int64_t fee = narrow / RY_PPM;
        return fee + (narrow % RY_PPM > 0);
    }
    __int128 scaled = size * ppm;
    __int128 fee = scaled / RY_PPM;
    return fee + (scaled % RY_PPM > 0);
}

static void pay(struct ry_arena *a, uint16_t account, __int128 money)
{
    if (account < a->agents)
        a->agent[account].cash += money;
    else
        a->recorded_cash += money;
}

static __int128 charge(struct ry_arena *a, uint16_t account, __int128 notional, int32_t ppm)
{
    if (account >= a->agents)
        return 0;
    __int128 fee = ry_arena_ledger_fee(notional, ppm);
    a->agent[account].cash -= fee;
    a->fees += fee;
    return fee;
}

static void move(struct ry_arena *a, struct ry_arena_instrument *instrument, uint16_t account,
                 int64_t lots)
{
    struct ry_arena_holding *holding = ry_arena_holding_at(a, instrument->id, account);
    holding->position += lots;
    if (account >= a->agents)
        return;
    ry_arena_marks_add(&a->agent[account], instrument, lots);
    uint64_t *word = &ry_arena_held_of(a, account)[instrument->id / 64];
    uint64_t bit = UINT64_C(1) << instrument->id % 64;
    *word = holding->position ? *word | bit : *word & ~bit;
}

/* LEDGER-1 */
struct ry_arena_fees ry_arena_ledger_post(struct ry_arena *a,
                                          struct ry_arena_instrument *instrument,
                                          const struct ry_arena_fill *fill)
{
    __int128 notional = (__int128)fill->price * fill->qty * instrument->money_per_unit;
    __int128 paid = ry_arena_flip_money(fill->maker_side, notional);
    int64_t lots = -ry_arena_flip(fill->maker_side, fill->qty);
    pay(a, fill->maker, paid);
    pay(a, fill->taker, -paid);
    move(a, instrument, fill->maker, lots);
    move(a, instrument, fill->taker, -lots);
    if (!instrument->traded) {
        instrument->traded = true;
        ry_arena_marks_moved(a, instrument);
    }
    a->money_moved = true;
    return (struct ry_arena_fees){
        .maker = charge(a, fill->maker, notional, a->battle.fee_maker_ppm),
        .taker = charge(a, fill->taker, notional, a->battle.fee_taker_ppm),
    };
}

void ry_arena_ledger_hand_over(struct ry_arena *a, struct ry_arena_instrument *instrument,
                               uint16_t agent, __int128 money)
{
    int64_t lots = ry_arena_holding_at(a, instrument->id, agent)->position;
    move(a, instrument, agent, -lots);
    move(a, instrument, a->agents, lots);
    pay(a, agent, money);
    pay(a, a->agents, -money);
    a->money_moved = true;
}

uint32_t ry_arena_held_next(const struct ry_arena *a, uint16_t agent, uint32_t from)
{
    const uint64_t *held = ry_arena_held_of(a, agent);
    uint64_t mask = ~UINT64_C(0) << from % 64;
    for (size_t i = from / 64; i < ry_arena_held_words(a->instruments); i++) {
        if (held[i] & mask)
            return (uint32_t)i * 64 + (uint32_t)__builtin_ctzll(held[i] & mask);
        mask = ~UINT64_C(0);
    }
    return a->instruments;
}

/* LEDGER-4: cash. */
static bool cash_conserved(const struct ry_arena *a)
{
    __int128 sum = a->recorded_cash + a->fees;
    for (unsigned i = 0; i < a->agents; i++)
        sum += a->agent[i].cash;
    return sum == a->paid_in;
}

/* LEDGER-4: the shares of an instrument. */
static bool shares_conserved(const struct ry_arena *a, const struct ry_arena_instrument *instrument)
{
    const struct ry_arena_holding *holding = ry_arena_holding_at(a, instrument->id, 0);
    int64_t sum = 0;
    for (unsigned i = 0; i <= a->agents; i++)
        sum += holding[i].position;
    return sum == 0;
}

void ry_arena_ledger_check_cash(const struct ry_arena *a)
{
    assert(cash_conserved(a));
}

void ry_arena_ledger_check_shares(const struct ry_arena *a,
                                  const struct ry_arena_instrument *instrument)
{
    assert(shares_conserved(a, instrument));
}

bool ry_arena_conserves(const struct ry_arena *a)
{
    for (uint32_t i = 0; a->phase >= RY_ARENA_PHASE_OPEN && i < a->instruments; i++) {
        const struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, i);
        if (instrument->traded && !shares_conserved(a, instrument))
            return false;
    }
    return cash_conserved(a);
}

void ry_arena_ledger_check_all(const struct ry_arena *a)
{
    assert(ry_arena_conserves(a));
}
