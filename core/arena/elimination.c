#include "core/arena/elimination.h"

#include "core/arena/arrival.h"
#include "core/arena/commands.h"
#include "core/arena/marks.h"
#include "core/arena/value.h"

/* OUT-3: takes the other side without a limit. OUT-4: what is left goes to the recorded account. */
static void liquidate(struct ry_arena *a, uint16_t agent, struct ry_arena_instrument *instrument)
{
    int64_t position = ry_arena_holding_at(a, instrument->id, agent)->position;
    bool held = position > 0;
    struct ry_arena_taker taker = {
        .limit = held ? -INT64_MAX : INT64_MAX,
        .left = held ? (uint64_t)position : -(uint64_t)position,
        .agent = agent,
        .side = held ? RY_SELL : RY_BUY,
    };
    if (instrument->trading)
        ry_arena_match(a, instrument, &taker);
    assert(!taker.met_own);
    if (taker.left) {
        int64_t rest = held ? (int64_t)taker.left : -(int64_t)taker.left;
        ry_arena_ledger_hand_over(a, instrument, agent, ry_arena_value_rest(a, instrument, rest));
    }
    ry_arena_ledger_check_shares(a, instrument);
}

void ry_arena_eliminate(struct ry_arena *a, uint16_t agent, enum ry_out reason)
{
    struct ry_arena_agent *account = &a->agent[agent];
    assert(ry_arena_agent_in(a, agent));
    a->in &= ~(UINT64_C(1) << agent); /* OUT-1, GAME-1 */
    account->out = (uint8_t)reason;
    *ry_arena_next_game(a) = (struct ry_game){
        .kind = RY_GM_OUT,
        .slots = 1,
        .agent = agent,
        .code = (uint8_t)reason,
        .time = a->time,
        .rank = ry_arena_agents_in(a) + 1,
        .round = a->round,
        .fills = account->fills,
        .rejects = account->rejects,
    };
    ry_arena_put_game(a);
    uint32_t count;
    const uint32_t *order = ry_arena_arrival_of_agent(a, agent, &count);
    for (uint32_t i = 0; i < count; i++) /* OUT-2 */
        ry_arena_command_withdraw(a, order[i], RY_CANCEL_OUT);
    for (uint32_t i = ry_arena_held_next(a, agent, 0); i < a->instruments;
         i = ry_arena_held_next(a, agent, i + 1))
        liquidate(a, agent, ry_arena_instrument_at(a, i));
    /* OUT-5 */
    const struct ry_arena_said said = {.kind = RY_RP_OUT, .code = (uint8_t)reason};
    ry_arena_put_report(a, agent, &said);
}

/* INSOLVENT-1 */
enum ry_out ry_arena_eliminate_reason(const struct ry_arena *a, uint16_t agent, __int128 equity)
{
    if (equity < 0)
        return RY_OUT_INSOLVENT;
    const struct ry_arena_agent *account = &a->agent[agent];
    return equity < (__int128)account->cash_start - account->loss_max ? RY_OUT_LOSS : RY_OUT_NONE;
}

/* INSOLVENT-2: whom an elimination fills is looked at as well, the smallest id first. */
void ry_arena_eliminate_due(struct ry_arena *a)
{
    while (a->filled &= a->in) {
        uint16_t agent = (uint16_t)__builtin_ctzll(a->filled);
        a->filled &= a->filled - 1;
        enum ry_out reason = ry_arena_eliminate_reason(a, agent, ry_arena_marks_equity(a, agent));
        if (reason)
            ry_arena_eliminate(a, agent, reason);
    }
}
