/*
 * `royale tune`: what the engine of tuning (tuning/engine.h) tells, for people and as JSON.
 */
#ifndef RY_TOOLS_TUNE_TUNE_H
#define RY_TOOLS_TUNE_TUNE_H

#include <stdio.h>

#include "tuning/engine.h"

enum ry_tune_command {
    RY_TUNE_CHECK = 0,
    RY_TUNE_PLAN,
    RY_TUNE_DIFF,
    RY_TUNE_APPLY,
    RY_TUNE_VERIFY,
    RY_TUNE_REVERT,
};
#define RY_TUNE_COMMANDS 6

struct ry_tune_asked {
    enum ry_tune_command command;
    const struct ry_tuning_host *host;
    const struct ry_tuning_target *target; /* REVERT: NULL */
    ry_tuning_mask stages;
    const char *file; /* the battle file, for remedies; NULL: none */
    bool json;
    bool all; /* each of many alike */
};

/* "check", .. */
const char *ry_tune_word(enum ry_tune_command command);

/* Does it and prints what came of it. RY_EXIT_OK; RY_EXIT_ENVIRONMENT: something is missing, could
 * not be set, or could not be put back; RY_EXIT_FAILED with the reason on standard error: it could
 * not be done at all. */
int ry_tune_run(FILE *out, const struct ry_tune_asked *asked);

#endif
