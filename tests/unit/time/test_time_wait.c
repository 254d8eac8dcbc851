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
    ck_assert_uint_eq(world->exec.counters.stream_waits, before.stream_waits);
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

/* A battle in which nobody dies or goes out, and in which everybody is waited for. */
static struct ry_time_scenario *peaceful(unsigned seed)
{
    struct ry_time_scenario *scenario = ry_time_scenario_create(seed);
    memset(scenario->crash_at, 0, sizeof scenario->crash_at);
    scenario->battle->round_ns = 0;
    for (unsigned i = 0; i < scenario->battle->agents; i++) {
        scenario->battle->agent[i].loss_max = INT64_C(1) << 50;
        scenario->battle->agent[i].latency_ns = 20000;
    }
    return scenario;
}

static struct ry_time_world *open_peaceful(struct ry_time_scenario **scenario)
{
    *scenario = peaceful(1);
    return ry_time_world_open(*scenario);
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

/* START's book is longer than the link, and host 1 reads nothing of it. */
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

/* Until host 1 is called for the `callback`th time; it has not answered yet. */
static void until_called(struct ry_time_world *world, uint64_t callback)
{
    const struct ry_time_host *agent = &world->agent[1];
    for (unsigned n = 0; !agent->in_callback || agent->wake.number < callback; n++) {
        ck_assert_uint_lt(n, RY_TIME_STEPS_MAX);
        ry_time_world_step(world, n % RY_TIME_ACTORS);
    }
}

/* Host 1 is silent from START on, whose acknowledgement all wait for, and later. */
START_TEST(test_for_an_answer)
{
    struct ry_time_scenario *scenario;
    struct ry_time_world *world = open_peaceful(&scenario);
    until_called(world, (uint64_t)_i);
    const uint64_t before = world->exec.counters.agent_waits;
    all_but(world, RY_TIME_ACTOR_HOST + 1);
    ck_waits(world, RY_EXEC_WAIT_ANSWER, 1);
    ck_assert(ry_exec_wait_for_agent(&world->exec.wait));
    if (_i == 1) /* each has to answer START, and is waited for at most once */
        ck_assert_uint_le(world->exec.counters.agent_waits, before + scenario->battle->agents);
    ck_goes_on(world, RY_TIME_ACTOR_HOST + 1);
    close_both(world, scenario);
}
END_TEST

/* Host 1 is silent in a callback, what it says comes late, and little can be held back until then.
 */
START_TEST(test_for_the_stream)
{
    struct ry_time_scenario *scenario = peaceful(1);
    scenario->battle->agent[1].latency_ns = RY_NS_PER_SECOND;
    scenario->stream_max = 16;
    struct ry_time_world *world = ry_time_world_open(scenario);
    until_called(world, 2);
    all_but(world, RY_TIME_ACTOR_HOST + 1);
    ck_waits(world, RY_EXEC_WAIT_STREAM, 1);
    ck_assert_uint_eq(world->exec.counters.stream_waits, 1);
    ck_assert(ry_exec_wait_for_agent(&world->exec.wait));
    ck_goes_on(world, RY_TIME_ACTOR_HOST + 1);
    close_both(world, scenario);
}
END_TEST

/* A slow agent is no silent one: what it acknowledges is progress, though no input comes of it. */
START_TEST(test_an_answer_is_progress)
{
    struct ry_time_scenario *scenario = peaceful(1 + (unsigned)_i);
    struct ry_time_world *world = ry_time_world_open(scenario);
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

/* As no host of the house would: it acknowledges whatever comes to mind. */
static void ck_stays(struct ry_time_world *world, unsigned talker)
{
    const struct ry_exec_agent_link *link = &world->exec.told.link[talker];
    const struct ry_exec_wait wait = world->exec.wait;
    for (unsigned i = 0; i < LOOKS; i++) {
        const uint64_t refused = world->exec.counters.commands_foreign;
        const struct ry_command ack = {.kind = RY_CM_ACK,
                                       .slots = 1,
                                       .wake = link->acked + i % 4 * (i % 4 > 1),
                                       .timer = world->exec.horizon.present + i};
        ry_ring_write(&world->agent[talker].host.parts.commands, &ack, 1);
        (void)ry_exec_step(&world->exec);
        ck_assert_uint_eq(world->exec.counters.commands_foreign, refused + 1);
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
    struct ry_time_scenario *scenario = peaceful(seeds[_i]);
    for (unsigned i = 0; i < scenario->battle->agents; i++)
        if (i != 1) { /* what others say has arrived when agent 1 is waited for */
            scenario->battle->agent[i].latency_ns = RY_LATENCY_NS_MIN;
            scenario->battle->agent[i].jitter_ns = 0;
        }
    struct ry_time_world *world = ry_time_world_open(scenario);
    until_called(world, 2);
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
    tcase_set_timeout(c, 120);
    tcase_add_test(c, test_for_a_feed);
    tcase_add_test(c, test_for_the_journal);
    tcase_add_test(c, test_for_room);
    tcase_add_loop_test(c, test_for_an_answer, 1, 4);
    tcase_add_test(c, test_for_the_stream);
    tcase_add_loop_test(c, test_an_answer_is_progress, 0, 3);
    tcase_add_loop_test(c, test_nobody_speaks_for_another, 0, 4);
    tcase_add_test(c, test_words_make_no_room);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
