/*
 * How long it takes to wake a thread that sleeps on a futex on another core: from before the
 * waker's call until the sleeper runs again. Shows C-states (50-200 us out of a deep one) and what
 * an interrupt between cores costs on a guest; 2-5 us on a tuned machine.
 *
 * The sleeper has slept for `pause_ns` before each wake, so that its core is idle: the longer, the
 * deeper.
 */
#ifndef RY_TUNING_PROBE_FUTEX_H
#define RY_TUNING_PROBE_FUTEX_H

#include "tuning/probe/probe.h"

#define RY_PROBE_FUTEX_PAUSE_NS 200000 /* the default */

struct ry_probe_futex_asked {
    unsigned waker, sleeper; /* cores, not the same */
    int64_t time_ns;
    int64_t pause_ns; /* 0: the default */
};

struct ry_probe_futex_result {
    bool ran;
    char why[RY_PROBE_WHY_BYTES];
    struct ry_probe_times woken; /* until the sleeper runs */
    struct ry_probe_times call;  /* of the waker, in FUTEX_WAKE */
};

/* 0; -1: it did not run, `why`. */
int ry_probe_futex(const struct ry_probe_futex_asked *asked, struct ry_probe_futex_result *result);

#endif
