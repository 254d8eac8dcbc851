/*
 * Books as levels, the obvious slow way, for the oracle: walked whole, order by order, whenever
 * somebody wants to know.
 */
#ifndef RY_TESTS_TIME_DEPTH_H
#define RY_TESTS_TIME_DEPTH_H

#include "core/arena/arena.h"
#include "shm/records/told.h"

#define RY_TIME_DEPTH_MAX 128

/* One side of one book: levels that show lots, best first. */
struct ry_time_depth {
    unsigned count;
    struct ry_told_level level[RY_TIME_DEPTH_MAX]; /* group and time 0 */
};

/* The first `max` of them. */
void ry_time_depth_look(struct ry_time_depth *depth, const struct ry_arena *arena,
                        uint16_t instrument, enum ry_side side, unsigned max);

/* The level of a price; without lots if there is none. */
struct ry_told_level ry_time_depth_level(const struct ry_arena *arena, uint16_t instrument,
                                         enum ry_side side, int64_t price);

/* What turns `before` into `now`: levels that left, are new, or show something else. Returns how
 * many; room for 2 * RY_TIME_DEPTH_MAX. */
unsigned ry_time_depth_differ(const struct ry_time_depth *before, const struct ry_time_depth *now,
                              struct ry_told_level *changes);

#endif
