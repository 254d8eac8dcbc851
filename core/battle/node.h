/*
 * A battle file as a tree: what libyaml's events say, with places. One document, without anchors,
 * aliases and tags, at most RY_BATTLE_NODE_DEPTH_MAX deep and RY_BATTLE_NODES_MAX nodes large.
 */
#ifndef RY_CORE_BATTLE_NODE_H
#define RY_CORE_BATTLE_NODE_H

#include "core/battle/errors.h"

#define RY_BATTLE_NODE_DEPTH_MAX 6          /* the table of keys needs 5 */
#define RY_BATTLE_NODES_MAX      (1u << 18) /* 16 for each instrument */
#define RY_BATTLE_NODE_NONE      0          /* the index of no node */

enum ry_battle_node_kind {
    RY_BATTLE_NODE_SCALAR,
    RY_BATTLE_NODE_LIST,
    RY_BATTLE_NODE_MAPPING,
};

struct ry_battle_node {
    uint8_t kind;          /* enum ry_battle_node_kind */
    bool empty;            /* SCALAR: nothing, ~ or null, unquoted */
    uint32_t line, column; /* from 1 */
    uint32_t begin, end; /* SCALAR: as it is written, quotes too: characters of the file before it,
                            and before what is behind it */
    uint32_t first,
        next; /* indices: the first child, the next sibling; a mapping's are key, value, key, ... */
    uint32_t text;       /* SCALAR: where its text begins in `texts`, with a NUL */
    uint32_t text_bytes; /* without it */
};

struct ry_battle_node_tree {
    struct ry_battle_node *node; /* [0] is no node; the root is [1] if count > 1 */
    uint32_t count, room;
    char *texts;
    uint32_t texts_bytes, texts_room;
};

/* 0, or -1 with at least one error. An empty document has no root and is no error. */
int ry_battle_node_tree_read(struct ry_battle_node_tree *tree, const char *text, size_t bytes,
                             struct ry_battle_errors *errors);
void ry_battle_node_tree_free(struct ry_battle_node_tree *tree);

static inline const struct ry_battle_node *ry_battle_node_at(const struct ry_battle_node_tree *tree,
                                                             uint32_t index)
{
    return index == RY_BATTLE_NODE_NONE ? NULL : &tree->node[index];
}

static inline const char *ry_battle_node_text(const struct ry_battle_node_tree *tree,
                                              const struct ry_battle_node *node)
{
    return tree->texts + node->text;
}

/* What a mapping says of a key; NULL: nothing, or it is no mapping. */
const struct ry_battle_node *ry_battle_node_find(const struct ry_battle_node_tree *tree,
                                                 const struct ry_battle_node *mapping,
                                                 const char *key);

#endif
