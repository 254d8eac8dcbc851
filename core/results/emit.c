#include "core/results/emit.h"

#include <string.h>

void ry_results_emit(struct ry_results *r, struct ry_results_row *row)
{
    ry_results_emit_held(r);
    row->key = (struct ry_results_key){.appliance = r->appliance,
                                       .battle_id = r->battle_id,
                                       .input = r->input,
                                       .n = ++r->n,
                                       .time = r->time};
    if (r->row != NULL)
        r->row(r->context, row);
}

/* ---- commands -------------------------------------------------------------------------------- */

static uint16_t instrument_of(const struct ry_results *r, uint16_t instrument)
{
    return instrument < r->instruments ? instrument : RY_RESULTS_NONE;
}

static uint8_t side_of(uint8_t side)
{
    return side <= RY_SELL ? side : RY_SIDE_NONE;
}

void ry_results_emit_hold(struct ry_results *r, const union ry_input_any *input)
{
    uint8_t kind = input->head.kind;
    r->pends = r->row != NULL &&
               (kind == RY_IN_ORDER || kind == RY_IN_ORDER_CANCEL || kind == RY_IN_DECISION) &&
               input->head.source >= RY_SOURCE_AGENT &&
               input->head.source - RY_SOURCE_AGENT < r->agents;
    if (r->pends)
        memcpy(&r->pending, input, input->head.slots * (size_t)RY_SLOT_PAYLOAD);
}

static void emit_order(struct ry_results *r, uint16_t agent, const struct ry_input *in)
{
    uint16_t instrument = instrument_of(r, in->head.instrument);
    bool priced = instrument != RY_RESULTS_NONE && !(in->head.flags & RY_INF_MARKET);
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_ORDER,
        .order = {.agent = agent,
                  .cl_ord_id = in->ref,
                  .instrument = instrument,
                  .side = side_of(in->side),
                  .price = priced ? in->price : RY_RESULTS_NO_PRICE,
                  .qty = in->qty,
                  .ioc = (in->head.flags & (RY_INF_IOC | RY_INF_MARKET)) != 0},
    };
    ry_results_emit(r, &row);
}

static void emit_decision(struct ry_results *r, uint16_t agent, const struct ry_input_decision *in)
{
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_DECISION,
        .decision = {.agent = agent, .cl_ord_id = in->ref, .intent = in->intent},
    };
    struct ry_results_i64s *features = &row.decision.features;
    features->count = in->count < RY_FEATURES_MAX ? in->count : RY_FEATURES_MAX;
    memcpy(features->value, in->feature, sizeof in->feature);
    ry_results_emit(r, &row);
}

void ry_results_emit_held(struct ry_results *r)
{
    if (!r->pends)
        return;
    r->pends = false; /* first: what is emitted here holds nothing */
    uint16_t agent = (uint16_t)(r->pending.head.source - RY_SOURCE_AGENT);
    if (r->pending.head.kind == RY_IN_ORDER) {
        emit_order(r, agent, &r->pending.event);
    } else if (r->pending.head.kind == RY_IN_DECISION) {
        emit_decision(r, agent, &r->pending.decision);
    } else {
        struct ry_results_row row = {
            .kind = RY_RESULTS_ROW_CANCEL_REQUEST,
            .cancel_request = {.agent = agent, .cl_ord_id = r->pending.event.ref},
        };
        ry_results_emit(r, &row);
    }
}

/* ---- reports --------------------------------------------------------------------------------- */

static struct ry_results_row row_of_fill(const struct ry_report *report)
{
    bool maker = report->flags & RY_RPF_MAKER;
    return (struct ry_results_row){
        .kind = RY_RESULTS_ROW_FILL,
        .fill = {.instrument = report->instrument,
                 .price = report->price,
                 .qty = report->qty,
                 .side = report->side,
                 .agent = report->agent,
                 .liquidity = maker ? RY_RESULTS_MAKER : RY_RESULTS_TAKER,
                 .cause = report->cause,
                 .cl_ord_id = report->cl_ord_id,
                 .leaves = report->leaves,
                 .fee = report->fee,
                 .cash = report->cash,
                 .position = report->position,
                 .seq = report->seq},
    };
}

static struct ry_results_row row_of_ack(const struct ry_report *report)
{
    return (struct ry_results_row){
        .kind = RY_RESULTS_ROW_ACK,
        .ack = {.agent = report->agent,
                .seq = report->seq,
                .cl_ord_id = report->cl_ord_id,
                .instrument = report->instrument,
                .side = report->side,
                .price = report->price,
                .qty = report->qty},
    };
}

static struct ry_results_row row_of_rested(const struct ry_report *report)
{
    return (struct ry_results_row){
        .kind = RY_RESULTS_ROW_RESTED,
        .rested = {.agent = report->agent,
                   .seq = report->seq,
                   .cl_ord_id = report->cl_ord_id,
                   .instrument = report->instrument,
                   .side = report->side,
                   .price = report->price,
                   .qty = report->qty,
                   .order_id = report->order},
    };
}

/* A cancel names no instrument; the machine's 0 is none of its own. */
static struct ry_results_row row_of_reject(const struct ry_results *r,
                                           const struct ry_report *report)
{
    bool cancel = report->code == RY_REJECT_UNKNOWN_ORDER;
    return (struct ry_results_row){
        .kind = RY_RESULTS_ROW_REJECT,
        .reject = {.agent = report->agent,
                   .seq = report->seq,
                   .cl_ord_id = report->cl_ord_id,
                   .instrument = cancel ? RY_RESULTS_NONE : instrument_of(r, report->instrument),
                   .side = side_of(report->side),
                   .qty = report->qty,
                   .reason = report->code},
    };
}

static struct ry_results_row row_of_cancel(const struct ry_report *report)
{
    return (struct ry_results_row){
        .kind = RY_RESULTS_ROW_CANCEL,
        .cancel = {.agent = report->agent,
                   .seq = report->seq,
                   .cl_ord_id = report->cl_ord_id,
                   .instrument = report->instrument,
                   .side = report->side,
                   .qty = report->qty,
                   .reason = report->code},
    };
}

void ry_results_emit_report(struct ry_results *r, const struct ry_report *report)
{
    struct ry_results_row row;
    switch (report->kind) {
    case RY_RP_ACCEPTED: row = row_of_ack(report); break;
    case RY_RP_REJECTED: row = row_of_reject(r, report); break;
    case RY_RP_FILL: row = row_of_fill(report); break;
    case RY_RP_RESTED: row = row_of_rested(report); break;
    case RY_RP_CANCELED: row = row_of_cancel(report); break;
    default: return; /* OUT: the game says it */
    }
    ry_results_emit(r, &row);
}

/* ---- the market and the game ----------------------------------------------------------------- */

void ry_results_emit_market(struct ry_results *r, const struct ry_market *market)
{
    struct ry_results_row row;
    switch (market->kind) {
    case RY_MK_TRADE:
        row = (struct ry_results_row){
            .kind = RY_RESULTS_ROW_MARKET_TRADE,
            .market_trade = {.instrument = market->instrument,
                             .price = market->price,
                             .qty = market->qty,
                             .side = market->side,
                             .group = market->group},
        };
        break;
    case RY_MK_STATE:
        row = (struct ry_results_row){
            .kind = RY_RESULTS_ROW_STATE,
            .state = {.instrument = market->instrument, .trading = market->qty != 0},
        };
        break;
    default:
        return; /* CHANGE: who wants the book follows the machine; START: the first round says it;
                   END: a row when all else is said, ry_results_emit_end */
    }
    ry_results_emit(r, &row);
}

void ry_results_emit_game(struct ry_results *r, const struct ry_game *game)
{
    struct ry_results_row row;
    if (game->kind == RY_GM_OUT)
        row = (struct ry_results_row){
            .kind = RY_RESULTS_ROW_OUT,
            .out = {.round = game->round,
                    .agent = game->agent,
                    .rank = game->rank,
                    .reason = game->code,
                    .fills = game->fills,
                    .rejects = game->rejects},
        };
    else
        row = (struct ry_results_row){
            .kind = RY_RESULTS_ROW_RANK,
            .rank = {.round = game->round,
                     .agent = game->agent,
                     .rank = game->rank,
                     .score = game->score,
                     .value = game->value,
                     .fills = game->fills,
                     .rejects = game->rejects},
        };
    ry_results_emit(r, &row);
}

void ry_results_emit_stamp(struct ry_results *r, uint16_t agent, enum ry_out reason)
{
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_STAMP,
        .stamp = {.agent = agent, .reason = (uint8_t)reason},
    };
    ry_results_emit(r, &row);
}

void ry_results_emit_incomplete(struct ry_results *r, unsigned feed, enum ry_incomplete reason)
{
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_INCOMPLETE,
        .incomplete = {.feed = feed, .reason = (uint8_t)reason},
    };
    ry_results_emit(r, &row);
}

/* Of the battle so far; END has a stamp too if somebody stopped it. */
static bool stamped(const struct ry_results *r)
{
    bool wall = r->stopped;
    for (uint16_t id = 0; id < r->agents; id++)
        wall |= r->agent[id].wall;
    return wall;
}

void ry_results_emit_standing(struct ry_results *r, const struct ry_arena *arena, uint16_t id)
{
    const struct ry_results_agent *agent = &r->agent[id];
    struct ry_arena_account account;
    ry_arena_account(arena, id, &account);
    bool in = agent->out == RY_OUT_NONE;
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_STANDING,
        .standing = {.agent = id,
                     .agents = r->agents,
                     .round = in ? ry_arena_round(arena) : agent->out_round,
                     .rank = in && agent->rounds > 0 ? agent->round[agent->rounds - 1].rank
                                                     : agent->rank,
                     .out = agent->out,
                     .value = account.value,
                     .pnl = account.value - agent->cash_start,
                     .fills = ry_results_fills(agent),
                     .rejects = ry_results_rejects(agent),
                     .ended = r->ended,
                     .stopped = r->stopped,
                     .stamped = stamped(r),
                     .incomplete = ry_results_incomplete(r)},
    };
    ry_results_emit(r, &row);
}

void ry_results_emit_end(struct ry_results *r)
{
    struct ry_results_row row = {
        .kind = RY_RESULTS_ROW_END,
        .end = {.stopped = r->stopped},
    };
    ry_results_emit(r, &row);
}
