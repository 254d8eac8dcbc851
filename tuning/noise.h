/*
 * What disturbed a core between two looks: interrupts and softirqs by name, context switches,
 * kernel threads, time that a hypervisor took away. From /proc alone, for anybody who may read it;
 * looking costs the cores in question nothing.
 *
 * Example: exec spins on core 3. A look when the battle begins, one when it is over, and between
 * them "core 3 (exec): 12 interrupts (local timer 9, rescheduling 3), 0 switches, no kernel
 * threads".
 *
 * Where the figures are from:
 *   interrupts  /proc/interrupts; counts of 32 bits that wrap, and begin anew with a driver
 *   softirqs    /proc/softirqs, likewise
 *   arrivals    /proc/schedstat: how often a task began to run there, whoever it was. Needs
 *               CONFIG_SCHEDSTATS, which Debian has
 *   stolen      /proc/stat: ticks in which a hypervisor ran something else
 *   processes   /proc/PID/task/TID/status: switches of all threads, given up or forced
 *   threads     /proc/PID/stat, status: kernel threads and strangers that ran meanwhile and the
 *               last time on that core. Who ran there and then elsewhere shows in arrivals alone,
 *               and as a switch of whoever was there
 */
#ifndef RY_TUNING_NOISE_H
#define RY_TUNING_NOISE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "shm/base.h"
#include "tuning/cpus.h"
#include "tuning/host.h"

#define RY_TUNING_NOISE_ROWS_MAX   24 /* of a kind and core, the most frequent; others: `more` */
#define RY_TUNING_NOISE_ID_BYTES   16
#define RY_TUNING_NOISE_NAME_BYTES 64
#define RY_TUNING_NOISE_WHY_BYTES  192

/* Who is watched: bound to `core`, or to none (-1). */
struct ry_tuning_noise_process {
    char name[RY_NAME_BYTES];
    pid_t pid;
    int core;
};

/* One look. Allocated; made and read by noise.c alone. */
struct ry_tuning_noise_look;

/* Looks at `cores` and at what `process` has done. NULL: no memory. What cannot be read is noted in
 * the look, and said by the difference. */
struct ry_tuning_noise_look *ry_tuning_noise_look(const struct ry_tuning_host *host,
                                                  const struct ry_tuning_cpus *cores,
                                                  const struct ry_tuning_noise_process *process,
                                                  unsigned processes);
void ry_tuning_noise_forget(struct ry_tuning_noise_look *look);

/* A process that had ended before this look: what wait4(2) says that it did in its whole life. */
void ry_tuning_noise_ended(struct ry_tuning_noise_look *look, unsigned process, uint64_t given_up,
                           uint64_t forced);

/* ---- between two looks ----------------------------------------------------------------------- */

struct ry_tuning_noise_row {
    char id[RY_TUNING_NOISE_ID_BYTES];     /* "LOC", "36"; of a softirq "NET_RX" */
    char name[RY_TUNING_NOISE_NAME_BYTES]; /* "local timer", "virtio1-req.0"; softirq: as id */
    uint64_t times;
};

/* Those that are not 0, the most frequent first. */
struct ry_tuning_noise_rows {
    bool known;
    uint64_t times; /* of all */
    unsigned count;
    unsigned more; /* rows beyond RY_TUNING_NOISE_ROWS_MAX */
    struct ry_tuning_noise_row row[RY_TUNING_NOISE_ROWS_MAX];
};

/* A kernel thread, or the first thread of a process that is none of those watched. */
struct ry_tuning_noise_thread {
    pid_t pid;
    char name[RY_TUNING_NOISE_NAME_BYTES]; /* "ksoftirqd/3", "kworker/3:1-events" */
    bool kernel;
    bool bound;        /* it may run on this core alone */
    bool moved;        /* it had been on another core when the first look came */
    uint64_t switches; /* how often it stopped running: unless bound, at most so often there */
    uint64_t ran_ms;   /* in steps of a tick of USER_HZ: 10 ms */
};

struct ry_tuning_noise_core {
    unsigned core;
    bool online; /* at both looks, as far as interrupts are known */
    struct ry_tuning_noise_rows interrupts, softirqs;
    bool arrivals_known;
    uint64_t arrivals;
    bool stolen_known;
    uint64_t stolen_ms;
    bool threads_known;
    unsigned threads, threads_more; /* by switches, the most first; beyond the array */
    struct ry_tuning_noise_thread thread[RY_TUNING_NOISE_ROWS_MAX];
};

struct ry_tuning_noise_switches {
    struct ry_tuning_noise_process process;
    bool known;
    uint64_t given_up; /* it waited for something ("voluntary") */
    uint64_t forced;   /* another took the core ("involuntary") */
};

struct ry_tuning_noise {
    int64_t time_ns; /* between the looks, monotonic */
    unsigned cores, processes;
    struct ry_tuning_noise_core *core;        /* by number */
    struct ry_tuning_noise_switches *process; /* in the order given */
    char why[RY_TUNING_NOISE_WHY_BYTES];      /* what of it is not known, and why; "": all is */
};

/* What happened from `before` to `after`, two looks of the same cores and processes. False: no
 * memory. To be freed. */
bool ry_tuning_noise_between(struct ry_tuning_noise *noise,
                             const struct ry_tuning_noise_look *before,
                             const struct ry_tuning_noise_look *after);
void ry_tuning_noise_free(struct ry_tuning_noise *noise);

#endif
