#include "core/arena/refs.h"

/* The line where a name begins to look for a slot if its home is full. */
static uint32_t away(const struct ry_arena *a, uint64_t ref, uint32_t space)
{
    uint64_t room = (space + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15) ^ a->ref_seed[1];
    unsigned __int128 product = (unsigned __int128)(ref ^ a->ref_seed[0]) * room;
    uint64_t mixed = ((uint64_t)product ^ (uint64_t)(product >> 64)) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(mixed >> 32) & a->at.line_mask;
}

uint32_t *ry_arena_away_find(const struct ry_arena *a, uint64_t ref, uint32_t space)
{
    struct ry_arena_line *lines = ry_arena_lines(a);
    for (uint32_t i = away(a, ref, space);; i = (i + 1) & a->at.line_mask) {
        uint32_t *slot = ry_arena_line_find(a, &lines[i], ref, space);
        if (slot || !lines[i].passed)
            return slot;
    }
}

void ry_arena_away_insert(struct ry_arena *a, uint64_t ref, uint32_t space, uint32_t id)
{
    struct ry_arena_line *lines = ry_arena_lines(a);
    uint32_t i = away(a, ref, space);
    unsigned bits;
    /* There is a free slot: there are more than there can be orders. */
    while (!(bits = ry_arena_line_bits(lines[i].order, 0))) {
        lines[i].passed++;
        i = (i + 1) & a->at.line_mask;
    }
    lines[i].tag[__builtin_ctz(bits)] = ry_arena_tag(ref, space);
    lines[i].order[__builtin_ctz(bits)] = id;
    ry_arena_home_at(a, ref, space)->away++;
}

void ry_arena_away_erase(struct ry_arena *a, uint64_t ref, uint32_t space, uint32_t id)
{
    struct ry_arena_line *lines = ry_arena_lines(a);
    uint32_t i = away(a, ref, space);
    unsigned bits;
    while (!(bits = ry_arena_line_bits(lines[i].order, id))) {
        assert(lines[i].passed);
        lines[i].passed--;
        i = (i + 1) & a->at.line_mask;
    }
    lines[i].order[__builtin_ctz(bits)] = 0;
    struct ry_arena_line *home = ry_arena_home_at(a, ref, space);
    assert(home->away);
    home->away--;
}
