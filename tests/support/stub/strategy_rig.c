#include "tests/support/stub/strategy_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/load.h"

struct stub stub;

static struct stub_issued *stub_issue(enum ry_command_kind kind)
{
    ck_assert_uint_lt(stub.count, STUB_ISSUED_MAX);
    struct stub_issued *issued = &stub.issued[stub.count++];
    *issued = (struct stub_issued){.kind = kind};
    return issued;
}

static enum ry_host_issued stub_may_issue(void)
{
    return stub.outside                      ? RY_HOST_NOT_NOW
           : stub.count >= stub.commands_max ? RY_HOST_FULL
                                             : RY_HOST_ISSUED;
}

enum ry_host_issued ry_host_order(struct ry_host *host, uint16_t instrument, enum ry_side side,
                                  int64_t price, uint32_t qty, uint16_t flags, uint64_t cl_ord_id)
{
    (void)host;
    if (stub_may_issue() != RY_HOST_ISSUED)
        return stub_may_issue();
    struct stub_issued *issued = stub_issue(RY_CM_ORDER);
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
    const enum ry_host_issued may = stub_may_issue();
    if (may == RY_HOST_ISSUED)
        stub_issue(RY_CM_CANCEL)->cl_ord_id = cl_ord_id;
    return may;
}

enum ry_host_issued ry_host_decision(struct ry_host *host, uint64_t cl_ord_id, uint32_t intent,
                                     const int64_t *feature, uint32_t count)
{
    (void)host;
    if (count > 8)
        return RY_HOST_INVALID;
    if (stub_may_issue() != RY_HOST_ISSUED)
        return stub_may_issue();
    struct stub_issued *issued = stub_issue(RY_CM_DECISION);
    issued->cl_ord_id = cl_ord_id;
    issued->intent = intent;
    issued->count = count;
    memcpy(issued->feature, feature, count * sizeof *feature);
    return RY_HOST_ISSUED;
}

enum ry_host_issued ry_host_interest(struct ry_host *host, uint16_t instrument, unsigned interest)
{
    (void)host;
    if (!stub.in_start)
        return RY_HOST_NOT_NOW;
    if (!ry_interest_makes_sense(interest))
        return RY_HOST_INVALID;
    if (instrument != RY_INTEREST_EVERY)
        stub.interest[instrument] = interest;
    for (unsigned i = 0; i < 3 && instrument == RY_INTEREST_EVERY; i++)
        stub.interest[i] = interest;
    return RY_HOST_ISSUED;
}

unsigned ry_host_interest_of(const struct ry_host *host, uint16_t instrument)
{
    (void)host;
    return stub.interest[instrument];
}

bool ry_host_woken_by_market(const struct ry_host *host)
{
    (void)host;
    return ((stub.interest[0] | stub.interest[1]) & RY_INTEREST_WAKE_BITS) != 0;
}

int64_t ry_host_timer(struct ry_host *host, int64_t time)
{
    (void)host;
    if (time < stub.now + RY_TIMER_NS_MIN) {
        time = stub.now + RY_TIMER_NS_MIN;
        stub.timers_clamped++;
    }
    return stub.timer = time;
}

void stub_open(const char *params)
{
    stub = (struct stub){.commands_max = 32,
                         .timer = RY_TIME_NEVER,
                         .now = STUB_START,
                         .interest = {RY_INTEREST_ALL, RY_INTEREST_ALL, RY_INTEREST_ALL}};
    stub.battle = calloc(1, ry_battle_bytes(2));
    stub.battle->seed = 7;
    stub.battle->orders_max = 1000;
    stub.battle->instruments = 2;
    stub.battle->agents = 2;
    stub.battle->commands_max = stub.commands_max;
    stub.battle->trade_from = STUB_START;
    stub.battle->trade_to = STUB_START + 100 * STUB_SECOND;
    for (unsigned i = 0; i < 2; i++) {
        struct ry_battle_instrument *instrument = &stub.battle->instrument[i];
        *instrument = (struct ry_battle_instrument){
            .tick_size = STUB_TICK, .money_per_unit = 100, .price_scale = 4};
        strcpy(instrument->symbol, i == 0 ? "AAA" : "BBB");
    }
    struct ry_battle_agent *agent = &stub.battle->agent[1];
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
    ck_assert_msg(ry_host_api_open(&stub.api, stub.battle, 1, NULL, NULL) == 0, "%s",
                  stub.api.reason);
    ck_assert_int_eq(ry_host_book_open(&stub.book, stub.battle->orders_max, 2, 0), 0);
}

void stub_close(void)
{
    ry_host_api_close(&stub.api);
    ry_host_book_close(&stub.book);
    free(stub.battle);
    free(stub.log.memory);
}

void stub_hear(void)
{
    const size_t bytes = ry_ring_footprint(RY_LOG_SLOTS);
    stub.log.memory =
        aligned_alloc(RY_ISOLATION, (bytes + RY_ISOLATION - 1) / RY_ISOLATION * RY_ISOLATION);
    ck_assert_ptr_nonnull(stub.log.memory);
    memset(stub.log.memory, 0, bytes);
    ry_ring_create(&stub.log.writer, stub.log.memory, RY_LOG_SLOTS);
    ck_assert_int_eq(ry_ring_join(&stub.log.reader, stub.log.memory, bytes), 0);
    stub.api.log = &stub.log.writer;
}

const char *stub_heard(void)
{
    static char line[RY_LOG_TEXT_MAX + 16];
    struct ry_log_record record;
    if (ry_log_next(&stub.log.reader, &record) != 1)
        return "";
    snprintf(line, sizeof line, "%s %.*s", ry_log_level_name((enum ry_log_level)record.level),
             (int)record.length, record.text);
    return line;
}

void stub_see(const union ry_told_any *record)
{
    ry_host_api_see(&stub.api, record);
}

static void see_soundly(const union ry_told_any *record)
{
    stub_see(record);
    ck_assert_msg(!stub.api.failed, "%s", stub.api.reason);
}

static const struct ry_host_book_level *level_at(const struct ry_host_book_level *levels,
                                                 int64_t price)
{
    for (unsigned i = 0; i < STUB_LEVELS && levels[i].orders > 0; i++)
        if (levels[i].price == price)
            return &levels[i];
    return NULL;
}

static void tell_level(uint16_t instrument, unsigned side, int64_t price,
                       const struct ry_host_book_level *level)
{
    const bool top = ry_interest_top(stub.interest[instrument]) > 0;
    see_soundly(&(union ry_told_any){.level = {.kind = RY_TOLD_LEVEL,
                                               .slots = 1,
                                               .instrument = instrument,
                                               .side = (uint8_t)side,
                                               .group = top ? 0 : stub.group,
                                               .time = stub.now,
                                               .price = price,
                                               .qty = level != NULL ? level->qty : 0,
                                               .orders = level != NULL ? level->orders : 0}});
}

/* The levels that the agent is told of, against those it was told of last. */
static void tell_levels(uint16_t instrument, unsigned side, bool silently)
{
    const unsigned top = ry_interest_top(stub.interest[instrument]);
    struct ry_host_book_level *told = stub.told[instrument][side - 1], now[STUB_LEVELS] = {{0}};
    const struct ry_host_book_level *level;
    for (unsigned i = 0;
         i < (top > 0 ? top : STUB_LEVELS) &&
         (level = ry_host_book_level(&stub.book, instrument, (enum ry_side)side, i)) != NULL;
         i++)
        now[i] = *level;
    for (unsigned i = 0; i < STUB_LEVELS && told[i].orders > 0 && !silently; i++)
        if (level_at(now, told[i].price) == NULL)
            tell_level(instrument, side, told[i].price, NULL);
    for (unsigned i = 0; i < STUB_LEVELS && now[i].orders > 0 && !silently; i++) {
        const struct ry_host_book_level *old = level_at(told, now[i].price);
        if (old == NULL || old->qty != now[i].qty || old->orders != now[i].orders)
            tell_level(instrument, side, now[i].price, &now[i]);
    }
    memcpy(told, now, sizeof now);
}

void stub_market(struct ry_market record)
{
    record.slots = 1;
    record.group = stub.group;
    record.time = stub.now;
    const unsigned interest = stub.interest[record.instrument];
    const unsigned book = interest & RY_INTEREST_BOOK_MASK;
    const union ry_told_any any = {.market = record};
    const bool whole = !stub.api.began || book == RY_INTEREST_ORDERS;
    if (record.kind != RY_MK_TRADE)
        ck_assert(ry_host_book_market(&stub.book, &any));
    if (record.kind == RY_MK_CHANGE && !whole && book != RY_INTEREST_NONE)
        tell_levels(record.instrument, record.side, false);
    else if ((record.kind == RY_MK_CHANGE && whole) ||
             (record.kind == RY_MK_TRADE && stub.api.began && (interest & RY_INTEREST_TRADES)) ||
             (record.kind == RY_MK_STATE && (interest & RY_INTEREST_STATES)))
        see_soundly(&any);
}

uint32_t stub_rest(uint16_t instrument, enum ry_side side, int64_t price, uint32_t qty)
{
    stub.group++;
    stub_market((struct ry_market){.kind = RY_MK_CHANGE,
                                   .instrument = instrument,
                                   .side = (uint8_t)side,
                                   .flags = RY_MKF_NEW | RY_MKF_LAST,
                                   .price = price,
                                   .order = ++stub.order,
                                   .qty = qty});
    return stub.order;
}

void stub_gone(uint16_t instrument, enum ry_side side, int64_t price, uint32_t order)
{
    stub.group++;
    stub_market((struct ry_market){.kind = RY_MK_CHANGE,
                                   .instrument = instrument,
                                   .side = (uint8_t)side,
                                   .flags = RY_MKF_LAST,
                                   .price = price,
                                   .order = order});
}

void stub_wake(enum ry_wake_kind kind, const struct ry_report *report)
{
    struct ry_host_wake wake = {.kind = kind, .now = stub.now};
    if (kind == RY_WAKE_MARKET)
        wake.group = stub.group;
    if (report != NULL) {
        wake.report = *report;
        ry_host_api_see_report(&stub.api, report);
    }
    stub.count = 0;
    stub.in_start = kind == RY_WAKE_START;
    ry_host_api_wake(&stub.api, &wake);
    stub.in_start = false;
    for (unsigned i = 0; i < 4 && kind == RY_WAKE_START; i++)
        tell_levels((uint16_t)(i / 2), i % 2 + 1, true);
}

void stub_start(int64_t bid, int64_t ask)
{
    stub.group++;
    stub_market((struct ry_market){.kind = RY_MK_STATE, .instrument = 0, .qty = 1});
    stub_market(
        (struct ry_market){.kind = RY_MK_STATE, .instrument = 1, .qty = 1, .flags = RY_MKF_LAST});
    if (bid != 0)
        stub_rest(0, RY_BUY, bid, 50);
    if (ask != 0)
        stub_rest(0, RY_SELL, ask, 50);
    stub_wake(RY_WAKE_START, NULL);
}

void stub_timer(void)
{
    ck_assert_int_ne(stub.timer, RY_TIME_NEVER);
    stub.now = stub.timer;
    stub.timer = RY_TIME_NEVER;
    stub_wake(RY_WAKE_TIMER, NULL);
}

void stub_report(struct ry_report report)
{
    if (report.kind == RY_RP_FILL)
        stub.position += report.side == RY_BUY ? (int64_t)report.qty : -(int64_t)report.qty;
    report.slots = 2;
    report.seq = ++stub.seq;
    report.group = stub.group;
    report.time = stub.now;
    report.position = stub.position;
    report.cash = stub.api.cash;
    stub_wake(RY_WAKE_REPORT, &report);
}

void stub_reject(const struct stub_issued *order, enum ry_reject code)
{
    stub_report((struct ry_report){.kind = RY_RP_REJECTED,
                                   .instrument = order->instrument,
                                   .side = (uint8_t)order->side,
                                   .code = (uint8_t)code,
                                   .cl_ord_id = order->cl_ord_id,
                                   .qty = order->qty});
}

uint32_t stub_accept(struct stub_issued order)
{
    struct ry_report report = {.kind = RY_RP_ACCEPTED,
                               .instrument = order.instrument,
                               .side = (uint8_t)order.side,
                               .cl_ord_id = order.cl_ord_id,
                               .price = order.price,
                               .qty = order.qty,
                               .leaves = order.qty};
    stub_report(report);
    report.kind = RY_RP_RESTED;
    report.order = stub.order + 1;
    stub_report(report);
    return stub_rest(order.instrument, order.side, order.price, order.qty);
}

void stub_fill(struct stub_issued order, uint32_t qty, uint32_t leaves)
{
    stub_report((struct ry_report){.kind = RY_RP_FILL,
                                   .instrument = order.instrument,
                                   .side = (uint8_t)order.side,
                                   .cause = RY_CAUSE_RECORDED,
                                   .cl_ord_id = order.cl_ord_id,
                                   .price = order.price,
                                   .qty = qty,
                                   .leaves = leaves});
}

void stub_canceled(struct stub_issued order, uint32_t qty, enum ry_cancel code)
{
    stub_report((struct ry_report){.kind = RY_RP_CANCELED,
                                   .instrument = order.instrument,
                                   .side = (uint8_t)order.side,
                                   .code = (uint8_t)code,
                                   .cl_ord_id = order.cl_ord_id,
                                   .qty = qty});
}

static const char *stub_build(void)
{
    const char *build = getenv("ROYALE_BUILD");
    return build != NULL ? build : "build";
}

void stub_load(const char *name)
{
    char path[512], why[RY_HOST_LOAD_WHY_BYTES];
    snprintf(path, sizeof path, "%s/lib/royale/%s.so", stub_build(), name);
    int fd = ry_host_load_open(path, why);
    ck_assert_msg(fd >= 0, "%s", why);
    const struct ry_strategy *strategy = ry_host_load_library(fd, path, why);
    ck_assert_msg(strategy != NULL, "%s", why);
    ck_assert_int_eq(ry_host_api_attach(&stub.api, strategy), 0);
}

const struct stub_issued *stub_issued(enum ry_command_kind kind, unsigned from)
{
    for (unsigned i = from; i < stub.count; i++)
        if (stub.issued[i].kind == kind)
            return &stub.issued[i];
    return NULL;
}
