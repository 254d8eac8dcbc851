/* START, rounds, ranks and insolvency: section 8 of docs/MATCHING.md. */
#include "tests/model/observer.h"

uint32_t ry_model_in(const struct ry_model *model)
{
    uint32_t in = 0;
    for (uint32_t a = 0; a < model->agents; a++)
        in += model->agent[a].out == RY_OUT_NONE;
    return in;
}

bool ry_model_is_decided(const struct ry_model *model)
{
    return model->agents >= 2 && ry_model_in(model) <= 1;
}

/* A round begins with this, for each agent that is in. */
static void begin_round(struct ry_model *model)
{
    model->round++;
    ry_model_observe(model, RY_MODEL_SEEN_ROUND_BEGUN, (struct ry_model_facts){0});
    for (uint32_t a = 0; a < model->agents; a++) {
        struct ry_model_agent *who = &model->agent[a];
        if (who->out != RY_OUT_NONE)
            continue;
        who->value_at_start = ry_model_value_of(model, (uint16_t)a);
        who->fills = 0;
        who->rejects = 0;
    }
}

void ry_model_start(struct ry_model *model)
{
    model->begun = true;
    ry_model_market(model, (struct ry_market){.kind = RY_MK_START});
    for (uint32_t i = 0; i < model->instruments; i++)
        ry_model_trading_changed(model, (uint16_t)i, false);
    begin_round(model);
}

/* --- Insolvency. --- */

/* The smallest id that is to be looked at; model->agents if there is none. */
static uint32_t next_to_look(const struct ry_model *model)
{
    uint32_t agent = 0;
    while (agent < model->agents && !model->agent[agent].look)
        agent++;
    return agent;
}

static void look_at(struct ry_model *model, uint16_t agent)
{
    const struct ry_model_agent *who = &model->agent[agent];
    const __int128 equity = ry_model_equity_of(model, agent);
    ry_model_observe(model, RY_MODEL_SEEN_LOOK, (struct ry_model_facts){.owner = agent});
    if (equity < 0)
        ry_model_put_out(model, agent, RY_OUT_INSOLVENT);
    else if (equity < (__int128)who->input.cash - who->input.loss_max)
        ry_model_put_out(model, agent, RY_OUT_LOSS);
}

void ry_model_look(struct ry_model *model)
{
    uint32_t agent;
    while ((agent = next_to_look(model)) < model->agents) {
        model->agent[agent].look = false;
        look_at(model, (uint16_t)agent);
    }
}

/* --- Ranks. --- */

struct standing {
    uint16_t agent;
    bool enough; /* fills */
    uint32_t fills;
    uint32_t rejects;
    uint64_t draw;
    __int128 value;
    __int128 score;
};

static uint64_t draw(const struct ry_model *model, uint16_t agent)
{
    const uint64_t key[2] = {model->round, agent};
    return ry_model_hash(model->battle.seed, key, sizeof key);
}

/* True if `a` ranks before `b`. */
static bool before(const struct standing *a, const struct standing *b)
{
    if (a->enough != b->enough)
        return a->enough;
    if (a->score != b->score)
        return a->score > b->score;
    if (a->rejects != b->rejects)
        return a->rejects < b->rejects;
    return a->draw < b->draw;
}

static struct standing standing_of(struct ry_model *model, uint16_t agent)
{
    const struct ry_model_agent *who = &model->agent[agent];
    const __int128 value = ry_model_value_of(model, agent);
    return (struct standing){.agent = agent,
                             .enough = who->fills >= model->battle.min_fills,
                             .fills = who->fills,
                             .rejects = who->rejects,
                             .draw = draw(model, agent),
                             .value = value,
                             .score = value - who->value_at_start};
}

/* Those who are in, best first; returns how many. */
static uint32_t rank(struct ry_model *model, struct standing *ranked)
{
    uint32_t count = 0;
    for (uint32_t a = 0; a < model->agents; a++) {
        if (model->agent[a].out != RY_OUT_NONE)
            continue;
        const struct standing mine = standing_of(model, (uint16_t)a);
        uint32_t at = count++;
        for (; at > 0 && before(&mine, &ranked[at - 1]); at--)
            ranked[at] = ranked[at - 1];
        ranked[at] = mine;
    }
    return count;
}

/* RANK records of those who are in; returns the last of them. */
static uint16_t publish_ranks(struct ry_model *model)
{
    struct standing ranked[RY_AGENTS_MAX];
    const uint32_t count = rank(model, ranked);
    for (uint32_t i = 0; i < count; i++) {
        ry_model_game(model, (struct ry_game){.kind = RY_GM_RANK,
                                              .agent = ranked[i].agent,
                                              .score = ry_model_clamp(ranked[i].score),
                                              .value = ry_model_clamp(ranked[i].value),
                                              .rank = i + 1,
                                              .round = model->round,
                                              .fills = ranked[i].fills,
                                              .rejects = ranked[i].rejects});
    }
    return count > 0 ? ranked[count - 1].agent : RY_OWNER_RECORDED;
}

void ry_model_end_ranks(struct ry_model *model)
{
    if (model->round > 0)
        publish_ranks(model);
}

/* --- A round's end. --- */

/* A round is running that will end. */
static bool has_end(const struct ry_model *model)
{
    return model->round > 0 && model->battle.round_ns > 0 && !ry_model_is_decided(model) &&
           ry_model_in(model) > 0;
}

static __int128 end_of_round(const struct ry_model *model)
{
    return model->battle.trade_from + (__int128)model->round * model->battle.round_ns;
}

/* Step 1: everybody that is in counts as having had a fill. */
static void look_at_all(struct ry_model *model)
{
    for (uint32_t a = 0; a < model->agents; a++)
        model->agent[a].look = model->agent[a].out == RY_OUT_NONE;
    ry_model_look(model);
}

static void end_round(struct ry_model *model)
{
    ry_model_observe(model, RY_MODEL_SEEN_ROUND_END, (struct ry_model_facts){0});
    look_at_all(model);
    if (ry_model_is_decided(model) || ry_model_in(model) == 0)
        return;
    const uint16_t last = publish_ranks(model);
    ry_model_put_out(model, last, RY_OUT_LAST);
    ry_model_look(model);
    begin_round(model);
}

void ry_model_end_rounds(struct ry_model *model)
{
    while (has_end(model) && model->time >= end_of_round(model))
        end_round(model);
}

int64_t ry_model_next_moment(const struct ry_model *model)
{
    if (model->ended)
        return RY_TIME_NEVER;
    if (model->has_battle && !model->begun)
        return model->battle.trade_from;
    return has_end(model) ? ry_model_clamp(end_of_round(model)) : RY_TIME_NEVER;
}
