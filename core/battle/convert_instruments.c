#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/convert.h"

static int64_t power_of_ten(int64_t exponent)
{
    int64_t power = 1;
    for (; exponent > 0; exponent--)
        power *= 10;
    return power;
}

#define MONEY_DECIMALS 6 /* of RY_MONEY_UNIT */

static void convert_money(struct ry_battle_reader *reader, const char *where,
                          const struct ry_battle_node *place, int64_t scale, int64_t multiplier,
                          struct ry_battle_instrument *instrument)
{
    if (scale <= MONEY_DECIMALS) {
        instrument->money_per_unit = multiplier * power_of_ten(MONEY_DECIMALS - scale);
        return;
    }
    int64_t part = power_of_ten(scale - MONEY_DECIMALS);
    if (multiplier % part != 0) {
        char name[RY_BATTLE_ERROR_KEY_BYTES];
        snprintf(name, sizeof name, "%sprice_scale", where);
        ry_battle_values_error(
            reader, place, name,
            "10^-%" PRId64 " times multiplier %" PRId64 " is no whole number of millionths; "
            "allowed: price_scale to 6, or a multiplier that is a multiple of %" PRId64,
            scale, multiplier, part);
        return;
    }
    instrument->money_per_unit = multiplier / part;
}

static void convert_tick(struct ry_battle_reader *reader, const char *where,
                         const struct ry_battle_node *place, const struct ry_battle_value *tick,
                         int64_t scale, struct ry_battle_instrument *instrument)
{
    int64_t unit = power_of_ten(RY_BATTLE_DECIMAL_PLACES - scale);
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    snprintf(name, sizeof name, "%stick_size", where);
    if (tick->number % unit != 0) {
        ry_battle_values_error(reader, place, name,
                               "%s is no multiple of the price unit 10^-%" PRId64
                               "; allowed: such a multiple, or a "
                               "larger price_scale",
                               tick->text, scale);
    } else if (tick->number / unit > RY_PRICE_ABS_MAX) {
        ry_battle_values_error(reader, place, name,
                               "%s is beyond every price; allowed: up to %" PRId64 " price units",
                               tick->text, RY_PRICE_ABS_MAX);
    }
    instrument->tick_size = tick->number / unit;
}

static void find_feed(struct ry_battle_reader *reader, const char *where,
                      const struct ry_battle_value *value, const struct ry_battle *battle,
                      struct ry_battle_instrument *instrument)
{
    if (value->node == NULL || battle->feeds == 0)
        return;
    for (unsigned i = 0; i < battle->feeds; i++) {
        if (strcmp(battle->feed[i].name, value->text) == 0) {
            instrument->feed = (uint8_t)i;
            return;
        }
    }
    char name[RY_BATTLE_ERROR_KEY_BYTES];
    struct ry_battle_nearest nearest;
    snprintf(name, sizeof name, "%sfeed", where);
    ry_battle_nearest_begin(&nearest, value->text);
    for (unsigned i = 0; i < battle->feeds; i++)
        (void)ry_battle_nearest_offer(&nearest, battle->feed[i].name);
    ry_battle_values_error(reader, value->node, name,
                           "%s is no feed of this file%s; allowed: a name under feeds", value->text,
                           nearest.said);
}

static void convert_instrument(struct ry_battle_reader *reader, struct ry_battle_sections *sections,
                               const char *where, const struct ry_battle_node *mapping,
                               const struct ry_battle *battle,
                               struct ry_battle_instrument *instrument)
{
    ry_battle_values_read(reader, RY_BATTLE_SECTION_INSTRUMENT, where, mapping, sections->value);
    const struct ry_battle_value *value = sections->value;
    ry_battle_convert_text(instrument->symbol, sizeof instrument->symbol,
                           &value[RY_BATTLE_K_INSTRUMENT_SYMBOL]);
    find_feed(reader, where, &value[RY_BATTLE_K_INSTRUMENT_FEED], battle, instrument);
    const struct ry_battle_value *scale = &value[RY_BATTLE_K_INSTRUMENT_PRICE_SCALE];
    const struct ry_battle_value *tick = &value[RY_BATTLE_K_INSTRUMENT_TICK_SIZE];
    const struct ry_battle_value *multiplier = &value[RY_BATTLE_K_INSTRUMENT_MULTIPLIER];
    if (scale->wrong)
        return;
    instrument->price_scale = (uint8_t)scale->number;
    if (!multiplier->wrong) {
        convert_money(reader, where, scale->node != NULL ? scale->node : mapping, scale->number,
                      multiplier->number, instrument);
    }
    if (!tick->wrong) {
        convert_tick(reader, where, tick->node != NULL ? tick->node : mapping, tick, scale->number,
                     instrument);
    }
}

static int compare_symbols(const void *a, const void *b)
{
    const struct ry_battle_instrument *const *x = a, *const *y = b;
    int order = strcmp((*x)->symbol, (*y)->symbol);
    return order != 0 ? order : (*x > *y) - (*x < *y);
}

static void refuse_twins(struct ry_battle_reader *reader, const struct ry_battle_node *list,
                         const struct ry_battle *battle)
{
    const struct ry_battle_instrument **sorted = calloc(battle->instruments + 1u, sizeof sorted[0]);
    assert(sorted != NULL);
    for (unsigned i = 0; i < battle->instruments; i++)
        sorted[i] = &battle->instrument[i];
    qsort(sorted, battle->instruments, sizeof sorted[0], compare_symbols);
    for (unsigned i = 1; i < battle->instruments; i++) {
        if (sorted[i]->symbol[0] == '\0' || strcmp(sorted[i]->symbol, sorted[i - 1]->symbol) != 0)
            continue;
        long later = sorted[i] - battle->instrument;
        const struct ry_battle_node *item = ry_battle_node_at(&reader->tree, list->first);
        for (long n = 0; n < later; n++)
            item = ry_battle_node_at(&reader->tree, item->next);
        char name[64];
        snprintf(name, sizeof name, "market.instruments[%ld].symbol", later);
        ry_battle_values_error(reader, item, name,
                               "%s is the symbol of instruments[%ld] too; allowed: each once",
                               sorted[i]->symbol, (long)(sorted[i - 1] - battle->instrument));
    }
    free(sorted);
}

void ry_battle_convert_instruments(struct ry_battle_reader *reader,
                                   struct ry_battle_sections *sections, struct ry_battle *battle)
{
    const struct ry_battle_node *list = sections->value[RY_BATTLE_K_MARKET_INSTRUMENTS].node;
    if (list == NULL)
        return;
    const struct ry_battle_node *item = ry_battle_node_at(&reader->tree, list->first);
    for (unsigned i = 0; i < battle->instruments;
         i++, item = ry_battle_node_at(&reader->tree, item->next)) {
        char where[48];
        snprintf(where, sizeof where, "market.instruments[%u].", i);
        convert_instrument(reader, sections, where, item, battle, &battle->instrument[i]);
    }
    refuse_twins(reader, list, battle);
}
