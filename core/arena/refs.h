/*
 * Names of orders: (instrument, reference) of recorded ones, (agent, ClOrdID) of agents', in one
 * table. A reference is in it while it lives (BOOK-4).
 *
 * Open addressing with linear probing. Four neighbouring references of one instrument have every
 * second slot of one cache line, so that the nearly sequential references of a day share lines
 * without standing in each other's way; blocks of four are scattered by a seeded hash. A deletion
 * moves later entries back: no tombstones, nothing rots. At most half full, since it has twice as
 * many slots as there can be orders.
 */
#ifndef RY_CORE_ARENA_REFS_H
#define RY_CORE_ARENA_REFS_H

#include "core/arena/machine.h"

#define RY_ARENA_REFS_BLOCK_BITS 2
#define RY_ARENA_REFS_LINE_MASK  7u      /* slots of a cache line */
#define RY_ARENA_SPACE_AGENT     0x8000u /* + agent; below: an instrument */

_Static_assert(RY_INSTRUMENTS_MAX <= RY_ARENA_SPACE_AGENT,
               "instruments and agents need spaces of their own");

static inline uint32_t ry_arena_ref_space(const struct ry_arena_order *order)
{
    return order->owner == RY_ARENA_OWNER_NONE ? order->instrument
                                               : RY_ARENA_SPACE_AGENT + order->owner;
}

static inline uint32_t ry_arena_ref_hash(const struct ry_arena *a, uint32_t space, uint64_t ref)
{
    uint64_t block = (ref >> RY_ARENA_REFS_BLOCK_BITS) ^ a->ref_seed[0];
    uint64_t room = (space + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15) ^ a->ref_seed[1];
    unsigned __int128 product = (unsigned __int128)block * room;
    uint64_t mixed = ((uint64_t)product ^ (uint64_t)(product >> 64)) * UINT64_C(0xd6e8feb86659fd93);
    uint32_t place = (uint32_t)(mixed >> 30);
    uint32_t in_block = (uint32_t)(ref + (mixed >> 62)) & ((1u << RY_ARENA_REFS_BLOCK_BITS) - 1u);
    return (place & ~RY_ARENA_REFS_LINE_MASK) | in_block << 1 | (place & 1);
}

static inline struct ry_arena_ref *ry_arena_refs(const struct ry_arena *a)
{
    return (struct ry_arena_ref *)ry_arena_at(a, a->at.refs);
}

/* The order of that name, 0 if none. */
static inline uint32_t ry_arena_ref_find_hashed(const struct ry_arena *a, uint32_t hash,
                                                uint32_t space, uint64_t ref)
{
    const struct ry_arena_ref *refs = ry_arena_refs(a);
    for (uint32_t i = hash & a->ref_mask; refs[i].order; i = (i + 1) & a->ref_mask) {
        if (refs[i].hash != hash)
            continue;
        const struct ry_arena_order *order = ry_arena_order_at(a, refs[i].order);
        if (order->ref == ref && ry_arena_ref_space(order) == space)
            return refs[i].order;
    }
    return 0;
}

static inline uint32_t ry_arena_ref_find(const struct ry_arena *a, uint32_t space, uint64_t ref)
{
    return ry_arena_ref_find_hashed(a, ry_arena_ref_hash(a, space, ref), space, ref);
}

/* Gives an order its name, which must be free and have this hash. */
static inline void ry_arena_ref_insert_hashed(struct ry_arena *a, uint32_t hash, uint32_t id)
{
    struct ry_arena_ref *refs = ry_arena_refs(a);
    uint32_t i = hash & a->ref_mask;
    while (refs[i].order)
        i = (i + 1) & a->ref_mask;
    refs[i].hash = hash;
    refs[i].order = id;
}

static inline void ry_arena_ref_insert(struct ry_arena *a, uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    ry_arena_ref_insert_hashed(a, ry_arena_ref_hash(a, ry_arena_ref_space(order), order->ref), id);
}

/* Takes the order's name away. */
void ry_arena_ref_erase(struct ry_arena *a, uint32_t id);

#endif
