/*
 * Automatic NUMA balancing unmaps pages of running processes to see by their faults who uses them,
 * then moves them: tens of microseconds, in a process that the planner has put beside its memory
 * already. Documentation/admin-guide/sysctl/kernel.rst, "numa_balancing" (from 5.18 on a sum of
 * 1, normal, and 2, tiers of memory: only 0 is off).
 */
#include "tuning/stage.h"

void ry_tuning_stage_numa_balancing(const struct ry_tuning_host *host,
                                    const struct ry_tuning_target *target,
                                    const struct ry_tuning_findings *findings)
{
    (void)target;
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, "/proc/sys/kernel/numa_balancing", "0",
                   "this kernel balances no NUMA memory: there is nothing to switch off");
}
