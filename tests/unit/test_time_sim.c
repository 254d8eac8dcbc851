/*
 * Time, simulated: whole battles in one process under hundreds of random schedules. Every schedule must give the
 * same inputs, state and callbacks, and an oracle that knows neither rings nor hosts the same again. Broken
 * wirings must be caught by the very same checks.
 */
#include "tests/unit/test_time_oracle.h"

#define SCENARIOS 24
#define SCHEDULES 18 /* of each, besides the first */
#define STEPS_MAX 20000000
#define LOOK_EVERY 2048

enum ending { ENDED, STUCK, LOST, ENDLESS };

struct outcome {
    enum ending ending;
    uint64_t input_hash, output_hash, state_hash;
    uint64_t trace[WORLD_AGENTS];
    uint64_t callbacks;
};

/* ---- battles ---- */

static const int64_t latencies[] = {1000, 5000, 40000, 150000};

static void make_agents(struct scenario *scenario, uint64_t *random)
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

static struct ry_input random_event(unsigned i, int64_t time, uint64_t *random)
{
    struct ry_input event = rig_add((uint16_t)(rig_random(random) % WORLD_INSTRUMENTS), time, i + 1,
                                    rig_random(random) % 2 ? RY_BUY : RY_SELL, 0, 1 + (uint32_t)(rig_random(random) % 9));
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

static void make_feed(struct scenario *scenario, uint64_t *random)
{
    int64_t time = RIG_FROM;
    scenario->events = WORLD_EVENTS / 2 + (unsigned)(rig_random(random) % (WORLD_EVENTS / 2));
    for (unsigned i = 0; i < scenario->events; i++) {
        uint64_t gap = rig_random(random) % 8;
        if (i >= 100) /* the warm-up is one burst, longer than the market ring */
            time += gap < 4 ? (int64_t)(rig_random(random) % 3) : (int64_t)(rig_random(random) % 60000);
        scenario->event[i] = random_event(i, time, random);
    }
}

static struct scenario *make_scenario(unsigned seed)
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

static void free_scenario(struct scenario *scenario)
{
    free(scenario->battle);
    free(scenario);
}

/* ---- schedules ---- */

enum { UNIFORM, BURSTS, STARVED, FAVOURED, IN_TURN, FROZEN, EAGER_EXEC, LAZY_EXEC, SLEEPER, MODES };

struct schedule {
    uint64_t random;
    unsigned mode, actor, left;
    uint32_t frozen;
};

static unsigned next_actor(struct schedule *schedule)
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
    case STARVED: return any != schedule->actor || rig_random(random) % 300 == 0 ? any : (any + 1) % ACTORS;
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
        return schedule->left < 30 ? schedule->actor : any == schedule->actor ? (any + 1) % ACTORS : any;
    case LAZY_EXEC: return any == ACTOR_EXEC && rig_random(random) % 100 ? (unsigned)ACTOR_FEED : any;
    default: return any;
    }
}

static void look_at_end(struct world *world, struct outcome *outcome)
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
        ck_assert_uint_eq(exec->counters.not_reproducible, 0);
        ck_assert_uint_eq(exec->counters.machine.malformed, 0);
    }
}

/* Runs a battle to its end under one schedule. */
static struct world *run(const struct scenario *scenario, unsigned seed, enum sabotage sabotage, struct outcome *outcome)
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
    for (unsigned i = 0; i < WORLD_LOG; i++) /* the journal has read all, this actor perhaps not yet */
        step_journal(world);
    look_at_end(world, outcome);
    return world;
}

static bool same(const struct outcome *a, const struct outcome *b)
{
    return a->ending == b->ending && a->input_hash == b->input_hash && a->output_hash == b->output_hash &&
           a->state_hash == b->state_hash && memcmp(a->trace, b->trace, sizeof a->trace) == 0;
}

START_TEST(test_every_schedule_gives_one_battle)
{
    struct scenario *scenario = make_scenario((unsigned)_i);
    struct outcome first, other;
    struct oracle *oracle = calloc(1, sizeof *oracle);
    struct world *world = run(scenario, IN_TURN, SOUND, &first);
    ck_assert_int_eq(first.ending, ENDED);
    oracle_run(oracle, world);
    for (unsigned i = 0; i < scenario->battle->agents; i++)
        ck_assert_uint_eq(oracle->agent[i].toy.trace, first.trace[i]);
    world_close(world);
    for (unsigned n = 0; n < SCHEDULES; n++) {
        world = run(scenario, 100 * (unsigned)_i + n, SOUND, &other);
        ck_assert_msg(other.ending == ENDED, "schedule %u: ending %d", n, other.ending);
        ck_assert_msg(same(&first, &other), "schedule %u gives another battle", n);
        world_close(world);
    }
    free(oracle);
    free_scenario(scenario);
}
END_TEST

/* What the battles above go through; a simulation in which nothing happens shows nothing. */
START_TEST(test_battles_are_rich)
{
    struct ry_exec_counters sum = {0};
    struct ry_host_counters hosts = {0};
    struct outcome outcome;
    unsigned decided = 0, rounds = 0;
    for (unsigned seed = 0; seed < SCENARIOS; seed++) {
        struct scenario *scenario = make_scenario(seed);
        struct world *world = run(scenario, seed, SOUND, &outcome);
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
        world_close(world);
        free_scenario(scenario);
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

/* A host that answers no more, inside a callback or outside one: exec waits for it and for nobody else, gives it
 * up when told, and the others end the battle. */
START_TEST(test_stalled_host_is_given_up)
{
    struct scenario *scenario = make_scenario(1 + (unsigned)_i / 2);
    memset(scenario->crash_at, 0, sizeof scenario->crash_at);
    struct world *world = world_open(scenario, SOUND);
    struct actor_host *agent = &world->agent[0];
    uint64_t before = 0, stalls = 0;
    for (uint64_t n = 0; world->exec.phase != RY_EXEC_DONE; n++) {
        bool silent = agent->toy.callbacks >= 5 && agent->in_callback == (_i % 2 == 0);
        if (n % ACTORS != ACTOR_HOST || !silent)
            world_step(world, n % ACTORS);
        if (n % LOOK_EVERY != LOOK_EVERY - 1)
            continue;
        uint64_t now = world_fingerprint(world);
        if (now == before && stalls++ < 2) {
            ck_assert_int_eq(world->exec.waits_agent, 0);
            ry_exec_stalled(&world->exec, 0);
        }
        ck_assert_uint_lt(n, STEPS_MAX);
        before = now;
    }
    ck_assert_uint_ge(stalls, 1);
    ck_assert_uint_eq(world->exec.counters.agents_stalled, 1);
    ck_assert_uint_eq(world->exec.counters.not_reproducible, 1);
    for (unsigned i = 0; i < WORLD_LOG; i++)
        step_journal(world);
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
    world_close(world);
    free_scenario(scenario);
}
END_TEST

/* ---- broken on purpose: the checks above must see it ---- */

/* Of all schedules of all battles, how many end as they should not. */
static unsigned caught(enum sabotage sabotage, enum ending ending, unsigned *runs)
{
    unsigned wrong = 0;
    *runs = 0;
    for (unsigned seed = 0; seed < SCENARIOS; seed += 2) {
        struct scenario *scenario = make_scenario(seed);
        struct outcome sound, broken;
        world_close(run(scenario, IN_TURN, SOUND, &sound));
        for (unsigned n = 0; n < MODES; n++, ++*runs) {
            world_close(run(scenario, n, sabotage, &broken));
            wrong += ending == ENDED ? !same(&sound, &broken) : broken.ending == ending;
        }
        free_scenario(scenario);
    }
    return wrong;
}

START_TEST(test_room_by_acknowledgement_deadlocks)
{
    unsigned runs, wrong = caught(ROOM_BY_ACKNOWLEDGEMENT, STUCK, &runs);
    ck_assert_uint_gt(wrong, runs / 8); /* where somebody sleeps while the market goes on */
}
END_TEST

START_TEST(test_room_by_wake_deadlocks)
{
    unsigned runs, wrong = caught(ROOM_BY_WAKE, STUCK, &runs);
    ck_assert_uint_gt(wrong, runs / 8); /* where somebody sleeps while the market goes on */
}
END_TEST

START_TEST(test_mark_never_stored_deadlocks)
{
    unsigned runs, wrong = caught(MARK_NEVER_STORED, STUCK, &runs);
    ck_assert_uint_gt(wrong, runs / 2);
}
END_TEST

START_TEST(test_timer_before_mark_is_seen)
{
    unsigned runs, wrong = caught(TIMER_BEFORE_MARK, ENDED, &runs);
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
    tcase_add_test(c, test_room_by_acknowledgement_deadlocks);
    tcase_add_test(c, test_room_by_wake_deadlocks);
    tcase_add_test(c, test_mark_never_stored_deadlocks);
    tcase_add_test(c, test_timer_before_mark_is_seen);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
