/*
 * Inside noise.c: what the files of /proc say of some CPUs, as tables. Each function reads one
 * file; 0, or -errno (-EPROTO: it does not look as the kernel writes it), and then the table says
 * nothing. Text in these files is the kernel's, but for names of processes, which are anybody's:
 * they are taken as bytes that a terminal can show.
 */
#ifndef RY_TUNING_NOISE_FILES_H
#define RY_TUNING_NOISE_FILES_H

#include "tuning/noise.h"

#define RY_TUNING_NOISE_MISSING UINT64_MAX /* no such column: the CPU is offline, or not there */

/* The CPUs that are looked at, by number. */
struct ry_tuning_noise_cpus {
    unsigned count;
    unsigned cpu[RY_TUNING_CPUS_MAX];
};

struct ry_tuning_noise_label {
    char id[RY_TUNING_NOISE_ID_BYTES];
    char name[RY_TUNING_NOISE_NAME_BYTES];
};

/* /proc/interrupts, /proc/softirqs: rows that count for each CPU. times[row * cpus + i]. */
struct ry_tuning_noise_table {
    unsigned rows;
    struct ry_tuning_noise_label *label;
    uint64_t *times;
};

int ry_tuning_noise_read_table(const struct ry_tuning_host *host, const char *path,
                               const struct ry_tuning_noise_cpus *cpus,
                               struct ry_tuning_noise_table *table);
void ry_tuning_noise_table_free(struct ry_tuning_noise_table *table);

/* One figure for each CPU out of lines "cpu3 a b c ..": the `field`-th, from 1; MISSING. */
int ry_tuning_noise_read_field(const struct ry_tuning_host *host, const char *path, unsigned field,
                               const struct ry_tuning_noise_cpus *cpus, uint64_t *value);

/* A task as /proc/PID/stat and status tell it. */
struct ry_tuning_noise_task {
    pid_t pid;
    uint64_t started; /* ticks since boot: with pid, who it is */
    char name[RY_TUNING_NOISE_NAME_BYTES];
    bool kernel;
    int cpu;        /* where it ran last; -1: not known */
    uint64_t ticks; /* that it ran */
    bool counted;   /* the rest is known: */
    int only_cpu;   /* the only CPU on which it may run; -1: there are several */
    uint64_t given_up, forced;
};

/* /proc/PID/stat. */
int ry_tuning_noise_read_stat(const struct ry_tuning_host *host, pid_t pid,
                              struct ry_tuning_noise_task *task);
/* `path`: a folder of /proc that has a file `status`; sets what is behind `counted`. */
int ry_tuning_noise_read_status(const struct ry_tuning_host *host, const char *path,
                                struct ry_tuning_noise_task *task);

/* How far a counter moved that wraps at 32 bits, or began anew at 0. */
uint64_t ry_tuning_noise_moved(uint64_t before, uint64_t after);

#endif
