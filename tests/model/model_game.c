/* START, rounds, ranks and insolvency: section 8 of docs/MATCHING.md. */
#include "tests/model/internal.h"

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
    for (uint32_t a = 0; a < model->agents; a++) {
        struct ry_model_agent *who = &model->agent[a];
        if (who->out != RY_OUT_NONE) {
            RY_HIT(model, round_begins_without);
            continue;
        }
        RY_HIT(model, round_begins);
        who->value_at_start = ry_model_value_of(model, (uint16_t)a, model->clauses);
        who->fills = 0;
        who->rejects = 0;
    }
}

void ry_model_start(struct ry_model *model)
{
    RY_HIT(model, start);
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

static void hit_out(struct ry_model *model, const struct ry_model_agent *who, bool insolvent,
                    bool loss)
{
    if (insolvent) {
        RY_HIT(model, insolvent);
        if (loss)
            RY_HIT(model, insolvent_and_loss);
        if (model->ending_round)
            RY_HIT(model, insolvent_round_end);
    } else {
        RY_HIT(model, loss);
        if (model->ending_round)
            RY_HIT(model, loss_round_end);
    }
    if (who->pushed)
        RY_HIT(model, chain);
}

static void look_at(struct ry_model *model, uint16_t agent)
{
    struct ry_model_agent *who = &model->agent[agent];
    const __int128 equity = ry_model_equity_of(model, agent, model->clauses);
    const bool insolvent = equity < 0;
    const bool loss = equity < (__int128)who->input.cash - who->input.loss_max;
    if (insolvent || loss) {
        hit_out(model, who, insolvent, loss);
        ry_model_put_out(model, agent, insolvent ? RY_OUT_INSOLVENT : RY_OUT_LOSS);
    } else {
        RY_HIT(model, solvent);
        if (who->pushed)
            RY_HIT(model, chain_ends);
    }
    who->pushed = false;
}

void ry_model_look(struct ry_model *model)
{
    uint32_t before = 0;
    uint32_t agent;
    while ((agent = next_to_look(model)) < model->agents) {
        if (agent < before)
            RY_HIT(model, look_back);
        before = agent;
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

/* True if `a` ranks before `b`; the clause that decides. */
static bool before(const struct standing *a, const struct standing *b, enum ry_model_clause *by)
{
    if (a->enough != b->enough) {
        *by = RY_CLAUSE_rank_min_fills;
        return a->enough;
    }
    if (a->score != b->score) {
        *by = RY_CLAUSE_rank_score;
        return a->score > b->score;
    }
    if (a->rejects != b->rejects) {
        *by = RY_CLAUSE_rank_rejects;
        return a->rejects < b->rejects;
    }
    *by = RY_CLAUSE_rank_draw;
    return a->draw < b->draw;
}

static struct standing standing_of(struct ry_model *model, uint16_t agent)
{
    const struct ry_model_agent *who = &model->agent[agent];
    const __int128 value = ry_model_value_of(model, agent, model->clauses);
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
        enum ry_model_clause by;
        uint32_t at = count++;
        for (; at > 0 && before(&mine, &ranked[at - 1], &by); at--)
            ranked[at] = ranked[at - 1];
        ranked[at] = mine;
    }
    return count;
}

static void hit_ranks(struct ry_model *model, const struct standing *ranked, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (ranked[i].value != ry_model_clamp(ranked[i].value))
            RY_HIT(model, rank_clamped);
        enum ry_model_clause by;
        if (i > 0 && before(&ranked[i - 1], &ranked[i], &by)) {
            model->clauses[by]++;
            if (by == RY_CLAUSE_rank_min_fills && ranked[i].score > ranked[i - 1].score)
                RY_HIT(model, rank_min_fills_first);
        }
    }
}

/* RANK records of those who are in; returns the last of them. */
static uint16_t publish_ranks(struct ry_model *model)
{
    struct standing ranked[RY_AGENTS_MAX];
    const uint32_t count = rank(model, ranked);
    hit_ranks(model, ranked, count);
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
    if (model->round == 0) {
        RY_HIT(model, end_before_start);
        return;
    }
    if (model->battle.round_ns == 0)
        RY_HIT(model, end_without_rounds);
    if (ry_model_in(model) == 0)
        RY_HIT(model, end_nobody);
    else if (ry_model_is_decided(model))
        RY_HIT(model, end_decided);
    else
        RY_HIT(model, end_ranks);
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
    model->ending_round = true;
    ry_model_look(model);
    model->ending_round = false;
}

static void end_round(struct ry_model *model)
{
    RY_HIT(model, round_end);
    look_at_all(model);
    if (ry_model_is_decided(model)) {
        RY_HIT(model, round_end_decided);
        return;
    }
    if (ry_model_in(model) == 0) {
        RY_HIT(model, round_end_nobody);
        return;
    }
    const uint16_t last = publish_ranks(model);
    RY_HIT(model, round_last);
    ry_model_put_out(model, last, RY_OUT_LAST);
    ry_model_look(model);
    if (ry_model_is_decided(model))
        RY_HIT(model, round_last_decides);
    begin_round(model);
}

unsigned ry_model_end_rounds(struct ry_model *model)
{
    unsigned ends = 0;
    while (has_end(model) && model->time >= end_of_round(model)) {
        end_round(model);
        ends++;
    }
    if (ends > 1)
        RY_HIT(model, round_several);
    if (ends == 0 && model->battle.round_ns > 0 && model->time >= end_of_round(model))
        RY_HIT(model, round_none_more);
    return ends;
}

int64_t ry_model_next_moment(const struct ry_model *model)
{
    if (model->ended)
        return RY_TIME_NEVER;
    if (model->has_battle && !model->begun)
        return model->battle.trade_from;
    return has_end(model) ? ry_model_clamp(end_of_round(model)) : RY_TIME_NEVER;
}
