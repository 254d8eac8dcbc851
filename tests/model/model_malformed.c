/* Which inputs are malformed: section 5 of docs/MATCHING.md. */
#include "tests/model/internal.h"

#define BIG          INT64_C(1000000000000) /* 1e12, of tick_size and money_per_unit */
#define ROUND_NS_MIN INT64_C(1000000)
#define FEATURES_MAX 8 /* of a DECISION */

static bool known(uint8_t kind)
{
    switch (kind) {
    case RY_IN_BATTLE:
    case RY_IN_INSTRUMENT:
    case RY_IN_AGENT:
    case RY_IN_TIME:
    case RY_IN_END:
    case RY_IN_ADD:
    case RY_IN_EXEC:
    case RY_IN_CANCEL:
    case RY_IN_REPLACE:
    case RY_IN_PRINT:
    case RY_IN_AUCTION:
    case RY_IN_LAST:
    case RY_IN_CLEAR:
    case RY_IN_STATE:
    case RY_IN_SESSION:
    case RY_IN_BROKEN:
    case RY_IN_INCOMPLETE:
    case RY_IN_ORDER:
    case RY_IN_ORDER_CANCEL:
    case RY_IN_DECISION:
    case RY_IN_AGENT_DIED: return true;
    default: return false;
    }
}

static uint8_t slots_of(uint8_t kind)
{
    switch (kind) {
    case RY_IN_BATTLE:
    case RY_IN_INSTRUMENT: return 3;
    case RY_IN_AGENT:
    case RY_IN_DECISION: return 2;
    default: return 1;
    }
}

/* Anything before its turn, or after END. */
static enum ry_model_clause turn(const struct ry_model *model, const struct ry_input_head *head)
{
    if (model->ended)
        return RY_CLAUSE_bad_after_end;
    if (head->kind == RY_IN_BATTLE)
        return model->has_battle ? RY_CLAUSE_bad_second_battle : RY_MODEL_CLAUSES;
    if (!model->has_battle)
        return RY_CLAUSE_bad_not_battle;
    const bool instruments_complete = model->instruments == model->battle.instruments;
    const bool agents_complete = instruments_complete && model->agents == model->battle.agents;
    if (head->kind == RY_IN_INSTRUMENT) {
        return !instruments_complete && head->instrument == model->instruments
                   ? RY_MODEL_CLAUSES
                   : RY_CLAUSE_bad_instrument_turn;
    }
    if (head->kind == RY_IN_AGENT) {
        return instruments_complete && !agents_complete &&
                       head->source == RY_SOURCE_AGENT + model->agents
                   ? RY_MODEL_CLAUSES
                   : RY_CLAUSE_bad_agent_turn;
    }
    return agents_complete ? RY_MODEL_CLAUSES : RY_CLAUSE_bad_early;
}

static bool bad_battle(const struct ry_input_battle *battle)
{
    return battle->orders_max == 0 || battle->orders_max > RY_ORDERS_MAX ||
           battle->instruments == 0 || battle->instruments > RY_INSTRUMENTS_MAX ||
           battle->agents > RY_AGENTS_MAX || battle->trade_to < battle->trade_from ||
           battle->trade_from < battle->warmup_from || battle->market != RY_MARKET_MERGED ||
           battle->fee_maker_ppm > RY_PPM || battle->fee_maker_ppm < -RY_PPM ||
           battle->fee_taker_ppm > RY_PPM || battle->fee_taker_ppm < -RY_PPM;
}

static enum ry_model_clause battle(const struct ry_input_battle *battle)
{
    if (bad_battle(battle))
        return RY_CLAUSE_bad_battle;
    if (battle->round_ns < 0 || (battle->round_ns > 0 && battle->round_ns < ROUND_NS_MIN))
        return RY_CLAUSE_bad_round;
    if (battle->haircut_ppm > RY_PPM)
        return RY_CLAUSE_bad_haircut;
    return battle->haircut_ticks > RY_TICKS_MAX ? RY_CLAUSE_bad_haircut_ticks : RY_MODEL_CLAUSES;
}

static bool bad_instrument(const struct ry_input_instrument *instrument)
{
    return instrument->tick_size < 1 || instrument->tick_size > BIG ||
           instrument->money_per_unit < 1 || instrument->money_per_unit > BIG ||
           instrument->price_scale > 9;
}

static enum ry_model_clause agent(const struct ry_input_agent *agent)
{
    if (agent->cash < 0 || agent->notional_max < 0 || agent->position_max < 0 ||
        agent->loss_max < 0)
        return RY_CLAUSE_bad_agent;
    return agent->collar_ticks > RY_TICKS_MAX ? RY_CLAUSE_bad_collar_ticks : RY_MODEL_CLAUSES;
}

/* Which fields an event carries. */
static bool has_instrument(uint8_t kind)
{
    return (kind >= RY_IN_ADD && kind <= RY_IN_STATE) || kind == RY_IN_BROKEN;
}

static bool is_execution(uint8_t kind)
{
    return kind == RY_IN_EXEC || kind == RY_IN_AUCTION;
}

static bool has_price(const struct ry_input_head *head)
{
    return head->kind == RY_IN_ADD || head->kind == RY_IN_REPLACE || head->kind == RY_IN_PRINT ||
           head->kind == RY_IN_LAST ||
           (is_execution(head->kind) && (head->flags & RY_INF_PRICED) != 0);
}

static bool has_qty(uint8_t kind)
{
    return kind >= RY_IN_ADD && kind <= RY_IN_LAST;
}

/* Its source is an agent of the battle. */
static bool is_agents(const struct ry_model *model, const struct ry_input_head *head)
{
    return head->source >= RY_SOURCE_AGENT && head->source - RY_SOURCE_AGENT < (int)model->agents;
}

static enum ry_model_clause decision(const struct ry_model *model,
                                     const struct ry_input_decision *decision)
{
    if (!is_agents(model, &decision->head))
        return RY_CLAUSE_bad_decision_source;
    return decision->count > FEATURES_MAX ? RY_CLAUSE_bad_decision_count : RY_MODEL_CLAUSES;
}

static enum ry_model_clause event(const struct ry_model *model, const struct ry_input *event)
{
    const uint8_t kind = event->head.kind;
    if (has_instrument(kind) && event->head.instrument >= model->instruments)
        return RY_CLAUSE_bad_no_instrument;
    if ((kind == RY_IN_ADD && event->side != RY_BUY && event->side != RY_SELL) ||
        (kind == RY_IN_LAST && event->side > RY_SELL))
        return RY_CLAUSE_bad_side;
    if (has_price(&event->head) &&
        (event->price > RY_PRICE_ABS_MAX || event->price < -RY_PRICE_ABS_MAX))
        return is_execution(kind) ? RY_CLAUSE_bad_price_exec : RY_CLAUSE_bad_price;
    if (kind == RY_IN_CANCEL && (event->head.flags & RY_INF_ALL) != 0) {
        if (event->qty != 0)
            return RY_CLAUSE_bad_all;
    } else if (has_qty(kind) && event->qty == 0) {
        return RY_CLAUSE_bad_qty;
    }
    if ((kind == RY_IN_STATE || kind == RY_IN_SESSION) && event->qty > 1)
        return RY_CLAUSE_bad_state;
    if (kind == RY_IN_INCOMPLETE &&
        (event->qty < RY_INCOMPLETE_FLAGGED || event->qty > RY_INCOMPLETE_GAP))
        return RY_CLAUSE_bad_incomplete;
    if ((kind == RY_IN_ORDER || kind == RY_IN_ORDER_CANCEL) && !is_agents(model, &event->head))
        return RY_CLAUSE_bad_source;
    if (kind == RY_IN_AGENT_DIED && event->qty >= model->agents)
        return RY_CLAUSE_bad_died;
    return RY_MODEL_CLAUSES;
}

enum ry_model_clause ry_model_malformed(const struct ry_model *model,
                                        const union ry_input_any *input)
{
    const struct ry_input_head *head = &input->head;
    if (!known(head->kind))
        return RY_CLAUSE_bad_kind;
    if (head->slots != slots_of(head->kind))
        return RY_CLAUSE_bad_slots;
    if (model->has_time && head->time < model->time)
        return RY_CLAUSE_bad_time;
    const enum ry_model_clause late = turn(model, head);
    if (late != RY_MODEL_CLAUSES)
        return late;
    switch (head->kind) {
    case RY_IN_BATTLE: return battle(&input->battle);
    case RY_IN_INSTRUMENT:
        return bad_instrument(&input->instrument) ? RY_CLAUSE_bad_instrument : RY_MODEL_CLAUSES;
    case RY_IN_AGENT: return agent(&input->agent);
    case RY_IN_DECISION: return decision(model, &input->decision);
    default: return event(model, &input->event);
    }
}
