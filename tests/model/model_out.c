/* Putting an agent out: section 8 of docs/MATCHING.md. */
#include "tests/model/internal.h"

/* 1. it is out; rank: agents still in, plus 1 */
static void declare(struct ry_model *model, uint16_t agent, enum ry_out why)
{
    struct ry_model_agent *who = &model->agent[agent];
    who->out = why;
    who->look = false;
    ry_model_game(model, (struct ry_game){.kind = RY_GM_OUT,
                                          .agent = agent,
                                          .code = (uint8_t)why,
                                          .rank = ry_model_in(model) + 1,
                                          .round = model->round,
                                          .fills = who->fills,
                                          .rejects = who->rejects});
}

/* 2. its open orders leave, oldest first */
static void cancel_orders(struct ry_model *model, uint16_t agent)
{
    struct ry_model_order *order;
    while ((order = ry_model_find_own(model, agent, NULL)) != NULL)
        ry_model_cancel_own(model, order, RY_CANCEL_OUT);
}

/* What is left of a position goes to the recorded account. */
static void hand_over(struct ry_model *model, uint16_t agent, uint16_t instrument)
{
    struct ry_model_account *account = &model->agent[agent].account;
    const int64_t position = account->position[instrument];
    if (position == 0)
        return;
    const __int128 worth = ry_model_rest_value(model, instrument, position);
    account->position[instrument] = 0;
    account->cash += worth;
    model->recorded.position[instrument] += position;
    model->recorded.cash -= worth;
}

/* 3. its positions: an IOC of the machine if the instrument is trading, the rest is handed over */
static void liquidate(struct ry_model *model, uint16_t agent, uint16_t instrument)
{
    const int64_t position = model->agent[agent].account.position[instrument];
    if (position == 0)
        return;
    if (ry_model_is_trading(model, instrument))
        ry_model_liquidate(model, agent, instrument, position);
    hand_over(model, agent, instrument);
}

void ry_model_put_out(struct ry_model *model, uint16_t agent, enum ry_out why)
{
    declare(model, agent, why);
    cancel_orders(model, agent);
    for (uint32_t i = 0; i < model->instruments; i++)
        liquidate(model, agent, (uint16_t)i);
    /* 4. */
    ry_model_report(model, agent, (struct ry_report){.kind = RY_RP_OUT, .code = (uint8_t)why});
}
