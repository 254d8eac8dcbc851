/* twap: a limit at the near touch, then an IOC for the rest of the slice; rejects cost a slice and
 * no more. */
#include "tests/support/stub/strategy_rig.h"

static void open_twap(const char *params)
{
    stub_open(params);
    stub_load("twap");
    stub_start(10000, 10200);
    ck_assert_msg(!stub.api.failed, "%s", stub.api.reason);
}

/* The one order of the last callback. */
static struct stub_issued the_order(enum ry_side side, uint32_t qty, int64_t price, uint16_t flags)
{
    const struct stub_issued *order = stub_issued(RY_CM_ORDER, 0);
    ck_assert_ptr_nonnull(order);
    ck_assert_ptr_null(stub_issued(RY_CM_ORDER, (unsigned)(order - stub.issued) + 1));
    ck_assert_uint_eq(order->side, side);
    ck_assert_uint_eq(order->qty, qty);
    ck_assert_int_eq(order->price, price);
    ck_assert_uint_eq(order->flags, flags);
    const struct stub_issued *why = stub_issued(RY_CM_DECISION, 0);
    ck_assert(why != NULL && why->cl_ord_id == order->cl_ord_id && why->feature[2] == qty);
    return *order;
}

START_TEST(a_slice)
{
    open_twap("quantity=-100\nslices=10\n"); /* 100 s: slices of 10 s */
    ck_assert_uint_eq(stub.interest[0], RY_INTEREST_TOP(1) | RY_INTEREST_STATES);
    ck_assert_uint_eq(stub.interest[1], RY_INTEREST_NONE);
    const struct stub_issued limit = the_order(RY_SELL, 10, 10200, 0);
    ck_assert_int_eq(stub.timer, STUB_START + 7500000000);
    stub_accept(limit);
    stub_fill(limit, 4, 6);
    ck_assert_uint_eq(stub.count, 0);
    stub_timer();
    ck_assert(stub.count == 1 && stub.issued[0].kind == RY_CM_CANCEL &&
              stub.issued[0].cl_ord_id == limit.cl_ord_id);
    stub_canceled(limit, 6, RY_CANCEL_REQUESTED);
    const struct stub_issued take = the_order(RY_SELL, 6, 10000, RY_INF_IOC);
    stub_fill(take, 5, 1);
    stub_canceled(take, 1, RY_CANCEL_IOC);
    ck_assert_uint_eq(stub.count, 0);
    stub_timer(); /* the second slice: its own ten and the one that is missing */
    ck_assert_int_eq(stub.now, STUB_START + 10 * STUB_SECOND);
    the_order(RY_SELL, 11, 10200, 0);
    stub_close();
}
END_TEST

/* The whole quantity, whatever fills when; and never more. */
START_TEST(the_quantity)
{
    open_twap("quantity=77\nslices=6\nseconds=60\n");
    unsigned turn = 0;
    int64_t done = 0;
    while (stub.timer != RY_TIME_NEVER) {
        const struct stub_issued *order = stub_issued(RY_CM_ORDER, 0);
        if (order == NULL) {
            stub_timer();
            continue;
        }
        const struct stub_issued now = *order;
        const uint32_t filled = now.flags == RY_INF_IOC ? now.qty
                                : turn++ % 3 == 0       ? now.qty
                                                        : now.qty / 2;
        if (filled > 0)
            stub_fill(now, filled, now.qty - filled);
        done += filled;
        if (filled == now.qty)
            continue;
        stub_timer();
        ck_assert_uint_eq(stub.issued[0].kind, RY_CM_CANCEL);
        stub_canceled(now, now.qty - filled, RY_CANCEL_REQUESTED);
    }
    ck_assert_int_eq(done, 77);
    ck_assert_int_eq(stub.now, STUB_START + 60 * STUB_SECOND);
    stub_close();
}
END_TEST

START_TEST(rejects)
{
    open_twap("quantity=100\nslices=10\n");
    const struct stub_issued first = the_order(RY_BUY, 10, 10000, 0);
    stub_reject(&first, RY_REJECT_COLLAR);
    ck_assert_uint_eq(stub.count, 0);
    stub_timer(); /* late: what is missing is taken, once */
    const struct stub_issued take = the_order(RY_BUY, 10, 10200, RY_INF_IOC);
    stub_reject(&take, RY_REJECT_RATE);
    ck_assert_uint_eq(stub.count, 0);
    /* One order in each half of a slice, as long as all are refused. */
    unsigned orders = 0;
    while (stub.timer != RY_TIME_NEVER) {
        stub_timer();
        const struct stub_issued *order = stub_issued(RY_CM_ORDER, 0);
        if (order == NULL)
            continue;
        orders++;
        const struct stub_issued refused = *order;
        stub_reject(&refused, RY_REJECT_NOT_TRADING);
        ck_assert_uint_eq(stub.count, 0);
    }
    ck_assert_uint_eq(orders, 18);
    stub_close();
}
END_TEST

/* Filled while its cancel was on the way: the refused cancel starts nothing. */
START_TEST(a_cancel_too_late)
{
    open_twap("quantity=100\nslices=10\n");
    const struct stub_issued limit = the_order(RY_BUY, 10, 10000, 0);
    stub_accept(limit);
    stub_timer();
    stub_fill(limit, 10, 0);
    stub_report((struct ry_report){
        .kind = RY_RP_REJECTED, .code = RY_REJECT_UNKNOWN_ORDER, .cl_ord_id = limit.cl_ord_id});
    ck_assert_uint_eq(stub.count, 0);
    stub_timer();
    the_order(RY_BUY, 10, 10000, 0);
    stub_close();
}
END_TEST

START_TEST(quantity_max_cuts)
{
    open_twap("quantity=10000\nslices=2\n"); /* the limit of an order is 500 */
    the_order(RY_BUY, 500, 10000, 0);
    stub_close();
}
END_TEST

START_TEST(bad_parameters)
{
    static const char *const bad[] = {"quantity=0\n", "slices=0\n", "seconds=-1\n"};
    for (unsigned i = 0; i < 3; i++) {
        stub_open(bad[i]);
        stub_load("twap");
        stub_start(10000, 10200);
        ck_assert(stub.api.failed && stub.count == 0);
        stub_close();
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("strategy_twap");
    TCase *c = tcase_create("twap");
    tcase_add_test(c, a_slice);
    tcase_add_test(c, the_quantity);
    tcase_add_test(c, rejects);
    tcase_add_test(c, a_cancel_too_late);
    tcase_add_test(c, quantity_max_cuts);
    tcase_add_test(c, bad_parameters);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
