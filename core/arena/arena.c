/* Making an arena, and the one way in: ry_arena_apply. */
#include "core/arena/arena.h"

#include <string.h>

#include "core/arena/commands.h"
#include "core/arena/elimination.h"
#include "core/arena/game.h"
#include "core/arena/hash.h"
#include "core/arena/hashes.h"
#include "core/arena/ledger.h"
#include "core/arena/outputs.h"
#include "core/arena/recorded.h"
#include "core/arena/tape.h"
#include "core/arena/trading.h"
#include "shm/records/longest.h"

#define RY_LINES_MIN 16u

static size_t reserve(size_t *end, size_t bytes)
{
    size_t at = (*end + RY_ISOLATION - 1) & ~(size_t)(RY_ISOLATION - 1);
    *end = at + bytes;
    return at;
}

/* Lines of names: a power of two, at least one for each two orders. */
static uint32_t lines_of(uint32_t orders)
{
    uint32_t lines = RY_LINES_MIN;
    while (lines < orders / 2)
        lines *= 2;
    return lines;
}

static struct ry_arena_layout layout_of(const struct ry_input_battle *b)
{
    struct ry_arena_layout at = {.line_mask = lines_of(b->orders_max) - 1};
    size_t orders = (size_t)b->orders_max + 1; /* id 0 is none */
    size_t end = sizeof(struct ry_arena);
    at.group_max = ry_longest_market(b->orders_max, b->instruments, b->agents);
    /* First, so that a BATTLE of another shape leaves them in their places. Blocks are folded when
     * they are full, or more: the last record may go beyond. */
    at.hashes = reserve(&end, ry_arena_hashes_bytes());
    at.block[RY_ARENA_STREAM_INPUTS] =
        reserve(&end, RY_ARENA_BLOCK_BYTES + sizeof(union ry_input_any));
    at.block[RY_ARENA_STREAM_SAID] = reserve(&end, RY_ARENA_BLOCK_BYTES + sizeof(struct ry_report));
    at.instruments = reserve(&end, b->instruments * sizeof(struct ry_arena_instrument));
    at.hints = reserve(&end, sizeof(struct ry_arena_hints));
    at.orders = reserve(&end, orders * sizeof(struct ry_arena_order));
    at.levels = reserve(&end, orders * sizeof(struct ry_arena_level));
    at.lines = reserve(&end, (at.line_mask + (size_t)1) * sizeof(struct ry_arena_line));
    at.surplus = reserve(&end, orders * sizeof(uint32_t));
    at.arrived = reserve(&end, orders * sizeof(uint64_t));
    at.windows = reserve(&end, 2 * (size_t)b->instruments * sizeof(struct ry_arena_window));
    at.holdings =
        reserve(&end, (size_t)b->instruments * (b->agents + 1u) * sizeof(struct ry_arena_holding));
    at.trades = reserve(&end, RY_TRADES_KEPT * sizeof(struct ry_arena_trade));
    at.due = reserve(&end, b->instruments * sizeof(uint16_t));
    at.gathered = reserve(&end, b->orders_max * sizeof(uint32_t));
    at.held = reserve(&end, b->agents * ry_arena_held_words(b->instruments) * sizeof(uint64_t));
    at.block[RY_ARENA_STREAM_MARKET] =
        reserve(&end, RY_ARENA_BLOCK_BYTES + at.group_max * sizeof(struct ry_market));
    at.bytes = reserve(&end, 0);
    return at;
}

size_t ry_arena_footprint(const struct ry_input_battle *battle)
{
    return ry_arena_config_battle_ok(battle) ? layout_of(battle).bytes : 0;
}

struct ry_arena *ry_arena_create(void *memory, size_t bytes, const struct ry_input_battle *battle)
{
    if (!ry_arena_config_battle_ok(battle) || bytes < layout_of(battle).bytes)
        return NULL;
    assert((uintptr_t)memory % RY_ISOLATION == 0);
    struct ry_arena *a = memory;
    a->bytes = bytes;
    a->time = INT64_MIN;
    a->phase = RY_ARENA_PHASE_BATTLE;
    if (!ry_arena_lay_out(a, battle))
        return NULL;
    ry_arena_hashes_begin(a);
    return a;
}

bool ry_arena_lay_out(struct ry_arena *a, const struct ry_input_battle *battle)
{
    struct ry_arena_layout at = layout_of(battle);
    if (a->bytes < at.bytes)
        return false;
    a->at = at;
    a->battle = *battle;
    a->orders_max = battle->orders_max;
    a->instruments = battle->instruments;
    a->agents = battle->agents;
    a->ref_seed[0] = ry_arena_hash_fold(battle->seed, "ref0", 4);
    a->ref_seed[1] = ry_arena_hash_fold(battle->seed, "ref1", 4);
    return true;
}

/* How long a record of each kind is (MAL-5); 0: no such kind (MAL-2). */
static const uint8_t slots_of[UINT8_MAX + 1] = {
    [RY_IN_BATTLE] = 3,       [RY_IN_INSTRUMENT] = 3, [RY_IN_AGENT] = 2,      [RY_IN_TIME] = 1,
    [RY_IN_END] = 1,          [RY_IN_ADD] = 1,        [RY_IN_EXEC] = 1,       [RY_IN_CANCEL] = 1,
    [RY_IN_REPLACE] = 1,      [RY_IN_PRINT] = 1,      [RY_IN_AUCTION] = 1,    [RY_IN_LAST] = 1,
    [RY_IN_CLEAR] = 1,        [RY_IN_STATE] = 1,      [RY_IN_SESSION] = 1,    [RY_IN_ORDER] = 1,
    [RY_IN_ORDER_CANCEL] = 1, [RY_IN_DECISION] = 2,   [RY_IN_AGENT_DIED] = 1, [RY_IN_BROKEN] = 1,
    [RY_IN_INCOMPLETE] = 1,
};

/* MAL-10 */
static bool price_ok(const struct ry_input *in)
{
    return in->price >= -RY_PRICE_ABS_MAX && in->price <= RY_PRICE_ABS_MAX;
}

/* MAL-10: EXEC and AUCTION name a price only if they say so. */
static bool print_ok(const struct ry_input *in)
{
    return !(in->head.flags & RY_INF_PRICED) || price_ok(in);
}

/* The events of one instrument; false: malformed. MAL-9: sides; MAL-11: quantities. */
static inline bool apply_event(struct ry_arena *a, struct ry_arena_instrument *instrument,
                               const struct ry_input *in)
{
    switch (in->head.kind) {
    case RY_IN_ADD:
        if ((in->side != RY_BUY && in->side != RY_SELL) || !price_ok(in) || !in->qty)
            return false;
        ry_arena_recorded_add(a, instrument, in);
        return true;
    case RY_IN_EXEC:
        if (!print_ok(in) || !in->qty)
            return false;
        ry_arena_recorded_exec(a, instrument, in);
        return true;
    case RY_IN_CANCEL:
        if (!in->qty != !!(in->head.flags & RY_INF_ALL))
            return false;
        ry_arena_recorded_cancel(a, instrument, in);
        return true;
    case RY_IN_REPLACE:
        if (!price_ok(in) || !in->qty)
            return false;
        ry_arena_recorded_replace(a, instrument, in);
        return true;
    case RY_IN_PRINT:
        if (!price_ok(in) || !in->qty)
            return false;
        ry_arena_recorded_print(a, instrument, in);
        return true;
    case RY_IN_AUCTION:
        if (!print_ok(in) || !in->qty)
            return false;
        ry_arena_recorded_cancel(a, instrument, in);
        return true;
    case RY_IN_LAST:
        if (in->side > RY_SELL || !price_ok(in) || !in->qty)
            return false;
        ry_arena_tape_trade(a, instrument, in->price, in->qty, in->ref);
        return true;
    case RY_IN_CLEAR: ry_arena_recorded_clear(a, instrument); return true;
    case RY_IN_BROKEN: ry_arena_tape_broken(a, instrument, in->ref); return true;
    default:                           /* RY_IN_STATE */
        if (in->qty > RY_STATE_HALTED) /* MAL-12 */
            return false;
        ry_arena_trading_set(a, instrument, (uint8_t)in->qty);
        return true;
    }
}

static inline bool apply_to_instrument(struct ry_arena *a, const struct ry_input *in)
{
    if (in->head.instrument >= a->instruments) /* MAL-8 */
        return false;
    struct ry_arena_instrument *instrument = ry_arena_instrument_at(a, in->head.instrument);
    if (!apply_event(a, instrument, in))
        return false;
    if (instrument->surplus_orders)
        ry_arena_recorded_drop_reached(a, instrument);
    if (a->money_moved)
        ry_arena_ledger_check_shares(a, instrument);
    return true;
}

/* MAL-13 */
static bool from_agent(const struct ry_arena *a, const struct ry_input_head *head)
{
    return head->source >= RY_SOURCE_AGENT && head->source - RY_SOURCE_AGENT < a->agents;
}

static bool apply_command(struct ry_arena *a, const struct ry_input *in)
{
    if (!from_agent(a, &in->head))
        return false;
    uint16_t agent = (uint16_t)(in->head.source - RY_SOURCE_AGENT);
    if (in->head.kind == RY_IN_ORDER)
        ry_arena_command_order(a, agent, in);
    else
        ry_arena_command_cancel(a, agent, in);
    if (a->money_moved)
        ry_arena_ledger_check_shares(a, ry_arena_instrument_at(a, in->head.instrument));
    return true;
}

static bool apply_open(struct ry_arena *a, const struct ry_input *in)
{
    switch (in->head.kind) {
    case RY_IN_TIME:
        ry_arena_trading_time(a);
        ry_arena_game_time(a);
        return true;
    case RY_IN_END:
        a->phase = RY_ARENA_PHASE_ENDED; /* END-1 */
        ry_arena_game_end(a);
        ry_arena_put_end(a);
        return true;
    case RY_IN_SESSION:
        if (in->qty > RY_SESSION_CLOSED) /* MAL-12 */
            return false;
        ry_arena_trading_session(a, in->head.source, (uint8_t)in->qty);
        return true;
    case RY_IN_INCOMPLETE:
        if (in->qty == RY_INCOMPLETE_NONE || in->qty >= RY_INCOMPLETES) /* MAL-12 */
            return false;
        a->counters.incomplete++; /* INCOMPLETE-1 */
        return true;
    case RY_IN_ORDER:
    case RY_IN_ORDER_CANCEL: return apply_command(a, in);
    default:                      /* RY_IN_AGENT_DIED */
        if (in->qty >= a->agents) /* MAL-13 */
            return false;
        if (ry_arena_agent_in(a, in->qty)) /* DIED-1; DIED-2: nothing */
            ry_arena_eliminate(a, (uint16_t)in->qty,
                               in->head.flags & RY_INF_STALLED ? RY_OUT_STALLED : RY_OUT_DIED);
        return true;
    }
}

/* DECISION-1: a DECISION is hashed and changes nothing. MAL-14: its count. */
static bool decision_ok(const struct ry_arena *a, const union ry_input_any *input)
{
    return from_agent(a, &input->head) && input->decision.count <= RY_FEATURES_MAX;
}

/* What comes seldom: not inline, so that it costs what comes often no registers. */
static __attribute__((noinline)) bool apply_seldom(struct ry_arena *a,
                                                   const union ry_input_any *input)
{
    if (input->head.kind == RY_IN_DECISION)
        return a->phase == RY_ARENA_PHASE_OPEN && decision_ok(a, input);
    if (input->head.kind >= RY_IN_TIME)
        return a->phase == RY_ARENA_PHASE_OPEN && apply_open(a, &input->event);
    return ry_arena_config_apply(a, input);
}

/* MAL-3, MAL-6: what comes in its turn. */
static inline bool apply_kind(struct ry_arena *a, const union ry_input_any *input)
{
    const unsigned kind = input->head.kind;
    if (kind - RY_IN_ADD <= RY_IN_STATE - RY_IN_ADD || kind == RY_IN_BROKEN)
        return a->phase == RY_ARENA_PHASE_OPEN && apply_to_instrument(a, &input->event);
    return apply_seldom(a, input);
}

/* MAL-1: a malformed input leaves everything as it was. MAL-7: T does not fall. */
static inline bool apply(struct ry_arena *a, const union ry_input_any *input)
{
    unsigned slots = slots_of[input->head.kind];
    int64_t before = a->time;
    if (!slots || slots != input->head.slots || input->head.time < before)
        return false;
    a->time = input->head.time;
    if (apply_kind(a, input))
        return true;
    a->time = before;
    return false;
}

enum ry_arena_applied ry_arena_apply(struct ry_arena *a, const union ry_input_any *input,
                                     const struct ry_arena_sink *sink)
{
    ry_arena_hashes_input(a, input);
    a->counters.inputs++;
    a->sink = sink;
    a->money_moved = false;
    bool applied = apply(a, input);
    if (!applied)
        a->counters.malformed++;
    if (a->money_moved) {
        ry_arena_eliminate_due(a);
        ry_arena_ledger_check_cash(a);
    }
    if (a->group_used)
        ry_arena_group_deliver(a);
    a->sink = NULL;
    if (a->counters.inputs % RY_ARENA_CHECK_EVERY == 0)
        ry_arena_ledger_check_all(a);
    return applied ? RY_ARENA_APPLIED : RY_ARENA_APPLIED_MALFORMED;
}
