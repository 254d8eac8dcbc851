#include "tools/watch/names.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/node.h"
#include "core/battle/read.h"
#include "core/battle/wall.h"
#include "shm/printable.h"

#define BATTLE_FILE  "battle.yaml"
#define ZONE_DEFAULT "UTC"

/* The value of a key; NULL: it is no mapping, or has no such key. */
static const struct ry_battle_node *value_of(const struct ry_battle_node_tree *tree,
                                             const struct ry_battle_node *mapping, const char *key)
{
    if (mapping == NULL || mapping->kind != RY_BATTLE_NODE_MAPPING)
        return NULL;
    for (const struct ry_battle_node *at = ry_battle_node_at(tree, mapping->first); at != NULL;) {
        const struct ry_battle_node *value = ry_battle_node_at(tree, at->next);
        if (value == NULL)
            return NULL;
        if (at->kind == RY_BATTLE_NODE_SCALAR && strcmp(ry_battle_node_text(tree, at), key) == 0)
            return value;
        at = ry_battle_node_at(tree, value->next);
    }
    return NULL;
}

static void copy_text(char *out, size_t bytes, const struct ry_battle_node_tree *tree,
                      const struct ry_battle_node *node)
{
    if (node == NULL || node->kind != RY_BATTLE_NODE_SCALAR || node->empty ||
        node->text_bytes >= bytes)
        return;
    memcpy(out, ry_battle_node_text(tree, node), node->text_bytes + 1);
    ry_make_printable(out, strlen(out), '?');
}

/* The first of a list; NULL: it is none, or empty. */
static const struct ry_battle_node *first_of(const struct ry_battle_node_tree *tree,
                                             const struct ry_battle_node *list)
{
    return list != NULL && list->kind == RY_BATTLE_NODE_LIST ? ry_battle_node_at(tree, list->first)
                                                             : NULL;
}

/* "/home/me/quick.so" as "quick" */
static void copy_strategy(char out[RY_NAME_BYTES], const struct ry_battle_node_tree *tree,
                          const struct ry_battle_node *node)
{
    char path[RY_BATTLE_PATH_BYTES] = "";
    copy_text(path, sizeof path, tree, node);
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    size_t length = strlen(name);
    if (length > 3 && strcmp(name + length - 3, ".so") == 0)
        length -= 3;
    if (length < RY_NAME_BYTES)
        snprintf(out, RY_NAME_BYTES, "%.*s", (int)length, name);
}

/* Agents have their ids in the order of the file, an agent of `count` as many in a row. */
static void take_strategies(struct ry_watch_names *names, const struct ry_battle_node_tree *tree,
                            const struct ry_battle_node *agents)
{
    const struct ry_battle_node *agent = first_of(tree, agents);
    for (unsigned id = 0; agent != NULL && id < RY_AGENTS_MAX;) {
        char count[8] = "1";
        copy_text(count, sizeof count, tree, value_of(tree, agent, "count"));
        for (unsigned long i = strtoul(count, NULL, 10); i > 0 && id < RY_AGENTS_MAX; i--)
            copy_strategy(names->strategy[id++], tree, value_of(tree, agent, "strategy"));
        agent = ry_battle_node_at(tree, agent->next);
    }
}

static void take_names(struct ry_watch_names *names, const struct ry_battle_node_tree *tree)
{
    const struct ry_battle_node *root = tree->count > 1 ? &tree->node[1] : NULL;
    const struct ry_battle_node *feed = first_of(tree, value_of(tree, root, "feeds"));
    copy_text(names->zone, sizeof names->zone, tree,
              value_of(tree, value_of(tree, root, "market"), "zone"));
    for (unsigned i = 0; i < RY_FEEDS_MAX && feed != NULL; i++) {
        copy_text(names->feed[i], sizeof names->feed[i], tree, value_of(tree, feed, "name"));
        feed = ry_battle_node_at(tree, feed->next);
    }
    take_strategies(names, tree, value_of(tree, root, "agents"));
}

void ry_watch_names_read(struct ry_watch_names *names, const char *directory)
{
    char path[PATH_MAX];
    size_t bytes = 0;
    *names = (struct ry_watch_names){.zone = ZONE_DEFAULT};
    struct ry_battle_node_tree tree = {.count = 0};
    struct ry_battle_errors *errors = calloc(1, sizeof *errors);
    int length = snprintf(path, sizeof path, "%s/" BATTLE_FILE, directory);
    char *text = errors != NULL && length > 0 && (size_t)length < sizeof path
                     ? ry_battle_load(path, &bytes, errors)
                     : NULL;
    if (text != NULL && ry_battle_node_tree_read(&tree, text, bytes, errors) == 0)
        take_names(names, &tree);
    if (!ry_battle_wall_zone_exists(names->zone))
        snprintf(names->zone, sizeof names->zone, ZONE_DEFAULT);
    ry_battle_node_tree_free(&tree);
    free(text);
    free(errors);
}
