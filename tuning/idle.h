/*
 * How long a core may take to wake, and the kernel's promise of it: while /dev/cpu_dma_latency is
 * held open with a number of microseconds written into it, no core of the machine enters a state
 * that takes longer to leave (Documentation/power/pm_qos_interface.rst). Root alone may open it.
 *
 * Two microseconds let C1 in, on every CPU that is sold, and nothing below it. None (0) would be
 * worse: idle siblings of hot threads would spin in the kernel and take half of their core.
 */
#ifndef RY_TUNING_IDLE_H
#define RY_TUNING_IDLE_H

#define RY_TUNING_IDLE_US_MAX  2
#define RY_TUNING_IDLE_PROMISE "/dev/cpu_dma_latency"

/* The descriptor that holds the promise of RY_TUNING_IDLE_US_MAX at `path` until it is closed, also
 * by the end of the process; or -errno. */
int ry_tuning_idle_hold(const char *path);

#endif
