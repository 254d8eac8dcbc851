#include "core/arena/refs.h"

void ry_arena_ref_erase(struct ry_arena *a, uint32_t id)
{
    struct ry_arena_ref *refs = ry_arena_refs(a);
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    uint32_t mask = a->ref_mask;
    uint32_t hole = ry_arena_ref_hash(a, ry_arena_ref_space(order), order->ref) & mask;
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
}
