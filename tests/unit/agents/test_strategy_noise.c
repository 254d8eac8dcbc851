/* noise: what it does at random stays within its parameters; rejects slow it down. */
#include "tests/unit/agents/test_strategy_rig.h"

#define PARAMS                                                                                     \
    "interval_us=1000\nsize_max=3\ndepth_ticks=2\ncross_percent=20\ncancel_percent=30\norders_max=4\n"

static void open_noise(const char *params)
{
    rig_open(params);
    rig_load("noise");
    rig_start(10000, 10200);
    ck_assert_msg(!rig.api.failed, "%s", rig.api.reason);
}

START_TEST(random_orders_around_the_touch)
{
    unsigned limits = 0, iocs = 0, cancels = 0, buys = 0;
    open_noise(PARAMS);
    ck_assert_uint_eq(rig.interest[2], RY_INTEREST_NONE);
    const int64_t began = rig.now;
    for (unsigned i = 0; i < 2000; i++) {
        rig_timer();
        ck_assert_uint_le(rig.count, 1);
        if (rig.count == 0)
            continue;
        const struct issued order = rig.issued[0];
        if (order.kind == RY_CM_CANCEL) {
            struct ry_open_order open;
            ck_assert(ry_open_order(&rig.api.agent, order.cl_ord_id, &open));
            const uint32_t id = ry_host_book_own(&rig.api.view, order.cl_ord_id)->order;
            rig_canceled((struct issued){.instrument = 0,
                                         .side = (enum ry_side)open.side,
                                         .cl_ord_id = order.cl_ord_id},
                         open.leaves, RY_CANCEL_REQUESTED);
            rig_gone(0, (enum ry_side)open.side, open.price, id);
            cancels++;
            continue;
        }
        ck_assert(order.qty >= 1 && order.qty <= 3 && order.price % RIG_TICK == 0);
        const bool buy = order.side == RY_BUY;
        buys += buy;
        if (order.flags == RY_INF_IOC) {
            ck_assert_int_eq(order.price, buy ? 10200 : 10000);
            rig_canceled(order, order.qty, RY_CANCEL_IOC);
            iocs++;
            continue;
        }
        ck_assert(buy ? order.price >= 9800 && order.price <= 10000
                      : order.price >= 10200 && order.price <= 10400);
        rig.order = rig.order > 900 ? 100 : rig.order; /* ids are used again */
        rig_accept(order);
        ck_assert_uint_le(ry_open_orders(&rig.api.agent, NULL, 0), 4);
        limits++;
    }
    ck_assert(limits > 300 && iocs > 100 && cancels > 300);
    ck_assert(buys > (limits + iocs) * 2 / 5 && buys < (limits + iocs) * 3 / 5);
    /* A mean of one millisecond between acts. */
    ck_assert(rig.now - began > 1700000000 && rig.now - began < 2300000000);
    rig_close();
}
END_TEST

START_TEST(prices_between_ticks_are_rounded_away)
{
    open_noise("interval_us=1000\ndepth_ticks=0\ncross_percent=0\ncancel_percent=0\n");
    rig_rest(0, RY_BUY, 10030, 1);
    rig_rest(0, RY_SELL, 10170, 1);
    for (unsigned i = 0; i < 50; i++) {
        rig_timer();
        const struct issued *order = rig_issued(RY_CM_ORDER, 0);
        ck_assert(order != NULL && order->price == (order->side == RY_BUY ? 10000 : 10200));
    }
    rig_close();
}
END_TEST

START_TEST(rejects_slow_it_down)
{
    open_noise("interval_us=1000\ncancel_percent=0\n");
    rig_timer();
    const struct issued order = rig.issued[0];
    for (unsigned i = 0; i < 20; i++) {
        rig_reject(&order, RY_REJECT_POSITION);
        ck_assert_uint_eq(rig.count, 0); /* no answer to a reject */
    }
    int64_t slow = 0, fast = 0;
    for (unsigned i = 0; i < 200; i++) {
        const int64_t from = rig.now;
        rig_timer();
        ck_assert_uint_le(rig.count, 1);
        slow += rig.now - from;
    }
    rig_report((struct ry_report){
        .kind = RY_RP_ACCEPTED, .cl_ord_id = order.cl_ord_id, .leaves = 1, .side = RY_BUY});
    rig_timer(); /* set while it was slow */
    for (unsigned i = 0; i < 200; i++) {
        const int64_t from = rig.now;
        rig_timer();
        fast += rig.now - from;
    }
    ck_assert_msg(slow > 30 * fast && slow < 130 * fast, "%lld against %lld", (long long)slow,
                  (long long)fast);
    rig_close();
}
END_TEST

START_TEST(not_trading_no_orders)
{
    open_noise(PARAMS);
    rig.group++;
    rig_market(
        (struct ry_market){.kind = RY_MK_STATE, .instrument = 0, .qty = 0, .flags = RY_MKF_LAST});
    for (unsigned i = 0; i < 100; i++) {
        rig_timer();
        ck_assert_uint_eq(rig.count, 0);
    }
    rig_close();
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
        rig_open(bad[i][0]);
        rig_load("noise");
        rig_start(10000, 10200);
        ck_assert_msg(rig.api.failed && strstr(rig.api.reason, bad[i][1]) != NULL, "\"%s\"",
                      rig.api.reason);
        rig_close();
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
    tcase_add_test(c, not_trading_no_orders);
    tcase_add_test(c, bad_parameters);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
