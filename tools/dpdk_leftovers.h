/*
 * What DPDK leaves behind: the runtime folder of a primary process stays, after a clean exit too. A feed's
 * is named royale-PID-feedN, by its --file-prefix.
 */
#ifndef RY_TOOLS_DPDK_LEFTOVERS_H
#define RY_TOOLS_DPDK_LEFTOVERS_H

#include <sys/types.h>

/* Removes the runtime folder of one feed's process, which has ended. No such folder: nothing to do. */
void ry_dpdk_leftovers_remove(pid_t pid, unsigned index);

/* Removes those of feeds that died together with their supervisor: their pids live no more. */
void ry_dpdk_leftovers_sweep(void);

#endif
