/*
 * What the tests of strategies share: an agent behind agents/api.h with a host that writes down
 * what is issued, and a market of two instruments that the test makes by hand. Defines the calls of
 * agents/host.h that the API makes.
 */
#ifndef RY_TESTS_UNIT_AGENTS_TEST_STRATEGY_RIG_H
#define RY_TESTS_UNIT_AGENTS_TEST_STRATEGY_RIG_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/api.h"
#include "agents/load.h"
#include "tests/support/test.h"

#define RIG_TICK       100
#define RIG_START      INT64_C(1000000000000)
#define RIG_SECOND     INT64_C(1000000000)
#define RIG_ISSUED_MAX 64

struct issued {
    enum ry_command_kind kind;
    uint16_t instrument, flags;
    enum ry_side side;
    int64_t price;
    uint32_t qty;
    uint64_t cl_ord_id;
    uint32_t intent, count;
    int64_t feature[RY_FEATURES_MAX];
};

struct rig {
    struct ry_host_api api;
    struct ry_battle *battle;
    struct issued issued[RIG_ISSUED_MAX]; /* by the last callback */
    unsigned count, commands_max;
    unsigned interest[3]; /* 2: EVERY */
    int64_t timer, now;
    uint64_t group, seq;
    uint32_t order; /* the last id of an order */
    int64_t position;
    bool in_start, outside;
};

static struct rig rig;

static struct issued *rig_issue(enum ry_command_kind kind)
{
    ck_assert_uint_lt(rig.count, RIG_ISSUED_MAX);
    struct issued *issued = &rig.issued[rig.count++];
    *issued = (struct issued){.kind = kind};
    return issued;
}

static enum ry_host_issued rig_may_issue(void)
{
    return rig.outside                     ? RY_HOST_NOT_NOW
           : rig.count >= rig.commands_max ? RY_HOST_FULL
                                           : RY_HOST_ISSUED;
}

enum ry_host_issued ry_host_order(struct ry_host *host, uint16_t instrument, enum ry_side side,
                                  int64_t price, uint32_t qty, uint16_t flags, uint64_t cl_ord_id)
{
    (void)host;
    if (rig_may_issue() != RY_HOST_ISSUED)
        return rig_may_issue();
    struct issued *issued = rig_issue(RY_CM_ORDER);
    issued->instrument = instrument;
    issued->side = side;
    issued->price = price;
    issued->qty = qty;
    issued->flags = flags;
    issued->cl_ord_id = cl_ord_id;
    return RY_HOST_ISSUED;
}

enum ry_host_issued ry_host_cancel(struct ry_host *host, uint64_t cl_ord_id)
{
    (void)host;
    const enum ry_host_issued may = rig_may_issue();
    if (may == RY_HOST_ISSUED)
        rig_issue(RY_CM_CANCEL)->cl_ord_id = cl_ord_id;
    return may;
}

enum ry_host_issued ry_host_decision(struct ry_host *host, uint64_t cl_ord_id, uint32_t intent,
                                     const int64_t *feature, uint32_t count)
{
    (void)host;
    if (count > 8)
        return RY_HOST_INVALID;
    if (rig_may_issue() != RY_HOST_ISSUED)
        return rig_may_issue();
    struct issued *issued = rig_issue(RY_CM_DECISION);
    issued->cl_ord_id = cl_ord_id;
    issued->intent = intent;
    issued->count = count;
    memcpy(issued->feature, feature, count * sizeof *feature);
    return RY_HOST_ISSUED;
}

enum ry_host_issued ry_host_interest(struct ry_host *host, uint16_t instrument, unsigned kinds)
{
    (void)host;
    if (!rig.in_start)
        return RY_HOST_NOT_NOW;
    rig.interest[instrument == RY_INTEREST_EVERY ? 2 : instrument] = kinds;
    return RY_HOST_ISSUED;
}

bool ry_host_interested(const struct ry_host *host)
{
    (void)host;
    bool interested = false; /* 99: never said; what EVERY said last, or everything */
    for (unsigned i = 0; i < 2; i++)
        interested |=
            (rig.interest[i] != 99 ? rig.interest[i] : rig.interest[2]) != RY_INTEREST_NONE;
    return interested;
}

int64_t ry_host_timer(struct ry_host *host, int64_t time)
{
    (void)host;
    return rig.timer = time == RY_TIME_NEVER || time >= rig.now + RY_TIMER_NS_MIN
                           ? time
                           : rig.now + RY_TIMER_NS_MIN;
}

__attribute__((unused)) static void rig_open(const char *params)
{
    rig = (struct rig){
        .commands_max = 32, .timer = RY_TIME_NEVER, .now = RIG_START, .interest = {99, 99, 99}};
    rig.battle = calloc(1, ry_battle_bytes(2));
    rig.battle->seed = 7;
    rig.battle->orders_max = 1000;
    rig.battle->instruments = 2;
    rig.battle->agents = 2;
    rig.battle->commands_max = rig.commands_max;
    rig.battle->trade_from = RIG_START;
    rig.battle->trade_to = RIG_START + 100 * RIG_SECOND;
    for (unsigned i = 0; i < 2; i++) {
        struct ry_battle_instrument *instrument = &rig.battle->instrument[i];
        *instrument = (struct ry_battle_instrument){
            .tick_size = RIG_TICK, .money_per_unit = 100, .price_scale = 4};
        strcpy(instrument->symbol, i == 0 ? "AAA" : "BBB");
    }
    struct ry_battle_agent *agent = &rig.battle->agent[1];
    *agent = (struct ry_battle_agent){.cash = 5000000,
                                      .notional_max = INT64_MAX,
                                      .position_max = 1000,
                                      .loss_max = 1,
                                      .quantity_max = 500,
                                      .open_orders_max = 20,
                                      .rate_max = 100,
                                      .collar_ppm = 50000};
    strcpy(agent->name, "tested");
    strcpy(agent->params, params);
    ck_assert_msg(ry_host_api_open(&rig.api, rig.battle, 1, NULL, NULL) == 0, "%s", rig.api.reason);
}

__attribute__((unused)) static void rig_close(void)
{
    ry_host_api_close(&rig.api);
    free(rig.battle);
}

__attribute__((unused)) static void rig_market(struct ry_market record)
{
    record.slots = 1;
    record.group = rig.group;
    record.time = rig.now;
    ry_host_api_see(&rig.api, &record);
    ck_assert_msg(!rig.api.failed, "%s", rig.api.reason);
}

/* A new order in the book of instrument 0 or 1, in a group of its own; returns its id. */
__attribute__((unused)) static uint32_t rig_rest(uint16_t instrument, enum ry_side side,
                                                 int64_t price, uint32_t qty)
{
    rig.group++;
    rig_market((struct ry_market){.kind = RY_MK_CHANGE,
                                  .instrument = instrument,
                                  .side = (uint8_t)side,
                                  .flags = RY_MKF_NEW | RY_MKF_LAST,
                                  .price = price,
                                  .order = ++rig.order,
                                  .qty = qty});
    return rig.order;
}

__attribute__((unused)) static void rig_gone(uint16_t instrument, enum ry_side side, int64_t price,
                                             uint32_t order)
{
    rig.group++;
    rig_market((struct ry_market){.kind = RY_MK_CHANGE,
                                  .instrument = instrument,
                                  .side = (uint8_t)side,
                                  .flags = RY_MKF_LAST,
                                  .price = price,
                                  .order = order});
}

static void rig_wake(enum ry_wake_kind kind, const struct ry_report *report)
{
    struct ry_host_wake wake = {.kind = kind, .now = rig.now};
    if (report != NULL)
        wake.report = *report;
    rig.count = 0;
    rig.in_start = kind == RY_WAKE_START;
    ry_host_api_wake(&rig.api, &wake);
    rig.in_start = false;
}

/* Both instruments trade; a book of `bid` x `ask` in instrument 0; then START. */
__attribute__((unused)) static void rig_start(int64_t bid, int64_t ask)
{
    rig.group++;
    rig_market((struct ry_market){.kind = RY_MK_STATE, .instrument = 0, .qty = 1});
    rig_market(
        (struct ry_market){.kind = RY_MK_STATE, .instrument = 1, .qty = 1, .flags = RY_MKF_LAST});
    if (bid != 0)
        rig_rest(0, RY_BUY, bid, 50);
    if (ask != 0)
        rig_rest(0, RY_SELL, ask, 50);
    rig_wake(RY_WAKE_START, NULL);
}

/* The timer that is set comes. */
__attribute__((unused)) static void rig_timer(void)
{
    ck_assert_int_ne(rig.timer, RY_TIME_NEVER);
    rig.now = rig.timer;
    rig.timer = RY_TIME_NEVER;
    rig_wake(RY_WAKE_TIMER, NULL);
}

/* A report; position and cash follow from fills. */
__attribute__((unused)) static void rig_report(struct ry_report report)
{
    if (report.kind == RY_RP_FILL)
        rig.position += report.side == RY_BUY ? (int64_t)report.qty : -(int64_t)report.qty;
    report.slots = 2;
    report.seq = ++rig.seq;
    report.group = rig.group;
    report.time = rig.now;
    report.position = rig.position;
    report.cash = rig.api.cash;
    rig_wake(RY_WAKE_REPORT, &report);
}

__attribute__((unused)) static void rig_reject(const struct issued *order, enum ry_reject code)
{
    rig_report((struct ry_report){.kind = RY_RP_REJECTED,
                                  .instrument = order->instrument,
                                  .side = (uint8_t)order->side,
                                  .code = (uint8_t)code,
                                  .cl_ord_id = order->cl_ord_id,
                                  .qty = order->qty});
}

/* ACCEPTED and RESTED, and the market's record of it; returns the id. */
__attribute__((unused)) static uint32_t rig_accept(struct issued order)
{
    struct ry_report report = {.kind = RY_RP_ACCEPTED,
                               .instrument = order.instrument,
                               .side = (uint8_t)order.side,
                               .cl_ord_id = order.cl_ord_id,
                               .price = order.price,
                               .qty = order.qty,
                               .leaves = order.qty};
    rig_report(report);
    report.kind = RY_RP_RESTED;
    report.order = rig.order + 1;
    rig_report(report);
    return rig_rest(order.instrument, order.side, order.price, order.qty);
}

__attribute__((unused)) static void rig_fill(struct issued order, uint32_t qty, uint32_t leaves)
{
    rig_report((struct ry_report){.kind = RY_RP_FILL,
                                  .instrument = order.instrument,
                                  .side = (uint8_t)order.side,
                                  .cause = RY_CAUSE_RECORDED,
                                  .cl_ord_id = order.cl_ord_id,
                                  .price = order.price,
                                  .qty = qty,
                                  .leaves = leaves});
}

__attribute__((unused)) static void rig_canceled(struct issued order, uint32_t qty,
                                                 enum ry_cancel code)
{
    rig_report((struct ry_report){.kind = RY_RP_CANCELED,
                                  .instrument = order.instrument,
                                  .side = (uint8_t)order.side,
                                  .code = (uint8_t)code,
                                  .cl_ord_id = order.cl_ord_id,
                                  .qty = qty});
}

__attribute__((unused)) static const char *rig_build(void)
{
    const char *build = getenv("ROYALE_BUILD");
    return build != NULL ? build : "build";
}

/* A strategy of the house, as the program would load it. */
__attribute__((unused)) static void rig_load(const char *name)
{
    char path[512], why[RY_HOST_LOAD_WHY_BYTES];
    snprintf(path, sizeof path, "%s/lib/royale/%s.so", rig_build(), name);
    int fd = ry_host_load_open(path, why);
    ck_assert_msg(fd >= 0, "%s", why);
    const struct ry_strategy *strategy = ry_host_load_library(fd, path, why);
    ck_assert_msg(strategy != NULL, "%s", why);
    ck_assert_int_eq(ry_host_api_attach(&rig.api, strategy), 0);
}

/* What the last callback issued, of one kind; NULL: nothing. The first one from `from` on. */
__attribute__((unused)) static const struct issued *rig_issued(enum ry_command_kind kind,
                                                               unsigned from)
{
    for (unsigned i = from; i < rig.count; i++)
        if (rig.issued[i].kind == kind)
            return &rig.issued[i];
    return NULL;
}

#endif
