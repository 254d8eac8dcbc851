/*
 * Mistakes of a strategy: questions that its interest does not answer, interests, instruments and
 * sides that do not exist. What is answered, counted, and said in its log.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/stub/strategy_rig.h"

static unsigned interest_of[2]; /* what `start` asks for */

static void asks(struct ry_agent *agent)
{
    for (unsigned i = 0; i < 2; i++)
        ck_assert(ry_interest(agent, i, interest_of[i]));
}

static void market(struct ry_agent *agent, const struct ry_market_event *event, unsigned count)
{
    (void)agent;
    (void)event;
    (void)count;
}

/* Bids at 1000, 900 and 800, an ask at 1100; and START. What is said from the strategy's first call
 * on can be read. */
static struct ry_agent *begin_with(void (*start)(struct ry_agent *agent))
{
    static struct ry_strategy strategy;
    strategy = (struct ry_strategy){
        .abi = RY_AGENT_ABI, .bytes = sizeof strategy, .start = start, .market = market};
    stub_open("");
    stub_hear();
    ck_assert_int_eq(ry_host_api_attach(&stub.api, &strategy), 0);
    stub_rest(0, RY_BUY, 900, 2);
    stub_rest(0, RY_BUY, 800, 3);
    stub_start(1000, 1100);
    ck_assert_msg(!stub.api.failed, "%s", stub.api.reason);
    return &stub.api.agent;
}

static struct ry_agent *begin(unsigned first, unsigned second)
{
    interest_of[0] = first;
    interest_of[1] = second;
    struct ry_agent *agent = begin_with(asks);
    ck_assert_uint_eq(stub.api.invalid, 0); /* in start everything is there */
    while (*stub_heard() != '\0') {
    }
    return agent;
}

static void ck_heard(const char *says)
{
    char line[RY_LOG_TEXT_MAX + 16] = "";
    if (*says != '\0')
        snprintf(line, sizeof line, "WARN %s", says);
    ck_assert_str_eq(stub_heard(), line);
}

#define ONCE " (said once, counted each time)"

/* The best `max` levels of instrument 0 after `interest`; NULL: that is no more than it brings. */
static void wanted(unsigned interest, unsigned max, unsigned given, const char *says)
{
    struct ry_level level[STUB_LEVELS];
    struct ry_agent *agent = begin(interest, RY_INTEREST_NONE);
    for (unsigned times = 0; times < 2; times++)
        ck_assert_uint_eq(ry_book(agent, 0, RY_BUY, level, max), given);
    ck_heard(says != NULL ? says : "");
    ck_heard("");
    ck_assert_uint_eq(stub.api.invalid, says != NULL ? 2 : 0);
    stub_close();
}

START_TEST(more_levels_than_asked_for)
{
    wanted(RY_INTEREST_TOP(2), 2, 2, NULL);
    wanted(RY_INTEREST_TOP(20), 20, 3, NULL);
    wanted(RY_INTEREST_LEVELS, 50, 3, NULL);
    wanted(RY_INTEREST_ORDERS, 50, 3, NULL);
    wanted(RY_INTEREST_NONE, 0, 0, NULL);
    wanted(RY_INTEREST_TOP(2), 3, 2,
           "3 levels of instrument 0 (AAA) were wanted, and start asked for RY_INTEREST_TOP(2): "
           "ask there for RY_INTEREST_TOP(3)" ONCE);
    wanted(RY_INTEREST_TOP(20), 21, 3,
           "21 levels of instrument 0 (AAA) were wanted, and start asked for RY_INTEREST_TOP(20): "
           "ask there for RY_INTEREST_LEVELS" ONCE);
    wanted(RY_INTEREST_NONE | RY_INTEREST_TRADES, 1, 0,
           "1 levels of instrument 0 (AAA) were wanted, and start asked for RY_INTEREST_NONE: ask "
           "there for RY_INTEREST_TOP(1)" ONCE);
}
END_TEST

START_TEST(states_that_were_not_asked_for)
{
    struct ry_agent *agent = begin(RY_INTEREST_LEVELS, RY_INTEREST_STATES);
    stub.group++;
    stub_market((struct ry_market){.kind = RY_MK_STATE, .instrument = 0, .qty = 0});
    stub_market((struct ry_market){.kind = RY_MK_STATE, .instrument = 1, .qty = 0});
    ck_assert(!ry_trading(agent, 1));
    ck_heard("");
    ck_assert(ry_trading(agent, 0)); /* as it was at START */
    ck_heard("whether instrument 0 (AAA) trades was wanted, and start asked for RY_INTEREST_LEVELS "
             "without states: add RY_INTEREST_STATES there" ONCE);
    ck_assert_uint_eq(stub.api.invalid, 1);
    stub_close();
}
END_TEST

static const struct {
    unsigned interest;
    const char *why;
} nonsense[] = {
    {RY_INTEREST_TOP(0), "TOP(0): k is 1 to 20"},
    {RY_INTEREST_TOP(RY_TOP_MAX + 1), "TOP(21): k is 1 to 20"},
    {RY_INTEREST_TOP(300) | RY_INTEREST_WAKE_BOOK, "TOP(300): k is 1 to 20"},
    {RY_INTEREST_LEVELS | RY_INTEREST_ORDERS, "more than one of TOP, LEVELS and ORDERS"},
    {RY_INTEREST_TOP(1) | RY_INTEREST_LEVELS, "more than one of TOP, LEVELS and ORDERS"},
    {RY_INTEREST_TOP(1) | RY_INTEREST_ALL, "more than one of TOP, LEVELS and ORDERS"},
    {RY_INTEREST_NONE | RY_INTEREST_WAKE_BOOK, "WAKE_BOOK without TOP, LEVELS or ORDERS"},
    {RY_INTEREST_TRADES | RY_INTEREST_WAKE_BOOK, "WAKE_BOOK without TOP, LEVELS or ORDERS"},
    {RY_INTEREST_BIT_WAKE_TRADES, "WAKE_TRADES without TRADES"},
    {RY_INTEREST_BIT_WAKE_STATES, "WAKE_STATES without STATES"},
    {RY_INTEREST_ORDERS | 1u << 8, "0x100 is no interest"},
    {RY_INTEREST_ALL | RY_INTEREST_DEAF, "0x8000 is no interest"},
    {RY_INTEREST_ORDERS | 1u << 16, "0x10000 is no interest"},
};

static unsigned nonsensical; /* of nonsense: what `start` asks for */

static void asks_nonsense(struct ry_agent *agent)
{
    ck_assert(ry_interest(agent, 1, RY_INTEREST_TOP(4) | RY_INTEREST_WAKE_STATES));
    for (unsigned times = 0; times < 2; times++)
        ck_assert(!ry_interest(agent, 1, nonsense[nonsensical].interest));
}

START_TEST(interests_that_do_not_exist)
{
    for (nonsensical = 0; nonsensical < sizeof nonsense / sizeof *nonsense; nonsensical++) {
        char says[RY_LOG_TEXT_MAX];
        begin_with(asks_nonsense);
        snprintf(says, sizeof says,
                 "ry_interest of instrument 1 (BBB) refused: %s; what was asked before stays: "
                 "TOP(4) | WAKE_STATES" ONCE,
                 nonsense[nonsensical].why);
        ck_heard(says);
        ck_heard("");
        ck_assert_uint_eq(stub.api.invalid, 2);
        ck_assert_uint_eq(stub.interest[1], RY_INTEREST_TOP(4) | RY_INTEREST_WAKE_STATES);
        stub_close();
    }
}
END_TEST

static void asks_nonsense_of_all(struct ry_agent *agent)
{
    ck_assert(!ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_TOP(21)));
    ck_assert(ry_interest(agent, 1, RY_INTEREST_NONE));
    ck_assert(!ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_WAKE_BOOK));
}

/* What stays is named where it is the same for all. */
START_TEST(nonsense_for_every_instrument)
{
    begin_with(asks_nonsense_of_all);
    ck_heard("ry_interest of every instrument refused: TOP(21): k is 1 to 20; what was asked "
             "before stays: ORDERS | WAKE_BOOK | WAKE_TRADES | WAKE_STATES" ONCE);
    ck_assert_uint_eq(stub.api.invalid, 2);
    stub_close();
}
END_TEST

static unsigned first_ids(const struct ry_agent *agent, int64_t price)
{
    return (unsigned)(ry_round_down(agent, 2, price) == price) +
           (unsigned)(ry_round_up(agent, 2, price) == price);
}

START_TEST(instruments_and_sides_that_do_not_exist)
{
#define NO_2 ": no instrument 2 in this battle, the last one is 1" ONCE
    struct ry_level level;
    struct ry_agent *agent = begin(RY_INTEREST_ALL, RY_INTEREST_ALL);
    ck_assert(ry_instrument_info(agent, 2) == NULL && ry_instrument_find(agent, "C") == -1);
    ck_assert(!ry_open_order(agent, 77, NULL));
    ck_assert_uint_eq(stub.api.invalid, 0); /* these ask whether there is one */
    for (unsigned times = 0; times < 2; times++) {
        ck_assert(!ry_best(agent, 2, RY_BUY, &level));
        ck_assert_uint_eq(ry_book(agent, 2, RY_BUY, &level, 1), 0);
        ck_assert(!ry_trading(agent, 2));
        ck_assert_int_eq(ry_position(agent, 2), 0);
        ck_assert_uint_eq(first_ids(agent, 77), 2);
        ck_assert_uint_eq(ry_book(agent, 1, RY_SIDE_NONE, &level, 1), 0);
        ck_assert(!ry_best(agent, 0, (enum ry_side)3, &level));
        ck_assert_int_eq(ry_position(agent, (unsigned)-1), 0);
    }
    ck_heard("ry_best" NO_2);
    ck_heard("ry_book" NO_2);
    ck_heard("ry_trading" NO_2);
    ck_heard("ry_position" NO_2);
    ck_heard("ry_round_down" NO_2);
    ck_heard("ry_round_up" NO_2);
    ck_heard("ry_book: no side 0, of instrument 1 (BBB): RY_BUY or RY_SELL" ONCE);
    ck_heard("ry_best: no side 3, of instrument 0 (AAA): RY_BUY or RY_SELL" ONCE);
    ck_heard("");
    ck_assert_uint_eq(stub.api.invalid, 18);
    stub_close();
}
END_TEST

START_TEST(each_mistake_is_said_once)
{
    struct ry_level level[4];
    struct ry_agent *agent = begin(RY_INTEREST_TOP(1), RY_INTEREST_NONE);
    for (unsigned times = 0; times < 3; times++)
        for (unsigned i = 0; i < 2; i++) {
            ry_trading(agent, i);
            ry_book(agent, i, RY_SELL, level, 2);
        }
    for (unsigned i = 0; i < 2; i++) {
        char says[RY_LOG_TEXT_MAX];
        const char *name = i == 0 ? "0 (AAA)" : "1 (BBB)",
                   *asked = i == 0 ? "RY_INTEREST_TOP(1)" : "RY_INTEREST_NONE";
        snprintf(says, sizeof says,
                 "whether instrument %s trades was wanted, and start asked for %s without states: "
                 "add RY_INTEREST_STATES there" ONCE,
                 name, asked);
        ck_heard(says);
        snprintf(says, sizeof says,
                 "2 levels of instrument %s were wanted, and start asked for %s: ask there for "
                 "RY_INTEREST_TOP(2)" ONCE,
                 name, asked);
        ck_heard(says);
    }
    ck_heard("");
    ck_assert_uint_eq(stub.api.invalid, 12);
    stub_close();
}
END_TEST

static void makes_every_mistake(struct ry_agent *agent)
{
    struct ry_level level;
    for (unsigned i = 0; i < 2; i++) {
        ry_trading(agent, i);
        ry_best(agent, i, RY_BUY, &level);
        ry_best(agent, i, RY_SIDE_NONE, &level);
        ry_book(agent, i, RY_SIDE_NONE, &level, 1);
        ry_interest(agent, i, RY_INTEREST_NONE);
    }
    ry_interest(agent, 2, RY_INTEREST_NONE);
    ry_best(agent, 2, RY_BUY, &level);
    ry_book(agent, 2, RY_BUY, &level, 1);
    ry_trading(agent, 2);
    ry_position(agent, 2);
    ry_round_down(agent, 2, 5);
    ry_round_up(agent, 2, 5);
}

/* Of 17 different mistakes 16 are said. */
START_TEST(lines_have_an_end)
{
    struct ry_agent *agent = begin(RY_INTEREST_NONE, RY_INTEREST_NONE);
    for (unsigned times = 0; times < 2; times++)
        makes_every_mistake(agent);
    for (unsigned i = 0; i < 15; i++)
        ck_assert_str_ne(stub_heard(), "");
    ck_heard("ry_round_down: no instrument 2 in this battle, the last one is 1 (said once, counted "
             "each time; further ones of any kind are only counted)");
    ck_heard("");
    ck_assert_uint_eq(stub.api.invalid, 34);
    stub_close();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_mistakes");
    TCase *c = tcase_create("mistakes");
    tcase_add_test(c, more_levels_than_asked_for);
    tcase_add_test(c, states_that_were_not_asked_for);
    tcase_add_test(c, interests_that_do_not_exist);
    tcase_add_test(c, nonsense_for_every_instrument);
    tcase_add_test(c, instruments_and_sides_that_do_not_exist);
    tcase_add_test(c, each_mistake_is_said_once);
    tcase_add_test(c, lines_have_an_end);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
