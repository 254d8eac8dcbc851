/* What the host says of a strategy in the agent's log: why a call was refused, that nothing can
 * wake it, why it ended. */
#include <stdio.h>
#include <string.h>

#include "tests/support/stub/strategy_rig.h"

/* An agent whose log can be read. */
static struct ry_agent *agent_heard(const struct ry_strategy *strategy)
{
    stub_open("");
    ck_assert_int_eq(ry_host_api_attach(&stub.api, strategy), 0);
    stub_hear();
    return &stub.api.agent;
}

static void does_nothing(struct ry_agent *agent)
{
    (void)agent;
}

static void market_does_nothing(struct ry_agent *agent, const struct ry_market_event *event,
                                unsigned count)
{
    (void)agent;
    (void)event;
    (void)count;
}

static void report_does_nothing(struct ry_agent *agent, const struct ry_report_event *report)
{
    (void)agent;
    (void)report;
}

static void wants_nothing(struct ry_agent *agent)
{
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_NONE);
}

static void wants_one(struct ry_agent *agent)
{
    wants_nothing(agent);
    ry_interest(agent, 1, RY_INTEREST_WAKE_TRADES);
}

static void sets_a_timer(struct ry_agent *agent)
{
    wants_nothing(agent);
    ry_timer(agent, ry_now(agent) + STUB_SECOND);
}

static void stops_its_timer(struct ry_agent *agent)
{
    sets_a_timer(agent);
    ry_timer(agent, RY_TIME_NEVER);
}

static void orders_and_waits(struct ry_agent *agent)
{
    wants_nothing(agent);
    ry_order(agent, 0, RY_BUY, 1, 1000, RY_LIMIT);
}

static void fails(struct ry_agent *agent)
{
    ry_fail(agent, "not with me");
}

#define STRATEGY(...)                                                                              \
    (&(const struct ry_strategy){                                                                  \
        .abi = RY_AGENT_ABI, .bytes = sizeof(struct ry_strategy), __VA_ARGS__})

static void after_start(const struct ry_strategy *strategy, const char *says)
{
    agent_heard(strategy);
    stub_start(1000, 1100);
    ck_assert_str_eq(stub_heard(), says);
    ck_assert_str_eq(stub_heard(), "");
    stub_close();
}

START_TEST(a_strategy_that_nothing_can_wake)
{
#define NEVER "WARN nothing will call this strategy until the end: after start it has "
    after_start(STRATEGY(.timer = does_nothing),
                NEVER "no timer set, no market callback and no order");
    after_start(STRATEGY(.start = does_nothing),
                NEVER "no timer callback, no market callback and no order");
    after_start(STRATEGY(.start = sets_a_timer),
                NEVER "no timer callback, no market callback and no order");
    after_start(STRATEGY(.start = stops_its_timer, .timer = does_nothing),
                NEVER "no timer set, no market callback and no order");
    after_start(STRATEGY(.start = wants_nothing, .market = market_does_nothing,
                         .report = report_does_nothing),
                NEVER "no timer callback, no interest in the market and no order");
    after_start(STRATEGY(.start = orders_and_waits, .timer = does_nothing),
                NEVER "no timer set, no market callback and no report callback");
    /* These can be called, or meant it so. */
    after_start(STRATEGY(.start = sets_a_timer, .timer = does_nothing), "");
    after_start(STRATEGY(.market = market_does_nothing), "");
    after_start(STRATEGY(.start = wants_one, .market = market_does_nothing, .timer = does_nothing),
                "");
    after_start(
        STRATEGY(.start = orders_and_waits, .timer = does_nothing, .report = report_does_nothing),
        "");
    after_start(STRATEGY(.start = orders_and_waits), "");
    after_start(STRATEGY(.start = fails), "");
}
END_TEST

static void wants_trades(struct ry_agent *agent)
{
    sets_a_timer(agent);
    ry_interest(agent, 1, RY_INTEREST_TOP(1) | RY_INTEREST_TRADES | RY_INTEREST_STATES);
}

static void wants_trades_later(struct ry_agent *agent)
{
    wants_trades(agent);
    ry_interest(agent, 0, RY_INTEREST_TOP(1) | RY_INTEREST_WAKE_BOOK);
}

static void wants_states(struct ry_agent *agent)
{
    sets_a_timer(agent);
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_TOP(1) | RY_INTEREST_STATES);
}

static void wants_all(struct ry_agent *agent)
{
    sets_a_timer(agent);
    ry_interest(agent, RY_INTEREST_EVERY, RY_INTEREST_ALL);
}

START_TEST(trades_that_are_never_shown)
{
#define TRADES_OF(instrument) "WARN instrument " instrument ": trades are asked for, but "
    after_start(
        STRATEGY(.start = wants_trades, .timer = does_nothing, .market = market_does_nothing),
        TRADES_OF("1") "nothing calls market: no trade is ever shown; add "
                       "RY_INTEREST_WAKE_TRADES");
    after_start(STRATEGY(.start = wants_all, .timer = does_nothing),
                TRADES_OF("0") "there is no market callback: no trade is ever shown; ask for no "
                               "trades, or add the callback and RY_INTEREST_WAKE_TRADES");
    after_start(
        STRATEGY(.start = wants_trades_later, .timer = does_nothing, .market = market_does_nothing),
        "");
    after_start(STRATEGY(.start = wants_states, .timer = does_nothing), "");
    after_start(STRATEGY(.start = orders_and_waits), "");
}
END_TEST

static void wants_what_is_not_there(struct ry_agent *agent)
{
    ck_assert(!ry_interest(agent, 70000, RY_INTEREST_ALL));
    ck_assert(!ry_interest(agent, 2, RY_INTEREST_ALL));
}

static void is_late(struct ry_agent *agent, const struct ry_market_event *event, unsigned count)
{
    (void)event;
    (void)count;
    ck_assert(!ry_interest(agent, 0, RY_INTEREST_ALL));
}

START_TEST(why_a_call_was_refused)
{
#define ONCE " (said once, counted each time)"
    agent_heard(STRATEGY(.start = wants_what_is_not_there, .market = market_does_nothing));
    stub_start(1000, 1100);
    ck_assert_str_eq(
        stub_heard(),
        "WARN ry_interest: no instrument 70000 in this battle, the last one is 1" ONCE);
    ck_assert_str_eq(stub_heard(), "");
    ck_assert_uint_eq(stub.api.invalid, 2);
    stub_close();

    agent_heard(STRATEGY(.market = is_late));
    stub_start(1000, 1100);
    stub_rest(0, RY_BUY, 900, 1);
    stub_wake(RY_WAKE_MARKET, NULL);
    ck_assert_str_eq(stub_heard(),
                     "WARN ry_interest of instrument 0 (AAA) refused: it is for start alone; what "
                     "was asked before stays: ORDERS | WAKE_BOOK | WAKE_TRADES | WAKE_STATES" ONCE);
    stub_close();

    struct ry_agent *agent = agent_heard(STRATEGY(.start = NULL));
    stub.outside = true;
    ck_assert_uint_eq(ry_order(agent, 0, RY_BUY, 1, 1000, RY_LIMIT), 0);
    ck_assert_str_eq(
        stub_heard(),
        "WARN ry_order refused: commands are taken inside a callback, and not in stop" ONCE);
    stub_close();
}
END_TEST

/* agent.h: at most eight, the others are cut. */
START_TEST(features_are_cut)
{
    struct ry_agent *agent = agent_heard(STRATEGY(.start = NULL));
    const int64_t feature[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    ck_assert(ry_decide(agent, 0, 5, feature, 10));
    ck_assert(stub.issued[0].kind == RY_CM_DECISION && stub.issued[0].count == 8 &&
              stub.issued[0].feature[7] == 8);
    ck_assert_str_eq(stub_heard(), "");
    stub_close();
}
END_TEST

/* `when`: NULL: before trading. */
static void out_at(enum ry_out code, int64_t time, int64_t round_ns, const char *when)
{
    char says[RY_LOG_TEXT_MAX];
    const struct ry_code *what = ry_code(RY_CODES_OUT, code);
    if (when == NULL)
        snprintf(says, sizeof says, "INFO out: %s, before trading", what->name);
    else
        snprintf(says, sizeof says, "INFO out: %s: %s; what to do: %s", when, what->sentence,
                 what->remedy);
    agent_heard(STRATEGY(.market = market_does_nothing));
    stub.battle->round_ns = round_ns;
    stub_start(1000, 1100);
    ry_host_api_stop(&stub.api,
                     &(struct ry_report){.kind = RY_RP_OUT, .code = (uint8_t)code, .time = time});
    ck_assert_str_eq(stub_heard(), says);
    stub_close();
}

START_TEST(why_it_ended)
{
    out_at(RY_OUT_LAST, STUB_START + 30 * STUB_SECOND, 10 * STUB_SECOND, "last, round 3");
    out_at(RY_OUT_LOSS, STUB_START + 29 * STUB_SECOND, 10 * STUB_SECOND, "loss, round 3");
    out_at(RY_OUT_INSOLVENT, STUB_START + 30 * STUB_SECOND + 1, 10 * STUB_SECOND,
           "insolvent, round 4");
    out_at(RY_OUT_STALLED, STUB_START, 10 * STUB_SECOND, "stalled, round 1");
    out_at(RY_OUT_DIED, STUB_START + 90 * STUB_SECOND, 0, "died, round 1");
    out_at(RY_OUT_DIED, STUB_START - 1, 10 * STUB_SECOND, NULL);
    agent_heard(STRATEGY(.market = market_does_nothing));
    stub_start(1000, 1100);
    ry_host_api_stop(&stub.api, NULL);
    ck_assert_str_eq(stub_heard(), "INFO the battle has ended");
    stub_close();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("agent_log");
    TCase *c = tcase_create("log");
    tcase_add_test(c, a_strategy_that_nothing_can_wake);
    tcase_add_test(c, trades_that_are_never_shown);
    tcase_add_test(c, why_a_call_was_refused);
    tcase_add_test(c, features_are_cut);
    tcase_add_test(c, why_it_ended);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
