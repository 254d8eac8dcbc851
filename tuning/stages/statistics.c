/*
 * Each core's differences of the memory statistics are collected by a timer of its own, once a
 * second by default (vmstat_update in mm/vmstat.c): an interrupt and a kernel worker on every core
 * whose counters moved. From 6.5 on the kernel passes over isolated cores (commit be5e015d107d).
 * Documentation/admin-guide/sysctl/vm.rst, "stat_interval". Others (tuned's realtime profile) set
 * 10 s; a battle shall go on for hours without.
 */
#include "tuning/stage.h"

#define INTERVAL_SECONDS "3600"

void ry_tuning_stage_statistics(const struct ry_tuning_host *host,
                                const struct ry_tuning_target *target,
                                const struct ry_tuning_findings *findings)
{
    (void)target;
    ry_tuning_tell(host, findings, RY_TUNING_AT_LEAST, "/proc/sys/vm/stat_interval",
                   INTERVAL_SECONDS, "this kernel collects no statistics");
}
