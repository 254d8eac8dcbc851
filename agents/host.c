#include "agents/host.h"

#define INTEREST_NOTHING_LEFT UINT32_MAX

static size_t padded(size_t bytes)
{
    return (bytes + RY_CACHE_LINE - 1) / RY_CACHE_LINE * RY_CACHE_LINE;
}

size_t ry_host_footprint(const struct ry_host_parts *parts)
{
    return padded(parts->instruments * sizeof(uint16_t)) +
           padded((parts->commands_max + 1) * sizeof(union ry_command_any));
}

static void set_interests(struct ry_host *host, uint16_t interest)
{
    host->interest_base = interest;
    for (unsigned i = 0; i < host->parts.instruments; i++)
        host->interest[i] = interest;
}

void ry_host_start(struct ry_host *host, const struct ry_host_parts *parts)
{
    assert(parts->commands_max >= 1);
    unsigned char *memory = parts->memory;
    memset(host, 0, sizeof *host);
    host->parts = *parts;
    host->interest = (void *)memory;
    host->outbox = (void *)(memory + padded(parts->instruments * sizeof(uint16_t)));
    set_interests(host, RY_INTEREST_ALL);
    host->interest_next = INTEREST_NOTHING_LEFT;
    host->timer = RY_TIME_NEVER;
    host->now = INT64_MIN;
}

/* ---- what was issued ------------------------------------------------------------------------- */

static bool write_command(struct ry_host *host, const void *record, unsigned slots)
{
    if (!ry_ring_has_room(&host->parts.commands, host->parts.commands_read, slots))
        return false;
    if (slots == 1)
        ry_ring_write(&host->parts.commands, record, 1);
    else
        ry_ring_write(&host->parts.commands, record, slots);
    return true;
}

static bool write_interest(struct ry_host *host, uint16_t instrument, unsigned interest)
{
    const struct ry_command record = {.kind = RY_CM_INTEREST,
                                      .slots = 1,
                                      .instrument = instrument,
                                      .flags = (uint16_t)interest,
                                      .wake = host->wake.number};
    return write_command(host, &record, 1);
}

/* What EVERY said, then the instruments that differ; from the table, so it needs no room in the
 * outbox. */
static bool write_interests(struct ry_host *host)
{
    if (host->interest_next == 0) {
        const unsigned deaf = host->parts.deaf ? RY_INTEREST_DEAF : 0;
        if (!write_interest(host, RY_INTEREST_EVERY, host->interest_base | deaf))
            return false;
        host->interest_next = 1;
    }
    while (host->interest_next <= host->parts.instruments) {
        uint16_t instrument = (uint16_t)(host->interest_next - 1);
        const unsigned interest = host->interest[instrument];
        if (interest != host->interest_base && !write_interest(host, instrument, interest))
            return false;
        host->interest_next++;
    }
    host->interest_next = INTEREST_NOTHING_LEFT;
    return true;
}

static bool nothing_waits(const struct ry_host *host)
{
    return host->outbox_end == 0 && host->interest_next == INTEREST_NOTHING_LEFT;
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
            .flags = flags,
            .wake = host->wake.number,
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
            .wake = host->wake.number,
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
        .wake = host->wake.number,
        .cl_ord_id = cl_ord_id,
        .intent = intent,
        .count = count,
    };
    for (uint32_t i = 0; i < count; i++)
        record->decision.feature[i] = feature[i];
    return RY_HOST_ISSUED;
}

enum ry_host_issued ry_host_interest(struct ry_host *host, uint16_t instrument, unsigned interest)
{
    if (!host->in_callback || host->wake.kind != RY_WAKE_START)
        return RY_HOST_NOT_NOW;
    if ((instrument != RY_INTEREST_EVERY && instrument >= host->parts.instruments) ||
        !ry_interest_makes_sense(interest))
        return RY_HOST_INVALID;
    if (instrument == RY_INTEREST_EVERY)
        set_interests(host, (uint16_t)interest);
    else
        host->interest[instrument] = (uint16_t)interest;
    return RY_HOST_ISSUED;
}

unsigned ry_host_interest_of(const struct ry_host *host, uint16_t instrument)
{
    return host->interest[instrument];
}

bool ry_host_woken_by_market(const struct ry_host *host)
{
    for (unsigned i = 0; i < host->parts.instruments; i++)
        if (host->interest[i] & RY_INTEREST_WAKE_BITS)
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
    /* Copied whole: bytes that are written one by one and at once read as a word stall the core. */
    static const struct ry_command blank = {.kind = RY_CM_ACK, .slots = 1};
    struct ry_command *ack = &host->outbox[host->outbox_end++].command;
    *ack = blank;
    ack->wake = host->wake.number;
    ack->timer = host->timer;
    host->in_callback = false;
    if (host->wake.kind == RY_WAKE_START)
        host->interest_next = 0;
    flush(host);
}

/* ---- what is next ---------------------------------------------------------------------------- */

/* exec broke its word, or wrote over what was not read. */
static enum ry_host_result lost(struct ry_host *host)
{
    return host->over = RY_HOST_LOST;
}

static enum ry_host_result call(struct ry_host *host, const struct ry_told_wake *told,
                                struct ry_host_wake *wake)
{
    if (told->time < host->now || told->number != host->wake.number + 1 ||
        told->by < RY_WAKE_START || told->by > RY_WAKE_TIMER ||
        (told->by == RY_WAKE_START) != (told->number == 1))
        return lost(host);
    host->wake.kind = (enum ry_wake_kind)told->by;
    host->wake.number = told->number;
    host->wake.group = told->group;
    host->wake.traced = told->traced;
    host->wake.traced_source = told->traced_source;
    host->wake.now = host->now = told->time;
    if (told->by == RY_WAKE_TIMER) {
        host->timer = RY_TIME_NEVER;
        host->counters.timers++;
    }
    host->issued = 0;
    host->in_callback = true;
    host->counters.callbacks++;
    /* Not copied from what was written just now, which would stall the core. */
    wake->kind = (enum ry_wake_kind)told->by;
    wake->number = told->number;
    wake->group = told->group;
    wake->traced = told->traced;
    wake->traced_source = told->traced_source;
    wake->now = told->time;
    if (told->by == RY_WAKE_REPORT)
        wake->report = host->wake.report;
    return RY_HOST_WAKE;
}

static enum ry_host_result take_report(struct ry_host *host, const struct ry_report *report,
                                       struct ry_host_wake *wake)
{
    host->wake.report = *report;
    host->counters.reports++;
    if (report->kind != RY_RP_OUT) {
        host->parts.see_report(host->parts.context, report);
        return RY_HOST_SEEN;
    }
    *wake = host->wake;
    return host->over = RY_HOST_OUT;
}

static enum ry_host_result take_slot(struct ry_host *host, const union ry_told_any *told,
                                     struct ry_host_wake *wake)
{
    switch (told->market.kind) {
    case RY_TOLD_WAKE: return call(host, &told->wake, wake);
    case RY_MK_CHANGE:
    case RY_MK_TRADE:
    case RY_MK_STATE:
    case RY_TOLD_LEVEL:
        host->counters.records++;
        host->parts.see(host->parts.context, told);
        return RY_HOST_SEEN;
    case RY_MK_END: return host->over = RY_HOST_END;
    default: return lost(host);
    }
}

/* Reads on up to a wake. */
static enum ry_host_result read_link(struct ry_host *host, struct ry_host_wake *wake)
{
    union {
        union ry_told_any told;
        uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
    } copy;
    enum ry_host_result result = RY_HOST_NONE;
    for (unsigned n = 0; n < RY_HOST_READ_MAX && result <= RY_HOST_SEEN; n++) {
        const int slots = ry_ring_read(&host->parts.link, &copy);
        if (slots == RY_RING_EMPTY)
            break;
        result = slots == 1   ? take_slot(host, &copy.told, wake)
                 : slots == 2 ? take_report(host, &copy.told.report, wake)
                              : lost(host);
    }
    return result;
}

enum ry_host_result ry_host_next(struct ry_host *host, struct ry_host_wake *wake)
{
    assert(!host->in_callback);
    if (host->over != RY_HOST_NONE) {
        *wake = host->wake;
        return host->over;
    }
    const bool flushed = nothing_waits(host) || flush(host);
    host->counters.blocked += !flushed && !host->was_blocked;
    host->was_blocked = !flushed;
    if (!flushed)
        return RY_HOST_BLOCKED;
    const uint64_t before = ry_ring_next(&host->parts.link);
    const enum ry_host_result result = read_link(host, wake);
    if (ry_ring_next(&host->parts.link) != before) /* exec may write there again */
        ry_ring_position_store(host->parts.link_read, ry_ring_next(&host->parts.link));
    return result;
}
