#include "tests/time/run.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/exec_rig.h"

struct schedule {
    uint64_t random;
    unsigned mode, actor, left;
    uint32_t frozen;
};

static unsigned next_actor(struct schedule *schedule)
{
    uint64_t *random = &schedule->random;
    unsigned any = (unsigned)(rig_random(random) % RY_TIME_ACTORS);
    switch (schedule->mode) {
    case RY_TIME_BURSTS:
        if (schedule->left-- == 0) {
            schedule->left = (unsigned)(rig_random(random) % 1000);
            schedule->actor = any;
        }
        return schedule->actor;
    case RY_TIME_STARVED:
        return any != schedule->actor || rig_random(random) % 300 == 0 ? any
                                                                       : (any + 1) % RY_TIME_ACTORS;
    case RY_TIME_FAVOURED: return rig_random(random) % 50 ? schedule->actor : any;
    case RY_TIME_IN_TURN: return schedule->actor = (schedule->actor + 1) % RY_TIME_ACTORS;
    case RY_TIME_FROZEN:
        if (schedule->left-- == 0) {
            schedule->left = (unsigned)(rig_random(random) % 3000);
            schedule->frozen = (uint32_t)rig_random(random);
        }
        return schedule->frozen >> any & 1 ? (any + 3) % RY_TIME_ACTORS : any;
    case RY_TIME_EAGER_EXEC: return rig_random(random) % 4 ? (unsigned)RY_TIME_ACTOR_EXEC : any;
    case RY_TIME_SLEEPER: /* the others go on for as long as they can without it */
        schedule->left = (schedule->left + 1) % 4000;
        return schedule->left < 30      ? schedule->actor
               : any == schedule->actor ? (any + 1) % RY_TIME_ACTORS
                                        : any;
    case RY_TIME_LAZY_EXEC:
        return any == RY_TIME_ACTOR_EXEC && rig_random(random) % 100 ? (unsigned)RY_TIME_ACTOR_FEED
                                                                     : any;
    default: return any;
    }
}

static const char *const endings[] = {
    [RY_TIME_ENDED] = "it ended",
    [RY_TIME_STUCK] = "nobody can go on",
    [RY_TIME_LOST] = "a host is lost",
    [RY_TIME_ENDLESS] = "it goes on for ever",
    [RY_TIME_BROKEN] = "",
};

static void explain(const struct ry_time_world *world, struct ry_time_outcome *outcome)
{
    const struct ry_exec_wait *wait = &world->exec.wait;
    snprintf(
        outcome->why, sizeof outcome->why, "%s%s (step %llu, %llu inputs, exec waits for %u of %u)",
        endings[outcome->ending], world->onlooker.broken, (unsigned long long)world->steps,
        (unsigned long long)world->exec.counters.machine.inputs, (unsigned)wait->why, wait->who);
}

void ry_time_look_at_end(struct ry_time_world *world, struct ry_time_outcome *outcome)
{
    const struct ry_exec *exec = &world->exec;
    outcome->input_hash = exec->counters.input_hash;
    outcome->output_hash = exec->counters.output_hash;
    outcome->state_hash = exec->counters.state_hash;
    for (unsigned i = 0; i < world->scenario->battle->agents; i++)
        if (world->agent[i].result == RY_HOST_LOST)
            outcome->ending = RY_TIME_LOST;
    if (world->onlooker.broken[0] != '\0')
        outcome->ending = RY_TIME_BROKEN;
    if (outcome->ending == RY_TIME_ENDED) {
        ck_assert(!exec->failed);
        if (world->scenario->pushy == 0)
            ck_assert_uint_eq(exec->counters.commands_foreign, 0);
        ck_assert_uint_eq(exec->counters.timers_clamped, 0);
        ck_assert_uint_le(exec->counters.not_reproducible, world->killed);
        ck_assert_uint_eq(exec->counters.machine.malformed, 0);
    }
    explain(world, outcome);
}

/* Goes on to the end, or to where there is none. */
static enum ry_time_ending run_world(struct ry_time_world *world, struct schedule *schedule)
{
    uint64_t before = 0;
    while (!ry_time_world_over(world)) {
        ry_time_world_step(world, next_actor(schedule));
        if (world->onlooker.broken[0] != '\0')
            return RY_TIME_BROKEN;
        if (world->steps % RY_TIME_LOOK_EVERY != 0)
            continue;
        uint64_t now = ry_time_world_fingerprint(world);
        if (now == before && ry_time_world_stuck(world))
            return RY_TIME_STUCK;
        before = now;
        if (world->steps > RY_TIME_STEPS_MAX)
            return RY_TIME_ENDLESS;
    }
    return RY_TIME_ENDED;
}

void ry_time_go_on(struct ry_time_world *world, unsigned seed, struct ry_time_outcome *outcome)
{
    struct schedule schedule = {.random = seed, .mode = seed % RY_TIME_MODES};
    schedule.actor = (unsigned)(rig_random(&schedule.random) % RY_TIME_ACTORS);
    *outcome = (struct ry_time_outcome){.ending = run_world(world, &schedule)};
    if (outcome->ending != RY_TIME_ENDED) {
        explain(world, outcome);
        return;
    }
    for (unsigned i = 0; i < RY_TIME_LOG;
         i++) /* the journal has read all, this actor perhaps not yet */
        ry_time_step_journal(world);
    ry_time_look_at_end(world, outcome);
}

struct ry_time_world *ry_time_run(const struct ry_time_scenario *scenario, unsigned seed,
                                  struct ry_time_outcome *outcome)
{
    struct ry_time_world *world = ry_time_world_open(scenario);
    ry_time_go_on(world, seed, outcome);
    return world;
}

bool ry_time_same(const struct ry_time_outcome *a, const struct ry_time_outcome *b)
{
    return a->ending == b->ending && a->input_hash == b->input_hash &&
           a->output_hash == b->output_hash && a->state_hash == b->state_hash;
}

const char *ry_time_judge(const struct ry_time_world *world, struct ry_time_oracle *oracle)
{
    uint64_t refused = 0;
    if (oracle->wrong[0] != '\0')
        return oracle->wrong;
    for (unsigned i = 0; i < world->scenario->battle->agents; i++) {
        const char *wrong = ry_time_oracle_judge(oracle, i, &world->agent[i].toy);
        if (wrong != NULL)
            return wrong;
        refused += oracle->agent[i].refused;
    }
    /* What is said too late to be heard nobody counts. */
    return world->exec.counters.commands_foreign <= refused ? NULL : "commands refused in vain";
}
