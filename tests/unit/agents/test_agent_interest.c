/*
 * Interest as a strategy meets it: which events call it and with what, what the calls answer then,
 * and what of exec's word ends the agent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/stub/strategy_rig.h"

static struct {
    unsigned interest[2]; /* what `start` asks for */
    unsigned markets, reports, timers, starts;
    struct ry_market_event event[16];
    unsigned events;
    struct ry_level bid[STUB_LEVELS];
    unsigned bids, start_bids;
    int64_t cash, position, ahead;
    unsigned open;
} saw;

static void look(struct ry_agent *agent)
{
    struct ry_open_order order[4];
    saw.bids = ry_book(agent, 0, RY_BUY, saw.bid, STUB_LEVELS);
    saw.position = ry_position(agent, 0);
    saw.cash = ry_cash(agent);
    saw.open = ry_open_orders(agent, order, 4);
    saw.ahead = saw.open > 0 ? order[0].ahead : -2;
}

static void saw_start(struct ry_agent *agent)
{
    saw.starts++;
    for (unsigned i = 0; i < 2; i++)
        ck_assert(ry_interest(agent, i, saw.interest[i]));
    saw.start_bids = ry_book(agent, 0, RY_BUY, saw.bid, STUB_LEVELS);
    ck_assert(ry_trading(agent, 0));
    ck_assert_uint_eq(stub.api.invalid, 0); /* in start everything is there */
}

static void saw_market(struct ry_agent *agent, const struct ry_market_event *event, unsigned count)
{
    saw.markets++;
    ck_assert_uint_le(count, 16);
    memcpy(saw.event, event, count * sizeof *event);
    saw.events = count;
    look(agent);
}

static void saw_report(struct ry_agent *agent, const struct ry_report_event *report)
{
    (void)report;
    saw.reports++;
    look(agent);
}

static void saw_timer(struct ry_agent *agent)
{
    saw.timers++;
    look(agent);
}

#define STRATEGY(...)                                                                              \
    (&(const struct ry_strategy){.abi = RY_AGENT_ABI,                                              \
                                 .bytes = sizeof(struct ry_strategy),                              \
                                                                                                   \
                                 __VA_ARGS__})
#define LISTENS                                                                                    \
    STRATEGY(.start = saw_start, .market = saw_market, .report = saw_report, .timer = saw_timer)

/* Bids at 1000, 900 and 800, an ask at 1100; and START. */
static struct ry_agent *begin(const struct ry_strategy *strategy, unsigned first, unsigned second)
{
    memset(&saw, 0, sizeof saw);
    saw.interest[0] = first;
    saw.interest[1] = second;
    stub_open("");
    ck_assert_int_eq(ry_host_api_attach(&stub.api, strategy), 0);
    stub_rest(0, RY_BUY, 900, 2);
    stub_rest(0, RY_BUY, 800, 3);
    stub_start(1000, 1100);
    ck_assert_msg(!stub.api.failed, "%s", stub.api.reason);
    ck_assert_uint_eq(saw.start_bids, 3);
    stub.now++;
    return &stub.api.agent;
}

static bool is_level(unsigned i, unsigned side, int64_t price, uint64_t qty, uint32_t orders)
{
    const struct ry_market_event *event = &saw.event[i];
    return event->kind == RY_EVENT_LEVEL && event->instrument == 0 && event->side == side &&
           event->price == price && event->qty == qty && event->order == orders &&
           event->fresh == 0;
}

START_TEST(top)
{
    begin(LISTENS, RY_INTEREST_TOP(2) | RY_INTEREST_WAKE_BOOK, RY_INTEREST_NONE);
    stub_rest(0, RY_BUY, 950, 7); /* the second; 900 leaves the first two */
    stub_rest(0, RY_BUY, 1000, 5);
    stub_rest(0, RY_BUY, 700, 5); /* nobody sees it */
    stub_rest(1, RY_BUY, 700, 5);
    stub_wake(RY_WAKE_TOP, NULL);
    ck_assert_uint_eq(saw.events, 3);
    ck_assert(is_level(0, RY_BUY, 900, 0, 0) && is_level(1, RY_BUY, 950, 7, 1) &&
              is_level(2, RY_BUY, 1000, 55, 2));
    ck_assert_uint_eq(saw.bids, 2);
    ck_assert(saw.bid[0].price == 1000 && saw.bid[0].qty == 55 && saw.bid[0].orders == 2 &&
              saw.bid[1].price == 950);
    /* The next T is another callback's. */
    stub.now++;
    stub_rest(0, RY_SELL, 1050, 1);
    stub_wake(RY_WAKE_TOP, NULL);
    ck_assert(saw.events == 1 && is_level(0, RY_SELL, 1050, 1, 1) && saw.markets == 2);
    ck_assert(!stub.api.failed);
    stub_close();
}
END_TEST

START_TEST(levels)
{
    begin(LISTENS, RY_INTEREST_LEVELS | RY_INTEREST_WAKE_BOOK | RY_INTEREST_TRADES, 0);
    stub_rest(0, RY_BUY, 700, 5);
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert(saw.events == 1 && is_level(0, RY_BUY, 700, 5, 1) && saw.bids == 4);
    stub.group++;
    stub_market((struct ry_market){.kind = RY_MK_TRADE, .side = RY_SELL, .price = 700, .qty = 5});
    stub_market((struct ry_market){.kind = RY_MK_CHANGE,
                                   .side = RY_BUY,
                                   .price = 700,
                                   .flags = RY_MKF_LAST,
                                   .order = stub.order});
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert(saw.events == 2 && saw.event[0].kind == RY_EVENT_TRADE && saw.event[0].qty == 5);
    ck_assert(is_level(1, RY_BUY, 700, 0, 0) && saw.bids == 3);
    ck_assert(!stub.api.failed);
    stub_close();
}
END_TEST

/* The levels of a TOP come before the groups of their T, and their callback after those'. */
START_TEST(a_top_beside_orders)
{
    struct ry_agent *agent = begin(LISTENS, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK,
                                   RY_INTEREST_ORDERS | RY_INTEREST_WAKE_BOOK);
    struct ry_level best;
    stub_rest(0, RY_BUY, 1050, 9);
    stub_rest(1, RY_BUY, 500, 1);
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert_uint_eq(saw.events, 1);
    ck_assert(saw.event[0].kind == RY_EVENT_CHANGE && saw.event[0].instrument == 1 &&
              saw.event[0].order == stub.order && saw.event[0].fresh);
    ck_assert(saw.bids == 1 && saw.bid[0].price == 1050); /* TOP is the book of all of T */
    stub_rest(1, RY_BUY, 600, 1);
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert(saw.events == 1 && saw.event[0].price == 600);
    stub_wake(RY_WAKE_TOP, NULL);
    ck_assert(saw.events == 2 && is_level(0, RY_BUY, 1000, 0, 0) &&
              is_level(1, RY_BUY, 1050, 9, 1));
    ck_assert(ry_best(agent, 1, RY_BUY, &best) && best.price == 600);
    stub_close();
}
END_TEST

/* What calls nobody is there at the next call of any kind. */
START_TEST(what_does_not_call)
{
    begin(LISTENS, RY_INTEREST_TOP(1), RY_INTEREST_NONE);
    stub_rest(0, RY_BUY, 1050, 9);
    stub.now++;
    stub_wake(RY_WAKE_TIMER, NULL);
    ck_assert(saw.timers == 1 && saw.markets == 0 && saw.bids == 1 && saw.bid[0].price == 1050);
    stub_close();

    /* Own reports of a strategy that does not listen. */
    struct ry_agent *agent =
        begin(STRATEGY(.start = saw_start, .timer = saw_timer), RY_INTEREST_ORDERS, 0);
    stub_wake(RY_WAKE_TIMER, NULL);
    ry_order(agent, 0, RY_BUY, 4, 900, RY_LIMIT);
    stub_accept((struct stub_issued){
        .kind = RY_CM_ORDER, .side = RY_BUY, .price = 900, .qty = 4, .cl_ord_id = 1});
    const struct ry_report fill = {.kind = RY_RP_FILL,
                                   .side = RY_BUY,
                                   .cl_ord_id = 1,
                                   .qty = 3,
                                   .leaves = 1,
                                   .time = stub.now,
                                   .group = stub.group,
                                   .cash = 77,
                                   .position = 3};
    ry_host_api_see_report(&stub.api, &fill);
    stub_wake(RY_WAKE_TIMER, NULL);
    ck_assert_uint_eq(saw.open, 1);
    ck_assert_int_eq(saw.ahead, 2);
    ck_assert(saw.cash == 77 && saw.position == 3);
    stub_close();
}
END_TEST

static void tell_trade(uint16_t instrument, uint32_t qty)
{
    stub_market((struct ry_market){
        .kind = RY_MK_TRADE, .instrument = instrument, .side = RY_SELL, .price = 700, .qty = qty});
}

static void tell_state(uint16_t instrument, bool trades)
{
    stub_market((struct ry_market){.kind = RY_MK_STATE, .instrument = instrument, .qty = trades});
}

static bool is_event(unsigned i, enum ry_market_event_kind kind, uint16_t instrument, uint64_t qty)
{
    const struct ry_market_event *event = &saw.event[i];
    return event->kind == kind && event->instrument == instrument && event->qty == qty;
}

/* Trades and states that did not call come first in the next call, by a group or by a TOP; what
 * happened to a book in the meantime is in the book. */
START_TEST(what_waits_for_a_call)
{
    begin(LISTENS, RY_INTEREST_ORDERS | RY_INTEREST_WAKE_BOOK,
          RY_INTEREST_LEVELS | RY_INTEREST_TRADES | RY_INTEREST_STATES);
    stub_rest(1, RY_BUY, 700, 5);
    tell_trade(1, 3);
    stub.group++;
    tell_state(1, false);
    stub_wake(RY_WAKE_TIMER, NULL); /* it has no events, and takes none away */
    stub.now++;
    stub_rest(0, RY_BUY, 600, 8);
    tell_trade(1, 4);
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert(saw.markets == 1 && saw.events == 4);
    ck_assert(is_event(0, RY_EVENT_TRADE, 1, 3) && is_event(1, RY_EVENT_STATE, 1, 0) &&
              is_event(2, RY_EVENT_CHANGE, 0, 8) && is_event(3, RY_EVENT_TRADE, 1, 4));
    stub_rest(0, RY_BUY, 600, 9); /* each once */
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert(saw.events == 1 && is_event(0, RY_EVENT_CHANGE, 0, 9));
    stub_close();

    begin(LISTENS, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK,
          RY_INTEREST_ORDERS | RY_INTEREST_TRADES);
    stub.group++;
    tell_trade(1, 3);
    stub_rest(0, RY_BUY, 1050, 9);
    stub_rest(1, RY_BUY, 500, 1);
    tell_trade(1, 4);
    stub_wake(RY_WAKE_TOP, NULL);
    ck_assert(saw.markets == 1 && saw.events == 4);
    ck_assert(is_event(0, RY_EVENT_TRADE, 1, 3) && is_event(1, RY_EVENT_TRADE, 1, 4) &&
              is_level(2, RY_BUY, 1000, 0, 0) && is_level(3, RY_BUY, 1050, 9, 1));
    stub.now++;
    stub_rest(0, RY_BUY, 1060, 9);
    stub_wake(RY_WAKE_TOP, NULL);
    ck_assert(saw.markets == 2 && saw.events == 2 && is_level(1, RY_BUY, 1060, 9, 1));
    stub_close();
}
END_TEST

/* One group of the machine at random, and what the next call is to give, as a slow list. */
static struct {
    struct ry_market_event due[16];
    unsigned count, waiting; /* the first `waiting` did not call */
    uint32_t qty, order;
} model;

static void model_group(unsigned records)
{
    model.count = model.waiting;
    stub.group++;
    while (records-- > 0) {
        const enum ry_market_event_kind kind = RY_EVENT_CHANGE + (unsigned)rand() % 3;
        const bool change = kind == RY_EVENT_CHANGE;
        struct ry_market record = {.kind = (uint8_t)kind,
                                   .instrument = change ? 0 : 1,
                                   .side = RY_BUY,
                                   .order = change ? model.order : 0,
                                   .price = 100,
                                   .qty = ++model.qty};
        if (kind == RY_EVENT_STATE)
            record.qty %= 2;
        stub_market(record);
        model.due[model.count++] = (struct ry_market_event){
            .kind = record.kind, .instrument = record.instrument, .qty = record.qty};
    }
}

static void model_no_call(void)
{
    for (unsigned i = model.waiting; i < model.count; i++)
        if (model.due[i].kind != RY_EVENT_CHANGE)
            model.due[model.waiting++] = model.due[i];
}

START_TEST(what_waits_is_what_was_told)
{
    begin(LISTENS, RY_INTEREST_ORDERS | RY_INTEREST_WAKE_BOOK,
          RY_INTEREST_TRADES | RY_INTEREST_STATES);
    memset(&model, 0, sizeof model);
    model.order = stub_rest(0, RY_BUY, 100, 1);
    srand(9);
    unsigned calls = 0, most = 0;
    for (unsigned step = 0; step < 2000; step++) {
        model_group(1 + (unsigned)rand() % 3);
        if (rand() % 4 != 0 && model.count < 12) {
            model_no_call();
            continue;
        }
        stub_wake(RY_WAKE_MARKET, NULL);
        ck_assert_uint_eq(saw.markets, ++calls);
        ck_assert_uint_eq(saw.events, model.count);
        for (unsigned i = 0; i < model.count; i++)
            ck_assert(is_event(i, model.due[i].kind, model.due[i].instrument, model.due[i].qty));
        most = model.waiting > most ? model.waiting : most;
        model.waiting = 0;
    }
    ck_assert(calls > 100 && most > 6);
    stub_close();
}
END_TEST

static struct {
    unsigned count, calls;
    uint64_t first, last, own;
} flood;

static void flood_market(struct ry_agent *agent, const struct ry_market_event *event,
                         unsigned count)
{
    (void)agent;
    flood.calls++;
    flood.count = count;
    flood.first = event[0].qty;
    flood.last = event[count > 1 ? count - 2 : 0].qty;
    flood.own = event[count - 1].qty;
}

/* The newest are left out, counted, and that is said once. */
START_TEST(more_waits_than_is_kept)
{
    memset(&flood, 0, sizeof flood);
    begin(STRATEGY(.start = saw_start, .market = flood_market),
          RY_INTEREST_ORDERS | RY_INTEREST_WAKE_BOOK, RY_INTEREST_TRADES);
    stub_hear();
    for (unsigned i = 1; i <= RY_HOST_API_KEPT_MAX + 5; i++) {
        stub.group += i % 2;
        tell_trade(1, i);
    }
    ck_assert_uint_eq(stub.api.events_cut, 4); /* the last group is in work */
    stub_rest(0, RY_BUY, 600, 8);
    ck_assert_uint_eq(stub.api.events_cut, 5);
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert_uint_eq(flood.count, RY_HOST_API_KEPT_MAX + 1);
    ck_assert(flood.first == 1 && flood.last == RY_HOST_API_KEPT_MAX && flood.own == 8);
    ck_assert_str_eq(stub_heard(),
                     "WARN more than 65536 trades and states wait for the next call of market: the "
                     "newest are left out, and counted (events_cut); add RY_INTEREST_WAKE_TRADES, "
                     "or ask for no trades");
    ck_assert_str_eq(stub_heard(), "");
    tell_trade(1, 7); /* there is room again */
    stub_rest(0, RY_BUY, 601, 8);
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert(flood.count == 2 && flood.first == 7 && stub.api.events_cut == 5);
    stub_close();
}
END_TEST

/* Without a call to come nothing waits. */
START_TEST(nothing_waits_for_nothing)
{
    begin(LISTENS, RY_INTEREST_ORDERS, RY_INTEREST_TRADES | RY_INTEREST_STATES);
    for (unsigned i = 0; i < 9; i++) {
        stub.group++;
        tell_trade(1, i);
        tell_state(1, i % 2);
    }
    ck_assert_uint_eq(stub.api.group.count, 0);
    stub_close();
}
END_TEST

START_TEST(ahead_needs_orders)
{
    static const unsigned without[] = {RY_INTEREST_NONE, RY_INTEREST_TOP(20), RY_INTEREST_LEVELS};
    for (unsigned i = 0; i < 3; i++) {
        struct ry_open_order order;
        struct ry_agent *agent = begin(LISTENS, without[i], RY_INTEREST_ORDERS);
        stub_accept((struct stub_issued){
            .kind = RY_CM_ORDER, .side = RY_BUY, .price = 900, .qty = 4, .cl_ord_id = 1});
        const uint64_t invalid = stub.api.invalid; /* `look` wants more levels */
        stub_rest(1, RY_BUY, 5, 5);                /* the group goes on */
        ck_assert(ry_open_order(agent, 1, &order) && order.ahead == -1);
        ck_assert(ry_open_orders(agent, &order, 1) == 1 && order.ahead == -1);
        ck_assert_uint_eq(stub.api.invalid, invalid); /* a field, not a question */
        stub_wake(RY_WAKE_TIMER, NULL);
        ck_assert(saw.open == 1 && saw.ahead == -1);
        stub_close();
    }
}
END_TEST

/* Without `market` nothing of the market may wake; in one word where all ask for the same. */
START_TEST(no_callback_for_the_market)
{
    stub_open("");
    ck_assert_int_eq(ry_host_api_attach(&stub.api, STRATEGY(.start = NULL)), 0);
    stub_start(1000, 1100);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(stub.interest[i],
                          RY_INTEREST_ORDERS | RY_INTEREST_TRADES | RY_INTEREST_STATES);
    stub_close();

    begin(STRATEGY(.start = saw_start, .timer = saw_timer),
          RY_INTEREST_TOP(3) | RY_INTEREST_WAKE_BOOK, RY_INTEREST_NONE | RY_INTEREST_WAKE_TRADES);
    ck_assert_uint_eq(stub.interest[0], RY_INTEREST_TOP(3));
    ck_assert_uint_eq(stub.interest[1], RY_INTEREST_TRADES);
    stub_close();

    begin(LISTENS, RY_INTEREST_TOP(3) | RY_INTEREST_WAKE_BOOK, RY_INTEREST_WAKE_STATES);
    ck_assert_uint_eq(stub.interest[0], RY_INTEREST_TOP(3) | RY_INTEREST_WAKE_BOOK);
    ck_assert_uint_eq(stub.interest[1], RY_INTEREST_WAKE_STATES);
    stub_close();
}
END_TEST

/* ---- exec's word ----------------------------------------------------------------------------- */

static void ck_ends(const char *reason)
{
    ck_assert(stub.api.failed);
    ck_assert_str_eq(stub.api.reason, reason);
    ck_assert_uint_eq(saw.markets + saw.reports + saw.timers, 0);
    stub_close();
}

START_TEST(a_wake_without_its_records)
{
    static const char reason[] = "woken by records of the market that did not come";
    begin(LISTENS, RY_INTEREST_ALL, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK);
    stub_rest(0, RY_BUY, 950, 7);
    stub.group++;
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_ends(reason);

    begin(LISTENS, RY_INTEREST_ALL, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK);
    stub_rest(1, RY_BUY, 950, 7);
    stub.now++;
    stub_wake(RY_WAKE_TOP, NULL);
    ck_ends(reason);

    begin(LISTENS, RY_INTEREST_TOP(1), RY_INTEREST_LEVELS); /* neither wakes */
    stub_rest(1, RY_BUY, 950, 7);
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_ends(reason);

    begin(STRATEGY(.start = saw_start, .timer = saw_timer), RY_INTEREST_ALL, RY_INTEREST_ALL);
    stub_rest(1, RY_BUY, 950, 7);
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_ends(reason);
}
END_TEST

START_TEST(a_record_of_a_later_time)
{
    char reason[128];
    snprintf(reason, sizeof reason, "told of T %lld, which is later than that of the wake, %lld",
             (long long)STUB_START + 2, (long long)STUB_START + 1);
    for (unsigned i = 0; i < 3; i++) {
        begin(LISTENS, RY_INTEREST_ALL, RY_INTEREST_TOP(1));
        stub.now++;
        if (i < 2)
            stub_rest((uint16_t)i, RY_BUY, 950, 7);
        else
            ry_host_api_see_report(&stub.api,
                                   &(struct ry_report){.kind = RY_RP_CANCELED, .time = stub.now});
        stub.now--;
        stub_wake(RY_WAKE_TIMER, NULL);
        ck_ends(reason);
    }
}
END_TEST

START_TEST(more_levels_than_a_top_has)
{
    begin(LISTENS, RY_INTEREST_TOP(1), RY_INTEREST_NONE);
    stub_see(&(union ry_told_any){.level = {.kind = RY_TOLD_LEVEL,
                                            .side = RY_BUY,
                                            .time = stub.now,
                                            .price = 1050,
                                            .qty = 1,
                                            .orders = 1}});
    ck_assert(!stub.api.failed);
    stub_wake(RY_WAKE_TIMER, NULL);
    ck_ends("told of more levels than its interest in a TOP has");
}
END_TEST

START_TEST(a_record_that_was_not_asked_for)
{
    begin(LISTENS, RY_INTEREST_TOP(1), RY_INTEREST_NONE);
    stub_see(&(union ry_told_any){
        .market = {.kind = RY_MK_TRADE, .instrument = 1, .side = RY_SELL, .group = 8, .price = 5}});
    ck_ends("market record of group 8 makes no sense: kind 2, instrument 1, side 2, price 5");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_interest");
    TCase *c = tcase_create("interest");
    tcase_add_test(c, top);
    tcase_add_test(c, levels);
    tcase_add_test(c, a_top_beside_orders);
    tcase_add_test(c, what_does_not_call);
    tcase_add_test(c, what_waits_for_a_call);
    tcase_add_test(c, what_waits_is_what_was_told);
    tcase_add_test(c, more_waits_than_is_kept);
    tcase_add_test(c, nothing_waits_for_nothing);
    tcase_add_test(c, ahead_needs_orders);
    tcase_add_test(c, no_callback_for_the_market);
    tcase_add_test(c, a_wake_without_its_records);
    tcase_add_test(c, a_record_of_a_later_time);
    tcase_add_test(c, more_levels_than_a_top_has);
    tcase_add_test(c, a_record_that_was_not_asked_for);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
