/*
 * Names of orders: (instrument, reference) of recorded ones, (agent, ClOrdID) of agents'. A
 * reference is in here while it lives (BOOK-4).
 *
 * References mostly come one after the other, and most die young. So names lie in the order of
 * their references, in lines of sixteen entries: eight references in a row belong to a line, each
 * to an entry of its own; the other eight entries are for those who find theirs taken by one that
 * lives long. New names share a line, and where a young one is looked up it is still near. Recorded
 * names share one part of the front, each agent has a part of its own.
 *
 * An entry says five bits of its name, so that hardly any order is looked at in vain. A name whose
 * line is full goes to the table behind: open addressing with linear probing by a seeded hash, so
 * that nobody can choose names that stand in each other's way; a deletion moves later entries back:
 * no tombstones, nothing rots.
 *
 * An example, with a front of 1,024 entries: 64 lines, 512 references. Reference 5,000 belongs to
 * line 5,000 / 8 mod 64 = 49, there to entry 0; 5,001 to entry 2. While 5,000 lives, 5,512 comes,
 * for which entry 0 of line 49 is taken: it gets the first that is free.
 */
#ifndef RY_CORE_ARENA_REFS_H
#define RY_CORE_ARENA_REFS_H

#include <emmintrin.h>

#include "core/arena/machine.h"

#define RY_ARENA_SPACE_AGENT 0x8000u /* + agent; below: an instrument */
#define RY_ARENA_NAMES_LINE  16u     /* entries: a cache line */
#define RY_ARENA_NAME_BITS   27u     /* of an entry: the order's id; above it the tag. 0: free */
#define RY_ARENA_NAME_ORDER  ((UINT32_C(1) << RY_ARENA_NAME_BITS) - 1)

_Static_assert(RY_INSTRUMENTS_MAX <= RY_ARENA_SPACE_AGENT,
               "instruments and agents need spaces of their own");
_Static_assert(RY_ORDERS_MAX <= RY_ARENA_NAME_ORDER, "an entry must hold every order's id");

/* ---- a name ---------------------------------------------------------------------------------- */

static inline uint32_t ry_arena_ref_space(const struct ry_arena_order *order)
{
    return order->owner == RY_ARENA_OWNER_NONE ? order->instrument
                                               : RY_ARENA_SPACE_AGENT + order->owner;
}

static inline bool ry_arena_ref_is(const struct ry_arena *a, uint32_t id, uint64_t ref,
                                   uint32_t space)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    return order->ref == ref && ry_arena_ref_space(order) == space;
}

static inline uint32_t ry_arena_ref_tag(uint64_t ref, uint32_t space)
{
    return (uint32_t)((ref + space) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - 5));
}

/* The entry that a name has if it is free. Each second one is nobody's. */
static inline uint32_t *ry_arena_ref_entry(const struct ry_arena *a, uint64_t ref, uint32_t space)
{
    uint32_t *front = ry_arena_at(a, a->at.front);
    uint64_t at = 2 * ref;
    if (space < RY_ARENA_SPACE_AGENT)
        return &front[at & a->at.front_mask];
    front += a->at.front_mask + 1;
    front += (space - RY_ARENA_SPACE_AGENT) * (a->at.front_agent_mask + 1);
    return &front[at & a->at.front_agent_mask];
}

static inline uint32_t *ry_arena_ref_line(uint32_t *entry)
{
    return (uint32_t *)((uintptr_t)entry & ~(uintptr_t)(RY_ARENA_NAMES_LINE * sizeof *entry - 1));
}

/* ---- a line: a bit for each entry ------------------------------------------------------------ */

static inline unsigned ry_arena_names_bits(__m128i a, __m128i b, __m128i c, __m128i d)
{
    return (unsigned)_mm_movemask_epi8(
        _mm_packs_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d)));
}

static inline unsigned ry_arena_names_tagged(const uint32_t *line, uint32_t tag)
{
    const __m128i *v = (const __m128i *)(const void *)line;
    const __m128i t = _mm_set1_epi32((int)tag);
    const int n = RY_ARENA_NAME_BITS;
    return ry_arena_names_bits(
        _mm_cmpeq_epi32(_mm_srli_epi32(v[0], n), t), _mm_cmpeq_epi32(_mm_srli_epi32(v[1], n), t),
        _mm_cmpeq_epi32(_mm_srli_epi32(v[2], n), t), _mm_cmpeq_epi32(_mm_srli_epi32(v[3], n), t));
}

static inline unsigned ry_arena_names_equal(const uint32_t *line, uint32_t entry)
{
    const __m128i *v = (const __m128i *)(const void *)line;
    const __m128i e = _mm_set1_epi32((int)entry);
    return ry_arena_names_bits(_mm_cmpeq_epi32(v[0], e), _mm_cmpeq_epi32(v[1], e),
                               _mm_cmpeq_epi32(v[2], e), _mm_cmpeq_epi32(v[3], e));
}

/* ---- the table behind ------------------------------------------------------------------------ */

/* Where a name would be put first. */
uint32_t ry_arena_behind_hash(const struct ry_arena *a, uint64_t ref, uint32_t space);
uint32_t ry_arena_behind_find(const struct ry_arena *a, uint64_t ref, uint32_t space);
void ry_arena_behind_insert(struct ry_arena *a, uint32_t id);
void ry_arena_behind_erase(struct ry_arena *a, uint32_t id);

static inline struct ry_arena_ref *ry_arena_refs(const struct ry_arena *a)
{
    return (struct ry_arena_ref *)ry_arena_at(a, a->at.refs);
}

/* ---- all together ---------------------------------------------------------------------------- */

/* The order of that name, 0 if none. */
static inline uint32_t ry_arena_ref_find(const struct ry_arena *a, uint32_t space, uint64_t ref)
{
    const uint32_t tag = ry_arena_ref_tag(ref, space);
    uint32_t *entry = ry_arena_ref_entry(a, ref, space);
    uint32_t id = *entry & RY_ARENA_NAME_ORDER;
    if (id && *entry >> RY_ARENA_NAME_BITS == tag && ry_arena_ref_is(a, id, ref, space))
        return id;
    const uint32_t *line = ry_arena_ref_line(entry);
    for (unsigned at = ry_arena_names_tagged(line, tag); at; at &= at - 1) {
        id = line[__builtin_ctz(at)] & RY_ARENA_NAME_ORDER;
        if (id && ry_arena_ref_is(a, id, ref, space))
            return id;
    }
    return a->behind ? ry_arena_behind_find(a, ref, space) : 0;
}

/* Gives an order its name, which must be free. */
static inline void ry_arena_ref_insert(struct ry_arena *a, uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    const uint32_t space = ry_arena_ref_space(order);
    uint32_t *entry = ry_arena_ref_entry(a, order->ref, space);
    if (*entry) {
        uint32_t *line = ry_arena_ref_line(entry);
        const unsigned free = ry_arena_names_equal(line, 0);
        if (!free) {
            ry_arena_behind_insert(a, id);
            return;
        }
        entry = &line[__builtin_ctz(free)];
    }
    *entry = id | ry_arena_ref_tag(order->ref, space) << RY_ARENA_NAME_BITS;
}

/* Takes the order's name away. */
static inline void ry_arena_ref_erase(struct ry_arena *a, uint32_t id)
{
    const struct ry_arena_order *order = ry_arena_order_at(a, id);
    const uint32_t space = ry_arena_ref_space(order);
    const uint32_t named = id | ry_arena_ref_tag(order->ref, space) << RY_ARENA_NAME_BITS;
    uint32_t *entry = ry_arena_ref_entry(a, order->ref, space);
    if (*entry != named) {
        uint32_t *line = ry_arena_ref_line(entry);
        const unsigned at = ry_arena_names_equal(line, named);
        if (!at) {
            ry_arena_behind_erase(a, id);
            return;
        }
        entry = &line[__builtin_ctz(at)];
    }
    *entry = 0;
}

#endif
