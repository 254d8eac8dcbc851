#include "tools/library/settings.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/battle/keep.h"
#include "core/battle/keys.h"
#include "core/battle/node.h"
#include "core/battle/read.h"

/* The text of a single value; NULL: there is none. */
static const char *text_of(const struct ry_battle_node_tree *tree,
                           const struct ry_battle_node *node)
{
    return node != NULL && node->kind == RY_BATTLE_NODE_SCALAR && !node->empty
               ? ry_battle_node_text(tree, node)
               : NULL;
}

static bool take(const struct ry_battle_node_tree *tree, struct ry_library_settings *settings)
{
    const struct ry_battle_node *root = ry_battle_node_at(tree, tree->count > 1 ? 1 : 0);
    const char *keep = text_of(tree, ry_battle_node_find(tree, root, "keep"));
    const char *compress = text_of(
        tree, ry_battle_node_find(tree, ry_battle_node_find(tree, root, "journal"), "compress"));
    const int word =
        compress != NULL ? ry_battle_key_word(RY_BATTLE_K_JOURNAL_COMPRESS, compress) : 0;
    settings->compress = word > 0 ? (enum ry_battle_compress)word : RY_BATTLE_COMPRESS_AUTO;
    return root != NULL && (keep == NULL || ry_battle_keep_read(keep, &settings->keep));
}

bool ry_library_settings_read(const char *directory, struct ry_library_settings *settings)
{
    char path[PATH_MAX + 16];
    struct ry_battle_node_tree tree;
    struct ry_battle_errors errors;
    size_t bytes;
    *settings = (struct ry_library_settings){.compress = RY_BATTLE_COMPRESS_AUTO};
    snprintf(path, sizeof path, "%s/battle.yaml", directory);
    char *text = ry_battle_load(path, &bytes, &errors);
    if (text == NULL)
        return false;
    const bool read =
        ry_battle_node_tree_read(&tree, text, bytes, &errors) == 0 && take(&tree, settings);
    ry_battle_node_tree_free(&tree);
    free(text);
    return read;
}
