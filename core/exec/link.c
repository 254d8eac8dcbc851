#include "core/exec/link.h"

#include <string.h>

void ry_exec_link_start(struct ry_exec_agent_link *link, const struct ry_exec_agent_link *parts)
{
    *link = *parts;
    link->bit = UINT64_C(1) << link->agent;
    link->pending_time = RY_TIME_NEVER;
    link->go_time = RY_TIME_NEVER;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Leaves `reserve` slots free. In line: nearly all records are one slot, which the ring then knows.
 */
static inline __attribute__((always_inline)) bool
put_beside(struct ry_exec_agent_link *link, const void *record, unsigned slots, unsigned reserve)
{
    if (!ry_ring_has_room(&link->ring, link->read, slots + reserve))
        return false;
    ry_ring_write(&link->ring, record, slots);
    link->unannounced += slots;
    return true;
}

static inline __attribute__((always_inline)) bool put(struct ry_exec_agent_link *link,
                                                      const void *record, unsigned slots)
{
    return slots == 1 ? put_beside(link, record, 1, RY_EXEC_LINK_RESERVE)
                      : put_beside(link, record, slots, RY_EXEC_LINK_RESERVE);
}

/* OUT or END, for which there is always room: nothing else takes the reserve. */
static void put_last(struct ry_exec_agent_link *link, const struct ry_exec_stream *outputs)
{
    const union ry_told_any *last = ry_exec_stream_record(outputs, link->out_at);
    (void)put_beside(link, last, last->market.slots, 0);
    ry_exec_link_close(link);
}

static bool put_wake(struct ry_exec_agent_link *link, enum ry_wake_kind by, uint64_t group,
                     int64_t time, const struct ry_exec_trace_range *traced)
{
    struct ry_told_wake wake = {.kind = RY_TOLD_WAKE,
                                .slots = 1,
                                .by = (uint8_t)by,
                                .number = link->given + 1,
                                .time = time,
                                .group = group};
    int64_t now_ns = 0;
    if (traced != NULL) {
        wake.traced = traced->of.source_seq;
        wake.traced_source = traced->of.source;
        now_ns = link->trace->clock();
    }
    if (!put(link, &wake, 1))
        return false;
    link->given++;
    link->given_by[by]++;
    if (traced != NULL)
        ry_exec_trace_woke(link->trace, traced, link->agent, link->given, now_ns);
    return true;
}

/* Levels of TOPs up to T. */
static bool put_tops(struct ry_exec_agent_link *link, const struct ry_exec_stream *tops,
                     int64_t time)
{
    while (link->next_top != tops->end) {
        const struct ry_exec_stream_entry *entry = ry_exec_stream_at(tops, link->next_top);
        if (entry->time > time)
            break;
        if (entry->told & link->bit && !put(link, ry_exec_stream_record(tops, link->next_top), 1))
            return false;
        link->next_top++;
    }
    return true;
}

/* The entry that is next: its record, then, `with_wakes`, its wake. */
static bool put_entry(struct ry_exec_agent_link *link, const struct ry_exec_stream *outputs,
                      bool with_wakes)
{
    const struct ry_exec_stream_entry *entry = ry_exec_stream_at(outputs, link->next);
    const union ry_told_any *record = ry_exec_stream_record(outputs, link->next);
    if (entry->told & link->bit && !link->half) {
        if (!put(link, record, record->market.slots))
            return false;
        if (link->trace != NULL && record->market.slots == 2)
            ry_exec_trace_reported(link->trace, link->next, link->agent, record->report.instrument);
    }
    link->half = true;
    if (with_wakes && entry->woken & link->bit) {
        const bool alone = record->wake.kind == RY_TOLD_WAKE && record->wake.slots == 1;
        if (!put_wake(link, alone ? (enum ry_wake_kind)record->wake.by : RY_WAKE_REPORT,
                      alone ? record->wake.group : 0, entry->time,
                      link->trace != NULL ? ry_exec_trace_of_wake(link->trace, link->next) : NULL))
            return false;
    }
    link->half = false;
    link->next++;
    return true;
}

/* ---- the book at START ----------------------------------------------------------------------- */

void ry_exec_link_begin(struct ry_exec_agent_link *link, int64_t time)
{
    if (link->phase != RY_EXEC_LINK_BEFORE_START)
        return;
    link->phase = RY_EXEC_LINK_BOOK;
    link->go_time = time;
    ry_exec_horizon_started(link->horizon, link->agent, time);
}

static bool put_states(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source)
{
    for (; link->states < source->battle->instruments; link->states++) {
        struct ry_arena_market market;
        ry_arena_instrument(source->arena, link->states, &market);
        const struct ry_market state = {.kind = RY_MK_STATE,
                                        .slots = 1,
                                        .instrument = link->states,
                                        .group = source->start_group,
                                        .time = link->go_time,
                                        .qty = market.trading};
        if (!put(link, &state, 1))
            return false;
    }
    return true;
}

static bool put_book(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source)
{
    if (!put_states(link, source))
        return false;
    struct ry_arena_cursor at = link->book;
    struct ry_arena_book_order order;
    while (ry_arena_next_order(source->arena, &at, &order)) {
        const struct ry_market change = {.kind = RY_MK_CHANGE,
                                         .slots = 1,
                                         .instrument = order.instrument,
                                         .side = order.side,
                                         .flags = RY_MKF_NEW,
                                         .group = source->start_group,
                                         .time = link->go_time,
                                         .price = order.price,
                                         .order = order.order,
                                         .qty = order.open};
        if (!put(link, &change, 1))
            return false;
        link->book = at;
    }
    if (!put_wake(link, RY_WAKE_START, 0, link->go_time, NULL))
        return false;
    link->phase = RY_EXEC_LINK_TOLD;
    return true;
}

/* ---- the go ---------------------------------------------------------------------------------- */

/* The first entry from `from` on that wakes the agent. */
static void find_pending(struct ry_exec_agent_link *link, const struct ry_exec_stream *outputs,
                         uint64_t from)
{
    link->pending_time = RY_TIME_NEVER;
    for (uint64_t at = from; at != outputs->end; at++) {
        const struct ry_exec_stream_entry *entry = ry_exec_stream_at(outputs, at);
        if (entry->woken & link->bit) {
            link->pending = at;
            link->pending_time = entry->time;
            return;
        }
    }
}

/* All wakes of T of the first that waits, and what lies before the last of them. */
static void begin_go(struct ry_exec_agent_link *link, const struct ry_exec_stream *outputs)
{
    link->going = true;
    link->go_timer = false;
    link->go_time = link->pending_time;
    link->go_first = link->given + 1;
    for (uint64_t at = link->pending; at != outputs->end; at++) {
        const struct ry_exec_stream_entry *entry = ry_exec_stream_at(outputs, at);
        if (entry->time != link->go_time)
            break;
        if (entry->woken & link->bit)
            link->go_end = at + 1;
    }
}

/* The timer, and the records up to its T. */
static void begin_timer(struct ry_exec_agent_link *link, const struct ry_exec_stream *outputs,
                        int64_t timer)
{
    link->going = link->go_timer = true;
    link->go_time = timer;
    link->go_first = link->given + 1;
    link->go_end = link->next;
    while (link->go_end != outputs->end && ry_exec_stream_at(outputs, link->go_end)->time <= timer)
        link->go_end++;
}

/* False: no room yet. */
static bool go_on(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source)
{
    if (!put_tops(link, &source->tops, link->go_time))
        return false;
    while (link->next != link->go_end)
        if (!put_entry(link, &source->outputs, true))
            return false;
    if (link->go_timer) {
        if (!put_wake(link, RY_WAKE_TIMER, 0, link->go_time, NULL))
            return false;
        ry_exec_horizon_timer_given(link->horizon, link->agent);
    }
    link->going = false;
    if (!link->go_timer)
        find_pending(link, &source->outputs, link->next);
    return true;
}

/* ---- what is due ----------------------------------------------------------------------------- */

/* Nothing is owed, and nothing that wakes is closed: what was applied before it is told, all of
 * which lies before every wake that can still come, and before the timer. */
static bool stream_on(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source)
{
    const bool waits = link->pending_time != RY_TIME_NEVER;
    const uint64_t end = waits ? link->pending : source->outputs.end;
    while (link->next != end)
        if (!put_entry(link, &source->outputs, true))
            return false;
    return put_tops(link, &source->tops, RY_TIME_NEVER);
}

/* What is held back of records and reports; nobody is called. */
static bool leave_on(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source)
{
    if (!put_tops(link, &source->tops, RY_TIME_NEVER))
        return false;
    while (link->next != link->out_at)
        if (!put_entry(link, &source->outputs, false))
            return false;
    put_last(link, &source->outputs);
    return true;
}

static bool live_on(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source,
                    int64_t closed)
{
    for (;;) {
        if (link->going && !go_on(link, source))
            return link->given >= link->go_first;
        if (link->given != link->acked)
            return true;
        const int64_t timer = link->horizon->agent[link->agent].timer;
        if (timer < link->pending_time && timer < closed)
            begin_timer(link, &source->outputs, timer);
        else if (link->pending_time <= timer && link->pending_time < closed)
            begin_go(link, &source->outputs);
        else
            return stream_on(link, source);
    }
}

bool ry_exec_link_deliver(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source,
                          int64_t closed)
{
    switch (link->phase) {
    case RY_EXEC_LINK_BOOK: return put_book(link, source);
    case RY_EXEC_LINK_TOLD: return live_on(link, source, closed);
    case RY_EXEC_LINK_LEAVING: (void)leave_on(link, source); return true;
    case RY_EXEC_LINK_BEFORE_START:
    case RY_EXEC_LINK_GONE: break;
    }
    link->next = source->outputs.end;
    link->next_top = source->tops.end;
    return true;
}

void ry_exec_link_acknowledged(struct ry_exec_agent_link *link)
{
    link->acked++;
    ry_exec_horizon_acknowledged(link->horizon, link->agent,
                                 ry_exec_link_owes(link) ? link->go_time : link->pending_time);
}

void ry_exec_link_leave(struct ry_exec_agent_link *link, uint64_t out_at)
{
    if (link->phase >= RY_EXEC_LINK_LEAVING)
        return;
    link->phase = RY_EXEC_LINK_LEAVING;
    link->out_at = out_at;
    link->going = false;
    link->pending_time = RY_TIME_NEVER;
}

void ry_exec_link_close(struct ry_exec_agent_link *link)
{
    link->phase = RY_EXEC_LINK_GONE;
    link->going = false;
    link->pending_time = RY_TIME_NEVER;
}

void ry_exec_link_skip(struct ry_exec_agent_link *link, const struct ry_exec_link_source *source)
{
    if (!leave_on(link, source))
        put_last(link, &source->outputs);
}
