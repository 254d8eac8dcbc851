#include "core/exec/told.h"

#include <string.h>

#include "shm/records/longest.h"

/* What wakes nobody is written when so much of it has come together: each look at an agent's link
 * costs, however little there is for it. */
#define BATCH_ENTRIES 256

/* ---- making it ------------------------------------------------------------------------------- */

/* A level for each changed order at most, and the group's wake. */
static size_t longest(const struct ry_battle *battle)
{
    return 2 * ry_longest_market(battle->orders_max, battle->instruments, battle->agents) + 2 +
           ry_longest_reports(battle->orders_max, battle->instruments, battle->agents);
}

static uint64_t outputs_entries(const struct ry_battle *battle, uint64_t stream_max)
{
    return ry_exec_stream_entries(stream_max, longest(battle));
}

static uint64_t tops_entries(const struct ry_battle *battle, uint64_t stream_max)
{
    return ry_exec_stream_entries(stream_max, ry_exec_depth_close_max(battle->instruments));
}

/* What lies behind is aligned as depth.h wants it. */
static size_t padded(size_t bytes)
{
    return (bytes + RY_ISOLATION - 1) / RY_ISOLATION * RY_ISOLATION;
}

size_t ry_exec_told_footprint(const struct ry_battle *battle, uint64_t stream_max)
{
    return padded(ry_exec_stream_bytes(outputs_entries(battle, stream_max))) +
           padded(ry_exec_stream_bytes(tops_entries(battle, stream_max))) +
           padded(battle->instruments * sizeof(struct ry_exec_asked)) +
           padded(ry_exec_depth_footprint(battle));
}

void ry_exec_told_start(struct ry_exec_told *told, const struct ry_exec_told_parts *parts)
{
    const struct ry_battle *battle = parts->battle;
    unsigned char *memory = parts->memory;
    memset(told, 0, sizeof *told);
    told->source.arena = parts->arena;
    told->source.battle = battle;
    told->horizon = parts->horizon;
    told->counters = parts->counters;
    told->trace = parts->trace;
    told->stream_max = told->stream_room = parts->stream_max;
    told->rouse = parts->rouse;
    told->rouse_context = parts->rouse_context;
    const uint64_t outputs = outputs_entries(battle, parts->stream_max);
    const uint64_t tops = tops_entries(battle, parts->stream_max);
    ry_exec_stream_start(&told->source.outputs, memory, outputs);
    memory += padded(ry_exec_stream_bytes(outputs));
    ry_exec_stream_start(&told->source.tops, memory, tops);
    memory += padded(ry_exec_stream_bytes(tops));
    told->asked = (void *)memory;
    memory += padded(battle->instruments * sizeof(struct ry_exec_asked));
    ry_exec_depth_start(&told->depth, memory, parts->arena, battle);
}

void ry_exec_told_enter(struct ry_exec_told *told, uint16_t agent,
                        const struct ry_ring_writer *ring, const struct ry_ring_position *read)
{
    ry_exec_link_start(&told->link[agent], &(struct ry_exec_agent_link){.ring = *ring,
                                                                        .read = read,
                                                                        .horizon = told->horizon,
                                                                        .given_by = told->given_by,
                                                                        .trace = told->trace,
                                                                        .agent = agent});
    told->live |= UINT64_C(1) << agent;
    told->listens |= UINT64_C(1) << agent;
}

/* ---- what the machine makes ------------------------------------------------------------------ */

static void wake(struct ry_exec_told *told, uint64_t agents, uint64_t number, int64_t time)
{
    for (; agents != 0; agents &= agents - 1)
        ry_exec_link_woken(&told->link[__builtin_ctzll(agents)], number, time);
}

/* An entry that only wakes. */
static void add_wake(struct ry_exec_told *told, enum ry_wake_kind by, uint64_t group, int64_t time,
                     uint64_t agents)
{
    struct ry_exec_stream *outputs = &told->source.outputs;
    const uint64_t number = outputs->end;
    ry_exec_stream_add(outputs, time, 0, agents)->wake = (struct ry_told_wake){
        .kind = RY_TOLD_WAKE, .slots = 1, .by = (uint8_t)by, .time = time, .group = group};
    wake(told, agents, number, time);
}

/* What is told to agents that are in when the battle ends, and to nobody after it. */
static void ends(struct ry_exec_told *told, const struct ry_market *end)
{
    struct ry_exec_stream *outputs = &told->source.outputs;
    const uint64_t number = outputs->end;
    ry_exec_stream_add(outputs, end->time, told->live, 0)->market = *end;
    for (uint64_t live = told->live; live != 0; live &= live - 1)
        ry_exec_link_leave(&told->link[__builtin_ctzll(live)], number);
    told->live = 0;
}

void ry_exec_told_market(struct ry_exec_told *told, const struct ry_market *market)
{
    told->group = market->group;
    if (market->kind > RY_MK_STATE) {
        told->starts |= market->kind == RY_MK_START;
        if (market->kind == RY_MK_END)
            ends(told, market);
        return;
    }
    const struct ry_exec_asked *asked = &told->asked[market->instrument];
    told->woken |= asked->woken[market->kind];
    if (asked->told[market->kind] != 0)
        ry_exec_stream_add(&told->source.outputs, market->time, asked->told[market->kind], 0)
            ->market = *market;
    if (market->kind == RY_MK_CHANGE && ry_exec_depth_wanted(&told->depth, market->instrument))
        ry_exec_depth_change(&told->depth, market);
}

/* It is told no more of anything. */
static void forget_interests(struct ry_exec_told *told, uint16_t agent)
{
    const uint64_t bit = UINT64_C(1) << agent;
    for (unsigned i = 0; i < told->source.battle->instruments; i++)
        for (unsigned kind = 0; kind <= RY_MK_STATE; kind++) {
            told->asked[i].told[kind] &= ~bit;
            told->asked[i].woken[kind] &= ~bit;
        }
    ry_exec_depth_forget(&told->depth, agent);
    told->woken &= ~bit;
    told->listens &= ~bit;
    told->live &= ~bit;
}

void ry_exec_told_report(struct ry_exec_told *told, const struct ry_report *report)
{
    const uint64_t bit = UINT64_C(1) << report->agent;
    struct ry_exec_stream *outputs = &told->source.outputs;
    const uint64_t number = outputs->end;
    if (!(told->live & bit))
        return;
    const bool out = report->kind == RY_RP_OUT;
    ry_exec_stream_add(outputs, report->time, bit, out ? 0 : told->listens & bit)->report = *report;
    if (!out) {
        wake(told, told->listens & bit, number, report->time);
        return;
    }
    ry_exec_link_leave(&told->link[report->agent], number);
    forget_interests(told, report->agent);
}

static void add_level(void *context, const struct ry_told_level *level, uint64_t agents)
{
    struct ry_exec_told *told = context;
    ry_exec_stream_add(&told->source.outputs, level->time, agents, 0)->level = *level;
}

static void add_top(void *context, const struct ry_told_level *level, uint64_t agents)
{
    struct ry_exec_told *told = context;
    ry_exec_stream_add(&told->source.tops, level->time, agents, 0)->level = *level;
}

void ry_exec_told_applied(struct ry_exec_told *told, int64_t time)
{
    if (told->group == 0)
        return;
    if (told->starts) {
        told->source.start_group = told->group;
        for (uint64_t live = told->live; live != 0; live &= live - 1)
            ry_exec_link_begin(&told->link[__builtin_ctzll(live)], time);
    } else {
        told->woken |= ry_exec_depth_group(&told->depth, told->group, time, add_level, told);
        if (told->woken != 0)
            add_wake(told, RY_WAKE_MARKET, told->group, time, told->woken);
    }
    told->woken = told->group = 0;
    told->starts = false;
}

void ry_exec_told_close(struct ry_exec_told *told, int64_t time)
{
    const uint64_t woken = ry_exec_depth_close(&told->depth, time, add_top, told);
    const uint64_t before = told->source.outputs.end;
    if (woken != 0)
        add_wake(told, RY_WAKE_TOP, 0, time, woken);
    if (told->trace != NULL)
        ry_exec_trace_closed(told->trace, time, before, told->source.outputs.end);
}

/* Something may be new on a link since it stood at `before`. Roused is who got `wake`, or half a
 * ring that was not announced yet. */
static void announce(struct ry_exec_told *told, struct ry_exec_agent_link *link, uint64_t before,
                     bool wake)
{
    const bool half = link->unannounced > link->ring.mask / 2;
    told->counters->link_bytes += (ry_ring_written(&link->ring) - before) * RY_RING_SLOT_BYTES;
    if (!wake && !half)
        return;
    link->unannounced = 0;
    told->counters->drains += !wake;
    if (told->rouse != NULL)
        told->rouse(told->rouse_context, link->agent, !wake);
}

static void skip(struct ry_exec_told *told, struct ry_exec_agent_link *link)
{
    const uint64_t before = ry_ring_written(&link->ring);
    told->counters->outputs_skipped += link->out_at - link->next;
    ry_exec_link_skip(link, &told->source);
    announce(told, link, before, true);
}

static uint64_t held_back(const struct ry_exec_told *told, const struct ry_exec_agent_link *link)
{
    const uint64_t outputs = told->source.outputs.end - link->next;
    const uint64_t tops = told->source.tops.end - link->next_top;
    return link->phase == RY_EXEC_LINK_GONE ? 0 : outputs > tops ? outputs : tops;
}

int ry_exec_told_full(struct ry_exec_told *told, bool later, uint64_t answered)
{
    const uint64_t max = told->stream_max;
    uint64_t most = 0, most_silent = 0;
    int silent = RY_EXEC_TOLD_NOBODY;
    for (unsigned i = 0; i < told->source.battle->agents; i++) {
        struct ry_exec_agent_link *link = &told->link[i];
        if (link->phase == RY_EXEC_LINK_LEAVING && held_back(told, link) >= max)
            skip(told, link);
        const uint64_t held = held_back(told, link);
        most = held > most ? held : most;
        if (held >= max && held > most_silent && !(answered >> i & 1)) {
            most_silent = held;
            silent = (int)i;
        }
    }
    if (most >= max + RY_EXEC_STREAM_BURST)
        return RY_EXEC_TOLD_TOO_MUCH;
    const uint64_t outputs = told->source.outputs.end, tops = told->source.tops.end;
    if (most < max)
        told->stream_room = (outputs > tops ? outputs : tops) + max - most;
    return later ? silent : RY_EXEC_TOLD_NOBODY;
}

/* ---- what agents say ------------------------------------------------------------------------- */

static void set(uint64_t *mask, uint64_t bit, bool on)
{
    *mask = on ? *mask | bit : *mask & ~bit;
}

static void set_interest(struct ry_exec_told *told, uint16_t agent, uint16_t instrument,
                         unsigned interest)
{
    const uint64_t bit = UINT64_C(1) << agent;
    struct ry_exec_asked *asked = &told->asked[instrument];
    const bool orders = (interest & RY_INTEREST_BOOK_MASK) == RY_INTEREST_ORDERS;
    set(&asked->told[RY_MK_CHANGE], bit, orders);
    set(&asked->told[RY_MK_TRADE], bit, (interest & RY_INTEREST_TRADES) != 0);
    set(&asked->told[RY_MK_STATE], bit, (interest & RY_INTEREST_STATES) != 0);
    set(&asked->woken[RY_MK_CHANGE], bit, orders && (interest & RY_INTEREST_WAKE_BOOK) != 0);
    set(&asked->woken[RY_MK_TRADE], bit, (interest & RY_INTEREST_BIT_WAKE_TRADES) != 0);
    set(&asked->woken[RY_MK_STATE], bit, (interest & RY_INTEREST_BIT_WAKE_STATES) != 0);
    ry_exec_depth_interest(&told->depth, agent, instrument, interest);
}

bool ry_exec_told_interest(struct ry_exec_told *told, uint16_t agent, uint16_t instrument,
                           unsigned interest)
{
    const uint16_t instruments = told->source.battle->instruments;
    if (instrument != RY_INTEREST_EVERY && instrument >= instruments)
        return false;
    if (!(told->live >> agent & 1)) /* it died, and its last words are still read */
        return true;
    if (instrument != RY_INTEREST_EVERY) {
        set_interest(told, agent, instrument, interest);
        return true;
    }
    set(&told->listens, UINT64_C(1) << agent, !(interest & RY_INTEREST_DEAF));
    for (uint16_t i = 0; i < instruments; i++)
        set_interest(told, agent, i, interest & ~RY_INTEREST_DEAF);
    return true;
}

void ry_exec_told_forget(struct ry_exec_told *told, uint16_t agent)
{
    if (told->link[agent].phase == RY_EXEC_LINK_GONE)
        return;
    ry_exec_link_close(&told->link[agent]);
    forget_interests(told, agent);
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool deliver_to(struct ry_exec_told *told, struct ry_exec_agent_link *link, int64_t closed,
                       bool *wrote)
{
    const uint64_t before = ry_ring_written(&link->ring), given = link->given;
    const bool goes_on = ry_exec_link_deliver(link, &told->source, closed);
    *wrote = ry_ring_written(&link->ring) != before;
    announce(told, link, before,
             link->given != given || (*wrote && link->phase == RY_EXEC_LINK_GONE));
    return goes_on;
}

/* When every cursor stands at the end, both begin at 0 again. */
static void begin_again(struct ry_exec_told *told)
{
    struct ry_exec_stream *outputs = &told->source.outputs, *tops = &told->source.tops;
    const unsigned agents = told->source.battle->agents;
    if (outputs->end == 0 && tops->end == 0)
        return;
    for (unsigned i = 0; i < agents; i++)
        if (told->link[i].next != outputs->end || told->link[i].next_top != tops->end)
            return;
    for (unsigned i = 0; i < agents; i++)
        ry_exec_link_begin_again(&told->link[i]);
    outputs->end = tops->end = 0;
    if (told->trace != NULL)
        ry_exec_trace_begin_again(told->trace);
    told->stream_room = told->stream_max;
}

/* Somebody is waited for, or will be as soon as it is told. */
static bool is_urgent(const struct ry_exec_told *told, int64_t closed)
{
    for (unsigned i = 0; i < told->source.battle->agents; i++)
        if (ry_exec_link_urgent(&told->link[i], closed))
            return true;
    return false;
}

struct ry_exec_told_delivery ry_exec_told_deliver(struct ry_exec_told *told, int64_t closed,
                                                  bool all)
{
    struct ry_exec_told_delivery delivery = {.waits_for = RY_EXEC_TOLD_NOBODY};
    if (closed != RY_TIME_NEVER) /* a stop may come yet */
        ry_exec_horizon_close(told->horizon, closed);
    const uint64_t entries = told->source.outputs.end + told->source.tops.end;
    const bool much = entries - told->delivered >= BATCH_ENTRIES;
    if (!all && !much && !told->no_room && !is_urgent(told, closed))
        return delivery;
    for (unsigned i = 0; i < told->source.battle->agents; i++) {
        struct ry_exec_agent_link *link = &told->link[i];
        bool wrote;
        if (!ry_exec_link_due(link, &told->source, closed))
            continue;
        if (!deliver_to(told, link, closed, &wrote))
            delivery.waits_for = (int)i;
        delivery.wrote |= (uint64_t)wrote << i;
    }
    begin_again(told);
    told->no_room = delivery.waits_for != RY_EXEC_TOLD_NOBODY;
    told->delivered = told->source.outputs.end + told->source.tops.end;
    return delivery;
}

bool ry_exec_told_could_go_on(const struct ry_exec_told *told, unsigned who)
{
    const int64_t closed = told->horizon->closed;
    for (unsigned i = 0; i < told->source.battle->agents; i++) {
        const struct ry_exec_agent_link *link = &told->link[i];
        if (i != who && link->given != link->acked &&
            (link->going || link->pending_time < closed || told->horizon->agent[i].timer < closed))
            return true;
    }
    return false;
}

int ry_exec_told_leaving(const struct ry_exec_told *told)
{
    for (unsigned i = 0; i < told->source.battle->agents; i++)
        if (told->link[i].phase == RY_EXEC_LINK_LEAVING)
            return (int)i;
    return RY_EXEC_TOLD_NOBODY;
}
