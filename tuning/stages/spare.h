/*
 * Sets of CPUs to which the kernel gives work (interrupts, packets, workqueues, watchdogs) and in
 * which no hot CPU should be.
 *
 * What stands there is kept as far as it can be: only hot CPUs are taken out. So a set that another
 * program made (irqbalance) or that was narrowed by hand stays as it is while it spares the hot
 * ones, and the machine is not told to be untuned because of it.
 */
#ifndef RY_TUNING_STAGES_SPARE_H
#define RY_TUNING_STAGES_SPARE_H

#include "tuning/stage.h"

struct ry_tuning_spare {
    const char *path;
    enum ry_tuning_form form;          /* LIST, PART or MASK */
    const struct ry_tuning_cpus *rest; /* wanted if no housekeeping CPU would be left */
    bool whole;                        /* `rest` is wanted also if some would be left */
    bool quiet, gone_with_boot;        /* as in the setting */
    const char *why;                   /* what it is, or what to do if it cannot be set; or NULL */
    const char *cannot;                /* it is known that it cannot be set: the reason. Or NULL */
    const char *absent; /* the reason why there may be no such file; NULL: not told */
};

/* Tells one setting. */
void ry_tuning_stages_spare(const struct ry_tuning_host *host,
                            const struct ry_tuning_target *target,
                            const struct ry_tuning_findings *findings,
                            const struct ry_tuning_spare *spare);

#endif
