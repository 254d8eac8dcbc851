/* The board: who goes next and how long a round lasts, against what the machine then does; how far
 * equity has fallen, against every pair of moments. */
#include <string.h>

#include "core/results/board.h"
#include "tests/support/arena_flow.h"
#include "tests/support/results_rig.h"

#define AGENTS   6
#define LOOKS    4096
#define ROUND_NS (20 * RY_NS_PER_SECOND)

static struct stage stage;
static struct ry_results_board board;

static void make_board(void)
{
    ry_results_board_make(&board, &stage.results, stage.rig.arena);
}

/* ---- falls of equity ------------------------------------------------------------------------- */

/* Each agent's equity at the moments that ry_results names, one after the other. */
static struct {
    __int128 equity[AGENTS][LOOKS];
    unsigned count;
    int64_t second; /* of the last moment, from trade_from */
    uint32_t round;
    uint64_t out;
} slow;

static void keep(void)
{
    ck_assert_uint_lt(slow.count, LOOKS);
    for (uint16_t id = 0; id < AGENTS; id++) {
        struct ry_arena_account account;
        ry_arena_account(stage.rig.arena, id, &account);
        slow.equity[id][slow.count] = account.equity;
    }
    slow.count++;
}

static void look(void)
{
    const struct ry_arena *arena = stage.rig.arena;
    const int64_t second = (stage.rig.time - stage.results.battle.trade_from) / RY_NS_PER_SECOND;
    uint64_t out = 0;
    for (uint16_t id = 0; id < AGENTS; id++)
        out |= (uint64_t)(stage.results.agent[id].out != RY_OUT_NONE) << id;
    const bool due = second > slow.second || ry_arena_round(arena) != slow.round ||
                     out != slow.out || ry_arena_ended(arena);
    if (ry_arena_round(arena) == 0 || !due)
        return;
    keep();
    slow.second = second > slow.second ? second : slow.second;
    slow.round = ry_arena_round(arena);
    slow.out = out;
}

static __int128 fall_of(uint16_t id)
{
    __int128 most = 0;
    for (unsigned i = 0; i < slow.count; i++)
        for (unsigned j = i; j < slow.count; j++)
            if (slow.equity[id][i] - slow.equity[id][j] > most)
                most = slow.equity[id][i] - slow.equity[id][j];
    return most;
}

/* ---- what a round's end does ----------------------------------------------------------------- */

static unsigned ends, plain_ends;

static unsigned row_of(const char *name)
{
    for (unsigned i = 0; i < board.count; i++)
        if (strcmp(board.row[i].name, name) == 0)
            return i;
    ck_abort_msg("%s is not on the board", name);
    return 0;
}

/* The round's end, foreseen from the input before it. */
static void end_round(int64_t moment)
{
    struct ry_results_board before;
    const uint32_t round = stage.results.round;
    make_board();
    before = board;
    ck_assert_int_eq(before.left_ns, moment - ry_arena_time(stage.rig.arena));
    stage_time(&stage, moment);
    if (round == 0)
        return;
    unsigned goes = 0, went = 0, ranked = 0;
    for (unsigned i = 0; i < before.count; i++)
        goes += before.row[i].goes_next;
    for (uint16_t id = 0; id < AGENTS; id++) {
        const struct ry_results_agent *agent = &stage.results.agent[id];
        board = before;
        const struct ry_results_board_row *row = &before.row[row_of(agent->name)];
        const bool left = row->out == RY_OUT_NONE && agent->out != RY_OUT_NONE;
        went += left;
        ck_assert_msg(!row->goes_next || left, "%s was to go and stayed", agent->name);
        if (goes == 1)
            ck_assert_int_eq(row->goes_next, left);
        if (goes == 1 && row->out == RY_OUT_NONE) {
            /* Its place among those that are in is its rank. */
            ck_assert_uint_eq(agent->round[agent->rounds - 1].rank, row->rank);
            ranked++;
        }
    }
    ends++;
    plain_ends += goes == 1;
    ck_assert_uint_ge(went, goes);
}

START_TEST(test_random)
{
    struct ry_input_battle battle = ry_test_arena_battle(400, 3, AGENTS);
    battle.trade_from = RY_NS_PER_SECOND;
    battle.trade_to = RY_TIME_NEVER;
    battle.round_ns = ROUND_NS;
    battle.haircut_ppm = 30000;
    struct ry_test_flow flow = {.rng = {(uint64_t)_i + 1},
                                .refs = 200,
                                .prices = 12,
                                .instruments = 3,
                                .agents = AGENTS,
                                .tick = 100};
    memset(&slow, 0, sizeof slow);
    slow.second = -1;
    ends = plain_ends = 0;
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, _i % 2 == 0 ? INT64_C(20000000000) : INT64_MAX);
    stage_time(&stage, battle.trade_from);
    for (uint16_t id = 0; id < AGENTS; id++)
        slow.equity[id][0] = STAGE_CASH;
    slow.count = 1;
    look();
    for (unsigned i = 0; i < 1500; i++) {
        const int64_t next = stage.rig.time + (int64_t)ry_test_rng_below(&flow.rng, 200000000);
        for (int64_t moment; (moment = ry_arena_next_moment(stage.rig.arena)) <= next;) {
            end_round(moment);
            look();
        }
        stage.rig.time = next;
        union ry_input_any input = ry_test_flow_next(&flow, stage.rig.time);
        stage_put(&stage, &input);
        look();
    }
    stage_end(&stage);
    look();
    make_board();
    ck_assert_uint_gt(ends, 2);
    ck_assert_uint_gt(plain_ends, 0);
    bool fell = false;
    for (uint16_t id = 0; id < AGENTS; id++) {
        ck_assert(board.row[row_of(stage.results.agent[id].name)].drawdown == fall_of(id));
        fell |= fall_of(id) > 0;
    }
    ck_assert(fell);
    stage_close(&stage);
}
END_TEST

/* ---- by hand --------------------------------------------------------------------------------- */

START_TEST(test_left)
{
    struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    stage_play(&stage); /* round 2 of 11 s to 21 s, a2 is out */
    make_board();
    ck_assert_uint_eq(board.round, 2);
    ck_assert_int_eq(board.left_ns, 10 * RY_NS_PER_SECOND);
    ck_assert(!board.row[0].goes_next && board.row[1].goes_next && !board.row[2].goes_next);
    stage_end(&stage);
    make_board();
    ck_assert_int_eq(board.left_ns, -1);
    ck_assert(!board.row[1].goes_next);
    stage_close(&stage);
}
END_TEST

/* A round that the battle's end comes before puts nobody out. */
START_TEST(test_last_round)
{
    struct ry_input_battle battle = stage_battle(3);
    stage_open(&stage, &battle, NULL);
    battle.trade_to = 15 * RY_NS_PER_SECOND;
    stage_describe(&stage, &battle, INT64_MAX);
    make_board();
    ck_assert_int_eq(board.left_ns, -1); /* none has begun */
    stage_time(&stage, RY_NS_PER_SECOND);
    make_board();
    ck_assert_int_eq(board.left_ns, 10 * RY_NS_PER_SECOND);
    ck_assert(board.row[2].goes_next);
    stage_time(&stage, 11 * RY_NS_PER_SECOND);
    make_board();
    ck_assert_int_eq(board.left_ns, 4 * RY_NS_PER_SECOND);
    for (unsigned i = 0; i < 3; i++)
        ck_assert(!board.row[i].goes_next);
    stage_close(&stage);
}
END_TEST

START_TEST(test_without_rounds)
{
    struct ry_input_battle battle = stage_battle(2);
    battle.round_ns = 0;
    battle.trade_to = RY_TIME_NEVER;
    stage_open(&stage, &battle, NULL);
    stage_describe(&stage, &battle, INT64_MAX);
    stage_time(&stage, RY_NS_PER_SECOND);
    make_board();
    ck_assert_uint_eq(board.round, 1);
    ck_assert_int_eq(board.left_ns, -1);
    ck_assert(!board.row[0].goes_next && !board.row[1].goes_next);
    stage_close(&stage);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("board");
    TCase *c = tcase_create("board");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, test_left);
    tcase_add_test(c, test_last_round);
    tcase_add_test(c, test_without_rounds);
    tcase_add_loop_test(c, test_random, 0, 8);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
