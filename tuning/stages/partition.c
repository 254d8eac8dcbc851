/*
 * The cgroup with the hot CPUs, as an isolated partition: nobody else runs there, nothing is
 * balanced, as with isolcpus= but without a reboot. Documentation/admin-guide/cgroup-v2.rst,
 * "cpuset.cpus.partition" (isolated: from 6.1 on; it reads "isolated invalid (REASON)" where the
 * kernel does not grant it). Who has a hot core enters it (core/supervisor/child.c).
 *
 * - One for all CPUs, written whole once and left alone while it is right: kernels before 7.0
 *   forget which memory node their own threads should be near at each change of a partition.
 * - CPUs and nodes first, the kind last: so only the last write changes the machine.
 * - A partition that has become invalid stays so however often one writes "isolated" (6.1,
 *   update_prstate in kernel/cgroup/cpuset.c): it has to be a member once in between.
 * - systemd switches the controllers of the root's children as its units need them
 *   (unit_update_cgroup in its src/core/cgroup.c), and without its controller the partition is
 *   gone: seen at a daemon-reload of systemd 252. A unit that is held to CPUs (AllowedCPUs=) needs
 *   the controller for ever: the one that systemd itself runs in is always there, and belongs on
 *   the housekeeping CPUs.
 */
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"
#include "tuning/stages/words.h"
#include "tuning/value.h"

#define CGROUPS     "/sys/fs/cgroup"
#define CONTROLLERS CGROUPS "/cgroup.controllers"
#define SYSTEMD     "/run/systemd/system"
#define KEEPER      "/etc/systemd/system/init.scope.d/90-royale-tune.conf"

/* Why there can be no partition; NULL: there can. */
static const char *cannot(const struct ry_tuning_host *host, const struct ry_tuning_target *target)
{
    char controllers[RY_TUNING_TEXT_BYTES];
    if (!ry_tuning_host_line(host, CONTROLLERS, controllers, sizeof controllers))
        return ry_tuning_host_exists(host, CGROUPS "/cpuset")
                   ? "cpusets are cgroup v1's here, which has no partitions: start with "
                     "systemd.unified_cgroup_hierarchy=1 on the kernel line"
                   : "cgroup v2 is not mounted at " CGROUPS;
    if (!ry_tuning_stages_lists(controllers, "cpuset"))
        return "this cgroup tree has no cpusets (a container's, or a kernel without "
               "CONFIG_CPUSETS)";
    if (ry_tuning_cpus_count(&target->house) == 0)
        return "every CPU is hot: none would be left for all else";
    return NULL;
}

static void tell(const struct ry_tuning_host *host, const struct ry_tuning_findings *findings,
                 struct ry_tuning_setting *setting, const char *path, const char *want)
{
    snprintf(setting->path, sizeof setting->path, "%s", path);
    snprintf(setting->want, sizeof setting->want, "%s", want);
    ry_tuning_tell_setting(host, findings, setting);
}

/* The memory nodes of the hot CPUs, written like CPUs. */
static void list_nodes(const struct ry_tuning_target *target, char *text)
{
    struct ry_tuning_cpus nodes = {.word = {0}};
    for (unsigned i = 0; i < target->machine.cpus; i++)
        if (ry_tuning_cpus_has(&target->hot, target->machine.cpu[i].cpu))
            ry_tuning_cpus_add(&nodes, target->machine.cpu[i].node);
    ry_tuning_cpus_list(&nodes, text);
}

static void tell_sets(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                      const struct ry_tuning_findings *findings)
{
    char text[RY_TUNING_CPUS_TEXT_BYTES];
    tell(host, findings,
         &(struct ry_tuning_setting){.kind = RY_TUNING_FILE, .form = RY_TUNING_LIST},
         RY_TUNING_PARTITION "/cpuset.cpus", ry_tuning_cpus_list(&target->hot, text));
    list_nodes(target, text);
    tell(host, findings,
         &(struct ry_tuning_setting){.kind = RY_TUNING_FILE, .form = RY_TUNING_LIST},
         RY_TUNING_PARTITION "/cpuset.mems", text);
}

/* The kernel's reason stands in brackets behind "invalid", where it has one. */
static void tell_kind(const struct ry_tuning_host *host, const struct ry_tuning_findings *findings)
{
    static const char *path = RY_TUNING_PARTITION "/cpuset.cpus.partition";
    struct ry_tuning_setting kind = {.kind = RY_TUNING_FILE, .form = RY_TUNING_FIRST};
    char now[RY_TUNING_TEXT_BYTES];
    if (ry_tuning_host_line(host, path, now, sizeof now) &&
        ry_tuning_stages_lists(now, "invalid")) {
        const char *reason = strchr(now, '(');
        tell(host, findings, &kind, path, "member");
        snprintf(kind.why, sizeof kind.why,
                 "the kernel does not grant it%s%.200s: no other cgroup's cpuset.cpus may have a "
                 "hot CPU",
                 reason != NULL ? " " : "", reason != NULL ? reason : "");
    }
    tell(host, findings, &kind, path, "isolated");
}

static void tell_keeper(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                        const struct ry_tuning_findings *findings)
{
    struct ry_tuning_setting keeper = {.kind = RY_TUNING_OWN_FILE};
    char house[RY_TUNING_CPUS_TEXT_BYTES], text[RY_TUNING_VALUE_BYTES];
    if (!ry_tuning_host_exists(host, SYSTEMD))
        return;
    snprintf(text, sizeof text,
             "# Made by royale tune: keeps systemd from taking the cpuset controller away from "
             "the isolated partition.\n[Scope]\nAllowedCPUs=%.3000s\n",
             ry_tuning_cpus_list(&target->house, house));
    snprintf(keeper.why, sizeof keeper.why,
             "systemd reads it at its next `systemctl daemon-reload` or boot");
    tell(host, findings, &keeper, KEEPER, text);
}

void ry_tuning_stage_partition(const struct ry_tuning_host *host,
                               const struct ry_tuning_target *target,
                               const struct ry_tuning_findings *findings)
{
    const char *why = cannot(host, target);
    if (ry_tuning_cpus_count(&target->hot) == 0) {
        ry_tuning_tell_fact(findings, RY_TUNING_REPORTED, RY_TUNING_PARTITION, "", "",
                            "no core is hot: there is nothing to isolate");
        return;
    }
    if (why != NULL) {
        ry_tuning_tell_fact(findings, RY_TUNING_CANNOT, RY_TUNING_PARTITION, "", "", why);
        return;
    }
    tell(host, findings,
         &(struct ry_tuning_setting){.kind = RY_TUNING_FILE, .form = RY_TUNING_WORD},
         CGROUPS "/cgroup.subtree_control", "+cpuset");
    tell(host, findings, &(struct ry_tuning_setting){.kind = RY_TUNING_DIRECTORY},
         RY_TUNING_PARTITION, "folder");
    tell_sets(host, target, findings);
    tell_kind(host, findings);
    tell_keeper(host, target, findings);
}
