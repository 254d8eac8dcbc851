#include "core/exec/publish.h"

#include <assert.h>
#include <string.h>

#include "shm/records/longest.h"

#define REPORT_SLOTS 2

_Static_assert(sizeof(struct ry_report) == REPORT_SLOTS * RY_RING_PAYLOAD, "reports are two slots");

size_t ry_exec_publish_backlog_bytes(uint32_t orders_max, uint16_t instruments, unsigned agents)
{
    const size_t market = ry_longest_market(orders_max, instruments, agents);
    const size_t reports = ry_longest_reports(orders_max, instruments, agents);
    return agents == 0 ? 0 : (market + REPORT_SLOTS * reports) * RY_RING_PAYLOAD;
}

bool ry_exec_publish_drained(const struct ry_exec_publish *publish)
{
    /* A2: pairs with R2 in shm/ring.h, stored by the journal */
    return ry_load_acquire(&publish->journal->next) >= ry_ring_written(&publish->inputs);
}

/* One that is out is waited for until it has read its OUT, so that all it is told is alike in every
 * run. */
static bool has_left(const struct ry_exec_publish *publish, unsigned agent)
{
    const struct ry_exec_publish_agent *reader = &publish->agent[agent];
    /* A2: pairs with R2 in shm/ring.h, stored by the host */
    return ry_load_acquire(&reader->market_read->next) >= reader->market_end &&
           ry_load_acquire(&reader->reports_read->next) >= ry_ring_written(&reader->reports);
}

/* RY_EXEC_PUBLISH_ALL: it has; else the agent that is furthest behind. */
static int market_waits_for(struct ry_exec_publish *publish)
{
    const uint64_t next = ry_ring_written(&publish->market);
    if (next < publish->market_room)
        return RY_EXEC_PUBLISH_ALL;
    uint64_t slowest = next;
    int agent = RY_EXEC_PUBLISH_ALL;
    for (uint64_t readers = publish->readers; readers != 0; readers &= readers - 1) {
        int i = __builtin_ctzll(readers);
        if (publish->leaving >> i & 1 && has_left(publish, (unsigned)i)) {
            ry_exec_publish_forget(publish, (uint16_t)i);
            continue;
        }
        /* A2: pairs with R2 in shm/ring.h, stored by the host; a word that lies ahead laps its own
         * host only */
        uint64_t read = ry_load_acquire(&publish->agent[i].market_read->next);
        if (read < slowest) {
            slowest = read;
            agent = i;
        }
    }
    publish->market_room = slowest + publish->market.mask + 1;
    return next < publish->market_room ? RY_EXEC_PUBLISH_ALL : agent;
}

/* These two write a record, or return the agent that it waits for. */
static int write_market(struct ry_exec_publish *publish, const void *record)
{
    const int waits_for = market_waits_for(publish);
    if (waits_for == RY_EXEC_PUBLISH_ALL)
        ry_ring_write(&publish->market, record, 1);
    return waits_for;
}

static int write_report(struct ry_exec_publish *publish, const void *record)
{
    struct ry_report report;
    memcpy(&report, record, sizeof report);
    struct ry_exec_publish_agent *reader = &publish->agent[report.agent];
    if (!(publish->readers >> report.agent & 1))
        return RY_EXEC_PUBLISH_ALL; /* nobody is there to read it */
    if (!ry_ring_has_room(&reader->reports, reader->reports_read, REPORT_SLOTS))
        return report.agent;
    ry_ring_write(&reader->reports, &report, REPORT_SLOTS);
    if (report.kind == RY_RP_OUT) {
        publish->leaving |= UINT64_C(1) << report.agent;
        reader->market_end = ry_ring_written(&publish->market);
    }
    return RY_EXEC_PUBLISH_ALL;
}

static void keep(struct ry_exec_publish *publish, const void *record, unsigned slots)
{
    assert(publish->backlog_end + slots <= publish->backlog_max);
    memcpy(publish->backlog + publish->backlog_end * RY_RING_PAYLOAD, record,
           slots * RY_RING_PAYLOAD);
    publish->backlog_end += slots;
}

void ry_exec_publish_market(struct ry_exec_publish *publish, const struct ry_market *market)
{
    if (publish->backlog_end != 0 || write_market(publish, market) != RY_EXEC_PUBLISH_ALL)
        keep(publish, market, 1);
}

void ry_exec_publish_report(struct ry_exec_publish *publish, const struct ry_report *report)
{
    if (publish->backlog_end != 0 || write_report(publish, report) != RY_EXEC_PUBLISH_ALL)
        keep(publish, report, REPORT_SLOTS);
}

int ry_exec_publish_go_on(struct ry_exec_publish *publish)
{
    while (publish->backlog_first != publish->backlog_end) {
        const unsigned char *record = publish->backlog + publish->backlog_first * RY_RING_PAYLOAD;
        unsigned slots = record[offsetof(struct ry_market, slots)];
        const int waits_for =
            slots == 1 ? write_market(publish, record) : write_report(publish, record);
        if (waits_for != RY_EXEC_PUBLISH_ALL)
            return waits_for;
        publish->backlog_first += slots;
        publish->published++;
    }
    publish->backlog_first = publish->backlog_end = 0;
    return RY_EXEC_PUBLISH_ALL;
}

void ry_exec_publish_forget(struct ry_exec_publish *publish, uint16_t agent)
{
    publish->readers &= ~(UINT64_C(1) << agent);
    publish->leaving &= ~(UINT64_C(1) << agent);
    publish->market_room = 0;
}
