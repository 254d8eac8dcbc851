#include "tests/time/run.h"

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

void ry_time_look_at_end(struct ry_time_world *world, struct ry_time_outcome *outcome)
{
    const struct ry_exec *exec = &world->exec;
    outcome->input_hash = exec->counters.input_hash;
    outcome->output_hash = exec->counters.output_hash;
    outcome->state_hash = exec->counters.state_hash;
    for (unsigned i = 0; i < world->scenario->battle->agents; i++) {
        outcome->trace[i] = world->agent[i].toy.trace;
        outcome->callbacks += world->agent[i].toy.callbacks;
        if (world->agent[i].result == RY_HOST_LOST)
            outcome->ending = RY_TIME_LOST;
    }
    if (outcome->ending == RY_TIME_ENDED && world->sabotage == RY_TIME_SOUND) {
        ck_assert(!exec->failed);
        ck_assert_uint_eq(exec->counters.commands_foreign, 0);
        ck_assert_uint_eq(exec->counters.timers_clamped, 0);
        ck_assert_uint_eq(exec->counters.not_reproducible,
                          world->scenario->how == RY_DIED_ITSELF ? 0 : exec->counters.agents_died);
        ck_assert_uint_eq(exec->counters.machine.malformed, 0);
    }
}

struct ry_time_world *ry_time_run(const struct ry_time_scenario *scenario, unsigned seed,
                                  enum ry_time_sabotage sabotage, struct ry_time_outcome *outcome)
{
    struct ry_time_world *world = ry_time_world_open(scenario, sabotage);
    struct schedule schedule = {.random = seed, .mode = seed % RY_TIME_MODES};
    schedule.actor = (unsigned)(rig_random(&schedule.random) % RY_TIME_ACTORS);
    uint64_t before = 0;
    *outcome = (struct ry_time_outcome){.ending = RY_TIME_ENDED};
    while (!ry_time_world_over(world)) {
        ry_time_world_step(world, next_actor(&schedule));
        if (world->steps % RY_TIME_LOOK_EVERY != 0)
            continue;
        uint64_t now = ry_time_world_fingerprint(world);
        if (now == before && ry_time_world_stuck(world)) {
            outcome->ending = RY_TIME_STUCK;
            return world;
        }
        before = now;
        if (world->steps > RY_TIME_STEPS_MAX) {
            outcome->ending = RY_TIME_ENDLESS;
            return world;
        }
    }
    for (unsigned i = 0; i < RY_TIME_LOG;
         i++) /* the journal has read all, this actor perhaps not yet */
        ry_time_step_journal(world);
    ry_time_look_at_end(world, outcome);
    return world;
}

bool ry_time_same(const struct ry_time_outcome *a, const struct ry_time_outcome *b)
{
    return a->ending == b->ending && a->input_hash == b->input_hash &&
           a->output_hash == b->output_hash && a->state_hash == b->state_hash &&
           memcmp(a->trace, b->trace, sizeof a->trace) == 0;
}
