/*
 * Machine and plan as JSON, the same in `royale plan --json`, `royale tune --json` and the proof
 * page.
 *
 * Machine: {"name", "described", "guest", "packages", "l3s", "l3_known", "cores", "kinds",
 * "offline": "9", "nodes": [{"node", "bytes", "cpus": "0-7"}], "cards": [{"interface", "pci",
 * "node"}], "cpus":
 * [{"cpu", "core", "thread", "l3", "node", "package", "kind", "online", "allowed", "isolated"}]}.
 * Plan: {"oversubscribed", "hot": "1-3", "idle", "house", "wasted", "processes": [{"name", "role",
 * "asked", "cpu", "node", "wait", "why"}], "notes": [..]}. docs/TUNING.md says what they mean.
 */
#ifndef RY_TOOLS_PLAN_JSON_H
#define RY_TOOLS_PLAN_JSON_H

#include <jansson.h>

#include "tuning/machine.h"
#include "tuning/placement.h"

#define RY_PLAN_FORMAT 1 /* of `royale plan --json` */

/* New references, never NULL. */
json_t *ry_plan_json_machine(const struct ry_tuning_machine *machine);
json_t *ry_plan_json_placement(const struct ry_tuning_placement *placement);

#endif
