/*
 * Why the sequence stands still: whoever does not go on is named in exec's wait, each wait is
 * counted once however often exec looks, and it is over when something moves that it waits for.
 */
#include "tests/support/test.h"
#include "tests/time/run.h"

#define LOOKS 50

/* Everybody but one goes on, in turn, for as long as anything happens. */
static void all_but(struct ry_time_world *world, unsigned silent)
{
    uint64_t before = 0, now = 1;
    while (now != before) {
        before = now;
        for (unsigned round = 0; round < 10; round++)
            for (unsigned actor = 0; actor < RY_TIME_ACTORS; actor++)
                if (actor != silent)
                    ry_time_world_step(world, actor);
        now = ry_time_world_fingerprint(world);
    }
}

static void ck_waits(struct ry_time_world *world, enum ry_exec_wait_why why, unsigned who)
{
    const struct ry_exec_counters before = world->exec.counters;
    const struct ry_exec_wait wait = world->exec.wait;
    ck_assert_int_eq(wait.why, why);
    ck_assert_uint_eq(wait.who, who);
    for (unsigned i = 0; i < LOOKS; i++) {
        ck_assert_uint_eq(ry_exec_step(&world->exec), 0);
        ck_assert(ry_exec_wait_equal(&world->exec.wait, &wait));
    }
    ck_assert_uint_eq(world->exec.counters.input_waits, before.input_waits);
    ck_assert_uint_eq(world->exec.counters.agent_waits, before.agent_waits);
    ck_assert_uint_eq(world->exec.counters.room_waits, before.room_waits);
}

/* The one that was silent goes on: it is another wait, or none. */
static void ck_goes_on(struct ry_time_world *world, unsigned silent)
{
    const struct ry_exec_wait wait = world->exec.wait;
    for (unsigned i = 0; i < LOOKS; i++) {
        ry_time_world_step(world, silent);
        ry_time_world_step(world, RY_TIME_ACTOR_EXEC);
    }
    ck_assert(!ry_exec_wait_equal(&world->exec.wait, &wait));
}

static struct ry_time_world *open_peaceful(struct ry_time_scenario **scenario)
{
    *scenario = ry_time_scenario_create(1);
    memset((*scenario)->crash_at, 0, sizeof(*scenario)->crash_at);
    return ry_time_world_open(*scenario, RY_TIME_SOUND);
}

static void close_both(struct ry_time_world *world, struct ry_time_scenario *scenario)
{
    ry_time_world_close(world);
    ry_time_scenario_destroy(scenario);
}

START_TEST(test_for_a_feed)
{
    struct ry_time_scenario *scenario;
    struct ry_time_world *world = open_peaceful(&scenario);
    all_but(world, RY_TIME_ACTOR_FEED);
    ck_waits(world, RY_EXEC_WAIT_FEED, 0);
    ck_assert(!ry_exec_wait_for_agent(&world->exec.wait));
    ck_goes_on(world, RY_TIME_ACTOR_FEED);
    close_both(world, scenario);
}
END_TEST

START_TEST(test_for_the_journal)
{
    struct ry_time_scenario *scenario;
    struct ry_time_world *world = open_peaceful(&scenario);
    all_but(world, RY_TIME_ACTOR_JOURNAL);
    ck_waits(world, RY_EXEC_WAIT_JOURNAL, 0);
    ck_assert_uint_eq(world->exec.counters.input_waits, 1);
    ck_assert(!ry_exec_wait_for_agent(&world->exec.wait));
    ck_goes_on(world, RY_TIME_ACTOR_JOURNAL);
    close_both(world, scenario);
}
END_TEST

/* The warm-up is longer than the market ring, and host 1 reads nothing of it. */
START_TEST(test_for_room)
{
    struct ry_time_scenario *scenario;
    struct ry_time_world *world = open_peaceful(&scenario);
    all_but(world, RY_TIME_ACTOR_HOST + 1);
    ck_waits(world, RY_EXEC_WAIT_ROOM, 1);
    ck_assert_uint_eq(world->exec.counters.room_waits, 1);
    ck_assert(ry_exec_wait_for_agent(&world->exec.wait));
    ck_goes_on(world, RY_TIME_ACTOR_HOST + 1);
    close_both(world, scenario);
}
END_TEST

/* Host 1 is silent from START on, whose acknowledgement all wait for. */
START_TEST(test_for_an_answer)
{
    struct ry_time_scenario *scenario;
    struct ry_time_world *world = open_peaceful(&scenario);
    while (!world->exec.horizon.wakes.started)
        for (unsigned actor = 0; actor < RY_TIME_ACTORS; actor++)
            if (actor != RY_TIME_ACTOR_HOST + 1 || !world->exec.horizon.wakes.started)
                ry_time_world_step(world, actor);
    all_but(world, RY_TIME_ACTOR_HOST + 1);
    ck_waits(world, RY_EXEC_WAIT_ANSWER, 1);
    ck_assert(ry_exec_wait_for_agent(&world->exec.wait));
    ck_assert_uint_le(world->exec.counters.agent_waits, scenario->battle->agents);
    ck_goes_on(world, RY_TIME_ACTOR_HOST + 1);
    close_both(world, scenario);
}
END_TEST

/* As if agent 1 had as many reports to acknowledge as exec remembers. */
START_TEST(test_for_acknowledgements)
{
    struct ry_time_scenario *scenario;
    struct ry_time_world *world = open_peaceful(&scenario);
    world->exec.horizon.wakes.runs_full = 2;
    all_but(world, RY_TIME_ACTORS);
    ck_waits(world, RY_EXEC_WAIT_WAKES, 1);
    ck_assert(ry_exec_wait_for_agent(&world->exec.wait));
    world->exec.horizon.wakes.runs_full = 0;
    ck_goes_on(world, RY_TIME_ACTOR_FEED);
    close_both(world, scenario);
}
END_TEST

/* A slow agent is no silent one: what it acknowledges is progress, though no input comes of it. */
START_TEST(test_an_answer_is_progress)
{
    struct ry_time_scenario *scenario = ry_time_scenario_create(1 + (unsigned)_i);
    struct ry_time_world *world = ry_time_world_open(scenario, RY_TIME_SOUND);
    const struct ry_exec *exec = &world->exec;
    unsigned acknowledged = 0;
    for (unsigned n = 0; !ry_time_world_over(world); n++) {
        const struct ry_exec_wait wait = exec->wait;
        const uint64_t inputs = exec->counters.machine.inputs;
        const struct ry_exec_merge_source before = exec->agent[1].source;
        ry_time_world_step(world, n % RY_TIME_ACTORS);
        if (n % RY_TIME_ACTORS != RY_TIME_ACTOR_EXEC || exec->phase != RY_EXEC_RUNNING ||
            ry_exec_key_equal(&exec->agent[1].source.key, &before.key))
            continue;
        ck_assert(!ry_exec_wait_equal(&exec->wait, &wait) || wait.why != RY_EXEC_WAIT_ANSWER ||
                  wait.who != 1);
        acknowledged += exec->counters.machine.inputs == inputs && !before.ready;
    }
    ck_assert_uint_gt(acknowledged, 5);
    close_both(world, scenario);
}
END_TEST

/* As no host of the house would: one timer fires after the other, and no mark is waited for. */
static void ck_stays(struct ry_time_world *world, unsigned talker)
{
    struct ry_exec_horizon_agent *own = &world->exec.horizon.agent[talker];
    const struct ry_exec_wait wait = world->exec.wait;
    own->timer = world->exec.horizon.present + RY_NS_PER_SECOND;
    for (unsigned i = 0; i < LOOKS; i++) {
        const int64_t timer = own->timer;
        const struct ry_command ack = {.kind = RY_CM_ACK,
                                       .slots = 1,
                                       .wake = RY_WAKE_TIMER,
                                       .number = (uint64_t)timer,
                                       .timer = timer + RY_TIMER_NS_MIN};
        ry_ring_write(&world->agent[talker].host.parts.commands, &ack, 1);
        (void)ry_exec_step(&world->exec);
        ck_assert_int_eq(own->timer, timer + RY_TIMER_NS_MIN);
        ck_assert(ry_exec_wait_equal(&world->exec.wait, &wait));
    }
}

/* An agent besides 1 of which no record is read ahead, so that exec reads on; -1: there is none. */
static int talker_of(const struct ry_time_world *world)
{
    for (unsigned i = 0; i < world->scenario->battle->agents; i++)
        if (i != 1 && world->exec.agent[i].state == RY_EXEC_AGENT_LIVE &&
            !world->exec.agent[i].source.ready)
            return (int)i;
    return -1;
}

/* Another may say what it likes: agent 1 is the one that is silent. */
START_TEST(test_nobody_speaks_for_another)
{
    static const unsigned seeds[] = {1, 5, 6, 9}; /* in which there is a talker */
    struct ry_time_scenario *scenario = ry_time_scenario_create(seeds[_i]);
    memset(scenario->crash_at, 0, sizeof scenario->crash_at);
    struct ry_time_world *world = ry_time_world_open(scenario, RY_TIME_SOUND);
    while (!world->exec.horizon.wakes.started)
        for (unsigned actor = 0; actor < RY_TIME_ACTORS; actor++)
            ry_time_world_step(world, actor);
    all_but(world, RY_TIME_ACTOR_HOST + 1);
    ck_assert_int_eq(world->exec.wait.why, RY_EXEC_WAIT_ANSWER);
    const int talker = talker_of(world);
    ck_assert_int_ge(talker, 0);
    ck_stays(world, (unsigned)talker);
    close_both(world, scenario);
}
END_TEST

/* Agent 1 says much and reads nothing. */
START_TEST(test_words_make_no_room)
{
    struct ry_time_scenario *scenario;
    struct ry_time_world *world = open_peaceful(&scenario);
    all_but(world, RY_TIME_ACTOR_HOST + 1);
    ck_assert_int_eq(world->exec.wait.why, RY_EXEC_WAIT_ROOM);
    ck_stays(world, 1);
    close_both(world, scenario);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("time_wait");
    TCase *c = tcase_create("time_wait");
    tcase_add_test(c, test_for_a_feed);
    tcase_add_test(c, test_for_the_journal);
    tcase_add_test(c, test_for_room);
    tcase_add_test(c, test_for_an_answer);
    tcase_add_test(c, test_for_acknowledgements);
    tcase_add_loop_test(c, test_an_answer_is_progress, 0, 3);
    tcase_add_loop_test(c, test_nobody_speaks_for_another, 0, 4);
    tcase_add_test(c, test_words_make_no_room);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
