/* Looking in: what tests compare and what the generator of inputs sees. */
#include "tests/model/internal.h"

static struct ry_arena_book_order seen(const struct ry_model_order *order)
{
    return (struct ry_arena_book_order){.ref = order->ref,
                                        .price = order->price,
                                        .order = order->id,
                                        .rec = order->rec,
                                        .open = order->open,
                                        .surplus = order->surplus,
                                        .instrument = order->instrument,
                                        .owner = order->owner,
                                        .side = (uint8_t)order->side};
}

void ry_model_walk(const struct ry_model *model, uint16_t instrument, enum ry_side side,
                   bool (*visit)(void *context, const struct ry_arena_book_order *order),
                   void *context)
{
    if (instrument >= model->instruments)
        return;
    const struct ry_model_side *book = &model->instrument[instrument].side[side];
    for (size_t i = 0; i < book->count; i++) {
        const struct ry_arena_book_order order = seen(book->order[i]);
        if (!visit(context, &order))
            return;
    }
}

static bool fold(void *context, const struct ry_arena_book_order *order)
{
    uint64_t *hash = context;
    *hash = ry_model_hash(*hash, order, sizeof *order);
    return true;
}

uint64_t ry_model_book_hash(const struct ry_model *model)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < model->instruments; i++) {
        ry_model_walk(model, (uint16_t)i, RY_BUY, fold, &hash);
        ry_model_walk(model, (uint16_t)i, RY_SELL, fold, &hash);
    }
    return hash;
}

uint64_t ry_model_input_hash(const struct ry_model *model)
{
    return ry_model_running_hash(model->inputs_hash);
}

uint64_t ry_model_output_hash(const struct ry_model *model)
{
    const uint64_t both[2] = {ry_model_running_hash(model->said_hash),
                              ry_model_running_hash(model->market_hash)};
    return ry_model_hash(1, both, sizeof both);
}

bool ry_model_trading(const struct ry_model *model, uint16_t instrument)
{
    return instrument < model->instruments && ry_model_is_trading(model, instrument);
}

bool ry_model_last_price(const struct ry_model *model, uint16_t instrument, int64_t *price)
{
    if (instrument >= model->instruments || !model->instrument[instrument].has_last)
        return false;
    *price = model->trade[model->instrument[instrument].last].price;
    return true;
}

uint64_t ry_model_volume(const struct ry_model *model, uint16_t instrument)
{
    return instrument < model->instruments ? model->instrument[instrument].volume : 0;
}

__int128 ry_model_turnover(const struct ry_model *model, uint16_t instrument)
{
    return instrument < model->instruments ? model->instrument[instrument].turnover : 0;
}

static const struct ry_model_account *account_of(const struct ry_model *model, uint16_t owner)
{
    if (owner == RY_OWNER_RECORDED)
        return &model->recorded;
    return owner < model->agents ? &model->agent[owner].account : NULL;
}

__int128 ry_model_cash(const struct ry_model *model, uint16_t agent)
{
    const struct ry_model_account *account = account_of(model, agent);
    return account != NULL ? account->cash : 0;
}

int64_t ry_model_position(const struct ry_model *model, uint16_t agent, uint16_t instrument)
{
    const struct ry_model_account *account = account_of(model, agent);
    return account != NULL && instrument < model->instruments ? account->position[instrument] : 0;
}

__int128 ry_model_fees(const struct ry_model *model)
{
    return model->fees;
}

uint32_t ry_model_open_orders(const struct ry_model *model, uint16_t agent)
{
    uint32_t orders = 0;
    for (uint32_t i = 0; i < model->instruments; i++) {
        for (int side = RY_BUY; side <= RY_SELL; side++) {
            const struct ry_model_side *book = &model->instrument[i].side[side];
            for (size_t k = 0; k < book->count; k++)
                orders += book->order[k]->owner == agent;
        }
    }
    return orders;
}

bool ry_model_killed(const struct ry_model *model, uint16_t agent)
{
    return ry_model_out(model, agent) != RY_OUT_NONE;
}

__int128 ry_model_equity(const struct ry_model *model, uint16_t agent)
{
    return agent < model->agents ? ry_model_equity_of(model, agent) : 0;
}

__int128 ry_model_value(const struct ry_model *model, uint16_t agent)
{
    return agent < model->agents ? ry_model_value_of(model, agent) : 0;
}

enum ry_out ry_model_out(const struct ry_model *model, uint16_t agent)
{
    return agent < model->agents ? model->agent[agent].out : RY_OUT_NONE;
}

uint32_t ry_model_round_fills(const struct ry_model *model, uint16_t agent)
{
    return agent < model->agents ? model->agent[agent].fills : 0;
}

uint32_t ry_model_round_rejects(const struct ry_model *model, uint16_t agent)
{
    return agent < model->agents ? model->agent[agent].rejects : 0;
}

bool ry_model_decided(const struct ry_model *model)
{
    return ry_model_is_decided(model);
}

uint32_t ry_model_round(const struct ry_model *model)
{
    return model->round;
}

bool ry_model_conserves(const struct ry_model *model)
{
    __int128 brought = 0;
    __int128 cash = model->recorded.cash + model->fees;
    for (uint32_t a = 0; a < model->agents; a++) {
        brought += model->agent[a].input.cash;
        cash += model->agent[a].account.cash;
    }
    for (uint32_t i = 0; i < model->instruments; i++) {
        __int128 shares = model->recorded.position[i];
        for (uint32_t a = 0; a < model->agents; a++)
            shares += model->agent[a].account.position[i];
        if (shares != 0)
            return false;
    }
    return cash == brought;
}

const struct ry_arena_counters *ry_model_counters(const struct ry_model *model)
{
    return &model->counters;
}

const struct ry_input_battle *ry_model_battle(const struct ry_model *model)
{
    return model->has_battle ? &model->battle : NULL;
}

const struct ry_input_instrument *ry_model_instrument(const struct ry_model *model,
                                                      uint16_t instrument)
{
    return instrument < model->instruments ? &model->instrument[instrument].input : NULL;
}

bool ry_model_ended(const struct ry_model *model)
{
    return model->ended;
}
