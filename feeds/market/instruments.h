/*
 * The instruments of one feed: from the names on the wire to the battle's ids, and what takes wire
 * prices to theirs (feeds/market/price.h). Made once from the battle; a battle lists all feeds'
 * instruments, only this feed's are found.
 */
#ifndef RY_FEEDS_MARKET_INSTRUMENTS_H
#define RY_FEEDS_MARKET_INSTRUMENTS_H

#include "core/battle/battle.h"

struct ry_normalise_scale {
    int64_t multiplier; /* one of the two is 1 */
    int64_t divisor;
};

struct ry_normalise_instruments {
    const struct ry_battle *battle;
    struct ry_normalise_scale
        *scale;     /* by id; behind the last, for what is no instrument: 1 and 1 */
    uint16_t *slot; /* hash table of id + 1; 0: empty */
    uint32_t mask;
    unsigned count;         /* instruments of this feed */
    unsigned wire_decimals; /* what the format's prices imply */
};

/* 0, or -1 without memory. */
int ry_normalise_instruments_init(struct ry_normalise_instruments *instruments,
                                  const struct ry_battle *battle, unsigned feed,
                                  unsigned wire_decimals);
void ry_normalise_instruments_free(struct ry_normalise_instruments *instruments);

/* The id, or -1. Trailing spaces are no part of a symbol. */
int ry_normalise_instruments_find(const struct ry_normalise_instruments *instruments,
                                  const char *symbol, size_t length);

#endif
