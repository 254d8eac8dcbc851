/*
 * How long an interrupt from one core to another takes, there and back: membarrier(2),
 * PRIVATE_EXPEDITED, with a thread of ours running on the other core. One call is one such
 * interrupt there ("CAL" of /proc/interrupts), so the probe also is a way to make interrupts that
 * can be counted. Below 2 us on a bare machine; several where a hypervisor has to pass it on.
 */
#ifndef RY_TUNING_PROBE_IPI_H
#define RY_TUNING_PROBE_IPI_H

#include "tuning/probe/probe.h"

struct ry_probe_ipi_asked {
    unsigned from, to; /* cores, not the same */
    int64_t time_ns;
    uint64_t calls_max; /* 0: as many as fit into the time */
};

struct ry_probe_ipi_result {
    bool ran;
    char why[RY_PROBE_WHY_BYTES];
    struct ry_probe_times calls;
};

/* 0; -1: it did not run, `why`. */
int ry_probe_ipi(const struct ry_probe_ipi_asked *asked, struct ry_probe_ipi_result *result);

#endif
