#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tuning/machine_parts.h"

/* One line of /proc/cpuinfo; the flags of a modern processor take 2 KB. */
#define LINE_BYTES 8192

/* ---- sets of CPUs that Linux tells ----------------------------------------------------------- */

/* Not there: empty. */
static struct ry_tuning_cpus read_set(const struct ry_tuning_host *host, const char *path)
{
    char text[RY_TUNING_CPUS_TEXT_BYTES];
    struct ry_tuning_cpus set;
    if (!ry_tuning_host_line(host, path, text, sizeof text) ||
        !ry_tuning_cpus_read_list(&set, text))
        set = (struct ry_tuning_cpus){.word = {0}};
    return set;
}

static void read_offline(struct ry_tuning_machine *machine, const struct ry_tuning_host *host)
{
    struct ry_tuning_cpus present = read_set(host, "/sys/devices/system/cpu/present");
    struct ry_tuning_cpus online = read_set(host, "/sys/devices/system/cpu/online");
    struct ry_tuning_cpus possible = read_set(host, "/sys/devices/system/cpu/possible");
    ry_tuning_cpus_without(&machine->offline, &present, &online);
    for (int cpu = ry_tuning_cpus_next(&possible, 0); cpu >= 0;
         cpu = ry_tuning_cpus_next(&possible, (unsigned)cpu + 1))
        if ((unsigned)cpu >= machine->possible)
            machine->possible = (unsigned)cpu + 1;
}

/* ---- which may be used, which are isolated --------------------------------------------------- */

static bool writable(const struct ry_tuning_host *host, const char *path)
{
    char full[2 * RY_TUNING_PATH_BYTES];
    return ry_tuning_host_path(host, path, full) && access(full, W_OK) == 0;
}

/* The partition as it works, not as it was asked for: "isolated invalid (...)" isolates nothing.
 * To be entered it must be writable, and so must the root, which is above it and above where we
 * are (cgroup-v2.rst, "Delegation Containment"). */
static struct ry_tuning_cpus read_partition(const struct ry_tuning_host *host, bool *enter)
{
    char state[128];
    struct ry_tuning_cpus none = {.word = {0}};
    *enter = false;
    if (!ry_tuning_host_line(host, RY_TUNING_PARTITION "/cpuset.cpus.partition", state,
                             sizeof state) ||
        strcmp(state, "isolated") != 0)
        return none;
    *enter = writable(host, RY_TUNING_PARTITION "/cgroup.procs") &&
             writable(host, "/sys/fs/cgroup/cgroup.procs");
    return read_set(host, RY_TUNING_PARTITION "/cpuset.cpus.effective");
}

/* False: unknown (more CPUs than we count). */
static bool read_affinity(struct ry_tuning_cpus *set)
{
    cpu_set_t affinity;
    _Static_assert(CPU_SETSIZE == RY_TUNING_CPUS_MAX, "all of an affinity");
    *set = (struct ry_tuning_cpus){.word = {0}};
    if (sched_getaffinity(0, sizeof affinity, &affinity) != 0)
        return false;
    for (unsigned cpu = 0; cpu < RY_TUNING_CPUS_MAX; cpu++)
        if (CPU_ISSET(cpu, &affinity))
            ry_tuning_cpus_add(set, cpu);
    return true;
}

bool ry_tuning_machine_in_house(void)
{
    struct ry_tuning_cpus house, affinity;
    const char *list = getenv(RY_TUNING_HOUSE_VARIABLE);
    return list != NULL && ry_tuning_cpus_read_list(&house, list) && read_affinity(&affinity) &&
           ry_tuning_cpus_same(&house, &affinity);
}

static struct ry_tuning_cpus allowed_of(const struct ry_tuning_machine *machine)
{
    struct ry_tuning_cpus set = {.word = {0}};
    for (unsigned i = 0; i < machine->cpus; i++)
        if (machine->cpu[i].allowed)
            ry_tuning_cpus_add(&set, machine->cpu[i].cpu);
    return set;
}

static void read_rights(struct ry_tuning_machine *machine, const struct ry_tuning_host *host)
{
    bool enter, bound = false;
    struct ry_tuning_cpus allowed = allowed_of(machine), affinity, usual;
    struct ry_tuning_cpus isolated = read_set(host, "/sys/devices/system/cpu/isolated");
    const struct ry_tuning_cpus others = read_set(host, "/sys/fs/cgroup/cpuset.cpus.isolated");
    const struct ry_tuning_cpus partition = read_partition(host, &enter);
    ry_tuning_cpus_without(&usual, &allowed, &isolated);
    if (host->root[0] == 0 && read_affinity(&affinity) && !ry_tuning_machine_in_house()) {
        bound = !ry_tuning_cpus_same(&affinity, &usual);
        if (bound)
            allowed = affinity;
    }
    if (enter && !bound) {
        machine->partition = partition;
        ry_tuning_cpus_with(&allowed, &allowed, &partition);
    } else {
        machine->shut = partition;
        ry_tuning_cpus_without(&allowed, &allowed, &partition);
    }
    ry_tuning_cpus_with(&isolated, &isolated, &partition);
    ry_tuning_cpus_with(&isolated, &isolated, &others);
    for (unsigned i = 0; i < machine->cpus; i++) {
        struct ry_tuning_cpu *row = &machine->cpu[i];
        row->allowed = ry_tuning_cpus_has(&allowed, row->cpu);
        row->isolated = ry_tuning_cpus_has(&isolated, row->cpu);
    }
}

/* ---- network cards --------------------------------------------------------------------------- */

struct cards {
    struct ry_tuning_machine *machine;
    const struct ry_tuning_host *host;
    struct ry_tuning_card *card; /* the one that is looked at */
};

static void add_card(const struct cards *cards, const char *pci, const char *interface,
                     const char *device)
{
    char path[RY_TUNING_PATH_BYTES];
    long long node;
    struct ry_tuning_machine *machine = cards->machine;
    if (machine->cards == RY_TUNING_CARDS_MAX)
        return;
    struct ry_tuning_card *card = &machine->card[machine->cards++];
    *card = (struct ry_tuning_card){.node = -1};
    snprintf(card->pci, sizeof card->pci, "%.15s", pci);
    snprintf(card->interface, sizeof card->interface, "%.15s", interface);
    snprintf(path, sizeof path, "%.400s/numa_node", device);
    if (ry_tuning_host_number(cards->host, path, &node) && node >= 0 && node < RY_TUNING_NODES_MAX)
        card->node = (int)node;
}

/* "/sys/.../net/ens1f0": the name that the kernel gave the card. */
static void take_interface(void *context, const char *path)
{
    const struct cards *cards = context;
    if (cards->card->interface[0] == 0)
        snprintf(cards->card->interface, sizeof cards->card->interface, "%.15s",
                 strrchr(path, '/') + 1);
}

/* Network cards are PCI devices of class 02; one that is bound to vfio-pci has no interface. */
static void take_pci(void *context, const char *pci)
{
    struct cards *cards = context;
    char path[RY_TUNING_PATH_BYTES], device[RY_TUNING_PATH_BYTES / 2], class[16];
    snprintf(device, sizeof device, "/sys/bus/pci/devices/%.200s", pci);
    snprintf(path, sizeof path, "%s/class", device);
    if (!ry_tuning_host_line(cards->host, path, class, sizeof class) ||
        strncmp(class, "0x02", 4) != 0)
        return;
    unsigned before = cards->machine->cards;
    add_card(cards, pci, "", device);
    if (cards->machine->cards == before)
        return;
    cards->card = &cards->machine->card[before];
    snprintf(path, sizeof path, "%s/net/*", device);
    (void)ry_tuning_host_glob(cards->host, path, take_interface, cards);
    snprintf(path, sizeof path, "%s/virtio*/net/*", device);
    (void)ry_tuning_host_glob(cards->host, path, take_interface, cards);
}

/* Those of other buses; what has no device (lo, bridges, bonds) is no card. */
static void take_other(void *context, const char *interface)
{
    const struct cards *cards = context;
    char device[RY_TUNING_PATH_BYTES / 2];
    snprintf(device, sizeof device, "/sys/class/net/%.200s/device", interface);
    for (unsigned i = 0; i < cards->machine->cards; i++)
        if (strcmp(cards->machine->card[i].interface, interface) == 0)
            return;
    if (ry_tuning_host_exists(cards->host, device))
        add_card(cards, "", interface, device);
}

static void read_cards(struct ry_tuning_machine *machine, const struct ry_tuning_host *host)
{
    struct cards cards = {.machine = machine, .host = host};
    (void)ry_tuning_host_list(host, "/sys/bus/pci/devices", take_pci, &cards);
    (void)ry_tuning_host_list(host, "/sys/class/net", take_other, &cards);
}

/* ---- is it a guest --------------------------------------------------------------------------- */

/* x86 has a flag for it; others are known by who sold the board. */
static bool has_flag(const struct ry_tuning_host *host)
{
    char path[RY_TUNING_PATH_BYTES + 32], line[LINE_BYTES];
    bool found = false, flags = false;
    snprintf(path, sizeof path, "%s/proc/cpuinfo", host->root);
    FILE *file = fopen(path, "re");
    while (file != NULL && !flags && fgets(line, sizeof line, file) != NULL) {
        flags = strncmp(line, "flags", 5) == 0;
        found = flags && strstr(line, " hypervisor") != NULL;
    }
    if (file != NULL)
        fclose(file);
    return found;
}

static bool is_guest(const struct ry_tuning_host *host)
{
    static const char *const vendors[] = {"QEMU",    "KVM",          "Xen",
                                          "VMware",  "Amazon EC2",   "Google",
                                          "innotek", "DigitalOcean", "Parallels"};
    char vendor[128];
    if (has_flag(host) || ry_tuning_host_exists(host, "/sys/hypervisor/type"))
        return true;
    if (!ry_tuning_host_line(host, "/sys/class/dmi/id/sys_vendor", vendor, sizeof vendor))
        return false;
    for (size_t i = 0; i < sizeof vendors / sizeof *vendors; i++)
        if (strncmp(vendor, vendors[i], strlen(vendors[i])) == 0)
            return true;
    return false;
}

void ry_tuning_machine_here(struct ry_tuning_machine *machine, const struct ry_tuning_host *host)
{
    read_offline(machine, host);
    read_rights(machine, host);
    read_cards(machine, host);
    machine->guest = is_guest(host);
}
