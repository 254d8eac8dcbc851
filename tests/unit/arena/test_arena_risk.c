/*
 * The checks before the book: one test for each, which fails when its check is taken out. Each
 * order is fine but for one thing; what lies just inside the limit passes.
 */
#include "tests/unit/arena/test_arena.h"

static const struct ry_input_agent terms = {
    .head = {.kind = RY_IN_AGENT, .slots = 2, .source = RY_SOURCE_AGENT},
    .cash = 1000000000,
    .notional_max = INT64_C(10000) * 100 * 30,
    .position_max = 60,
    .quantity_max = 35,
    .open_orders_max = 3,
    .rate_max = 8,
    .collar_ppm = 100000,
    .loss_max = INT64_MAX,
};

#define ROOM 6 /* orders_max */

/* Two agents alike; tick 100, 100 money a price unit; trading has not begun. */
static struct rig open_waiting(void)
{
    struct ry_input_battle battle = battle_of(ROOM, 1, 2);
    struct rig b = arena_open(&battle);
    put(&b, &(union ry_input_any){.battle = battle});
    put(&b, &(union ry_input_any){.instrument = {.head = {.kind = RY_IN_INSTRUMENT, .slots = 2},
                                                 .tick_size = 100,
                                                 .money_per_unit = 100}});
    union ry_input_any agent = {.agent = terms};
    put(&b, &agent);
    agent.head.source++;
    put(&b, &agent);
    return b;
}

/* Trading has begun and nothing has happened yet in this second. */
static struct rig open_silent(void)
{
    struct rig b = open_waiting();
    arena_start(&b);
    b.time = 100 * RY_NS_PER_SECOND;
    return b;
}

static struct rig open_trading(void)
{
    struct rig b = open_silent();
    last(&b, 10000);
    return b;
}

static const struct ry_input fine = {.side = RY_BUY, .price = 10000, .qty = 10};

/* Agent 0's order; the code of its reject, 0 if it was accepted. ref 0: a fresh one. */
static uint8_t code_of(struct rig *b, struct ry_input in)
{
    in.head.kind = RY_IN_ORDER;
    in.head.source = RY_SOURCE_AGENT;
    in.ref = in.ref ? in.ref : 1000 + b->seq;
    ck_assert_int_eq(event(b, in), RY_ARENA_APPLIED);
    ck_assert_uint_ge(b->kept->reports, 1);
    const struct ry_report *r = &b->kept->report[0];
    ck_assert_uint_eq(r->cl_ord_id, in.ref);
    ck_assert_uint_eq(r->kind == RY_RP_REJECTED, r->code != 0);
    ck_assert(r->code == 0 || (b->kept->reports == 1 && b->kept->markets == 0));
    return r->code;
}

#define WITH(...)       ((struct ry_input){.side = RY_BUY, .price = 10000, .qty = 10, __VA_ARGS__})
#define WANT(code, ...) ck_assert_uint_eq(code_of(&b, __VA_ARGS__), code)
/* A field set twice in an initializer is meant: the last counts. */
#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#endif

START_TEST(malformed_side)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_MALFORMED, WITH(.side = 3));
    WANT(RY_REJECT_MALFORMED, WITH(.side = RY_SIDE_NONE));
    WANT(0, WITH(.side = RY_SELL));
    end(&b);
}
END_TEST

START_TEST(malformed_flags)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_MALFORMED, WITH(.head.flags = RY_INF_PRINTED));
    WANT(RY_REJECT_MALFORMED, WITH(.head.flags = RY_INF_IOC | RY_INF_STALLED));
    WANT(0, WITH(.head.flags = RY_INF_IOC));
    end(&b);
}
END_TEST

START_TEST(malformed_market_price)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_MALFORMED, WITH(.head.flags = RY_INF_MARKET));
    WANT(0, WITH(.head.flags = RY_INF_MARKET | RY_INF_IOC, .price = 0));
    end(&b);
}
END_TEST

START_TEST(duplicate)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_QUANTITY, WITH(.ref = 5, .qty = 0)); /* past the check all the same */
    WANT(RY_REJECT_DUPLICATE, WITH(.ref = 5));
    WANT(RY_REJECT_DUPLICATE, WITH(.ref = 4));
    WANT(RY_REJECT_MALFORMED, WITH(.ref = 9, .side = 3)); /* not past it */
    WANT(0, WITH(.ref = 6));
    order(&b, 1, 6, RY_BUY, 10000, 1, 0); /* another agent's are its own */
    want_report(&b, 0, RY_RP_ACCEPTED, 1, 1, 0);
    end(&b);
}
END_TEST

START_TEST(unknown_instrument)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_INSTRUMENT, WITH(.head.instrument = 1));
    WANT(0, fine);
    end(&b);
}
END_TEST

START_TEST(not_trading)
{
    struct rig b = open_waiting();
    last(&b, 10000);
    WANT(RY_REJECT_NOT_TRADING, fine);
    arena_start(&b);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_STATE}, .qty = RY_STATE_HALTED});
    WANT(RY_REJECT_NOT_TRADING, fine);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_STATE}, .qty = RY_STATE_TRADING});
    WANT(0, fine);
    end(&b);
}
END_TEST

START_TEST(killed)
{
    struct rig b = open_trading();
    WANT(0, fine);
    died(&b, 0, 0);
    WANT(RY_REJECT_KILLED, fine);
    end(&b);
}
END_TEST

START_TEST(quantity_zero)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_QUANTITY, WITH(.qty = 0));
    WANT(0, WITH(.qty = 1));
    end(&b);
}
END_TEST

START_TEST(quantity_max)
{
    struct rig b = open_trading();
    last(&b, 5000); /* 36 lots stay below notional_max */
    WANT(RY_REJECT_QUANTITY, WITH(.price = 5000, .qty = 36));
    WANT(0, WITH(.price = 5000, .qty = 35));
    end(&b);
}
END_TEST

START_TEST(no_reference)
{
    struct rig b = open_silent();
    WANT(RY_REJECT_NO_REFERENCE, fine);
    WANT(RY_REJECT_NO_REFERENCE, WITH(.price = 0));
    WANT(RY_REJECT_NO_REFERENCE, WITH(.price = 0, .head.flags = RY_INF_MARKET));
    add(&b, 1, RY_BUY, 9801, 1);
    WANT(RY_REJECT_NO_REFERENCE, fine);
    add(&b, 2, RY_SELL, 10200, 1);
    WANT(0, fine);
    end(&b);
}
END_TEST

START_TEST(price_off_the_tick)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_PRICE, WITH(.price = 10050));
    WANT(0, WITH(.price = 10100));
    end(&b);
}
END_TEST

START_TEST(price_beyond_all)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_PRICE, WITH(.price = RY_PRICE_ABS_MAX + 100));
    WANT(RY_REJECT_PRICE, WITH(.price = -RY_PRICE_ABS_MAX - 100));
    WANT(RY_REJECT_COLLAR, WITH(.price = RY_PRICE_ABS_MAX));
    WANT(RY_REJECT_COLLAR, WITH(.price = -RY_PRICE_ABS_MAX));
    end(&b);
}
END_TEST

START_TEST(collar_above)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_COLLAR, WITH(.price = 11100));
    WANT(0, WITH(.price = 11000));
    end(&b);
}
END_TEST

START_TEST(collar_below)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_COLLAR, WITH(.price = 8900));
    WANT(0, WITH(.price = 9000));
    end(&b);
}
END_TEST

START_TEST(collar_on_the_mid)
{
    struct rig b = open_silent();
    add(&b, 1, RY_BUY, 9801, 1);
    add(&b, 2, RY_SELL, 10200, 1); /* mid floor(10000.5) = 10000, band 1000 */
    WANT(RY_REJECT_COLLAR, WITH(.price = 11100));
    WANT(0, WITH(.price = 11000));
    WANT(RY_REJECT_COLLAR, WITH(.price = 8900));
    end(&b);
}
END_TEST

START_TEST(notional)
{
    struct rig b = open_trading();
    WANT(RY_REJECT_NOTIONAL, WITH(.qty = 31));
    /* A market order at the collar's far edge: 11,000. */
    WANT(RY_REJECT_NOTIONAL, WITH(.qty = 28, .price = 0, .head.flags = RY_INF_MARKET));
    WANT(0, WITH(.qty = 27, .price = 0, .head.flags = RY_INF_MARKET));
    WANT(0, WITH(.qty = 30));
    end(&b);
}
END_TEST

START_TEST(notional_of_a_negative_price)
{
    struct rig b = open_trading();
    last(&b, -10000);
    WANT(RY_REJECT_NOTIONAL, WITH(.price = -10000, .qty = 31));
    WANT(0, WITH(.price = -10000, .qty = 30));
    end(&b);
}
END_TEST

START_TEST(open_orders)
{
    struct rig b = open_trading();
    for (unsigned i = 0; i < 3; i++)
        WANT(0, WITH(.qty = 1));
    WANT(RY_REJECT_OPEN_ORDERS, WITH(.qty = 1));
    WANT(RY_REJECT_OPEN_ORDERS, WITH(.qty = 1, .head.flags = RY_INF_IOC));
    end(&b);
}
END_TEST

START_TEST(position_of_buys)
{
    struct rig b = open_trading();
    add(&b, 1, RY_SELL, 10000, 20);
    WANT(0, WITH(.qty = 20)); /* held */
    WANT(0, WITH(.qty = 25)); /* open */
    WANT(RY_REJECT_POSITION, WITH(.qty = 16));
    WANT(0, WITH(.qty = 15));
    WANT(0, WITH(.qty = 29, .price = 10100, .side = RY_SELL));
    end(&b);
}
END_TEST

START_TEST(position_of_sells)
{
    struct rig b = open_trading();
    add(&b, 1, RY_BUY, 10000, 20);
    WANT(0, WITH(.qty = 20, .side = RY_SELL));
    WANT(0, WITH(.qty = 25, .side = RY_SELL));
    WANT(RY_REJECT_POSITION, WITH(.qty = 16, .side = RY_SELL));
    WANT(0, WITH(.qty = 15, .side = RY_SELL));
    end(&b);
}
END_TEST

START_TEST(rate)
{
    struct rig b = open_trading();
    for (int i = 0; i < 7; i++) /* cancels are commands, refused or not */
        event(&b, (struct ry_input){.head = {.kind = RY_IN_ORDER_CANCEL, .source = RY_SOURCE_AGENT},
                                    .ref = 9});
    WANT(0, WITH(.ref = 10)); /* the eighth */
    WANT(RY_REJECT_RATE, WITH(.ref = 11));
    event(&b, (struct ry_input){.head = {.kind = RY_IN_ORDER_CANCEL, .source = RY_SOURCE_AGENT},
                                .ref = 10});
    want_report(&b, 0, RY_RP_CANCELED, 0, 10, RY_CANCEL_REQUESTED); /* never held back */
    b.time += RY_NS_PER_SECOND - 1;
    WANT(RY_REJECT_RATE, WITH(.ref = 12));
    b.time++;
    WANT(0, WITH(.ref = 13));
    ck_assert_uint_eq(ry_arena_counters(b.arena)->commands, 12);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->rejects, 9);
    end(&b);
}
END_TEST

START_TEST(unknown_order)
{
    struct rig b = open_trading();
    struct ry_input cancel = {.head = {.kind = RY_IN_ORDER_CANCEL, .source = RY_SOURCE_AGENT},
                              .ref = 6};
    order(&b, 1, 6, RY_BUY, 10000, 1, 0);
    event(&b, cancel); /* another agent's */
    want_report(&b, 0, RY_RP_REJECTED, 0, 0, RY_REJECT_UNKNOWN_ORDER);
    WANT(0, WITH(.ref = 6));
    event(&b, cancel);
    want_report(&b, 0, RY_RP_CANCELED, 0, 10, RY_CANCEL_REQUESTED);
    event(&b, cancel);
    want_report(&b, 0, RY_RP_REJECTED, 0, 0, RY_REJECT_UNKNOWN_ORDER);
    end(&b);
}
END_TEST

START_TEST(capacity)
{
    struct rig b = open_trading();
    for (uint64_t ref = 1; ref <= ROOM; ref++)
        add(&b, ref, RY_SELL, 10500, 1);
    WANT(RY_REJECT_CAPACITY, fine);
    WANT(RY_REJECT_CAPACITY, WITH(.head.flags = RY_INF_IOC));
    touch(&b, RY_IN_CANCEL, 1, 1);
    WANT(0, fine);
    end(&b);
}
END_TEST

/* An order with everything wrong at once: as each thing is put right, the next one's code comes. */
START_TEST(in_this_order)
{
    struct rig b = open_waiting();
    struct ry_input in = {.head = {.instrument = 1, .flags = RY_INF_PRINTED},
                          .ref = 1,
                          .side = RY_BUY,
                          .price = 2000001950};
    b.time = 500;
    for (int i = 0; i < 9; i++)
        event(&b, (struct ry_input){.head = {.kind = RY_IN_ORDER_CANCEL, .source = RY_SOURCE_AGENT},
                                    .ref = 9});
    WANT(RY_REJECT_MALFORMED, in);
    in.head.flags = 0;
    WANT(RY_REJECT_INSTRUMENT, in);
    WANT(RY_REJECT_DUPLICATE, in);
    in.ref = 0;
    in.head.instrument = 0;
    WANT(RY_REJECT_NOT_TRADING, in);
    arena_start(&b); /* in the same second */
    WANT(RY_REJECT_QUANTITY, in);
    in.qty = 35;
    WANT(RY_REJECT_NO_REFERENCE, in);
    last(&b, 10000);
    WANT(RY_REJECT_PRICE, in);
    in.price = 11100;
    WANT(RY_REJECT_COLLAR, in);
    in.price = 10000;
    WANT(RY_REJECT_NOTIONAL, in);
    in.qty = 30;
    WANT(RY_REJECT_RATE, in);
    died(&b, 0, 0);
    in.qty = 0;
    WANT(RY_REJECT_KILLED, in);
    end(&b);
}
END_TEST

START_TEST(limits_in_this_order)
{
    struct rig b = open_trading();
    WANT(0, WITH(.ref = 1, .qty = 20));
    WANT(0, WITH(.ref = 2, .qty = 20));
    WANT(0, WITH(.ref = 3, .qty = 15));
    for (uint64_t ref = 1; ref <= 3; ref++)
        add(&b, ref, RY_SELL, 10500, 1);
    struct ry_input cancel = {.head = {.kind = RY_IN_ORDER_CANCEL, .source = RY_SOURCE_AGENT},
                              .ref = 3};
    for (int i = 0; i < 6; i++)
        event(&b, (struct ry_input){.head = cancel.head, .ref = 9});
    WANT(RY_REJECT_OPEN_ORDERS, WITH(.qty = 21));
    event(&b, cancel);
    add(&b, 4, RY_SELL, 10500, 1);
    WANT(RY_REJECT_POSITION, WITH(.qty = 21));
    WANT(RY_REJECT_RATE, WITH(.qty = 20));
    b.time += RY_NS_PER_SECOND;
    WANT(RY_REJECT_CAPACITY, WITH(.qty = 20));
    end(&b);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena_risk");
    TCase *c = tcase_create("rejects");
    tcase_add_test(c, malformed_side);
    tcase_add_test(c, malformed_flags);
    tcase_add_test(c, malformed_market_price);
    tcase_add_test(c, duplicate);
    tcase_add_test(c, unknown_instrument);
    tcase_add_test(c, not_trading);
    tcase_add_test(c, killed);
    tcase_add_test(c, quantity_zero);
    tcase_add_test(c, quantity_max);
    tcase_add_test(c, no_reference);
    tcase_add_test(c, price_off_the_tick);
    tcase_add_test(c, price_beyond_all);
    tcase_add_test(c, collar_above);
    tcase_add_test(c, collar_below);
    tcase_add_test(c, collar_on_the_mid);
    tcase_add_test(c, notional);
    tcase_add_test(c, notional_of_a_negative_price);
    tcase_add_test(c, open_orders);
    tcase_add_test(c, position_of_buys);
    tcase_add_test(c, position_of_sells);
    tcase_add_test(c, rate);
    tcase_add_test(c, unknown_order);
    tcase_add_test(c, capacity);
    tcase_add_test(c, in_this_order);
    tcase_add_test(c, limits_in_this_order);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
