/*
 * Agents' orders by arrival: each has a number, and the few inputs that need an order of arrival
 * (an elimination, a resumption) gather theirs and sort them.
 *
 * An example. Agent 3's orders 17, 4 and 90 arrived as numbers 1,020, 1,500 and 1,007. When agent 3
 * goes out they are gathered from the books and sorted: 90, 17, 4. Between such inputs an order
 * costs one number, and no links that its neighbours would have to be touched for.
 */
#ifndef RY_CORE_ARENA_ARRIVAL_H
#define RY_CORE_ARENA_ARRIVAL_H

#include "core/arena/machine.h"

/* An agent's order has come to rest. */
static inline void ry_arena_arrival_note(struct ry_arena *a, uint32_t id)
{
    *ry_arena_arrived_at(a, id) = ++a->arrivals;
}

/* Ids of all orders of an agent, or of all agents' orders of an instrument; *count of them. They
 * lie in the arena until the next such call. */
const uint32_t *ry_arena_arrival_of_agent(struct ry_arena *a, uint16_t agent, uint32_t *count);
const uint32_t *ry_arena_arrival_of_book(struct ry_arena *a,
                                         const struct ry_arena_instrument *instrument,
                                         uint32_t *count);

/* Visits an agent's orders, instrument by instrument, in book order; false: it was stopped. */
bool ry_arena_arrival_visit(const struct ry_arena *a, uint16_t agent,
                            bool (*visit)(void *context, uint32_t id), void *context);

#endif
