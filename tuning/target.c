#include "tuning/target.h"

#include <stdio.h>
#include <string.h>

/* Of each memory node with hot CPUs, where no battle says how much: exec's inputs take 17 MiB, an
 * agent's two rings 4. */
#define HUGE_BYTES_WITHOUT_BATTLE ((size_t)256 << 20)

static void begin(struct ry_tuning_target *target, const struct ry_tuning_machine *machine)
{
    *target = (struct ry_tuning_target){.battle = ""};
    target->machine = *machine;
}

/* Their siblings are hot too, whatever is online beside that keeps house. `used`: of the hot CPUs
 * those that somebody runs on. */
static void divide(struct ry_tuning_target *target, const struct ry_tuning_cpus *used)
{
    const struct ry_tuning_machine *machine = &target->machine;
    struct ry_tuning_cpus online = {.word = {0}};
    for (unsigned i = 0; i < machine->cpus; i++)
        if (machine->cpu[i].online)
            ry_tuning_cpus_add(&online, machine->cpu[i].cpu);
    for (int cpu = ry_tuning_cpus_next(used, 0); cpu >= 0;
         cpu = ry_tuning_cpus_next(used, (unsigned)cpu + 1)) {
        struct ry_tuning_cpus core = ry_tuning_machine_siblings(machine, (unsigned)cpu);
        ry_tuning_cpus_both(&core, &core, &online);
        ry_tuning_cpus_with(&target->hot, &target->hot, &core);
    }
    ry_tuning_cpus_without(&target->siblings, &target->hot, used);
    ry_tuning_cpus_without(&target->house, &online, &target->hot);
}

void ry_tuning_target_of(struct ry_tuning_target *target, const struct ry_tuning_machine *machine,
                         const struct ry_tuning_placement *placement)
{
    begin(target, machine);
    divide(target, &placement->hot);
}

static void want_memory(struct ry_tuning_target *target)
{
    for (unsigned i = 0; i < target->machine.cpus; i++)
        if (ry_tuning_cpus_has(&target->hot, target->machine.cpu[i].cpu))
            target->huge_bytes[target->machine.cpu[i].node] = HUGE_BYTES_WITHOUT_BATTLE;
}

/* The CPU with the lowest number that runs. */
static const struct ry_tuning_cpu *first_of(const struct ry_tuning_machine *machine)
{
    const struct ry_tuning_cpu *first = NULL;
    for (unsigned i = 0; i < machine->cpus; i++)
        if (machine->cpu[i].online && (first == NULL || machine->cpu[i].cpu < first->cpu))
            first = &machine->cpu[i];
    return first;
}

void ry_tuning_target_whole(struct ry_tuning_target *target,
                            const struct ry_tuning_machine *machine)
{
    struct ry_tuning_cpus used = {.word = {0}};
    const struct ry_tuning_cpu *first = first_of(machine);
    int last_core = -1;
    begin(target, machine);
    for (unsigned i = 0; i < machine->cpus; i++) {
        const struct ry_tuning_cpu *cpu = &machine->cpu[i];
        if (!cpu->online || first == NULL || cpu->core == first->core ||
            (int)cpu->core == last_core)
            continue;
        last_core = (int)cpu->core;
        ry_tuning_cpus_add(&used, cpu->cpu);
    }
    divide(target, &used);
    want_memory(target);
}

int ry_tuning_target_cores(struct ry_tuning_target *target, const struct ry_tuning_machine *machine,
                           const struct ry_tuning_cpus *cores, int *missing)
{
    begin(target, machine);
    for (int cpu = ry_tuning_cpus_next(cores, 0); cpu >= 0;
         cpu = ry_tuning_cpus_next(cores, (unsigned)cpu + 1)) {
        const struct ry_tuning_cpu *row = ry_tuning_machine_cpu(machine, (unsigned)cpu);
        if (row == NULL || !row->online) {
            *missing = cpu;
            return -1;
        }
    }
    divide(target, cores);
    want_memory(target);
    *missing = -1;
    return ry_tuning_cpus_count(&target->house) > 0 ? 0 : -1;
}

bool ry_tuning_target_card(struct ry_tuning_target *target, const char *card, bool vfio)
{
    const struct ry_tuning_card *known = ry_tuning_machine_card(&target->machine, card);
    if (target->nics == RY_TUNING_NICS_MAX)
        return false;
    struct ry_tuning_nic *nic = &target->nic[target->nics++];
    *nic = (struct ry_tuning_nic){.node = -1, .vfio = vfio};
    if (known != NULL) {
        nic->node = known->node;
        snprintf(nic->pci, sizeof nic->pci, "%s", known->pci);
        snprintf(nic->interface, sizeof nic->interface, "%s", known->interface);
    }
    if (nic->pci[0] != 0 || nic->interface[0] != 0)
        return true;
    /* A bus without its domain is of the first. */
    if (strchr(card, ':') == NULL)
        snprintf(nic->interface, sizeof nic->interface, "%.15s", card);
    else if (strchr(card, ':') == strrchr(card, ':'))
        snprintf(nic->pci, sizeof nic->pci, "0000:%.10s", card);
    else
        snprintf(nic->pci, sizeof nic->pci, "%.15s", card);
    return true;
}
