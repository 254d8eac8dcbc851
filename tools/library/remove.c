/* A battle's folder, looked through and removed: by descriptors, so that no name on the way can be
 * exchanged for a link. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/journal/lock.h"
#include "core/journal/pack.h"
#include "tools/library/keep.h"

#define DEPTH_MAX   32
#define BLOCK_BYTES 512u /* what st_blocks counts */

static const char *const journals[] = {RY_JOURNAL_PART_FILE, RY_JOURNAL_FILE,
                                       RY_JOURNAL_PACKED_FILE};
#define JOURNALS (sizeof journals / sizeof *journals)

struct walk {
    bool removes;
    dev_t device;
    uint64_t bytes, removed; /* names removed */
    char *why;               /* RY_LIBRARY_WHY_BYTES; empty: nothing went wrong */
};

static void fail(struct walk *walk, const char *name, int error)
{
    if (walk->why != NULL && walk->why[0] == '\0')
        snprintf(walk->why, RY_LIBRARY_WHY_BYTES, "%.200s: %s", name, strerror(error));
}

static bool is_journal(const char *name)
{
    for (unsigned i = 0; i < JOURNALS; i++)
        if (strcmp(journals[i], name) == 0)
            return true;
    return false;
}

static void walk_folder(struct walk *walk, int folder, unsigned depth);

static void walk_entry(struct walk *walk, int folder, const char *name, unsigned depth)
{
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        fail(walk, name, errno);
        return;
    }
    if (S_ISDIR(status.st_mode)) {
        const int inner =
            status.st_dev == walk->device && depth < DEPTH_MAX
                ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                : -1;
        if (inner < 0)
            fail(walk, name, status.st_dev != walk->device ? EXDEV : errno);
        else
            walk_folder(walk, inner, depth + 1);
    }
    walk->bytes += (uint64_t)status.st_blocks * BLOCK_BYTES;
    if (!walk->removes || (depth == 0 && is_journal(name)))
        return;
    if (unlinkat(folder, name, S_ISDIR(status.st_mode) ? AT_REMOVEDIR : 0) != 0)
        fail(walk, name, errno);
    else
        walk->removed++;
}

/* Takes `folder` over. */
static void walk_folder(struct walk *walk, int folder, unsigned depth)
{
    DIR *opened = fdopendir(folder);
    if (opened == NULL) {
        close(folder);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(opened)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            walk_entry(walk, dirfd(opened), entry->d_name, depth);
    closedir(opened);
}

static bool begin(struct walk *walk, const char *directory, int fd)
{
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        fail(walk, directory, errno);
        return false;
    }
    walk->device = status.st_dev;
    return true;
}

uint64_t ry_library_bytes(const char *directory)
{
    struct walk walk = {.removes = false};
    const int fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (begin(&walk, directory, fd))
        walk_folder(&walk, fd, 0);
    else if (fd >= 0)
        close(fd);
    return walk.bytes;
}

/* All but the journal. A folder that loses names while it is read may not show them all. */
static void empty_folder(struct walk *walk, int folder)
{
    uint64_t before, bytes = 0;
    do {
        const int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        before = walk->removed;
        if (again < 0)
            fail(walk, ".", errno);
        else
            walk_folder(walk, again, 0);
        bytes = bytes == 0 ? walk->bytes : bytes; /* the first pass has seen all */
    } while (walk->removed > before && walk->why[0] == '\0');
    walk->bytes = bytes;
}

int ry_library_remove(const struct ry_library_battle *battle, uint64_t *bytes,
                      char why[RY_LIBRARY_WHY_BYTES])
{
    struct walk walk = {.removes = true, .why = why};
    struct stat kept;
    why[0] = '\0';
    const int lock = ry_journal_lock(battle->directory, false);
    if (lock < 0 && errno == EWOULDBLOCK)
        snprintf(why, RY_LIBRARY_WHY_BYTES, "somebody uses it");
    else if (begin(&walk, battle->directory, lock)) {
        if (fstatat(lock, RY_LIBRARY_KEEP_FILE, &kept, AT_SYMLINK_NOFOLLOW) == 0)
            snprintf(why, RY_LIBRARY_WHY_BYTES, "it has a file " RY_LIBRARY_KEEP_FILE " now");
        else
            empty_folder(&walk, lock);
        for (unsigned i = 0; i < JOURNALS && why[0] == '\0'; i++)
            if (unlinkat(lock, journals[i], 0) != 0 && errno != ENOENT)
                fail(&walk, journals[i], errno);
        if (why[0] == '\0' && rmdir(battle->directory) != 0)
            fail(&walk, battle->directory, errno);
    }
    if (lock >= 0)
        close(lock);
    *bytes = walk.bytes;
    return why[0] == '\0' ? 0 : -1;
}
