/* One input from its arrival to its outputs, and the inputs of battle and clock. */
#include "tests/model/observer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct ry_model *ry_model_create(void)
{
    struct ry_model *model = calloc(1, sizeof *model);
    assert(model != NULL);
    model->observer = ry_model_observer_create();
    model->inputs_hash = ry_model_running();
    model->said_hash = ry_model_running();
    model->market_hash = ry_model_running();
    return model;
}

void ry_model_destroy(struct ry_model *model)
{
    for (uint32_t i = 0; i < model->instruments; i++) {
        for (int side = RY_BUY; side <= RY_SELL; side++) {
            struct ry_model_side *book = &model->instrument[i].side[side];
            for (size_t k = 0; k < book->count; k++)
                free(book->order[k]);
            free(book->order);
        }
    }
    for (uint32_t i = 0; i < model->agents; i++)
        free(model->agent[i].account.position);
    ry_model_observer_destroy(model->observer);
    ry_model_running_end(model->inputs_hash);
    ry_model_running_end(model->said_hash);
    ry_model_running_end(model->market_hash);
    free(model->recorded.position);
    free(model->instrument);
    free(model->given_back);
    free(model->group);
    free(model->trade);
    free(model);
}

static void *zeroed(size_t count, size_t bytes)
{
    void *memory = calloc(count, bytes);
    assert(memory != NULL);
    return memory;
}

static void battle(struct ry_model *model, const struct ry_input_battle *input)
{
    model->battle = *input;
    model->has_battle = true;
    model->instrument = zeroed(input->instruments, sizeof *model->instrument);
    model->recorded.position = zeroed(input->instruments, sizeof *model->recorded.position);
}

static void agent(struct ry_model *model, const struct ry_input_agent *input)
{
    struct ry_model_agent *who = &model->agent[model->agents++];
    who->input = *input;
    who->account.cash = input->cash;
    who->account.position = zeroed(model->battle.instruments, sizeof *who->account.position);
    who->second = INT64_MIN; /* no command yet: no T is in this second */
}

/* TIME at T >= trade_from lets trading begin, once; then the rounds whose end has come end. */
static void time_input(struct ry_model *model)
{
    if (!model->begun && model->time >= model->battle.trade_from)
        ry_model_start(model);
    if (model->begun)
        ry_model_end_rounds(model);
}

static void end(struct ry_model *model)
{
    model->ended = true;
    ry_model_end_ranks(model);
    ry_model_market(model, (struct ry_market){.kind = RY_MK_END});
}

static void event(struct ry_model *model, const struct ry_input *input)
{
    switch (input->head.kind) {
    case RY_IN_ORDER: ry_model_order_input(model, input); break;
    case RY_IN_ORDER_CANCEL: ry_model_order_cancel(model, input); break;
    default: ry_model_recorded_input(model, input); break;
    }
    /* Of an ORDER the instrument may not exist; SESSION, INCOMPLETE and ORDER_CANCEL move no
     * recorded best. */
    const bool of_none = input->head.kind == RY_IN_SESSION || input->head.kind == RY_IN_INCOMPLETE;
    if (!of_none && input->head.instrument < model->instruments)
        ry_model_drop_passed(model, input->head.instrument);
}

static void dispatch(struct ry_model *model, const union ry_input_any *input)
{
    switch (input->head.kind) {
    case RY_IN_BATTLE: battle(model, &input->battle); break;
    case RY_IN_INSTRUMENT: model->instrument[model->instruments++].input = input->instrument; break;
    case RY_IN_AGENT: agent(model, &input->agent); break;
    case RY_IN_TIME: time_input(model); break;
    case RY_IN_END: end(model); break;
    case RY_IN_AGENT_DIED: ry_model_agent_died(model, &input->event); break;
    case RY_IN_DECISION: break;
    default: event(model, &input->event); break;
    }
}

/* The bytes of a record; slots that no record can have are taken as the nearest that one can. */
static size_t bytes_of(const struct ry_input_head *head)
{
    const size_t slots = head->slots < 1                    ? 1
                         : head->slots > RY_INPUT_SLOTS_MAX ? RY_INPUT_SLOTS_MAX
                                                            : head->slots;
    return slots * RY_SLOT_PAYLOAD;
}

enum ry_arena_applied ry_model_apply(struct ry_model *model, const union ry_input_any *input,
                                     const struct ry_arena_sink *sink)
{
    struct ry_input_head head;
    union ry_input_any copy = {0};
    memcpy(&head, input, sizeof head);
    memcpy(&copy, input, bytes_of(&head));
    model->counters.inputs++;
    ry_model_running_add(model->inputs_hash, &copy, bytes_of(&head));

    const enum ry_model_clause wrong = ry_model_malformed(model, &copy);
    if (wrong != RY_MODEL_CLAUSES) {
        ry_model_observe(model, RY_MODEL_SEEN_MALFORMED, (struct ry_model_facts){.clause = wrong});
        model->counters.malformed++;
        return RY_ARENA_APPLIED_MALFORMED;
    }
    model->time = copy.head.time;
    model->has_time = true;
    model->sink = sink;
    ry_model_observe(model, RY_MODEL_SEEN_INPUT, (struct ry_model_facts){.input = &copy});
    dispatch(model, &copy);
    ry_model_look(model);
    ry_model_flush(model);
    ry_model_observe(model, RY_MODEL_SEEN_DONE, (struct ry_model_facts){0});
    model->sink = NULL;
    return RY_ARENA_APPLIED;
}
