/*
 * What a machine has to be tuned for so that a battle runs well on it (tuning/target.h): the CPUs
 * of its plan, huge pages for the regions that its processes make, each on the memory node of who
 * makes it, and the cards of its feeds.
 */
#ifndef RY_CORE_SUPERVISOR_TARGET_H
#define RY_CORE_SUPERVISOR_TARGET_H

#include "core/supervisor/topology.h"
#include "tuning/target.h"

/* `placement` is the plan of that battle for that machine. */
void ry_supervisor_target(struct ry_tuning_target *target,
                          const struct ry_supervisor_topology *topology,
                          const struct ry_battle *battle, const struct ry_tuning_machine *machine,
                          const struct ry_tuning_placement *placement);

#endif
