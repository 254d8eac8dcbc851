/* What the observer sees of the game: values, rounds, ranks, who goes out; section 8 of
 * docs/MATCHING.md. */
#include "tests/model/observer_internal.h"

/* --- Values: the same walk as the model's, to say which sentences it needed. --- */

static void see_rest_value(struct ry_model_observer *observer, const struct ry_model *model,
                           uint16_t instrument, int64_t position)
{
    int64_t reference;
    if (!ry_model_common_reference(model, instrument, &reference)) {
        RY_MODEL_HIT(observer, rest_no_reference);
        return;
    }
    const __int128 worth =
        (__int128)position * reference * model->instrument[instrument].input.money_per_unit;
    const __int128 part = (worth < 0 ? -worth : worth) % RY_PPM * model->battle.haircut_ppm;
    RY_MODEL_HIT_IF(observer, worth != 0 && (worth < 0) == (position > 0), rest_negative_price);
    RY_MODEL_HIT_IF(observer, part % RY_PPM != 0, haircut_rounded);
    const __int128 lots = position < 0 ? -(__int128)position : position;
    const bool by_ticks =
        ry_model_haircut_ticks(model, instrument, lots) > ry_model_haircut_part(model, worth);
    const int64_t h = model->battle.haircut_ticks * model->instrument[instrument].input.tick_size;
    RY_MODEL_HIT_IF(observer, by_ticks, haircut_ticks);
    RY_MODEL_HIT_IF(observer, by_ticks && h > RY_PRICE_ABS_MAX, haircut_ticks_held);
}

static void see_position_value(struct ry_model_observer *observer, const struct ry_model *model,
                               uint16_t agent, uint16_t instrument)
{
    const int64_t position = model->agent[agent].account.position[instrument];
    const bool is_long = position > 0;
    const struct ry_model_side *book =
        &model->instrument[instrument].side[is_long ? RY_BUY : RY_SELL];
    int64_t left = is_long ? position : -position;
    RY_MODEL_HIT_IF(observer, !ry_model_is_trading(model, instrument), value_halted);
    for (size_t i = 0; i < book->count && left > 0; i++) {
        const struct ry_model_order *order = book->order[i];
        const bool own = order->owner == agent;
        RY_MODEL_HIT_IF(observer, own, value_own);
        RY_MODEL_HIT_IF(observer, !own && order->open > 0 && is_long, value_long);
        RY_MODEL_HIT_IF(observer, !own && order->open > 0 && !is_long, value_short);
        left -= own ? 0 : order->open;
    }
    if (left <= 0)
        return;
    RY_MODEL_HIT_IF(observer, is_long, value_long_rest);
    RY_MODEL_HIT_IF(observer, !is_long, value_short_rest);
    see_rest_value(observer, model, instrument, is_long ? left : -left);
}

static void see_value(struct ry_model_observer *observer, const struct ry_model *model,
                      uint16_t agent)
{
    for (uint32_t i = 0; i < model->instruments; i++)
        if (model->agent[agent].account.position[i] != 0)
            see_position_value(observer, model, agent, (uint16_t)i);
}

static void see_equity(struct ry_model_observer *observer, const struct ry_model *model,
                       uint16_t agent)
{
    for (uint32_t i = 0; i < model->instruments; i++) {
        const uint16_t instrument = (uint16_t)i;
        int64_t reference, mid, spread;
        if (model->agent[agent].account.position[i] == 0)
            continue;
        const bool has = ry_model_common_reference(model, instrument, &reference);
        const bool has_own =
            ry_model_reference(model, instrument, ry_model_collar_of(model, agent), &reference);
        RY_MODEL_HIT_IF(observer, has && !has_own, equity_widest);
        RY_MODEL_HIT_IF(observer, !has && ry_model_recorded_mid(model, instrument, &mid, &spread),
                        equity_too_wide);
        RY_MODEL_HIT_IF(observer, !has, equity_no_reference);
        RY_MODEL_HIT_IF(observer, has && model->instrument[i].has_last, equity_last);
        RY_MODEL_HIT_IF(observer, has && !model->instrument[i].has_last, equity_mid);
    }
}

/* --- Insolvency. --- */

void ry_model_observe_look(struct ry_model_observer *observer, const struct ry_model *model,
                           uint16_t agent)
{
    const struct ry_model_agent *who = &model->agent[agent];
    const __int128 equity = ry_model_equity_of(model, agent);
    const bool insolvent = equity < 0;
    const bool loss = equity < (__int128)who->input.cash - who->input.loss_max;
    const bool out = insolvent || loss;
    see_equity(observer, model, agent);
    RY_MODEL_HIT_IF(observer, !out, solvent);
    RY_MODEL_HIT_IF(observer, insolvent, insolvent);
    RY_MODEL_HIT_IF(observer, insolvent && loss, insolvent_and_loss);
    RY_MODEL_HIT_IF(observer, insolvent && observer->ending, insolvent_round_end);
    RY_MODEL_HIT_IF(observer, !insolvent && loss, loss);
    RY_MODEL_HIT_IF(observer, !insolvent && loss && observer->ending, loss_round_end);
    RY_MODEL_HIT_IF(observer, out && observer->pushed[agent], chain);
    RY_MODEL_HIT_IF(observer, !out && observer->pushed[agent], chain_ends);
    RY_MODEL_HIT_IF(observer, agent < observer->looked, look_back);
    observer->looked = agent;
    observer->pushed[agent] = false;
}

/* --- Putting an agent out: from its game record to its report. --- */

static void see_leaves(struct ry_model_observer *observer, const struct ry_model *model,
                       const struct ry_game *game)
{
    struct ry_model_leaver *leaver = &observer->leaver;
    leaver->is_leaving = true;
    leaver->agent = game->agent;
    for (uint32_t i = 0; i < model->instruments; i++) {
        leaver->position[i] = model->agent[game->agent].account.position[i];
        leaver->taken[i] = 0;
    }
    const bool is_decided = ry_model_is_decided(model);
    RY_MODEL_HIT_IF(observer, model->round == 0, out_before_start);
    RY_MODEL_HIT_IF(observer, is_decided, decided);
    RY_MODEL_HIT_IF(observer, !is_decided && model->battle.agents == 1, decided_not_alone);
    RY_MODEL_HIT_IF(observer, game->code == RY_OUT_DIED, died);
    RY_MODEL_HIT_IF(observer, game->code == RY_OUT_STALLED, died_stalled);
    if (game->code == RY_OUT_LAST) {
        RY_MODEL_HIT(observer, round_last);
        observer->last_went = true;
        observer->looked = 0;
    }
}

static void see_liquidation(struct ry_model_observer *observer, const struct ry_model *model,
                            uint16_t instrument)
{
    const int64_t position = observer->leaver.position[instrument];
    const bool is_long = position > 0;
    const bool trading = ry_model_is_trading(model, instrument);
    const uint64_t taken = observer->leaver.taken[instrument];
    const uint64_t left = (is_long ? (uint64_t)position : -(uint64_t)position) - taken;
    RY_MODEL_HIT_IF(observer, trading && is_long, out_sells);
    RY_MODEL_HIT_IF(observer, trading && !is_long, out_buys);
    RY_MODEL_HIT_IF(observer, trading && taken == 0, out_empty_book);
    RY_MODEL_HIT_IF(observer, trading && left == 0, out_book_takes_all);
    if (left == 0)
        return;
    RY_MODEL_HIT_IF(observer, !trading, out_halted);
    RY_MODEL_HIT_IF(observer, is_long, out_long_rest);
    RY_MODEL_HIT_IF(observer, !is_long, out_short_rest);
    see_rest_value(observer, model, instrument, is_long ? (int64_t)left : -(int64_t)left);
}

void ry_model_observe_out(struct ry_model_observer *observer, const struct ry_model *model)
{
    unsigned positions = 0;
    for (uint32_t i = 0; i < model->instruments; i++) {
        if (observer->leaver.position[i] == 0)
            continue;
        positions++;
        see_liquidation(observer, model, (uint16_t)i);
    }
    RY_MODEL_HIT_IF(observer, positions == 0, out_flat);
    RY_MODEL_HIT_IF(observer, positions > 1, out_several);
    RY_MODEL_HIT(observer, out_report);
    observer->leaver.is_leaving = false;
}

/* --- Rounds and ranks. --- */

static void see_rank(struct ry_model_observer *observer, const struct ry_model *model,
                     const struct ry_game *rank)
{
    const __int128 value = ry_model_value_of(model, rank->agent);
    const __int128 score = value - model->agent[rank->agent].value_at_start;
    const uint32_t enough = model->battle.min_fills;
    const struct ry_game *above = &observer->rank;
    observer->ending = false;
    see_value(observer, model, rank->agent);
    RY_MODEL_HIT_IF(observer, value != rank->value, rank_clamped);
    if (rank->rank > 1) {
        const bool by_fills = (above->fills >= enough) != (rank->fills >= enough);
        const bool by_score = !by_fills && score != observer->rank_score;
        const bool by_rejects = !by_fills && !by_score && above->rejects != rank->rejects;
        RY_MODEL_HIT_IF(observer, by_fills, rank_min_fills);
        RY_MODEL_HIT_IF(observer, by_fills && score > observer->rank_score, rank_min_fills_first);
        RY_MODEL_HIT_IF(observer, by_score, rank_score);
        RY_MODEL_HIT_IF(observer, by_rejects, rank_rejects);
        RY_MODEL_HIT_IF(observer, !by_fills && !by_score && !by_rejects, rank_draw);
    }
    observer->rank = *rank;
    observer->rank_score = score;
}

void ry_model_observe_game(struct ry_model_observer *observer, const struct ry_model *model,
                           const struct ry_game *game)
{
    if (game->kind == RY_GM_RANK)
        see_rank(observer, model, game);
    else if (game->kind == RY_GM_OUT)
        see_leaves(observer, model, game);
}

void ry_model_observe_round_begun(struct ry_model_observer *observer, const struct ry_model *model)
{
    for (uint32_t a = 0; a < model->agents; a++) {
        const bool in = model->agent[a].out == RY_OUT_NONE;
        RY_MODEL_HIT_IF(observer, in, round_begins);
        RY_MODEL_HIT_IF(observer, !in, round_begins_without);
        if (in)
            see_value(observer, model, (uint16_t)a);
    }
    RY_MODEL_HIT_IF(observer, observer->last_went && ry_model_is_decided(model),
                    round_last_decides);
    observer->last_went = false;
}

/* A TIME is over. */
void ry_model_observe_rounds_done(struct ry_model_observer *observer, const struct ry_model *model)
{
    const __int128 end = model->battle.trade_from + (__int128)model->round * model->battle.round_ns;
    const bool is_decided = ry_model_is_decided(model);
    RY_MODEL_HIT_IF(observer, observer->round_ends > 1, round_several);
    RY_MODEL_HIT_IF(observer, observer->ending && is_decided, round_end_decided);
    RY_MODEL_HIT_IF(observer, observer->ending && !is_decided && ry_model_in(model) == 0,
                    round_end_nobody);
    RY_MODEL_HIT_IF(observer,
                    observer->round_ends == 0 && model->round > 0 && model->battle.round_ns > 0 &&
                        model->time >= end,
                    round_none_more);
}

void ry_model_observe_end(struct ry_model_observer *observer, const struct ry_model *model)
{
    const uint32_t in = ry_model_in(model);
    const bool is_decided = ry_model_is_decided(model);
    RY_MODEL_HIT(observer, end);
    RY_MODEL_HIT_IF(observer, ry_model_live(model) > 0, end_not_empty);
    if (model->round == 0) {
        RY_MODEL_HIT(observer, end_before_start);
        return;
    }
    RY_MODEL_HIT_IF(observer, model->battle.round_ns == 0, end_without_rounds);
    RY_MODEL_HIT_IF(observer, in == 0, end_nobody);
    RY_MODEL_HIT_IF(observer, in > 0 && is_decided, end_decided);
    RY_MODEL_HIT_IF(observer, in > 0 && !is_decided, end_ranks);
}
