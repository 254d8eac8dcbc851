/*
 * Why the sequence stands still: whoever does not go on is named in exec's wait, each wait is
 * counted once however often exec looks, and it is over when something moves.
 */
#include "tests/unit/time/test_time_battle.h"

#define LOOKS 50

/* Everybody but one goes on, in turn, for as long as anything happens. */
static void all_but(struct world *world, unsigned silent)
{
    uint64_t before = 0, now = 1;
    while (now != before) {
        before = now;
        for (unsigned round = 0; round < 10; round++)
            for (unsigned actor = 0; actor < ACTORS; actor++)
                if (actor != silent)
                    world_step(world, actor);
        now = world_fingerprint(world);
    }
}

static void ck_waits(struct world *world, enum ry_exec_wait_why why, unsigned who)
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
static void ck_goes_on(struct world *world, unsigned silent)
{
    const struct ry_exec_wait wait = world->exec.wait;
    for (unsigned i = 0; i < LOOKS; i++) {
        world_step(world, silent);
        world_step(world, ACTOR_EXEC);
    }
    ck_assert(!ry_exec_wait_equal(&world->exec.wait, &wait));
}

static struct world *open_peaceful(struct scenario **scenario)
{
    *scenario = make_scenario(1);
    memset((*scenario)->crash_at, 0, sizeof(*scenario)->crash_at);
    return world_open(*scenario, SOUND);
}

static void close_both(struct world *world, struct scenario *scenario)
{
    world_close(world);
    free_scenario(scenario);
}

START_TEST(test_for_a_feed)
{
    struct scenario *scenario;
    struct world *world = open_peaceful(&scenario);
    all_but(world, ACTOR_FEED);
    ck_waits(world, RY_EXEC_WAIT_FEED, 0);
    ck_assert(!ry_exec_wait_for_agent(&world->exec.wait));
    ck_goes_on(world, ACTOR_FEED);
    close_both(world, scenario);
}
END_TEST

START_TEST(test_for_the_journal)
{
    struct scenario *scenario;
    struct world *world = open_peaceful(&scenario);
    all_but(world, ACTOR_JOURNAL);
    ck_waits(world, RY_EXEC_WAIT_JOURNAL, 0);
    ck_assert_uint_eq(world->exec.counters.input_waits, 1);
    ck_assert(!ry_exec_wait_for_agent(&world->exec.wait));
    ck_goes_on(world, ACTOR_JOURNAL);
    close_both(world, scenario);
}
END_TEST

/* The warm-up is longer than the market ring, and host 1 reads nothing of it. */
START_TEST(test_for_room)
{
    struct scenario *scenario;
    struct world *world = open_peaceful(&scenario);
    all_but(world, ACTOR_HOST + 1);
    ck_waits(world, RY_EXEC_WAIT_ROOM, 1);
    ck_assert_uint_eq(world->exec.counters.room_waits, 1);
    ck_assert(ry_exec_wait_for_agent(&world->exec.wait));
    ck_goes_on(world, ACTOR_HOST + 1);
    close_both(world, scenario);
}
END_TEST

/* Host 1 is silent from START on, whose acknowledgement all wait for. */
START_TEST(test_for_an_answer)
{
    struct scenario *scenario;
    struct world *world = open_peaceful(&scenario);
    while (!world->exec.horizon.wakes.started)
        for (unsigned actor = 0; actor < ACTORS; actor++)
            if (actor != ACTOR_HOST + 1 || !world->exec.horizon.wakes.started)
                world_step(world, actor);
    all_but(world, ACTOR_HOST + 1);
    ck_waits(world, RY_EXEC_WAIT_ANSWER, 1);
    ck_assert(ry_exec_wait_for_agent(&world->exec.wait));
    ck_assert_uint_le(world->exec.counters.agent_waits, scenario->battle->agents);
    ck_goes_on(world, ACTOR_HOST + 1);
    close_both(world, scenario);
}
END_TEST

/* As if agent 1 had as many reports to acknowledge as exec remembers. */
START_TEST(test_for_acknowledgements)
{
    struct scenario *scenario;
    struct world *world = open_peaceful(&scenario);
    world->exec.horizon.wakes.runs_full = 2;
    all_but(world, ACTORS);
    ck_waits(world, RY_EXEC_WAIT_WAKES, 1);
    ck_assert(ry_exec_wait_for_agent(&world->exec.wait));
    world->exec.horizon.wakes.runs_full = 0;
    ck_goes_on(world, ACTOR_FEED);
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
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
