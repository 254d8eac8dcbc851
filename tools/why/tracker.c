#include "tools/why/tracker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tools/why/facts.h"

#define ROOM_FIRST 256u

static void *grown(void *memory, size_t count, size_t bytes)
{
    void *more = realloc(memory, count * bytes);
    assert(more != NULL);
    return more;
}

/* ---- orders that live ------------------------------------------------------------------------ */

static struct ry_why_order *find(const struct ry_why_tracker *t, uint16_t agent, uint64_t cl_ord_id)
{
    /* The newest is asked for most. */
    for (unsigned i = t->orders; i-- > 0;)
        if (t->order[i].cl_ord_id == cl_ord_id && t->order[i].agent == agent)
            return &t->order[i];
    return NULL;
}

const struct ry_why_order *ry_why_tracker_order(const struct ry_why_tracker *t, uint16_t agent,
                                                uint64_t cl_ord_id)
{
    return find(t, agent, cl_ord_id);
}

static struct ry_why_order *standing(const struct ry_why_tracker *t, uint32_t id)
{
    return id < t->ids && t->at[id] != 0 ? &t->order[t->at[id] - 1] : NULL;
}

static void name(struct ry_why_tracker *t, const struct ry_why_order *order)
{
    if (order->order >= t->ids) {
        uint32_t ids = 2 * (order->order + ROOM_FIRST);
        t->at = grown(t->at, ids, sizeof *t->at);
        memset(t->at + t->ids, 0, (ids - t->ids) * sizeof *t->at);
        t->ids = ids;
    }
    t->at[order->order] = 1 + (uint32_t)(order - t->order);
}

static struct ry_why_order *enter(struct ry_why_tracker *t)
{
    if (t->orders == t->room) {
        t->room = t->room == 0 ? ROOM_FIRST : 2 * t->room;
        t->order = grown(t->order, t->room, sizeof *t->order);
    }
    struct ry_why_order *order = &t->order[t->orders++];
    *order = (struct ry_why_order){.agent = 0};
    return order;
}

/* Those that left go; the others close up, in their order. */
static void forget(struct ry_why_tracker *t)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < t->orders; i++) {
        struct ry_why_order *order = &t->order[i];
        if (order->left) {
            if (standing(t, order->order) == order)
                t->at[order->order] = 0;
            continue;
        }
        bool named = standing(t, order->order) == order;
        t->order[kept] = *order;
        if (named)
            t->at[order->order] = 1 + kept;
        kept++;
    }
    t->orders = kept;
    t->any_left = false;
}

static void leave(struct ry_why_tracker *t, struct ry_why_order *order)
{
    order->left = true;
    t->any_left = true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static struct ry_why_pending *hold(struct ry_why_tracker *t, const struct ry_results_row *row)
{
    if (t->pendings == t->pending_room) {
        t->pending_room = t->pending_room == 0 ? ROOM_FIRST : 2 * t->pending_room;
        t->pending = grown(t->pending, t->pending_room, sizeof *t->pending);
    }
    struct ry_why_pending *pending = &t->pending[t->pendings++];
    *pending = (struct ry_why_pending){.row = *row, .latency = -1};
    return pending;
}

static int64_t latency_of_command(const struct ry_why_tracker *t, uint16_t agent)
{
    return ry_why_latency(t->battle, t->results.battle.seed, agent, t->results.head.source_seq);
}

static void on_order(struct ry_why_tracker *t, const struct ry_results_row *row)
{
    const struct ry_results_row_order *in = &row->order;
    bool market = t->results.pending.head.flags & RY_INF_MARKET;
    struct ry_why_order *order = enter(t);
    *order = (struct ry_why_order){
        .agent = in->agent,
        .instrument = in->instrument,
        .side = in->side,
        .type = market    ? RY_WHY_MARKET
                : in->ioc ? RY_WHY_IOC
                          : RY_WHY_LIMIT,
        .cl_ord_id = in->cl_ord_id,
        .input = row->key.input,
        .limit = in->price,
        .qty = in->qty,
        .arrival = row->key.time,
        .latency = latency_of_command(t, in->agent),
    };
}

static void on_rested(struct ry_why_tracker *t, const struct ry_results_row *row)
{
    struct ry_why_order *order = find(t, row->rested.agent, row->rested.cl_ord_id);
    const struct ry_why_place place = {.instrument = row->rested.instrument,
                                       .side = row->rested.side,
                                       .price = row->rested.price,
                                       .order = (uint32_t)row->rested.order_id};
    assert(order != NULL);
    order->rested = true;
    order->rested_at = row->key.time;
    order->order = place.order;
    (void)ry_why_ahead(t->arena, &place, &order->ahead);
    name(t, order);
}

static void on_fill(struct ry_why_tracker *t, const struct ry_results_row *row)
{
    struct ry_why_order *order = find(t, row->fill.agent, row->fill.cl_ord_id);
    if (order != NULL) {
        order->filled += row->fill.qty;
        if (row->fill.leaves == 0)
            leave(t, order);
    }
    if (t->each == NULL)
        return;
    struct ry_why_pending *pending = hold(t, row);
    pending->known = order != NULL;
    if (order != NULL)
        pending->order = *order;
    pending->waits = order != NULL && row->fill.liquidity == RY_RESULTS_MAKER;
}

static void on_reject(struct ry_why_tracker *t, const struct ry_results_row *row)
{
    bool cancel = row->reject.reason == RY_REJECT_UNKNOWN_ORDER;
    struct ry_why_order *order = cancel ? NULL : find(t, row->reject.agent, row->reject.cl_ord_id);
    if (order != NULL)
        leave(t, order);
    if (t->each == NULL)
        return;
    struct ry_why_pending *pending = hold(t, row);
    pending->latency = latency_of_command(t, row->reject.agent);
    pending->known = order != NULL;
    if (order == NULL)
        return;
    pending->order = *order;
    pending->asked = t->results.pending.event;
    ry_arena_checked(t->arena, row->reject.agent, &pending->asked, &pending->checked);
}

static void on_out(struct ry_why_tracker *t, const struct ry_results_row *row)
{
    struct ry_arena_account account;
    if (t->each == NULL)
        return;
    ry_arena_account(t->arena, row->out.agent, &account);
    hold(t, row)->equity = account.equity;
}

static void on_row(void *context, const struct ry_results_row *row)
{
    struct ry_why_tracker *t = context;
    struct ry_why_order *order;
    switch (row->kind) {
    case RY_RESULTS_ROW_ORDER: on_order(t, row); break;
    case RY_RESULTS_ROW_ACK:
        order = find(t, row->ack.agent, row->ack.cl_ord_id);
        assert(order != NULL);
        order->accepted = true;
        order->limit = row->ack.price;
        break;
    case RY_RESULTS_ROW_RESTED: on_rested(t, row); break;
    case RY_RESULTS_ROW_FILL: on_fill(t, row); break;
    case RY_RESULTS_ROW_CANCEL:
        order = find(t, row->cancel.agent, row->cancel.cl_ord_id);
        if (order != NULL)
            leave(t, order);
        break;
    case RY_RESULTS_ROW_REJECT: on_reject(t, row); break;
    case RY_RESULTS_ROW_RANK:
        t->ranks = row->rank.rank == 1 ? 0 : t->ranks;
        assert(t->ranks < RY_AGENTS_MAX);
        t->rank[t->ranks++] = row->rank;
        break;
    case RY_RESULTS_ROW_OUT: on_out(t, row); break;
    case RY_RESULTS_ROW_MARKET_TRADE:
    case RY_RESULTS_ROW_STATE:
    case RY_RESULTS_ROW_CANCEL_REQUEST:
    case RY_RESULTS_ROW_DECISION:
    case RY_RESULTS_ROW_TRADE:
    case RY_RESULTS_ROW_HANDED_OVER:
    case RY_RESULTS_ROW_ROUND:
    case RY_RESULTS_ROW_STAMP:
    case RY_RESULTS_ROW_INCOMPLETE:
    case RY_RESULTS_ROW_STANDING:
    case RY_RESULTS_ROW_END:
    case RY_RESULTS_ROWS: break;
    }
    if (t->row != NULL)
        t->row(t->context, row);
}

/* ---- the market: what traded at whose price -------------------------------------------------- */

/* The maker's fill that this trade was: what traded at its price before it is known now. */
static void settle_fill(struct ry_why_tracker *t, const struct ry_why_order *own)
{
    for (unsigned i = 0; i < t->pendings; i++) {
        struct ry_why_pending *pending = &t->pending[i];
        if (pending->waits && pending->order.agent == own->agent &&
            pending->order.cl_ord_id == own->cl_ord_id) {
            pending->order.traded = own->traded;
            pending->waits = false;
            return;
        }
    }
}

/* The trade that waits was `own`'s fill, or somebody else's (NULL). */
static void count_trade(struct ry_why_tracker *t, const struct ry_why_order *own)
{
    const struct ry_market *trade = &t->trade;
    if (trade->kind == 0)
        return;
    for (unsigned i = 0; i < t->orders; i++) {
        struct ry_why_order *order = &t->order[i];
        if (order->stands && order != own && order->instrument == trade->instrument &&
            order->limit == trade->price && trade->side != RY_SIDE_NONE &&
            order->side != trade->side)
            order->traded += trade->qty;
    }
    if (own != NULL)
        settle_fill(t, own);
    t->trade.kind = 0;
}

static bool is_at(const struct ry_why_order *order, const struct ry_market *change)
{
    return order->order == change->order && order->instrument == change->instrument &&
           order->side == change->side && order->limit == change->price;
}

/* The order that a CHANGE is of; NULL: none of an agent's. Within an input a number may be used
 * again: the one that had it before stands until the market says otherwise. */
static struct ry_why_order *changes(const struct ry_why_tracker *t, const struct ry_market *change)
{
    struct ry_why_order *order = standing(t, change->order);
    if (order != NULL && order->stands && is_at(order, change))
        return order;
    for (unsigned i = 0; t->any_left && i < t->orders; i++)
        if (t->order[i].stands && is_at(&t->order[i], change))
            return &t->order[i];
    bool fresh = order != NULL && order->input == t->results.input;
    return fresh && is_at(order, change) ? order : NULL;
}

static void on_change(struct ry_why_tracker *t, const struct ry_market *change)
{
    struct ry_why_order *order = changes(t, change);
    bool filled = order != NULL && order->stands && t->trade.kind != 0 &&
                  t->trade.price == change->price && t->trade.side != change->side &&
                  t->trade.side != RY_SIDE_NONE;
    count_trade(t, filled ? order : NULL);
    if (order != NULL && order->stands && change->qty == 0)
        order->stands = false;
    else if (order != NULL && change->flags & RY_MKF_NEW)
        order->stands = true;
}

static void on_market(void *context, const struct ry_market *market)
{
    struct ry_why_tracker *t = context;
    if (market->kind == RY_MK_CHANGE)
        on_change(t, market);
    else
        count_trade(t, NULL);
    if (market->kind == RY_MK_TRADE)
        t->trade = *market;
    if (t->market != NULL)
        t->market(t->context, market);
}

/* ---- an input -------------------------------------------------------------------------------- */

void ry_why_tracker_open(struct ry_why_tracker *t, const struct ry_why_battle *battle,
                         const struct ry_battle_id *id)
{
    *t = (struct ry_why_tracker){.battle = battle};
    const struct ry_arena_sink next = {.context = t, .market = on_market};
    ry_results_open(&t->results, id, &next);
    t->results.row = on_row;
    t->results.context = t;
    t->moments.quarter = INT64_MIN;
}

static void tell(struct ry_why_tracker *t)
{
    struct ry_explain_record record;
    for (unsigned i = 0; i < t->pendings; i++) {
        const struct ry_why_pending *pending = &t->pending[i];
        struct ry_why_beside beside = {.pending = pending, .rank = t->rank, .ranks = t->ranks};
        assert(!pending->waits);
        beside.told =
            pending->known && t->intent != NULL &&
            t->intent(t->context, pending->order.agent, pending->order.cl_ord_id, &beside.intent);
        bool made = ry_why_facts(&record, &t->results, &t->moments, &pending->row, &beside);
        assert(made);
        t->each(t->context, &record);
    }
    t->pendings = 0;
}

void ry_why_tracker_settle(struct ry_why_tracker *t)
{
    count_trade(t, NULL);
    if (t->results.head.kind == RY_IN_BATTLE)
        ry_text_moments_open(&t->moments, t->battle->zone, t->results.battle.trade_from);
    tell(t);
    if (t->any_left)
        forget(t);
}

void ry_why_tracker_close(struct ry_why_tracker *t)
{
    ry_results_close(&t->results);
    free(t->order);
    free(t->at);
    free(t->pending);
    *t = (struct ry_why_tracker){.battle = NULL};
}
