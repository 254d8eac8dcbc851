#include "tools/place/place.h"

#include <layout.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INSIDE_BYTES 256 /* of a way below a folder */

/* From the folder of royale. */
static const struct {
    const char *built, *installed;
} ways[RY_PLACE_PARTS] = {
    [RY_PLACE_ROYALE] = {"royale", "royale"},
    [RY_PLACE_PROGRAMS] = {".", RY_LAYOUT_LIBEXEC},
    [RY_PLACE_STRATEGIES] = {"../lib/royale", RY_LAYOUT_LIB},
    [RY_PLACE_SHARE] = {"../share/royale", RY_LAYOUT_SHARE},
};

static bool has(const char *folder, const char *name)
{
    char path[PATH_MAX + INSIDE_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, X_OK) == 0;
}

/* Without "..", if it is there. */
static void settle(char path[PATH_MAX], const char *folder, const char *way)
{
    char whole[PATH_MAX + INSIDE_BYTES];
    snprintf(whole, sizeof whole, "%s/%s", folder, way);
    if (realpath(whole, path) == NULL)
        snprintf(path, PATH_MAX, "%.*s", PATH_MAX - 1, whole);
}

/* The folder of royale: this one, or that from which royale started a program. */
static void find_bin(char bin[PATH_MAX], const char *own, const char *given)
{
    if (given != NULL && has(given, "royale"))
        settle(bin, given, ".");
    else if (has(own, "royale"))
        settle(bin, own, ".");
    else
        settle(bin, own, RY_LAYOUT_BIN);
}

void ry_place_of(enum ry_place_part part, const char *own, const char *given, char path[PATH_MAX])
{
    char bin[PATH_MAX];
    if (part == RY_PLACE_PROGRAMS && given != NULL) {
        /* whoever starts a program there says what is wrong with it */
        if (realpath(given, path) == NULL)
            snprintf(path, PATH_MAX, "%s", given);
        return;
    }
    find_bin(bin, own, given);
    const bool installed = has(bin, RY_LAYOUT_LIBEXEC "/royale-exec");
    settle(path, bin, installed ? ways[part].installed : ways[part].built);
}

int ry_place_find(enum ry_place_part part, char path[PATH_MAX])
{
    char own[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0)
        return -1;
    own[length] = '\0';
    *strrchr(own, '/') = '\0';
    ry_place_of(part, own, getenv("ROYALE_LIBEXEC"), path);
    return 0;
}
