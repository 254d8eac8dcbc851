/*
 * core/arena/inputs.h as a program of others uses it: what each function makes is taken, and does
 * what it says.
 */
#include "core/arena/library.h"

#include <string.h>

#include "tests/support/arena_rig.h"

#define FROM  1000
#define PRICE 10000

static union ry_input_any in;

static void put(struct ry_test_arena *b)
{
    ck_assert_int_eq(ry_test_arena_put(b, &in), RY_ARENA_APPLIED);
}

/* One instrument, two agents, the last price; at FROM. */
static struct ry_test_arena open_trading(void)
{
    ry_arena_input_battle(&in, FROM, 2000, 1, 2, 64);
    struct ry_test_arena b = ry_test_arena_open(&in.battle);
    put(&b);
    ry_arena_input_instrument(&in, FROM, 0, "XYZ", 2, 5, 10000);
    put(&b);
    ry_arena_input_agent(&in, FROM, 0, "alice", 1000);
    put(&b);
    ry_arena_input_agent(&in, FROM, 1, "a name that is longer than there is room for", 1000);
    ck_assert_uint_eq(strlen(in.agent.name), RY_NAME_BYTES - 1);
    put(&b);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), FROM);
    ry_arena_input_time(&in, FROM, 1);
    put(&b);
    ck_assert_uint_eq(b.kept->markets, 2);
    ry_arena_input_last(&in, FROM, 1, 0, PRICE, 1);
    put(&b);
    return b;
}

START_TEST(agents)
{
    struct ry_test_arena b = open_trading();
    /* Large and far away: limits are wide. */
    ry_arena_input_order(&in, FROM, 0, 1, 7, 0, RY_SELL, 4000 * PRICE, 1000000, 0);
    put(&b);
    ry_test_arena_want_report(&b, 0, RY_RP_ACCEPTED, 0, 1000000, 0);
    ry_arena_input_order_cancel(&in, FROM, 0, 2, 7);
    put(&b);
    ry_test_arena_want_report(&b, 0, RY_RP_CANCELED, 0, 1000000, RY_CANCEL_REQUESTED);
    ry_arena_input_order(&in, FROM, 0, 3, 8, 0, RY_SELL, PRICE, 3, 0);
    put(&b);
    ry_arena_input_order(&in, FROM, 1, 1, 1, 0, RY_BUY, 0, 5, RY_INF_MARKET);
    put(&b);
    ry_test_arena_want_report(&b, 1, RY_RP_FILL, 0, 3, 0);
    ry_test_arena_want_report(&b, 2, RY_RP_FILL, 1, 3, 0);
    ry_test_arena_want_report(&b, 3, RY_RP_CANCELED, 1, 2, RY_CANCEL_IOC);
    ck_assert_int_eq(ry_arena_position(b.arena, 1, 0), 3);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->rejects, 0);
    ry_test_arena_end(&b);
}
END_TEST

static void want_best(const struct ry_test_arena *b, int64_t price, uint64_t open)
{
    struct ry_arena_depth best;
    ck_assert_uint_eq(ry_arena_top(b->arena, 0, RY_BUY, &best, 1), 1);
    ck_assert_int_eq(best.price, price);
    ck_assert_uint_eq(best.open, open);
}

START_TEST(a_record)
{
    struct ry_test_arena b = open_trading();
    ry_arena_input_add(&in, FROM, 2, 0, 70, RY_BUY, 9990, 10);
    put(&b);
    want_best(&b, 9990, 10);
    ry_arena_input_cancel(&in, FROM, 3, 0, 70, 1);
    put(&b);
    want_best(&b, 9990, 9);
    ry_arena_input_exec(&in, FROM, 4, 0, 70, 2);
    put(&b);
    want_best(&b, 9990, 7);
    struct ry_arena_market market;
    ry_arena_instrument(b.arena, 0, &market);
    ck_assert_int_eq(market.last_price, 9990);
    ck_assert_uint_eq(market.recorded_volume, 1 + 2); /* the last price's lot, and these */
    ck_assert_str_eq(market.symbol, "XYZ");
    ry_arena_input_replace(&in, FROM, 5, 0, 70, 71, 9995, 4);
    put(&b);
    want_best(&b, 9995, 4);
    ry_arena_input_cancel(&in, FROM, 6, 0, 71, 0);
    put(&b);
    struct ry_arena_depth none;
    ck_assert_uint_eq(ry_arena_top(b.arena, 0, RY_BUY, &none, 1), 0);
    ry_test_arena_end(&b);
}
END_TEST

START_TEST(the_end)
{
    struct ry_test_arena b = open_trading();
    ry_arena_input_end(&in, 2000, 2);
    put(&b);
    ck_assert(ry_arena_ended(b.arena));
    ck_assert_uint_gt(RY_ARENA_ABI, 0);
    ry_test_arena_end(&b);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena_inputs");
    TCase *c = tcase_create("inputs");
    tcase_add_test(c, agents);
    tcase_add_test(c, a_record);
    tcase_add_test(c, the_end);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
