#include "tests/time/scenario.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/support/exec_rig.h"

#define WARMUP 100 /* events; one burst, longer than the smallest link */

static const int64_t latencies[] = {1000, 5000, 40000, 150000, 1000, 1500000};

static void make_agents(struct ry_time_scenario *scenario, uint64_t *random)
{
    struct ry_battle *battle = scenario->battle;
    battle->agents = 2 + (uint32_t)rig_random(random) % (RY_TIME_AGENTS - 1);
    if (battle->seed % 3 == 0) /* some die below: two are to be left, or it is over */
        battle->agents = battle->seed % 6 == 0 ? 4 : 3;
    for (unsigned i = 0; i < battle->agents; i++) {
        struct ry_battle_agent *agent = &battle->agent[i];
        snprintf(agent->name, sizeof agent->name, "toy%u", i);
        agent->cash = INT64_C(1000000) * RY_MONEY_UNIT;
        agent->notional_max = agent->position_max = agent->loss_max = INT64_C(1) << 50;
        agent->quantity_max = 1000;
        agent->open_orders_max = 50;
        agent->rate_max = 1000000;
        agent->collar_ppm = 100000;
        agent->latency_ns = latencies[rig_random(random) % (sizeof latencies / sizeof *latencies)];
        agent->jitter_ns = rig_random(random) % 2 ? 0 : (int64_t)(rig_random(random) % 30000);
    }
    /* In a third of the battles one or two die, at any callback, the first one too. */
    if (battle->seed % 3 == 0)
        scenario->crash_at[0] = 1 + rig_random(random) % 60;
    if (battle->seed % 6 == 0)
        scenario->crash_at[1] = 1 + rig_random(random) % 20;
    if (battle->seed % 4 == 1 && battle->agents > 2) /* out as soon as it loses a little */
        battle->agent[battle->agents - 1].loss_max = 3 * RY_MONEY_UNIT;
    if (battle->seed % 5 == 2)
        scenario->pushy = 1u << (battle->seed % battle->agents);
}

static struct ry_input random_event(unsigned i, int64_t time, uint64_t *random)
{
    /* One after the other: arguments have no order of their own. */
    const uint32_t qty = 1 + (uint32_t)(rig_random(random) % 9);
    const enum ry_side side = rig_random(random) % 2 ? RY_BUY : RY_SELL;
    const uint16_t instrument = (uint16_t)(rig_random(random) % RY_TIME_INSTRUMENTS);
    struct ry_input event = rig_add(instrument, time, i + 1, side, 0, qty);
    int64_t away = (1 + (int64_t)(rig_random(random) % 4)) * RY_TIME_TOY_TICK;
    event.price = RY_TIME_TOY_PRICE + (event.side == RY_BUY ? -away : away);
    uint64_t kind = rig_random(random) % 20;
    if (i < 20 || kind < 8)
        return event;
    event.ref = 1 + rig_random(random) % i; /* of any instrument: unknown ones are no-ops */
    event.head.kind = kind < 14 ? RY_IN_EXEC : RY_IN_CANCEL;
    event.price = 0;
    event.side = 0;
    if (kind == 18) {
        event = rig_event(RY_IN_PRINT, event.head.instrument, time);
        event.price = RY_TIME_TOY_PRICE;
        event.qty = 3;
    }
    if (kind == 19) {
        event = rig_event(RY_IN_STATE, event.head.instrument, time);
        event.qty = rig_random(random) % 3 ? RY_STATE_TRADING : RY_STATE_HALTED;
    }
    return event;
}

/* The gap before an event. In every third battle bursts come at one T, longer than a link; in every
 * second, all T lie on the grid on which some timers and arrivals lie too. */
static int64_t random_gap(const struct ry_battle *battle, unsigned i, uint64_t *random)
{
    const uint64_t gap = rig_random(random) % 8;
    int64_t time =
        gap < 4 ? (int64_t)(rig_random(random) % 3) : (int64_t)(rig_random(random) % 60000);
    if (i < WARMUP || (battle->seed % 3 == 1 && i % 80 >= 20))
        return 0;
    if (battle->seed % 2 == 0)
        time = gap < 3 ? 0 : time % 40 * RY_TIME_TOY_GRID_NS;
    return time;
}

static void make_feed(struct ry_time_scenario *scenario, uint64_t *random)
{
    int64_t time = RIG_FROM;
    scenario->events = RY_TIME_EVENTS / 2 + (unsigned)(rig_random(random) % (RY_TIME_EVENTS / 2));
    for (unsigned i = 0; i < scenario->events; i++) {
        time += random_gap(scenario->battle, i, random);
        scenario->event[i] = random_event(i, time, random);
    }
}

struct ry_time_scenario *ry_time_scenario_create(unsigned seed)
{
    static const int64_t rounds[] = {0, 1000000, 1300000};
    static const uint64_t links[] = {16, 16, 64, 16, 1024}, streams[] = {32, 4096, 256};
    uint64_t random = seed * 1000 + 1;
    struct ry_time_scenario *scenario = calloc(1, sizeof *scenario);
    struct ry_battle *battle = scenario->battle = rig_battle(1, RY_TIME_INSTRUMENTS, RY_TIME_NEVER);
    battle->seed = seed;
    battle->trade_from = RIG_FROM + 1000;
    battle->trade_to = rig_random(&random) % 2 ? RY_TIME_NEVER : RIG_FROM + 4000000;
    battle->fee_taker_ppm = 30;
    battle->haircut_ppm = 1000;
    battle->round_ns = rounds[rig_random(&random) % 3];
    battle->commands_max = RY_TIME_COMMANDS_MAX;
    scenario->link_slots = links[seed % 5];
    scenario->stream_max = streams[rig_random(&random) % 3];
    scenario->sleepy = rig_random(&random) % 2;
    make_agents(scenario, &random);
    make_feed(scenario, &random);
    return scenario;
}

void ry_time_scenario_destroy(struct ry_time_scenario *scenario)
{
    free(scenario->battle);
    free(scenario);
}
