/*
 * What the tests of strategies share: an agent behind agents/api.h with a host that writes down
 * what is issued, and a market of two instruments that the test makes by hand, told as its interest
 * says. Defines the calls of agents/host.h that the API makes.
 */
#ifndef RY_TESTS_SUPPORT_STUB_STRATEGY_RIG_H
#define RY_TESTS_SUPPORT_STUB_STRATEGY_RIG_H

#include "agents/api.h"
#include "shm/log.h"
#include "tests/support/test.h"

#define STUB_TICK       100
#define STUB_START      INT64_C(1000000000000)
#define STUB_SECOND     INT64_C(1000000000)
#define STUB_ISSUED_MAX 64

struct stub_issued {
    enum ry_command_kind kind;
    uint16_t instrument, flags;
    enum ry_side side;
    int64_t price;
    uint32_t qty;
    uint64_t cl_ord_id;
    uint32_t intent, count;
    int64_t feature[RY_FEATURES_MAX];
};

#define STUB_LEVELS 64 /* of a side, that are told */

struct stub {
    struct ry_host_api api;
    struct ry_host_book book;                          /* the market itself: every order */
    struct ry_host_book_level told[2][2][STUB_LEVELS]; /* by instrument and side: the last levels */
    struct ry_battle *battle;
    struct stub_issued issued[STUB_ISSUED_MAX]; /* by the last callback */
    unsigned count, commands_max;
    unsigned interest[3]; /* 2: what EVERY said last */
    int64_t timer, now;
    unsigned timers_clamped; /* set nearer than RY_TIMER_NS_MIN, moved there */
    uint64_t group, seq;
    uint32_t order; /* the last id of an order */
    int64_t position;
    bool in_start, outside;
    struct {
        void *memory;
        struct ry_ring_writer writer;
        struct ry_ring_reader reader;
    } log; /* after stub_hear */
};

extern struct stub stub; /* one a test: the host gets no context of its own */

void stub_open(const char *params);

void stub_close(void);

/* The agent's log can be read from here on. */
void stub_hear(void);

/* Its next line, with its level: "WARN .."; "" when there is none. */
const char *stub_heard(void);

/* As it is, whatever the interest; what does not fit fails the agent. */
void stub_see(const union ry_told_any *record);

/* A record of the market: as it is, or not at all, or the levels that it changed. */
void stub_market(struct ry_market record);

/* A new order in the book of instrument 0 or 1, in a group of its own; returns its id. */
uint32_t stub_rest(uint16_t instrument, enum ry_side side, int64_t price, uint32_t qty);

void stub_gone(uint16_t instrument, enum ry_side side, int64_t price, uint32_t order);

/* A wake by a report sees it first; one by the market is by the last group. */
void stub_wake(enum ry_wake_kind kind, const struct ry_report *report);

/* Both instruments trade; a book of `bid` x `ask` in instrument 0; then START. */
void stub_start(int64_t bid, int64_t ask);

/* The timer that is set comes. */
void stub_timer(void);

/* A report; position and cash follow from fills. */
void stub_report(struct ry_report report);

void stub_reject(const struct stub_issued *order, enum ry_reject code);

/* ACCEPTED and RESTED, and the market's record of it; returns the id. */
uint32_t stub_accept(struct stub_issued order);

void stub_fill(struct stub_issued order, uint32_t qty, uint32_t leaves);

void stub_canceled(struct stub_issued order, uint32_t qty, enum ry_cancel code);

/* A strategy of the house, as the program would load it. */
void stub_load(const char *name);

/* What the last callback issued, of one kind; NULL: nothing. The first one from `from` on. */
const struct stub_issued *stub_issued(enum ry_command_kind kind, unsigned from);

#endif
