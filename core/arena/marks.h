/*
 * What agents' positions are worth at the reference prices (VALUE-2), kept as they change instead
 * of added up each time.
 *
 * An example. Agents 0 and 1 hold 10 and -10 lots whose mark is 100, at 1 money a unit: their worth
 * is 1,000 and -1,000. A recorded trade at 103 puts the instrument on the list of those whose mark
 * may be old, and changes nothing else. The next time that somebody's equity is asked for, the list
 * is gone through: 10 x 3 and -10 x 3 are added, the mark is 103.
 *
 * An instrument is marked from the first fill of an agent on. As long as it has no recorded trade
 * its reference is the recorded mid, which moves with the book: then it stays on the list.
 */
#ifndef RY_CORE_ARENA_MARKS_H
#define RY_CORE_ARENA_MARKS_H

#include "core/arena/machine.h"

/* The instrument's reference may not be its mark any more. */
static inline void ry_arena_marks_moved(struct ry_arena *a, struct ry_arena_instrument *instrument)
{
    if (!instrument->traded || instrument->mark_due)
        return;
    instrument->mark_due = true;
    ((uint16_t *)ry_arena_at(a, a->at.due))[a->due++] = instrument->id;
}

/* A position changed by so many lots. */
static inline void ry_arena_marks_add(struct ry_arena_agent *agent,
                                      const struct ry_arena_instrument *instrument, int64_t lots)
{
    agent->worth += (__int128)lots * instrument->mark * instrument->money_per_unit;
}

/* The equity of an agent: as ry_arena_value_equity, without adding up. */
__int128 ry_arena_marks_equity(struct ry_arena *a, uint16_t agent);

#endif
