/* Standings: the last one of each agent is what the results say of it, and nothing follows the end.
 */
#include <string.h>

#include "tests/support/arena_flow.h"
#include "tests/support/results_rig.h"

static struct stage stage;

static struct {
    struct ry_results_row_standing last[RY_AGENTS_MAX];
    unsigned standings[RY_AGENTS_MAX];
    uint64_t rank[RY_AGENTS_MAX]; /* that the last end of a round gave */
    bool ended, stopped;
} seen;

static void take_standing(const struct ry_results_row_standing *standing)
{
    uint16_t agent = standing->agent;
    ck_assert_uint_lt(agent, stage.results.agents);
    ck_assert(!seen.last[agent].ended);
    seen.last[agent] = *standing;
    seen.standings[agent]++;
    if (standing->out == RY_OUT_NONE)
        ck_assert_uint_eq(standing->rank, seen.rank[agent]);
}

static void take_row(void *context, const struct ry_results_row *row)
{
    (void)context;
    ck_assert_msg(!seen.ended, "a %s behind the end", ry_results_rows[row->kind].name);
    seen.ended = row->kind == RY_RESULTS_ROW_END;
    if (row->kind == RY_RESULTS_ROW_END)
        seen.stopped = row->end.stopped;
    if (row->kind == RY_RESULTS_ROW_RANK)
        seen.rank[row->rank.agent] = row->rank.rank;
    if (row->kind == RY_RESULTS_ROW_STANDING)
        take_standing(&row->standing);
}

static void watch(const struct ry_input_battle *battle)
{
    memset(&seen, 0, sizeof seen);
    stage_open(&stage, battle, NULL);
    stage.results.row = take_row;
}

/* The last standings against the results, which are added up another way. */
static void compare(bool ended, bool stopped, bool stamped, bool incomplete)
{
    uint64_t ranks = 0;
    ry_results_value(&stage.results, stage.rig.arena);
    ck_assert_int_eq(seen.ended, ended);
    ck_assert_int_eq(seen.stopped, stopped);
    for (uint16_t id = 0; id < stage.results.agents; id++) {
        const struct ry_results_agent *agent = &stage.results.agent[id];
        const struct ry_results_row_standing *last = &seen.last[id];
        ck_assert_uint_gt(seen.standings[id], 0);
        ck_assert_uint_eq(last->agents, stage.results.agents);
        ck_assert_uint_eq(last->rank, agent->rank);
        ck_assert_uint_eq(last->out, agent->out);
        ck_assert(last->value == agent->value);
        ck_assert(last->pnl == agent->value - agent->cash_start);
        ck_assert_uint_eq(last->fills, ry_results_fills(agent));
        ck_assert_uint_eq(last->rejects, ry_results_rejects(agent));
        ck_assert_uint_eq(last->round, agent->out ? agent->out_round : stage.results.round);
        ck_assert_int_eq(last->ended, ended);
        ck_assert_int_eq(last->stopped, stopped);
        ck_assert_int_eq(last->stamped, stamped);
        ck_assert_int_eq(last->incomplete, incomplete);
        if (last->rank > 0)
            ranks |= UINT64_C(1) << last->rank;
    }
    if (stage.results.round > 0 && ended) /* each rank once */
        ck_assert_uint_eq(ranks, ((UINT64_C(1) << stage.results.agents) - 1) << 1);
}

START_TEST(test_random)
{
    struct ry_input_battle battle = ry_test_arena_battle(400, 3, 6);
    battle.round_ns = 3000000;
    battle.haircut_ppm = 30000;
    struct ry_test_flow flow = {.rng = {(uint64_t)_i},
                                .refs = 200,
                                .prices = 12,
                                .instruments = 3,
                                .agents = 6,
                                .tick = 100};
    watch(&battle);
    stage_describe(&stage, &battle, _i % 2 == 0 ? INT64_C(20000000000) : INT64_MAX);
    stage_time(&stage, 1000);
    for (unsigned i = 0; i < 2000 * (unsigned)(_i % 3); i++) {
        stage.rig.time += ry_test_rng_below(&flow.rng, 4000);
        int64_t moment = ry_arena_next_moment(stage.rig.arena);
        if (moment <= stage.rig.time)
            stage_time(&stage, moment);
        union ry_input_any input = ry_test_flow_next(&flow, stage.rig.time);
        stage_put(&stage, &input);
    }
    stage_end(&stage);
    bool stamped = false;
    for (uint16_t id = 0; id < stage.results.agents; id++)
        stamped |= stage.results.agent[id].wall;
    compare(true, false, stamped, ry_results_incomplete(&stage.results));
    stage_close(&stage);
}
END_TEST

/* A round begins with three agents in, and one goes out: it alone has a standing more. */
START_TEST(test_running)
{
    const struct ry_input_battle battle = stage_battle(3);
    watch(&battle);
    stage_play(&stage); /* round 1 is over, a2 is out: round 2 runs */
    ck_assert_uint_eq(seen.standings[0], 2);
    ck_assert_uint_eq(seen.standings[1], 2);
    ck_assert_uint_eq(seen.standings[2], 2);
    ck_assert_uint_eq(seen.last[0].round, 2);
    ck_assert_uint_eq(seen.last[2].round, 1);
    ck_assert_uint_eq(seen.last[2].rank, 3);
    ck_assert_uint_eq(seen.last[2].out, RY_OUT_LAST);
    stage_died(&stage, 1, RY_INF_WALL | RY_INF_STALLED);
    ck_assert_uint_eq(seen.standings[0], 2);
    ck_assert_uint_eq(seen.standings[1], 3);
    ck_assert_uint_eq(seen.last[1].out, RY_OUT_STALLED);
    ck_assert_uint_eq(seen.last[1].rank, 2);
    ck_assert(seen.last[1].stamped && !seen.last[0].stamped && !seen.last[1].ended);
    stage_end(&stage);
    ck_assert_uint_eq(seen.last[0].rank, 1);
    compare(true, false, true, false);
    stage_close(&stage);
}
END_TEST

START_TEST(test_stopped)
{
    const struct ry_input_battle battle = stage_battle(3);
    watch(&battle);
    stage_play(&stage);
    stage_event(&stage,
                (struct ry_input){.head = {.kind = RY_IN_INCOMPLETE, .source = RY_SOURCE_FEED},
                                  .qty = RY_INCOMPLETE_GAP});
    stage_event(&stage, (struct ry_input){.head = {.kind = RY_IN_END, .flags = RY_INF_WALL}});
    compare(true, true, true, true);
    stage_close(&stage);
}
END_TEST

/* Over before the first round: nobody has a rank, and everybody what it began with. */
START_TEST(test_no_round)
{
    const struct ry_input_battle battle = stage_battle(2);
    watch(&battle);
    stage_describe(&stage, &battle, INT64_MAX);
    stage_event(&stage, (struct ry_input){.head = {.kind = RY_IN_END, .flags = RY_INF_WALL}});
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(seen.standings[i], 1);
        ck_assert_uint_eq(seen.last[i].rank, 0);
        ck_assert_uint_eq(seen.last[i].round, 0);
        ck_assert(seen.last[i].value == STAGE_CASH && seen.last[i].pnl == 0);
    }
    compare(true, true, true, false);
    stage_close(&stage);
}
END_TEST

/* The end's own input ends a round, and its loser holds lots that the book does not take. */
START_TEST(test_out_at_end)
{
    const struct ry_input_battle battle = stage_battle(3);
    watch(&battle);
    stage_play(&stage);
    stage.rig.time = INT64_C(40) * RY_NS_PER_SECOND;
    stage_end(&stage);
    compare(true, false, false, false);
    stage_close(&stage);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("standing");
    TCase *c = tcase_create("standing");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, test_running);
    tcase_add_test(c, test_stopped);
    tcase_add_test(c, test_no_round);
    tcase_add_test(c, test_out_at_end);
    tcase_add_loop_test(c, test_random, 0, 9);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
