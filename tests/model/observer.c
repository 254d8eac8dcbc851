/* The observer's one door, and what it sees of clock, moments and malformed inputs. */
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/observer_internal.h"

const struct ry_model_clause_text ry_model_clause_texts[RY_MODEL_CLAUSES] = {
#define RY_CLAUSE(name, rules, text)       {#name, rules, text, false},
#define RY_CLAUSE_NEVER(name, rules, text) {#name, rules, text, true},
#include "tests/model/clauses.def"
#undef RY_CLAUSE
#undef RY_CLAUSE_NEVER
};

struct ry_model_observer *ry_model_observer_create(void)
{
    struct ry_model_observer *observer = calloc(1, sizeof *observer);
    assert(observer != NULL);
    return observer;
}

void ry_model_observer_destroy(struct ry_model_observer *observer)
{
    free(observer);
}

const uint64_t *ry_model_clauses(const struct ry_model *model)
{
    return model->observer->clauses;
}

static bool is_recorded(const struct ry_model_observer *observer)
{
    const uint8_t kind = observer->input->head.kind;
    return (kind >= RY_IN_ADD && kind <= RY_IN_SESSION) || kind == RY_IN_BROKEN ||
           kind == RY_IN_INCOMPLETE;
}

static void see_input(struct ry_model_observer *observer, const struct ry_model *model,
                      const union ry_input_any *input)
{
    const size_t fresh = offsetof(struct ry_model_observer, input);
    memset((char *)observer + fresh, 0, sizeof *observer - fresh);
    observer->input = input;
    observer->before = model->counters;
    observer->had_begun = model->begun;
    observer->was_trading = ry_model_trading(model, input->head.instrument);
    if (is_recorded(observer))
        ry_model_observe_record(observer, model);
    else if (ry_model_observer_is(observer, RY_IN_END))
        ry_model_observe_end(observer, model);
    RY_MODEL_HIT_IF(observer, ry_model_observer_is(observer, RY_IN_DECISION), decision);
    RY_MODEL_HIT_IF(observer,
                    ry_model_observer_is(observer, RY_IN_AGENT_DIED) &&
                        model->agent[input->event.qty].out != RY_OUT_NONE,
                    died_second);
}

static void see_time_done(struct ry_model_observer *observer, const struct ry_model *model)
{
    RY_MODEL_HIT_IF(observer, !model->begun, time_early);
    RY_MODEL_HIT_IF(observer, observer->had_begun && observer->round_ends == 0, time_again);
    RY_MODEL_HIT_IF(observer, observer->started, time_begins);
    RY_MODEL_HIT_IF(observer, observer->started && observer->round_ends > 0, time_begins_and_ends);
    for (uint32_t i = 0; observer->started && i < model->instruments; i++)
        RY_MODEL_HIT_IF(observer, !ry_model_is_trading(model, (uint16_t)i), time_not_started);
    ry_model_observe_rounds_done(observer, model);
}

static void see_done(struct ry_model_observer *observer, const struct ry_model *model)
{
    const int64_t moment = ry_model_next_moment(model);
    if (is_recorded(observer))
        ry_model_observe_record_done(observer, model);
    else if (ry_model_observer_is(observer, RY_IN_TIME))
        see_time_done(observer, model);
    RY_MODEL_HIT_IF(observer, model->counters.commands != observer->before.commands, commands);
    RY_MODEL_HIT_IF(observer, moment == RY_TIME_NEVER, moment_never);
    RY_MODEL_HIT_IF(observer, moment != RY_TIME_NEVER && !model->begun, moment_start);
    RY_MODEL_HIT_IF(observer, moment != RY_TIME_NEVER && model->begun, moment_round);
    RY_MODEL_HIT_IF(observer, observer->market_records > 0, group);
    RY_MODEL_HIT_IF(observer, observer->market_records == 0, no_group);
    RY_MODEL_HIT_IF(observer, observer->fills && ry_model_conserves(model), conserved);
}

static void see_market(struct ry_model_observer *observer, const struct ry_model *model,
                       const struct ry_market *market)
{
    observer->market_records++;
    observer->unaggressed |= market->kind == RY_MK_TRADE && market->side == RY_SIDE_NONE;
    if (market->kind == RY_MK_START) {
        observer->started = true;
        RY_MODEL_HIT(observer, start);
    } else if (market->kind == RY_MK_STATE) {
        observer->state_on |= market->qty == 1;
        observer->state_off |= market->qty == 0;
        if (market->qty == 0)
            ry_model_observe_stop(observer, model, market->instrument);
    }
}

void ry_model_observe(struct ry_model *model, enum ry_model_seen seen, struct ry_model_facts facts)
{
    struct ry_model_observer *observer = model->observer;
    switch (seen) {
    case RY_MODEL_SEEN_INPUT: see_input(observer, model, facts.input); break;
    case RY_MODEL_SEEN_DONE: see_done(observer, model); break;
    case RY_MODEL_SEEN_MALFORMED: observer->clauses[facts.clause]++; break;
    case RY_MODEL_SEEN_RESTED: ry_model_observe_rested(observer, model, facts.order); break;
    case RY_MODEL_SEEN_LEFT: ry_model_observe_left(observer, facts.order); break;
    case RY_MODEL_SEEN_MET: ry_model_observe_met(observer, model, &facts); break;
    case RY_MODEL_SEEN_ABSORBED: ry_model_observe_absorbed(observer, facts.order, facts.qty); break;
    case RY_MODEL_SEEN_DROPPED: ry_model_observe_dropped(observer, model, facts.order); break;
    case RY_MODEL_SEEN_RESUMED: ry_model_observe_resumed(observer, facts.order, facts.qty); break;
    case RY_MODEL_SEEN_REPORT: ry_model_observe_report(observer, model, facts.report); break;
    case RY_MODEL_SEEN_MARKET: see_market(observer, model, facts.market); break;
    case RY_MODEL_SEEN_GAME: ry_model_observe_game(observer, model, facts.game); break;
    case RY_MODEL_SEEN_LOOK: ry_model_observe_look(observer, model, facts.owner); break;
    case RY_MODEL_SEEN_ROUND_END:
        observer->round_ends++;
        observer->ending = true;
        observer->looked = 0;
        RY_MODEL_HIT(observer, round_end);
        break;
    case RY_MODEL_SEEN_ROUND_BEGUN: ry_model_observe_round_begun(observer, model); break;
    }
}
