/*
 * Time, simulated: whole battles in one process under hundreds of random schedules. Every schedule
 * must give the same inputs, state and callbacks, and an oracle that knows neither rings nor hosts
 * the same again. Broken wirings must be caught by the very same checks.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"
#include "tests/time/oracle.h"
#include "tests/time/run.h"

#define SCENARIOS 24
#define SCHEDULES 18 /* of each, besides the first */

START_TEST(test_every_schedule_gives_one_battle)
{
    struct ry_time_scenario *scenario = ry_time_scenario_create((unsigned)_i);
    struct ry_time_outcome first, other;
    struct ry_time_oracle *oracle = calloc(1, sizeof *oracle);
    struct ry_time_world *world = ry_time_run(scenario, RY_TIME_IN_TURN, RY_TIME_SOUND, &first);
    ck_assert_int_eq(first.ending, RY_TIME_ENDED);
    ry_time_oracle_run(oracle, scenario, world->read, world->count);
    for (unsigned i = 0; i < scenario->battle->agents; i++)
        ck_assert_uint_eq(oracle->agent[i].toy.trace, first.trace[i]);
    ry_time_world_close(world);
    for (unsigned n = 0; n < SCHEDULES; n++) {
        world = ry_time_run(scenario, 100 * (unsigned)_i + n, RY_TIME_SOUND, &other);
        ck_assert_msg(other.ending == RY_TIME_ENDED, "schedule %u: ending %d", n, other.ending);
        ck_assert_msg(ry_time_same(&first, &other), "schedule %u gives another battle", n);
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
    unsigned decided = 0, rounds = 0;
    for (unsigned seed = 0; seed < SCENARIOS; seed++) {
        struct ry_time_scenario *scenario = ry_time_scenario_create(seed);
        struct ry_time_world *world = ry_time_run(scenario, seed, RY_TIME_SOUND, &outcome);
        const struct ry_exec_counters *one = &world->exec.counters;
        decided += ry_arena_decided(world->exec.arena);
        rounds += ry_arena_round(world->exec.arena) > 2;
        sum.agent_inputs += one->agent_inputs;
        sum.agents_died += one->agents_died;
        sum.agent_waits += one->agent_waits;
        sum.room_waits += one->room_waits;
        sum.input_waits += one->input_waits;
        sum.machine.taken_recorded += one->machine.taken_recorded;
        sum.machine.taken_agents += one->machine.taken_agents;
        for (unsigned i = 0; i < scenario->battle->agents; i++) {
            hosts.timers += world->agent[i].host.counters.timers;
            hosts.timers_clamped += world->agent[i].host.counters.timers_clamped;
            hosts.full += world->agent[i].host.counters.full;
            hosts.blocked += world->agent[i].host.counters.blocked;
            hosts.reports += world->agent[i].host.counters.reports;
        }
        ry_time_world_close(world);
        ry_time_scenario_destroy(scenario);
    }
    ck_assert_uint_gt(sum.agent_inputs, 2000);
    ck_assert_uint_gt(sum.agents_died, 4);
    ck_assert_uint_gt(sum.agent_waits, 1000);
    ck_assert_uint_gt(sum.room_waits, 100);
    ck_assert_uint_gt(sum.input_waits, 100);
    ck_assert_uint_gt(sum.machine.taken_recorded, 500);
    ck_assert_uint_gt(sum.machine.taken_agents, 100);
    ck_assert_uint_gt(hosts.timers, 500);
    ck_assert_uint_gt(hosts.timers_clamped, 5);
    ck_assert_uint_gt(hosts.full, 0);
    ck_assert_uint_gt(hosts.blocked, 100);
    ck_assert_uint_gt(hosts.reports, 3000);
    ck_assert_uint_gt(decided, 2);
    ck_assert_uint_gt(rounds, 2);
}
END_TEST

/* A host that answers no more, inside a callback or outside one: exec waits for it and for nobody
 * else, gives it up when told, and the others end the battle. */
START_TEST(test_stalled_host_is_given_up)
{
    struct ry_time_scenario *scenario = ry_time_scenario_create(1 + (unsigned)_i / 2);
    memset(scenario->crash_at, 0, sizeof scenario->crash_at);
    struct ry_time_world *world = ry_time_world_open(scenario, RY_TIME_SOUND);
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
    ry_time_world_close(world);
    ry_time_scenario_destroy(scenario);
}
END_TEST

/* A kill from outside is a death as any other, at the same T, and the flag says who chose it. */
START_TEST(test_death_from_outside_is_flagged)
{
    struct ry_time_scenario *scenario =
        ry_time_scenario_create(6 * (unsigned)_i); /* where some die */
    struct ry_time_outcome outcome;
    struct ry_time_world *itself = ry_time_run(scenario, (unsigned)_i, RY_TIME_SOUND, &outcome);
    ck_assert_int_eq(outcome.ending, RY_TIME_ENDED);
    scenario->how = RY_DIED_OUTSIDE;
    struct ry_time_world *outside = ry_time_run(scenario, (unsigned)_i, RY_TIME_SOUND, &outcome);
    ck_assert_int_eq(outcome.ending, RY_TIME_ENDED);
    ck_assert_uint_eq(itself->count, outside->count);
    unsigned deaths = 0;
    for (unsigned n = 0; n < itself->count; n++) {
        union ry_input_any *input = &outside->read[n];
        if (input->head.kind == RY_IN_AGENT_DIED) {
            deaths++;
            ck_assert_uint_eq(input->head.flags, RY_INF_WALL);
            input->head.flags = 0;
        }
        ck_assert_mem_eq(input, &itself->read[n], sizeof *input);
    }
    ck_assert_uint_gt(deaths, 0);
    ck_assert_uint_eq(outside->exec.counters.not_reproducible, deaths);
    ry_time_world_close(itself);
    ry_time_world_close(outside);
    ry_time_scenario_destroy(scenario);
}
END_TEST

/* ---- broken on purpose: the checks above must see it ----------------------------------------- */

/* Of all schedules of all battles, how many end as they should not. */
static unsigned caught(enum ry_time_sabotage sabotage, enum ry_time_ending ending, unsigned *runs)
{
    unsigned wrong = 0;
    *runs = 0;
    for (unsigned seed = 0; seed < SCENARIOS; seed += 2) {
        struct ry_time_scenario *scenario = ry_time_scenario_create(seed);
        struct ry_time_outcome sound, broken;
        ry_time_world_close(ry_time_run(scenario, RY_TIME_IN_TURN, RY_TIME_SOUND, &sound));
        for (unsigned n = 0; n < RY_TIME_MODES; n++, ++*runs) {
            ry_time_world_close(ry_time_run(scenario, n, sabotage, &broken));
            wrong +=
                ending == RY_TIME_ENDED ? !ry_time_same(&sound, &broken) : broken.ending == ending;
        }
        ry_time_scenario_destroy(scenario);
    }
    return wrong;
}

START_TEST(test_room_by_acknowledgement_deadlocks)
{
    unsigned runs, wrong = caught(RY_TIME_ROOM_BY_ACKNOWLEDGEMENT, RY_TIME_STUCK, &runs);
    ck_assert_uint_gt(wrong, runs / 8); /* where somebody sleeps while the market goes on */
}
END_TEST

START_TEST(test_room_by_wake_deadlocks)
{
    unsigned runs, wrong = caught(RY_TIME_ROOM_BY_WAKE, RY_TIME_STUCK, &runs);
    ck_assert_uint_gt(wrong, runs / 8); /* where somebody sleeps while the market goes on */
}
END_TEST

START_TEST(test_mark_never_stored_deadlocks)
{
    unsigned runs, wrong = caught(RY_TIME_MARK_NEVER_STORED, RY_TIME_STUCK, &runs);
    ck_assert_uint_gt(wrong, runs / 2);
}
END_TEST

START_TEST(test_timer_before_mark_is_seen)
{
    unsigned runs, wrong = caught(RY_TIME_TIMER_BEFORE_MARK, RY_TIME_ENDED, &runs);
    ck_assert_uint_gt(wrong, runs / 2);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("time_sim");
    TCase *c = tcase_create("time_sim");
    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, test_every_schedule_gives_one_battle, 0, SCENARIOS);
    tcase_add_test(c, test_battles_are_rich);
    tcase_add_loop_test(c, test_stalled_host_is_given_up, 0, 8);
    tcase_add_loop_test(c, test_death_from_outside_is_flagged, 0, 4);
    tcase_add_test(c, test_room_by_acknowledgement_deadlocks);
    tcase_add_test(c, test_room_by_wake_deadlocks);
    tcase_add_test(c, test_mark_never_stored_deadlocks);
    tcase_add_test(c, test_timer_before_mark_is_seen);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
