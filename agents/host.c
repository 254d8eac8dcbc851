#include "agents/host.h"

#define INTEREST_NOTHING_LEFT UINT32_MAX

static size_t padded(size_t bytes)
{
    return (bytes + RY_CACHE_LINE - 1) / RY_CACHE_LINE * RY_CACHE_LINE;
}

size_t ry_host_footprint(const struct ry_host_parts *parts)
{
    return padded(parts->market_queue * sizeof(struct ry_market)) +
           padded(parts->reports_queue * sizeof(struct ry_report)) + padded(parts->instruments) +
           padded((parts->commands_max + 1) * sizeof(union ry_command_any));
}

static bool is_power_of_two(uint64_t x)
{
    return x != 0 && (x & (x - 1)) == 0;
}

void ry_host_start(struct ry_host *host, const struct ry_host_parts *parts)
{
    assert(parts->commands_max >= 1 && is_power_of_two(parts->market_queue) &&
           is_power_of_two(parts->reports_queue));
    unsigned char *memory = parts->memory;
    memset(host, 0, sizeof *host);
    host->parts = *parts;
    host->market.mask = parts->market_queue - 1;
    host->reports.mask = parts->reports_queue - 1;
    host->market_record = (void *)memory;
    memory += padded(parts->market_queue * sizeof(struct ry_market));
    host->report_record = (void *)memory;
    memory += padded(parts->reports_queue * sizeof(struct ry_report));
    host->interest = memory;
    memory += padded(parts->instruments);
    host->outbox = (void *)memory;
    memset(host->interest, RY_INTEREST_ALL, parts->instruments);
    host->interest_base = RY_INTEREST_ALL;
    host->interest_next = INTEREST_NOTHING_LEFT;
    host->timer = RY_TIME_NEVER;
    host->now = INT64_MIN;
}

/* ---- the private queues ---------------------------------------------------------------------- */

static bool queue_full(const struct ry_host_queue *queue)
{
    return queue->end - queue->first > queue->mask;
}

static bool queue_empty(const struct ry_host_queue *queue)
{
    return queue->first == queue->end;
}

static void queue_drop(struct ry_host_queue *queue)
{
    queue->first++;
    if (queue_empty(queue))
        queue->first = queue->end = 0;
}

union copy {
    struct ry_market market;
    struct ry_report report;
    uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
};

/* The next record, of `slots` slots; false: none, or the ring broke its word. */
static bool take(struct ry_host *host, struct ry_ring_reader *ring, int slots, union copy *copy)
{
    int got = ry_ring_read(ring, copy);
    host->lost |= got != slots && got != RY_RING_EMPTY;
    return got == slots;
}

static unsigned copy_market(struct ry_host *host)
{
    struct ry_ring_reader *ring = &host->parts.market;
    const uint64_t before = ry_ring_next(ring);
    union copy copy;
    while (!queue_full(&host->market) && take(host, ring, 1, &copy))
        host->market_record[host->market.end++ & host->market.mask] = copy.market;
    if (ry_ring_next(ring) != before) /* exec may write there again */
        ry_ring_position_store(host->parts.market_read, ry_ring_next(ring));
    return (unsigned)(ry_ring_next(ring) - before);
}

static unsigned copy_reports(struct ry_host *host)
{
    struct ry_ring_reader *ring = &host->parts.reports;
    const uint64_t before = ry_ring_next(ring);
    union copy copy;
    while (!queue_full(&host->reports) && take(host, ring, 2, &copy))
        host->report_record[host->reports.end++ & host->reports.mask] = copy.report;
    if (ry_ring_next(ring) != before) /* as above */
        ry_ring_position_store(host->parts.reports_read, ry_ring_next(ring));
    return (unsigned)(ry_ring_next(ring) - before);
}

/* ---- what was issued ------------------------------------------------------------------------- */

static bool write_command(struct ry_host *host, const void *record, unsigned slots)
{
    if (!ry_ring_has_room(&host->parts.commands, host->parts.commands_read, slots))
        return false;
    ry_ring_write(&host->parts.commands, record, slots);
    return true;
}

static bool write_interest(struct ry_host *host, uint16_t instrument, uint8_t kinds)
{
    const struct ry_command record = {.kind = RY_CM_INTEREST,
                                      .slots = 1,
                                      .instrument = instrument,
                                      .wake = RY_WAKE_START,
                                      .flags = kinds};
    return write_command(host, &record, 1);
}

/* What EVERY said, then the instruments that differ; from the table, so it needs no room in the
 * outbox. */
static bool write_interests(struct ry_host *host)
{
    if (host->interest_next == 0) {
        if (!write_interest(host, RY_INTEREST_EVERY, host->interest_base))
            return false;
        host->interest_next = 1;
    }
    while (host->interest_next <= host->parts.instruments) {
        uint16_t instrument = (uint16_t)(host->interest_next - 1);
        uint8_t kinds = host->interest[instrument];
        if (kinds != host->interest_base && !write_interest(host, instrument, kinds))
            return false;
        host->interest_next++;
    }
    host->interest_next = INTEREST_NOTHING_LEFT;
    return true;
}

/* Writes as much as there is room for; true: all of it. */
static bool flush(struct ry_host *host)
{
    if (host->interest_next != INTEREST_NOTHING_LEFT && !write_interests(host))
        return false;
    while (host->outbox_first != host->outbox_end) {
        const union ry_command_any *record = &host->outbox[host->outbox_first];
        if (!write_command(host, record, record->command.slots))
            return false;
        host->outbox_first++;
    }
    host->outbox_first = host->outbox_end = 0;
    return true;
}

/* Room for one more record of this callback. */
static enum ry_host_issued issue(struct ry_host *host, union ry_command_any **record)
{
    if (!host->in_callback)
        return RY_HOST_NOT_NOW;
    if (host->issued == host->parts.commands_max) {
        host->counters.full++;
        return RY_HOST_FULL;
    }
    host->issued++;
    host->counters.commands++;
    *record = &host->outbox[host->outbox_end++];
    memset(*record, 0, sizeof **record);
    return RY_HOST_ISSUED;
}

enum ry_host_issued ry_host_order(struct ry_host *host, uint16_t instrument, enum ry_side side,
                                  int64_t price, uint32_t qty, uint16_t flags, uint64_t cl_ord_id)
{
    union ry_command_any *record;
    enum ry_host_issued issued = issue(host, &record);
    if (issued == RY_HOST_ISSUED)
        record->command = (struct ry_command){
            .kind = RY_CM_ORDER,
            .slots = 1,
            .instrument = instrument,
            .side = (uint8_t)side,
            .wake = (uint8_t)host->wake.kind,
            .flags = flags,
            .number = host->wake.number,
            .cl_ord_id = cl_ord_id,
            .price = price,
            .qty = qty,
        };
    return issued;
}

enum ry_host_issued ry_host_cancel(struct ry_host *host, uint64_t cl_ord_id)
{
    union ry_command_any *record;
    enum ry_host_issued issued = issue(host, &record);
    if (issued == RY_HOST_ISSUED)
        record->command = (struct ry_command){
            .kind = RY_CM_CANCEL,
            .slots = 1,
            .wake = (uint8_t)host->wake.kind,
            .number = host->wake.number,
            .cl_ord_id = cl_ord_id,
        };
    return issued;
}

enum ry_host_issued ry_host_decision(struct ry_host *host, uint64_t cl_ord_id, uint32_t intent,
                                     const int64_t *feature, uint32_t count)
{
    union ry_command_any *record;
    if (count > RY_FEATURES_MAX)
        return RY_HOST_INVALID;
    enum ry_host_issued issued = issue(host, &record);
    if (issued != RY_HOST_ISSUED)
        return issued;
    record->decision = (struct ry_command_decision){
        .kind = RY_CM_DECISION,
        .slots = 2,
        .wake = (uint8_t)host->wake.kind,
        .number = host->wake.number,
        .cl_ord_id = cl_ord_id,
        .intent = intent,
        .count = count,
    };
    for (uint32_t i = 0; i < count; i++)
        record->decision.feature[i] = feature[i];
    return RY_HOST_ISSUED;
}

enum ry_host_issued ry_host_interest(struct ry_host *host, uint16_t instrument, unsigned kinds)
{
    if (!host->in_callback || host->wake.kind != RY_WAKE_START)
        return RY_HOST_NOT_NOW;
    if (instrument != RY_INTEREST_EVERY && instrument >= host->parts.instruments)
        return RY_HOST_INVALID;
    uint8_t mask = (uint8_t)(kinds & RY_INTEREST_ALL);
    host->interest_declared = true;
    if (instrument != RY_INTEREST_EVERY) {
        host->interest[instrument] = mask;
        return RY_HOST_ISSUED;
    }
    host->interest_base = mask;
    memset(host->interest, mask, host->parts.instruments);
    return RY_HOST_ISSUED;
}

bool ry_host_interested(const struct ry_host *host)
{
    for (unsigned i = 0; i < host->parts.instruments; i++)
        if (host->interest[i] != RY_INTEREST_NONE)
            return true;
    return false;
}

int64_t ry_host_timer(struct ry_host *host, int64_t time)
{
    if (!host->in_callback)
        return host->timer;
    if (time < host->now + RY_TIMER_NS_MIN) {
        time = host->now + RY_TIMER_NS_MIN;
        host->counters.timers_clamped++;
    }
    host->timer = time;
    return time;
}

void ry_host_done(struct ry_host *host)
{
    assert(host->in_callback);
    host->outbox[host->outbox_end++].command = (struct ry_command){
        .kind = RY_CM_ACK,
        .slots = 1,
        .wake = (uint8_t)host->wake.kind,
        .number = host->wake.number,
        .timer = host->timer,
    };
    host->in_callback = false;
    if (host->wake.kind == RY_WAKE_START && host->interest_declared)
        host->interest_next = 0;
    flush(host);
}

/* ---- what is next ---------------------------------------------------------------------------- */

static enum ry_host_result call(struct ry_host *host, enum ry_wake_kind kind, uint64_t number,
                                int64_t now, struct ry_host_wake *wake)
{
    if (now < host->now) /* not to be had from an exec that keeps its word */
        return host->over = RY_HOST_LOST;
    host->wake.kind = kind;
    host->wake.number = number;
    host->wake.now = now;
    host->now = now;
    host->issued = 0;
    host->in_callback = true;
    host->counters.callbacks++;
    *wake = host->wake;
    return RY_HOST_WAKE;
}

static enum ry_host_result deliver_report(struct ry_host *host, struct ry_host_wake *wake)
{
    host->wake.report = host->report_record[host->reports.first & host->reports.mask];
    queue_drop(&host->reports);
    host->counters.reports++;
    host->seq = host->wake.report.seq;
    if (host->wake.report.kind == RY_RP_OUT) {
        *wake = host->wake;
        return host->over = RY_HOST_OUT;
    }
    return call(host, RY_WAKE_REPORT, host->seq, host->wake.report.time, wake);
}

static bool interested(const struct ry_host *host, const struct ry_market *record)
{
    if (record->instrument >= host->parts.instruments)
        return false;
    unsigned kinds = host->interest[record->instrument];
    switch (record->kind) {
    case RY_MK_CHANGE: return kinds & RY_INTEREST_CHANGES;
    case RY_MK_TRADE: return kinds & RY_INTEREST_TRADES;
    case RY_MK_STATE: return kinds & RY_INTEREST_STATES;
    default: return false;
    }
}

/* A record changes the view; the last of its group may call. The group of START is START's wake
 * alone. */
static enum ry_host_result deliver_market(struct ry_host *host, struct ry_host_wake *wake)
{
    const struct ry_market record = host->market_record[host->market.first & host->market.mask];
    queue_drop(&host->market);
    host->parts.see(host->parts.context, &record);
    host->counters.records++;
    host->in_group = !(record.flags & RY_MKF_LAST);
    host->group_interests |= interested(host, &record);
    host->group_starts |= record.kind == RY_MK_START;
    host->group_ends |= record.kind == RY_MK_END;
    if (host->in_group)
        return RY_HOST_SEEN;
    bool starts = host->group_starts, wakes = host->group_interests && host->started;
    host->group = record.group;
    host->counters.groups++;
    host->group_interests = host->group_starts = false;
    if (host->group_ends)
        return host->over = RY_HOST_END;
    if (starts) {
        host->started = true;
        return call(host, RY_WAKE_START, 0, record.time, wake);
    }
    return wakes ? call(host, RY_WAKE_GROUP, record.group, record.time, wake) : RY_HOST_SEEN;
}

static enum ry_host_result fire_timer(struct ry_host *host, struct ry_host_wake *wake)
{
    int64_t timer = host->timer;
    host->timer = RY_TIME_NEVER;
    host->counters.timers++;
    return call(host, RY_WAKE_TIMER, (uint64_t)timer, timer, wake);
}

/*
 * One step of the one order. The report at the front is next when the group before it is delivered;
 * otherwise the group at the front. A report that comes before that group was published before it,
 * so it stood in its ring when that was read, after the market ring: no report in the queue means
 * that there is none. What is next tells the time as the mark does, since exec publishes in order:
 * a timer before it is due.
 */
static enum ry_host_result deliver_next(struct ry_host *host, int64_t mark,
                                        struct ry_host_wake *wake)
{
    if (host->in_group)
        return queue_empty(&host->market) ? RY_HOST_NONE : deliver_market(host, wake);
    const struct ry_report *report =
        queue_empty(&host->reports)
            ? NULL
            : &host->report_record[host->reports.first & host->reports.mask];
    const struct ry_market *market =
        queue_empty(&host->market) ? NULL
                                   : &host->market_record[host->market.first & host->market.mask];
    bool report_next = report != NULL && report->group <= host->group;
    bool market_next = !report_next && market != NULL;
    int64_t time = report_next ? report->time : market_next ? market->time : mark;
    if (host->timer < time)
        return fire_timer(host, wake);
    return report_next   ? deliver_report(host, wake)
           : market_next ? deliver_market(host, wake)
                         : RY_HOST_NONE;
}

enum ry_host_result ry_host_next(struct ry_host *host, struct ry_host_wake *wake)
{
    assert(!host->in_callback);
    if (host->over != RY_HOST_NONE) {
        *wake = host->wake;
        return host->over;
    }
    bool flushed = flush(host);
    /* A6: pairs with R6 in core/exec/horizon.c: what has T < mark stands in the rings. Before the
     * rings are read. */
    const int64_t mark = ry_load_acquire(host->parts.mark);
    bool moved = copy_market(host) > 0;
    moved |= copy_reports(host) > 0; /* in this order: see deliver_next */
    host->counters.blocked += !flushed && !host->was_blocked;
    host->was_blocked = !flushed;
    if (!flushed)
        return moved ? RY_HOST_SEEN : RY_HOST_BLOCKED;
    enum ry_host_result result;
    while ((result = deliver_next(host, mark, wake)) == RY_HOST_SEEN)
        moved = true;
    if (result != RY_HOST_NONE)
        return result;
    if (host->lost)
        return host->over = RY_HOST_LOST;
    return moved ? RY_HOST_SEEN : RY_HOST_NONE;
}
