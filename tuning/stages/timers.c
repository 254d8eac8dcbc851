/*
 * Timers that are not bound to a CPU may be moved when they are set. Who gets them depends on the
 * machine (get_nohz_timer_target in kernel/sched/core.c; from 6.9 on kernel/time/
 * timer_migration.c):
 *
 * - An idle core gives its timers to a busy one that keeps house. Without nohz_full= every core
 *   does, and the busiest is the one that spins: kernel.timer_migration 0 leaves each timer where
 *   it was set.
 * - With nohz_full= the hot cores keep no house: nobody gives them timers, and with 1 those that a
 *   hot core sets itself go to a housekeeping one. So there it is 1 (as in tuned's cpu-partitioning
 *   profile, where its realtime profile, without nohz_full=, has 0).
 */
#include "tuning/stage.h"

#define NOHZ_FULL "/sys/devices/system/cpu/nohz_full"

/* True if all hot cores are of nohz_full=; the file says "(null)" or nothing without it. */
static bool hot_keeps_no_house(const struct ry_tuning_host *host,
                               const struct ry_tuning_target *target)
{
    char text[RY_TUNING_CPUS_TEXT_BYTES];
    struct ry_tuning_cpus adaptive, rest;
    if (!ry_tuning_host_line(host, NOHZ_FULL, text, sizeof text) ||
        !ry_tuning_cpus_read_list(&adaptive, text) || ry_tuning_cpus_count(&target->hot) == 0)
        return false;
    ry_tuning_cpus_without(&rest, &target->hot, &adaptive);
    return ry_tuning_cpus_count(&rest) == 0;
}

void ry_tuning_stage_timers(const struct ry_tuning_host *host,
                            const struct ry_tuning_target *target,
                            const struct ry_tuning_findings *findings)
{
    ry_tuning_tell(host, findings, RY_TUNING_NUMBER, "/proc/sys/kernel/timer_migration",
                   hot_keeps_no_house(host, target) ? "1" : "0",
                   "this kernel moves no timers (CONFIG_NO_HZ_COMMON)");
}
