#include "feeds/market/instruments.h"

#include <stdlib.h>
#include <string.h>

static uint32_t hash_of(const char *symbol, size_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)symbol[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static int64_t power_of_ten(unsigned exponent)
{
    int64_t value = 1;
    while (exponent-- > 0)
        value *= 10;
    return value;
}

static void insert(struct ry_normalise_instruments *instruments, unsigned id)
{
    const char *symbol = instruments->battle->instrument[id].symbol;
    uint32_t at = hash_of(symbol, strnlen(symbol, RY_SYMBOL_BYTES)) & instruments->mask;
    while (instruments->slot[at] != 0)
        at = (at + 1) & instruments->mask;
    instruments->slot[at] = (uint16_t)(id + 1);
    instruments->count++;
}

int ry_normalise_instruments_init(struct ry_normalise_instruments *instruments,
                                  const struct ry_battle *battle, unsigned feed,
                                  unsigned wire_decimals)
{
    uint32_t slots = 64;
    while (slots < 4u * battle->instruments)
        slots *= 2;
    *instruments = (struct ry_normalise_instruments){
        .battle = battle,
        .mask = slots - 1,
        .wire_decimals = wire_decimals,
        .slot = calloc(slots, sizeof *instruments->slot),
        .scale = calloc(battle->instruments + 1u, sizeof *instruments->scale),
    };
    if (instruments->slot == NULL || instruments->scale == NULL) {
        ry_normalise_instruments_free(instruments);
        return -1;
    }
    for (unsigned id = 0; id < battle->instruments; id++) {
        const unsigned scale = battle->instrument[id].price_scale;
        instruments->scale[id] = (struct ry_normalise_scale){
            .multiplier = scale > wire_decimals ? power_of_ten(scale - wire_decimals) : 1,
            .divisor = scale < wire_decimals ? power_of_ten(wire_decimals - scale) : 1,
        };
        if (battle->instrument[id].feed == feed)
            insert(instruments, id);
    }
    instruments->scale[battle->instruments] = (struct ry_normalise_scale){1, 1};
    return 0;
}

void ry_normalise_instruments_free(struct ry_normalise_instruments *instruments)
{
    free(instruments->slot);
    free(instruments->scale);
    instruments->slot = NULL;
    instruments->scale = NULL;
}

int ry_normalise_instruments_find(const struct ry_normalise_instruments *instruments,
                                  const char *symbol, size_t length)
{
    while (length > 0 && symbol[length - 1] == ' ')
        length--;
    if (length == 0 || length >= RY_SYMBOL_BYTES)
        return -1;
    for (uint32_t at = hash_of(symbol, length) & instruments->mask; instruments->slot[at] != 0;
         at = (at + 1) & instruments->mask) {
        const unsigned id = instruments->slot[at] - 1u;
        const char *known = instruments->battle->instrument[id].symbol;
        if (memcmp(known, symbol, length) == 0 && known[length] == '\0')
            return (int)id;
    }
    return -1;
}
