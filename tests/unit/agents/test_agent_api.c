/* The calls of agent.h: what they issue, what they answer, and that the header's words are shm's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/results/results.h"
#include "tests/support/stub/strategy_rig.h"

static struct {
    unsigned starts, markets, reports, timers, stops;
    struct ry_market_event event[8];
    unsigned events;
    struct ry_report_event report;
    uint64_t order;
    bool interest_late;
} saw;

static void saw_start(struct ry_agent *agent)
{
    saw.starts++;
    ck_assert(ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE));
    ck_assert(ry_interest(agent, 1, RY_INTEREST_ORDERS | RY_INTEREST_WAKE_TRADES));
    ck_assert(!ry_interest(agent, 2, RY_INTEREST_ALL));
}

static void saw_market(struct ry_agent *agent, const struct ry_market_event *event, unsigned count)
{
    saw.markets++;
    saw.events = count;
    memcpy(saw.event, event, count * sizeof *event);
    saw.interest_late = ry_interest(agent, 0, RY_INTEREST_ALL);
}

static void saw_report(struct ry_agent *agent, const struct ry_report_event *report)
{
    (void)agent;
    saw.reports++;
    saw.report = *report;
}

static void saw_timer(struct ry_agent *agent)
{
    saw.timers++;
    saw.order = ry_order(agent, 0, RY_BUY, 5, 900, RY_LIMIT);
}

static void saw_stop(struct ry_agent *agent)
{
    (void)agent;
    saw.stops++;
    stub.outside = true;
    saw.order = ry_order(agent, 0, RY_BUY, 5, 900, RY_LIMIT);
}

static const struct ry_strategy watcher = {.abi = RY_AGENT_ABI,
                                           .bytes = sizeof(struct ry_strategy),
                                           .state_bytes = 40,
                                           .start = saw_start,
                                           .market = saw_market,
                                           .report = saw_report,
                                           .timer = saw_timer,
                                           .stop = saw_stop};
static const struct ry_strategy nothing = {.abi = RY_AGENT_ABI,
                                           .bytes = sizeof(struct ry_strategy)};

static struct ry_agent *agent_with(const struct ry_strategy *strategy, const char *params)
{
    memset(&saw, 0, sizeof saw);
    stub_open(params);
    ck_assert_int_eq(ry_host_api_attach(&stub.api, strategy), 0);
    return &stub.api.agent;
}

START_TEST(callbacks)
{
    struct ry_agent *agent = agent_with(&watcher, "");
    for (unsigned i = 0; i < 40; i++)
        ck_assert_int_eq(((char *)agent->state)[i], 0);
    stub_start(1000, 1100);
    ck_assert_uint_eq(saw.starts, 1);
    ck_assert_uint_eq(stub.interest[2], RY_INTEREST_NONE);
    ck_assert_uint_eq(stub.interest[1], RY_INTEREST_ORDERS | RY_INTEREST_WAKE_TRADES);
    stub.now++;
    stub.group++;
    stub_market((struct ry_market){
        .kind = RY_MK_TRADE, .instrument = 1, .side = RY_SELL, .price = 7, .qty = 3});
    stub_market((struct ry_market){.kind = RY_MK_CHANGE,
                                   .instrument = 1,
                                   .side = RY_BUY,
                                   .flags = RY_MKF_NEW | RY_MKF_LAST,
                                   .price = 8,
                                   .order = 9,
                                   .qty = 4});
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert_uint_eq(saw.events, 2);
    ck_assert(saw.event[0].kind == RY_EVENT_TRADE && saw.event[0].side == RY_SELL &&
              saw.event[0].price == 7 && saw.event[0].qty == 3 && saw.event[0].instrument == 1);
    ck_assert(saw.event[1].kind == RY_EVENT_CHANGE && saw.event[1].fresh &&
              saw.event[1].order == 9 && saw.event[1].qty == 4);
    ck_assert(!saw.interest_late);
    ck_assert_int_eq(ry_now(agent), stub.now);
    stub_wake(RY_WAKE_TIMER, NULL);
    ck_assert_uint_eq(saw.order, 1);
    stub_accept(stub.issued[0]);
    ck_assert_uint_eq(saw.report.kind, RY_REPORT_RESTED);
    ck_assert_uint_eq(saw.reports, 2);
    const struct ry_report out = {
        .kind = RY_RP_OUT, .code = RY_OUT_LOSS, .time = stub.now + 5, .cash = 17};
    ry_host_api_stop(&stub.api, &out);
    ck_assert(saw.report.kind == RY_REPORT_OUT && saw.report.code == RY_OUT_LOSS &&
              saw.stops == 1 && saw.order == 0);
    ck_assert_int_eq(ry_cash(agent), 17);
    ck_assert_uint_eq(stub.api.invalid, 3);
    stub_close();
}
END_TEST

START_TEST(a_strategy_may_have_no_callback)
{
    agent_with(&nothing, "");
    stub_start(1000, 1100);
    stub_wake(RY_WAKE_TIMER, NULL);
    stub_report((struct ry_report){.kind = RY_RP_CANCELED, .cl_ord_id = 3});
    ry_host_api_stop(&stub.api, NULL);
    ck_assert(!stub.api.failed);
    stub_close();
}
END_TEST

START_TEST(orders)
{
    struct ry_agent *agent = agent_with(&nothing, "");
    stub_start(1000, 1100);
    ck_assert_uint_eq(ry_order(agent, 1, RY_SELL, 7, 1200, RY_LIMIT), 1);
    ck_assert_uint_eq(ry_order(agent, 0, RY_BUY, 8, 1300, RY_IOC), 2);
    ck_assert_uint_eq(ry_order(agent, 0, RY_BUY, 9, 0, RY_MARKET), 3);
    ck_assert(ry_cancel(agent, 1));
    const int64_t feature[3] = {4, -5, 6};
    ck_assert(ry_decide(agent, 2, 77, feature, 3));
    const struct stub_issued *i = stub.issued;
    ck_assert(i[0].kind == RY_CM_ORDER && i[0].instrument == 1 && i[0].side == RY_SELL &&
              i[0].qty == 7 && i[0].price == 1200 && i[0].flags == 0 && i[0].cl_ord_id == 1);
    ck_assert(i[1].flags == RY_INF_IOC && i[1].cl_ord_id == 2);
    ck_assert(i[2].flags == RY_INF_MARKET && i[2].price == 0);
    ck_assert(i[3].kind == RY_CM_CANCEL && i[3].cl_ord_id == 1);
    ck_assert(i[4].kind == RY_CM_DECISION && i[4].cl_ord_id == 2 && i[4].intent == 77 &&
              i[4].count == 3 && i[4].feature[1] == -5);
    /* Not sent: no number is used up. */
    stub.commands_max = stub.count;
    ck_assert_uint_eq(ry_order(agent, 0, RY_BUY, 1, 1000, RY_LIMIT), 0);
    ck_assert(!ry_cancel(agent, 1));
    stub.commands_max = 32;
    ck_assert_uint_eq(ry_order(agent, 0, RY_BUY, 1, 1000, RY_LIMIT), 4);
    ck_assert_uint_eq(stub.api.invalid, 0);
    stub_close();
}
END_TEST

START_TEST(book_and_own_orders)
{
    struct ry_agent *agent = agent_with(&nothing, "");
    struct ry_level level[4];
    struct ry_open_order open;
    stub_start(1000, 1100);
    stub_rest(0, RY_BUY, 1000, 5);
    stub_rest(0, RY_BUY, 900, 6);
    ck_assert_uint_eq(ry_book(agent, 0, RY_BUY, level, 4), 2);
    ck_assert(level[0].price == 1000 && level[0].qty == 55 && level[0].orders == 2 &&
              level[1].price == 900);
    ck_assert_uint_eq(ry_book(agent, 0, RY_BUY, level, 1), 1);
    ck_assert(ry_best(agent, 0, RY_SELL, level) && level[0].price == 1100);
    ck_assert(!ry_best(agent, 1, RY_SELL, level) && !ry_best(agent, 2, RY_SELL, level));
    ck_assert(ry_trading(agent, 0) && !ry_trading(agent, 2));

    ry_order(agent, 0, RY_BUY, 4, 1000, RY_LIMIT);
    const struct stub_issued order = stub.issued[0];
    struct ry_report rested = {.kind = RY_RP_RESTED,
                               .side = RY_BUY,
                               .cl_ord_id = 1,
                               .price = 1000,
                               .qty = 4,
                               .leaves = 4,
                               .order = 5};
    stub.order = 4;
    stub_report(rested);
    ck_assert(ry_open_order(agent, 1, &open));
    ck_assert_int_eq(open.ahead, -1); /* its market record is still to come */
    stub_rest(0, RY_BUY, 1000, 4);
    ck_assert(ry_open_order(agent, 1, &open) && open.ahead == 55 && open.leaves == 4 &&
              open.price == 1000);
    ck_assert_uint_eq(ry_open_orders(agent, &open, 1), 1);
    stub_fill(order, 3, 1);
    ck_assert(ry_open_order(agent, 1, &open) && open.leaves == 1);
    ck_assert_int_eq(ry_position(agent, 0), 3);
    stub_fill(order, 1, 0);
    ck_assert(!ry_open_order(agent, 1, NULL));
    ck_assert_uint_eq(ry_open_orders(agent, NULL, 0), 0);
    ck_assert_int_eq(ry_position(agent, 0), 4);
    ck_assert_int_eq(ry_position(agent, 1), 0);
    stub_close();
}
END_TEST

START_TEST(what_is_known)
{
    struct ry_agent *agent = agent_with(&nothing, "");
    ck_assert_uint_eq(ry_instruments(agent), 2);
    ck_assert_str_eq(ry_instrument_info(agent, 1)->symbol, "BBB");
    ck_assert_int_eq(ry_instrument_info(agent, 0)->tick_size, STUB_TICK);
    ck_assert_ptr_null(ry_instrument_info(agent, 2));
    ck_assert_int_eq(ry_instrument_find(agent, "BBB"), 1);
    ck_assert_int_eq(ry_instrument_find(agent, "BB"), -1);
    ck_assert_str_eq(ry_agent_name(agent), "tested");
    ck_assert_int_eq(ry_cash(agent), 5000000);
    ck_assert_uint_eq(ry_limits(agent)->quantity_max, 500);
    ck_assert_uint_eq(ry_limits(agent)->commands_max, 32);
    ck_assert_int_eq(ry_trade_from(agent), STUB_START);
    ck_assert_int_eq(ry_trade_to(agent), STUB_START + 100 * STUB_SECOND);
    ck_assert(ry_round_down(agent, 0, 250) == 200 && ry_round_up(agent, 0, 250) == 300);
    ck_assert(ry_round_down(agent, 0, -250) == -300 && ry_round_up(agent, 0, -250) == -200);
    ck_assert(ry_round_down(agent, 0, 300) == 300 && ry_round_up(agent, 0, -300) == -300);
    stub_close();
}
END_TEST

START_TEST(parameters)
{
    struct ry_agent *agent =
        agent_with(&nothing, "unknown=1\nsize=12\nname=a=b\nnegative=-3\nempty=\n");
    ck_assert_int_eq(ry_param_int(agent, "size", 1), 12);
    ck_assert_int_eq(ry_param_int(agent, "negative", 1), -3);
    ck_assert_int_eq(ry_param_int(agent, "absent", 9), 9);
    ck_assert_str_eq(ry_param(agent, "name", ""), "a=b");
    ck_assert_str_eq(ry_param(agent, "empty", "x"), "");
    ck_assert_ptr_null(ry_param(agent, "absent", NULL));
    ck_assert(!stub.api.failed);
    for (unsigned i = 0; i < stub.api.param_count; i++) /* what was not asked for is warned of */
        ck_assert_int_eq(stub.api.param[i].asked, strcmp(stub.api.param[i].key, "unknown") != 0);
    (void)ry_param_int(agent, "name", 1);
    ck_assert_str_eq(stub.api.reason, "parameter name=a=b is not a whole number");
    stub_close();
}
END_TEST

START_TEST(bad_parameters)
{
    static const char *const bad[] = {"size", "=3", "size=1\nx\n"};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        agent_with(&nothing, "");
        strcpy(stub.battle->agent[0].params, bad[i]);
        struct ry_host_api api;
        ck_assert_int_eq(ry_host_api_open(&api, stub.battle, 0, NULL, NULL), -1);
        ck_assert_ptr_nonnull(strstr(api.reason, "is not key=value"));
        ry_host_api_close(&api);
        stub_close();
    }
}
END_TEST

START_TEST(failing)
{
    struct ry_agent *agent = agent_with(&watcher, "");
    ry_fail(agent, "%s is %d", "this", 1);
    ry_fail(agent, "not this");
    ck_assert_str_eq(stub.api.reason, "this is 1");
    stub_wake(RY_WAKE_START, NULL);
    stub_wake(RY_WAKE_MARKET, NULL);
    ry_host_api_stop(&stub.api, NULL);
    ck_assert_uint_eq(saw.starts + saw.markets + saw.stops, 0);
    stub_close();
    /* What the other process says wrong ends it too. */
    agent_with(&watcher, "");
    stub_see(&(union ry_told_any){.market = {.kind = RY_MK_CHANGE, .instrument = 5}});
    ck_assert(stub.api.failed);
    stub_close();
}
END_TEST

START_TEST(random_numbers)
{
    struct ry_agent *agent = agent_with(&nothing, "");
    /* The published first outputs of xoshiro256** from the state 1, 2, 3, 4. */
    static const uint64_t published[] = {11520, 0, 1509978240, UINT64_C(1215971899390074240)};
    stub.api.random = (struct ry_host_api_random){{1, 2, 3, 4}};
    for (unsigned i = 0; i < 4; i++)
        ck_assert_uint_eq(ry_random(agent), published[i]);
    /* Seed and agent both count; the same ones give the same numbers. */
    struct ry_host_api_random a, b, c, d;
    ry_host_api_random_open(&a, 7, 1);
    ry_host_api_random_open(&b, 7, 1);
    ry_host_api_random_open(&c, 7, 2);
    ry_host_api_random_open(&d, 8, 1);
    ck_assert_mem_eq(&a, &b, sizeof a);
    ck_assert(memcmp(&a, &c, sizeof a) != 0 && memcmp(&a, &d, sizeof a) != 0 &&
              memcmp(&c, &d, sizeof c) != 0);
    stub.api.random = a;
    unsigned of_three[3] = {0};
    double sum = 0;
    for (unsigned i = 0; i < 30000; i++) {
        of_three[ry_random_below(agent, 3)]++;
        const double unit = ry_random_unit(agent);
        ck_assert(unit >= 0 && unit < 1);
        sum += unit;
    }
    for (unsigned i = 0; i < 3; i++)
        ck_assert(of_three[i] > 9700 && of_three[i] < 10300);
    ck_assert(sum > 14800 && sum < 15200);
    ck_assert_uint_eq(ry_random_below(agent, 0), 0);
    ck_assert_uint_eq(ry_random_below(agent, 1), 0);
    /* A quarter of all draws is refused here; kept, they would make every second number a multiple
     * of 3. */
    unsigned multiples = 0;
    for (unsigned i = 0; i < 30000; i++)
        multiples += ry_random_below(agent, UINT64_C(3) << 62) % 3 == 0;
    ck_assert(multiples > 9600 && multiples < 10400);
    stub_close();
}
END_TEST

/* The words of results.json. */
START_TEST(names_of_codes)
{
    for (unsigned code = 0; code < RY_REJECTS; code++)
        ck_assert_str_eq(ry_reject_name(code), ry_code_name(RY_CODES_REJECT, code));
    for (unsigned code = 0; code < ry_code_set(RY_CODES_OUT)->count; code++)
        ck_assert_str_eq(ry_out_name(code), ry_code_name(RY_CODES_OUT, code));
    ck_assert_str_eq(ry_reject_name(RY_REJECT_NO_REFERENCE), "no_reference");
    ck_assert_str_eq(ry_out_name(RY_OUT_LAST), "last");
    ck_assert_str_eq(ry_reject_name(~0u), "?");
    ck_assert_str_eq(ry_out_name(RY_OUT_STALLED + 1), "?");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_api");
    TCase *c = tcase_create("api");
    tcase_add_test(c, callbacks);
    tcase_add_test(c, a_strategy_may_have_no_callback);
    tcase_add_test(c, orders);
    tcase_add_test(c, book_and_own_orders);
    tcase_add_test(c, what_is_known);
    tcase_add_test(c, parameters);
    tcase_add_test(c, bad_parameters);
    tcase_add_test(c, failing);
    tcase_add_test(c, random_numbers);
    tcase_add_test(c, names_of_codes);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
