/* maker: quotes around the mid, leans against what it holds, widens with the variance, and keeps
 * still after rejects. */
#include "tests/support/stub/strategy_rig.h"

#define PARAMS                                                                                     \
    "size=5\ninventory_max=20\ninterval_ms=1000\ngamma_ppm=100000\nk_ppm=1500000\nhorizon_s=10\nmemory_s=1\n"

static struct stub_issued bid, ask;

/* The two quotes of the last callback, to be rested by the caller. */
static void take_quotes(void)
{
    bid = ask = (struct stub_issued){0};
    for (unsigned i = 0; i < stub.count; i++)
        if (stub.issued[i].kind == RY_CM_ORDER)
            *(stub.issued[i].side == RY_BUY ? &bid : &ask) = stub.issued[i];
}

static void open_maker(void)
{
    stub_open(PARAMS);
    stub_load("maker");
    stub_start(10000, 11000);
    ck_assert_msg(!stub.api.failed, "%s", stub.api.reason);
    take_quotes();
}

START_TEST(quotes_around_the_mid)
{
    open_maker();
    ck_assert_uint_eq(stub.interest[0], RY_INTEREST_TOP(1) | RY_INTEREST_STATES);
    ck_assert_uint_eq(stub.interest[1], RY_INTEREST_NONE);
    /* mid 105 ticks, no variance yet: half the spread is 10 ln(1 + 1/15) = 0.645 ticks. */
    ck_assert(bid.price == 10400 && bid.qty == 5 && bid.flags == 0);
    ck_assert(ask.price == 10600 && ask.qty == 5 && ask.flags == 0);
    const struct stub_issued *why = stub_issued(RY_CM_DECISION, 0);
    ck_assert(why != NULL && why->feature[0] == 21000 && why->feature[1] == 0 &&
              why->feature[3] == 10400 && why->feature[4] == 10600);
    ck_assert_int_eq(stub.timer, STUB_START + STUB_SECOND);
    stub_accept(bid);
    stub_accept(ask);
    /* Nothing has changed but that its own quotes are the touch now: they stay. */
    stub_timer();
    ck_assert_uint_eq(stub.count, 0);
    stub_close();
}
END_TEST

START_TEST(leans_against_its_position)
{
    open_maker();
    const struct stub_issued first_bid = bid, first_ask = ask;
    stub_fill(first_bid, 5, 0);
    stub_canceled(first_ask, 5, RY_CANCEL_SELF_TRADE);
    /* the mid moves by four ticks: variance */
    const uint32_t better = stub_rest(0, RY_BUY, 10800, 1);
    stub_timer();
    take_quotes();
    /* s2 = (1 - e^-1) 4^2 = 10.11; risk = 0.1 * 10.11 * 10 = 10.11 ticks a unit of size: r = 109
     * - 10.11 = 98.89, half = 5.057 + 0.645. The ask would cross the bid at 108 and stands one tick
     * above it. */
    ck_assert_int_eq(bid.price, 9300);
    ck_assert_int_eq(ask.price, 10900);
    stub_gone(0, RY_BUY, 10800, better);
    stub_close();
}
END_TEST

START_TEST(stops_at_its_inventory)
{
    open_maker();
    for (unsigned i = 0; i < 4; i++) {
        stub_fill(bid, 5, 0);
        stub_canceled(ask, 5, RY_CANCEL_REQUESTED);
        stub_timer();
        take_quotes();
        ck_assert(ask.qty == 5);
        ck_assert_int_eq(bid.qty == 5, i < 3); /* 20 is the most */
        if (bid.qty == 0)
            break;
    }
    ck_assert_int_eq(ry_position(&stub.api.agent, 0), 20);
    stub_close();
}
END_TEST

START_TEST(requotes_by_cancel_and_order)
{
    open_maker();
    stub_accept(bid);
    stub_accept(ask);
    const struct stub_issued old = bid;
    stub_rest(0, RY_SELL, 10500, 9); /* the mid falls to 104.5 ticks: 104 is too near now */
    stub_timer();
    take_quotes();
    const struct stub_issued *cancel = stub_issued(RY_CM_CANCEL, 0);
    ck_assert(cancel != NULL && cancel == &stub.issued[0] && cancel->cl_ord_id == old.cl_ord_id);
    ck_assert(bid.qty == 5 && bid.cl_ord_id > old.cl_ord_id && bid.price < old.price);
    /* The old one's end is not the new one's. */
    stub_canceled(old, 5, RY_CANCEL_REQUESTED);
    stub_accept(bid);
    stub_timer();
    for (unsigned i = 0; i < stub.count; i++)
        ck_assert(stub.issued[i].kind != RY_CM_ORDER || stub.issued[i].side != RY_BUY ||
                  stub.issued[i].price != bid.price);
    stub_close();
}
END_TEST

START_TEST(rejects_make_it_wait)
{
    open_maker();
    unsigned waited[9] = {0};
    for (unsigned round = 0; round < 9; round++) {
        const struct stub_issued one = bid, other = ask;
        stub_reject(&one, RY_REJECT_NOTIONAL);
        ck_assert_uint_eq(stub.count, 0);
        (void)other;
        stub_canceled(other, 5, RY_CANCEL_SELF_TRADE);
        do {
            stub_timer();
            waited[round]++;
            ck_assert_uint_lt(waited[round], 100);
            take_quotes();
        } while (bid.qty == 0);
    }
    static const unsigned expected[9] = {2, 3, 5, 9, 17, 33, 65, 65, 65};
    ck_assert_mem_eq(waited, expected, sizeof waited);
    /* A quote that rests undoes it. */
    stub_accept(ask);
    stub_reject(&bid, RY_REJECT_NOTIONAL);
    stub_timer();
    ck_assert_uint_eq(stub.count, 0);
    stub_timer();
    ck_assert_ptr_nonnull(stub_issued(RY_CM_ORDER, 0));
    stub_close();
}
END_TEST

START_TEST(an_empty_side)
{
    stub_open(PARAMS);
    stub_load("maker");
    stub_start(10000, 0);
    for (unsigned i = 0; i < 5; i++) {
        ck_assert_uint_eq(stub.count, 0);
        stub_timer();
    }
    stub_rest(0, RY_SELL, 11000, 5);
    stub_timer();
    ck_assert_ptr_nonnull(stub_issued(RY_CM_ORDER, 0));
    stub_close();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("strategy_maker");
    TCase *c = tcase_create("maker");
    tcase_add_test(c, quotes_around_the_mid);
    tcase_add_test(c, leans_against_its_position);
    tcase_add_test(c, stops_at_its_inventory);
    tcase_add_test(c, requotes_by_cancel_and_order);
    tcase_add_test(c, rejects_make_it_wait);
    tcase_add_test(c, an_empty_side);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
