/*
 * Names of orders: (instrument, reference) of recorded ones, (agent, ClOrdID) of agents'. A
 * reference is in here while it lives (BOOK-4).
 *
 * A table of cache lines of seven slots. References mostly come one after the other, and most die
 * young: so a name's home is the line that the low bits of its reference say, four neighbours to a
 * line: new names lie side by side, and where a young one is looked up the line is still near. The
 * three other slots are for those that have lived long. Recorded names share their homes; each
 * agent's begin at a line of its own. Where in its line a name stands does not matter: all slots
 * are compared at once, without a branch.
 *
 * A name whose home is full goes elsewhere: to the line that a seeded hash says, or the next one
 * with a free slot; so nobody can choose names that stand in each other's way. A line counts its
 * names that are elsewhere, and those that passed it looking for a free slot: where that is zero
 * nobody looks further. Nothing ever moves; no tombstones, nothing rots.
 *
 * An example, with 1,024 lines. References 5,000 to 5,003 have line 226. While they live, so do
 * 913, 914 and 915 of old times, at home there too: the line is full. 9,096 comes: it goes to line
 * 77, where its hash says, and line 226 says "1 away".
 */
#ifndef RY_CORE_ARENA_REFS_H
#define RY_CORE_ARENA_REFS_H

#include <emmintrin.h>

#include "core/arena/machine.h"

#define RY_ARENA_SPACE_AGENT 0x8000u /* + agent; below: an instrument */

_Static_assert(RY_INSTRUMENTS_MAX <= RY_ARENA_SPACE_AGENT,
               "instruments and agents need spaces of their own");

static inline uint32_t ry_arena_space_of(const struct ry_arena_order *order)
{
    return order->owner == RY_ARENA_OWNER_NONE ? order->instrument
                                               : RY_ARENA_SPACE_AGENT + order->owner;
}

static inline bool ry_arena_name_is(const struct ry_arena_order *order, uint64_t ref,
                                    uint32_t space)
{
    if (space < RY_ARENA_SPACE_AGENT)
        return order->ref == ref && order->instrument == space &&
               order->owner == RY_ARENA_OWNER_NONE;
    return order->ref == ref && RY_ARENA_SPACE_AGENT + order->owner == space;
}

/* The space of recorded names; here the compiler learns which they are. */
static inline uint32_t ry_arena_recorded_space(uint16_t instrument)
{
    if (instrument >= RY_ARENA_SPACE_AGENT)
        __builtin_unreachable();
    return instrument;
}

static inline struct ry_arena_line *ry_arena_lines(const struct ry_arena *a)
{
    return (struct ry_arena_line *)ry_arena_at(a, a->at.lines);
}

static inline struct ry_arena_line *ry_arena_home_at(const struct ry_arena *a, uint64_t ref,
                                                     uint32_t space)
{
    uint32_t from = space < RY_ARENA_SPACE_AGENT ? 0 : space * UINT32_C(0x9e3779b1);
    return &ry_arena_lines(a)[((uint32_t)(ref >> 2) + from) & a->at.line_mask];
}

/* Tells most names of a line apart. */
static inline uint32_t ry_arena_tag(uint64_t ref, uint32_t space)
{
    return (uint32_t)(ref ^ ref >> 32) + space * UINT32_C(0xc2b2ae35);
}

/* A bit for each of the seven words that is so. */
static inline unsigned ry_arena_line_bits(const uint32_t *word, uint32_t value)
{
    const __m128i *four = (const __m128i *)(const void *)word;
    const __m128i sought = _mm_set1_epi32((int)value);
    const __m128i low = _mm_cmpeq_epi32(_mm_load_si128(four), sought);
    const __m128i high = _mm_cmpeq_epi32(_mm_load_si128(four + 1), sought);
    return (unsigned)(_mm_movemask_ps(_mm_castsi128_ps(low)) |
                      _mm_movemask_ps(_mm_castsi128_ps(high)) << 4) &
           ((1u << RY_ARENA_LINE_SLOTS) - 1);
}

/* The slot of a name that stands in this line, NULL if it does not. */
static inline uint32_t *ry_arena_line_find(const struct ry_arena *a, struct ry_arena_line *line,
                                           uint64_t ref, uint32_t space)
{
    for (unsigned bits = ry_arena_line_bits(line->tag, ry_arena_tag(ref, space)); bits;
         bits &= bits - 1) {
        uint32_t *slot = &line->order[__builtin_ctz(bits)];
        const struct ry_arena_order *order = ry_arena_order_at(a, *slot);
        if (*slot && ry_arena_name_is(order, ref, space))
            return slot;
    }
    return NULL;
}

/* ---- elsewhere ------------------------------------------------------------------------------- */

uint32_t *ry_arena_away_find(const struct ry_arena *a, uint64_t ref, uint32_t space);
void ry_arena_away_insert(struct ry_arena *a, uint64_t ref, uint32_t space, uint32_t id);
void ry_arena_away_erase(struct ry_arena *a, uint64_t ref, uint32_t space, uint32_t id);

/* ---- a name ---------------------------------------------------------------------------------- */

/* Where a name stands, NULL if nowhere; good until the next name comes or goes. */
static inline uint32_t *ry_arena_ref_slot(const struct ry_arena *a, struct ry_arena_line *home,
                                          uint32_t space, uint64_t ref)
{
    uint32_t *slot = ry_arena_line_find(a, home, ref, space);
    return __builtin_expect(slot || !home->away, 1) ? slot : ry_arena_away_find(a, ref, space);
}

/* The order of that name, 0 if none. */
static inline uint32_t ry_arena_ref_find(const struct ry_arena *a, uint32_t space, uint64_t ref)
{
    const uint32_t *slot = ry_arena_ref_slot(a, ry_arena_home_at(a, ref, space), space, ref);
    return slot ? *slot : 0;
}

/* Gives an order its name, which must be free, where its home is known. */
static inline void ry_arena_ref_insert_at(struct ry_arena *a, struct ry_arena_line *home,
                                          uint64_t ref, uint32_t space, uint32_t id)
{
    const unsigned bits = ry_arena_line_bits(home->order, 0);
    if (__builtin_expect(!bits, 0)) {
        ry_arena_away_insert(a, ref, space, id);
        return;
    }
    home->tag[__builtin_ctz(bits)] = ry_arena_tag(ref, space);
    home->order[__builtin_ctz(bits)] = id;
}

/* Takes the name away that stands in this slot. */
static inline void ry_arena_ref_erase_at(struct ry_arena *a, struct ry_arena_line *home,
                                         uint32_t *slot, uint64_t ref, uint32_t space)
{
    if (__builtin_expect((uintptr_t)slot - (uintptr_t)home < sizeof *home, 1))
        *slot = 0;
    else
        ry_arena_away_erase(a, ref, space, *slot);
}

/* Takes the order's name away. */
static inline void ry_arena_ref_erase(struct ry_arena *a, uint64_t ref, uint32_t space, uint32_t id)
{
    struct ry_arena_line *home = ry_arena_home_at(a, ref, space);
    const unsigned bits = ry_arena_line_bits(home->order, id);
    if (__builtin_expect(!bits, 0)) {
        ry_arena_away_erase(a, ref, space, id);
        return;
    }
    home->order[__builtin_ctz(bits)] = 0;
}

#endif
