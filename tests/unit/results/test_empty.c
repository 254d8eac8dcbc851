/* Battles in which nothing happened: each reason by a small battle, and each exemption. */
#include "core/results/empty.h"
#include "tests/support/results_rig.h"
#include "tests/support/text_rig.h"
#include "tools/text/verdict.h"

static struct stage stage;

#define TRADE_FROM RY_NS_PER_SECOND /* of stage_battle; its warm-up is from 0 */

static void begin(uint16_t agents, uint16_t instruments)
{
    struct ry_input_battle battle = stage_battle(agents);
    battle.instruments = instruments;
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, INT64_MAX);
}

static uint64_t ref;

/* A recorded order, by the feed. */
static void recorded(uint16_t instrument, int64_t time, uint16_t flags)
{
    stage.rig.time = time;
    ref++;
    stage_event(&stage, (struct ry_input){.head = {.kind = RY_IN_ADD,
                                                   .instrument = instrument,
                                                   .source = RY_SOURCE_FEED,
                                                   .flags = flags},
                                          .ref = ref,
                                          .side = ref % 2 ? RY_BUY : RY_SELL,
                                          .price = ref % 2 ? 990 : 1010,
                                          .qty = 50});
}

static struct ry_results_empty judged(bool want)
{
    struct ry_results_empty empty;
    ck_assert(ry_results_empty(&stage.results, &empty) == want);
    return empty;
}

START_TEST(something_happened)
{
    begin(1, 1);
    recorded(0, 0, RY_INF_SNAPSHOT);
    recorded(0, 0, RY_INF_SNAPSHOT);
    stage_time(&stage, TRADE_FROM);
    recorded(0, TRADE_FROM, 0);
    judged(false); /* it has not ended */
    stage_end(&stage);
    judged(false);
    ck_assert_uint_eq(stage.results.instrument[0].events, 1);
    stage_close(&stage);
}
END_TEST

/* What was clamped to warmup_from, snapshots, what came in the warm-up, states: none is an event.
 */
START_TEST(no_event_in_trading_hours)
{
    begin(1, 3);
    recorded(0, 0, 0);
    recorded(1, TRADE_FROM - 1, 0);
    stage_time(&stage, TRADE_FROM);
    recorded(0, TRADE_FROM + 5, RY_INF_SNAPSHOT);
    stage_event(&stage, (struct ry_input){.head = {.kind = RY_IN_STATE, .source = RY_SOURCE_FEED},
                                          .qty = RY_STATE_TRADING});
    recorded(2, TRADE_FROM + 6, 0);
    stage_end(&stage);
    struct ry_results_empty empty = judged(true);
    ck_assert_uint_eq(empty.silent, 2);
    ck_assert_int_eq(empty.no_trade, RY_RESULTS_NO_TRADE_NOT);
    FILE *out = text_begin();
    ck_assert(ry_text_empty(out, &stage.results));
    text_want(out,
              "nothing happened: no recorded event between trade_from and the battle's end of S0 "
              "(1 at other times), S1 (1 at other times): compare market.date, zone, the hours "
              "and the symbol with what the feed's file holds\n");
    stage_close(&stage);
}
END_TEST

/* Where trading begins with the warm-up, what was moved to that moment is no event either. */
START_TEST(moved_to_the_beginning)
{
    struct ry_input_battle battle = stage_battle(0);
    battle.trade_from = battle.warmup_from;
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, INT64_MAX);
    for (unsigned i = 0; i < 3; i++)
        recorded(0, battle.trade_from, 0);
    stage_time(&stage, battle.trade_from);
    if (_i)
        recorded(0, battle.trade_from + 1, 0);
    stage_end(&stage);
    judged(_i == 0);
    stage_close(&stage);
}
END_TEST

START_TEST(trading_never_began)
{
    begin(1, 1);
    recorded(0, TRADE_FROM / 2, 0);
    stage_end(&stage);
    struct ry_results_empty empty = judged(true);
    ck_assert_uint_eq(empty.silent, 1);
    ck_assert_int_eq(empty.no_trade, RY_RESULTS_NO_TRADE_NEVER);
    /* A record may go on with messages that are no events. */
    ck_assert_str_eq(ry_text_no_trade(empty.no_trade)->sentence,
                     "no agent could trade: the last recorded event lies before trade_from");
    stage_close(&stage);
}
END_TEST

START_TEST(closed_all_day)
{
    begin(1, 1);
    stage_event(&stage, (struct ry_input){.head = {.kind = RY_IN_STATE, .source = RY_SOURCE_FEED},
                                          .qty = RY_STATE_HALTED});
    stage_time(&stage, TRADE_FROM);
    recorded(0, TRADE_FROM + 1, 0);
    stage_order(&stage, 0, 1, RY_BUY, 1000, 1);
    stage_end(&stage);
    struct ry_results_empty empty = judged(true);
    ck_assert_uint_eq(empty.silent, 0);
    ck_assert_int_eq(empty.no_trade, RY_RESULTS_NO_TRADE_CLOSED);
    stage_close(&stage);
}
END_TEST

/* 0: no reference for any order; 1: one order was accepted; 2: one was refused for its quantity. */
START_TEST(every_order_refused)
{
    begin(1, 1);
    stage_time(&stage, TRADE_FROM);
    recorded(0, TRADE_FROM + 1, 0); /* one side alone */
    stage_order(&stage, 0, 1, RY_BUY, 1000, 1);
    if (_i == 1)
        recorded(0, TRADE_FROM + 2, 0);
    if (_i == 1)
        stage_order(&stage, 0, 2, RY_BUY, 990, 1);
    if (_i == 2)
        stage_order(&stage, 0, 2, RY_BUY, 1000, 0);
    stage_end(&stage);
    ck_assert_uint_eq(stage.results.agent[0].rejects[RY_REJECT_NO_REFERENCE], 1);
    struct ry_results_empty empty = judged(_i == 0);
    ck_assert_int_eq(empty.no_trade,
                     _i == 0 ? RY_RESULTS_NO_TRADE_UNREFERRED : RY_RESULTS_NO_TRADE_NOT);
    stage_close(&stage);
}
END_TEST

/* A battle that was stopped, and one that is over because agents died, say nothing of the record.
 */
START_TEST(not_judged)
{
    begin(2, 2);
    stage_time(&stage, TRADE_FROM);
    if (_i == 0)
        stage_event(&stage, (struct ry_input){.head = {.kind = RY_IN_END, .flags = RY_INF_WALL}});
    if (_i == 1)
        stage_died(&stage, 0, 0);
    if (_i == 2)
        stage_time(&stage, 11 * RY_NS_PER_SECOND);
    if (_i > 0)
        stage_end(&stage);
    ck_assert(stage.results.ended);
    judged(_i == 2); /* a frozen book: a round has ended, nothing happened */
    stage_close(&stage);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("empty");
    TCase *c = tcase_create("empty");
    tcase_add_test(c, something_happened);
    tcase_add_test(c, no_event_in_trading_hours);
    tcase_add_loop_test(c, moved_to_the_beginning, 0, 2);
    tcase_add_test(c, trading_never_began);
    tcase_add_test(c, closed_all_day);
    tcase_add_loop_test(c, every_order_refused, 0, 3);
    tcase_add_loop_test(c, not_judged, 0, 3);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
