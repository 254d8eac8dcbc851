#include "tools/dpdk_leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the EAL of DPDK 22.11 makes its runtime folders (eal_create_runtime_dir). */
static int open_root(void)
{
    char path[PATH_MAX];
    const char *root = getenv("RUNTIME_DIRECTORY");
    if (root == NULL) {
        root = getuid() == 0 ? "/var/run" : getenv("XDG_RUNTIME_DIR");
    }
    snprintf(path, sizeof path, "%s/dpdk", root == NULL ? "/tmp" : root);
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A folder of plain files and sockets; never goes through a link or into a folder inside. */
static void remove_folder(int root, const char *name)
{
    int folder = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) {
        return;
    }
    DIR *opened = fdopendir(folder);
    if (opened == NULL) {
        close(folder);
        return;
    }
    for (struct dirent *entry; (entry = readdir(opened)) != NULL;) {
        (void)unlinkat(folder, entry->d_name, 0);
    }
    closedir(opened);
    if (unlinkat(root, name, AT_REMOVEDIR) != 0) {
        fprintf(stderr, "royale: cannot remove DPDK's runtime folder %s: %s\n", name, strerror(errno));
    }
}

void ry_dpdk_leftovers_remove(pid_t pid, unsigned index)
{
    char name[64];
    int root = open_root();
    if (root < 0) {
        return;
    }
    snprintf(name, sizeof name, "royale-%d-feed%u", (int)pid, index);
    remove_folder(root, name);
    close(root);
}

/* "royale-PID-feedN" of a process that is not there. */
static bool is_dead_feeds(const char *name)
{
    int pid, end = 0;
    unsigned index;
    if (sscanf(name, "royale-%d-feed%u%n", &pid, &index, &end) != 2 || name[end] != '\0' || pid <= 0) {
        return false;
    }
    return kill(pid, 0) != 0 && errno == ESRCH;
}

void ry_dpdk_leftovers_sweep(void)
{
    int root = open_root();
    if (root < 0) {
        return;
    }
    DIR *opened = fdopendir(root);
    if (opened == NULL) {
        close(root);
        return;
    }
    for (struct dirent *entry; (entry = readdir(opened)) != NULL;) {
        if (is_dead_feeds(entry->d_name)) {
            remove_folder(root, entry->d_name);
        }
    }
    closedir(opened);
}
