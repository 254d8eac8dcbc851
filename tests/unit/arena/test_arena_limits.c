/*
 * What no day can say of the arena: memory and capacity, the largest numbers there can be, what the
 * hashes cover, and the draw over many battles. The rules themselves: tests/days.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xxhash.h>

#include "core/arena/ledger.h"
#include "core/arena/value.h"
#include "shm/records/longest.h"
#include "tests/support/arena_rig.h"

#define ROUND 1000000 /* ns; trading begins at 1,000 */

/* Without fees, so that figures are round. */
static struct ry_input_battle quiet(uint32_t orders_max, uint16_t instruments, uint16_t agents)
{
    struct ry_input_battle battle = ry_test_arena_battle(orders_max, instruments, agents);
    battle.fee_maker_ppm = 0;
    battle.fee_taker_ppm = 0;
    return battle;
}

/* Trading has begun, the last recorded trade was at 10,000. */
static struct ry_test_arena open_trading(const struct ry_input_battle *battle)
{
    struct ry_test_arena b = ry_test_arena_open(battle);
    ry_test_arena_configure(&b, battle, 100);
    ry_test_arena_start(&b);
    ry_test_arena_last(&b, 10000);
    return b;
}

/* ---- memory ---------------------------------------------------------------------------------- */

START_TEST(another_battle_that_fits)
{
    struct ry_input_battle large = ry_test_arena_battle(100, 3, 3);
    struct ry_input_battle small = ry_test_arena_battle(10, 1, 2);
    struct ry_test_arena b = ry_test_arena_open(&large);
    union ry_input_any other = {.battle = ry_test_arena_battle(101, 300, 3)};
    ck_assert_int_eq(ry_test_arena_put(&b, &other), RY_ARENA_APPLIED_MALFORMED); /* no room */
    ry_test_arena_configure(&b, &small, 100);
    ck_assert_uint_eq(ry_arena_battle(b.arena)->orders_max, 10);
    ry_test_arena_start(&b);
    ry_test_arena_add(&b, 1, RY_BUY, 9900, 10);
    ry_test_arena_end(&b);
}
END_TEST

START_TEST(no_memory_for_what_is_out_of_range)
{
    struct ry_input_battle battle = quiet(100, 1, 2);
    ck_assert_uint_ne(ry_arena_footprint(&battle), 0);
    battle.haircut_ppm = RY_PPM + 1;
    ck_assert_uint_eq(ry_arena_footprint(&battle), 0);
    ck_assert_ptr_null(ry_arena_create(NULL, 0, &battle));
}
END_TEST

START_TEST(untouched_memory_costs_nothing)
{
    struct ry_input_battle battle = ry_test_arena_battle(4u << 20, RY_INSTRUMENTS_MAX, 8);
    struct ry_test_arena b = ry_test_arena_open(&battle);
    ry_test_arena_configure(&b, &battle, 100);
    ry_test_arena_start(&b);
    for (uint64_t ref = 1; ref <= 1000; ref++)
        ry_test_arena_add(&b, ref, RY_BUY, 10000 - 100 * (int64_t)(ref % 50), 1);
    size_t pages = (b.bytes + 4095) / 4096;
    unsigned char *in = malloc(pages);
    ck_assert_int_eq(mincore(b.arena, b.bytes, in), 0);
    size_t resident = 0;
    for (size_t i = 0; i < pages; i++)
        resident += in[i] & 1;
    ck_assert_uint_lt(resident * 4096, 40u << 20);
    free(in);
    ry_test_arena_close(&b);
}
END_TEST

static void furnish(struct ry_test_arena *b, uint16_t instrument, int64_t bid)
{
    struct ry_input_head head = {.kind = RY_IN_LAST, .instrument = instrument};
    ry_test_arena_event(b, (struct ry_input){.head = head, .price = 10000, .qty = 1});
    head.kind = RY_IN_ADD;
    ry_test_arena_event(
        b, (struct ry_input){.head = head, .ref = 1, .side = RY_BUY, .price = bid, .qty = 999});
    ry_test_arena_event(
        b, (struct ry_input){.head = head, .ref = 2, .side = RY_SELL, .price = 10000, .qty = 999});
}

static void buy_one(struct ry_test_arena *b, uint16_t agent, uint64_t ref, uint16_t instrument)
{
    struct ry_input_head head = {.kind = RY_IN_ORDER,
                                 .instrument = instrument,
                                 .source = (uint16_t)(RY_SOURCE_AGENT + agent)};
    ry_test_arena_event(
        b, (struct ry_input){.head = head, .ref = ref, .side = RY_BUY, .price = 10000, .qty = 1});
    ry_test_arena_want_report(b, 1, RY_RP_FILL, agent, 1, 0);
}

START_TEST(the_longest_group)
{
    enum { AGENTS = RY_AGENTS_MAX, INSTRUMENTS = 12 };
    struct ry_input_battle battle = quiet(2 * INSTRUMENTS + 1, INSTRUMENTS, AGENTS);
    battle.round_ns = ROUND;
    struct ry_test_arena b = ry_test_arena_open(&battle);
    b.cash = INSTRUMENTS * 500000;
    ry_test_arena_configure(&b, &battle, 100);
    ry_test_arena_start(&b);
    for (uint16_t i = 0; i < INSTRUMENTS; i++) {
        furnish(&b, i, 400);
        for (uint16_t agent = 0; agent < AGENTS; agent++)
            buy_one(&b, agent, 1u + i, i);
    }
    for (uint16_t i = 0; i < INSTRUMENTS; i++)
        ry_test_arena_event(&b, (struct ry_input){.head = {.kind = RY_IN_LAST, .instrument = i},
                                                  .price = 100,
                                                  .qty = 1});
    /* Each agent sells a lot of each instrument: none of these fills ends a resting order. */
    ry_test_arena_time(&b, 1000 + ROUND);
    ck_assert_uint_eq(b.kept->games, AGENTS);
    ck_assert_uint_eq(b.kept->markets, 2 * AGENTS * INSTRUMENTS);
    /* more than orders could make */
    ck_assert_uint_lt(3 * battle.orders_max + INSTRUMENTS, b.kept->markets);
    ck_assert_uint_le(b.kept->markets, ry_longest_market(battle.orders_max, INSTRUMENTS, AGENTS));
    ck_assert_uint_le(b.kept->reports, ry_longest_reports(battle.orders_max, INSTRUMENTS, AGENTS));
    ry_test_arena_end(&b);
}
END_TEST

/* ---- numbers --------------------------------------------------------------------------------- */

START_TEST(fees_round_against_the_agent)
{
    ck_assert(ry_arena_ledger_fee(1000000, 30) == 30);
    ck_assert(ry_arena_ledger_fee(1000001, 30) == 31);
    ck_assert(ry_arena_ledger_fee(-1000001, 30) == 31);
    ck_assert(ry_arena_ledger_fee(1000000, -30) == -30);
    ck_assert(ry_arena_ledger_fee(1000001, -30) == -30);
    ck_assert(ry_arena_ledger_fee(-1, -30) == 0);
    ck_assert(ry_arena_ledger_fee(1, 1) == 1);
    ck_assert(ry_arena_ledger_fee(0, 1000000) == 0);
    /* The largest notional there can be. */
    __int128 most = (__int128)RY_PRICE_ABS_MAX * UINT32_MAX * RY_ARENA_TICK_MAX;
    ck_assert(ry_arena_ledger_fee(most, 1000000) == most);
    ck_assert(ry_arena_ledger_fee(most, -1000000) == -most);
}
END_TEST

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

START_TEST(moments_far_away)
{
    struct ry_input_battle battle = quiet(100, 2, 2);
    battle.round_ns = INT64_MAX - 1500;
    struct ry_test_arena b = open_trading(&battle);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), INT64_MAX - 500);
    ry_test_arena_end(&b);
    battle.round_ns = INT64_MAX;
    b = open_trading(&battle);
    ck_assert_int_eq(ry_arena_next_moment(b.arena), RY_TIME_NEVER);
    ry_test_arena_time(&b, INT64_MAX);
    ck_assert_uint_eq(b.kept->games, 0);
    ry_test_arena_end(&b);
}
END_TEST

/* ---- what holds, and what is held to --------------------------------------------------------- */

START_TEST(conservation_can_fail)
{
    struct ry_input_battle battle = quiet(100, 2, 3);
    struct ry_test_arena b = open_trading(&battle);
    ry_test_arena_order(&b, 0, 1, RY_BUY, 10000, 5, 0);
    ry_test_arena_add(&b, 1, RY_SELL, 10000, 5);
    ck_assert(ry_arena_conserves(b.arena));
    ck_assert_int_eq(ry_arena_position(b.arena, 0, 0), 5);
    ck_assert_int_eq(ry_arena_position(b.arena, RY_OWNER_RECORDED, 0), -5);
    b.arena->agent[0].cash++;
    ck_assert(!ry_arena_conserves(b.arena));
    b.arena->agent[0].cash--;
    ry_arena_holding_at(b.arena, 0, 0)->position++;
    ck_assert(!ry_arena_conserves(b.arena));
    ry_test_arena_close(&b);
}
END_TEST

START_TEST(the_state_hash_covers_the_game)
{
    struct ry_input_battle battle = quiet(100, 2, 2);
    battle.round_ns = ROUND;
    struct ry_test_arena b = open_trading(&battle);
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
    ry_test_arena_end(&b);
}
END_TEST

START_TEST(inputs_are_hashed_in_their_slots)
{
    struct ry_input_battle battle = quiet(100, 2, 2);
    struct ry_test_arena b = ry_test_arena_open(&battle); /* to it a DECISION is malformed as yet */
    /* slots, bytes that count */
    static const unsigned cases[][2] = {{2, 112}, {0, 56}, {1, 56}, {3, 168}, {255, 168}};
    unsigned char all[100 * 168];
    size_t bytes = 0;
    ck_assert_uint_eq(ry_arena_input_hash(b.arena), XXH3_64bits_withSeed(all, 0, 1));
    for (unsigned i = 0; i < 100; i++) {
        union ry_input_any in = {
            .decision = {.head = {.kind = RY_IN_DECISION, .source = RY_SOURCE_AGENT, .time = 2000},
                         .count = i,
                         .feature = {[7] = -1}}};
        in.head.slots = (uint8_t)cases[i % 5][0];
        ck_assert_int_eq(ry_test_arena_put(&b, &in), RY_ARENA_APPLIED_MALFORMED);
        memcpy(all + bytes, &in, cases[i % 5][1]);
        bytes += cases[i % 5][1];
        ck_assert_uint_eq(ry_arena_input_hash(b.arena), XXH3_64bits_withSeed(all, bytes, 1));
    }
    ry_test_arena_close(&b);
}
END_TEST

/* Elsewhere in memory it goes on alike. */
START_TEST(copies_go_on)
{
    struct ry_input_battle battle = quiet(100, 2, 2);
    struct ry_test_arena b = open_trading(&battle);
    struct ry_test_arena copy = ry_test_arena_open(&battle);
    for (uint64_t ref = 1; ref <= 90; ref++)
        ry_test_arena_add(&b, ref, RY_BUY, 100, 1);
    memcpy(copy.arena, b.arena, b.bytes);
    memset(b.arena, 0xff, b.bytes); /* nothing of it is used any more */
    copy.time = b.time;
    copy.seq = b.seq;
    for (uint64_t ref = 91; ref <= 95; ref++)
        ry_test_arena_add(&copy, ref, RY_BUY, 100, 1);
    struct ry_test_arena whole = open_trading(&battle);
    for (uint64_t ref = 1; ref <= 95; ref++)
        ry_test_arena_add(&whole, ref, RY_BUY, 100, 1);
    ck_assert_uint_eq(ry_arena_state_hash(copy.arena), ry_arena_state_hash(whole.arena));
    ry_test_arena_close(&b);
    ry_test_arena_close(&copy);
    ry_test_arena_end(&whole);
}
END_TEST

START_TEST(games_need_no_listener)
{
    struct ry_input_battle battle = quiet(100, 2, 2);
    struct ry_test_arena deaf = open_trading(&battle), hears = open_trading(&battle);
    deaf.sink.game = NULL;
    ry_test_arena_died(&deaf, 0, 0);
    ry_test_arena_died(&hears, 0, 0);
    ck_assert_uint_eq(deaf.kept->games, 0);
    ck_assert_uint_eq(hears.kept->games, 1);
    ck_assert_uint_eq(ry_arena_output_hash(deaf.arena), ry_arena_output_hash(hears.arena));
    ry_test_arena_close(&deaf);
    ry_test_arena_end(&hears);
}
END_TEST

/* ---- the draw, over many battles ------------------------------------------------------------- */

static uint64_t draw_of(uint64_t seed, uint64_t round, uint64_t agent)
{
    const uint64_t key[2] = {round, agent};
    return XXH3_64bits_withSeed(key, sizeof key, seed);
}

START_TEST(the_draw_breaks_the_rest)
{
    unsigned orders[2] = {0, 0};
    for (uint64_t seed = 1; seed <= 16; seed++) {
        struct ry_input_battle battle = quiet(100, 2, 5);
        battle.round_ns = ROUND;
        battle.seed = seed;
        struct ry_test_arena b = open_trading(&battle);
        for (uint32_t round = 1; round <= 4; round++) {
            ry_test_arena_time(&b, 1000 + (int64_t)round * ROUND);
            ck_assert_uint_eq(b.kept->games, 7 - round);
            for (unsigned i = 0; i + 1 < 6 - round; i++) {
                uint16_t first = b.kept->game[i].agent;
                uint16_t second = b.kept->game[i + 1].agent;
                ck_assert_uint_lt(draw_of(seed, round, first), draw_of(seed, round, second));
                orders[first < second]++;
            }
        }
        ry_test_arena_end(&b);
    }
    ck_assert_uint_gt(orders[0], 0);
    ck_assert_uint_gt(orders[1], 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("arena_limits");
    TCase *c = tcase_create("limits");
    tcase_add_test(c, another_battle_that_fits);
    tcase_add_test(c, no_memory_for_what_is_out_of_range);
    tcase_add_test(c, untouched_memory_costs_nothing);
    tcase_add_test(c, the_longest_group);
    tcase_add_test(c, fees_round_against_the_agent);
    tcase_add_test(c, haircut_rounds_up);
    tcase_add_test(c, moments_far_away);
    tcase_add_test(c, conservation_can_fail);
    tcase_add_test(c, the_state_hash_covers_the_game);
    tcase_add_test(c, inputs_are_hashed_in_their_slots);
    tcase_add_test(c, copies_go_on);
    tcase_add_test(c, games_need_no_listener);
    tcase_add_test(c, the_draw_breaks_the_rest);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
