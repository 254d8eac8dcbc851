/*
 * Random battles, random schedules, and one run of the one under the other: what the tests of time
 * share.
 */
#ifndef RY_TESTS_UNIT_TIME_TEST_TIME_BATTLE_H
#define RY_TESTS_UNIT_TIME_TEST_TIME_BATTLE_H

#include "tests/unit/time/test_time_world.h"

#define STEPS_MAX  20000000
#define LOOK_EVERY 2048

enum ending { ENDED, STUCK, LOST, ENDLESS };

struct outcome {
    enum ending ending;
    uint64_t input_hash, output_hash, state_hash;
    uint64_t trace[WORLD_AGENTS];
    uint64_t callbacks;
};

/* ---- battles --------------------------------------------------------------------------------- */

static const int64_t latencies[] = {1000, 5000, 40000, 150000};

static inline void make_agents(struct scenario *scenario, uint64_t *random)
{
    struct ry_battle *battle = scenario->battle;
    battle->agents = 2 + (uint32_t)rig_random(random) % (WORLD_AGENTS - 1);
    for (unsigned i = 0; i < battle->agents; i++) {
        struct ry_battle_agent *agent = &battle->agent[i];
        snprintf(agent->name, sizeof agent->name, "toy%u", i);
        agent->cash = INT64_C(1000000) * RY_MONEY_UNIT;
        agent->notional_max = agent->position_max = agent->loss_max = INT64_C(1) << 50;
        agent->quantity_max = 1000;
        agent->open_orders_max = 50;
        agent->rate_max = 1000000;
        agent->collar_ppm = 100000;
        agent->latency_ns = latencies[rig_random(random) % 4];
        agent->jitter_ns = rig_random(random) % 2 ? 0 : (int64_t)(rig_random(random) % 30000);
    }
    /* In a third of the battles one or two die, at any callback, the first one too. */
    if (battle->seed % 3 == 0)
        scenario->crash_at[0] = 1 + rig_random(random) % 60;
    if (battle->seed % 6 == 0)
        scenario->crash_at[1] = 1 + rig_random(random) % 20;
}

static inline struct ry_input random_event(unsigned i, int64_t time, uint64_t *random)
{
    struct ry_input event = rig_add((uint16_t)(rig_random(random) % WORLD_INSTRUMENTS), time, i + 1,
                                    rig_random(random) % 2 ? RY_BUY : RY_SELL, 0,
                                    1 + (uint32_t)(rig_random(random) % 9));
    int64_t away = (1 + (int64_t)(rig_random(random) % 4)) * TOY_TICK;
    event.price = TOY_PRICE + (event.side == RY_BUY ? -away : away);
    uint64_t kind = rig_random(random) % 10;
    if (i < 20 || kind < 4)
        return event;
    event.ref = 1 + rig_random(random) % i; /* of any instrument: unknown ones are no-ops */
    event.head.kind = kind < 7 ? RY_IN_EXEC : RY_IN_CANCEL;
    event.price = 0;
    event.side = 0;
    if (kind == 9) {
        event = rig_event(RY_IN_PRINT, event.head.instrument, time);
        event.price = TOY_PRICE;
        event.qty = 3;
    }
    return event;
}

static inline void make_feed(struct scenario *scenario, uint64_t *random)
{
    int64_t time = RIG_FROM;
    scenario->events = WORLD_EVENTS / 2 + (unsigned)(rig_random(random) % (WORLD_EVENTS / 2));
    for (unsigned i = 0; i < scenario->events; i++) {
        uint64_t gap = rig_random(random) % 8;
        if (i >= 100) /* the warm-up is one burst, longer than the market ring */
            time +=
                gap < 4 ? (int64_t)(rig_random(random) % 3) : (int64_t)(rig_random(random) % 60000);
        scenario->event[i] = random_event(i, time, random);
    }
}

static inline struct scenario *make_scenario(unsigned seed)
{
    uint64_t random = seed * 1000 + 1;
    struct scenario *scenario = calloc(1, sizeof *scenario);
    struct ry_battle *battle = scenario->battle = rig_battle(1, WORLD_INSTRUMENTS, RY_TIME_NEVER);
    battle->seed = seed;
    battle->trade_from = RIG_FROM + 100;
    battle->trade_to = rig_random(&random) % 2 ? RY_TIME_NEVER : RIG_FROM + 4000000;
    battle->fee_taker_ppm = 30;
    battle->haircut_ppm = 1000;
    battle->round_ns = rig_random(&random) % 2 ? 1000000 : 0;
    make_agents(scenario, &random);
    make_feed(scenario, &random);
    return scenario;
}

static inline void free_scenario(struct scenario *scenario)
{
    free(scenario->battle);
    free(scenario);
}

/* ---- schedules ------------------------------------------------------------------------------- */

enum { UNIFORM, BURSTS, STARVED, FAVOURED, IN_TURN, FROZEN, EAGER_EXEC, LAZY_EXEC, SLEEPER, MODES };

struct schedule {
    uint64_t random;
    unsigned mode, actor, left;
    uint32_t frozen;
};

static inline unsigned next_actor(struct schedule *schedule)
{
    uint64_t *random = &schedule->random;
    unsigned any = (unsigned)(rig_random(random) % ACTORS);
    switch (schedule->mode) {
    case BURSTS:
        if (schedule->left-- == 0) {
            schedule->left = (unsigned)(rig_random(random) % 1000);
            schedule->actor = any;
        }
        return schedule->actor;
    case STARVED:
        return any != schedule->actor || rig_random(random) % 300 == 0 ? any : (any + 1) % ACTORS;
    case FAVOURED: return rig_random(random) % 50 ? schedule->actor : any;
    case IN_TURN: return schedule->actor = (schedule->actor + 1) % ACTORS;
    case FROZEN:
        if (schedule->left-- == 0) {
            schedule->left = (unsigned)(rig_random(random) % 3000);
            schedule->frozen = (uint32_t)rig_random(random);
        }
        return schedule->frozen >> any & 1 ? (any + 3) % ACTORS : any;
    case EAGER_EXEC: return rig_random(random) % 4 ? (unsigned)ACTOR_EXEC : any;
    case SLEEPER: /* the others go on for as long as they can without it */
        schedule->left = (schedule->left + 1) % 4000;
        return schedule->left < 30      ? schedule->actor
               : any == schedule->actor ? (any + 1) % ACTORS
                                        : any;
    case LAZY_EXEC:
        return any == ACTOR_EXEC && rig_random(random) % 100 ? (unsigned)ACTOR_FEED : any;
    default: return any;
    }
}

static inline void look_at_end(struct world *world, struct outcome *outcome)
{
    const struct ry_exec *exec = &world->exec;
    outcome->input_hash = exec->counters.input_hash;
    outcome->output_hash = exec->counters.output_hash;
    outcome->state_hash = exec->counters.state_hash;
    for (unsigned i = 0; i < world->scenario->battle->agents; i++) {
        outcome->trace[i] = world->agent[i].toy.trace;
        outcome->callbacks += world->agent[i].toy.callbacks;
        if (world->agent[i].result == RY_HOST_LOST)
            outcome->ending = LOST;
    }
    if (outcome->ending == ENDED && world->sabotage == SOUND) {
        ck_assert(!exec->failed);
        ck_assert_uint_eq(exec->counters.commands_foreign, 0);
        ck_assert_uint_eq(exec->counters.timers_clamped, 0);
        ck_assert_uint_eq(exec->counters.not_reproducible,
                          world->scenario->how == RY_DIED_ITSELF ? 0 : exec->counters.agents_died);
        ck_assert_uint_eq(exec->counters.machine.malformed, 0);
    }
}

/* Runs a battle to its end under one schedule. */
static inline struct world *run(const struct scenario *scenario, unsigned seed,
                                enum sabotage sabotage, struct outcome *outcome)
{
    struct world *world = world_open(scenario, sabotage);
    struct schedule schedule = {.random = seed, .mode = seed % MODES};
    schedule.actor = (unsigned)(rig_random(&schedule.random) % ACTORS);
    uint64_t before = 0;
    *outcome = (struct outcome){.ending = ENDED};
    while (!world_over(world)) {
        world_step(world, next_actor(&schedule));
        if (world->steps % LOOK_EVERY != 0)
            continue;
        uint64_t now = world_fingerprint(world);
        if (now == before && world_stuck(world)) {
            outcome->ending = STUCK;
            return world;
        }
        before = now;
        if (world->steps > STEPS_MAX) {
            outcome->ending = ENDLESS;
            return world;
        }
    }
    for (unsigned i = 0; i < WORLD_LOG;
         i++) /* the journal has read all, this actor perhaps not yet */
        step_journal(world);
    look_at_end(world, outcome);
    return world;
}

static inline bool same(const struct outcome *a, const struct outcome *b)
{
    return a->ending == b->ending && a->input_hash == b->input_hash &&
           a->output_hash == b->output_hash && a->state_hash == b->state_hash &&
           memcmp(a->trace, b->trace, sizeof a->trace) == 0;
}

#endif
