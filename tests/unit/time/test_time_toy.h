/*
 * Toy strategies for the simulation of time: functions of their callbacks, and of nothing else. The
 * same code runs behind a host and in the oracle, so it says what it wants (struct toy_wish) and
 * others carry it out.
 */
#ifndef RY_TESTS_UNIT_TIME_TEST_TIME_TOY_H
#define RY_TESTS_UNIT_TIME_TEST_TIME_TOY_H

#include "agents/host.h"
#include "core/exec/source.h"

#define TOY_WISHES   8
#define TOY_ORDERS   200 /* in all: chains of answers end */
#define TOY_PRICE    INT64_C(1000000)
#define TOY_TICK     INT64_C(100)
#define TOY_TIMER_NS 60000

struct toy {
    uint64_t state; /* everything it was told */
    uint64_t view;  /* every market record, in order */
    uint64_t trace; /* every callback: what, when, with which view */
    uint64_t callbacks;
    uint64_t cl_ord_id;
    unsigned orders, character;
    uint16_t instruments;
    int64_t timer; /* what it set */
};

enum toy_what { TOY_ORDER, TOY_CANCEL, TOY_DECISION, TOY_INTEREST };

struct toy_wish {
    enum toy_what what;
    uint16_t instrument;
    enum ry_side side;
    unsigned flags; /* of an order; kinds of an interest */
    int64_t price;
    uint32_t qty;
    uint64_t cl_ord_id;
};

struct toy_wishes {
    struct toy_wish wish[TOY_WISHES];
    unsigned count;
    bool sets_timer;
    int64_t timer;
};

static inline void toy_fold(uint64_t *hash, uint64_t word)
{
    *hash = ry_exec_mix64(*hash * UINT64_C(0x9e3779b97f4a7c15) + word);
}

static inline void toy_see(struct toy *toy, const struct ry_market *record)
{
    uint64_t word[sizeof *record / 8];
    memcpy(word, record, sizeof word);
    for (unsigned i = 0; i < sizeof word / sizeof *word; i++)
        toy_fold(&toy->view, word[i]);
}

static inline uint64_t toy_random(struct toy *toy, uint64_t below)
{
    toy->state += UINT64_C(0x9e3779b97f4a7c15);
    return ry_exec_mix64(toy->state) % below;
}

static inline struct toy_wish *toy_add(struct toy_wishes *wishes, enum toy_what what)
{
    struct toy_wish *wish = &wishes->wish[wishes->count++];
    *wish = (struct toy_wish){.what = what};
    return wish;
}

/* 0: everything (says nothing). 1: trades of one instrument. 2: timers alone. 3: all but one
 * instrument. */
static inline void toy_interest(struct toy *toy, struct toy_wishes *wishes)
{
    struct toy_wish *wish;
    if (toy->character == 0)
        return;
    wish = toy_add(wishes, TOY_INTEREST);
    wish->instrument = RY_INTEREST_EVERY;
    wish->flags = toy->character == 3 ? RY_INTEREST_ALL : RY_INTEREST_NONE;
    if (toy->character == 2)
        return;
    wish = toy_add(wishes, TOY_INTEREST);
    wish->instrument = (uint16_t)(toy->instruments - 1);
    wish->flags = toy->character == 3 ? RY_INTEREST_NONE : RY_INTEREST_TRADES | RY_INTEREST_STATES;
}

static inline void toy_order(struct toy *toy, struct toy_wishes *wishes)
{
    struct toy_wish *wish = toy_add(wishes, TOY_ORDER);
    uint64_t kind = toy_random(toy, 8);
    wish->instrument = (uint16_t)toy_random(toy, toy->instruments);
    wish->side = toy_random(toy, 2) ? RY_BUY : RY_SELL;
    wish->qty = 1 + (uint32_t)toy_random(toy, 6);
    wish->cl_ord_id = ++toy->cl_ord_id;
    wish->flags = kind == 0 ? RY_INF_MARKET : kind == 1 ? RY_INF_IOC : 0;
    if (kind != 0)
        wish->price = TOY_PRICE + ((int64_t)toy_random(toy, 9) - 4) * TOY_TICK;
    toy->orders++;
}

/* One callback. */
static inline void toy_wake(struct toy *toy, const struct ry_host_wake *wake,
                            struct toy_wishes *wishes)
{
    *wishes = (struct toy_wishes){.count = 0};
    toy->callbacks++;
    toy_fold(&toy->trace, wake->kind);
    toy_fold(&toy->trace, wake->number);
    toy_fold(&toy->trace, (uint64_t)wake->now);
    toy_fold(&toy->trace, toy->view);
    if (wake->kind == RY_WAKE_REPORT) {
        uint64_t word[sizeof wake->report / 8];
        memcpy(word, &wake->report, sizeof word);
        for (unsigned i = 0; i < sizeof word / sizeof *word; i++)
            toy_fold(&toy->trace, word[i]);
    }
    toy_fold(&toy->state, toy->trace);
    if (wake->kind == RY_WAKE_START)
        toy_interest(toy, wishes);
    bool busy = wake->kind == RY_WAKE_TIMER || wake->kind == RY_WAKE_START;
    unsigned orders = toy_random(toy, busy ? 2 : 12) == 0 ? 1 + (unsigned)toy_random(toy, 4) : 0;
    for (unsigned i = 0; i < orders && toy->orders < TOY_ORDERS; i++)
        toy_order(toy, wishes);
    if (toy_random(toy, 10) == 0)
        toy_add(wishes, TOY_DECISION)->cl_ord_id = toy->cl_ord_id;
    if (toy_random(toy, 16) == 0)
        toy_add(wishes, TOY_CANCEL)->cl_ord_id = 1 + toy_random(toy, toy->cl_ord_id + 1);
    wishes->sets_timer = toy_random(toy, busy ? 8 : 4) != 1;
    if (wishes->sets_timer) /* now and then too near, or none */
        wishes->timer = toy_random(toy, 20) == 0 && !busy
                            ? RY_TIME_NEVER
                            : wake->now + (int64_t)toy_random(toy, TOY_TIMER_NS);
}

#endif
