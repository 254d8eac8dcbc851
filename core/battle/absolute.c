#include "core/battle/absolute.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/battle/keys.h"
#include "core/battle/node.h"

#define PATHS_MAX (RY_FEEDS_MAX + RY_AGENTS_MAX + 1)

struct paths {
    struct ry_battle_node_tree tree;
    const struct ry_battle_node *node[PATHS_MAX]; /* those to be written out */
    unsigned count;
};

/* The value of a key in a mapping; NULL: none. */
static const struct ry_battle_node *value_of(const struct ry_battle_node_tree *tree,
                                             const struct ry_battle_node *mapping,
                                             enum ry_battle_key_id key)
{
    const struct ry_battle_node *name = ry_battle_node_at(tree, mapping->first);
    while (name != NULL) {
        const struct ry_battle_node *value = ry_battle_node_at(tree, name->next);
        if (strcmp(ry_battle_node_text(tree, name), ry_battle_keys[key].name) == 0)
            return value;
        name = ry_battle_node_at(tree, value->next);
    }
    return NULL;
}

/* The path that `key` says in the mapping, if it is relative. */
static void find_path(struct paths *paths, const struct ry_battle_node *mapping,
                      enum ry_battle_key_id key, bool named)
{
    const struct ry_battle_node *path = value_of(&paths->tree, mapping, key);
    const char *text = path == NULL ? "/" : ry_battle_node_text(&paths->tree, path);
    if (text[0] == '/' || (named && strchr(text, '/') == NULL))
        return;
    assert(paths->count < PATHS_MAX);
    paths->node[paths->count++] = path;
}

/* Those of each entry of the list `list`. */
static void find_paths(struct paths *paths, enum ry_battle_key_id list, enum ry_battle_key_id key,
                       bool named)
{
    const struct ry_battle_node *entries =
        value_of(&paths->tree, ry_battle_node_at(&paths->tree, 1), list);
    if (entries == NULL)
        return;
    for (const struct ry_battle_node *entry = ry_battle_node_at(&paths->tree, entries->first);
         entry != NULL; entry = ry_battle_node_at(&paths->tree, entry->next))
        find_path(paths, entry, key, named);
}

/* That of the section `section`. */
static void find_path_of(struct paths *paths, enum ry_battle_key_id section,
                         enum ry_battle_key_id key)
{
    const struct ry_battle_node *mapping =
        value_of(&paths->tree, ry_battle_node_at(&paths->tree, 1), section);
    if (mapping != NULL)
        find_path(paths, mapping, key, false);
}

static int compare_places(const void *a, const void *b)
{
    const struct ry_battle_node *const *x = a, *const *y = b;
    return (*x)->begin < (*y)->begin ? -1 : 1;
}

/* Where the next `characters` of UTF-8 end. */
static const char *skip(const char *at, const char *end, uint32_t characters)
{
    for (; characters > 0 && at < end; characters--)
        do
            at++;
        while (at < end && ((unsigned char)*at & 0xc0) == 0x80);
    return at;
}

/* Between double quotes, as YAML escapes. */
static void put_quoted(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else if ((unsigned char)*text < ' ' || *text == 0x7f)
            fprintf(out, "\\x%02x", (unsigned)*text);
        else
            fputc(*text, out);
}

static void put(FILE *out, const struct paths *paths, const char *text, size_t bytes,
                const char *folder)
{
    static const char mark[] = "\xef\xbb\xbf"; /* libyaml does not count a byte order mark */
    const char *end = text + bytes, *at = text;
    uint32_t characters = 0;
    if (bytes >= 3 && memcmp(text, mark, 3) == 0) {
        fwrite(text, 1, 3, out);
        at += 3;
    }
    for (unsigned i = 0; i < paths->count; i++) {
        const struct ry_battle_node *node = paths->node[i];
        const char *begin = skip(at, end, node->begin - characters);
        fwrite(at, 1, (size_t)(begin - at), out);
        fputc('"', out);
        put_quoted(out, folder);
        fputc('/', out);
        put_quoted(out, ry_battle_node_text(&paths->tree, node));
        fputc('"', out);
        at = skip(begin, end, node->end - node->begin);
        characters = node->end;
    }
    fwrite(at, 1, (size_t)(end - at), out);
}

char *ry_battle_absolute(const char *text, size_t bytes, const char *folder, size_t *bytes_now)
{
    struct ry_battle_errors errors = {.count = 0};
    struct paths paths = {.count = 0};
    char *now = NULL;
    FILE *out = open_memstream(&now, bytes_now);
    assert(out != NULL);
    int read = ry_battle_node_tree_read(&paths.tree, text, bytes, &errors);
    assert(read == 0);
    find_paths(&paths, RY_BATTLE_K_FEEDS, RY_BATTLE_K_FEED_PATH, false);
    find_paths(&paths, RY_BATTLE_K_AGENTS, RY_BATTLE_K_AGENT_STRATEGY, true);
    find_path_of(&paths, RY_BATTLE_K_EXPORT, RY_BATTLE_K_EXPORT_CONFIG);
    qsort(paths.node, paths.count, sizeof paths.node[0], compare_places);
    put(out, &paths, text, bytes, folder);
    fclose(out);
    ry_battle_node_tree_free(&paths.tree);
    return now;
}
