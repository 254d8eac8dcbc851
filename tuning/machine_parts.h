/*
 * What the files that make a struct ry_tuning_machine share: tuning/machine.c (rows out of hwloc),
 * machine_here.c (what Linux says beside that: rights, isolation, cards), machine_synthetic.c (is
 * a description one), machine_described.c (the words in brackets). Nobody else includes it.
 */
#ifndef RY_TUNING_MACHINE_PARTS_H
#define RY_TUNING_MACHINE_PARTS_H

#include "tuning/host.h"
#include "tuning/machine.h"

/* Rights, isolation, offline CPUs, cards, guest: of a machine whose rows are there and hold, as
 * `allowed`, what hwloc says of the cgroup. */
void ry_tuning_machine_here(struct ry_tuning_machine *machine, const struct ry_tuning_host *host);

/* Whether hwloc understands a synthetic description. False with the part that it does not, and an
 * example. */
bool ry_tuning_machine_synthetic(const char *text, char error[RY_TUNING_MACHINE_ERROR_BYTES]);

/* The words in brackets, `length` bytes of them. False with the reason. */
bool ry_tuning_machine_described(struct ry_tuning_machine *machine, const char *words,
                                 size_t length, char error[RY_TUNING_MACHINE_ERROR_BYTES]);

/* Counts cores, L3s, nodes, packages and kinds of the rows; numbers cores and L3s from 0 without
 * gaps. */
void ry_tuning_machine_count(struct ry_tuning_machine *machine);

#endif
