/*
 * Time with real threads: the battles of the simulation, exec, hosts, feed and journal each in a
 * thread of its own. Every run must give what the simulation gives. Also what `make tsan` looks at.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "tests/support/test.h"
#include "tests/time/run.h"

#define THREADS_SCENARIOS 24
#define THREADS_RUNS      16

struct crew {
    struct ry_time_world *world;
    ry_atomic_u32 over;    /* exec is done: the others need not go on */
    ry_atomic_u32 crashed; /* bits of hosts, told by their threads */
};

struct member {
    struct crew *crew;
    unsigned actor;
};

static void *run_exec(void *argument)
{
    struct crew *crew = ((struct member *)argument)->crew;
    struct ry_time_world *world = crew->world;
    while (world->exec.phase != RY_EXEC_DONE)
        if (ry_exec_step(&world->exec) == 0)
            sched_yield();
    ry_store_release(&crew->over, 1); /* R7: pairs with A7 in tests/unit/time/test_time_threads.c */
    return NULL;
}

static void *run_others(void *argument)
{
    const struct member *member = argument;
    struct ry_time_world *world = member->crew->world;
    /* A7: pairs with R7 in tests/unit/time/test_time_threads.c */
    while (ry_load_acquire(&member->crew->over) == 0) {
        ry_time_step_feed(world);
        ry_time_step_journal(world);
        for (uint32_t crashed = ry_load_relaxed(&member->crew->crashed); crashed != 0;
             crashed &= crashed - 1)
            ry_time_bury(world, (unsigned)__builtin_ctz(crashed), RY_DIED_ITSELF);
        sched_yield();
    }
    return NULL;
}

static void *run_host(void *argument)
{
    const struct member *member = argument;
    struct ry_time_world *world = member->crew->world;
    struct ry_time_host *agent = &world->agent[member->actor];
    while (!agent->over && !agent->crashed) {
        ry_time_step_host(world, agent);
        if (agent->result == RY_HOST_NONE || agent->result == RY_HOST_BLOCKED)
            sched_yield();
    }
    if (agent->crashed)
        ry_fetch_add_relaxed(&member->crew->crashed, UINT32_C(1) << member->actor);
    return NULL;
}

static struct ry_time_world *run_threads(const struct ry_time_scenario *scenario,
                                         struct ry_time_outcome *outcome)
{
    struct crew crew = {.world = ry_time_world_open(scenario)};
    struct member member[RY_TIME_AGENTS + 2];
    pthread_t thread[RY_TIME_AGENTS + 2];
    const unsigned agents = scenario->battle->agents, count = agents + 2;
    for (unsigned i = 0; i < count; i++) {
        void *(*run_it)(void *) = i < agents ? run_host : i == agents ? run_exec : run_others;
        member[i] = (struct member){.crew = &crew, .actor = i};
        ck_assert_int_eq(pthread_create(&thread[i], NULL, run_it, &member[i]), 0);
    }
    for (unsigned i = 0; i < count; i++)
        ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
    *outcome = (struct ry_time_outcome){.ending = RY_TIME_ENDED};
    ry_time_look_at_end(crew.world, outcome);
    return crew.world;
}

START_TEST(test_threads_give_the_same_battle)
{
    struct ry_time_scenario *scenario = ry_time_scenario_create((unsigned)_i);
    struct ry_time_oracle *oracle = calloc(1, sizeof *oracle);
    struct ry_time_outcome simulated, threaded;
    struct ry_time_world *world = ry_time_run(scenario, RY_TIME_IN_TURN, &simulated);
    ry_time_oracle_run(oracle, scenario, world->read, world->count);
    ry_time_world_close(world);
    for (unsigned n = 0; n < THREADS_RUNS; n++) {
        world = run_threads(scenario, &threaded);
        ck_assert_msg(ry_time_same(&simulated, &threaded), "run %u gives another battle: %s", n,
                      threaded.why);
        const char *wrong = ry_time_judge(world, oracle);
        ck_assert_msg(wrong == NULL, "run %u: %s", n, wrong);
        ry_time_world_close(world);
    }
    free(oracle);
    ry_time_scenario_destroy(scenario);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("time_threads");
    TCase *c = tcase_create("time_threads");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_threads_give_the_same_battle, 0, THREADS_SCENARIOS);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
