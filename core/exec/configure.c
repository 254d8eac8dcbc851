#include "core/exec/configure.h"

#include <assert.h>
#include <string.h>

unsigned ry_exec_configured(const struct ry_battle *battle)
{
    return 1u + battle->instruments + battle->agents;
}

static void make_battle(const struct ry_battle *battle, struct ry_input_battle *record)
{
    record->head.kind = RY_IN_BATTLE;
    record->head.slots = 3;
    record->head.source = RY_SOURCE_CONTROL;
    record->seed = battle->seed;
    record->warmup_from = battle->warmup_from;
    record->trade_from = battle->trade_from;
    record->trade_to = battle->trade_to;
    record->orders_max = battle->orders_max;
    record->instruments = battle->instruments;
    record->agents = (uint16_t)battle->agents;
    record->fee_maker_ppm = battle->fee_maker_ppm;
    record->fee_taker_ppm = battle->fee_taker_ppm;
    record->round_ns = battle->round_ns;
    record->min_fills = battle->min_fills;
    record->haircut_ppm = battle->haircut_ppm;
    record->haircut_ticks = battle->haircut_ticks;
    record->market = battle->market;
    memcpy(record->name, battle->name, strnlen(battle->name, sizeof record->name - 1));
}

static void make_instrument(const struct ry_battle *battle, uint16_t id,
                            struct ry_input_instrument *record)
{
    const struct ry_battle_instrument *instrument = &battle->instrument[id];
    record->head.kind = RY_IN_INSTRUMENT;
    record->head.slots = 3;
    record->head.instrument = id;
    record->head.source = (uint16_t)(RY_SOURCE_FEED + instrument->feed);
    memcpy(record->symbol, instrument->symbol,
           strnlen(instrument->symbol, sizeof record->symbol - 1));
    memcpy(record->currency, battle->currency,
           strnlen(battle->currency, sizeof record->currency - 1));
    record->price_scale = instrument->price_scale;
    record->tick_size = instrument->tick_size;
    record->money_per_unit = instrument->money_per_unit;
}

static void make_agent(const struct ry_battle *battle, uint16_t id, struct ry_input_agent *record)
{
    const struct ry_battle_agent *agent = &battle->agent[id];
    record->head.kind = RY_IN_AGENT;
    record->head.slots = 2;
    record->head.source = (uint16_t)(RY_SOURCE_AGENT + id);
    memcpy(record->name, agent->name, strnlen(agent->name, sizeof record->name - 1));
    record->cash = agent->cash;
    record->notional_max = agent->notional_max;
    record->position_max = agent->position_max;
    record->quantity_max = agent->quantity_max;
    record->open_orders_max = agent->open_orders_max;
    record->rate_max = agent->rate_max;
    record->collar_ppm = agent->collar_ppm;
    record->collar_ticks = agent->collar_ticks;
    record->loss_max = agent->loss_max;
}

void ry_exec_configure(const struct ry_battle *battle, unsigned i, union ry_input_any *record)
{
    assert(i < ry_exec_configured(battle));
    memset(record, 0, sizeof *record);
    record->head.time = battle->warmup_from;
    if (i == 0)
        make_battle(battle, &record->battle);
    else if (i <= battle->instruments)
        make_instrument(battle, (uint16_t)(i - 1), &record->instrument);
    else
        make_agent(battle, (uint16_t)(i - 1 - battle->instruments), &record->agent);
}
