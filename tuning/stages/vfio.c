/*
 * A card that a feed drives by DPDK itself (PCI address in the battle file) is bound to vfio-pci,
 * and kept there over a reboot by driver_override: tmpfiles.d writes it early, and whichever of
 * card and driver comes later, they meet. What vfio needs besides is looked at first:
 *
 *     an IOMMU             without one the card could write anywhere: vfio-pci does not take it
 *     the group to itself  what shares the card's IOMMU group could reach its memory: vfio opens
 *                          the group only when no other driver has a device in it
 *     no route             to take away the interface by which one came in would cut oneself off
 */
#include <stdio.h>
#include <string.h>

#include "tuning/stage.h"
#include "tuning/value.h"

#define DEVICES  "/sys/bus/pci/devices"
#define VFIO     "vfio-pci"
#define LOADED   "/sys/bus/pci/drivers/" VFIO
#define UNSAFE   "/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"
#define MODULES  "/etc/modules-load.d/royale-tune.conf"
#define TMPFILES "/etc/tmpfiles.d/royale-tune-vfio.conf"
#define OURS     "# Of royale tune apply; royale tune revert takes it away.\n"
#define ROUTES   "/proc/net/route"

struct looking {
    const struct ry_tuning_host *host;
    const struct ry_tuning_target *target;
    const struct ry_tuning_findings *findings;
    bool found;       /* of what a list is looked through for */
    char device[128]; /* its folder */
    char why[RY_TUNING_SENTENCE_BYTES];
};

static void path_of(const struct looking *looking, const char *name,
                    char path[RY_TUNING_PATH_BYTES])
{
    snprintf(path, RY_TUNING_PATH_BYTES, "%s/%s", looking->device, name);
}

/* ---- what vfio-pci needs --------------------------------------------------------------------- */

static void note(void *context, const char *path)
{
    struct looking *looking = context;
    (void)path;
    looking->found = true;
}

static bool kernel_has_vfio(struct looking *looking)
{
    char release[128], pattern[RY_TUNING_PATH_BYTES];
    looking->found = false;
    if (ry_tuning_host_exists(looking->host, LOADED))
        return true;
    if (!ry_tuning_host_line(looking->host, "/proc/sys/kernel/osrelease", release, sizeof release))
        return false;
    snprintf(pattern, sizeof pattern, "/lib/modules/%s/kernel/drivers/vfio/pci/vfio-pci.ko*",
             release);
    (void)ry_tuning_host_glob(looking->host, pattern, note, looking);
    return looking->found;
}

/* A bridge (class 06) is the kernel's own, and may stay in the group. */
static void each_of_group(void *context, const char *address)
{
    struct looking *looking = context;
    char device[RY_TUNING_PATH_BYTES], path[RY_TUNING_PATH_BYTES], class[16];
    char driver[RY_TUNING_TEXT_BYTES];
    snprintf(device, sizeof device, DEVICES "/%s", address);
    snprintf(path, sizeof path, "%.300s/class", device);
    bool bridge = ry_tuning_host_line(looking->host, path, class, sizeof class) &&
                  strncmp(class, "0x06", 4) == 0;
    if (looking->found || bridge ||
        ry_tuning_value_read(looking->host, RY_TUNING_DRIVER, device, driver) != 0)
        return;
    driver[strcspn(driver, " ")] = 0;
    if (strcmp(driver, "-") == 0 || strcmp(driver, VFIO) == 0)
        return;
    for (unsigned i = 0; i < looking->target->nics; i++)
        if (looking->target->nic[i].vfio && strcmp(looking->target->nic[i].pci, address) == 0)
            return;
    looking->found = true;
    snprintf(looking->why, sizeof looking->why,
             "%s (%.60s) is in the same group, and vfio opens none that it shares with a driver: "
             "bind that to vfio-pci too, or move the card to another slot",
             address, driver);
}

/* False: it cannot be bound, `why` says it. */
static bool tell_group(struct looking *looking)
{
    char path[RY_TUNING_PATH_BYTES], group[32], members[RY_TUNING_PATH_BYTES], unsafe[8];
    path_of(looking, "iommu_group", path);
    if (!ry_tuning_host_link(looking->host, path, group, sizeof group)) {
        if (ry_tuning_host_line(looking->host, UNSAFE, unsafe, sizeof unsafe) && unsafe[0] == 'Y') {
            ry_tuning_tell_fact(looking->findings, RY_TUNING_REPORTED, path, "", "",
                                "vfio does without an IOMMU (enable_unsafe_noiommu_mode): the card "
                                "can write to all of the machine's memory");
            return true;
        }
        ry_tuning_tell_fact(looking->findings, RY_TUNING_YOURS, path, "", "a group",
                            looking->target->machine.guest
                                ? "no IOMMU keeps the card to its own memory: a guest has one only "
                                  "if its host gives it one (QEMU: -device intel-iommu)"
                                : "no IOMMU keeps the card to its own memory: switch VT-d or "
                                  "AMD-Vi on in the firmware, and see stage kernel-line");
        snprintf(looking->why, sizeof looking->why, "vfio-pci takes no card without an IOMMU");
        return false;
    }
    looking->found = false;
    snprintf(members, sizeof members, "/sys/kernel/iommu_groups/%s/devices", group);
    (void)ry_tuning_host_list(looking->host, members, each_of_group, looking);
    ry_tuning_tell_fact(looking->findings, looking->found ? RY_TUNING_YOURS : RY_TUNING_OK, path,
                        group, "", looking->found ? looking->why : "the card has it to itself");
    return true;
}

/* Has the interface a route of IPv4 or IPv6? Their tables name it in the first or the last word. */
static bool has_route(const struct looking *looking, const char *interface)
{
    static const char *const tables[] = {ROUTES, "/proc/net/ipv6_route"};
    char path[2 * RY_TUNING_PATH_BYTES], line[256], first[32], last[32];
    bool routed = false;
    for (unsigned i = 0; i < 2; i++) {
        FILE *file = ry_tuning_host_path(looking->host, tables[i], path) ? fopen(path, "re") : NULL;
        while (file != NULL && !routed && fgets(line, sizeof line, file) != NULL) {
            char *end = strrchr(line, ' ');
            routed = (sscanf(line, "%31s", first) == 1 && strcmp(first, interface) == 0) ||
                     (i == 1 && end != NULL && sscanf(end, "%31s", last) == 1 &&
                      strcmp(last, interface) == 0 && strncmp(line, "fe80", 4) != 0 &&
                      strncmp(line, "ff00", 4) != 0);
        }
        if (file != NULL)
            fclose(file);
    }
    return routed;
}

/* `path` ends with the interface's name. */
static void each_interface(void *context, const char *path)
{
    struct looking *looking = context;
    const char *interface = strrchr(path, '/') + 1;
    if (looking->found || !has_route(looking, interface))
        return;
    looking->found = true;
    snprintf(looking->why, sizeof looking->why,
             "%.32s has a route, perhaps the one by which you are here: if it is not, take its "
             "addresses away first (ip address flush dev %.32s)",
             interface, interface);
}

static bool in_use(struct looking *looking)
{
    char pattern[RY_TUNING_PATH_BYTES];
    looking->found = false;
    path_of(looking, "net/*", pattern);
    (void)ry_tuning_host_glob(looking->host, pattern, each_interface, looking);
    path_of(looking, "virtio*/net/*", pattern);
    (void)ry_tuning_host_glob(looking->host, pattern, each_interface, looking);
    return looking->found;
}

/* ---- one card -------------------------------------------------------------------------------- */

/* True: it can be bound, or is. */
static bool look_at(struct looking *looking, const char *address)
{
    bool can = false;
    struct ry_tuning_setting setting = {.kind = RY_TUNING_DRIVER, .want = VFIO};
    snprintf(looking->device, sizeof looking->device, DEVICES "/%s", address);
    snprintf(setting.path, sizeof setting.path, "%s", looking->device);
    looking->why[0] = 0;
    if (!ry_tuning_host_exists(looking->host, looking->device)) {
        ry_tuning_tell_fact(looking->findings, RY_TUNING_CANNOT, looking->device, "", VFIO,
                            "there is no such card in this machine (lspci -D lists them)");
        return false;
    }
    if (!tell_group(looking)) {
        setting.state = RY_TUNING_CANNOT;
    } else if (!kernel_has_vfio(looking)) {
        setting.state = RY_TUNING_CANNOT;
        strcpy(looking->why, "this kernel has no vfio-pci");
    } else if (in_use(looking)) {
        setting.state = RY_TUNING_YOURS;
    } else {
        can = true;
        looking->why[0] = 0;
    }
    snprintf(setting.why, sizeof setting.why, "%s", looking->why);
    ry_tuning_tell_setting(looking->host, looking->findings, &setting);
    return can;
}

static void tell_file(const struct looking *looking, const char *path, const char *content)
{
    struct ry_tuning_setting setting = {.kind = RY_TUNING_OWN_FILE};
    snprintf(setting.path, sizeof setting.path, "%s", path);
    snprintf(setting.want, sizeof setting.want, "%s", content);
    ry_tuning_tell_setting(looking->host, looking->findings, &setting);
}

/* A line of tmpfiles.d for each card, with its address before `between`, and behind it `again`. */
static void add_lines(char kept[RY_TUNING_VALUE_BYTES], const char *const *card, unsigned cards,
                      const char *before, const char *between, bool again)
{
    for (unsigned i = 0; i < cards; i++) {
        size_t used = strlen(kept);
        snprintf(kept + used, RY_TUNING_VALUE_BYTES - used, "%s%s%s%s\n", before, card[i], between,
                 again ? card[i] : "");
    }
}

/* All overrides before the first probe: systemd-tmpfiles writes what goes to one file together, in
 * the place of the first. */
static void tell_files(const struct looking *looking, const char *const *card, unsigned cards)
{
    char kept[RY_TUNING_VALUE_BYTES] = OURS;
    add_lines(kept, card, cards, "w " DEVICES "/", "/driver_override - - - - " VFIO, false);
    add_lines(kept, card, cards, "w " DEVICES "/", "/driver/unbind - - - - ", true);
    add_lines(kept, card, cards, "w+ /sys/bus/pci/drivers_probe - - - - ", "", false);
    tell_file(looking, MODULES, OURS VFIO "\n");
    tell_file(looking, TMPFILES, kept);
}

void ry_tuning_stage_vfio(const struct ry_tuning_host *host, const struct ry_tuning_target *target,
                          const struct ry_tuning_findings *findings)
{
    struct looking looking = {.host = host, .target = target, .findings = findings};
    const char *kept[RY_TUNING_NICS_MAX];
    unsigned cards = 0, keep = 0;
    for (unsigned i = 0; i < target->nics; i++) {
        if (!target->nic[i].vfio || target->nic[i].pci[0] == 0)
            continue;
        cards++;
        if (look_at(&looking, target->nic[i].pci))
            kept[keep++] = target->nic[i].pci;
    }
    if (keep > 0)
        tell_files(&looking, kept, keep);
    if (cards == 0)
        ry_tuning_tell_fact(findings, RY_TUNING_OK, DEVICES, "", "",
                            "no feed of the battle drives a card by itself");
}
