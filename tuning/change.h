/*
 * One change of the machine: made, with the journal in front of it, and put back. For the engine.
 */
#ifndef RY_TUNING_CHANGE_H
#define RY_TUNING_CHANGE_H

#include "tuning/engine.h"

/* Sets what is missing and tells it: RY_TUNING_SET, or FAILED with the reason, after which it is as
 * it was found. 0; -errno: the journal cannot be written. */
int ry_tuning_change_make(struct ry_tuning_saved *saved, const char *stage,
                          const struct ry_tuning_setting *wanted,
                          const struct ry_tuning_told *told);

/* Puts one back, strikes it out and tells it: RY_TUNING_RESTORED, FORGOTTEN; FAILED with the
 * reason, then it stays. A folder with a file of another change in it waits for that one: nothing
 * is told. 0; -errno: the journal cannot be written. */
int ry_tuning_change_back(struct ry_tuning_saved *saved, struct ry_tuning_change *change,
                          const struct ry_tuning_told *told);

/* Can it be as it was made after a boot? Then it is in the files that are kept (tuning/kept.h), or
 * it is a file of ours itself. */
bool ry_tuning_change_lasts(const struct ry_tuning_setting *setting);

#endif
