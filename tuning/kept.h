/*
 * What the system sets again at each boot: a file for sysctl and one for systemd-tmpfiles, made of
 * the changes in the journal that do not go with a boot. They are files of ours, in the journal
 * like any other.
 */
#ifndef RY_TUNING_KEPT_H
#define RY_TUNING_KEPT_H

#include "tuning/engine.h"

/* Is there a way to have this set at each boot? (/proc/sys, /sys, cgroups) */
bool ry_tuning_kept_can(enum ry_tuning_kind kind, const char *path);

/* Lets the two files be what the changes in the journal make of them, those of the stages in
 * `without` left out: made, changed, or put back where nothing is to be kept. Tells each that
 * changes. 0; -errno: the journal cannot be written. */
int ry_tuning_kept_write(struct ry_tuning_saved *saved, ry_tuning_mask without,
                         const struct ry_tuning_told *told);

/* Tells each of the two that should be there: OK, or MISSING if it is not what it should be. */
void ry_tuning_kept_verify(const struct ry_tuning_saved *saved, const struct ry_tuning_told *told);

#endif
