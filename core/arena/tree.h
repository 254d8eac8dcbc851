/*
 * The levels of one side that its window does not hold: a treap over their keys. Priorities are a
 * hash of the key, so that its shape depends on which keys it holds and not on the order in which
 * they came.
 */
#ifndef RY_CORE_ARENA_TREE_H
#define RY_CORE_ARENA_TREE_H

#include "core/arena/machine.h"

uint32_t ry_arena_tree_find(const struct ry_arena *a, uint32_t root, int32_t key);
/* The level with the smallest key above `key`, 0 if none. */
uint32_t ry_arena_tree_after(const struct ry_arena *a, uint32_t root, int64_t key);
void ry_arena_tree_insert(struct ry_arena *a, uint32_t *root, uint32_t level);
void ry_arena_tree_remove(struct ry_arena *a, uint32_t *root, uint32_t level);
/* A bijection: different keys have different priorities. */
uint32_t ry_arena_tree_priority(const struct ry_arena *a, int32_t key);

#endif
