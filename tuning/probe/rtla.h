/*
 * rtla(1) of the kernel's own tools, where it is: `timerlat` says how late timers are (in the
 * interrupt and in a thread), `osnoise` how much of a core's time others took. Both need root, the
 * kernel's osnoise tracers and tracefs; where one of them is missing the result says which.
 */
#ifndef RY_TUNING_PROBE_RTLA_H
#define RY_TUNING_PROBE_RTLA_H

#include "tuning/host.h"
#include "tuning/probe/probe.h"

#define RY_PROBE_RTLA_TEXT_BYTES 32768
#define RY_PROBE_RTLA_CORES_MAX  256

enum ry_probe_rtla_tool {
    RY_PROBE_RTLA_TIMERLAT,
    RY_PROBE_RTLA_OSNOISE,
};

struct ry_probe_rtla_asked {
    enum ry_probe_rtla_tool tool;
    const struct ry_tuning_host *host; /* where /sys/kernel/tracing is looked for */
    const char *program;               /* NULL: "rtla" of PATH */
    struct ry_tuning_cpus cores;
    int64_t time_ns; /* whole seconds, at least 1 */
    int64_t late_ns; /* beyond that it is interrupted, then killed; 0: 10 s */
};

struct ry_probe_rtla_line {
    uint64_t count;
    int64_t shortest_us, mean_us, longest_us;
};

struct ry_probe_rtla_core {
    unsigned core;
    struct ry_probe_rtla_line irq;    /* timerlat; of osnoise its only line */
    struct ry_probe_rtla_line thread; /* timerlat alone */
};

struct ry_probe_rtla_result {
    bool ran;
    char why[RY_PROBE_WHY_BYTES];
    unsigned cores; /* that its summary names */
    struct ry_probe_rtla_core core[RY_PROBE_RTLA_CORES_MAX];
    char text[RY_PROBE_RTLA_TEXT_BYTES]; /* what it printed, cut at the end of a line */
    bool cut;
};

/* Makes the summary's figures out of result->text, whatever stands there; makes it printable, and
 * cuts off a line that is not whole if `cut`. */
void ry_probe_rtla_read(struct ry_probe_rtla_result *result);

/* 0; -1: it did not run, `why`. */
int ry_probe_rtla(const struct ry_probe_rtla_asked *asked, struct ry_probe_rtla_result *result);

#endif
