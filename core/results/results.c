#include "core/results/results.h"

#include <assert.h>
#include <string.h>

#include "core/results/emit.h"
#include "core/results/empty.h"
#include "core/results/ledger.h"
#include "core/results/room.h"

/* ---- outputs --------------------------------------------------------------------------------- */

static void on_report(void *context, const struct ry_report *report)
{
    struct ry_results *r = context;
    struct ry_results_agent *agent = &r->agent[report->agent];
    assert(report->agent < r->agents);
    if (r->row != NULL)
        ry_results_emit_report(r, report);
    switch (report->kind) {
    case RY_RP_ACCEPTED:
        agent->orders++;
        agent->ordered_lots += report->qty;
        break;
    case RY_RP_REJECTED:
        assert(report->code < RY_REJECTS);
        agent->rejects[report->code]++;
        agent->orders += report->code != RY_REJECT_UNKNOWN_ORDER; /* the code of cancels */
        break;
    case RY_RP_FILL: ry_results_fill(r, report); break;
    case RY_RP_CANCELED:
        assert(report->code < RY_CANCELS);
        agent->cancels[report->code]++;
        break;
    case RY_RP_OUT: r->out |= UINT64_C(1) << report->agent; break;
    default: break;
    }
    assert(report->kind == RY_RP_FILL || !r->holds);
    if (r->next.report != NULL)
        r->next.report(r->next.context, report);
}

static void on_market(void *context, const struct ry_market *market)
{
    struct ry_results *r = context;
    r->opened |= market->kind == RY_MK_STATE && market->qty != 0;
    if (r->row != NULL)
        ry_results_emit_market(r, market);
    if (r->next.market != NULL)
        r->next.market(r->next.context, market);
}

static void keep_rank(struct ry_results_agent *agent, const struct ry_game *game)
{
    assert(agent->rounds < RY_RESULTS_ROUNDS_MAX);
    agent->round[agent->rounds++] = (struct ry_results_round){
        .round = game->round,
        .rank = game->rank,
        .score = game->score,
        .value = game->value,
        .fills = game->fills,
        .rejects = game->rejects,
    };
}

static void on_game(void *context, const struct ry_game *game)
{
    struct ry_results *r = context;
    struct ry_results_agent *agent = &r->agent[game->agent];
    assert(game->agent < r->agents && !r->holds);
    if (game->kind == RY_GM_RANK) {
        keep_rank(agent, game);
    } else {
        agent->out = game->code;
        agent->out_round = game->round;
        agent->out_time = game->time;
        agent->rank = game->rank;
    }
    ry_results_emit_game(r, game);
    if (r->next.game != NULL)
        r->next.game(r->next.context, game);
}

/* ---- the battle's description ---------------------------------------------------------------- */

static int begin(struct ry_results *r, const struct ry_input_battle *battle)
{
    r->battle = *battle;
    r->instruments = battle->instruments;
    r->agents = battle->agents;
    r->sample_from = r->look_at = battle->trade_from;
    r->sample_ns = RY_RESULTS_SAMPLE_NS;
    return ry_results_room_make(r);
}

static int describe(struct ry_results *r, const union ry_input_any *input)
{
    switch (input->head.kind) {
    case RY_IN_BATTLE: return begin(r, &input->battle);
    case RY_IN_INSTRUMENT: {
        struct ry_results_instrument *instrument = &r->instrument[input->head.instrument];
        memcpy(instrument->symbol, input->instrument.symbol, sizeof instrument->symbol);
        memcpy(instrument->currency, input->instrument.currency, sizeof instrument->currency);
        instrument->price_scale = input->instrument.price_scale;
        instrument->tick_size = input->instrument.tick_size;
        instrument->money_per_unit = input->instrument.money_per_unit;
        return 0;
    }
    case RY_IN_AGENT: {
        struct ry_results_agent *agent = &r->agent[input->head.source - RY_SOURCE_AGENT];
        memcpy(agent->name, input->agent.name, sizeof agent->name);
        agent->name[RY_NAME_BYTES - 1] = 0;
        agent->cash_start = agent->cash = agent->peak = input->agent.cash;
        agent->loss_max = input->agent.loss_max;
        return 0;
    }
    case RY_IN_AGENT_DIED:
        if (r->wall) {
            r->agent[input->event.qty].wall = true;
            ry_results_emit_stamp(r, (uint16_t)input->event.qty,
                                  input->head.flags & RY_INF_STALLED ? RY_OUT_STALLED
                                                                     : RY_OUT_DIED);
        }
        return 0;
    case RY_IN_INCOMPLETE: {
        unsigned feed = input->head.source - RY_SOURCE_FEED;
        if (feed >= RY_FEEDS_MAX)
            return 0; /* exec writes no such source */
        assert(input->event.qty < RY_INCOMPLETES);
        r->incomplete[feed][input->event.qty]++;
        ry_results_emit_incomplete(r, feed, (enum ry_incomplete)input->event.qty);
        return 0;
    }
    case RY_IN_END:
        if (r->wall) {
            r->stopped = true;
            ry_results_emit_stamp(r, RY_RESULTS_NONE, RY_OUT_NONE);
        }
        return 0;
    default: return 0;
    }
}

/* ---- time ------------------------------------------------------------------------------------ */

/* Every second sample goes, the rest stand for twice the time. */
static void thin(struct ry_results *r)
{
    unsigned kept = (r->samples + 1) / 2;
    for (uint16_t id = 0; id < r->agents; id++)
        for (unsigned i = 0; i < kept; i++)
            r->agent[id].sample[i] = r->agent[id].sample[2 * i];
    r->samples = kept;
    r->sample_ns *= 2;
}

/* When so many steps will have passed; RY_TIME_NEVER where no clock gets there. */
static int64_t due_at(const struct ry_results *r, uint64_t steps, int64_t step_ns)
{
    return ry_results_clamp((__int128)r->sample_from + (__int128)steps * step_ns);
}

static bool is_due(const struct ry_results *r, uint64_t steps, int64_t step_ns)
{
    const int64_t at = due_at(r, steps, step_ns);
    return at != RY_TIME_NEVER && at <= r->time;
}

/* Peaks and falls of equity. Samples: moments that passed without an input count as what came first
 * after them. */
static void look(struct ry_results *r, const struct ry_arena *arena)
{
    int64_t equity[RY_AGENTS_MAX];
    for (uint16_t id = 0; id < r->agents; id++) {
        struct ry_results_agent *agent = &r->agent[id];
        const __int128 now = ry_arena_equity(arena, id);
        equity[id] = ry_results_clamp(now);
        if (now > agent->peak)
            agent->peak = now;
        if (agent->peak - now > agent->drawdown)
            agent->drawdown = agent->peak - now;
    }
    if (is_due(r, r->looks, RY_RESULTS_SAMPLE_NS))
        r->looks = (uint64_t)(((__int128)r->time - r->sample_from) / RY_RESULTS_SAMPLE_NS) + 1;
    r->look_at = due_at(r, r->looks, RY_RESULTS_SAMPLE_NS);
    while (is_due(r, r->samples, r->sample_ns)) {
        for (uint16_t id = 0; id < r->agents; id++)
            r->agent[id].sample[r->samples] = equity[id];
        r->samples++;
        if (r->samples == RY_RESULTS_SAMPLES_MAX)
            thin(r);
    }
}

static void begin_round(struct ry_results *r, const struct ry_arena *arena)
{
    r->round = ry_arena_round(arena);
    struct ry_results_row row = {.kind = RY_RESULTS_ROW_ROUND, .round = {.round = r->round}};
    for (uint16_t id = 0; id < r->agents; id++) {
        struct ry_arena_account account;
        ry_arena_account(arena, id, &account);
        r->agent[id].round_value = account.value;
        row.round.agents += r->agent[id].out == RY_OUT_NONE;
    }
    ry_results_emit(r, &row);
    for (uint16_t id = 0; id < r->agents; id++)
        if (r->agent[id].out == RY_OUT_NONE)
            ry_results_emit_standing(r, arena, id);
}

/* Those that were never out have the rank that the last RANK records gave them. */
static void end(struct ry_results *r, const struct ry_arena *arena)
{
    r->ended = true;
    for (uint16_t id = 0; id < r->agents; id++) {
        struct ry_results_agent *agent = &r->agent[id];
        if (agent->out == RY_OUT_NONE && agent->rounds > 0)
            agent->rank = agent->round[agent->rounds - 1].rank;
        ry_results_emit_standing(r, arena, id);
    }
    ry_results_emit_end(r);
}

/* ---- an input -------------------------------------------------------------------------------- */

void ry_results_open(struct ry_results *r, const struct ry_battle_id *id,
                     const struct ry_arena_sink *next)
{
    memset(r, 0, sizeof *r);
    r->battle_id = *id;
    r->sink = (struct ry_arena_sink){
        .context = r, .report = on_report, .market = on_market, .game = on_game};
    if (next != NULL)
        r->next = *next;
}

void ry_results_close(struct ry_results *r)
{
    ry_results_room_leave(r);
    r->agents = r->instruments = 0;
}

void ry_results_before(struct ry_results *r, uint64_t number, const union ry_input_any *input)
{
    r->input = number;
    r->head = input->head;
    r->time = input->head.time;
    r->n = 0;
    r->out = 0;
    r->wall = input->head.flags & RY_INF_WALL;
    ry_results_emit_hold(r, input);
}

/* After an input that was applied. */
static int take(struct ry_results *r, const struct ry_arena *arena, const union ry_input_any *input)
{
    ry_results_emit_held(r);
    if (describe(r, input) != 0)
        return -1;
    for (uint64_t out = r->out; out != 0; out &= out - 1)
        ry_results_hand_over(r, arena, (uint16_t)__builtin_ctzll(out));
    for (uint64_t out = r->ended ? 0 : r->out; out != 0; out &= out - 1)
        ry_results_emit_standing(r, arena, (uint16_t)__builtin_ctzll(out));
    const bool turns = ry_arena_round(arena) != r->round || r->out != 0 || ry_arena_ended(arena);
    if (ry_arena_round(arena) != r->round)
        begin_round(r, arena);
    if (r->agents > 0 && r->round > 0 && (turns || r->look_at <= r->time))
        look(r, arena);
    if (!r->ended && ry_arena_ended(arena))
        end(r, arena);
    return 0;
}

/* What most inputs are: a record or a command with which nobody goes and no round turns. */
static bool is_plain(const struct ry_results *r, const struct ry_arena *arena,
                     const union ry_input_any *input)
{
    const bool event = input->head.kind >= RY_IN_ADD && input->head.kind <= RY_IN_LAST;
    const bool command = input->head.kind == RY_IN_ORDER || input->head.kind == RY_IN_ORDER_CANCEL;
    const bool looks = r->agents > 0 && r->round > 0 && r->look_at <= r->time;
    return (event || command) && !r->pends && !r->out && !looks &&
           ry_arena_round(arena) == r->round;
}

int ry_results_after(struct ry_results *r, const struct ry_arena *arena,
                     const union ry_input_any *input, bool applied)
{
    if (!applied) {
        r->time = ry_arena_time(arena);
        r->pends = false;
        return 0;
    }
    assert(!r->holds);
    ry_results_empty_count(r, input);
    return is_plain(r, arena, input) ? 0 : take(r, arena, input);
}

/* ---- figures --------------------------------------------------------------------------------- */

bool ry_results_incomplete(const struct ry_results *r)
{
    for (unsigned feed = 0; feed < RY_FEEDS_MAX; feed++)
        for (unsigned reason = 0; reason < RY_INCOMPLETES; reason++)
            if (r->incomplete[feed][reason] > 0)
                return true;
    return false;
}

int64_t ry_results_position(const struct ry_results *r, uint16_t instrument, uint16_t agent)
{
    int64_t sum = 0;
    for (unsigned i = 0; i <= r->agents; i++)
        sum += *ry_results_lots(r, instrument, agent, i);
    return sum;
}

static void value_references(struct ry_results *r, const struct ry_arena *arena)
{
    for (uint16_t i = 0; i < r->instruments; i++) {
        struct ry_results_instrument *instrument = &r->instrument[i];
        instrument->has_reference =
            instrument->traded && ry_arena_reference(arena, i, &instrument->reference);
        if (!instrument->has_reference)
            instrument->reference = 0;
    }
}

static __int128 value_flow(const struct ry_results *r, uint16_t agent, unsigned counterparty)
{
    __int128 pnl = r->agent[agent].flow[counterparty].cash;
    for (uint16_t i = 0; i < r->instruments; i++) {
        const struct ry_results_instrument *instrument = &r->instrument[i];
        if (instrument->traded)
            pnl += (__int128)*ry_results_lots(r, i, agent, counterparty) * instrument->reference *
                   instrument->money_per_unit;
    }
    return pnl;
}

void ry_results_value(struct ry_results *r, const struct ry_arena *arena)
{
    value_references(r, arena);
    for (uint16_t id = 0; id < r->agents; id++) {
        struct ry_results_agent *agent = &r->agent[id];
        struct ry_arena_account account;
        __int128 sum = -agent->fees - agent->haircut;
        ry_arena_account(arena, id, &account);
        for (unsigned i = 0; i <= r->agents; i++) {
            unsigned counterparty = i < r->agents ? i : RY_RESULTS_RECORDED;
            agent->flow[counterparty].pnl = value_flow(r, id, counterparty);
            sum += agent->flow[counterparty].pnl;
        }
        agent->value = account.value;
        agent->equity = account.equity;
        agent->pnl = account.equity - agent->cash_start;
        assert(agent->cash == account.cash && sum == agent->pnl);
    }
}

uint64_t ry_results_ppm(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (uint64_t)((unsigned __int128)part * (unsigned)RY_PPM / whole);
}

uint64_t ry_results_fill_ppm(const struct ry_results_agent *agent)
{
    return ry_results_ppm(agent->maker.lots + agent->taker.lots, agent->ordered_lots);
}

uint64_t ry_results_fills(const struct ry_results_agent *agent)
{
    return agent->maker.fills + agent->taker.fills + agent->liquidation.fills;
}

uint64_t ry_results_rejects(const struct ry_results_agent *agent)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < RY_REJECTS; i++)
        sum += agent->rejects[i];
    return sum;
}

enum ry_reject ry_results_reject_most(const struct ry_results_agent *agent)
{
    unsigned most = RY_REJECT_NONE;
    for (unsigned i = 0; i < RY_REJECTS; i++)
        if (agent->rejects[i] > agent->rejects[most])
            most = i;
    return (enum ry_reject)most;
}
