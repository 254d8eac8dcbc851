/*
 * The regions of a battle are memfds of 2 MiB pages (shm/region.c asks for that size by name), so
 * that is the pool that has to have pages, on the memory node of who writes them. What is there of
 * 1 GiB pages is reported: DPDK takes memory of either, and only the kernel line gets many of them.
 * DPDK finds its pages by a hugetlbfs mount. Documentation/admin-guide/mm/hugetlbpage.rst.
 *
 * The kernel makes as many pages as it finds unbroken memory for, and says so only when one reads
 * again: fewer after apply is no error of the file.
 */
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"
#include "tuning/value.h"

#define PAGE_BYTES  ((size_t)2 << 20)
#define POOL        "hugepages/hugepages-2048kB/nr_hugepages"
#define GIANT_POOL  "hugepages/hugepages-1048576kB/nr_hugepages"
#define MOUNT_POINT "/dev/hugepages" /* systemd's too */
#define MOUNT_WANT  "hugetlbfs pagesize=2M"

/* A folder of pools: a memory node's, or all of a machine's without NUMA in its kernel. */
static bool pools(const struct ry_tuning_host *host, unsigned node, char *folder, size_t bytes)
{
    snprintf(folder, bytes, "/sys/devices/system/node/node%u/", node);
    if (ry_tuning_host_exists(host, folder))
        return true;
    snprintf(folder, bytes, "/sys/kernel/mm/");
    return node == 0 && ry_tuning_host_exists(host, folder);
}

static void tell_pool(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                      const struct ry_tuning_findings *findings, unsigned node, const char *folder)
{
    struct ry_tuning_setting pool = {.kind = RY_TUNING_FILE, .form = RY_TUNING_AT_LEAST};
    size_t bytes = target->huge_bytes[node], there = target->machine.node_bytes[node];
    size_t pages = bytes / PAGE_BYTES + (bytes % PAGE_BYTES != 0);
    snprintf(pool.path, sizeof pool.path, "%.256s" POOL, folder);
    snprintf(pool.want, sizeof pool.want, "%zu", pages);
    if (!ry_tuning_host_exists(host, pool.path)) {
        pool.state = RY_TUNING_CANNOT;
        snprintf(pool.why, sizeof pool.why, "this kernel has no huge pages of 2 MiB");
    } else if (there != 0 && bytes > there) {
        pool.state = RY_TUNING_CANNOT;
        snprintf(pool.why, sizeof pool.why, "memory node %u has %zu MiB in all, %zu are wanted",
                 node, there >> 20, bytes >> 20);
    } else {
        snprintf(pool.why, sizeof pool.why,
                 "if the kernel finds fewer, memory is in pieces: apply soon after a start, or put "
                 "hugepagesz=2M hugepages=%zu on the kernel line",
                 pages);
    }
    ry_tuning_tell_setting(host, findings, &pool);
}

static void tell_giants(const struct ry_tuning_host *host,
                        const struct ry_tuning_findings *findings, const char *folder)
{
    char path[RY_TUNING_PATH_BYTES], now[32];
    long long pages;
    snprintf(path, sizeof path, "%.256s" GIANT_POOL, folder);
    if (!ry_tuning_host_number(host, path, &pages) || pages == 0)
        return;
    snprintf(now, sizeof now, "%lld", pages);
    ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, path, now, "",
                        "pages of 1 GiB: DPDK may take them, a battle's regions do not");
}

static void take_mount(void *context, const struct ry_tuning_mounted *mounted)
{
    char *path = context;
    if (path[0] == 0 && strcmp(mounted->type, "hugetlbfs") == 0 &&
        strstr(mounted->options, "pagesize=2M") != NULL)
        snprintf(path, RY_TUNING_PATH_BYTES, "%s", mounted->at);
}

static void tell_mount(const struct ry_tuning_host *host, const struct ry_tuning_findings *findings)
{
    struct ry_tuning_setting mount = {
        .kind = RY_TUNING_MOUNT, .gone_with_boot = true, .want = MOUNT_WANT};
    /* The first of 2 MiB pages, wherever it is. */
    (void)ry_tuning_host_mounts(host, take_mount, mount.path);
    if (mount.path[0] == 0) {
        struct ry_tuning_setting folder = {.kind = RY_TUNING_DIRECTORY,
                                           .gone_with_boot = true,
                                           .path = MOUNT_POINT,
                                           .want = "folder"};
        snprintf(mount.path, sizeof mount.path, MOUNT_POINT);
        ry_tuning_tell_setting(host, findings, &folder);
    }
    ry_tuning_tell_setting(host, findings, &mount);
}

void ry_tuning_stage_huge_pages(const struct ry_tuning_host *host,
                                const struct ry_tuning_target *target,
                                const struct ry_tuning_findings *findings)
{
    char folder[RY_TUNING_PATH_BYTES];
    bool wanted = false;
    for (unsigned node = 0; node < RY_TUNING_NODES_MAX; node++) {
        if (!pools(host, node, folder, sizeof folder))
            continue;
        if (target->huge_bytes[node] > 0)
            tell_pool(host, target, findings, node, folder);
        wanted |= target->huge_bytes[node] > 0;
        tell_giants(host, findings, folder);
    }
    if (wanted)
        tell_mount(host, findings);
    else
        ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, "/sys/kernel/mm/hugepages", "", "",
                            "how many a battle needs is known with its file: royale tune .. FILE");
}
