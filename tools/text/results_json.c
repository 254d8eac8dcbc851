/* results.json: what a battle came to. */
#include "tools/text/results_json.h"

#include <inttypes.h>
#include <string.h>

#include "core/results/board.h"
#include "shm/printable.h"
#include "tools/text/hashes.h"
#include "tools/text/json.h"
#include "tools/text/machine_counters.h"
#include "tools/text/row_value.h"
#include "tools/text/verdict.h"
#include "tools/text/version.h"

#define FORMAT       3
#define RATIO_DIGITS 6 /* of a share in ppm as a decimal */

static json_t *count_of(const struct ry_results_count *count)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "fills", ry_text_json_count(count->fills));
    ry_text_json_set(object, "lots", ry_text_json_count(count->lots));
    return object;
}

static json_t *agent_name(const struct ry_results *r, unsigned agent)
{
    return ry_text_json_string(r->agent[agent].name, RY_NAME_BYTES);
}

/* ---- one agent ------------------------------------------------------------------------------- */

static json_t *out_of(const struct ry_results_agent *agent)
{
    if (agent->out == RY_OUT_NONE)
        return json_null();
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "reason", json_string(ry_code_name(RY_CODES_OUT, agent->out)));
    ry_text_json_set(object, "round", ry_text_json_count(agent->out_round));
    ry_text_json_set_time(object, "time", agent->out_time);
    return object;
}

static json_t *rounds_of(const struct ry_results_agent *agent)
{
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < agent->rounds; i++) {
        const struct ry_results_round *round = &agent->round[i];
        json_t *object = ry_text_json_whole(json_object());
        ry_text_json_set(object, "round", ry_text_json_count(round->round));
        ry_text_json_set(object, "rank", ry_text_json_count(round->rank));
        ry_text_json_set(object, "score", ry_text_json_money(round->score));
        ry_text_json_set(object, "value", ry_text_json_money(round->value));
        ry_text_json_set(object, "fills", ry_text_json_count(round->fills));
        ry_text_json_set(object, "rejects", ry_text_json_count(round->rejects));
        ry_text_json_add(array, object);
    }
    return array;
}

static json_t *flow_of(const struct ry_results_flow *flow)
{
    json_t *object = count_of(&flow->count);
    ry_text_json_set(object, "pnl", ry_text_json_money(flow->pnl));
    return object;
}

static json_t *pnl_of(const struct ry_results *r, const struct ry_results_agent *agent)
{
    json_t *object = ry_text_json_whole(json_object()), *others = ry_text_json_whole(json_array());
    for (uint16_t id = 0; id < r->agents; id++) {
        if (agent->flow[id].count.fills == 0)
            continue;
        json_t *other = flow_of(&agent->flow[id]);
        ry_text_json_set(other, "id", ry_text_json_count(id));
        ry_text_json_set(other, "agent", agent_name(r, id));
        ry_text_json_add(others, other);
    }
    ry_text_json_set(object, "total", ry_text_json_money(agent->pnl));
    ry_text_json_set(object, "market", flow_of(&agent->flow[RY_RESULTS_RECORDED]));
    ry_text_json_set(object, "agents", others);
    ry_text_json_set(object, "fees", ry_text_json_money(agent->fees));
    ry_text_json_set(object, "haircut", ry_text_json_money(agent->haircut));
    return object;
}

static json_t *positions_of(const struct ry_results *r, uint16_t id)
{
    json_t *array = ry_text_json_whole(json_array());
    for (uint16_t i = 0; i < r->instruments; i++) {
        const struct ry_results_instrument *instrument = &r->instrument[i];
        int64_t lots = instrument->traded ? ry_results_position(r, i, id) : 0;
        if (lots == 0)
            continue;
        json_t *object = ry_text_json_whole(json_object());
        ry_text_json_set(object, "instrument",
                         ry_text_json_string(instrument->symbol, sizeof instrument->symbol));
        ry_text_json_set(object, "lots", ry_text_json_integer(lots));
        ry_text_json_add(array, object);
    }
    return array;
}

/* Those that are not zero, by name, and how many in all. */
static json_t *reasons_of(const uint64_t *count, enum ry_codes set)
{
    json_t *object = ry_text_json_whole(json_object());
    uint64_t total = 0;
    for (unsigned i = 0; i < ry_code_set(set)->count; i++) {
        total += count[i];
        if (count[i] != 0)
            ry_text_json_set(object, ry_code_name(set, i), ry_text_json_count(count[i]));
    }
    ry_text_json_set(object, "total", ry_text_json_count(total));
    return object;
}

static json_t *samples_of(const struct ry_results *r, const struct ry_results_agent *agent)
{
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned i = 0; i < r->samples; i++)
        ry_text_json_add(array, ry_text_json_money(agent->sample[i]));
    return array;
}

static void set_trading(json_t *object, const struct ry_results_agent *agent)
{
    ry_text_json_set(object, "orders", ry_text_json_count(agent->orders));
    ry_text_json_set(object, "ordered_lots", ry_text_json_count(agent->ordered_lots));
    ry_text_json_set(object, "filled_lots",
                     ry_text_json_count(agent->maker.lots + agent->taker.lots));
    ry_text_json_set(object, "fill_ratio_ppm", ry_text_json_count(ry_results_fill_ppm(agent)));
    ry_text_json_set(object, "fill_ratio",
                     ry_text_json_decimal((__int128)ry_results_fill_ppm(agent), RATIO_DIGITS));
    ry_text_json_set(object, "fills", ry_text_json_count(ry_results_fills(agent)));
    ry_text_json_set(object, "maker", count_of(&agent->maker));
    ry_text_json_set(object, "taker", count_of(&agent->taker));
    ry_text_json_set(object, "liquidation", count_of(&agent->liquidation));
    ry_text_json_set(object, "handed_over_lots", ry_text_json_count(agent->handed_lots));
    ry_text_json_set(object, "rejects", reasons_of(agent->rejects, RY_CODES_REJECT));
    ry_text_json_set(object, "cancels", reasons_of(agent->cancels, RY_CODES_CANCEL));
}

static json_t *agent_of(const struct ry_results *r, uint16_t id)
{
    const struct ry_results_agent *agent = &r->agent[id];
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "id", ry_text_json_count(id));
    ry_text_json_set(object, "name", agent_name(r, id));
    ry_text_json_set(object, "rank",
                     agent->rank == 0 ? json_null() : ry_text_json_count(agent->rank));
    ry_text_json_set(object, "out", out_of(agent));
    ry_text_json_set(object, "reproducible", json_boolean(!agent->wall));
    ry_text_json_set(object, "rounds", rounds_of(agent));
    ry_text_json_set(object, "cash_start", ry_text_json_money(agent->cash_start));
    ry_text_json_set(object, "cash", ry_text_json_money(agent->cash));
    ry_text_json_set(object, "value", ry_text_json_money(agent->value));
    ry_text_json_set(object, "equity", ry_text_json_money(agent->equity));
    ry_text_json_set(object, "pnl", pnl_of(r, agent));
    ry_text_json_set(object, "positions", positions_of(r, id));
    set_trading(object, agent);
    ry_text_json_set(object, "equity_samples", samples_of(r, agent));
    return object;
}

/* ---- the battle ------------------------------------------------------------------------------ */

static json_t *agents_of(const struct ry_results *r)
{
    uint16_t order[RY_AGENTS_MAX];
    json_t *array = ry_text_json_whole(json_array());
    ry_results_order(r, order);
    for (unsigned i = 0; i < r->agents; i++)
        ry_text_json_add(array, agent_of(r, order[i]));
    return array;
}

static bool reproducible(const struct ry_results *r)
{
    bool all = !r->stopped;
    for (uint16_t id = 0; id < r->agents; id++)
        all &= !r->agent[id].wall;
    return all;
}

static json_t *incomplete_of(const struct ry_results *r)
{
    json_t *array = ry_text_json_whole(json_array());
    for (unsigned feed = 0; feed < RY_FEEDS_MAX; feed++) {
        for (unsigned reason = 0; reason < RY_INCOMPLETES; reason++) {
            if (r->incomplete[feed][reason] == 0)
                continue;
            json_t *object = ry_text_json_whole(json_object());
            ry_text_json_set(object, "feed", ry_text_json_count(feed));
            ry_text_json_set(object, "reason",
                             json_string(ry_code_name(RY_CODES_INCOMPLETE, reason)));
            ry_text_json_set(object, "times", ry_text_json_count(r->incomplete[feed][reason]));
            ry_text_json_add(array, object);
        }
    }
    return array;
}

json_t *ry_text_results_stamps(const struct ry_results *r)
{
    json_t *array = ry_text_json_whole(json_array());
    if (ry_results_incomplete(r))
        ry_text_json_add(array, json_string(RY_RESULTS_INCOMPLETE_STAMP));
    if (r->stopped)
        ry_text_json_add(array, json_string(RY_RESULTS_STOPPED_STAMP));
    for (uint16_t id = 0; id < r->agents; id++) {
        char name[RY_NAME_BYTES], text[RY_NAME_BYTES + 32];
        if (!r->agent[id].wall)
            continue;
        snprintf(text, sizeof text, "not reproducible: agent %s",
                 ry_printable(name, r->agent[id].name, sizeof name));
        ry_text_json_add(array, json_string(text));
    }
    return array;
}

static json_t *silent_of(const struct ry_results *r)
{
    json_t *array = ry_text_json_whole(json_array());
    for (uint16_t i = 0; i < r->instruments; i++)
        if (r->instrument[i].events == 0)
            ry_text_json_add(array, ry_text_json_string(r->instrument[i].symbol, RY_SYMBOL_BYTES));
    return array;
}

/* null: something happened. */
static json_t *empty_of(const struct ry_results *r)
{
    struct ry_results_empty empty;
    if (!ry_results_empty(r, &empty))
        return json_null();
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "silent",
                     empty.silent > 0 ? silent_of(r) : ry_text_json_whole(json_array()));
    ry_text_json_set(object, "no_trade",
                     empty.no_trade == RY_RESULTS_NO_TRADE_NOT
                         ? json_null()
                         : json_string(ry_text_no_trade(empty.no_trade)->sentence));
    return object;
}

static json_t *name_or_null(const struct ry_results *r, uint16_t agent)
{
    return agent == RY_RESULTS_NONE ? json_null() : agent_name(r, agent);
}

/* How far this is to be believed. */
static void set_trust(json_t *object, const struct ry_results *r, const struct ry_arena *arena,
                      const char *partial)
{
    ry_text_json_set(object, "complete", json_boolean(partial == NULL));
    ry_text_json_set(object, "partial", partial == NULL ? json_null() : json_string(partial));
    ry_text_json_set(object, "isolation",
                     json_string(ry_code_name(RY_CODES_ISOLATION, r->isolated)));
    ry_text_json_set(object, "reproducible", json_boolean(reproducible(r)));
    ry_text_json_set(object, "incomplete_record", incomplete_of(r));
    ry_text_json_set(object, "stamps", ry_text_results_stamps(r));
    ry_text_json_set(object, "empty", empty_of(r));
    ry_text_json_set(object, "winner", name_or_null(r, ry_results_winner(r, arena)));
    ry_text_json_set(object, "earned_most", name_or_null(r, ry_results_earned_most(r)));
}

/* Those that agents have traded. */
static json_t *instruments_of(const struct ry_results *r, const struct ry_arena *arena)
{
    json_t *array = ry_text_json_whole(json_array());
    for (uint16_t i = 0; i < r->instruments; i++) {
        const struct ry_results_instrument *instrument = &r->instrument[i];
        if (!instrument->traded)
            continue;
        struct ry_arena_market state;
        json_t *object = ry_text_json_whole(json_object());
        ry_arena_instrument(arena, i, &state);
        ry_text_json_set(object, "id", ry_text_json_count(i));
        ry_text_json_set(object, "symbol",
                         ry_text_json_string(instrument->symbol, sizeof instrument->symbol));
        ry_text_json_set(object, "currency",
                         ry_text_json_string(instrument->currency, sizeof instrument->currency));
        ry_text_json_set(object, "price_scale", ry_text_json_count(instrument->price_scale));
        ry_text_json_set(object, "reference",
                         instrument->has_reference
                             ? ry_text_json_decimal(instrument->reference, instrument->price_scale)
                             : json_null());
        ry_text_json_set(object, "recorded_lots", ry_text_json_count(state.recorded_volume));
        ry_text_json_set(object, "agent_lots", ry_text_json_count(instrument->agent_lots));
        ry_text_json_add(array, object);
    }
    return array;
}

static uint64_t recorded_lots(const struct ry_results *r, const struct ry_arena *arena)
{
    uint64_t lots = 0;
    for (uint16_t i = 0; i < r->instruments; i++) {
        struct ry_arena_market state;
        ry_arena_instrument(arena, i, &state);
        lots += state.recorded_volume;
    }
    return lots;
}

/* How far the merged market is from the record. */
static json_t *divergence_of(const struct ry_results *r, const struct ry_arena *arena)
{
    const struct ry_arena_counters *c = ry_arena_counters(arena);
    uint64_t no_ops = c->duplicate_reference + c->unknown_exec + c->unknown_cancel +
                      c->unknown_replace + c->book_full;
    uint64_t agents = c->demand_agents + c->add_agents + c->print_agents + c->taken_recorded;
    uint64_t recorded = recorded_lots(r, arena);
    const struct {
        const char *name;
        uint64_t value;
    } figures[] = {
        {"demand_lots", c->demand},
        {"surplus_lots", c->surplus_made},
        {"surplus_dropped_lots", c->surplus_dropped},
        {"surplus_ppm", ry_results_ppm(c->surplus_made, c->demand)},
        {"unmet_lots", c->unmet},
        {"unmet_ppm", ry_results_ppm(c->unmet, c->demand)},
        {"displaced_lots", c->demand_displaced},
        {"displaced_ppm", ry_results_ppm(c->demand_displaced, c->demand)},
        {"no_ops", no_ops},
        {"no_ops_ppm", ry_results_ppm(no_ops, c->inputs)},
        {"agents_lots", agents},
        {"recorded_lots", recorded},
        {"participation_ppm", ry_results_ppm(agents, recorded)},
    };
    json_t *object = ry_text_json_whole(json_object());
    for (unsigned i = 0; i < sizeof figures / sizeof *figures; i++)
        ry_text_json_set(object, figures[i].name, ry_text_json_count(figures[i].value));
    return object;
}

static void set_battle(json_t *object, const struct ry_results *r)
{
    char id[RY_TEXT_ID_BYTES];
    ry_text_json_set(object, "battle", ry_text_json_string(r->battle.name, sizeof r->battle.name));
    ry_text_json_set(object, "battle_id", json_string(ry_text_row_id(id, &r->battle_id)));
    ry_text_json_set(object, "seed", ry_text_json_u64(r->battle.seed));
    ry_text_json_set(object, "market",
                     json_string(r->battle.market == RY_MARKET_MERGED ? "merged" : "?"));
    ry_text_json_set_time(object, "warmup_from", r->battle.warmup_from);
    ry_text_json_set_time(object, "trade_from", r->battle.trade_from);
    ry_text_json_set_time(object, "trade_to", r->battle.trade_to);
    ry_text_json_set(object, "round_ns", ry_text_json_i64(r->battle.round_ns));
    ry_text_json_set(object, "round", ry_text_json_count(r->round));
    ry_text_json_set(object, "min_fills", ry_text_json_count(r->battle.min_fills));
    ry_text_json_set(object, "fee_maker_ppm", json_integer(r->battle.fee_maker_ppm));
    ry_text_json_set(object, "fee_taker_ppm", json_integer(r->battle.fee_taker_ppm));
    ry_text_json_set(object, "haircut_ppm", ry_text_json_count(r->battle.haircut_ppm));
    ry_text_json_set(object, "haircut_ticks", ry_text_json_count(r->battle.haircut_ticks));
}

json_t *ry_text_results_json(const struct ry_results *r, const struct ry_arena *arena,
                             const char *partial)
{
    json_t *object = ry_text_json_whole(json_object());
    ry_text_json_set(object, "format", ry_text_json_count(FORMAT));
    ry_text_json_set(object, "royale", json_string(RY_VERSION));
    set_battle(object, r);
    ry_text_json_set(object, "ended", json_boolean(r->ended));
    ry_text_json_set(object, "stopped", json_boolean(r->stopped));
    ry_text_json_set(object, "inputs", ry_text_json_count(r->input));
    ry_text_json_set_time(object, "time", r->time);
    set_trust(object, r, arena, partial);
    ry_text_json_set(object, "agents", agents_of(r));
    ry_text_json_set_time(object, "equity_sample_from", r->sample_from);
    ry_text_json_set(object, "equity_sample_ns", ry_text_json_i64(r->sample_ns));
    ry_text_json_set(object, "instruments", instruments_of(r, arena));
    ry_text_json_set(object, "divergence", divergence_of(r, arena));
    ry_text_json_set(object, "counters", ry_text_machine_counters_json(arena, false));
    ry_text_json_set(object, "hashes", ry_text_hashes_json(arena));
    return object;
}
