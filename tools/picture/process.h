/*
 * One process of a battle as JSON: the members that `royale status --json` and the state document
 * have alike.
 */
#ifndef RY_TOOLS_PICTURE_PROCESS_H
#define RY_TOOLS_PICTURE_PROCESS_H

#include "tools/text/json.h"
#include "tools/watch/process.h"

/* Sets own, state, core, heartbeat_age_ns, busy_permille, rate, rate_unit, lag, lag_unit, lost. */
void ry_picture_set_process(json_t *object, const struct ry_watch_process *process);

/* null: below 0, not known. */
json_t *ry_picture_known(int64_t value);

#endif
