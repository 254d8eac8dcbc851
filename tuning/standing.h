/*
 * What a stage has set, taken out of the journal of changes, so that after it was put back exactly
 * that can be set again: not what the stage would want now, of another battle or other cores.
 */
#ifndef RY_TUNING_STANDING_H
#define RY_TUNING_STANDING_H

#include "tuning/engine.h"

struct ry_tuning_standing {
    char stage[RY_TUNING_STAGE_BYTES];
    unsigned count;
    struct ry_tuning_setting *setting; /* in the order in which they were set */
};

/* 0, and the caller's until it is forgotten; -errno: the journal cannot be read. */
int ry_tuning_standing_read(struct ry_tuning_standing *standing, const struct ry_tuning_host *host,
                            const char *stage);
/* Sets what of it is missing, as ry_tuning_apply does. */
int ry_tuning_standing_set(const struct ry_tuning_standing *standing,
                           const struct ry_tuning_host *host, const struct ry_tuning_told *told);
void ry_tuning_standing_forget(struct ry_tuning_standing *standing);

#endif
