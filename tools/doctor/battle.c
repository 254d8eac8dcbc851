/* Of a bundle: what lies in a battle's directory. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/battle/node.h"
#include "core/battle/read.h"
#include "core/journal/packed.h"
#include "tools/doctor/internal.h"
#include "tools/text/amount.h"

#define PROPERTIES_BYTES 65536

/* What goes in as it is. */
static const struct {
    const char *name, *about;
} files[] = {
    {"battle.yaml", "the battle file, its strategies' parameters too"},
    {"result.txt", "the result"},
    {"results.json", "the result for programs"},
    {"counters.txt", "what each process had counted at its end"},
    {"noise.json", "interrupts and switches of the battle's cores"},
};

/* What never does. */
static const struct {
    const char *name, *why;
} kept_back[] = {
    {RY_JOURNAL_FILE, "the journal: all that was traded"},
    {RY_JOURNAL_PACKED_FILE, "the journal: all that was traded"},
    {"trades.jsonl", "the trades"},
    {"rows", "the rows that were exported"},
    {"log", NULL}, /* told file by file */
};

/* ---- secrets --------------------------------------------------------------------------------- */

/* The Kafka settings: their secrets become known, and they themselves go into the bundle later. */
static void know_settings(struct ry_doctor_bundle *bundle, const char *path)
{
    char *text = calloc(1, PROPERTIES_BYTES + 1), folder[PATH_MAX];
    FILE *file = fopen(path, "re");
    if (text == NULL)
        abort(); /* no memory */
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        *slash = '\0';
    if (file != NULL) {
        (void)fread(text, 1, PROPERTIES_BYTES, file);
        ry_doctor_scrub_know_properties(&bundle->scrub, text, slash != NULL ? folder : ".");
        fclose(file);
    }
    explicit_bzero(text, PROPERTIES_BYTES);
    free(text);
}

/* A value, or each in it. */
static void know_value(struct ry_doctor_bundle *bundle, const struct ry_battle_node_tree *tree,
                       const struct ry_battle_node *value)
{
    if (value->kind == RY_BATTLE_NODE_SCALAR) {
        ry_doctor_scrub_know(&bundle->scrub, ry_battle_node_text(tree, value), value->text_bytes);
        return;
    }
    const struct ry_battle_node *part = ry_battle_node_at(tree, value->first);
    for (; part != NULL; part = ry_battle_node_at(tree, part->next))
        know_value(bundle, tree, part);
}

/* Each pair of a mapping, however deep. */
static void know_pairs(struct ry_doctor_bundle *bundle, const struct ry_battle_node_tree *tree)
{
    for (uint32_t i = 1; i < tree->count; i++) {
        const struct ry_battle_node *name = NULL, *value = NULL;
        if (tree->node[i].kind == RY_BATTLE_NODE_MAPPING)
            name = ry_battle_node_at(tree, tree->node[i].first);
        for (; name != NULL; name = ry_battle_node_at(tree, value->next)) {
            value = ry_battle_node_at(tree, name->next);
            if (value == NULL)
                break; /* a key always has one */
            if (ry_doctor_is_secret_name(ry_battle_node_text(tree, name), name->text_bytes))
                know_value(bundle, tree, value);
        }
    }
}

/* The tree of DIR/battle.yaml; false: it cannot be read as one. */
static bool read_battle(const char *directory, struct ry_battle_node_tree *tree)
{
    char path[PATH_MAX];
    struct ry_battle_errors errors = {.count = 0};
    size_t bytes;
    snprintf(path, sizeof path, "%s/battle.yaml", directory);
    char *text = ry_battle_load(path, &bytes, &errors);
    bool read = text != NULL && ry_battle_node_tree_read(tree, text, bytes, &errors) == 0;
    free(text);
    return read;
}

/* The path of the Kafka settings: export.config, which royale run has made absolute. */
static bool settings_of(const char *directory, char path[PATH_MAX])
{
    struct ry_battle_node_tree tree;
    if (!read_battle(directory, &tree))
        return false;
    const struct ry_battle_node *root = tree.count > 1 ? ry_battle_node_at(&tree, 1) : NULL;
    const struct ry_battle_node *config =
        ry_battle_node_find(&tree, ry_battle_node_find(&tree, root, "export"), "config");
    bool there = config != NULL && config->kind == RY_BATTLE_NODE_SCALAR && !config->empty;
    if (there) {
        const char *text = ry_battle_node_text(&tree, config);
        int length = text[0] == '/' ? snprintf(path, PATH_MAX, "%s", text)
                                    : snprintf(path, PATH_MAX, "%s/%s", directory, text);
        there = length < PATH_MAX;
    }
    ry_battle_node_tree_free(&tree);
    return there;
}

void ry_doctor_battle_secrets(struct ry_doctor_bundle *bundle, const char *directory)
{
    struct ry_battle_node_tree tree;
    char path[PATH_MAX];
    if (read_battle(directory, &tree)) {
        know_pairs(bundle, &tree);
        ry_battle_node_tree_free(&tree);
    }
    if (settings_of(directory, path))
        know_settings(bundle, path);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Sorted, so that a bundle does not depend on the order of a folder. */
static int list(const char *folder, struct dirent ***names)
{
    *names = NULL;
    int count = scandir(folder, names, NULL, alphasort);
    return count < 0 ? 0 : count;
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void add_logs(struct ry_doctor_bundle *bundle, const char *directory)
{
    struct dirent **names;
    char folder[PATH_MAX], path[PATH_MAX + NAME_MAX + 2], name[NAME_MAX + 8];
    struct stat status;
    snprintf(folder, sizeof folder, "%s/log", directory);
    if (lstat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) { /* a link leads anywhere */
        ry_doctor_bundle_out(bundle, "log", "is no folder here");
        return;
    }
    int count = list(folder, &names);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        snprintf(name, sizeof name, "log/%s", names[i]->d_name);
        if (!is_dot(names[i]->d_name))
            ry_doctor_bundle_file(bundle, name, "what the process said", path);
        free(names[i]);
    }
    free(names);
}

/* NULL: it is no file that this room knows. */
static const char *why_kept_back(const char *name, bool *told)
{
    *told = false;
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++)
        *told |= strcmp(files[i].name, name) == 0;
    for (unsigned i = 0; i < sizeof kept_back / sizeof *kept_back; i++)
        if (strcmp(kept_back[i].name, name) == 0) {
            *told |= kept_back[i].why == NULL;
            return kept_back[i].why;
        }
    return NULL;
}

static void tell_rest(struct ry_doctor_bundle *bundle, const char *directory)
{
    struct dirent **names;
    int count = list(directory, &names);
    for (int i = 0; i < count; i++) {
        bool told;
        char path[PATH_MAX + NAME_MAX + 2], what[NAME_MAX + 64], size[RY_TEXT_AMOUNT_BYTES];
        struct stat status;
        const char *name = names[i]->d_name, *why = why_kept_back(name, &told);
        snprintf(path, sizeof path, "%s/%s", directory, name);
        bool regular = lstat(path, &status) == 0 && S_ISREG(status.st_mode);
        if (regular)
            snprintf(what, sizeof what, "%s, %s bytes", name,
                     ry_text_count(size, (uint64_t)status.st_size));
        else
            snprintf(what, sizeof what, "%s", name);
        if (!told && !is_dot(name))
            ry_doctor_bundle_out(bundle, what, why != NULL ? why : "no file of a battle's own");
        free(names[i]);
    }
    free(names);
}

void ry_doctor_battle(struct ry_doctor_bundle *bundle, const char *directory)
{
    char path[PATH_MAX];
    ry_doctor_ask(bundle, "status.txt", "royale status DIR: how the battle stands",
                  (const char *const[]){"status", directory, NULL});
    ry_doctor_ask(bundle, "counters-now.txt", "royale counters DIR: what each process counts",
                  (const char *const[]){"counters", directory, NULL});
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i].name);
        ry_doctor_bundle_file(bundle, files[i].name, files[i].about, path);
    }
    if (settings_of(directory, path))
        ry_doctor_bundle_file(bundle, "kafka.conf", "the settings of Kafka", path);
    add_logs(bundle, directory);
    tell_rest(bundle, directory);
}
