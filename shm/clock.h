/*
 * Machine time, for waiting, heartbeats and measuring; never for a decision of the market.
 *
 * The TSC where it is constant and the kernel trusts it (invariant TSC, clocksource tsc or
 * kvm-clock), calibrated against CLOCK_MONOTONIC_RAW; clock_gettime otherwise. The choice can be
 * asked for and is printed by the benchmarks.
 */
#ifndef RY_SHM_CLOCK_H
#define RY_SHM_CLOCK_H

#include "shm/base.h"

/* Chooses and calibrates (10 ms); once at start, before threads. Returns whether the TSC is used.
 * Without it the fallback is used. Not for a process whose TSC was taken away (PR_SET_TSC). */
bool ry_clock_init(void);
/* Forces the fallback (tests, machines with a bad TSC). */
void ry_clock_init_fallback(void);

/* Nanoseconds since some moment in the past, never falling within a process. */
int64_t ry_clock_ns(void);

/* Nanoseconds of CLOCK_MONOTONIC: alike in all processes of the machine, for stamps that others
 * read, and in step with wall time but for the moments when somebody sets that. Some 20 ns where
 * the kernel has no need to be called. ry_clock_ns is calibrated by each process for itself:
 * cheaper, and microseconds apart. */
int64_t ry_clock_machine_ns(void);

/* Ticks, for differences within one core: the cheapest stamp there is. */
uint64_t ry_clock_ticks(void);
double ry_clock_ns_per_tick(void);

/* Wall time, ns since the epoch. */
int64_t ry_clock_wall_ns(void);

const char *ry_clock_source(void); /* "tsc", "clock_gettime" */

#endif
