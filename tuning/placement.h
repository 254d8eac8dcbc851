/*
 * Placement: which process runs on which core, and whether it may spin there.
 *
 * A core is named by its number in Linux (one hardware thread); processes that the plan places get
 * physical cores, so that no two of them are siblings. Asked once, before anything is forked: hwloc
 * allocates.
 *
 * - Who names a core keeps it.
 * - Fewer physical cores than processes: oversubscribed. Whoever named none is not bound, nobody
 *   spins.
 * - Otherwise each gets a physical core of its own, in the order given (the first first), on the
 *   memory node of the first if there is room, the machine's first core last: the kernel's own work
 *   sits there.
 * - Spinning is for who shares a physical core with nobody of the plan.
 */
#ifndef RY_TUNING_PLACEMENT_H
#define RY_TUNING_PLACEMENT_H

#include <stdio.h>

#include "shm/base.h"

#define RY_TUNING_PLACEMENT_MAX  (RY_FEEDS_MAX + RY_AGENTS_MAX + 16) /* processes */
#define RY_TUNING_PLACEMENT_NONE (-1)                                /* no core named; not bound */

struct ry_tuning_placed {
    char name[RY_NAME_BYTES];
    int wanted; /* in: a core, or RY_TUNING_PLACEMENT_NONE */
    int core;   /* out */
    bool spin;  /* out */
};

struct ry_tuning_placement {
    unsigned count; /* in: processes, in the order in which they get cores */
    struct ry_tuning_placed process[RY_TUNING_PLACEMENT_MAX];
    unsigned cores; /* out: physical cores that may be used */
    unsigned nodes; /* out: memory nodes */
    bool oversubscribed;
};

/* Plans. `synthetic` is an hwloc description of another machine ("pack:2 core:4 pu:2"), for tests;
 * NULL: this machine, as far as this process is bound. 0; -1: hwloc cannot tell, and nobody who
 * named no core is bound; -2: a named core is not there (`missing` says which process). */
int ry_tuning_placement_plan(struct ry_tuning_placement *placement, const char *synthetic,
                             unsigned *missing);

/* A line for each process and one for the machine. */
void ry_tuning_placement_print(FILE *file, const struct ry_tuning_placement *placement);

#endif
