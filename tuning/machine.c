#include "tuning/machine.h"

#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tuning/machine_parts.h"

/* ---- rows out of hwloc ----------------------------------------------------------------------- */

static unsigned index_of(hwloc_topology_t topology, hwloc_obj_type_t type, hwloc_obj_t pu)
{
    hwloc_obj_t above = hwloc_get_ancestor_obj_by_type(topology, type, pu);
    return above == NULL ? 0 : above->logical_index;
}

/* hwloc sorts kinds from the slowest to the fastest; where it does not know, all are alike. */
static unsigned kind_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
    int efficiency = -1;
    int kinds = hwloc_cpukinds_get_nr(topology, 0);
    int kind = kinds > 1 ? hwloc_cpukinds_get_by_cpuset(topology, pu->cpuset, 0) : -1;
    if (kind < 0 ||
        hwloc_cpukinds_get_info(topology, (unsigned)kind, NULL, &efficiency, NULL, NULL, 0) != 0 ||
        efficiency < 0)
        return 0;
    return (unsigned)(kinds - 1 - kind);
}

static void add_row(struct ry_tuning_machine *machine, hwloc_topology_t topology, hwloc_obj_t pu,
                    unsigned core, unsigned thread)
{
    if (machine->cpus == RY_TUNING_CPUS_MAX || pu->os_index >= RY_TUNING_CPUS_MAX)
        return;
    int node = hwloc_bitmap_first(pu->nodeset);
    struct ry_tuning_cpu *row = &machine->cpu[machine->cpus++];
    *row = (struct ry_tuning_cpu){
        .cpu = pu->os_index,
        .core = core,
        .thread = thread,
        .l3 = index_of(topology, HWLOC_OBJ_L3CACHE, pu),
        .node = node > 0 && node < RY_TUNING_NODES_MAX ? (unsigned)node : 0,
        .package = index_of(topology, HWLOC_OBJ_PACKAGE, pu),
        .kind = kind_of(topology, pu),
        .online = true,
        .allowed = hwloc_bitmap_isset(hwloc_topology_get_allowed_cpuset(topology), pu->os_index),
    };
}

/* What has no L3 shares no cache for sure: a memory node counts as one. */
static void split_by_node(struct ry_tuning_machine *machine)
{
    for (unsigned i = 0; i < machine->cpus; i++)
        machine->cpu[i].l3 = machine->cpu[i].node;
}

static void read_memory(struct ry_tuning_machine *machine, hwloc_topology_t topology)
{
    hwloc_obj_t object = NULL;
    while ((object = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, object)) != NULL)
        if (object->os_index < RY_TUNING_NODES_MAX)
            machine->node_bytes[object->os_index] = object->attr->numanode.local_memory;
    while ((object = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_L3CACHE, object)) != NULL)
        if (object->attr->cache.size > machine->l3_bytes)
            machine->l3_bytes = object->attr->cache.size;
}

/* The cards in an XML file; this machine's are looked up in /sys. */
static void read_cards(struct ry_tuning_machine *machine, hwloc_topology_t topology)
{
    hwloc_obj_t object = NULL;
    while ((object = hwloc_get_next_osdev(topology, object)) != NULL) {
        hwloc_obj_t pci = object->parent;
        hwloc_obj_t near = hwloc_get_non_io_ancestor_obj(topology, object);
        if (object->attr->osdev.type != HWLOC_OBJ_OSDEV_NETWORK ||
            machine->cards == RY_TUNING_CARDS_MAX)
            continue;
        struct ry_tuning_card *card = &machine->card[machine->cards++];
        *card = (struct ry_tuning_card){.node = hwloc_bitmap_first(near->nodeset)};
        snprintf(card->interface, sizeof card->interface, "%s", object->name);
        if (pci != NULL && pci->type == HWLOC_OBJ_PCI_DEVICE)
            snprintf(card->pci, sizeof card->pci, "%04x:%02x:%02x.%01x",
                     (unsigned)pci->attr->pcidev.domain & 0xffffu, pci->attr->pcidev.bus,
                     pci->attr->pcidev.dev, pci->attr->pcidev.func);
    }
}

static void read_name(struct ry_tuning_machine *machine, hwloc_topology_t topology)
{
    hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
    const char *model = NULL;
    if (package != NULL)
        model = hwloc_obj_get_info_by_name(package, "CPUModel");
    if (model == NULL)
        model = hwloc_obj_get_info_by_name(hwloc_get_root_obj(topology), "CPUModel");
    snprintf(machine->name, sizeof machine->name, "%s",
             model != NULL ? model : "a processor without a name");
    for (char *end; (end = strstr(machine->name, "  ")) != NULL;)
        memmove(end, end + 1, strlen(end));
}

static void read_rows(struct ry_tuning_machine *machine, hwloc_topology_t topology)
{
    /* Some virtual machines show threads without cores. */
    hwloc_obj_type_t type =
        hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE) > 0 ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;
    hwloc_obj_t core = NULL;
    for (unsigned number = 0; (core = hwloc_get_next_obj_by_type(topology, type, core)) != NULL;
         number++) {
        hwloc_obj_t pu = NULL;
        for (unsigned thread = 0; (pu = hwloc_get_next_obj_inside_cpuset_by_type(
                                       topology, core->cpuset, HWLOC_OBJ_PU, pu)) != NULL;
             thread++)
            add_row(machine, topology, pu, number, thread);
    }
    machine->l3_known = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_L3CACHE) > 0;
    if (!machine->l3_known)
        split_by_node(machine);
    read_memory(machine, topology);
    read_name(machine, topology);
    for (unsigned i = 0; i < machine->cpus; i++)
        if (machine->cpu[i].cpu >= machine->possible)
            machine->possible = machine->cpu[i].cpu + 1;
}

/* ---- counts ---------------------------------------------------------------------------------- */

/* Gives what `field` points out in each row the numbers 0, 1, .. in the order of appearance. */
static unsigned renumber(struct ry_tuning_machine *machine, size_t field)
{
    unsigned seen[RY_TUNING_CPUS_MAX];
    unsigned count = 0;
    for (unsigned i = 0; i < machine->cpus; i++) {
        unsigned *value = (unsigned *)(void *)((char *)&machine->cpu[i] + field);
        unsigned number = 0;
        while (number < count && seen[number] != *value)
            number++;
        if (number == count)
            seen[count++] = *value;
        *value = number;
    }
    return count;
}

void ry_tuning_machine_count(struct ry_tuning_machine *machine)
{
    struct ry_tuning_cpus nodes = {.word = {0}};
    machine->cores = renumber(machine, offsetof(struct ry_tuning_cpu, core));
    machine->l3s = renumber(machine, offsetof(struct ry_tuning_cpu, l3));
    machine->packages = renumber(machine, offsetof(struct ry_tuning_cpu, package));
    machine->kinds = 1;
    for (unsigned i = 0; i < machine->cpus; i++) {
        ry_tuning_cpus_add(&nodes, machine->cpu[i].node);
        if (machine->cpu[i].kind >= machine->kinds)
            machine->kinds = machine->cpu[i].kind + 1;
    }
    machine->nodes = ry_tuning_cpus_count(&nodes);
}

/* ---- which machine --------------------------------------------------------------------------- */

static int cannot(char error[RY_TUNING_MACHINE_ERROR_BYTES], const char *what, const char *which)
{
    snprintf(error, RY_TUNING_MACHINE_ERROR_BYTES, "%s%.160s", what, which);
    return -1;
}

/* Of a description or a file: "WHICH: what". */
static int bad(char error[RY_TUNING_MACHINE_ERROR_BYTES], const char *which, const char *what)
{
    snprintf(error, RY_TUNING_MACHINE_ERROR_BYTES, "%.120s: %s", which, what);
    return -1;
}

static bool load(hwloc_topology_t topology, const char *synthetic, const char *file)
{
    if (synthetic != NULL && hwloc_topology_set_synthetic(topology, synthetic) != 0)
        return false;
    if (file != NULL &&
        (hwloc_topology_set_xml(topology, file) != 0 ||
         hwloc_topology_set_io_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_IMPORTANT) != 0))
        return false;
    return hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) == 0 &&
           hwloc_topology_load(topology) == 0;
}

/* Of a synthetic description or a file; of neither: of what hwloc finds. */
static int read_topology(struct ry_tuning_machine *machine, const char *synthetic, const char *file,
                         char error[RY_TUNING_MACHINE_ERROR_BYTES])
{
    hwloc_topology_t topology;
    if (hwloc_topology_init(&topology) != 0)
        return cannot(error, "hwloc cannot begin", "");
    bool loaded = load(topology, synthetic, file), all = true;
    if (loaded) {
        read_rows(machine, topology);
        if (file != NULL)
            read_cards(machine, topology);
        all = (int)machine->cpus == hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
    }
    hwloc_topology_destroy(topology);
    if (!loaded && file != NULL)
        return bad(error, file, "no topology of lstopo (lstopo --of xml FILE)");
    if (!loaded && synthetic != NULL)
        return bad(error, synthetic, "hwloc makes no machine of it");
    const char *given = synthetic != NULL ? synthetic : file;
    if (!all && given != NULL)
        return bad(error, given, "a CPU has a number above what is planned for (1023)");
    if (!loaded || machine->cpus == 0)
        return cannot(error, "hwloc finds no CPU", "");
    return 0;
}

static bool has_any(const struct ry_tuning_machine *machine)
{
    for (unsigned i = 0; i < machine->cpus; i++)
        if (machine->cpu[i].online && machine->cpu[i].allowed)
            return true;
    return false;
}

static int look_described(struct ry_tuning_machine *machine, const char *description,
                          char error[RY_TUNING_MACHINE_ERROR_BYTES])
{
    char text[1024];
    size_t length = strlen(description);
    while (length > 0 && description[length - 1] == ' ')
        length--;
    if (length >= sizeof text)
        return bad(error, description, "too long a description");
    memcpy(text, description, length);
    text[length] = 0;
    /* hwloc's own brackets (memory nodes beside a level) never come last. */
    char *words = length > 0 && text[length - 1] == ']' ? strrchr(text, '[') : NULL;
    size_t words_length = 0;
    if (words != NULL) {
        words_length = (size_t)(text + length - 1 - (words + 1));
        *words++ = 0;
    }
    for (char *end = text + strlen(text); end > text && end[-1] == ' ';)
        *--end = 0;
    /* No description has a slash. */
    bool file = strchr(text, '/') != NULL || access(text, F_OK) == 0;
    machine->described = true;
    if (file && access(text, R_OK) != 0)
        return bad(error, text, strerror(errno));
    if (!file && !ry_tuning_machine_synthetic(text, error))
        return -1;
    if (read_topology(machine, file ? NULL : text, file ? text : NULL, error) != 0)
        return -1;
    const char *slash = strrchr(description, '/');
    if (!file || strcmp(machine->name, "a processor without a name") == 0)
        snprintf(machine->name, sizeof machine->name, "%.200s",
                 file && slash != NULL ? slash + 1 : description);
    if (words != NULL && !ry_tuning_machine_described(machine, words, words_length, error))
        return -1;
    if (!has_any(machine))
        return bad(error, description, "no CPU is left that runs and may be used");
    ry_tuning_machine_count(machine);
    return 0;
}

int ry_tuning_machine_look_under(struct ry_tuning_machine *machine, const char *root,
                                 char error[RY_TUNING_MACHINE_ERROR_BYTES])
{
    struct ry_tuning_host host;
    *machine = (struct ry_tuning_machine){.cpus = 0};
    ry_tuning_host_open(&host, root);
    /* hwloc would take this machine instead. */
    if (root[0] != 0 && !ry_tuning_host_exists(&host, "/sys/devices/system/cpu/online"))
        return cannot(error, "no machine: there is no sys/devices/system/cpu/online under ", root);
    if (root[0] != 0 && setenv("HWLOC_FSROOT", root, 1) != 0)
        return cannot(error, "no room for the environment variable HWLOC_FSROOT", "");
    int result = read_topology(machine, NULL, NULL, error);
    if (root[0] != 0)
        unsetenv("HWLOC_FSROOT");
    if (result != 0)
        return -1;
    ry_tuning_machine_here(machine, &host);
    ry_tuning_machine_count(machine);
    return 0;
}

int ry_tuning_machine_look(struct ry_tuning_machine *machine, const char *description,
                           char error[RY_TUNING_MACHINE_ERROR_BYTES])
{
    if (description == NULL)
        return ry_tuning_machine_look_under(machine, "", error);
    *machine = (struct ry_tuning_machine){.cpus = 0};
    return look_described(machine, description, error);
}

/* ---- rows by number -------------------------------------------------------------------------- */

const struct ry_tuning_cpu *ry_tuning_machine_cpu(const struct ry_tuning_machine *machine,
                                                  unsigned cpu)
{
    for (unsigned i = 0; i < machine->cpus; i++)
        if (machine->cpu[i].cpu == cpu)
            return &machine->cpu[i];
    return NULL;
}

struct ry_tuning_cpus ry_tuning_machine_siblings(const struct ry_tuning_machine *machine,
                                                 unsigned cpu)
{
    struct ry_tuning_cpus siblings = {.word = {0}};
    const struct ry_tuning_cpu *row = ry_tuning_machine_cpu(machine, cpu);
    for (unsigned i = 0; row != NULL && i < machine->cpus; i++)
        if (machine->cpu[i].core == row->core)
            ry_tuning_cpus_add(&siblings, machine->cpu[i].cpu);
    return siblings;
}

/* "3b:00.0" is "0000:3b:00.0". A card that was only described is whatever a battle calls it. */
static bool is_card(const struct ry_tuning_card *card, const char *name)
{
    static const char domain[] = "0000:";
    const size_t length = sizeof domain - 1;
    if (card->pci[0] == 0 && card->interface[0] == 0)
        return true;
    return (card->interface[0] != 0 && strcmp(card->interface, name) == 0) ||
           strcasecmp(card->pci, name) == 0 ||
           (strncmp(card->pci, domain, length) == 0 && strcasecmp(card->pci + length, name) == 0);
}

const struct ry_tuning_card *ry_tuning_machine_card(const struct ry_tuning_machine *machine,
                                                    const char *name)
{
    for (unsigned i = 0; name[0] != 0 && i < machine->cards; i++)
        if (is_card(&machine->card[i], name))
            return &machine->card[i];
    return NULL;
}
