#include "tests/time/scenario.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/support/exec_rig.h"
#include "tests/time/toy.h"

static const int64_t latencies[] = {1000, 5000, 40000, 150000};

static void make_agents(struct ry_time_scenario *scenario, uint64_t *random)
{
    struct ry_battle *battle = scenario->battle;
    battle->agents = 2 + (uint32_t)rig_random(random) % (RY_TIME_AGENTS - 1);
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
    struct ry_input event = rig_add((uint16_t)(rig_random(random) % RY_TIME_INSTRUMENTS), time,
                                    i + 1, rig_random(random) % 2 ? RY_BUY : RY_SELL, 0,
                                    1 + (uint32_t)(rig_random(random) % 9));
    int64_t away = (1 + (int64_t)(rig_random(random) % 4)) * RY_TIME_TOY_TICK;
    event.price = RY_TIME_TOY_PRICE + (event.side == RY_BUY ? -away : away);
    uint64_t kind = rig_random(random) % 10;
    if (i < 20 || kind < 4)
        return event;
    event.ref = 1 + rig_random(random) % i; /* of any instrument: unknown ones are no-ops */
    event.head.kind = kind < 7 ? RY_IN_EXEC : RY_IN_CANCEL;
    event.price = 0;
    event.side = 0;
    if (kind == 9) {
        event = rig_event(RY_IN_PRINT, event.head.instrument, time);
        event.price = RY_TIME_TOY_PRICE;
        event.qty = 3;
    }
    return event;
}

static void make_feed(struct ry_time_scenario *scenario, uint64_t *random)
{
    int64_t time = RIG_FROM;
    scenario->events = RY_TIME_EVENTS / 2 + (unsigned)(rig_random(random) % (RY_TIME_EVENTS / 2));
    for (unsigned i = 0; i < scenario->events; i++) {
        uint64_t gap = rig_random(random) % 8;
        if (i >= 100) /* the warm-up is one burst, longer than the market ring */
            time +=
                gap < 4 ? (int64_t)(rig_random(random) % 3) : (int64_t)(rig_random(random) % 60000);
        scenario->event[i] = random_event(i, time, random);
    }
}

struct ry_time_scenario *ry_time_scenario_create(unsigned seed)
{
    uint64_t random = seed * 1000 + 1;
    struct ry_time_scenario *scenario = calloc(1, sizeof *scenario);
    struct ry_battle *battle = scenario->battle = rig_battle(1, RY_TIME_INSTRUMENTS, RY_TIME_NEVER);
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

void ry_time_scenario_destroy(struct ry_time_scenario *scenario)
{
    free(scenario->battle);
    free(scenario);
}
