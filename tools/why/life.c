#include "tools/why/life.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/follow/observe.h"
#include "tools/why/why.h"

#define ROOM_FIRST 64u

/* ---- events ---------------------------------------------------------------------------------- */

static void append(struct ry_why_event **list, size_t *count, size_t *room,
                   const struct ry_why_event *event)
{
    if (*count == *room) {
        *room = *room == 0 ? ROOM_FIRST : 2 * *room;
        *list = realloc(*list, *room * sizeof **list);
        assert(*list != NULL);
    }
    (*list)[(*count)++] = *event;
}

/* Of the order itself: it comes behind what the input did to the queue. */
static void own(struct ry_why_life *life, struct ry_why_event event)
{
    event.time = event.last = life->tracker.results.time;
    event.input = life->tracker.results.input;
    event.times = 1;
    append(&life->own, &life->owns, &life->own_room, &event);
}

static void queue_changed(struct ry_why_life *life, const struct ry_why_step *step)
{
    struct ry_why_event event = {.kind = RY_WHY_EVENT_QUEUE,
                                 .time = life->tracker.results.time,
                                 .last = life->tracker.results.time,
                                 .input = life->tracker.results.input,
                                 .times = 1,
                                 .stands = life->end == RY_WHY_STANDS,
                                 .ahead = life->queue.ahead};
    for (unsigned better = 0; better < 2; better++) {
        for (unsigned change = 0; change < RY_WHY_CHANGES; change++) {
            const struct ry_why_changed *changed = &step->change[better][change];
            event.change = (enum ry_why_change)change;
            event.better = better;
            event.lots = changed->lots;
            event.orders = changed->orders;
            if (event.orders > 0)
                append(&life->event, &life->events, &life->room, &event);
        }
    }
}

/* ---- the wake -------------------------------------------------------------------------------- */

static bool at_wake(const struct ry_why_life *life)
{
    return life->scan.wake.latest != INT64_MIN &&
           life->scan.wake.earliest == life->scan.wake.latest &&
           life->tracker.results.time == life->scan.wake.latest;
}

static struct ry_why_seen *seen_of(struct ry_why_life *life, uint16_t instrument)
{
    struct ry_why_woken *woken = &life->woken;
    for (unsigned i = 0; i < woken->instruments; i++)
        if (woken->seen[i].instrument == instrument)
            return &woken->seen[i];
    if (woken->instruments == RY_WHY_WOKEN_INSTRUMENTS) {
        woken->more_instruments++;
        return NULL;
    }
    struct ry_why_seen *seen = &woken->seen[woken->instruments++];
    *seen = (struct ry_why_seen){.instrument = instrument};
    return seen;
}

static void see_market(struct ry_why_life *life, const struct ry_market *market)
{
    const bool state = market->kind == RY_MK_STATE && !life->woken.start; /* START says it of all */
    life->woken.start |= market->kind == RY_MK_START;
    if (market->kind != RY_MK_TRADE && market->kind != RY_MK_CHANGE && !state)
        return;
    struct ry_why_seen *seen = seen_of(life, market->instrument);
    if (seen == NULL)
        return;
    if (market->kind == RY_MK_CHANGE) {
        seen->changes++;
    } else if (state) {
        seen->states++;
        seen->trading = market->qty;
    } else {
        seen->trades++;
        seen->lots += market->qty;
        seen->last = market->price;
    }
}

static void see_touch(struct ry_why_life *life)
{
    const struct ry_arena *arena = life->tracker.arena;
    for (unsigned i = 0; i < life->woken.instruments; i++) {
        struct ry_why_seen *seen = &life->woken.seen[i];
        struct ry_arena_depth top;
        seen->has_bid = ry_arena_top(arena, seen->instrument, RY_BUY, &top, 1) == 1;
        seen->bid = top.price;
        seen->has_ask = ry_arena_top(arena, seen->instrument, RY_SELL, &top, 1) == 1;
        seen->ask = top.price;
    }
}

static void see_report(struct ry_why_life *life, const struct ry_results_row *row)
{
    struct ry_why_woken *woken = &life->woken;
    const uint16_t agent = (uint16_t)life->scan.agent;
    bool is_own = (row->kind == RY_RESULTS_ROW_ACK && row->ack.agent == agent) ||
                  (row->kind == RY_RESULTS_ROW_REJECT && row->reject.agent == agent) ||
                  (row->kind == RY_RESULTS_ROW_RESTED && row->rested.agent == agent) ||
                  (row->kind == RY_RESULTS_ROW_FILL && row->fill.agent == agent) ||
                  (row->kind == RY_RESULTS_ROW_CANCEL && row->cancel.agent == agent);
    if (!is_own)
        return;
    if (woken->reports == RY_WHY_WOKEN_ROWS)
        woken->more_reports++;
    else
        woken->report[woken->reports++] = *row;
}

/* ---- the order ------------------------------------------------------------------------------- */

static bool is_it(const struct ry_why_life *life, uint16_t agent, uint64_t cl_ord_id)
{
    return life->reached && agent == life->scan.agent && cl_ord_id == life->scan.asked.cl_ord_id;
}

static void end(struct ry_why_life *life, enum ry_why_end how)
{
    life->end = how;
    life->end_time = life->tracker.results.time;
}

static void on_ack(struct ry_why_life *life, const struct ry_results_row_ack *ack)
{
    struct ry_arena_depth top;
    own(life, (struct ry_why_event){.kind = RY_WHY_EVENT_ACCEPTED});
    life->best_known = ry_arena_top(life->tracker.arena, ack->instrument,
                                    ry_side_opposite((enum ry_side)ack->side), &top, 1) == 1;
    life->best = top.price;
}

static void on_rested(struct ry_why_life *life, const struct ry_results_row_rested *rested)
{
    const struct ry_why_order *order =
        ry_why_tracker_order(&life->tracker, rested->agent, rested->cl_ord_id);
    assert(order != NULL);
    life->last_ahead = order->ahead;
    own(life, (struct ry_why_event){.kind = RY_WHY_EVENT_RESTED,
                                    .lots = (uint64_t)rested->qty,
                                    .ahead = order->ahead});
}

static void on_fill(struct ry_why_life *life, const struct ry_results_row_fill *fill)
{
    life->fills++;
    own(life, (struct ry_why_event){.kind = RY_WHY_EVENT_FILLED,
                                    .lots = (uint64_t)fill->qty,
                                    .price = fill->price,
                                    .liquidity = fill->liquidity,
                                    .cause = fill->cause,
                                    .leaves = (uint64_t)fill->leaves});
    if (fill->leaves == 0)
        end(life, RY_WHY_FILLED);
}

static void on_cancel(struct ry_why_life *life, const struct ry_results_row_cancel *cancel)
{
    life->cancel = (enum ry_cancel)cancel->reason;
    own(life, (struct ry_why_event){.kind = RY_WHY_EVENT_CANCELED,
                                    .lots = (uint64_t)cancel->qty,
                                    .code = cancel->reason});
    end(life, RY_WHY_CANCELED);
}

static void on_row(void *context, const struct ry_results_row *row)
{
    struct ry_why_life *life = context;
    if (row->kind == RY_RESULTS_ROW_ORDER && row->key.input == life->scan.input)
        life->reached = true;
    if (at_wake(life))
        see_report(life, row);
    if (row->kind == RY_RESULTS_ROW_ACK && is_it(life, row->ack.agent, row->ack.cl_ord_id))
        on_ack(life, &row->ack);
    else if (row->kind == RY_RESULTS_ROW_RESTED &&
             is_it(life, row->rested.agent, row->rested.cl_ord_id))
        on_rested(life, &row->rested);
    else if (row->kind == RY_RESULTS_ROW_FILL && is_it(life, row->fill.agent, row->fill.cl_ord_id))
        on_fill(life, &row->fill);
    else if (row->kind == RY_RESULTS_ROW_CANCEL_REQUEST &&
             is_it(life, row->cancel_request.agent, row->cancel_request.cl_ord_id))
        own(life, (struct ry_why_event){.kind = RY_WHY_EVENT_CANCEL_ASKED});
    else if (row->kind == RY_RESULTS_ROW_CANCEL &&
             is_it(life, row->cancel.agent, row->cancel.cl_ord_id))
        on_cancel(life, &row->cancel);
    else if (row->kind == RY_RESULTS_ROW_REJECT && row->key.input == life->scan.input)
        end(life, RY_WHY_REJECTED);
}

static void on_record(void *context, const struct ry_explain_record *record)
{
    struct ry_why_life *life = context;
    if (record->kind != RY_EXPLAIN_REJECT || record->input != life->scan.input)
        return;
    life->reject = *record;
    own(life, (struct ry_why_event){.kind = RY_WHY_EVENT_REJECTED});
}

static bool on_intent(void *context, uint16_t agent, uint64_t cl_ord_id, uint32_t *intent)
{
    const struct ry_why_life *life = context;
    *intent = life->scan.decision.intent;
    return life->scan.decided && is_it(life, agent, cl_ord_id);
}

/* What an input does after the order has left passes it no more. The market's records come behind
 * all reports: of the input that fills it whole, those before its own change are of the queue. */
static bool passed(const struct ry_why_life *life)
{
    return life->end != RY_WHY_STANDS && (life->end != RY_WHY_FILLED || life->gone);
}

static void on_market(void *context, const struct ry_market *market)
{
    struct ry_why_life *life = context;
    if (at_wake(life))
        see_market(life, market);
    if (!life->queued || passed(life) || market->instrument != life->order.instrument)
        return;
    life->touched = true;
    bool is_change = market->kind == RY_MK_CHANGE;
    if (is_change && life->trade.kind != 0 && market->side == life->order.side)
        ry_why_queue_traded(&life->queue, market->order, life->trade.qty);
    life->gone |= is_change && market->order == life->queue.place.order && market->qty == 0;
    life->trade = (struct ry_market){.kind = 0};
    if (market->kind == RY_MK_TRADE)
        life->trade = *market;
}

/* ---- an input -------------------------------------------------------------------------------- */

/* Inputs that can change a queue without a word of its instrument in the outputs. */
static bool may_touch(const struct ry_why_life *life)
{
    const struct ry_input_head *head = &life->tracker.results.head;
    if (head->kind == RY_IN_SESSION || head->kind == RY_IN_TIME)
        return true;
    return head->kind >= RY_IN_ADD && head->kind <= RY_IN_BROKEN &&
           head->instrument == life->order.instrument;
}

static void follow_queue(struct ry_why_life *life)
{
    struct ry_why_step step;
    const struct ry_why_order *order = &life->order;
    if (life->queued && (life->touched || may_touch(life))) {
        bool demand = life->tracker.results.head.kind == RY_IN_EXEC;
        if (ry_why_queue_step(&life->queue, life->tracker.arena, demand, &step))
            queue_changed(life, &step);
        if (life->end == RY_WHY_STANDS)
            life->last_ahead = life->queue.ahead;
    } else if (!life->queued && order->rested && life->end == RY_WHY_STANDS) {
        const struct ry_why_place place = {.instrument = order->instrument,
                                           .side = order->side,
                                           .price = order->limit,
                                           .order = order->order};
        ry_why_queue_begin(&life->queue, life->tracker.arena, &place);
        life->queued = true;
    }
    life->touched = false;
    life->trade.kind = 0;
}

static void settle(struct ry_why_life *life)
{
    const struct ry_why_order *order = ry_why_tracker_order(
        &life->tracker, (uint16_t)life->scan.agent, life->scan.asked.cl_ord_id);
    if (life->reached && order != NULL)
        life->order = *order;
    if (at_wake(life) && life->tracker.arena != NULL)
        see_touch(life);
    follow_queue(life);
    ry_why_tracker_settle(&life->tracker);
    for (size_t i = 0; i < life->owns; i++) {
        struct ry_why_event *event = &life->own[i];
        event->stands = life->queued && life->end == RY_WHY_STANDS;
        if (event->kind == RY_WHY_EVENT_FILLED)
            event->ahead = life->queue.ahead;
        append(&life->event, &life->events, &life->room, event);
    }
    life->owns = 0;
}

static void run(struct ry_why_life *life, struct ry_follow *follow)
{
    struct ry_why_tracker *t = &life->tracker;
    while (life->end == RY_WHY_STANDS) {
        t->arena = ry_follow_arena(follow);
        if (ry_results_step(&t->results, follow, 1) != 1)
            break;
        if (t->arena == NULL)
            t->arena = ry_follow_arena(follow);
        settle(life);
    }
    if (life->end == RY_WHY_STANDS && life->scan.ended && life->reached) {
        end(life, RY_WHY_BATTLE_OVER);
        life->end_time = t->results.time;
    }
}

int ry_why_life_read(struct ry_why_life *life, const char *directory, char *error)
{
    static struct ry_follow follow; /* large */
    struct ry_why_tracker *t = &life->tracker;
    if (ry_follow_open(&follow, directory, error, RY_WHY_ERROR_BYTES) != 0)
        return -1;
    ry_follow_until(&follow, life->scan.inputs, RY_TIME_NEVER);
    memcpy(life->battle_name, follow.reader.file.name, sizeof life->battle_name);
    ry_why_tracker_open(t, &life->battle, &follow.reader.file.battle_id);
    t->each = on_record;
    t->intent = on_intent;
    t->row = on_row;
    t->market = on_market;
    t->context = life;
    run(life, &follow);
    life->runs = !life->scan.ended && ry_follow_runs(directory);
    t->arena = NULL;
    ry_follow_close(&follow);
    return 0;
}

/* ---- summing up ------------------------------------------------------------------------------ */

static bool joins(const struct ry_why_event *sum, const struct ry_why_event *event)
{
    return sum->change == event->change && sum->better == event->better;
}

/* Adds `event` to one of its kind in the stretch that begins at `from`; else it stands alone. */
static void add(struct ry_why_life *life, size_t from, size_t *count,
                const struct ry_why_event *event)
{
    for (size_t i = from; i < *count; i++) {
        struct ry_why_event *sum = &life->event[i];
        if (!joins(sum, event))
            continue;
        sum->last = event->last;
        sum->times += event->times;
        sum->lots += event->lots;
        sum->orders += event->orders;
        return;
    }
    life->event[(*count)++] = *event;
}

void ry_why_life_sum_up(struct ry_why_life *life)
{
    size_t count = 0, from = 0;
    for (size_t i = 0; i < life->events; i++) {
        const struct ry_why_event event = life->event[i];
        if (event.kind == RY_WHY_EVENT_QUEUE) {
            add(life, from, &count, &event);
            for (size_t j = from; j < count; j++) { /* of the stretch's end */
                life->event[j].stands = event.stands;
                life->event[j].ahead = event.ahead;
            }
            continue;
        }
        life->event[count++] = event;
        from = count;
    }
    life->events = count;
    life->summed = true;
}

void ry_why_life_close(struct ry_why_life *life)
{
    ry_why_queue_end(&life->queue);
    ry_why_tracker_close(&life->tracker);
    free(life->event);
    free(life->own);
    life->event = life->own = NULL;
}
