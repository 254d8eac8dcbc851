/*
 * Workers of unbound workqueues (write-back, file systems, drivers) run on any CPU of one mask.
 * Documentation/core-api/workqueue.rst, "Affinity Scopes"; workqueue_set_unbound_cpumask in
 * kernel/workqueue.c. The masks of single workqueues (writeback, ..) lie inside it and are left
 * alone. Work that is bound to a CPU is queued by who runs there: it cannot be sent away.
 *
 * Kernels from 6.8 on take the CPUs of an isolated partition out of the mask by themselves and
 * give them back when it goes (cpumask_isolated, cpumask_requested beside it): after that stage
 * there is nothing left to set here, and nothing to restore.
 */
#include "tuning/stages/spare.h"

void ry_tuning_stage_workqueues(const struct ry_tuning_host *host,
                                const struct ry_tuning_target *target,
                                const struct ry_tuning_findings *findings)
{
    ry_tuning_stages_spare(host, target, findings,
                           &(struct ry_tuning_spare){
                               .path = "/sys/devices/virtual/workqueue/cpumask",
                               .form = RY_TUNING_MASK,
                               .rest = &target->house,
                               .absent = "this kernel does not show its workqueues (CONFIG_SYSFS)",
                           });
}
