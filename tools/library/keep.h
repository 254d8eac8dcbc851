/*
 * Which finished battles of one name a library keeps (core/battle/keep.h), and the others removed.
 *
 *     n = ry_library_keep_choose(&library, &ask, goes);      newest first; none is removed yet
 *     ry_library_remove(goes[i], &bytes, why)                with all that is in its folder
 *
 * Only battles count that have their END and that nobody uses. Never chosen: the newest of them;
 * one that runs, or that somebody is at work with (core/journal/lock.h); one that broke off or is
 * damaged, which somebody may want to look into; one with a file `keep` in its folder; one behind a
 * symbolic link.
 */
#ifndef RY_TOOLS_LIBRARY_KEEP_H
#define RY_TOOLS_LIBRARY_KEEP_H

#include "tools/library/library.h"

#define RY_LIBRARY_KEEP_FILE "keep"
#define RY_LIBRARY_WHY_BYTES 256

struct ry_library_keep {
    const char *name; /* of the battle */
    struct ry_battle_keep keep;
    int64_t now_ns; /* wall time */
};

/* Those that go into `goes`, which has room for library->count; returns how many. Call
 * ry_library_look before. */
unsigned ry_library_keep_choose(const struct ry_library *library, const struct ry_library_keep *ask,
                                const struct ry_library_battle **goes);

/* Removes it, the journal last: whoever is killed meanwhile leaves a battle, which goes the next
 * time. Stays on its file system and follows no link. 0 with the bytes of the disk that it had; or
 * -1 with `why`: what could not go, or somebody uses it. */
int ry_library_remove(const struct ry_library_battle *battle, uint64_t *bytes,
                      char why[RY_LIBRARY_WHY_BYTES]);

/* Bytes of the disk that a folder takes with all in it, as far as it can be looked at. */
uint64_t ry_library_bytes(const char *directory);

#endif
