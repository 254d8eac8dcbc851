#include "core/arena/tree.h"

uint32_t ry_arena_tree_priority(const struct ry_arena *a, int32_t key)
{
    uint32_t x = (uint32_t)key ^ (uint32_t)a->ref_seed[1];
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    return x ^ (x >> 16);
}

uint32_t ry_arena_tree_find(const struct ry_arena *a, uint32_t root, int32_t key)
{
    while (root) {
        const struct ry_arena_level *level = ry_arena_level_at(a, root);
        if (level->key == key)
            return root;
        root = key < level->key ? level->left : level->right;
    }
    return 0;
}

uint32_t ry_arena_tree_after(const struct ry_arena *a, uint32_t root, int64_t key)
{
    uint32_t found = 0;
    while (root) {
        const struct ry_arena_level *level = ry_arena_level_at(a, root);
        if (level->key > key) {
            found = root;
            root = level->left;
        } else {
            root = level->right;
        }
    }
    return found;
}

void ry_arena_tree_insert(struct ry_arena *a, uint32_t *root, uint32_t id)
{
    struct ry_arena_level *added = ry_arena_level_at(a, id);
    uint32_t priority = ry_arena_tree_priority(a, added->key);
    uint32_t *link = root;
    while (*link) {
        struct ry_arena_level *level = ry_arena_level_at(a, *link);
        if (ry_arena_tree_priority(a, level->key) < priority)
            break;
        assert(level->key != added->key);
        link = added->key < level->key ? &level->left : &level->right;
    }
    /* What hung there is split around the new key. */
    uint32_t rest = *link;
    uint32_t *less = &added->left;
    uint32_t *more = &added->right;
    *link = id;
    while (rest) {
        struct ry_arena_level *level = ry_arena_level_at(a, rest);
        if (level->key < added->key) {
            *less = rest;
            less = &level->right;
            rest = *less;
        } else {
            *more = rest;
            more = &level->left;
            rest = *more;
        }
    }
    *less = 0;
    *more = 0;
}

void ry_arena_tree_remove(struct ry_arena *a, uint32_t *root, uint32_t id)
{
    struct ry_arena_level *gone = ry_arena_level_at(a, id);
    uint32_t *link = root;
    while (*link != id) {
        assert(*link);
        struct ry_arena_level *level = ry_arena_level_at(a, *link);
        link = gone->key < level->key ? &level->left : &level->right;
    }
    uint32_t left = gone->left;
    uint32_t right = gone->right;
    while (left && right) {
        struct ry_arena_level *l = ry_arena_level_at(a, left);
        struct ry_arena_level *r = ry_arena_level_at(a, right);
        if (ry_arena_tree_priority(a, l->key) > ry_arena_tree_priority(a, r->key)) {
            *link = left;
            link = &l->right;
            left = *link;
        } else {
            *link = right;
            link = &r->left;
            right = *link;
        }
    }
    *link = left ? left : right;
    gone->left = 0;
    gone->right = 0;
}
