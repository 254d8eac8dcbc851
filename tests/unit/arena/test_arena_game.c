/* The game of docs/MATCHING.md: rounds, ranks, the end; and what is malformed of its records. */
#include "tests/unit/arena/test_arena.h"

#define ROUND 1000000 /* ns; trading begins at 1,000 */

/* No fees, no haircut, 1e12 of money, instrument 0 at 10,000: a lot moves 100 money for a price
 * unit. */
static struct rig open_with(struct ry_input_battle battle)
{
    struct rig b = arena_open(&battle);
    arena_configure(&b, &battle, 100);
    arena_start(&b);
    last(&b, 10000);
    return b;
}

static struct ry_input_battle game_of(uint16_t agents)
{
    struct ry_input_battle battle = battle_of(100, 2, agents);
    battle.fee_maker_ppm = 0;
    battle.fee_taker_ppm = 0;
    battle.round_ns = ROUND;
    return battle;
}

static struct rig open_game(uint16_t agents)
{
    return open_with(game_of(agents));
}

static void end_round(struct rig *b, uint32_t round)
{
    time_at(b, 1000 + (int64_t)round * ROUND);
}

/* The agent loses 10,000 a lot, alone: it buys at 10,000 what the book takes back at 9,900. */
static void lose(struct rig *b, uint16_t agent, uint64_t ref, uint32_t lots)
{
    add(b, 1000u * (agent + 1u) + ref, RY_SELL, 10000, lots);
    order(b, agent, ref, RY_BUY, 10000, lots, RY_INF_IOC);
    want_report(b, 1, RY_RP_FILL, agent, lots, 0);
}

static void refuse(struct rig *b, uint16_t agent, uint64_t ref)
{
    order(b, agent, ref, RY_BUY, 10000, 0, 0);
    want_report(b, 0, RY_RP_REJECTED, agent, 0, RY_REJECT_QUANTITY);
}

START_TEST(start_record)
{
    struct ry_input_battle battle = game_of(2);
    struct rig b = arena_open(&battle);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), RY_TIME_NEVER);
    arena_configure(&b, &battle, 100);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), 1000);
    time_at(&b, 999);
    ck_assert_uint_eq(b.kept->markets, 0);
    ck_assert_uint_eq(ry_arena_round(b.arena), 0);
    time_at(&b, 1000);
    ck_assert_uint_eq(b.kept->markets, 3);
    want_market(&b, 0, RY_MK_START, 0, 0, 0);
    want_market(&b, 1, RY_MK_STATE, 0, 1, 0);
    want_market(&b, 2, RY_MK_STATE, 0, 1, 0);
    ck_assert_uint_eq(b.kept->market[0].instrument, 0);
    ck_assert_uint_eq(b.kept->market[0].group, 1);
    ck_assert_int_eq(b.kept->market[0].time, 1000);
    ck_assert_uint_eq(b.kept->games, 0);
    ck_assert_uint_eq(ry_arena_round(b.arena), 1);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), 1000 + ROUND);
    time_at(&b, 1001);
    ck_assert_uint_eq(b.kept->markets, 0); /* once */
    end(&b);
}
END_TEST

START_TEST(ranked_by_score_and_the_last_goes)
{
    struct rig b = open_game(3);
    add(&b, 1, RY_BUY, 9900, 100);
    lose(&b, 0, 1, 5);
    lose(&b, 1, 1, 3);
    time_at(&b, 1000 + ROUND - 1);
    ck_assert_uint_eq(b.kept->games + b.kept->reports + b.kept->markets, 0);
    end_round(&b, 1);
    ck_assert_uint_eq(b.kept->games, 4);
    want_game(&b, 0, RY_GM_RANK, 2, 1, 0);
    want_game(&b, 1, RY_GM_RANK, 1, 2, 0);
    want_game(&b, 2, RY_GM_RANK, 0, 3, 0);
    want_game(&b, 3, RY_GM_OUT, 0, 3, RY_OUT_LAST);
    ck_assert_int_eq(b.kept->game[1].score, -30000);
    ck_assert_int_eq(b.kept->game[1].value, b.cash - 30000);
    ck_assert_int_eq(b.kept->game[2].score, -50000);
    ck_assert_uint_eq(b.kept->game[2].fills, 1);
    ck_assert_uint_eq(b.kept->game[2].round, 1);
    ck_assert_int_eq(b.kept->game[3].score, 0);
    ck_assert_int_eq(b.kept->game[3].value, 0);
    ck_assert_uint_eq(b.kept->game[3].fills, 1);
    ck_assert_uint_eq(b.kept->game[3].round, 1);
    ck_assert_uint_eq(b.kept->game_after[3], 0);
    want_report(&b, 0, RY_RP_FILL, 0, 5, 0);
    want_report(&b, 1, RY_RP_OUT, 0, 0, RY_OUT_LAST);
    ck_assert_uint_eq(b.kept->reports, 2);
    ck_assert_uint_eq(b.kept->markets, 2);
    want_market(&b, 0, RY_MK_TRADE, 9900, 5, RY_SELL);
    ck_assert_uint_eq(account(&b, 0).out, RY_OUT_LAST);
    ck_assert(account(&b, 0).cash == b.cash - 50000 && account(&b, 0).killed);
    ck_assert_uint_eq(ry_arena_round(b.arena), 2);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), 1000 + 2 * ROUND);
    ck_assert(!ry_arena_decided(b.arena));

    /* Round 2 counts from its own beginning: what agent 1 lost before is forgotten. */
    ck_assert_uint_eq(account(&b, 1).fills, 0);
    lose(&b, 2, 1, 1);
    end_round(&b, 2);
    want_game(&b, 0, RY_GM_RANK, 1, 1, 0);
    want_game(&b, 1, RY_GM_RANK, 2, 2, 0);
    want_game(&b, 2, RY_GM_OUT, 2, 2, RY_OUT_LAST);
    ck_assert_int_eq(b.kept->game[0].score, 0);
    ck_assert_int_eq(b.kept->game[0].value, b.cash - 30000);
    ck_assert(ry_arena_decided(b.arena));
    ck_assert_int_eq(ry_arena_next_moment(b.arena), RY_TIME_NEVER);
    end_round(&b, 3);
    ck_assert_uint_eq(b.kept->games, 0);
    ck_assert_uint_eq(ry_arena_round(b.arena), 3);
    end(&b);
}
END_TEST

START_TEST(too_few_fills_rank_last)
{
    struct ry_input_battle battle = game_of(3);
    battle.min_fills = 2;
    struct rig b = open_with(battle);
    add(&b, 1, RY_BUY, 9900, 100);
    lose(&b, 0, 1, 1);
    lose(&b, 0, 2, 1); /* two fills: enough */
    lose(&b, 2, 1, 1); /* one */
    end_round(&b, 1);
    want_game(&b, 0, RY_GM_RANK, 0, 1, 0);
    want_game(&b, 1, RY_GM_RANK, 1, 2, 0);
    want_game(&b, 2, RY_GM_RANK, 2, 3, 0);
    end_round(&b, 2); /* agent 0's fills count no more */
    ck_assert_uint_eq(b.kept->game[0].fills, 0);
    end(&b);
}
END_TEST

START_TEST(rejects_break_ties)
{
    struct rig b = open_game(3);
    refuse(&b, 0, 1);
    refuse(&b, 0, 2);
    refuse(&b, 2, 1);
    ck_assert_uint_eq(account(&b, 0).rejects, 2);
    end_round(&b, 1);
    want_game(&b, 0, RY_GM_RANK, 1, 1, 0);
    want_game(&b, 1, RY_GM_RANK, 2, 2, 0);
    want_game(&b, 2, RY_GM_RANK, 0, 3, 0);
    ck_assert_uint_eq(b.kept->game[2].rejects, 2);
    ck_assert_uint_eq(b.kept->game[3].rejects, 2);
    /* Of this round only; refused cancels count. */
    event(&b, (struct ry_input){.head = {.kind = RY_IN_ORDER_CANCEL, .source = RY_SOURCE_AGENT + 1},
                                .ref = 7});
    end_round(&b, 2);
    want_game(&b, 0, RY_GM_RANK, 2, 1, 0);
    ck_assert_uint_eq(b.kept->game[0].rejects, 0);
    ck_assert_uint_eq(b.kept->game[1].rejects, 1);
    end(&b);
}
END_TEST

static uint64_t draw_of(uint64_t seed, uint64_t round, uint64_t agent)
{
    const uint64_t key[2] = {round, agent};
    return XXH3_64bits_withSeed(key, sizeof key, seed);
}

START_TEST(the_draw_breaks_the_rest)
{
    unsigned orders[2] = {0, 0};
    for (uint64_t seed = 1; seed <= 16; seed++) {
        struct ry_input_battle battle = game_of(5);
        battle.seed = seed;
        struct rig b = open_with(battle);
        for (uint32_t round = 1; round <= 4; round++) {
            end_round(&b, round);
            ck_assert_uint_eq(b.kept->games, 7 - round);
            for (unsigned i = 0; i + 1 < 6 - round; i++) {
                uint16_t first = b.kept->game[i].agent;
                uint16_t second = b.kept->game[i + 1].agent;
                ck_assert_uint_lt(draw_of(seed, round, first), draw_of(seed, round, second));
                orders[first < second]++;
            }
        }
        end(&b);
    }
    ck_assert_uint_gt(orders[0], 0);
    ck_assert_uint_gt(orders[1], 0);
}
END_TEST

START_TEST(several_rounds_in_one_moment)
{
    struct rig b = open_game(4);
    end_round(&b, 50);
    ck_assert_uint_eq(b.kept->games, 4 + 1 + 3 + 1 + 2 + 1);
    for (unsigned round = 1, at = 0; round <= 3; round++) {
        unsigned in = 5 - round;
        for (unsigned i = 0; i < in; i++, at++) {
            ck_assert_uint_eq(b.kept->game[at].kind, RY_GM_RANK);
            ck_assert_uint_eq(b.kept->game[at].rank, i + 1);
            ck_assert_uint_eq(b.kept->game[at].round, round);
        }
        want_game(&b, at, RY_GM_OUT, b.kept->game[at - 1].agent, in, RY_OUT_LAST);
        ck_assert_uint_eq(b.kept->game[at++].round, round);
    }
    ck_assert(ry_arena_decided(b.arena));
    ck_assert_uint_eq(ry_arena_round(b.arena), 4);
    end(&b);
}
END_TEST

START_TEST(start_and_rounds_in_one_moment)
{
    struct ry_input_battle battle = game_of(3);
    struct rig b = arena_open(&battle);
    arena_configure(&b, &battle, 100);
    end_round(&b, 1);
    want_market(&b, 0, RY_MK_START, 0, 0, 0);
    ck_assert_uint_eq(b.kept->games, 4);
    ck_assert_uint_eq(ry_arena_round(b.arena), 2);
    end(&b);
}
END_TEST

START_TEST(one_alone_is_no_decision)
{
    struct rig b = open_game(1);
    ck_assert(!ry_arena_decided(b.arena));
    ck_assert_int_eq(ry_arena_next_moment(b.arena), 1000 + ROUND);
    end_round(&b, 1);
    want_game(&b, 0, RY_GM_RANK, 0, 1, 0);
    want_game(&b, 1, RY_GM_OUT, 0, 1, RY_OUT_LAST);
    ck_assert(!ry_arena_decided(b.arena));
    ck_assert_int_eq(ry_arena_next_moment(b.arena), RY_TIME_NEVER); /* nobody is in */
    end_round(&b, 9);
    ck_assert_uint_eq(b.kept->games, 0);
    end(&b);
    struct rig none = open_game(0);
    ck_assert_int_eq(ry_arena_next_moment(none.arena), RY_TIME_NEVER);
    end_round(&none, 3);
    ck_assert(!ry_arena_decided(none.arena));
    end(&none);
}
END_TEST

START_TEST(end_ranks)
{
    struct rig b = open_game(3);
    add(&b, 1, RY_BUY, 9900, 100);
    lose(&b, 0, 1, 5);
    end_round(&b, 1);
    lose(&b, 2, 1, 3);
    ck_assert_int_eq(event(&b, (struct ry_input){.head = {.kind = RY_IN_END}}), RY_ARENA_APPLIED);
    ck_assert_uint_eq(b.kept->games, 2);
    want_game(&b, 0, RY_GM_RANK, 1, 1, 0);
    want_game(&b, 1, RY_GM_RANK, 2, 2, 0);
    ck_assert_uint_eq(b.kept->game[0].round, 2);
    ck_assert_int_eq(b.kept->game[1].score, -30000);
    ck_assert_uint_eq(b.kept->markets, 1);
    want_market(&b, 0, RY_MK_END, 0, 0, 0);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), RY_TIME_NEVER);
    ck_assert_int_eq(ry_arena_position(b.arena, 2, 0), 3); /* nobody is put out */
    end(&b);
}
END_TEST

START_TEST(one_round_without_a_length)
{
    struct ry_input_battle battle = game_of(2);
    battle.round_ns = 0;
    struct rig b = open_with(battle);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), RY_TIME_NEVER);
    end_round(&b, 1000000);
    ck_assert_uint_eq(b.kept->games, 0);
    ck_assert_uint_eq(ry_arena_round(b.arena), 1);
    refuse(&b, 0, 1);
    event(&b, (struct ry_input){.head = {.kind = RY_IN_END}});
    want_game(&b, 0, RY_GM_RANK, 1, 1, 0);
    want_game(&b, 1, RY_GM_RANK, 0, 2, 0);
    end(&b);
}
END_TEST

START_TEST(nothing_to_rank_before_the_start)
{
    struct ry_input_battle battle = game_of(2);
    struct rig b = arena_open(&battle);
    arena_configure(&b, &battle, 100);
    died(&b, 1, 0);
    ck_assert_uint_eq(b.kept->games, 1);
    want_game(&b, 0, RY_GM_OUT, 1, 2, RY_OUT_DIED);
    ck_assert_uint_eq(b.kept->game[0].round, 0);
    ck_assert(ry_arena_decided(b.arena));
    ck_assert_int_eq(ry_arena_next_moment(b.arena), 1000); /* trading begins all the same */
    event(&b, (struct ry_input){.head = {.kind = RY_IN_END}});
    ck_assert_uint_eq(b.kept->games, 0);
    want_market(&b, 0, RY_MK_END, 0, 0, 0);
    end(&b);
}
END_TEST

START_TEST(rejects_before_the_start_are_forgotten)
{
    struct ry_input_battle battle = game_of(2);
    struct rig b = arena_open(&battle);
    arena_configure(&b, &battle, 100);
    order(&b, 0, 1, RY_BUY, 10000, 1, 0);
    want_report(&b, 0, RY_RP_REJECTED, 0, 1, RY_REJECT_NOT_TRADING);
    arena_start(&b);
    ck_assert_uint_eq(account(&b, 0).rejects, 0);
    end(&b);
}
END_TEST

START_TEST(moments_far_away)
{
    struct ry_input_battle battle = game_of(2);
    battle.round_ns = INT64_MAX - 1500;
    struct rig b = open_with(battle);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), INT64_MAX - 500);
    end(&b);
    battle.round_ns = INT64_MAX;
    b = open_with(battle);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), RY_TIME_NEVER);
    time_at(&b, INT64_MAX);
    ck_assert_uint_eq(b.kept->games, 0);
    end(&b);
}
END_TEST

START_TEST(decisions_change_nothing)
{
    struct rig b = open_game(2);
    union ry_input_any in = {.decision = {.head = {.kind = RY_IN_DECISION,
                                                   .slots = 2,
                                                   .source = RY_SOURCE_AGENT + 1,
                                                   .time = 2000},
                                          .ref = 5,
                                          .count = 8,
                                          .feature = {[7] = -1}}};
    uint64_t commands = ry_arena_counters(b.arena)->commands;
    uint64_t out = ry_arena_output_hash(b.arena);
    uint64_t before = ry_arena_input_hash(b.arena);
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED);
    ck_assert_int_eq(ry_arena_time(b.arena), 2000);
    ck_assert_uint_eq(ry_arena_output_hash(b.arena), out);
    ck_assert_uint_eq(ry_arena_counters(b.arena)->commands, commands);
    ck_assert_uint_eq(ry_arena_input_hash(b.arena), XXH3_64bits_withSeed(&in, 112, before));
    in.decision.count = 9;
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED_MALFORMED);
    in.decision.count = 0;
    in.head.source = RY_SOURCE_AGENT + 2;
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED_MALFORMED);
    in.head.source = RY_SOURCE_FEED;
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED_MALFORMED);
    in.head.source = RY_SOURCE_AGENT;
    in.head.slots = 1;
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED_MALFORMED);
    in.head.slots = 2;
    b.time = 2000;
    died(&b, 0, 0);
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED); /* of who is out, too */
    end(&b);
}
END_TEST

START_TEST(malformed_battles)
{
    const struct ry_input_battle good = game_of(2);
    const int64_t lengths[] = {-1, INT64_MIN, 1, 999999};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct ry_input_battle bad = good;
        bad.round_ns = lengths[i];
        ck_assert_uint_eq(ry_arena_footprint(&bad), 0);
    }
    struct ry_input_battle edge = good;
    edge.haircut_ppm = 1000001;
    ck_assert_uint_eq(ry_arena_footprint(&edge), 0);
    edge.haircut_ppm = 1000000;
    edge.round_ns = 1000000;
    ck_assert_uint_ne(ry_arena_footprint(&edge), 0);
    struct rig b = arena_open(&good);
    union ry_input_any in = {.battle = good};
    in.head.slots = 2; /* as it once was */
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED_MALFORMED);
    in.head.slots = 3;
    in.battle.haircut_ppm = 1000001;
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED_MALFORMED);
    in.battle.haircut_ppm = 0;
    uint64_t before = ry_arena_input_hash(b.arena);
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED);
    ck_assert_uint_eq(ry_arena_input_hash(b.arena), XXH3_64bits_withSeed(&in, 168, before));
    in = (union ry_input_any){
        .head = {.kind = RY_IN_DECISION, .slots = 2, .source = RY_SOURCE_AGENT}};
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED_MALFORMED); /* before its turn */
    arena_close(&b);
}
END_TEST

START_TEST(malformed_agents)
{
    struct ry_input_battle battle = game_of(1);
    struct rig b = arena_open(&battle);
    put(&b, &(union ry_input_any){.battle = battle});
    for (uint16_t i = 0; i < 2; i++)
        put(&b, &(union ry_input_any){
                    .instrument = {
                        .head = {.kind = RY_IN_INSTRUMENT, .slots = 2, .instrument = i},
                        .tick_size = 1,
                        .money_per_unit = 1,
                    }});
    union ry_input_any in = {
        .agent = {.head = {.kind = RY_IN_AGENT, .slots = 2, .source = RY_SOURCE_AGENT}}};
    in.agent.loss_max = -1;
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED_MALFORMED);
    in.agent.loss_max = 0;
    ck_assert_int_eq(put(&b, &in), RY_ARENA_APPLIED);
    end(&b);
}
END_TEST

START_TEST(the_state_hash_covers_the_game)
{
    struct rig b = open_game(2);
    struct ry_arena *a = b.arena;
    const uint64_t hash = ry_arena_state_hash(a);
#define COVERED(field)                                                                             \
    a->field++;                                                                                    \
    ck_assert_uint_ne(ry_arena_state_hash(a), hash);                                               \
    a->field--;                                                                                    \
    ck_assert_uint_eq(ry_arena_state_hash(a), hash)
    COVERED(round);
    COVERED(in);
    COVERED(agent[1].out);
    COVERED(agent[1].fills);
    COVERED(agent[1].rejects);
    COVERED(agent[0].round_value);
#undef COVERED
    end(&b);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena_game");
    TCase *c = tcase_create("game");
    tcase_add_test(c, start_record);
    tcase_add_test(c, ranked_by_score_and_the_last_goes);
    tcase_add_test(c, too_few_fills_rank_last);
    tcase_add_test(c, rejects_break_ties);
    tcase_add_test(c, the_draw_breaks_the_rest);
    tcase_add_test(c, several_rounds_in_one_moment);
    tcase_add_test(c, start_and_rounds_in_one_moment);
    tcase_add_test(c, one_alone_is_no_decision);
    tcase_add_test(c, end_ranks);
    tcase_add_test(c, one_round_without_a_length);
    tcase_add_test(c, nothing_to_rank_before_the_start);
    tcase_add_test(c, rejects_before_the_start_are_forgotten);
    tcase_add_test(c, moments_far_away);
    tcase_add_test(c, decisions_change_nothing);
    tcase_add_test(c, malformed_battles);
    tcase_add_test(c, malformed_agents);
    tcase_add_test(c, the_state_hash_covers_the_game);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
