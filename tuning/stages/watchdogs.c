/*
 * The kernel's watchdogs look whether a core hangs: a timer every few seconds and a thread of the
 * highest priority on each core of watchdog_cpumask (soft lockups), and a non-maskable interrupt of
 * a performance counter (hard lockups), which also takes that counter from who wants to measure.
 * Documentation/admin-guide/lockup-watchdogs.rst and sysctl/kernel.rst, "nmi_watchdog",
 * "watchdog_cpumask" (a list of CPUs, whatever its name says).
 *
 * Housekeeping cores keep theirs: a hang of the machine is still told.
 */
#include "tuning/stages/spare.h"

void ry_tuning_stage_watchdogs(const struct ry_tuning_host *host,
                               const struct ry_tuning_target *target,
                               const struct ry_tuning_findings *findings)
{
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, "/proc/sys/kernel/nmi_watchdog", "0",
                   "this kernel has no watchdog by performance counters");
    ry_tuning_stages_spare(host, target, findings,
                           &(struct ry_tuning_spare){
                               .path = "/proc/sys/kernel/watchdog_cpumask",
                               .form = RY_TUNING_LIST,
                               .rest = &target->house,
                               .absent = "this kernel has no watchdog for soft lockups",
                           });
}
