/*
 * What it costs to enter the kernel and come back: getppid(2), which does next to nothing there.
 * Shows what mitigations cost (page-table isolation, retpolines): 50-100 ns without, 150-700 with.
 */
#ifndef RY_TUNING_PROBE_SYSCALL_H
#define RY_TUNING_PROBE_SYSCALL_H

#include "tuning/probe/probe.h"

struct ry_probe_syscall_asked {
    unsigned core;
    int64_t time_ns;
};

struct ry_probe_syscall_result {
    bool ran;
    char why[RY_PROBE_WHY_BYTES];
    int64_t empty_ns;            /* what the two readings of the clock show without a call */
    struct ry_probe_times calls; /* one by one, `empty_ns` included */
    int64_t best_ps;             /* of a call, the mean of the best thousand in a row */
};

/* 0; -1: it did not run, `why`. */
int ry_probe_syscall(const struct ry_probe_syscall_asked *asked,
                     struct ry_probe_syscall_result *result);

#endif
