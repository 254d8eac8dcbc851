#include "tools/library/library.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/journal/read.h"
#include "tools/library/internal.h"
#include "tools/text/row_value.h"

#define ROOM_FIRST 16u

bool ry_library_is_battle(const char *directory)
{
    char path[PATH_MAX];
    return ry_journal_find(directory, path, sizeof path) == 0;
}

/* ---- what is there --------------------------------------------------------------------------- */

static struct ry_library_battle *known(const struct ry_library *library, const char *folder)
{
    for (unsigned i = 0; i < library->count; i++)
        if (strcmp(library->battle[i].folder, folder) == 0)
            return &library->battle[i];
    return NULL;
}

static struct ry_library_battle *add(struct ry_library *library, const char *folder,
                                     const char *directory)
{
    if (library->count == RY_LIBRARY_BATTLES_MAX) {
        library->more++;
        return NULL;
    }
    if (library->count == library->room) {
        library->room = library->room == 0 ? ROOM_FIRST : 2 * library->room;
        library->battle = realloc(library->battle, library->room * sizeof *library->battle);
        assert(library->battle != NULL);
    }
    struct ry_library_battle *battle = &library->battle[library->count++];
    *battle = (struct ry_library_battle){.runs = false};
    snprintf(battle->folder, sizeof battle->folder, "%s", folder);
    snprintf(battle->directory, sizeof battle->directory, "%s", directory);
    return battle;
}

static void look_at(struct ry_library *library, const char *folder, const char *directory)
{
    if (!ry_library_is_battle(directory))
        return;
    struct ry_library_battle *battle = known(library, folder);
    if (battle == NULL)
        battle = add(library, folder, directory);
    if (battle == NULL)
        return;
    battle->inside = library->inside;
    ry_library_battle_look(battle);
}

static int look_at_all(struct ry_library *library)
{
    DIR *folder = opendir(library->directory);
    if (folder == NULL)
        return -1;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[PATH_MAX];
        if (entry->d_name[0] == '.' ||
            snprintf(path, sizeof path, "%s/%s", library->directory, entry->d_name) >= PATH_MAX)
            continue;
        look_at(library, entry->d_name, path);
    }
    closedir(folder);
    return 0;
}

/* The last part of the directory's name, whatever it was called by. */
static int look_at_one(struct ry_library *library)
{
    char path[PATH_MAX];
    if (realpath(library->directory, path) == NULL)
        return -1;
    const char *slash = strrchr(path, '/');
    look_at(library, slash != NULL && slash[1] != 0 ? slash + 1 : "battle", library->directory);
    return 0;
}

void ry_library_damaged(struct ry_library *library, const char *directory)
{
    for (unsigned i = 0; i < library->count; i++) {
        struct ry_library_battle *battle = &library->battle[i];
        if (battle->runs || strcmp(battle->directory, directory) != 0)
            continue;
        battle->damaged = true;
        snprintf(battle->state, sizeof battle->state, "damaged");
    }
}

static void drop(struct ry_library_battle *battle)
{
    json_decref(battle->results);
    battle->results = NULL;
}

static int by_folder(const void *x, const void *y)
{
    const struct ry_library_battle *a = x, *b = y;
    return strcmp(a->folder, b->folder);
}

int ry_library_look(struct ry_library *library)
{
    unsigned kept = 0;
    library->more = 0;
    for (unsigned i = 0; i < library->count; i++)
        library->battle[i].found = false;
    if ((library->many ? look_at_all(library) : look_at_one(library)) != 0)
        return -1;
    for (unsigned i = 0; i < library->count; i++)
        if (library->battle[i].found)
            library->battle[kept++] = library->battle[i];
        else
            drop(&library->battle[i]);
    library->count = kept;
    if (kept > 1)
        qsort(library->battle, kept, sizeof *library->battle, by_folder);
    return 0;
}

static int open_library(struct ry_library *library, const char *directory)
{
    if (snprintf(library->directory, sizeof library->directory, "%s", directory) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return ry_library_look(library);
}

int ry_library_open(struct ry_library *library, const char *directory, bool many)
{
    *library = (struct ry_library){.many = many};
    return open_library(library, directory);
}

int ry_library_open_inside(struct ry_library *library, const char *directory)
{
    *library = (struct ry_library){.inside = true};
    return open_library(library, directory);
}

void ry_library_close(struct ry_library *library)
{
    for (unsigned i = 0; i < library->count; i++)
        drop(&library->battle[i]);
    free(library->battle);
    *library = (struct ry_library){.many = false};
}

/* ---- one of them ----------------------------------------------------------------------------- */

static bool goes_before(const struct ry_library_battle *x, const struct ry_library_battle *y)
{
    if (x->runs != y->runs)
        return x->runs;
    return x->runs ? x->begun_ns > y->begun_ns : x->changed_ns > y->changed_ns;
}

const struct ry_library_battle *ry_library_focus(const struct ry_library *library)
{
    const struct ry_library_battle *focus = NULL;
    for (unsigned i = 0; i < library->count; i++)
        if (focus == NULL || goes_before(&library->battle[i], focus))
            focus = &library->battle[i];
    return focus;
}

const struct ry_library_battle *ry_library_find(const struct ry_library *library, const char *name)
{
    struct ry_battle_id id;
    const struct ry_library_battle *battle = known(library, name);
    if (battle != NULL)
        return battle;
    if (strcmp(name, "current") == 0)
        return ry_library_focus(library);
    if (!ry_text_row_id_read(&id, name))
        return NULL;
    for (unsigned i = 0; i < library->count; i++)
        if (memcmp(&library->battle[i].file.battle_id, &id, sizeof id) == 0)
            return &library->battle[i];
    return NULL;
}
