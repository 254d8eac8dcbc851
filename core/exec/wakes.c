#include "core/exec/wakes.h"

#include <string.h>

_Static_assert(RY_AGENTS_MAX <= 64, "one bit for each agent");
_Static_assert(RY_MK_CHANGE == 1 && RY_MK_TRADE == 2 && RY_MK_STATE == 3,
               "interest is indexed by kind");

size_t ry_exec_wakes_footprint(unsigned agents, uint16_t instruments, uint64_t groups,
                               uint64_t runs)
{
    return groups * sizeof(struct ry_exec_wakes_group) +
           agents * runs * sizeof(struct ry_exec_wakes_run) + instruments * sizeof(uint64_t[4]);
}

static bool is_power_of_two(uint64_t x)
{
    return x != 0 && (x & (x - 1)) == 0;
}

void ry_exec_wakes_start(struct ry_exec_wakes *wakes, void *memory, unsigned agents,
                         uint16_t instruments, uint64_t groups, uint64_t runs)
{
    assert(agents <= RY_AGENTS_MAX && is_power_of_two(groups) && is_power_of_two(runs));
    memset(wakes, 0, sizeof *wakes);
    wakes->group = memory;
    wakes->group_mask = groups - 1;
    wakes->run_mask = runs - 1;
    wakes->group_next = 1;
    wakes->group_room = groups;
    wakes->instruments = instruments;
    wakes->live = agents == 64 ? UINT64_MAX : (UINT64_C(1) << agents) - 1;
    struct ry_exec_wakes_run *run = (struct ry_exec_wakes_run *)(wakes->group + groups);
    for (unsigned i = 0; i < agents; i++, run += runs)
        wakes->queue[i] = (struct ry_exec_wakes_queue){
            .first_time = RY_TIME_NEVER, .start_time = RY_TIME_NEVER, .run = run};
    wakes->interest = (uint64_t(*)[4])run;
    for (unsigned i = 0; i < instruments; i++)
        for (unsigned kind = RY_MK_CHANGE; kind <= RY_MK_STATE; kind++)
            wakes->interest[i][kind] = wakes->live;
}

static void woke(struct ry_exec_wakes *wakes, uint16_t agent, enum ry_wake_kind kind, int64_t time)
{
    struct ry_exec_wakes_queue *queue = &wakes->queue[agent];
    wakes->counted[kind]++;
    if (queue->first_time != RY_TIME_NEVER)
        return;
    queue->first_time = time;
    wakes->fresh |= UINT64_C(1) << agent;
}

/* Nothing wakes before START; its group wakes everybody, as START alone. */
void ry_exec_wakes_group_ends(struct ry_exec_wakes *wakes, const struct ry_market *record)
{
    const uint64_t number = wakes->group_next++;
    wakes->started |= wakes->starts;
    uint64_t agents = wakes->starts ? wakes->live : wakes->started ? wakes->woken & wakes->live : 0;
    wakes->group[number & wakes->group_mask] =
        (struct ry_exec_wakes_group){.time = record->time, .agents = wakes->starts ? 0 : agents};
    for (; agents != 0; agents &= agents - 1) {
        uint16_t agent = (uint16_t)__builtin_ctzll(agents);
        struct ry_exec_wakes_queue *queue = &wakes->queue[agent];
        if (wakes->starts)
            queue->start_time = record->time;
        else if (queue->group_count++ == 0)
            queue->group_first = number;
        woke(wakes, agent, wakes->starts ? RY_WAKE_START : RY_WAKE_GROUP, record->time);
    }
    wakes->woken = 0;
    wakes->starts = false;
}

void ry_exec_wakes_report(struct ry_exec_wakes *wakes, const struct ry_report *report)
{
    struct ry_exec_wakes_queue *queue = &wakes->queue[report->agent];
    queue->seq = report->seq;
    if (!(wakes->live >> report->agent & 1))
        return;
    const struct ry_exec_wakes_run *last = &queue->run[(queue->run_end - 1) & wakes->run_mask];
    if (queue->run_first == queue->run_end || last->time != report->time ||
        last->group != report->group) {
        assert(queue->run_end - queue->run_first <= wakes->run_mask);
        queue->run[queue->run_end++ & wakes->run_mask] = (struct ry_exec_wakes_run){
            .first = report->seq, .group = report->group, .time = report->time};
        if (queue->run_end - queue->run_first > wakes->run_mask)
            wakes->runs_full |= UINT64_C(1) << report->agent;
    }
    woke(wakes, report->agent, RY_WAKE_REPORT, report->time);
}

int ry_exec_wakes_full(struct ry_exec_wakes *wakes)
{
    if (wakes->runs_full != 0)
        return __builtin_ctzll(wakes->runs_full);
    if (wakes->group_next < wakes->group_room)
        return -1;
    uint64_t oldest = wakes->group_next;
    int agent = -1;
    for (uint64_t live = wakes->live; live != 0; live &= live - 1) {
        const struct ry_exec_wakes_queue *queue = &wakes->queue[__builtin_ctzll(live)];
        if (queue->group_count > 0 && queue->group_first < oldest) {
            oldest = queue->group_first;
            agent = __builtin_ctzll(live);
        }
    }
    wakes->group_room = oldest + wakes->group_mask + 1;
    return wakes->group_next < wakes->group_room ? -1 : agent;
}

/* The run that report `seq` belongs to; it is one of the queue's. */
static const struct ry_exec_wakes_run *run_of(const struct ry_exec_wakes *wakes,
                                              const struct ry_exec_wakes_queue *queue, uint64_t seq)
{
    uint64_t low = queue->run_first, high = queue->run_end;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (queue->run[middle & wakes->run_mask].first <= seq)
            low = middle;
        else
            high = middle;
    }
    return &queue->run[low & wakes->run_mask];
}

bool ry_exec_wakes_time(const struct ry_exec_wakes *wakes, uint16_t agent, uint8_t kind,
                        uint64_t number, int64_t *time)
{
    const struct ry_exec_wakes_queue *queue = &wakes->queue[agent];
    const struct ry_exec_wakes_group *group = &wakes->group[number & wakes->group_mask];
    switch (kind) {
    case RY_WAKE_START:
        *time = queue->start_time;
        return number == 0 && queue->start_time != RY_TIME_NEVER;
    case RY_WAKE_GROUP:
        *time = group->time;
        return queue->group_count > 0 && number >= queue->group_first &&
               number < wakes->group_next && (group->agents >> agent & 1) != 0;
    case RY_WAKE_REPORT:
        if (queue->run_first == queue->run_end || number <= queue->seq_acked || number > queue->seq)
            return false;
        *time = run_of(wakes, queue, number)->time;
        return true;
    default: return false;
    }
}

/* Groups up to and including `number` leave. */
static void drop_groups(const struct ry_exec_wakes *wakes, struct ry_exec_wakes_queue *queue,
                        uint16_t agent, uint64_t number)
{
    uint64_t at = queue->group_first;
    while (queue->group_count > 0) {
        if (wakes->group[at & wakes->group_mask].agents >> agent & 1) {
            if (at > number)
                break;
            queue->group_count--;
        }
        at++;
    }
    queue->group_first = at;
}

/* Reports up to and including `seq` leave. */
static void drop_reports(struct ry_exec_wakes *wakes, struct ry_exec_wakes_queue *queue,
                         uint16_t agent, uint64_t seq)
{
    while (queue->run_first != queue->run_end) {
        bool last = queue->run_first + 1 == queue->run_end;
        uint64_t end =
            last ? queue->seq + 1 : queue->run[(queue->run_first + 1) & wakes->run_mask].first;
        if (end > seq + 1)
            break;
        queue->run_first++;
    }
    if (seq > queue->seq_acked)
        queue->seq_acked = seq;
    if (queue->run_end - queue->run_first <= wakes->run_mask)
        wakes->runs_full &= ~(UINT64_C(1) << agent);
}

/* The last report that comes before a group. */
static uint64_t seq_before_group(const struct ry_exec_wakes *wakes,
                                 const struct ry_exec_wakes_queue *queue, uint64_t group)
{
    for (uint64_t at = queue->run_first; at != queue->run_end; at++) {
        const struct ry_exec_wakes_run *run = &queue->run[at & wakes->run_mask];
        if (run->group >= group)
            return run->first - 1;
    }
    return queue->seq;
}

static int64_t first_time(const struct ry_exec_wakes *wakes,
                          const struct ry_exec_wakes_queue *queue)
{
    int64_t time = queue->start_time;
    if (queue->group_count > 0 && wakes->group[queue->group_first & wakes->group_mask].time < time)
        time = wakes->group[queue->group_first & wakes->group_mask].time;
    if (queue->run_first != queue->run_end &&
        queue->run[queue->run_first & wakes->run_mask].time < time)
        time = queue->run[queue->run_first & wakes->run_mask].time;
    return time;
}

void ry_exec_wakes_acknowledge(struct ry_exec_wakes *wakes, uint16_t agent, uint8_t kind,
                               uint64_t number)
{
    struct ry_exec_wakes_queue *queue = &wakes->queue[agent];
    queue->start_time = RY_TIME_NEVER; /* it comes before all others */
    if (kind == RY_WAKE_GROUP) {
        drop_groups(wakes, queue, agent, number);
        if (queue->run_first != queue->run_end)
            drop_reports(wakes, queue, agent, seq_before_group(wakes, queue, number));
    } else if (kind == RY_WAKE_REPORT) {
        uint64_t group = run_of(wakes, queue, number)->group;
        drop_groups(wakes, queue, agent, group);
        drop_reports(wakes, queue, agent, number);
    }
    queue->first_time = first_time(wakes, queue);
}

static void set_bits(uint64_t interest[4], uint64_t bit, unsigned kinds)
{
    static const unsigned wanted[4] = {0, RY_INTEREST_CHANGES, RY_INTEREST_TRADES,
                                       RY_INTEREST_STATES};
    for (unsigned kind = RY_MK_CHANGE; kind <= RY_MK_STATE; kind++)
        interest[kind] = kinds & wanted[kind] ? interest[kind] | bit : interest[kind] & ~bit;
}

bool ry_exec_wakes_interest(struct ry_exec_wakes *wakes, uint16_t agent, uint16_t instrument,
                            unsigned kinds)
{
    const uint64_t bit = UINT64_C(1) << agent;
    if (instrument == RY_INTEREST_EVERY) {
        for (unsigned i = 0; i < wakes->instruments; i++)
            set_bits(wakes->interest[i], bit, kinds);
        return true;
    }
    if (instrument >= wakes->instruments)
        return false;
    set_bits(wakes->interest[instrument], bit, kinds);
    return true;
}

void ry_exec_wakes_out(struct ry_exec_wakes *wakes, uint16_t agent)
{
    const uint64_t bit = UINT64_C(1) << agent;
    wakes->live &= ~bit;
    wakes->fresh &= ~bit;
    wakes->runs_full &= ~bit;
    wakes->group_room = 0; /* whoever held it up may be gone: look again */
    wakes->queue[agent].first_time = wakes->queue[agent].start_time = RY_TIME_NEVER;
    wakes->queue[agent].group_count = 0;
    wakes->queue[agent].run_first = wakes->queue[agent].run_end;
}
