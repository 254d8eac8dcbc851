#include "tests/time/toy.h"

#include <string.h>

#include "core/exec/source.h"

void ry_time_fold(uint64_t *hash, uint64_t word)
{
    *hash = ry_exec_mix64(*hash * UINT64_C(0x9e3779b97f4a7c15) + word);
}

void ry_time_toy_see(struct ry_time_toy *toy, const struct ry_market *record)
{
    uint64_t word[sizeof *record / 8];
    memcpy(word, record, sizeof word);
    for (unsigned i = 0; i < sizeof word / sizeof *word; i++)
        ry_time_fold(&toy->view, word[i]);
}

static uint64_t toy_random(struct ry_time_toy *toy, uint64_t below)
{
    toy->state += UINT64_C(0x9e3779b97f4a7c15);
    return ry_exec_mix64(toy->state) % below;
}

static struct ry_time_wish *toy_add(struct ry_time_wishes *wishes, enum ry_time_what what)
{
    struct ry_time_wish *wish = &wishes->wish[wishes->count++];
    *wish = (struct ry_time_wish){.what = what};
    return wish;
}

/* 0: everything (says nothing). 1: trades of one instrument. 2: timers alone. 3: all but one
 * instrument. */
static void toy_interest(struct ry_time_toy *toy, struct ry_time_wishes *wishes)
{
    struct ry_time_wish *wish;
    if (toy->character == 0)
        return;
    wish = toy_add(wishes, RY_TIME_TOY_INTEREST);
    wish->instrument = RY_INTEREST_EVERY;
    wish->flags = toy->character == 3 ? RY_INTEREST_ALL : RY_INTEREST_NONE;
    if (toy->character == 2)
        return;
    wish = toy_add(wishes, RY_TIME_TOY_INTEREST);
    wish->instrument = (uint16_t)(toy->instruments - 1);
    wish->flags = toy->character == 3 ? RY_INTEREST_NONE : RY_INTEREST_TRADES | RY_INTEREST_STATES;
}

static void toy_order(struct ry_time_toy *toy, struct ry_time_wishes *wishes)
{
    struct ry_time_wish *wish = toy_add(wishes, RY_TIME_TOY_ORDER);
    uint64_t kind = toy_random(toy, 8);
    wish->instrument = (uint16_t)toy_random(toy, toy->instruments);
    wish->side = toy_random(toy, 2) ? RY_BUY : RY_SELL;
    wish->qty = 1 + (uint32_t)toy_random(toy, 6);
    wish->cl_ord_id = ++toy->cl_ord_id;
    wish->flags = kind == 0 ? RY_INF_MARKET : kind == 1 ? RY_INF_IOC : 0;
    if (kind != 0)
        wish->price = RY_TIME_TOY_PRICE + ((int64_t)toy_random(toy, 9) - 4) * RY_TIME_TOY_TICK;
    toy->orders++;
}

void ry_time_toy_wake(struct ry_time_toy *toy, const struct ry_host_wake *wake,
                      struct ry_time_wishes *wishes)
{
    *wishes = (struct ry_time_wishes){.count = 0};
    toy->callbacks++;
    ry_time_fold(&toy->trace, wake->kind);
    ry_time_fold(&toy->trace, wake->number);
    ry_time_fold(&toy->trace, (uint64_t)wake->now);
    ry_time_fold(&toy->trace, toy->view);
    if (wake->kind == RY_WAKE_REPORT) {
        uint64_t word[sizeof wake->report / 8];
        memcpy(word, &wake->report, sizeof word);
        for (unsigned i = 0; i < sizeof word / sizeof *word; i++)
            ry_time_fold(&toy->trace, word[i]);
    }
    ry_time_fold(&toy->state, toy->trace);
    if (wake->kind == RY_WAKE_START)
        toy_interest(toy, wishes);
    bool busy = wake->kind == RY_WAKE_TIMER || wake->kind == RY_WAKE_START;
    unsigned orders = toy_random(toy, busy ? 2 : 12) == 0 ? 1 + (unsigned)toy_random(toy, 4) : 0;
    for (unsigned i = 0; i < orders && toy->orders < RY_TIME_TOY_ORDERS; i++)
        toy_order(toy, wishes);
    if (toy_random(toy, 10) == 0)
        toy_add(wishes, RY_TIME_TOY_DECISION)->cl_ord_id = toy->cl_ord_id;
    if (toy_random(toy, 16) == 0)
        toy_add(wishes, RY_TIME_TOY_CANCEL)->cl_ord_id = 1 + toy_random(toy, toy->cl_ord_id + 1);
    wishes->sets_timer = toy_random(toy, busy ? 8 : 4) != 1;
    if (wishes->sets_timer) /* now and then too near, or none */
        wishes->timer = toy_random(toy, 20) == 0 && !busy
                            ? RY_TIME_NEVER
                            : wake->now + (int64_t)toy_random(toy, RY_TIME_TOY_TIMER_NS);
}

void ry_time_toy_start(struct ry_time_toy *toy, const struct ry_battle *battle, unsigned agent)
{
    *toy = (struct ry_time_toy){
        .state = ry_exec_mix64(battle->seed + agent + 1),
        .character = (agent + (unsigned)battle->seed) % 4,
        .instruments = battle->instruments,
        .timer = RY_TIME_NEVER,
    };
}
