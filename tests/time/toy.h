/*
 * Toy strategies for the simulation of time: functions of their callbacks, and of nothing else. The
 * same code runs behind a host and in the oracle, so it says what it wants (struct ry_time_wish)
 * and others carry it out.
 */
#ifndef RY_TESTS_TIME_TOY_H
#define RY_TESTS_TIME_TOY_H

#include "agents/host.h"
#include "core/exec/configure.h"

#define RY_TIME_TOY_WISHES   8
#define RY_TIME_TOY_ORDERS   200 /* in all: chains of answers end */
#define RY_TIME_TOY_PRICE    INT64_C(1000000)
#define RY_TIME_TOY_TICK     INT64_C(100)
#define RY_TIME_TOY_TIMER_NS 60000

struct ry_time_toy {
    uint64_t state; /* everything it was told */
    uint64_t view;  /* every market record, in order */
    uint64_t trace; /* every callback: what, when, with which view */
    uint64_t callbacks;
    uint64_t cl_ord_id;
    unsigned orders, character;
    uint16_t instruments;
    int64_t timer; /* what it set */
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
    unsigned flags; /* of an order; kinds of an interest */
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

/* A market record of a group, before the callback that it may be in. */
void ry_time_toy_see(struct ry_time_toy *toy, const struct ry_market *record);

/* One callback. */
void ry_time_toy_wake(struct ry_time_toy *toy, const struct ry_host_wake *wake,
                      struct ry_time_wishes *wishes);

/* As it is before its first callback; what it will want follows from the seed and its number. */
void ry_time_toy_start(struct ry_time_toy *toy, const struct ry_battle *battle, unsigned agent);

#endif
