/*
 * Where recorded demand goes that meets others than its target.
 */
#ifndef RY_CORE_ARENA_DEMAND_H
#define RY_CORE_ARENA_DEMAND_H

#include "core/arena/fills.h"

/* Each returns how much of the demand it met. */

/* An order's surplus absorbs. The order does not leave by it. */
uint32_t ry_arena_demand_surplus(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                 uint32_t id, uint32_t demand);

/* Agents' orders and surpluses that stand before the target. */
uint32_t ry_arena_demand_ahead(struct ry_arena *a, struct ry_arena_instrument *instrument,
                               struct ry_arena_book *book, uint32_t target, uint32_t demand);

/* Everything else with keys up to `key`: agents' orders, surplus, then open. The target itself has
 * neither left when demand is. */
uint32_t ry_arena_demand_behind(struct ry_arena *a, struct ry_arena_instrument *instrument,
                                struct ry_arena_book *book, int32_t key, uint32_t demand);

#endif
