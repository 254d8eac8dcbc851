/*
 * What the machine is tuned for: which CPUs are hot and which keep house, how much memory is in
 * huge pages, which network cards feed. Made from the plan of a battle (`royale tune apply FILE`),
 * or without one from the machine alone: every core but the first is hot (`--cores`: those named).
 *
 * Example: 4 cores with 2 threads each, a battle of feed, exec, journal: hot 1-3 and their siblings
 * 5-7, housekeeping 0 and 4, idle siblings 5-7.
 */
#ifndef RY_TUNING_TARGET_H
#define RY_TUNING_TARGET_H

#include "tuning/cpus.h"
#include "tuning/machine.h"
#include "tuning/placement.h"

#define RY_TUNING_NICS_MAX 8

struct ry_tuning_nic {
    char pci[16];       /* "0000:3b:00.0"; "": not of PCI */
    char interface[16]; /* "ens1f0"; "": the kernel has none (bound to vfio-pci) */
    int node;           /* memory node; -1: not known */
    bool vfio;          /* the battle's feed drives it by DPDK itself: it is bound to vfio-pci */
    unsigned rx_ring;   /* wanted; 0: as large as it can be */
};

struct ry_tuning_target {
    char battle[128]; /* its name; "": none */
    struct ry_tuning_machine machine;
    struct ry_tuning_cpus hot;              /* the battle's pinned processes', and their siblings */
    struct ry_tuning_cpus siblings;         /* of them: idle threads beside a hot one */
    struct ry_tuning_cpus house;            /* all else that is online */
    size_t huge_bytes[RY_TUNING_NODES_MAX]; /* wanted on each memory node */
    unsigned nics;
    struct ry_tuning_nic nic[RY_TUNING_NICS_MAX];
};

/* From a plan that was made, and the memory and cards of the battle, which the caller knows. */
void ry_tuning_target_of(struct ry_tuning_target *target, const struct ry_tuning_machine *machine,
                         const struct ry_tuning_placement *placement);
/* Without a battle: every core that is online but the one of the first CPU. */
void ry_tuning_target_whole(struct ry_tuning_target *target,
                            const struct ry_tuning_machine *machine);
/* Likewise: the whole cores of these CPUs. -1: one of them is not there or offline (`missing`), or
 * no core is left to keep house (`missing` -1). */
int ry_tuning_target_cores(struct ry_tuning_target *target, const struct ry_tuning_machine *machine,
                           const struct ry_tuning_cpus *cores, int *missing);

/* A card as the battle names it: "0000:3b:00.0", "3b:00.0", "ens1f0"; found among the machine's
 * (its node), or new. False: no room for another. `vfio`: the feed drives it by DPDK itself. */
bool ry_tuning_target_card(struct ry_tuning_target *target, const char *card, bool vfio);

#endif
