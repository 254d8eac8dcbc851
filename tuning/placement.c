#include "tuning/placement.h"

#include <hwloc.h>

#define CORES_MAX 1024

/* One physical core that may be used. */
struct core {
    hwloc_obj_t object;
    unsigned first; /* its first thread's number in Linux */
    unsigned users;
};

struct machine {
    hwloc_topology_t topology;
    struct core core[CORES_MAX];
    unsigned cores;
};

static void add_core(struct machine *machine, hwloc_obj_t object)
{
    int first = hwloc_bitmap_first(object->cpuset);
    if (first >= 0 && machine->cores < CORES_MAX)
        machine->core[machine->cores++] = (struct core){.object = object, .first = (unsigned)first};
}

static int look(struct machine *machine, const char *synthetic)
{
    if (hwloc_topology_init(&machine->topology) != 0)
        return -1;
    bool set = synthetic != NULL
                   ? hwloc_topology_set_synthetic(machine->topology, synthetic) == 0
                   : hwloc_topology_set_flags(machine->topology,
                                              HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM |
                                                  HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING) == 0;
    if (!set || hwloc_topology_load(machine->topology) != 0) {
        hwloc_topology_destroy(machine->topology);
        return -1;
    }
    /* Some virtual machines show threads without cores. */
    hwloc_obj_type_t type = hwloc_get_nbobjs_by_type(machine->topology, HWLOC_OBJ_CORE) > 0
                                ? HWLOC_OBJ_CORE
                                : HWLOC_OBJ_PU;
    hwloc_obj_t object = NULL;
    while ((object = hwloc_get_next_obj_by_type(machine->topology, type, object)) != NULL)
        add_core(machine, object);
    return 0;
}

static struct core *core_with(struct machine *machine, unsigned thread)
{
    for (unsigned i = 0; i < machine->cores; i++)
        if (hwloc_bitmap_isset(machine->core[i].object->cpuset, thread))
            return &machine->core[i];
    return NULL;
}

static int keep_wanted(struct machine *machine, struct ry_tuning_placement *placement,
                       unsigned *missing)
{
    for (unsigned i = 0; i < placement->count; i++) {
        struct ry_tuning_placed *process = &placement->process[i];
        process->core = process->wanted;
        if (process->wanted < 0)
            continue;
        struct core *core = core_with(machine, (unsigned)process->wanted);
        if (core == NULL) {
            *missing = i;
            return -2;
        }
        core->users++;
    }
    return 0;
}

static bool same_node(const struct core *a, const struct core *b)
{
    return a == NULL || b == NULL ||
           hwloc_bitmap_intersects(a->object->nodeset, b->object->nodeset);
}

/* The best core that nobody has; there is one, since there are as many as processes. */
static struct core *free_core(struct machine *machine, const struct core *near)
{
    struct core *best = NULL;
    unsigned best_worth = 0;
    for (unsigned i = 0; i < machine->cores; i++) {
        struct core *core = &machine->core[i];
        unsigned worth = 1u + (same_node(core, near) ? 2u : 0u) + (i > 0 ? 1u : 0u);
        if (core->users == 0 && worth > best_worth) {
            best_worth = worth;
            best = core;
        }
    }
    return best;
}

static void place_rest(struct machine *machine, struct ry_tuning_placement *placement)
{
    for (unsigned i = 0; i < placement->count; i++) {
        struct ry_tuning_placed *process = &placement->process[i];
        int lead = placement->process[0].core;
        struct core *near = lead < 0 ? NULL : core_with(machine, (unsigned)lead);
        struct core *core = process->core < 0 ? free_core(machine, near) : NULL;
        if (core != NULL) {
            core->users = 1;
            process->core = (int)core->first;
        }
    }
    for (unsigned i = 0; i < placement->count; i++) {
        struct ry_tuning_placed *process = &placement->process[i];
        const struct core *core =
            process->core < 0 ? NULL : core_with(machine, (unsigned)process->core);
        process->spin = core != NULL && core->users == 1;
    }
}

int ry_tuning_placement_plan(struct ry_tuning_placement *placement, const char *synthetic,
                             unsigned *missing)
{
    struct machine machine = {.cores = 0};
    for (unsigned i = 0; i < placement->count; i++) {
        placement->process[i].core = placement->process[i].wanted;
        placement->process[i].spin = false;
    }
    if (look(&machine, synthetic) != 0) {
        placement->cores = placement->nodes = 0;
        placement->oversubscribed = true;
        return -1;
    }
    placement->cores = machine.cores;
    int nodes = hwloc_get_nbobjs_by_type(machine.topology, HWLOC_OBJ_NUMANODE);
    placement->nodes = nodes > 0 ? (unsigned)nodes : 1;
    placement->oversubscribed = machine.cores < placement->count;
    int result = keep_wanted(&machine, placement, missing);
    if (result == 0 && !placement->oversubscribed)
        place_rest(&machine, placement);
    hwloc_topology_destroy(machine.topology);
    return result;
}

void ry_tuning_placement_print(FILE *file, const struct ry_tuning_placement *placement)
{
    fprintf(file, "placement: %u core%s, %u memory node%s%s\n", placement->cores,
            placement->cores == 1 ? "" : "s", placement->nodes, placement->nodes == 1 ? "" : "s",
            placement->oversubscribed ? ", oversubscribed" : "");
    for (unsigned i = 0; i < placement->count; i++) {
        const struct ry_tuning_placed *process = &placement->process[i];
        if (process->core < 0) {
            fprintf(file, "  %-12s any core, shared\n", process->name);
        } else {
            fprintf(file, "  %-12s core %d, %s%s\n", process->name, process->core,
                    process->spin ? "its own" : "shared",
                    process->wanted < 0 ? "" : " (as asked for)");
        }
    }
}
