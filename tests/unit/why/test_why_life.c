/*
 * A small day with an order of each end: its records in words, and the lives of its orders as they
 * are printed, from a whole journal and from one that is cut.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/results_rig.h"
#include "tests/support/text_rig.h"
#include "tools/why/life.h"
#include "tools/why/list.h"
#include "tools/why/why.h"

static struct stage stage;

#define SECOND RY_NS_PER_SECOND

static const char yaml[] =
    "battle: {name: small, seed: 1}\n"
    "market: {date: 2026-01-05, zone: America/New_York, trade_from: 09:30, instruments: [{symbol: S0}]}\n"
    "feeds: [{name: f, format: itch50, path: none.itch}]\n"
    "risk: {quantity_max: 1, notional_max: 1, position_max: 1, open_orders_max: 1, rate_max: 1,\n"
    "       collar_ppm: 1, loss_max: 1}\n"
    "game: {round: 00:00:10, min_fills: 0}\n"
    "agents:\n"
    "  - {name: a0, strategy: x, cash: 1, latency_us: 200}\n"
    "  - {name: a1, strategy: x, cash: 1, latency_us: 50}\n"
    "  - {name: a2, strategy: x, cash: 1, latency_us: 50}\n";

static uint64_t said[3]; /* commands of each agent */

/* The agent's next command. */
static void command(uint16_t agent, struct ry_input in)
{
    in.head.source = (uint16_t)(RY_SOURCE_AGENT + agent);
    in.head.source_seq = ++said[agent];
    stage_event(&stage, in);
}

static void order(uint16_t agent, uint64_t ref, uint8_t side, int64_t price, uint32_t qty,
                  uint16_t flags)
{
    command(agent, (struct ry_input){.head = {.kind = RY_IN_ORDER, .flags = flags},
                                     .ref = ref,
                                     .side = side,
                                     .price = price,
                                     .qty = qty});
}

static void recorded(uint8_t kind, uint64_t ref, uint32_t qty)
{
    stage_event(&stage, (struct ry_input){.head = {.kind = kind, .source = RY_SOURCE_FEED},
                                          .ref = ref,
                                          .qty = qty});
}

static void decide(uint16_t agent, uint64_t ref, uint32_t intent)
{
    union ry_input_any in = {.decision = {.head = {.kind = RY_IN_DECISION,
                                                   .slots = 2,
                                                   .time = stage.rig.time,
                                                   .source = (uint16_t)(RY_SOURCE_AGENT + agent),
                                                   .source_seq = ++said[agent]},
                                          .ref = ref,
                                          .intent = intent,
                                          .count = 2,
                                          .feature = {12, -5}}};
    stage_put(&stage, &in);
}

static void begin(uint32_t min_fills)
{
    struct ry_input_battle battle = stage_battle(3);
    battle.min_fills = min_fills;
    memset(said, 0, sizeof said);
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, INT64_MAX);
    stage_last(&stage, 1000);
    stage_add(&stage, 1, RY_BUY, 990, 50);
}

/* a0 sells 40 behind 37 at 10.10: a trade of 12 there, a cancel of 20, a better offer of 3; then
 * the round ends and a0, which had fewer fills, is the last: out. a1 buys 5 at once, an IOC of it
 * is too low, and an order far from the market is refused. a2's small one is filled behind nobody;
 * when trading begins again after a halt it orders once more.
 */
static void play(void)
{
    begin(1);
    stage_add(&stage, 2, RY_SELL, 1010, 17);
    stage_add(&stage, 3, RY_SELL, 1010, 20);
    stage_time(&stage, SECOND);
    stage_last(&stage, 1001);
    stage.rig.time = SECOND + 200000;
    order(0, 1, RY_SELL, 1010, 40, 0);
    decide(0, 1, 3);
    stage.rig.time = 2 * SECOND;
    recorded(RY_IN_EXEC, 2, 12);
    stage.rig.time = 3 * SECOND;
    recorded(RY_IN_CANCEL, 3, 15);
    stage.rig.time = 4 * SECOND;
    recorded(RY_IN_CANCEL, 3, 5);
    stage_add(&stage, 4, RY_SELL, 1009, 3);
    order(1, 1, RY_BUY, 1009, 2, RY_INF_IOC);
    order(1, 2, RY_BUY, 1000, 2, RY_INF_IOC);
    order(1, 3, RY_BUY, 9000, 2, 0);
    stage.rig.time = 5 * SECOND;
    order(2, 1, RY_BUY, 995, 5, 0);
    order(2, 2, RY_SELL, 991, 0, 0);
    stage_add(&stage, 5, RY_SELL, 995, 2);
    stage.rig.time = 6 * SECOND;
    stage_add(&stage, 6, RY_SELL, 990, 9);
    command(1, (struct ry_input){.head = {.kind = RY_IN_ORDER_CANCEL}, .ref = 77});
    stage.rig.time = 7 * SECOND;
    recorded(RY_IN_STATE, 0, RY_STATE_HALTED);
    stage.rig.time = 8 * SECOND;
    recorded(RY_IN_STATE, 0, RY_STATE_TRADING);
    stage.rig.time = 8 * SECOND + 50000;
    order(2, 3, RY_BUY, 900, 1, 0);
    stage_time(&stage, 11 * SECOND);
    stage_end(&stage);
}

/* a0 sells 2 and wants to sell 40 more behind 28; with the worst score it goes out at the round's
 * end, where the machine buys back its 2, from the 28. */
static void play_out(void)
{
    begin(0);
    stage_add(&stage, 2, RY_SELL, 1010, 28);
    stage_time(&stage, SECOND);
    stage_last(&stage, 1001);
    stage.rig.time = SECOND + 200000;
    order(0, 1, RY_SELL, 990, 2, RY_INF_IOC);
    order(0, 2, RY_SELL, 1010, 40, 0);
    stage_time(&stage, 11 * SECOND);
    stage_end(&stage);
}

/* a0 sells 40 behind 3; one order of a1 takes all of it. */
static void play_taken(void)
{
    begin(0);
    stage_add(&stage, 2, RY_SELL, 1010, 3);
    stage_time(&stage, SECOND);
    stage_last(&stage, 1001);
    stage.rig.time = SECOND + 200000;
    order(0, 1, RY_SELL, 1010, 40, 0);
    stage.rig.time = 2 * SECOND;
    order(1, 1, RY_BUY, 1010, 43, 0);
    stage_end(&stage);
}

static void (*day)(void) = play;

static struct journal_folder folder_of(uint64_t inputs)
{
    struct journal_folder folder = stage_journal(&stage, inputs);
    char path[128];
    snprintf(path, sizeof path, "%s/battle.yaml", folder.path);
    FILE *file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fputs(yaml, file);
    fclose(file);
    return folder;
}

static void folder_end(const struct journal_folder *folder)
{
    char path[128];
    snprintf(path, sizeof path, "%s/battle.yaml", folder->path);
    unlink(path);
    journal_folder_remove(folder);
    stage_close(&stage);
}

/* ---- in words -------------------------------------------------------------------------------- */

static const char *const sentences[] = {
    "At 19:00:04 EST a1's buy order 1 (ioc, 2 lots, limit 10.09) was filled for 2 lots of S0 at 10.09 as taker against a recorded order, 0 s after it arrived, with 0 lots left of it; the latency was 50 us; the fee is 0.006054, the position 2 lots, the cash 999979.813946.",
    "At 19:00:04 EST a1's buy order 3 for 2 lots of S0 at 90.00 was refused (collar): the price is further than collar_ppm and collar_ticks from the last recorded trade, before one from the middle of the recorded best prices; 90.00 is above 15.01, the collar around 10.01; the latency was 50 us; what to do: a price nearer to the market; ask ry_limits for collar_ppm and collar_ticks.",
    "At 19:00:05 EST a2's sell order 2 for 0 lots of S0 at 9.91 was refused (quantity): the quantity is 0, or above quantity_max; 0 lots were ordered, 10000 may be; the latency was 50 us; what to do: ask ry_limits for quantity_max.",
    "At 19:00:05 EST a2's buy order 1 (limit, 5 lots, limit 9.95) was filled for 2 lots of S0 at 9.95 as maker by recorded demand, 0 s after it arrived, with 3 lots left of it; when it came to rest it had 0 lots in 0 orders ahead of it at its price and 0 lots at better prices, and since then 0 lots of others traded at its price; the latency was 50 us; the fee is 0.00199, the position 2 lots, the cash 999980.09801.",
    "At 19:00:06 EST a2's buy order 1 (limit, 5 lots, limit 9.95) was filled for 3 lots of S0 at 9.95 as maker by recorded demand, 1 s after it arrived, with 0 lots left of it; when it came to rest it had 0 lots in 0 orders ahead of it at its price and 0 lots at better prices, and since then 0 lots of others traded at its price; the latency was 50 us; the fee is 0.002985, the position 5 lots, the cash 999950.245025.",
    "At 19:00:06 EST a1's cancel of order 77 was refused (unknown_order): a cancel's alone: this agent has no such order open; the latency was 50 us; what to do: nothing: the order was filled or gone by then.",
    "At 19:00:11 EST a0 went out in round 1 (last): the last of a round; its rank is 3 of 3 agents; the round earned it 0, its value was 1000000; with 0 fills (the rule asks for 1) and 0 rejects it stood below a1, who earned -0.386054 (0.386054 apart) with 1 fill and 2 rejects, decided by min_fills; what to do: have min_fills fills or more in each round.",
};

static bool want_sentence(void *context, const struct ry_results *results,
                          const struct ry_explain_record *record)
{
    char sentence[RY_EXPLAIN_SENTENCE_BYTES];
    unsigned *count = context;
    ck_assert_uint_eq(results->agents, 3);
    ck_assert_uint_lt(*count, sizeof sentences / sizeof *sentences);
    ck_assert_str_eq(ry_explain_template(sentence, record), sentences[*count]);
    ++*count;
    return true;
}

static bool count_one(void *context, const struct ry_results *results,
                      const struct ry_explain_record *record)
{
    unsigned *count = context;
    (void)results;
    (void)record;
    return ++*count < 2;
}

START_TEST(in_words)
{
    char error[RY_WHY_ERROR_BYTES] = "";
    unsigned count = 0;
    play();
    struct journal_folder folder = folder_of(stage.inputs);
    ck_assert_msg(ry_why_records(folder.path, NULL, want_sentence, &count, error) == 0, "%s",
                  error);
    ck_assert_uint_eq(count, sizeof sentences / sizeof *sentences);
    count = 0; /* of one agent, and no more than are wanted */
    ck_assert_int_eq(ry_why_records(folder.path, "a1", count_one, &count, error), 0);
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(ry_why_records(folder.path, "b", count_one, &count, error), -1);
    ck_assert_str_eq(error, "the battle has no agent b");
    folder_end(&folder);
}
END_TEST

/* ---- lives ----------------------------------------------------------------------------------- */

/* The day's journal, `inputs` of it or all (0), and what is asked found in it. */
static struct journal_folder ask(uint64_t inputs, const char *asks, struct ry_why_scan *scan,
                                 struct ry_why_battle *battle)
{
    char error[RY_WHY_ERROR_BYTES] = "";
    struct ry_why_asked asked;
    day();
    struct journal_folder folder = folder_of(inputs == 0 ? stage.inputs : inputs);
    ck_assert(ry_why_asked_read(&asked, asks));
    ry_why_battle_read(battle, folder.path);
    ck_assert_msg(battle->known, "%s", battle->unknown);
    ck_assert_int_eq(ry_why_scan(scan, folder.path, &asked, battle, error), 0);
    return folder;
}

static void want_life(uint64_t inputs, const char *order_text, bool all, const char *text)
{
    char error[RY_WHY_ERROR_BYTES] = "";
    struct ry_why_life *life = calloc(1, sizeof *life);
    struct journal_folder folder = ask(inputs, order_text, &life->scan, &life->battle);
    ck_assert_int_eq(ry_why_life_read(life, folder.path, error), 0);
    if (!all)
        ry_why_life_sum_up(life);
    FILE *out = text_begin();
    ry_why_life_text(out, life);
    text_want(out, text);
    ry_why_life_close(life);
    free(life);
    folder_end(&folder);
    day = play;
}

START_TEST(not_filled)
{
    want_life(
        0, "a0/1", false,

        "order a0/1: sell 40 of S0 at 10.10, limit\n"
        "19:00:01.000000000 EST  its agent was woken, 200 us before the order could arrive\n"
        "    the battle's start\n"
        "    its agent's decision: intent 3, features 12, -5\n"
        "19:00:01.000200000 EST  arrived: command 1 of its agent, input 12\n"
        "19:00:01.000200000 EST  passed its checks\n"
        "19:00:01.000200000 EST  came to rest with 40 lots; ahead: 37 lots in 2 orders at its price, 0 lots at better prices\n"
        "19:00:02.000000000 EST  12 lots ahead traded at its price\n"
        "19:00:03.000000000 EST  20 lots ahead left at its price, 2 times until 19:00:04 EST\n"
        "19:00:04.000000000 EST  9 lots ahead came in at better prices, 2 times until 19:00:06 EST\n"
        "19:00:04.000000000 EST  2 lots ahead traded at better prices\n"
        "    ahead: 5 lots in 1 order at its price, 7 lots in 2 orders at better prices\n"
        "19:00:11.000000000 EST  40 lots cancelled: its agent is out\n"
        "not filled because 37 lots were ahead of it at its price, and 12 lots of others traded at its price while it stood; 20 lots ahead left without a trade; 5 lots at its price and 7 at better prices remained ahead; its agent went out.\n");
}
END_TEST

START_TEST(each_change)
{
    want_life(
        0, "a0/1", true,

        "order a0/1: sell 40 of S0 at 10.10, limit\n"
        "19:00:01.000000000 EST  its agent was woken, 200 us before the order could arrive\n"
        "    the battle's start\n"
        "    its agent's decision: intent 3, features 12, -5\n"
        "19:00:01.000200000 EST  arrived: command 1 of its agent, input 12\n"
        "19:00:01.000200000 EST  passed its checks\n"
        "19:00:01.000200000 EST  came to rest with 40 lots; ahead: 37 lots in 2 orders at its price, 0 lots at better prices\n"
        "19:00:02.000000000 EST  12 lots ahead traded at its price\n"
        "    ahead: 25 lots in 2 orders at its price, 0 lots at better prices\n"
        "19:00:03.000000000 EST  15 lots ahead left at its price\n"
        "    ahead: 10 lots in 2 orders at its price, 0 lots at better prices\n"
        "19:00:04.000000000 EST  5 lots ahead left at its price\n"
        "    ahead: 5 lots in 1 order at its price, 0 lots at better prices\n"
        "19:00:04.000000000 EST  3 lots ahead came in at better prices\n"
        "    ahead: 5 lots in 1 order at its price, 3 lots in 1 order at better prices\n"
        "19:00:04.000000000 EST  2 lots ahead traded at better prices\n"
        "    ahead: 5 lots in 1 order at its price, 1 lot in 1 order at better prices\n"
        "19:00:06.000000000 EST  6 lots ahead came in at better prices\n"
        "    ahead: 5 lots in 1 order at its price, 7 lots in 2 orders at better prices\n"
        "19:00:11.000000000 EST  40 lots cancelled: its agent is out\n"
        "not filled because 37 lots were ahead of it at its price, and 12 lots of others traded at its price while it stood; 20 lots ahead left without a trade; 5 lots at its price and 7 at better prices remained ahead; its agent went out.\n");
}
END_TEST

START_TEST(cut)
{
    want_life(
        16, "a0/1", false,

        "order a0/1: sell 40 of S0 at 10.10, limit\n"
        "19:00:01.000000000 EST  its agent was woken, 200 us before the order could arrive\n"
        "    the battle's start\n"
        "    its agent's decision: intent 3, features 12, -5\n"
        "19:00:01.000200000 EST  arrived: command 1 of its agent, input 12\n"
        "19:00:01.000200000 EST  passed its checks\n"
        "19:00:01.000200000 EST  came to rest with 40 lots; ahead: 37 lots in 2 orders at its price, 0 lots at better prices\n"
        "19:00:02.000000000 EST  12 lots ahead traded at its price\n"
        "19:00:03.000000000 EST  20 lots ahead left at its price, 2 times until 19:00:04 EST\n"
        "    ahead: 5 lots in 1 order at its price, 0 lots at better prices\n"
        "not filled so far: 37 lots were ahead of it at its price, and 12 lots of others traded at its price while it stood; 20 lots ahead left without a trade; 5 lots at its price and 0 at better prices remained ahead; it stands in the book where the journal ends.\n");
}
END_TEST

START_TEST(filled)
{
    want_life(
        0, "a2/1", false,

        "order a2/1: buy 5 of S0 at 9.95, limit\n"
        "19:00:04.999950000 EST  its agent was woken, 50 us before the order could arrive\n"
        "    nothing of its own and nothing in the market: a timer of the strategy\n"
        "    its agent gave no decision record for it\n"
        "19:00:05.000000000 EST  arrived: command 1 of its agent, input 21\n"
        "19:00:05.000000000 EST  passed its checks\n"
        "19:00:05.000000000 EST  came to rest with 5 lots; ahead: 0 lots at its price, 0 lots at better prices\n"
        "19:00:05.000000000 EST  filled 2 at 9.95 as maker, 3 left; by recorded demand, or a recorded order that was taken\n"
        "19:00:06.000000000 EST  filled 3 at 9.95 as maker, 0 left; by recorded demand, or a recorded order that was taken\n"
        "filled: all of its 5 lots in 2 fills, the last 1 s after it arrived: it was first at its price, and no lot of others traded at its price while it stood.\n");
}
END_TEST

/* What stood ahead and traded in the input that fills it. */
START_TEST(filled_behind_others)
{
    day = play_taken;
    want_life(
        0, "a0/1", false,

        "order a0/1: sell 40 of S0 at 10.10, limit\n"
        "19:00:01.000000000 EST  its agent was woken, 200 us before the order could arrive\n"
        "    the battle's start\n"
        "    its agent gave no decision record for it\n"
        "19:00:01.000200000 EST  arrived: command 1 of its agent, input 11\n"
        "19:00:01.000200000 EST  passed its checks\n"
        "19:00:01.000200000 EST  came to rest with 40 lots; ahead: 3 lots in 1 order at its price, 0 lots at better prices\n"
        "19:00:02.000000000 EST  3 lots ahead traded at its price\n"
        "19:00:02.000000000 EST  filled 40 at 10.10 as maker, 0 left; by an order of another agent\n"
        "filled: all of its 40 lots in 1 fill, the last 999.8 ms after it arrived: 3 lots were ahead of it at its price, and 3 lots of others traded at its price while it stood.\n");
}
END_TEST

/* What trades behind its cancel, in the same input, went past nobody who waited. */
START_TEST(out_before_a_trade)
{
    day = play_out;
    want_life(
        0, "a0/2", false,

        "order a0/2: sell 40 of S0 at 10.10, limit\n"
        "19:00:01.000000000 EST  its agent was woken, 200 us before the order could arrive\n"
        "    the battle's start\n"
        "    its agent gave no decision record for it\n"
        "19:00:01.000200000 EST  arrived: command 2 of its agent, input 12\n"
        "19:00:01.000200000 EST  passed its checks\n"
        "19:00:01.000200000 EST  came to rest with 40 lots; ahead: 28 lots in 1 order at its price, 0 lots at better prices\n"
        "19:00:11.000000000 EST  40 lots cancelled: its agent is out\n"
        "not filled because 28 lots were ahead of it at its price, and no lot of others traded at its price while it stood; 28 lots at its price and 0 at better prices remained ahead; its agent went out.\n");
}
END_TEST

/* What wakes without a trade or a change of the book is no timer for that. */
START_TEST(after_a_halt)
{
    want_life(
        0, "a2/3", false,

        "order a2/3: buy 1 of S0 at 9.00, limit\n"
        "19:00:08.000000000 EST  its agent was woken, 50 us before the order could arrive\n"
        "    S0: trading began; 0 changes of the book; best after it 9.90 / 9.90\n"
        "    its agent gave no decision record for it\n"
        "19:00:08.000050000 EST  arrived: command 3 of its agent, input 28\n"
        "19:00:08.000050000 EST  passed its checks\n"
        "19:00:08.000050000 EST  came to rest with 1 lot; ahead: 0 lots at its price, 50 lots in 1 order at better prices\n"
        "not filled because no lot was ahead of it at its price and 50 at better prices, and no lot of others traded at its price while it stood; 0 lots at its price and 50 at better prices remained ahead; the battle ended.\n");
}
END_TEST

START_TEST(outside_its_limit)
{
    want_life(
        0, "a1/2", false,
        "order a1/2: buy 2 of S0 at 10.00, ioc\n"
        "19:00:03.999950000 EST  its agent was woken, 50 us before the order could arrive\n"
        "    nothing of its own and nothing in the market: a timer of the strategy\n"
        "    its agent gave no decision record for it\n"
        "19:00:04.000000000 EST  arrived: command 2 of its agent, input 19\n"
        "19:00:04.000000000 EST  passed its checks\n"
        "19:00:04.000000000 EST  2 lots cancelled: the rest of an IOC or market order\n"
        "not filled because the best sell order stood at 10.09, outside its limit of 10.00.\n");
}
END_TEST

START_TEST(refused)
{
    want_life(
        0, "a1/3", false,
        "order a1/3: buy 2 of S0 at 90.00, limit\n"
        "19:00:03.999950000 EST  its agent was woken, 50 us before the order could arrive\n"
        "    nothing of its own and nothing in the market: a timer of the strategy\n"
        "    its agent gave no decision record for it\n"
        "19:00:04.000000000 EST  arrived: command 3 of its agent, input 20\n"
        "19:00:04.000000000 EST  refused: collar\n"
        "    price > collar_high: 90.00 and 15.01\n"
        "At 19:00:04 EST a1's buy order 3 for 2 lots of S0 at 90.00 was refused (collar): the price is further than collar_ppm and collar_ticks from the last recorded trade, before one from the middle of the recorded best prices; 90.00 is above 15.01, the collar around 10.01; the latency was 50 us; what to do: a price nearer to the market; ask ry_limits for collar_ppm and collar_ticks.\n");
}
END_TEST

START_TEST(listed)
{
    char error[RY_WHY_ERROR_BYTES] = "";
    struct ry_why_scan scan;
    struct ry_why_battle battle;
    struct journal_folder folder = ask(0, "a1", &scan, &battle);
    FILE *out = text_begin();
    ck_assert_int_eq(ry_why_list(out, NULL, &scan, &battle, folder.path, 1, error), 0);
    text_want(
        out,
        "a1/3        19:00:04.000000000 EST  buy         2 of S0       at 90.00        filled 0        refused (collar): the price is further than collar_ppm and collar_ticks from the last recorded trade, before one from the middle of the recorded best prices\n"
        "and 1 before them: --all lists them\n");
    folder_end(&folder);
}
END_TEST

static Suite *why_life_suite(void)
{
    Suite *suite = suite_create("why_life");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, in_words);
    tcase_add_test(tests, not_filled);
    tcase_add_test(tests, each_change);
    tcase_add_test(tests, cut);
    tcase_add_test(tests, filled);
    tcase_add_test(tests, filled_behind_others);
    tcase_add_test(tests, out_before_a_trade);
    tcase_add_test(tests, after_a_halt);
    tcase_add_test(tests, outside_its_limit);
    tcase_add_test(tests, refused);
    tcase_add_test(tests, listed);
    suite_add_tcase(suite, tests);
    return suite;
}

RY_TEST_MAIN(why_life_suite)
