/*
 * The machine as placement and tuning see it: one row a CPU, read once by hwloc and from /sys, or
 * made from a description of another machine. A plain value afterwards: planning over it is a pure
 * function, so a plan for a machine that one does not have is as good as one for one's own.
 *
 * Descriptions: hwloc's synthetic ones ("pack:2 numa:1 l3:2 core:4 pu:2"), an XML file of `lstopo`,
 * and behind either, in brackets, what those cannot say:
 *
 *     isolated=2-7   CPUs of isolcpus= or of an isolated partition
 *     offline=9      CPUs that are switched off
 *     absent=17,19   CPUs that there are none of: cores with a thread less (efficiency cores)
 *     allowed=0-15   CPUs that this process may use, as of taskset(1) or a cgroup; otherwise all
 *     nic=1          a network card on memory node 1, whatever a battle calls it; once more:
 * another nic=1:ens1f0   likewise, with its name: interface or PCI address kind:1=8-15    CPUs of
 * the slower kind 1; kind 0 is the fastest
 *
 * Example: "pack:1 l3:1 core:8 pu:2 [absent=9,11,13,15 kind:1=8-15]": four fast cores with two
 * threads each and four slow ones.
 *
 * Allowed is more than sched_getaffinity(2) says where the rest was taken away by isolation alone:
 * CPUs of isolcpus= are in nobody's affinity but may be asked for, and those of our own cgroup
 * partition (RY_TUNING_PARTITION) may be entered by whom its cgroup.procs lets. Who was bound to
 * fewer CPUs on purpose (taskset, CPUAffinity=) is held to them.
 */
#ifndef RY_TUNING_MACHINE_H
#define RY_TUNING_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "tuning/cpus.h"

#define RY_TUNING_NODES_MAX 64
#define RY_TUNING_CARDS_MAX 32
#define RY_TUNING_PARTITION "/sys/fs/cgroup/royale" /* the cgroup with the hot CPUs */

struct ry_tuning_cpu {
    unsigned cpu;     /* its number in Linux */
    unsigned core;    /* which physical core, from 0 through the machine; siblings share it */
    unsigned thread;  /* which of its core's threads, from 0 */
    unsigned l3;      /* which last-level cache, likewise; where none is known, which node */
    unsigned node;    /* memory node, its number in Linux */
    unsigned package; /* socket, from 0 */
    unsigned kind;    /* 0: the fastest kind of core; 1, ..: slower ones (efficiency cores) */
    bool online;
    bool allowed;  /* this process may run there: affinity, cgroup, partition */
    bool isolated; /* of isolcpus=, or of an isolated partition that can be entered */
};

/* A network card. */
struct ry_tuning_card {
    char pci[16];       /* "0000:3b:00.0"; "": not of PCI, or described */
    char interface[16]; /* "ens1f0"; "": the kernel has none (bound to vfio-pci), or described */
    int node;           /* memory node; -1: not known */
};

struct ry_tuning_machine {
    char name[256]; /* "AMD EPYC 9654", the description, or the file's name */
    bool described; /* not this machine */
    bool guest;     /* a guest of a hypervisor: figures of time mean less */
    unsigned cpus;  /* rows */
    struct ry_tuning_cpu cpu[RY_TUNING_CPUS_MAX]; /* by core, then by thread */
    unsigned possible;                            /* how many bits the kernel's masks have here */
    unsigned cores, l3s, nodes, packages, kinds;
    bool l3_known;
    size_t l3_bytes;                        /* of the largest L3; 0: not known */
    size_t node_bytes[RY_TUNING_NODES_MAX]; /* of memory; 0: not known */
    unsigned cards;
    struct ry_tuning_card card[RY_TUNING_CARDS_MAX]; /* by PCI address, then by name */
    struct ry_tuning_cpus offline; /* of this machine they have no rows: nobody knows their core */
    struct ry_tuning_cpus partition; /* of RY_TUNING_PARTITION, which can be entered */
    struct ry_tuning_cpus shut;      /* likewise, but it cannot: not allowed */
};

#define RY_TUNING_MACHINE_ERROR_BYTES 256

/* `description` NULL: this machine. 0; -1 with a reason that names what was not understood. */
int ry_tuning_machine_look(struct ry_tuning_machine *machine, const char *description,
                           char error[RY_TUNING_MACHINE_ERROR_BYTES]);
/* A machine whose /sys and /proc lie under `root` (a folder that is like one; "": this machine).
 * All its CPUs that are online are allowed. Not beside other threads: hwloc asks the environment.
 */
int ry_tuning_machine_look_under(struct ry_tuning_machine *machine, const char *root,
                                 char error[RY_TUNING_MACHINE_ERROR_BYTES]);

/* The row of a CPU, or NULL. */
const struct ry_tuning_cpu *ry_tuning_machine_cpu(const struct ry_tuning_machine *machine,
                                                  unsigned cpu);
/* All threads of the physical core of a CPU, itself too; no CPU's: none. */
struct ry_tuning_cpus ry_tuning_machine_siblings(const struct ry_tuning_machine *machine,
                                                 unsigned cpu);
/* The card that a battle calls so: "0000:3b:00.0", "3b:00.0", "ens1f0"; NULL: none. */
const struct ry_tuning_card *ry_tuning_machine_card(const struct ry_tuning_machine *machine,
                                                    const char *name);

/* A unit of systemd that has the drop-in of `royale plan --systemd` begins where the house is, by
 * CPUAffinity=, and says so in RY_TUNING_HOUSE_VARIABLE, the same list of CPUs. Then the affinity
 * that this process was given is no limit of what it may use. */
#define RY_TUNING_HOUSE_VARIABLE "ROYALE_HOUSE"
bool ry_tuning_machine_in_house(void);

#endif
