#include "tools/library/keep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/follow/observe.h"
#include "core/journal/lock.h"

#define NS_PER_DAY (INT64_C(86400) * RY_NS_PER_SECOND)

static bool is_asked_for(const struct ry_library_battle *battle, const char *name)
{
    return battle->ended && !battle->runs && !battle->damaged &&
           strncmp(battle->file.name, name, sizeof battle->file.name) == 0;
}

/* Whether it may go at all. */
static bool is_free(const struct ry_library_battle *battle)
{
    char path[PATH_MAX + 16];
    struct stat folder, kept;
    snprintf(path, sizeof path, "%s/" RY_LIBRARY_KEEP_FILE, battle->directory);
    if (lstat(battle->directory, &folder) != 0 || !S_ISDIR(folder.st_mode) ||
        lstat(path, &kept) == 0 || errno != ENOENT)
        return false;
    const int lock = ry_journal_lock(battle->directory, false);
    if (lock < 0)
        return false;
    close(lock);
    return !ry_follow_runs(battle->directory);
}

static int newest_first(const void *x, const void *y)
{
    const struct ry_library_battle *a = *(const struct ry_library_battle *const *)x,
                                   *b = *(const struct ry_library_battle *const *)y;
    if (a->changed_ns != b->changed_ns)
        return a->changed_ns < b->changed_ns ? 1 : -1;
    return strcmp(b->folder, a->folder);
}

unsigned ry_library_keep_choose(const struct ry_library *library, const struct ry_library_keep *ask,
                                const struct ry_library_battle **goes)
{
    const struct ry_battle_keep *keep = &ask->keep;
    unsigned count = 0, chosen = 0;
    uint64_t bytes = 0;
    for (unsigned i = 0; i < library->count; i++)
        if (is_asked_for(&library->battle[i], ask->name) && is_free(&library->battle[i]))
            goes[count++] = &library->battle[i];
    qsort(goes, count, sizeof *goes, newest_first);
    for (unsigned i = 0; i < count; i++) {
        const int64_t age_ns = ask->now_ns - goes[i]->changed_ns;
        if (keep->gib != 0)
            bytes += ry_library_bytes(goes[i]->directory);
        if (i > 0 && ((keep->battles != 0 && i >= keep->battles) ||
                      (keep->days != 0 && age_ns > (int64_t)keep->days * NS_PER_DAY) ||
                      (keep->gib != 0 && bytes > (uint64_t)keep->gib << 30)))
            goes[chosen++] = goes[i];
    }
    return chosen;
}
