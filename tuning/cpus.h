/*
 * A set of CPUs, by their numbers in Linux (hardware threads), and the two ways in which the kernel
 * writes one: a list "0-3,8" (cpuset.cpus, smp_affinity_list, isolcpus=) and a mask of 32-bit words
 * "ff,ffffffff" (rps_cpus, workqueue's cpumask). A plain value; no allocation.
 */
#ifndef RY_TUNING_CPUS_H
#define RY_TUNING_CPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RY_TUNING_CPUS_MAX        1024
#define RY_TUNING_CPUS_TEXT_BYTES 4096 /* the longest list or mask, with its 0 */

struct ry_tuning_cpus {
    uint64_t word[RY_TUNING_CPUS_MAX / 64];
};

void ry_tuning_cpus_add(struct ry_tuning_cpus *set, unsigned cpu);
void ry_tuning_cpus_drop(struct ry_tuning_cpus *set, unsigned cpu);
bool ry_tuning_cpus_has(const struct ry_tuning_cpus *set, unsigned cpu);
unsigned ry_tuning_cpus_count(const struct ry_tuning_cpus *set);
bool ry_tuning_cpus_same(const struct ry_tuning_cpus *a, const struct ry_tuning_cpus *b);
bool ry_tuning_cpus_meet(const struct ry_tuning_cpus *a, const struct ry_tuning_cpus *b);
/* a and not b; a or b; a and b: into `out`, which may be one of them. */
void ry_tuning_cpus_without(struct ry_tuning_cpus *out, const struct ry_tuning_cpus *a,
                            const struct ry_tuning_cpus *b);
void ry_tuning_cpus_with(struct ry_tuning_cpus *out, const struct ry_tuning_cpus *a,
                         const struct ry_tuning_cpus *b);
void ry_tuning_cpus_both(struct ry_tuning_cpus *out, const struct ry_tuning_cpus *a,
                         const struct ry_tuning_cpus *b);
/* The first from `cpu` on, or -1: for (int c = next(s, 0); c >= 0; c = next(s, (unsigned)c + 1)) */
int ry_tuning_cpus_next(const struct ry_tuning_cpus *set, unsigned cpu);

/* The kernel's texts; a newline at the end is passed over. False: not understood, or a CPU beyond
 * RY_TUNING_CPUS_MAX. */
bool ry_tuning_cpus_read_list(struct ry_tuning_cpus *set, const char *text);
bool ry_tuning_cpus_read_mask(struct ry_tuning_cpus *set, const char *text);
/* As the kernel prints them, without a newline: lists in ranges ("": none), masks with `cpus` bits
 * (how many CPUs the machine may have), at least one word. Returns `text`. */
char *ry_tuning_cpus_list(const struct ry_tuning_cpus *set, char text[RY_TUNING_CPUS_TEXT_BYTES]);
char *ry_tuning_cpus_mask(const struct ry_tuning_cpus *set, unsigned cpus,
                          char text[RY_TUNING_CPUS_TEXT_BYTES]);

#endif
