/* Putting agents out: values, liquidation, insolvency and its chains. */
#include "core/arena/value.h"
#include "shm/records/longest.h"
#include "tests/unit/arena/test_arena.h"

#define ROUND 1000000 /* ns; trading begins at 1,000 */

static struct ry_input_battle quiet(uint16_t agents)
{
    struct ry_input_battle battle = battle_of(100, 2, agents);
    battle.fee_maker_ppm = 0;
    battle.fee_taker_ppm = 0;
    return battle;
}

/* Trading has begun; there is no reference price yet. */
static struct rig open_silent(const struct ry_input_battle *battle, int64_t cash, int64_t loss_max)
{
    struct rig b = arena_open(battle);
    b.cash = cash;
    b.loss_max = loss_max;
    arena_configure(&b, battle, 100);
    arena_start(&b);
    return b;
}

static struct rig open_out(const struct ry_input_battle *battle, int64_t cash, int64_t loss_max)
{
    struct rig b = open_silent(battle, cash, loss_max);
    last(&b, 10000);
    return b;
}

#define RICH INT64_C(1000000000000)

/* Agent takes lots from a recorded order that is there for that. */
static void take(struct rig *b, uint16_t agent, uint64_t ref, uint8_t side, int64_t price,
                 uint32_t lots)
{
    add(b, 5000 + ref, side == RY_BUY ? RY_SELL : RY_BUY, price, lots);
    order(b, agent, ref, side, price, lots, RY_INF_IOC);
    ck_assert_uint_eq(b->kept->report[1].kind, RY_RP_FILL);
    ck_assert_uint_eq(b->kept->report[1].qty, lots);
}

static void halt(struct rig *b, uint32_t state)
{
    ck_assert_int_eq(event(b, (struct ry_input){.head = {.kind = RY_IN_STATE}, .qty = state}),
                     RY_ARENA_APPLIED);
}

START_TEST(haircut_rounds_up)
{
    ck_assert(ry_arena_value_haircut(0, 500000) == 0);
    ck_assert(ry_arena_value_haircut(1, 1) == 1);
    ck_assert(ry_arena_value_haircut(1000000, 1) == 1);
    ck_assert(ry_arena_value_haircut(1000001, 1) == 2);
    ck_assert(ry_arena_value_haircut(-1000001, 1) == 2);
    ck_assert(ry_arena_value_haircut(-1000001, 0) == 0);
    ck_assert(ry_arena_value_haircut(999999, 1000000) == 999999);
    /* Where the whole product does not fit. */
    __int128 most = ((__int128)1 << 126) + 3;
    ck_assert(ry_arena_value_haircut(most, 1000000) == most);
    ck_assert(ry_arena_value_haircut(-most, 500000) == most / 2 + 1);
}
END_TEST

/* The price of one lot that no book takes, by value and by what the agent gets when it is put out.
 */
static void want_rest(uint8_t side, int64_t reference, __int128 money)
{
    struct ry_input_battle battle = quiet(2);
    battle.haircut_ppm = 333333;
    struct rig b = open_out(&battle, RICH, INT64_MAX);
    take(&b, 0, 1, side, 10000, 1);
    __int128 cash = account(&b, 0).cash;
    last(&b, reference);
    ck_assert(account(&b, 0).value == cash + money);
    died(&b, 0, 0);
    ck_assert(account(&b, 0).cash == cash + money);
    ck_assert(account(&b, 0).value == cash + money);
    ck_assert_uint_eq(b.kept->reports, 1); /* no FILL: the recorded account took it */
    ck_assert_uint_eq(b.kept->markets, 0);
    ck_assert_int_eq(ry_arena_position(b.arena, 0, 0), 0);
    ck_assert_int_eq(ry_arena_position(b.arena, RY_OWNER_RECORDED, 0), 0);
    end(&b);
}

START_TEST(haircut_on_both_sides)
{
    /* N = 1,000,100; 333,333 ppm of it 333,366.3: against the agent 333,367. */
    want_rest(RY_BUY, 10001, 1000100 - 333367);
    want_rest(RY_SELL, 10001, -1000100 - 333367);
    want_rest(RY_BUY, -10001, -1000100 - 333367);
    want_rest(RY_SELL, -10001, 1000100 - 333367);
}
END_TEST

START_TEST(without_a_reference_nothing_counts)
{
    struct ry_input_battle battle = quiet(2);
    struct rig b = open_silent(&battle, RICH, INT64_MAX);
    add(&b, 1, RY_BUY, 9900, 5);
    add(&b, 2, RY_SELL, 10000, 5);
    order(&b, 0, 1, RY_BUY, 10000, 3, 0);
    ck_assert(account(&b, 0).equity == RICH - 3 * 1000000 + 3 * 995000); /* the recorded mid */
    ck_assert(account(&b, 0).value == RICH - 3 * 1000000 + 3 * 990000);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_CLEAR}});
    ck_assert(account(&b, 0).equity == RICH - 3 * 1000000);
    ck_assert(account(&b, 0).value == RICH - 3 * 1000000);
    died(&b, 0, 0);
    ck_assert(account(&b, 0).cash == RICH - 3 * 1000000);
    ck_assert_int_eq(ry_arena_position(b.arena, 0, 0), 0);
    end(&b);
}
END_TEST

START_TEST(own_orders_do_not_count)
{
    struct ry_input_battle battle = quiet(2);
    struct rig b = open_out(&battle, RICH, INT64_MAX);
    take(&b, 0, 1, RY_BUY, 10000, 10);
    order(&b, 0, 2, RY_BUY, 9900, 10, 0);
    order(&b, 1, 1, RY_BUY, 9900, 2, 0);
    add(&b, 1, RY_BUY, 9800, 3);
    __int128 want = RICH - 10 * 1000000 + 2 * 990000 + 3 * 980000 + 5 * 1000000;
    ck_assert(account(&b, 0).value == want);
    ck_assert(account(&b, 0).equity == RICH);
    halt(&b, RY_STATE_HALTED); /* valued alike */
    ck_assert(account(&b, 0).value == want);
    /* A short one is bought: the sells, without those of its own. */
    halt(&b, RY_STATE_TRADING);
    order(&b, 1, 2, RY_SELL, 9800, 3, 0);
    ck_assert_int_eq(ry_arena_position(b.arena, 1, 0), -3); /* sold to agent 0 at 9,900 */
    order(&b, 1, 3, RY_SELL, 10100, 9, 0);
    order(&b, 0, 3, RY_SELL, 10100, 2, 0);
    ck_assert(account(&b, 1).value == RICH + 3 * 990000 - 2 * 1010000 - 1000000);
    end(&b);
}
END_TEST

START_TEST(liquidated_through_the_book)
{
    struct ry_input_battle battle = battle_of(100, 2, 3);
    battle.haircut_ppm = 100000;
    struct rig b = open_out(&battle, RICH, INT64_MAX);
    take(&b, 0, 1, RY_BUY, 10000, 10);
    __int128 cash = account(&b, 0).cash;
    order(&b, 0, 2, RY_SELL, 11000, 1, 0);
    order(&b, 0, 3, RY_BUY, 9900, 7, 0); /* its own, before agent 1's */
    order(&b, 1, 1, RY_BUY, 9900, 4, 0);
    add(&b, 1, RY_BUY, 9800, 3);
    uint64_t recorded = ry_arena_counters(b.arena)->taken_recorded;
    died(&b, 0, 0);
    ck_assert_uint_eq(b.kept->games, 1);
    want_game(&b, 0, RY_GM_OUT, 0, 3, RY_OUT_DIED);
    ck_assert_uint_eq(b.kept->game_after[0], 0); /* first of all */
    ck_assert_uint_eq(b.kept->game[0].fills, 1);
    ck_assert_uint_eq(b.kept->reports, 6);
    want_report(&b, 0, RY_RP_CANCELED, 0, 1, RY_CANCEL_OUT); /* the oldest first */
    want_report(&b, 1, RY_RP_CANCELED, 0, 7, RY_CANCEL_OUT);
    want_report(&b, 2, RY_RP_FILL, 1, 4, 0);
    want_report(&b, 3, RY_RP_FILL, 0, 4, 0);
    want_report(&b, 4, RY_RP_FILL, 0, 3, 0);
    want_report(&b, 5, RY_RP_OUT, 0, 0, RY_OUT_DIED);
    const struct ry_report *r = b.kept->report;
    ck_assert_uint_eq(r[2].flags, RY_RPF_MAKER);
    ck_assert_int_eq(r[2].fee, -79);
    ck_assert_uint_eq(r[2].cause, RY_CAUSE_AGENT);
    ck_assert_uint_eq(r[3].flags, 0);
    ck_assert_uint_eq(r[3].side, RY_SELL);
    ck_assert_uint_eq(r[3].leaves, 6);
    ck_assert_uint_eq(r[3].cl_ord_id, 0);
    ck_assert_uint_eq(r[3].order, 0);
    ck_assert_int_eq(r[3].fee, 119);
    ck_assert_int_eq(r[3].position, 6);
    ck_assert_uint_eq(r[4].cause, RY_CAUSE_RECORDED);
    ck_assert_uint_eq(r[4].leaves, 3);
    ck_assert_int_eq(r[5].position, 0);
    ck_assert_uint_eq(r[5].side | r[5].instrument | r[5].qty | r[5].leaves | r[5].order, 0);
    /* 3 lots at 10,000 less a tenth. */
    __int128 got = cash + 4 * 990000 - 119 + 3 * 980000 - 89 + 2700000;
    ck_assert(account(&b, 0).cash == got);
    ck_assert_int_eq(r[5].cash, (int64_t)got);
    ck_assert_uint_eq(b.kept->markets, 6);
    want_market(&b, 0, RY_MK_CHANGE, 11000, 0, RY_SELL);
    want_market(&b, 1, RY_MK_CHANGE, 9900, 0, RY_BUY);
    want_market(&b, 2, RY_MK_TRADE, 9900, 4, RY_SELL);
    want_market(&b, 3, RY_MK_CHANGE, 9900, 0, RY_BUY);
    want_market(&b, 4, RY_MK_TRADE, 9800, 3, RY_SELL);
    want_market(&b, 5, RY_MK_CHANGE, 9800, 0, RY_BUY);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->taken_agents, 4);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->taken_recorded, recorded + 3);
    struct ry_arena_depth level;
    ck_assert_uint_eq(ry_arena_levels(b.arena, 0, RY_BUY, &level, 1), 1);
    ck_assert_uint_eq(level.rec, 3); /* a deficit: the record still has it */
    ck_assert_uint_eq(level.open, 0);
    end(&b);
}
END_TEST

START_TEST(short_positions_are_bought_without_a_limit)
{
    struct ry_input_battle battle = quiet(2);
    struct rig b = open_out(&battle, RICH, INT64_MAX);
    take(&b, 0, 1, RY_SELL, 10000, 4);
    add(&b, 1, RY_SELL, RY_PRICE_ABS_MAX, 3); /* far beyond any collar */
    died(&b, 0, 0);
    want_report(&b, 0, RY_RP_FILL, 0, 3, 0);
    ck_assert_int_eq(b.kept->report[0].price, RY_PRICE_ABS_MAX);
    ck_assert(account(&b, 0).cash == RICH + 3 * 1000000 - (__int128)RY_PRICE_ABS_MAX * 300);
    end(&b);
}
END_TEST

START_TEST(nothing_matches_in_a_halt)
{
    struct ry_input_battle battle = quiet(3);
    battle.haircut_ppm = 100000;
    struct rig b = open_out(&battle, RICH, INT64_MAX);
    take(&b, 0, 1, RY_BUY, 10000, 5);
    order(&b, 1, 1, RY_BUY, 9900, 4, 0);
    halt(&b, RY_STATE_HALTED);
    died(&b, 0, RY_INF_STALLED | RY_INF_WALL);
    want_game(&b, 0, RY_GM_OUT, 0, 3, RY_OUT_STALLED);
    ck_assert_uint_eq(b.kept->reports, 1);
    want_report(&b, 0, RY_RP_OUT, 0, 0, RY_OUT_STALLED);
    ck_assert_uint_eq(b.kept->markets, 0);
    ck_assert(account(&b, 0).cash == RICH - 5 * 100000);
    ck_assert_int_eq(ry_arena_position(b.arena, 0, 0), 0);
    end(&b);
}
END_TEST

/* What there is to trade in an instrument; agents sell at `bid` and buy at 10,000. */
static void furnish(struct rig *b, uint16_t instrument, int64_t bid)
{
    struct ry_input_head head = {.kind = RY_IN_LAST, .instrument = instrument};
    event(b, (struct ry_input){.head = head, .price = 10000, .qty = 1});
    head.kind = RY_IN_ADD;
    event(b, (struct ry_input){.head = head, .ref = 1, .side = RY_BUY, .price = bid, .qty = 999});
    event(b,
          (struct ry_input){.head = head, .ref = 2, .side = RY_SELL, .price = 10000, .qty = 999});
}

static void buy_one(struct rig *b, uint16_t agent, uint64_t ref, uint16_t instrument)
{
    struct ry_input_head head = {.kind = RY_IN_ORDER,
                                 .instrument = instrument,
                                 .source = (uint16_t)(RY_SOURCE_AGENT + agent)};
    event(b, (struct ry_input){.head = head, .ref = ref, .side = RY_BUY, .price = 10000, .qty = 1});
    want_report(b, 1, RY_RP_FILL, agent, 1, 0);
}

START_TEST(instruments_in_order)
{
    struct ry_input_battle battle = quiet(2);
    struct rig b = open_out(&battle, RICH, INT64_MAX);
    furnish(&b, 0, 9900);
    furnish(&b, 1, 9900);
    buy_one(&b, 0, 1, 1);
    buy_one(&b, 0, 2, 0);
    died(&b, 0, 0);
    want_report(&b, 0, RY_RP_FILL, 0, 1, 0);
    want_report(&b, 1, RY_RP_FILL, 0, 1, 0);
    ck_assert_uint_eq(b.kept->report[0].instrument, 0);
    ck_assert_uint_eq(b.kept->report[1].instrument, 1);
    end(&b);
}
END_TEST

START_TEST(out_once)
{
    struct ry_input_battle battle = quiet(3);
    struct rig b = open_out(&battle, RICH, INT64_MAX);
    died(&b, 1, 0);
    ck_assert_uint_eq(account(&b, 1).out, RY_OUT_DIED);
    died(&b, 1, RY_INF_STALLED);
    ck_assert_uint_eq(b.kept->games + b.kept->reports + b.kept->markets, 0);
    ck_assert_uint_eq(account(&b, 1).out, RY_OUT_DIED);
    ck_assert(!ry_arena_decided(b.arena));
    died(&b, 0, 0);
    want_game(&b, 0, RY_GM_OUT, 0, 2, RY_OUT_DIED);
    ck_assert(ry_arena_decided(b.arena));
    died(&b, 2, 0);
    want_game(&b, 0, RY_GM_OUT, 2, 1, RY_OUT_DIED);
    end(&b);
}
END_TEST

/* Buys 5 lots and then one more, each 100 above the reference: 10,000 lost a lot. */
static void want_out_at_the_sixth(int64_t cash, int64_t loss_max, enum ry_out reason)
{
    struct ry_input_battle battle = quiet(2);
    struct rig b = open_out(&battle, cash, loss_max);
    take(&b, 0, 1, RY_BUY, 10100, 5);
    ck_assert_uint_eq(b.kept->games, 0); /* on the edge */
    ck_assert(account(&b, 0).equity == cash - 50000);
    take(&b, 0, 2, RY_BUY, 10100, 1);
    ck_assert_uint_eq(b.kept->games, 1);
    want_game(&b, 0, RY_GM_OUT, 0, 2, (uint8_t)reason);
    ck_assert_uint_eq(b.kept->game_after[0], 2); /* after its own reports */
    ck_assert_uint_eq(b.kept->game[0].fills, 2);
    want_report(&b, 2, RY_RP_OUT, 0, 0, (uint8_t)reason);
    ck_assert(account(&b, 0).cash == cash - 60000);
    ck_assert_int_eq(ry_arena_position(b.arena, 0, 0), 0);
    end(&b);
}

START_TEST(insolvent_or_lost_too_much)
{
    want_out_at_the_sixth(50000, INT64_MAX, RY_OUT_INSOLVENT);
    want_out_at_the_sixth(RICH, 50000, RY_OUT_LOSS);
    want_out_at_the_sixth(50000, 50000, RY_OUT_INSOLVENT); /* both: the first that is looked at */
}
END_TEST

START_TEST(an_order_that_rests_leaves_again)
{
    struct ry_input_battle battle = quiet(2);
    struct rig b = open_out(&battle, RICH, 0);
    add(&b, 1, RY_SELL, 10100, 1);
    order(&b, 0, 1, RY_BUY, 10100, 4, 0);
    want_report(&b, 2, RY_RP_RESTED, 0, 3, 0);
    want_report(&b, 3, RY_RP_CANCELED, 0, 3, RY_CANCEL_OUT);
    want_report(&b, 4, RY_RP_OUT, 0, 0, RY_OUT_LOSS);
    ck_assert_uint_eq(b.kept->game_after[0], 3);
    end(&b);
}
END_TEST

START_TEST(only_fills_and_rounds_make_one_look)
{
    struct ry_input_battle battle = quiet(4);
    battle.round_ns = ROUND;
    struct rig b = open_out(&battle, 4000000, INT64_MAX);
    take(&b, 2, 1, RY_BUY, 10000, 5);
    last(&b, 1000); /* equity -500,000 */
    ck_assert(account(&b, 2).equity == -500000);
    order(&b, 2, 2, RY_BUY, 1000, 1, 0);
    order(&b, 0, 1, RY_SELL, 1100, 1, 0);
    ck_assert_uint_eq(b.kept->games, 0);
    order(&b, 0, 2, RY_BUY, 1000, 0, 0); /* a reject: agent 0 will be the last of the others */
    time_at(&b, 1000 + ROUND);
    ck_assert_uint_eq(b.kept->games, 5);
    want_game(&b, 0, RY_GM_OUT, 2, 4, RY_OUT_INSOLVENT);
    ck_assert_uint_eq(b.kept->game[0].round, 1);
    ck_assert_uint_eq(b.kept->game[1].kind, RY_GM_RANK);
    want_game(&b, 4, RY_GM_OUT, b.kept->game[3].agent, 3, RY_OUT_LAST);
    end(&b);
}
END_TEST

START_TEST(a_round_decided_by_insolvency_ranks_nobody)
{
    struct ry_input_battle battle = quiet(2);
    battle.round_ns = ROUND;
    struct rig b = open_out(&battle, 4000000, INT64_MAX);
    take(&b, 1, 1, RY_BUY, 10000, 5);
    last(&b, 1000);
    time_at(&b, 1000 + ROUND);
    ck_assert_uint_eq(b.kept->games, 1);
    want_game(&b, 0, RY_GM_OUT, 1, 2, RY_OUT_INSOLVENT);
    ck_assert(ry_arena_decided(b.arena));
    ck_assert_uint_eq(ry_arena_round(b.arena), 1);
    end(&b);
}
END_TEST

START_TEST(a_chain)
{
    struct ry_input_battle battle = quiet(3);
    struct rig b = open_out(&battle, 390000, INT64_MAX);
    take(&b, 2, 1, RY_BUY, 10000, 10); /* at the reference: no loss */
    order(&b, 0, 1, RY_BUY, 10400, 10, 0);
    order(&b, 1, 1, RY_BUY, 10500, 10, 0);
    died(&b, 2, 0);
    ck_assert_uint_eq(b.kept->games, 3);
    want_game(&b, 0, RY_GM_OUT, 2, 3, RY_OUT_DIED);
    want_game(&b, 1, RY_GM_OUT, 1, 2, RY_OUT_INSOLVENT); /* 500,000 lost */
    /* 400,000 lost, even when nobody else is in */
    want_game(&b, 2, RY_GM_OUT, 0, 1, RY_OUT_INSOLVENT);
    const uint8_t kinds[] = {RY_RP_FILL, RY_RP_FILL, RY_RP_OUT, RY_RP_FILL,
                             RY_RP_FILL, RY_RP_OUT,  RY_RP_OUT};
    const uint16_t agents[] = {1, 2, 2, 0, 1, 1, 0};
    ck_assert_uint_eq(b.kept->reports, 7);
    for (unsigned i = 0; i < 7; i++) {
        ck_assert_uint_eq(b.kept->report[i].kind, kinds[i]);
        ck_assert_uint_eq(b.kept->report[i].agent, agents[i]);
    }
    ck_assert_uint_eq(b.kept->game_after[1], 3);
    ck_assert_uint_eq(b.kept->game_after[2], 6);
    ck_assert(account(&b, 0).cash == 390000 - 400000);
    ck_assert(account(&b, 1).cash == 390000 - 100000);
    ck_assert(account(&b, 2).cash == 390000 + 500000);
    end(&b);
}
END_TEST

START_TEST(the_smallest_id_first)
{
    struct ry_input_battle battle = quiet(4);
    struct rig b = open_out(&battle, 390000, INT64_MAX);
    order(&b, 0, 1, RY_BUY, 10400, 10, 0);
    order(&b, 1, 1, RY_BUY, 10500, 10, 0);
    order(&b, 2, 1, RY_BUY, 10600, 10, 0);
    add(&b, 1, RY_SELL, 10500, 20);
    /* 2 was filled before 1; 0 comes in by 1's liquidation, before 2 is looked at. */
    ck_assert_uint_eq(b.kept->games, 3);
    want_game(&b, 0, RY_GM_OUT, 1, 4, RY_OUT_INSOLVENT);
    want_game(&b, 1, RY_GM_OUT, 0, 3, RY_OUT_INSOLVENT);
    want_game(&b, 2, RY_GM_OUT, 2, 2, RY_OUT_INSOLVENT);
    ck_assert(ry_arena_decided(b.arena));
    end(&b);
}
END_TEST

START_TEST(the_longest_group)
{
    enum { AGENTS = RY_AGENTS_MAX, INSTRUMENTS = 12 };
    struct ry_input_battle battle = battle_of(2 * INSTRUMENTS + 1, INSTRUMENTS, AGENTS);
    battle.fee_maker_ppm = 0;
    battle.fee_taker_ppm = 0;
    battle.round_ns = ROUND;
    struct rig b = arena_open(&battle);
    b.cash = INSTRUMENTS * 500000;
    arena_configure(&b, &battle, 100);
    arena_start(&b);
    for (uint16_t i = 0; i < INSTRUMENTS; i++) {
        furnish(&b, i, 400);
        for (uint16_t agent = 0; agent < AGENTS; agent++)
            buy_one(&b, agent, 1u + i, i);
    }
    for (uint16_t i = 0; i < INSTRUMENTS; i++)
        event(&b, (struct ry_input){
                      .head = {.kind = RY_IN_LAST, .instrument = i}, .price = 100, .qty = 1});
    /* Each agent sells a lot of each instrument: none of these fills ends a resting order. */
    time_at(&b, 1000 + ROUND);
    ck_assert_uint_eq(b.kept->games, AGENTS);
    ck_assert_uint_eq(b.kept->markets, 2 * AGENTS * INSTRUMENTS);
    /* more than orders could make */
    ck_assert_uint_lt(3 * battle.orders_max + INSTRUMENTS, b.kept->markets);
    ck_assert_uint_le(b.kept->markets, ry_longest_market(battle.orders_max, INSTRUMENTS, AGENTS));
    ck_assert_uint_le(b.kept->reports, ry_longest_reports(battle.orders_max, INSTRUMENTS, AGENTS));
    end(&b);
}
END_TEST

START_TEST(games_need_no_listener)
{
    struct ry_input_battle battle = quiet(2);
    struct rig b = open_out(&battle, RICH, INT64_MAX);
    uint64_t before = ry_arena_output_hash(b.arena);
    b.sink.game = NULL;
    died(&b, 0, 0);
    ck_assert_uint_eq(b.kept->games, 0);
    struct ry_game out = {
        .kind = RY_GM_OUT, .slots = 1, .code = RY_OUT_DIED, .time = b.time, .rank = 2, .round = 1};
    uint64_t hash = XXH3_64bits_withSeed(&out, sizeof out, before);
    ck_assert_uint_eq(b.kept->reports, 1);
    hash = XXH3_64bits_withSeed(&b.kept->report[0], sizeof b.kept->report[0], hash);
    ck_assert_uint_eq(ry_arena_output_hash(b.arena), hash);
    arena_close(&b);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena_out");
    TCase *c = tcase_create("out");
    tcase_add_test(c, haircut_rounds_up);
    tcase_add_test(c, haircut_on_both_sides);
    tcase_add_test(c, without_a_reference_nothing_counts);
    tcase_add_test(c, own_orders_do_not_count);
    tcase_add_test(c, liquidated_through_the_book);
    tcase_add_test(c, short_positions_are_bought_without_a_limit);
    tcase_add_test(c, nothing_matches_in_a_halt);
    tcase_add_test(c, instruments_in_order);
    tcase_add_test(c, out_once);
    tcase_add_test(c, insolvent_or_lost_too_much);
    tcase_add_test(c, an_order_that_rests_leaves_again);
    tcase_add_test(c, only_fills_and_rounds_make_one_look);
    tcase_add_test(c, a_round_decided_by_insolvency_ranks_nobody);
    tcase_add_test(c, a_chain);
    tcase_add_test(c, the_smallest_id_first);
    tcase_add_test(c, the_longest_group);
    tcase_add_test(c, games_need_no_listener);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
