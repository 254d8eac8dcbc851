/*
 * A battle for the report: run in a folder of its own, which is removed, and what its cores were
 * disturbed by (noise.json, docs/RESULTS.md).
 */
#ifndef RY_TOOLS_PROOF_BATTLE_H
#define RY_TOOLS_PROOF_BATTLE_H

#include <jansson.h>
#include <stdint.h>

#define RY_PROOF_BATTLE_SECONDS     600 /* the default: the target is of ten minutes */
#define RY_PROOF_BATTLE_SECONDS_MAX 86400

/* Runs `royale run FILE`; after `seconds` it is stopped in order, and its counts stand. `royale` is
 * the program; `say` is told each minute. Into a part (tools/proof/figures.h). RY_EXIT_OK; a battle
 * that did not come to count: its exit code, and it is said why. */
int ry_proof_battle(json_t *part, const char *royale, const char *file, uint64_t seconds,
                    void (*say)(const char *line));

#endif
