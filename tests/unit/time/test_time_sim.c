/*
 * Time, simulated: whole battles in one process under hundreds of random schedules. Every schedule
 * must give the same inputs and state, and an oracle that knows neither rings nor hosts the same
 * inputs and callbacks again. Beside them an onlooker sees that no agent can read what is to come.
 *
 * That these checks see anything is shown by tests/e2e/mutants.sh: it breaks exec on purpose, one
 * rule of docs/TIME.md at a time, and this program must fail.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"
#include "tests/time/run.h"

#define SCENARIOS 36
#define FEW       12 /* of them: enough for tests/e2e/mutants.sh */
#define SCHEDULES 18 /* of each, besides the first */

/* Fails unless the run ended, and as the oracle of its inputs says. */
static void ck_run(const struct ry_time_world *world, const struct ry_time_outcome *outcome,
                   struct ry_time_oracle *oracle, unsigned schedule)
{
    ck_assert_msg(outcome->ending == RY_TIME_ENDED, "schedule %u: %s", schedule, outcome->why);
    const char *wrong = ry_time_judge(world, oracle);
    ck_assert_msg(wrong == NULL, "schedule %u: %s", schedule, wrong);
}

START_TEST(test_every_schedule_gives_one_battle)
{
    struct ry_time_scenario *scenario = ry_time_scenario_create((unsigned)_i);
    struct ry_time_outcome first, other;
    struct ry_time_oracle *oracle = calloc(1, sizeof *oracle);
    struct ry_time_world *world = ry_time_run(scenario, RY_TIME_IN_TURN, &first);
    ck_assert_msg(first.ending == RY_TIME_ENDED, "%s", first.why);
    ry_time_oracle_run(oracle, scenario, world->read, world->count);
    ck_run(world, &first, oracle, RY_TIME_IN_TURN);
    ry_time_world_close(world);
    for (unsigned n = 0; n < SCHEDULES; n++) {
        const unsigned schedule = 100 * (unsigned)_i + n;
        world = ry_time_run(scenario, schedule, &other);
        ck_assert_msg(other.ending != RY_TIME_ENDED || ry_time_same(&first, &other),
                      "schedule %u gives another battle", schedule);
        ck_run(world, &other, oracle, schedule);
        ry_time_world_close(world);
    }
    free(oracle);
    ry_time_scenario_destroy(scenario);
}
END_TEST

/* What the battles above go through; a simulation in which nothing happens shows nothing. */
START_TEST(test_battles_are_rich)
{
    struct ry_exec_counters sum = {0};
    struct ry_host_counters hosts = {0};
    struct ry_time_outcome outcome;
    unsigned decided = 0, rounds = 0, out = 0, levels = 0;
    for (unsigned seed = 0; seed < SCENARIOS; seed++) {
        struct ry_time_scenario *scenario = ry_time_scenario_create(seed);
        struct ry_time_world *world = ry_time_run(scenario, seed, &outcome);
        const struct ry_exec_counters *one = &world->exec.counters;
        decided += ry_arena_decided(world->exec.arena);
        rounds += ry_arena_round(world->exec.arena) > 2;
        const uint64_t *from = (const uint64_t *)one;
        uint64_t *to = (uint64_t *)&sum;
        for (size_t i = 0; i < sizeof sum / sizeof *to; i++)
            to[i] += from[i];
        for (unsigned i = 0; i < scenario->battle->agents; i++) {
            const struct ry_time_host *agent = &world->agent[i];
            hosts.timers += agent->host.counters.timers;
            hosts.timers_clamped += agent->host.counters.timers_clamped;
            hosts.full += agent->host.counters.full;
            hosts.blocked += agent->host.counters.blocked;
            hosts.reports += agent->host.counters.reports;
            out += agent->result == RY_HOST_OUT;
            levels += agent->toy.levels_told != 0;
        }
        ry_time_world_close(world);
        ry_time_scenario_destroy(scenario);
    }
    ck_assert_uint_gt(sum.agent_inputs, 2000);
    ck_assert_uint_gt(sum.agents_died, 4);
    ck_assert_uint_gt(sum.agent_waits, 1000);
    ck_assert_uint_gt(sum.room_waits, 100);
    ck_assert_uint_gt(sum.input_waits, 100);
    ck_assert_uint_gt(sum.stream_waits, 20);
    ck_assert_uint_gt(sum.commands_foreign, 20);
    ck_assert_uint_gt(sum.drains, 50);
    ck_assert_uint_gt(sum.wakes_market, 3000);
    ck_assert_uint_gt(sum.wakes_top, 500);
    ck_assert_uint_gt(sum.wakes_reports, 500);
    ck_assert_uint_gt(sum.wakes_timers, 1000);
    ck_assert_uint_gt(sum.machine.taken_recorded, 500);
    ck_assert_uint_gt(sum.machine.taken_agents, 100);
    ck_assert_uint_gt(hosts.timers, 500);
    ck_assert_uint_gt(hosts.timers_clamped, 5);
    ck_assert_uint_gt(hosts.full, 0);
    ck_assert_uint_gt(hosts.blocked, 20);
    ck_assert_uint_gt(hosts.reports, 3000);
    ck_assert_uint_gt(decided, 2);
    ck_assert_uint_gt(rounds, 2);
    ck_assert_uint_gt(out, 4);
    ck_assert_uint_gt(levels, 20);
}
END_TEST

/* A host that answers no more, inside a callback or outside one: exec waits for it and for nobody
 * else, gives it up when told, and the others end the battle. */
START_TEST(test_stalled_host_is_given_up)
{
    struct ry_time_scenario *scenario = ry_time_scenario_create(1 + (unsigned)_i / 2);
    memset(scenario->crash_at, 0, sizeof scenario->crash_at);
    struct ry_time_world *world = ry_time_world_open(scenario);
    struct ry_time_host *agent = &world->agent[0];
    uint64_t before = 0, stalls = 0;
    for (uint64_t n = 0; world->exec.phase != RY_EXEC_DONE; n++) {
        bool silent = agent->toy.callbacks >= 5 && agent->in_callback == (_i % 2 == 0);
        if (n % RY_TIME_ACTORS != RY_TIME_ACTOR_HOST || !silent)
            ry_time_world_step(world, n % RY_TIME_ACTORS);
        if (n % RY_TIME_LOOK_EVERY != RY_TIME_LOOK_EVERY - 1)
            continue;
        uint64_t now = ry_time_world_fingerprint(world);
        if (now == before && stalls++ < 2) {
            ck_assert(ry_exec_wait_for_agent(&world->exec.wait));
            ck_assert_uint_eq(world->exec.wait.who, 0);
            ck_assert_uint_eq(ry_load_relaxed(&world->positions.out) & 1, 0);
            ry_exec_stalled(&world->exec, 0);
        }
        ck_assert_uint_lt(n, RY_TIME_STEPS_MAX);
        before = now;
    }
    ck_assert_uint_ge(stalls, 1);
    ck_assert_uint_eq(world->exec.counters.agents_stalled, 1);
    ck_assert_uint_eq(world->exec.counters.not_reproducible, 1);
    ck_assert_uint_eq(ry_load_relaxed(&world->positions.out) & 1, 1); /* its process may go */
    for (unsigned i = 0; i < RY_TIME_LOG; i++)
        ry_time_step_journal(world);
    unsigned deaths = 0;
    for (unsigned n = 0; n < world->count; n++) {
        const struct ry_input *input = &world->read[n].event;
        if (input->head.kind != RY_IN_AGENT_DIED)
            continue;
        deaths++;
        ck_assert_uint_eq(input->qty, 0);
        ck_assert_uint_eq(input->head.flags, RY_INF_STALLED | RY_INF_WALL);
    }
    ck_assert_uint_eq(deaths, 1);
    ck_assert_uint_eq(world->exec.counters.machine.malformed, 0);
    ck_assert_str_eq(world->onlooker.broken, "");
    ry_time_world_close(world);
    ry_time_scenario_destroy(scenario);
}
END_TEST

static unsigned count_deaths(const struct ry_time_world *world)
{
    unsigned deaths = 0;
    for (unsigned n = 0; n < world->count; n++) {
        const struct ry_input_head *head = &world->read[n].head;
        if (head->kind != RY_IN_AGENT_DIED)
            continue;
        deaths++;
        ck_assert_uint_eq(head->flags, RY_INF_WALL);
    }
    return deaths;
}

/* A kill from outside, at any moment or in a callback: each schedule may give a battle of its own,
 * which is flagged, and in which all else is as its inputs say. */
START_TEST(test_death_from_outside_is_flagged)
{
    struct ry_time_oracle *oracle = calloc(1, sizeof *oracle);
    struct ry_time_outcome outcome;
    unsigned deaths = 0;
    for (unsigned n = 0; n < 3 * RY_TIME_MODES; n++) {
        struct ry_time_scenario *scenario = ry_time_scenario_create((unsigned)_i);
        scenario->how = RY_DIED_OUTSIDE;
        if (n >= RY_TIME_MODES)
            scenario->kill = (struct ry_time_kill){
                .happens = true,
                .agent = (uint16_t)(n % scenario->battle->agents),
                .step = 300 + ((unsigned)_i * 7919 + n * 104729) % (n % 3 == 0 ? 3000 : 30000)};
        struct ry_time_world *world = ry_time_run(scenario, n, &outcome);
        ck_assert_msg(outcome.ending == RY_TIME_ENDED, "schedule %u: %s", n, outcome.why);
        ry_time_oracle_run(oracle, scenario, world->read, world->count);
        ck_run(world, &outcome, oracle, n);
        ck_assert_uint_eq(world->exec.counters.not_reproducible, count_deaths(world));
        deaths += count_deaths(world);
        ry_time_world_close(world);
        ry_time_scenario_destroy(scenario);
    }
    ck_assert_uint_gt(deaths, 2);
    free(oracle);
}
END_TEST

/* Killed when the answer to START stands in its ring, and exec has read nothing of it: what it
 * asked for there nobody is told any more. */
START_TEST(test_last_words_wake_nobody)
{
    struct ry_time_oracle *oracle = calloc(1, sizeof *oracle);
    struct ry_time_scenario *scenario = ry_time_scenario_create((unsigned)_i);
    memset(scenario->crash_at, 0, sizeof scenario->crash_at);
    for (unsigned dead = 0; dead < scenario->battle->agents; dead++) {
        struct ry_time_outcome outcome;
        struct ry_time_world *world = ry_time_world_open(scenario);
        struct ry_time_host *agent = &world->agent[dead];
        for (unsigned n = 0; agent->toy.callbacks == 0; n++) {
            ck_assert_uint_lt(n, RY_TIME_STEPS_MAX / 1000);
            ry_time_world_step(world, n % RY_TIME_ACTORS);
        }
        agent->crashed = true;
        ry_time_bury(world, dead, RY_DIED_OUTSIDE);
        ry_time_go_on(world, RY_TIME_IN_TURN, &outcome);
        ck_assert_msg(outcome.ending == RY_TIME_ENDED, "agent %u: %s", dead, outcome.why);
        ry_time_oracle_run(oracle, scenario, world->read, world->count);
        const char *wrong = ry_time_judge(world, oracle);
        ck_assert_msg(wrong == NULL, "agent %u: %s", dead, wrong);
        ry_time_world_close(world);
    }
    free(oracle);
    ry_time_scenario_destroy(scenario);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("time_sim");
    TCase *few = tcase_create("few"), *all = tcase_create("all");
    tcase_set_timeout(few, 300);
    tcase_set_timeout(all, 300);
    tcase_add_loop_test(few, test_every_schedule_gives_one_battle, 0, FEW);
    tcase_add_loop_test(few, test_last_words_wake_nobody, 0, FEW);
    tcase_add_loop_test(all, test_every_schedule_gives_one_battle, FEW, SCENARIOS);
    tcase_add_test(all, test_battles_are_rich);
    tcase_add_loop_test(all, test_stalled_host_is_given_up, 0, 8);
    tcase_add_loop_test(all, test_death_from_outside_is_flagged, 0, 8);
    suite_add_tcase(s, few);
    suite_add_tcase(s, all);
    return s;
}

RY_TEST_MAIN(suite)
