/* noise: what it does at random stays within its parameters; rejects slow it down. */
#include <string.h>

#include "tests/support/stub/strategy_rig.h"

#define PARAMS                                                                                     \
    "interval_us=1000\nsize_max=3\ndepth_ticks=2\ncross_percent=20\ncancel_percent=30\norders_max=4\n"

static void open_noise(const char *params)
{
    stub_open(params);
    stub_load("noise");
    stub_start(10000, 10200);
    ck_assert_msg(!stub.api.failed, "%s", stub.api.reason);
}

START_TEST(random_orders_around_the_touch)
{
    unsigned limits = 0, iocs = 0, cancels = 0, buys = 0;
    open_noise(PARAMS);
    ck_assert_uint_eq(stub.interest[0], RY_INTEREST_TOP(1) | RY_INTEREST_STATES);
    ck_assert_uint_eq(stub.interest[1], RY_INTEREST_NONE);
    const int64_t began = stub.now;
    for (unsigned i = 0; i < 2000; i++) {
        stub_timer();
        ck_assert_uint_le(stub.count, 1);
        if (stub.count == 0)
            continue;
        const struct stub_issued order = stub.issued[0];
        if (order.kind == RY_CM_CANCEL) {
            struct ry_open_order open;
            ck_assert(ry_open_order(&stub.api.agent, order.cl_ord_id, &open));
            const uint32_t id = ry_host_book_own(&stub.api.view, order.cl_ord_id)->order;
            stub_canceled((struct stub_issued){.instrument = 0,
                                               .side = (enum ry_side)open.side,
                                               .cl_ord_id = order.cl_ord_id},
                          open.leaves, RY_CANCEL_REQUESTED);
            stub_gone(0, (enum ry_side)open.side, open.price, id);
            cancels++;
            continue;
        }
        ck_assert(order.qty >= 1 && order.qty <= 3 && order.price % STUB_TICK == 0);
        const bool buy = order.side == RY_BUY;
        buys += buy;
        if (order.flags == RY_INF_IOC) {
            ck_assert_int_eq(order.price, buy ? 10200 : 10000);
            stub_canceled(order, order.qty, RY_CANCEL_IOC);
            iocs++;
            continue;
        }
        ck_assert(buy ? order.price >= 9800 && order.price <= 10000
                      : order.price >= 10200 && order.price <= 10400);
        stub.order = stub.order > 900 ? 100 : stub.order; /* ids are used again */
        stub_accept(order);
        ck_assert_uint_le(ry_open_orders(&stub.api.agent, NULL, 0), 4);
        limits++;
    }
    ck_assert(limits > 300 && iocs > 100 && cancels > 300);
    ck_assert(buys > (limits + iocs) * 2 / 5 && buys < (limits + iocs) * 3 / 5);
    /* A mean of one millisecond between acts. */
    ck_assert(stub.now - began > 1700000000 && stub.now - began < 2300000000);
    stub_close();
}
END_TEST

START_TEST(prices_between_ticks_are_rounded_away)
{
    open_noise("interval_us=1000\ndepth_ticks=0\ncross_percent=0\ncancel_percent=0\n");
    stub_rest(0, RY_BUY, 10030, 1);
    stub_rest(0, RY_SELL, 10170, 1);
    for (unsigned i = 0; i < 50; i++) {
        stub_timer();
        const struct stub_issued *order = stub_issued(RY_CM_ORDER, 0);
        ck_assert(order != NULL && order->price == (order->side == RY_BUY ? 10000 : 10200));
    }
    stub_close();
}
END_TEST

START_TEST(rejects_slow_it_down)
{
    open_noise("interval_us=1000\ncancel_percent=0\n");
    stub_timer();
    const struct stub_issued order = stub.issued[0];
    for (unsigned i = 0; i < 20; i++) {
        stub_reject(&order, RY_REJECT_POSITION);
        ck_assert_uint_eq(stub.count, 0); /* no answer to a reject */
    }
    int64_t slow = 0, fast = 0;
    for (unsigned i = 0; i < 200; i++) {
        const int64_t from = stub.now;
        stub_timer();
        ck_assert_uint_le(stub.count, 1);
        slow += stub.now - from;
    }
    stub_report((struct ry_report){
        .kind = RY_RP_ACCEPTED, .cl_ord_id = order.cl_ord_id, .leaves = 1, .side = RY_BUY});
    stub_timer(); /* set while it was slow */
    for (unsigned i = 0; i < 200; i++) {
        const int64_t from = stub.now;
        stub_timer();
        fast += stub.now - from;
    }
    ck_assert_msg(slow > 30 * fast && slow < 130 * fast, "%lld against %lld", (long long)slow,
                  (long long)fast);
    stub_close();
}
END_TEST

/* However small the interval: a nearer timer is counted as a mistake. */
START_TEST(no_timer_is_too_near)
{
    open_noise("interval_us=1\n");
    for (unsigned i = 0; i < 200; i++)
        stub_timer();
    ck_assert_uint_eq(stub.timers_clamped, 0);
    stub_close();
}
END_TEST

START_TEST(not_trading_no_orders)
{
    open_noise(PARAMS);
    stub.group++;
    stub_market(
        (struct ry_market){.kind = RY_MK_STATE, .instrument = 0, .qty = 0, .flags = RY_MKF_LAST});
    for (unsigned i = 0; i < 100; i++) {
        stub_timer();
        ck_assert_uint_eq(stub.count, 0);
    }
    stub_close();
}
END_TEST

START_TEST(bad_parameters)
{
    static const char *const bad[][2] = {
        {"instrument=ZZZ\n", "no instrument ZZZ"},
        {"size_max=0\n", "size_max must lie between"},
        {"orders_max=1000\n", "orders_max must lie between"},
        {"interval_us=fast\n", "interval_us=fast is not a whole number"}};
    for (unsigned i = 0; i < 4; i++) {
        stub_open(bad[i][0]);
        stub_load("noise");
        stub_start(10000, 10200);
        ck_assert_msg(stub.api.failed && strstr(stub.api.reason, bad[i][1]) != NULL, "\"%s\"",
                      stub.api.reason);
        stub_close();
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("strategy_noise");
    TCase *c = tcase_create("noise");
    tcase_add_test(c, random_orders_around_the_touch);
    tcase_add_test(c, prices_between_ticks_are_rounded_away);
    tcase_add_test(c, rejects_slow_it_down);
    tcase_add_test(c, no_timer_is_too_near);
    tcase_add_test(c, not_trading_no_orders);
    tcase_add_test(c, bad_parameters);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
