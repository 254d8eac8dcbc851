/*
 * The memory of the results' arrays, private to core/results: one mapping, as large as the battle
 * could need. Most instruments of a large battle are never touched, so it is mapped lazily; in one
 * piece, so that it can be copied (core/results/copy.h).
 */
#ifndef RY_CORE_RESULTS_ROOM_H
#define RY_CORE_RESULTS_ROOM_H

#include "core/results/results.h"

/* Room, all zero, for r->agents and r->instruments; what was there is gone. 0, or -1: no memory. */
int ry_results_room_make(struct ry_results *r);

void ry_results_room_leave(struct ry_results *r);

#endif
