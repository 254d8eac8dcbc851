#include "core/exec/configure.h"

#include <assert.h>
#include <string.h>

unsigned ry_exec_configured(const struct ry_battle *battle)
{
    return 1u + battle->instruments;
}

static void make_battle(const struct ry_battle *battle, struct ry_input_battle *record)
{
    record->head.kind = RY_IN_BATTLE;
    record->head.source = RY_SOURCE_CONTROL;
    record->seed = battle->seed;
    record->warmup_from = battle->warmup_from;
    record->trade_from = battle->trade_from;
    record->trade_to = battle->trade_to;
    record->orders_max = battle->orders_max;
    record->instruments = battle->instruments;
    record->market = battle->market;
    memcpy(record->name, battle->name, strnlen(battle->name, sizeof record->name - 1));
}

static void make_instrument(const struct ry_battle *battle, uint16_t id, struct ry_input_instrument *record)
{
    const struct ry_battle_instrument *instrument = &battle->instrument[id];
    record->head.kind = RY_IN_INSTRUMENT;
    record->head.instrument = id;
    record->head.source = (uint16_t)(RY_SOURCE_FEED + instrument->feed);
    memcpy(record->symbol, instrument->symbol, strnlen(instrument->symbol, sizeof record->symbol - 1));
    memcpy(record->currency, battle->currency, strnlen(battle->currency, sizeof record->currency - 1));
    record->price_scale = instrument->price_scale;
    record->tick_size = instrument->tick_size;
    record->money_per_unit = instrument->money_per_unit;
}

void ry_exec_configure(const struct ry_battle *battle, unsigned i, union ry_input_any *record)
{
    assert(i < ry_exec_configured(battle));
    memset(record, 0, sizeof *record);
    record->head.slots = 2;
    record->head.time = battle->warmup_from;
    if (i == 0)
        make_battle(battle, &record->battle);
    else
        make_instrument(battle, (uint16_t)(i - 1), &record->instrument);
}
