/*
 * Price levels of one side of one instrument, in book order (BOOK-1).
 *
 * A level on the tick grid and within the side's window of RY_ARENA_WINDOW_TICKS is found by index,
 * every other one in a tree; there is never a level in the tree that the window could hold. The
 * window moves to where most new levels are (each new level on the grid votes, inside against,
 * outside for moving), and only after so many votes that they have paid for the move: nobody can
 * make each add cost one.
 */
#ifndef RY_CORE_ARENA_LEVELS_H
#define RY_CORE_ARENA_LEVELS_H

#include "core/arena/machine.h"
#include "core/arena/tree.h"

/* The place of a key in the side's window; false if only the tree can hold it. The quotient is
 * taken by multiplication: exact where the key is on the grid, and where it is not, no quotient
 * passes the test. */
static inline bool ry_arena_window_place(const struct ry_arena_book *book, int32_t key,
                                         uint32_t *slot)
{
    uint64_t tick = (uint64_t)book->tick;
    uint64_t distance = (uint64_t)(key - (int64_t)book->base * book->tick);
    if (distance > UINT32_MAX)
        return false;
    uint64_t ticks = distance * book->inverse >> book->shift;
    if (ticks >= RY_ARENA_WINDOW_TICKS || ticks * tick != distance)
        return false;
    *slot = ((uint32_t)book->base + (uint32_t)ticks) & RY_ARENA_WINDOW_MASK;
    return true;
}

/* The level at a key, 0 if none. */
static inline uint32_t ry_arena_level_find(const struct ry_arena *a,
                                           const struct ry_arena_book *book, int32_t key)
{
    uint32_t slot;
    if (ry_arena_window_place(book, key, &slot))
        return ry_arena_window_of(a, book)->slot[slot];
    return ry_arena_tree_find(a, book->root, key);
}

void ry_arena_book_init(struct ry_arena_book *book, uint16_t instrument, enum ry_side side,
                        int64_t tick_size);

/* A new, empty level at a key that has none. */
uint32_t ry_arena_level_create(struct ry_arena *a, struct ry_arena_book *book, int32_t key);

/* Removes a level without orders. */
void ry_arena_level_remove(struct ry_arena *a, struct ry_arena_book *book, uint32_t id);

/* The best level with a key above `key`, 0 if none. */
uint32_t ry_arena_level_after(const struct ry_arena *a, const struct ry_arena_book *book,
                              int64_t key);

/* To be called where a level's rec rose from zero, and where it fell to zero but the level stays.
 */
void ry_arena_level_rec_came(struct ry_arena *a, struct ry_arena_book *book, uint32_t id);
void ry_arena_level_rec_went(struct ry_arena *a, struct ry_arena_book *book, uint32_t id);

#endif
