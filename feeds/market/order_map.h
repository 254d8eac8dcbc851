/*
 * The recorded orders that a stateful normaliser remembers: a hash table of fixed size.
 *
 * Made once, lazily backed; full is an answer, not an allocation. Entries move when others leave: a
 * pointer is good until the next insert, remove or clear.
 */
#ifndef RY_FEEDS_MARKET_ORDER_MAP_H
#define RY_FEEDS_MARKET_ORDER_MAP_H

#include "shm/base.h"

struct ry_normalise_order {
    uint64_t id;
    int64_t price;
    uint32_t rec;            /* what the events given to exec leave of it */
    uint32_t shown;          /* what the record displays: fills count only with their C or M */
    uint32_t next, previous; /* orders of the same instrument: slot + 1; 0: none */
    uint16_t occupant;       /* instrument + 1; 0: free */
    uint8_t side;
    uint8_t zero[5];
};
RY_SIZE(struct ry_normalise_order, 40);

struct ry_normalise_order_map {
    struct ry_normalise_order *slot;
    uint32_t *first; /* by instrument: one of its orders, slot + 1; 0: it has none */
    uint64_t mask;
    uint64_t count;
    uint64_t limit;
};

/* Room for `limit` orders (RY_ORDERS_MAX at most) of so many instruments. 0, or -1 without memory.
 */
int ry_normalise_order_map_init(struct ry_normalise_order_map *map, unsigned instruments,
                                uint64_t limit);
void ry_normalise_order_map_free(struct ry_normalise_order_map *map);

struct ry_normalise_order *ry_normalise_order_map_find(const struct ry_normalise_order_map *map,
                                                       uint16_t instrument, uint64_t id);
/* A fresh entry for an order that is not there; NULL when the limit is reached. */
struct ry_normalise_order *ry_normalise_order_map_insert(struct ry_normalise_order_map *map,
                                                         uint16_t instrument, uint64_t id);
void ry_normalise_order_map_remove(struct ry_normalise_order_map *map,
                                   struct ry_normalise_order *order);
/* Removes all of an instrument and looks at no other's; returns how many. */
uint64_t ry_normalise_order_map_clear(struct ry_normalise_order_map *map, uint16_t instrument);

#endif
