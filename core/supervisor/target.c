#include "core/supervisor/target.h"

#include <stdio.h>
#include <string.h>

/* Who is bound to no core makes its regions where the house is. */
static unsigned node_of(const struct ry_tuning_target *target,
                        const struct ry_tuning_placement *placement, const char *name)
{
    for (unsigned i = 0; i < placement->count; i++)
        if (strcmp(placement->process[i].name, name) == 0 && placement->process[i].node >= 0)
            return (unsigned)placement->process[i].node;
    int house = ry_tuning_cpus_next(&target->house, 0);
    return house < 0 ? 0 : ry_tuning_machine_cpu(&target->machine, (unsigned)house)->node;
}

static size_t bytes_of(const struct ry_supervisor_role *role, const struct ry_battle *battle)
{
    size_t bytes = 0;
    for (unsigned i = 0; role->offers[i] != NULL; i++) {
        const struct ry_role_link_row *row = ry_role_link_row(role->offers[i]);
        unsigned count = strchr(role->offers[i], '*') != NULL ? battle->agents : 1;
        bytes += count * ry_role_link_huge_bytes(row);
    }
    for (unsigned i = 0; i < ry_role_links_count; i++)
        if (ry_role_links[i].number == RY_ROLE_EACH_ROLE &&
            (battle->trace_every > 0 || strcmp(ry_role_links[i].name, "ROLE.spans") != 0))
            bytes += ry_role_link_huge_bytes(&ry_role_links[i]);
    return bytes;
}

static void want_memory(struct ry_tuning_target *target,
                        const struct ry_supervisor_topology *topology,
                        const struct ry_battle *battle, const struct ry_tuning_placement *placement)
{
    for (unsigned r = 0; r < topology->count; r++) {
        const struct ry_supervisor_role *role = &topology->role[r];
        for (unsigned i = 0; i < ry_supervisor_topology_processes(role, battle); i++) {
            char name[RY_NAME_BYTES];
            ry_supervisor_topology_name(role, i, name);
            size_t *node = &target->huge_bytes[node_of(target, placement, name)];
            *node += bytes_of(role, battle);
            if (role->place == RY_TUNING_FEED && battle->feed[i].port == RY_BATTLE_PORT_DPDK)
                *node += (size_t)RY_DPDK_MIB << 20;
        }
    }
}

void ry_supervisor_target(struct ry_tuning_target *target,
                          const struct ry_supervisor_topology *topology,
                          const struct ry_battle *battle, const struct ry_tuning_machine *machine,
                          const struct ry_tuning_placement *placement)
{
    ry_tuning_target_of(target, machine, placement);
    snprintf(target->battle, sizeof target->battle, "%s", battle->name);
    want_memory(target, topology, battle, placement);
    for (unsigned i = 0; i < placement->count; i++) {
        const struct ry_tuning_placed *process = &placement->process[i];
        if (process->card[0] == 0)
            continue;
        /* An address of PCI is driven by DPDK itself, an interface by the kernel. There are no more
         * feeds than a target has room for cards. */
        (void)ry_tuning_target_card(target, process->card, strchr(process->card, ':') != NULL);
    }
}
