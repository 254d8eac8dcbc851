/*
 * The core of an agent's host: one ring in, wakes out, answers back (docs/TIME.md; the records are
 * shm/records/told.h and shm/records/command.h).
 *
 * Owned by one thread, without a process, a clock, or a wait: agents/agent_main.c gives it regions
 * and a run loop, the simulation plain memory. It reads its link in order and hands each record to
 * the view; at a wake it says whom to call. What a callback issues goes out as a whole when the
 * callback is over, so one that crashes has issued nothing; nothing more is read before that answer
 * is written.
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
 */
#ifndef RY_AGENTS_HOST_H
#define RY_AGENTS_HOST_H

#include "agents/counters.h"
#include "shm/records/command.h"
#include "shm/records/told.h"
#include "shm/ring.h"

#define RY_HOST_READ_MAX 4096 /* records that one ry_host_next reads at most */

enum ry_host_result {
    RY_HOST_NONE = 0, /* nothing to do: wait */
    RY_HOST_SEEN,     /* records were read, nobody is to be called; come again */
    RY_HOST_WAKE,     /* call the strategy, then ry_host_done */
    RY_HOST_BLOCKED,  /* exec has to read commands first: wait */
    RY_HOST_OUT,      /* the agent is out, wake->report says why; from now on always this */
    RY_HOST_END,      /* the battle is over; from now on always this */
    RY_HOST_LOST, /* exec wrote over what was not read (it has given this agent up), or broke its
                     word; always */
};

struct ry_host_wake {
    enum ry_wake_kind kind;
    uint64_t number; /* counts this agent's wakes, from 1 */
    uint64_t group;  /* MARKET: whose records woke; else 0 */
    uint64_t traced; /* as in struct ry_told_wake */
    uint16_t traced_source;
    int64_t now;             /* T of the wake; never falls */
    struct ry_report report; /* REPORT, and RY_HOST_OUT */
};

enum ry_host_issued {
    RY_HOST_ISSUED = 0,
    RY_HOST_FULL = 1,    /* commands_max records in this callback */
    RY_HOST_NOT_NOW = 2, /* outside a callback; an interest outside START's */
    RY_HOST_INVALID = 3, /* an instrument or interest that does not exist, more than RY_FEATURES_MAX
                            features */
};

/* What it works on; all of it stays the caller's. */
struct ry_host_parts {
    struct ry_ring_reader link; /* exec.linkN, at its beginning */
    struct ry_ring_writer commands;
    const struct ry_ring_position *commands_read; /* exec.linkN: how far exec has read them */
    struct ry_ring_position *link_read;           /* own region: room for exec */
    uint16_t instruments;
    uint32_t commands_max; /* a callback; >= 1 */
    bool deaf;             /* the strategy has no callback for reports: they wake nobody */
    void *memory;          /* ry_host_footprint bytes, zeroed; aligned to RY_CACHE_LINE */
    /* Each record of the market (CHANGE, TRADE, STATE, a level), and each report but OUT, in the
     * order of the link, before the wake that it belongs to. */
    void (*see)(void *context, const union ry_told_any *record);
    void (*see_report)(void *context, const struct ry_report *report);
    void *context;
};

/* Private to agents/host.c. */
struct ry_host {
    struct ry_host_parts parts;
    uint16_t *interest;                /* of each instrument, enum ry_interest */
    union ry_command_any *outbox;      /* commands_max + 1 records */
    uint32_t outbox_first, outbox_end; /* records that wait to be written */
    uint32_t issued;                   /* in this callback */
    uint32_t interest_next; /* INTEREST records to be written: 0 EVERY, i + 1 instrument i;
                               UINT32_MAX: none */
    uint16_t interest_base; /* what EVERY said last */
    bool was_blocked;
    bool in_callback;
    enum ry_host_result over; /* OUT, END or LOST, for good */
    int64_t timer;            /* RY_TIME_NEVER: none */
    int64_t now;
    struct ry_host_wake wake; /* the one in work */
    struct ry_host_counters counters;
};

/* Bytes of parts->memory, from its instruments and commands_max. */
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
/* START's callback only: what this agent is told of an instrument (or RY_INTEREST_EVERY), and what
 * wakes it: enum ry_interest. Later ones count over earlier ones; at first RY_INTEREST_ALL. No
 * record of the limit. */
enum ry_host_issued ry_host_interest(struct ry_host *host, uint16_t instrument, unsigned interest);
/* What was declared last. */
unsigned ry_host_interest_of(const struct ry_host *host, uint16_t instrument);
/* Whether records of some instrument's market wake this agent. */
bool ry_host_woken_by_market(const struct ry_host *host);
/* Sets the one next timer (RY_TIME_NEVER: none); returns what it became. */
int64_t ry_host_timer(struct ry_host *host, int64_t time);
/* The callback is over: sends its records and the ACK, at once or, without room, from ry_host_next.
 */
void ry_host_done(struct ry_host *host);
/* Nothing of an answer waits for room. */
static inline bool ry_host_answered(const struct ry_host *host)
{
    return host->outbox_end == 0;
}

#endif
