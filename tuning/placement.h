/*
 * Placement: which process runs on which core, how it waits there, and why. A pure function of the
 * machine (tuning/machine.h) and of what the processes need; the same in `royale plan`, `check`,
 * `run` and `tune`.
 *
 * A core is named by its number in Linux (one hardware thread); hot processes get physical cores,
 * so that no two of them are siblings, and their siblings stay idle.
 *
 * - Who names a core keeps it.
 * - Hot are exec, the feeds and the agents: each has a physical core of its own and spins. If there
 *   are too few of them beside one that keeps house, the plan is oversubscribed: whoever named no
 *   core is not bound, nobody spins. Then isolated CPUs are wasted: Linux puts nobody there who is
 *   not bound to them.
 * - The journal gets a core of its own near exec if one is left.
 * - Observers (supervisor, view, export, web, screen) are bound to the set of cores that keep
 *   house: all that are neither hot nor isolated. They never run on others.
 * - Isolated CPUs first; then the fastest kind of core; then a feed on the memory node of its card,
 *   exec and feeds in one L3, all agents at the same distance from exec. The core with CPU 0 and
 *   one that keeps house are left alone.
 * - Where something of that cannot be had, a note says so.
 *
 * Example: "numa:2 l3:1 core:4 pu:2 [nic=1]", a battle of exec, a feed from the card and an agent:
 * exec, feed0 and agent0 on CPUs 8, 10, 12 (node 1), the journal on 14, the house on 0-7.
 */
#ifndef RY_TUNING_PLACEMENT_H
#define RY_TUNING_PLACEMENT_H

#include <stdio.h>

#include "shm/base.h"
#include "tuning/machine.h"

#define RY_TUNING_PLACEMENT_MAX   (RY_FEEDS_MAX + RY_AGENTS_MAX + 16) /* processes */
#define RY_TUNING_PLACEMENT_NONE  (-1)                                /* no core; no card's node */
#define RY_TUNING_PLACEMENT_NOTES 8
#define RY_TUNING_PLACEMENT_WHY   160

enum ry_tuning_role {
    RY_TUNING_OBSERVER = 0,
    RY_TUNING_EXEC,
    RY_TUNING_FEED,
    RY_TUNING_JOURNAL,
    RY_TUNING_AGENT,
};

/* What a process does when it finds nothing to do (shm/wait.h). */
enum ry_tuning_wait {
    RY_TUNING_PARK = 0, /* sleeps until it is rung for */
    RY_TUNING_YIELD,    /* a feed on a shared core: yields for a while, then sleeps */
    RY_TUNING_SPIN,     /* looks again at once: on a core of its own */
};

struct ry_tuning_placed {
    /* In. */
    char name[RY_NAME_BYTES];
    enum ry_tuning_role role;
    int wanted;    /* a core, or RY_TUNING_PLACEMENT_NONE */
    char card[64]; /* a feed's: PCI address or interface; "": it has none */
    /* Out. */
    int core; /* NONE: not bound, or an observer, which is bound to `house` */
    int node; /* memory node of the core; NONE: not bound */
    enum ry_tuning_wait wait;
    bool
        enter; /* its core lies in the machine's partition, which it has to enter before it binds */
    char why[RY_TUNING_PLACEMENT_WHY]; /* a sentence without a full stop */
};

struct ry_tuning_placement {
    unsigned count; /* in: processes; exec, feeds, agents in the order in which they get cores */
    struct ry_tuning_placed process[RY_TUNING_PLACEMENT_MAX];
    unsigned cores; /* out: physical cores that may be used */
    unsigned nodes; /* out: memory nodes of the machine */
    bool oversubscribed;
    struct ry_tuning_cpus hot;   /* CPUs of processes that have a core of their own */
    struct ry_tuning_cpus idle;  /* their siblings that could be used, on which nobody should run */
    struct ry_tuning_cpus house; /* CPUs for observers; empty: they are not bound */
    struct ry_tuning_cpus
        wasted; /* isolated ones that nobody of an oversubscribed battle reaches */
    unsigned notes;
    char note[RY_TUNING_PLACEMENT_NOTES][RY_TUNING_PLACEMENT_WHY]; /* what could not be had */
};

/* Plans. 0; -1: `machine` is NULL (hwloc could not tell), and nobody who named no core is bound;
 * -2: a named core is not there or may not be used (`missing` says which process). */
int ry_tuning_placement_plan(struct ry_tuning_placement *placement,
                             const struct ry_tuning_machine *machine, unsigned *missing);

/* "spin", "yield", "park". */
const char *ry_tuning_wait_word(enum ry_tuning_wait wait);

/* A line for the machine, one for each process, one for each note. */
void ry_tuning_placement_print(FILE *file, const struct ry_tuning_placement *placement);

#endif
