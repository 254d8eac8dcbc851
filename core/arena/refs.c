/* The table of names whose line is full. */
#include "core/arena/refs.h"

uint32_t ry_arena_behind_hash(const struct ry_arena *a, uint64_t ref, uint32_t space)
{
    uint64_t room = (space + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15) ^ a->ref_seed[1];
    unsigned __int128 product = (unsigned __int128)(ref ^ a->ref_seed[0]) * room;
    uint64_t mixed = ((uint64_t)product ^ (uint64_t)(product >> 64)) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(mixed >> 32);
}

static uint32_t hash_of(const struct ry_arena *a, uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    return ry_arena_behind_hash(a, order->ref, ry_arena_ref_space(order));
}

uint32_t ry_arena_behind_find(const struct ry_arena *a, uint64_t ref, uint32_t space)
{
    const struct ry_arena_ref *refs = ry_arena_refs(a);
    uint32_t hash = ry_arena_behind_hash(a, ref, space);
    for (uint32_t i = hash & a->ref_mask; refs[i].order; i = (i + 1) & a->ref_mask)
        if (refs[i].hash == hash && ry_arena_ref_is(a, refs[i].order, ref, space))
            return refs[i].order;
    return 0;
}

void ry_arena_behind_insert(struct ry_arena *a, uint32_t id)
{
    struct ry_arena_ref *refs = ry_arena_refs(a);
    uint32_t hash = hash_of(a, id);
    uint32_t i = hash & a->ref_mask;
    while (refs[i].order)
        i = (i + 1) & a->ref_mask;
    refs[i].hash = hash;
    refs[i].order = id;
    a->behind++;
}

void ry_arena_behind_erase(struct ry_arena *a, uint32_t id)
{
    struct ry_arena_ref *refs = ry_arena_refs(a);
    uint32_t mask = a->ref_mask;
    uint32_t hole = hash_of(a, id) & mask;
    while (refs[hole].order != id) {
        assert(refs[hole].order);
        hole = (hole + 1) & mask;
    }
    for (uint32_t i = (hole + 1) & mask; refs[i].order; i = (i + 1) & mask) {
        /* An entry may move back to the hole if that is not before its own place. */
        uint32_t from_place = (i - refs[i].hash) & mask;
        uint32_t from_hole = (i - hole) & mask;
        if (from_place >= from_hole) {
            refs[hole] = refs[i];
            hole = i;
        }
    }
    refs[hole].hash = 0;
    refs[hole].order = 0;
    a->behind--;
}
