/*
 * Toy strategies for the simulation of time: functions of what they are told, and of nothing else.
 * The same code runs behind a host and in the oracle, so it says what it wants (struct
 * ry_time_wish) and others carry it out.
 *
 * A toy's log is the proof: one word for each callback, which holds what woke it, its T, the timer
 * and everything that it had been told by then. A record too much, too few, too early or in another
 * place makes another word, and from there on another toy.
 */
#ifndef RY_TESTS_TIME_TOY_H
#define RY_TESTS_TIME_TOY_H

#include "agents/host.h"
#include "core/exec/configure.h"

#define RY_TIME_INSTRUMENTS   2
#define RY_TIME_TOY_WISHES    12
#define RY_TIME_TOY_ORDERS    200 /* in all: chains of answers end */
#define RY_TIME_TOY_TIMERS    400 /* likewise; the later ones are far */
#define RY_TIME_TOY_CALLBACKS 16384
#define RY_TIME_TOY_LEVELS    128
#define RY_TIME_TOY_PRICE     INT64_C(1000000)
#define RY_TIME_TOY_TICK      INT64_C(100)
#define RY_TIME_TOY_GRID_NS   INT64_C(1000)

/* A level as a toy knows it. */
struct ry_time_toy_level {
    int64_t price;
    uint64_t qty;
    uint32_t orders;
    uint16_t instrument;
    uint8_t side;
};

enum ry_time_toy_timers {
    RY_TIME_TOY_TIMERS_ANY,  /* near and far, now and then too near, or none */
    RY_TIME_TOY_TIMERS_NEXT, /* as near as is allowed, again and again */
    RY_TIME_TOY_TIMERS_GRID, /* at the T of other inputs, if those lie on the grid */
    RY_TIME_TOY_TIMERS_FAR,
    RY_TIME_TOY_TIMERS_KINDS
};

struct ry_time_toy {
    uint64_t state; /* everything it was told */
    uint64_t view;  /* every market record and report, in order */
    /* The books of which it is told levels, as they stand: from START's book, then from the
     * levels. */
    struct ry_time_toy_level level[RY_TIME_TOY_LEVELS];
    unsigned levels;
    uint64_t levels_told; /* every level record, whatever the order within a group */
    uint64_t callbacks;
    uint64_t log[RY_TIME_TOY_CALLBACKS]; /* of each callback */
    uint64_t cl_ord_id;
    unsigned orders, timers;
    unsigned nature; /* what it is interested in */
    enum ry_time_toy_timers habit;
    bool deaf;
    unsigned interest[RY_TIME_INSTRUMENTS];
};

enum ry_time_what {
    RY_TIME_TOY_ORDER,
    RY_TIME_TOY_CANCEL,
    RY_TIME_TOY_DECISION,
    RY_TIME_TOY_INTEREST
};

struct ry_time_wish {
    enum ry_time_what what;
    uint16_t instrument;
    enum ry_side side;
    unsigned flags; /* of an order; an interest */
    int64_t price;
    uint32_t qty;
    uint64_t cl_ord_id;
};

struct ry_time_wishes {
    struct ry_time_wish wish[RY_TIME_TOY_WISHES];
    unsigned count;
    bool sets_timer;
    int64_t timer;
};

/* One word more into a hash. */
void ry_time_fold(uint64_t *hash, uint64_t word);

/* A record of the market, before the callback that it belongs to. */
void ry_time_toy_see(struct ry_time_toy *toy, const union ry_told_any *record);

/* Likewise a report of its own; not OUT. */
void ry_time_toy_see_report(struct ry_time_toy *toy, const struct ry_report *report);

/* One callback; `timer` is what is set, RY_TIME_NEVER: none. */
void ry_time_toy_wake(struct ry_time_toy *toy, const struct ry_host_wake *wake, int64_t timer,
                      struct ry_time_wishes *wishes);

/* As it is before its first callback; what it will want follows from the seed and its number. */
void ry_time_toy_start(struct ry_time_toy *toy, const struct ry_battle *battle, unsigned agent);

#endif
