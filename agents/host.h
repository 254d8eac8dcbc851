/*
 * The core of an agent's host: rings in, wakes out. What it does and why: docs/TIME.md, "What a
 * host does".
 *
 * Owned by one thread, without a process, a clock, or a wait: agents/agent_main.c gives it regions
 * and a run loop, the simulation plain memory. It delivers every output once, in the one order that
 * is alike in every run; what a callback issues goes out as a whole when the callback is over, so
 * one that crashes has issued nothing.
 *
 *     for (;;) {
 *         switch (ry_host_next(host, &wake)) {
 *         case RY_HOST_WAKE: call the strategy, which issues; ry_host_done(host); break;
 *         case RY_HOST_SEEN: break;
 *         case RY_HOST_NONE:
 *         case RY_HOST_BLOCKED: wait (shm/wait.h); break;
 *         default: the end
 *         }
 *     }
 *
 * Each ry_host_next first writes what is left of the last callback's records, as far as exec has
 * made room, and copies what the rings hold into private queues, saying how far: also while it is
 * BLOCKED. So exec never waits for a callback's turn in order to publish.
 */
#ifndef RY_AGENTS_HOST_H
#define RY_AGENTS_HOST_H

#include "agents/counters.h"
#include "shm/records/command.h"
#include "shm/records/output.h"
#include "shm/ring.h"

enum ry_host_result {
    RY_HOST_NONE = 0, /* nothing to do: wait */
    RY_HOST_SEEN,     /* the view changed, nobody is to be called; come again */
    RY_HOST_WAKE,     /* call the strategy, then ry_host_done */
    RY_HOST_BLOCKED,  /* exec has to read commands first: wait */
    RY_HOST_OUT,      /* the agent is out, wake->report says why; from now on always this */
    RY_HOST_END,      /* the battle is over; from now on always this */
    RY_HOST_LOST, /* exec wrote over what was not read (it has given this agent up), or broke its
                     word; always */
};

struct ry_host_wake {
    enum ry_wake_kind kind;
    uint64_t number;         /* START: 0; GROUP: the group; REPORT: its seq; TIMER: its T */
    int64_t now;             /* T of the wake; never falls */
    struct ry_report report; /* REPORT, and RY_HOST_OUT */
};

enum ry_host_issued {
    RY_HOST_ISSUED = 0,
    RY_HOST_FULL = 1,    /* commands_max records in this callback */
    RY_HOST_NOT_NOW = 2, /* outside a callback; an interest outside START's */
    RY_HOST_INVALID = 3, /* an instrument that does not exist, more than RY_FEATURES_MAX features */
};

/* What it works on; all of it stays the caller's. */
struct ry_host_parts {
    struct ry_ring_reader market, reports; /* at their beginning */
    const ry_atomic_i64 *mark;             /* exec.market */
    struct ry_ring_writer commands;
    const struct ry_ring_position *commands_read; /* exec.reportsN: how far exec has read them */
    struct ry_ring_position *market_read, *reports_read; /* own region: "read up to" */
    uint16_t instruments;
    uint32_t commands_max;                /* a callback; >= 1 */
    uint64_t market_queue, reports_queue; /* records that the private queues hold; powers of two */
    void *memory; /* ry_host_footprint bytes, zeroed; aligned to RY_CACHE_LINE */
    /* Each market record, in order, before the wake that it belongs to (the view). */
    void (*see)(void *context, const struct ry_market *record);
    void *context;
};

/* The queues must hold, with the rings, what is published within one latency of the agent
 * (docs/TIME.md). */
#define RY_HOST_MARKET_QUEUE  (UINT64_C(1) << 20)
#define RY_HOST_REPORTS_QUEUE (UINT64_C(1) << 16)

/* One queue of records, in private memory. Empty, it begins at its front again: what was never
 * needed is never touched. */
struct ry_host_queue {
    uint64_t first, end; /* record numbers; first == end: empty */
    uint64_t mask;
};

/* Private to agents/host.c. */
struct ry_host {
    struct ry_host_parts parts;
    struct ry_host_queue market, reports;
    struct ry_market *market_record;
    struct ry_report *report_record;
    uint8_t *interest;                 /* of each instrument, a mask of enum ry_interest */
    union ry_command_any *outbox;      /* commands_max + 1 records */
    uint32_t outbox_first, outbox_end; /* records that wait to be written */
    uint32_t issued;                   /* in this callback */
    uint32_t interest_next; /* INTEREST records to be written: 0 EVERY, i + 1 instrument i;
                               UINT32_MAX: none */
    uint8_t interest_base;  /* what EVERY said last */
    bool interest_declared;
    bool lost;
    bool was_blocked;
    bool in_callback;
    bool in_group;        /* some records of the group at the front were seen */
    bool group_interests; /* one of them names an interest */
    bool group_starts;    /* one of them is START */
    bool started;
    bool group_ends;          /* one of them is END */
    enum ry_host_result over; /* OUT, END or LOST, for good */
    uint64_t group;           /* the last whole one delivered */
    uint64_t seq;             /* the last report delivered */
    int64_t timer;            /* RY_TIME_NEVER: none */
    int64_t now;
    struct ry_host_wake wake; /* the one in work */
    struct ry_host_counters counters;
};

/* Bytes of parts->memory, from its instruments, commands_max and queues. */
size_t ry_host_footprint(const struct ry_host_parts *parts);
void ry_host_start(struct ry_host *host, const struct ry_host_parts *parts);

/* What is next. Not inside a callback. */
enum ry_host_result ry_host_next(struct ry_host *host, struct ry_host_wake *wake);

/* Inside a callback, between RY_HOST_WAKE and ry_host_done: */
enum ry_host_issued ry_host_order(struct ry_host *host, uint16_t instrument, enum ry_side side,
                                  int64_t price, uint32_t qty, uint16_t flags, uint64_t cl_ord_id);
enum ry_host_issued ry_host_cancel(struct ry_host *host, uint64_t cl_ord_id);
enum ry_host_issued ry_host_decision(struct ry_host *host, uint64_t cl_ord_id, uint32_t intent,
                                     const int64_t *feature, uint32_t count);
/* START's callback only: what wakes this agent; kinds is a mask of enum ry_interest, instrument may
 * be RY_INTEREST_EVERY. Later ones count over earlier ones; at first everything wakes. No record of
 * the limit. */
enum ry_host_issued ry_host_interest(struct ry_host *host, uint16_t instrument, unsigned kinds);
/* Whether any market record of any instrument wakes this agent. */
bool ry_host_interested(const struct ry_host *host);
/* Sets the one next timer (RY_TIME_NEVER: none); returns what it became. */
int64_t ry_host_timer(struct ry_host *host, int64_t time);
/* The callback is over: sends its records and the ACK, at once or, without room, from ry_host_next.
 */
void ry_host_done(struct ry_host *host);

#endif
