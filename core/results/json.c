/* results.json: what a battle came to. */
#include "core/results/json.h"

#include <inttypes.h>
#include <string.h>

#include "core/results/json_parts.h"
#include "tools/text/report.h"
#include "tools/text/version.h"

#define FORMAT       1
#define RATIO_DIGITS 6 /* of a share in ppm as a decimal */

static json_t *time_or_never(int64_t time)
{
    return time == RY_TIME_NEVER ? json_null() : json_integer(time);
}

static json_t *count_of(const struct ry_results_count *count)
{
    json_t *object = ry_results_json_whole(json_object());
    ry_results_json_set(object, "fills", ry_results_json_count(count->fills));
    ry_results_json_set(object, "lots", ry_results_json_count(count->lots));
    return object;
}

/* ---- one agent ------------------------------------------------------------------------------- */

static json_t *out_of(const struct ry_results_agent *agent)
{
    if (agent->out == RY_OUT_NONE)
        return json_null();
    char text[RY_TEXT_TIME_BYTES];
    json_t *object = ry_results_json_whole(json_object());
    ry_results_json_set(object, "reason", json_string(ry_code_name(RY_CODES_OUT, agent->out)));
    ry_results_json_set(object, "round", ry_results_json_count(agent->out_round));
    ry_results_json_set(object, "time_ns", json_integer(agent->out_time));
    ry_results_json_set(object, "time", json_string(ry_text_time(text, agent->out_time)));
    return object;
}

static json_t *rounds_of(const struct ry_results_agent *agent)
{
    json_t *array = ry_results_json_whole(json_array());
    for (unsigned i = 0; i < agent->rounds; i++) {
        const struct ry_results_round *round = &agent->round[i];
        json_t *object = ry_results_json_whole(json_object());
        ry_results_json_set(object, "round", ry_results_json_count(round->round));
        ry_results_json_set(object, "rank", ry_results_json_count(round->rank));
        ry_results_json_set(object, "score", ry_results_json_money(round->score));
        ry_results_json_set(object, "value", ry_results_json_money(round->value));
        ry_results_json_set(object, "fills", ry_results_json_count(round->fills));
        ry_results_json_set(object, "rejects", ry_results_json_count(round->rejects));
        ry_results_json_add(array, object);
    }
    return array;
}

static json_t *flow_of(const struct ry_results_flow *flow)
{
    json_t *object = count_of(&flow->count);
    ry_results_json_set(object, "pnl", ry_results_json_money(flow->pnl));
    return object;
}

static json_t *pnl_of(const struct ry_results *r, const struct ry_results_agent *agent)
{
    json_t *object = ry_results_json_whole(json_object()),
           *others = ry_results_json_whole(json_array());
    for (uint16_t id = 0; id < r->agents; id++) {
        if (agent->flow[id].count.fills == 0)
            continue;
        json_t *other = flow_of(&agent->flow[id]);
        ry_results_json_set(other, "id", ry_results_json_count(id));
        ry_results_json_set(other, "agent", ry_results_json_agent(r, id));
        ry_results_json_add(others, other);
    }
    ry_results_json_set(object, "total", ry_results_json_money(agent->pnl));
    ry_results_json_set(object, "market", flow_of(&agent->flow[RY_RESULTS_RECORDED]));
    ry_results_json_set(object, "agents", others);
    ry_results_json_set(object, "fees", ry_results_json_money(agent->fees));
    ry_results_json_set(object, "haircut", ry_results_json_money(agent->haircut));
    return object;
}

static json_t *positions_of(const struct ry_results *r, uint16_t id)
{
    json_t *array = ry_results_json_whole(json_array());
    for (uint16_t i = 0; i < r->instruments; i++) {
        const struct ry_results_instrument *instrument = &r->instrument[i];
        int64_t lots = instrument->traded ? ry_results_position(r, i, id) : 0;
        if (lots == 0)
            continue;
        json_t *object = ry_results_json_whole(json_object());
        ry_results_json_set(object, "instrument",
                            ry_results_json_text(instrument->symbol, sizeof instrument->symbol));
        ry_results_json_set(object, "lots", json_integer(lots));
        ry_results_json_add(array, object);
    }
    return array;
}

/* Those that are not zero, by name, and how many in all. */
static json_t *reasons_of(const uint64_t *count, enum ry_codes set)
{
    json_t *object = ry_results_json_whole(json_object());
    uint64_t total = 0;
    for (unsigned i = 0; i < ry_code_set(set)->count; i++) {
        total += count[i];
        if (count[i] != 0)
            ry_results_json_set(object, ry_code_name(set, i), ry_results_json_count(count[i]));
    }
    ry_results_json_set(object, "total", ry_results_json_count(total));
    return object;
}

static json_t *samples_of(const struct ry_results *r, const struct ry_results_agent *agent)
{
    json_t *array = ry_results_json_whole(json_array());
    for (unsigned i = 0; i < r->samples; i++)
        ry_results_json_add(array, ry_results_json_money(agent->sample[i]));
    return array;
}

static void set_trading(json_t *object, const struct ry_results_agent *agent)
{
    ry_results_json_set(object, "orders", ry_results_json_count(agent->orders));
    ry_results_json_set(object, "ordered_lots", ry_results_json_count(agent->ordered_lots));
    ry_results_json_set(object, "filled_lots",
                        ry_results_json_count(agent->maker.lots + agent->taker.lots));
    ry_results_json_set(object, "fill_ratio_ppm",
                        ry_results_json_count(ry_results_fill_ppm(agent)));
    ry_results_json_set(
        object, "fill_ratio",
        ry_results_json_decimal((__int128)ry_results_fill_ppm(agent), RATIO_DIGITS));
    ry_results_json_set(object, "fills", ry_results_json_count(ry_results_fills(agent)));
    ry_results_json_set(object, "maker", count_of(&agent->maker));
    ry_results_json_set(object, "taker", count_of(&agent->taker));
    ry_results_json_set(object, "liquidation", count_of(&agent->liquidation));
    ry_results_json_set(object, "handed_over_lots", ry_results_json_count(agent->handed_lots));
    ry_results_json_set(object, "rejects", reasons_of(agent->rejects, RY_CODES_REJECT));
    ry_results_json_set(object, "cancels", reasons_of(agent->cancels, RY_CODES_CANCEL));
}

static json_t *agent_of(const struct ry_results *r, uint16_t id)
{
    const struct ry_results_agent *agent = &r->agent[id];
    json_t *object = ry_results_json_whole(json_object());
    ry_results_json_set(object, "id", ry_results_json_count(id));
    ry_results_json_set(object, "name", ry_results_json_agent(r, id));
    ry_results_json_set(object, "rank",
                        agent->rank == 0 ? json_null() : ry_results_json_count(agent->rank));
    ry_results_json_set(object, "out", out_of(agent));
    ry_results_json_set(object, "reproducible", json_boolean(!agent->wall));
    ry_results_json_set(object, "rounds", rounds_of(agent));
    ry_results_json_set(object, "cash_start", ry_results_json_money(agent->cash_start));
    ry_results_json_set(object, "cash", ry_results_json_money(agent->cash));
    ry_results_json_set(object, "value", ry_results_json_money(agent->value));
    ry_results_json_set(object, "equity", ry_results_json_money(agent->equity));
    ry_results_json_set(object, "pnl", pnl_of(r, agent));
    ry_results_json_set(object, "positions", positions_of(r, id));
    set_trading(object, agent);
    ry_results_json_set(object, "equity_samples", samples_of(r, agent));
    return object;
}

/* ---- the battle ------------------------------------------------------------------------------ */

static json_t *agents_of(const struct ry_results *r)
{
    uint16_t order[RY_AGENTS_MAX];
    json_t *array = ry_results_json_whole(json_array());
    ry_results_order(r, order);
    for (unsigned i = 0; i < r->agents; i++)
        ry_results_json_add(array, agent_of(r, order[i]));
    return array;
}

static json_t *stamps_of(const struct ry_results *r)
{
    json_t *array = ry_results_json_whole(json_array());
    if (r->stopped)
        ry_results_json_add(array, json_string("not reproducible: stopped at wall time"));
    for (uint16_t id = 0; id < r->agents; id++) {
        char name[RY_NAME_BYTES], text[RY_NAME_BYTES + 32];
        if (!r->agent[id].wall)
            continue;
        snprintf(text, sizeof text, "not reproducible: agent %s",
                 ry_text_printable(name, r->agent[id].name, sizeof name));
        ry_results_json_add(array, json_string(text));
    }
    return array;
}

/* Those that agents have traded. */
static json_t *instruments_of(const struct ry_results *r, const struct ry_arena *arena)
{
    json_t *array = ry_results_json_whole(json_array());
    for (uint16_t i = 0; i < r->instruments; i++) {
        const struct ry_results_instrument *instrument = &r->instrument[i];
        if (!instrument->traded)
            continue;
        struct ry_arena_market state;
        json_t *object = ry_results_json_whole(json_object());
        ry_arena_instrument(arena, i, &state);
        ry_results_json_set(object, "id", ry_results_json_count(i));
        ry_results_json_set(object, "symbol",
                            ry_results_json_text(instrument->symbol, sizeof instrument->symbol));
        ry_results_json_set(
            object, "currency",
            ry_results_json_text(instrument->currency, sizeof instrument->currency));
        ry_results_json_set(object, "price_scale", ry_results_json_count(instrument->price_scale));
        ry_results_json_set(
            object, "reference",
            instrument->has_reference
                ? ry_results_json_decimal(instrument->reference, instrument->price_scale)
                : json_null());
        ry_results_json_set(object, "recorded_lots", ry_results_json_count(state.recorded_volume));
        ry_results_json_set(object, "agent_lots", ry_results_json_count(instrument->agent_lots));
        ry_results_json_add(array, object);
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
    json_t *object = ry_results_json_whole(json_object());
    for (unsigned i = 0; i < sizeof figures / sizeof *figures; i++)
        ry_results_json_set(object, figures[i].name, ry_results_json_count(figures[i].value));
    return object;
}

static json_t *counters_of(const struct ry_arena *arena)
{
    const struct ry_arena_counters *c = ry_arena_counters(arena);
    json_t *object = ry_results_json_whole(json_object());
    for (unsigned i = 0; i < RY_ARENA_COUNTERS; i++)
        if (c->value[i] != 0)
            ry_results_json_set(object, ry_arena_counter_table.counter[i].name,
                                ry_results_json_count(c->value[i]));
    return object;
}

static json_t *hash_of(uint64_t hash)
{
    char text[17];
    snprintf(text, sizeof text, "%016" PRIx64, hash);
    return json_string(text);
}

static json_t *hashes_of(const struct ry_arena *arena)
{
    json_t *object = ry_results_json_whole(json_object());
    ry_results_json_set(object, "input", hash_of(ry_arena_input_hash(arena)));
    ry_results_json_set(object, "output", hash_of(ry_arena_output_hash(arena)));
    ry_results_json_set(object, "book", hash_of(ry_arena_book_hash(arena)));
    ry_results_json_set(object, "state", hash_of(ry_arena_state_hash(arena)));
    return object;
}

static void set_battle(json_t *object, const struct ry_results *r)
{
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, r->battle.seed);
    ry_results_json_set(object, "battle",
                        ry_results_json_text(r->battle.name, sizeof r->battle.name));
    /* may be beyond what JSON's integers can hold */
    ry_results_json_set(object, "seed", json_string(seed));
    ry_results_json_set(object, "market",
                        json_string(r->battle.market == RY_MARKET_MERGED ? "merged" : "?"));
    ry_results_json_set(object, "warmup_from_ns", json_integer(r->battle.warmup_from));
    ry_results_json_set(object, "trade_from_ns", json_integer(r->battle.trade_from));
    ry_results_json_set(object, "trade_to_ns", time_or_never(r->battle.trade_to));
    ry_results_json_set(object, "round_ns", json_integer(r->battle.round_ns));
    ry_results_json_set(object, "round", ry_results_json_count(r->round));
    ry_results_json_set(object, "min_fills", ry_results_json_count(r->battle.min_fills));
    ry_results_json_set(object, "fee_maker_ppm", json_integer(r->battle.fee_maker_ppm));
    ry_results_json_set(object, "fee_taker_ppm", json_integer(r->battle.fee_taker_ppm));
    ry_results_json_set(object, "haircut_ppm", ry_results_json_count(r->battle.haircut_ppm));
}

json_t *ry_results_json(const struct ry_results *r, const struct ry_arena *arena)
{
    char text[RY_TEXT_TIME_BYTES];
    json_t *object = ry_results_json_whole(json_object()), *stamps = stamps_of(r);
    ry_results_json_set(object, "format", ry_results_json_count(FORMAT));
    ry_results_json_set(object, "royale", json_string(RY_VERSION));
    set_battle(object, r);
    ry_results_json_set(object, "ended", json_boolean(r->ended));
    ry_results_json_set(object, "stopped", json_boolean(r->stopped));
    ry_results_json_set(object, "inputs", ry_results_json_count(r->input));
    ry_results_json_set(object, "time_ns", json_integer(r->time));
    ry_results_json_set(object, "time", json_string(ry_text_time(text, r->time)));
    ry_results_json_set(object, "reproducible", json_boolean(json_array_size(stamps) == 0));
    ry_results_json_set(object, "stamps", stamps);
    ry_results_json_set(object, "agents", agents_of(r));
    ry_results_json_set(object, "equity_sample_from_ns", json_integer(r->sample_from));
    ry_results_json_set(object, "equity_sample_ns", json_integer(r->sample_ns));
    ry_results_json_set(object, "instruments", instruments_of(r, arena));
    ry_results_json_set(object, "divergence", divergence_of(r, arena));
    ry_results_json_set(object, "counters", counters_of(arena));
    ry_results_json_set(object, "hashes", hashes_of(arena));
    return object;
}
