/*
 * A report's JSON as the page reads it. The JSON has been held against its table
 * (tools/proof/fields.h); what is NULL or absent reads as 0, "" or an empty list, so that a page
 * can be made beside a report that there is not.
 */
#ifndef RY_TOOLS_PROOF_READING_H
#define RY_TOOLS_PROOF_READING_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

int64_t ry_proof_whole(const json_t *object, const char *key);
int64_t ry_proof_ns(const json_t *object, const char *key); /* of a decimal string */
const char *ry_proof_string(const json_t *object, const char *key);
const json_t *ry_proof_list(const json_t *object, const char *key);

/* The row of a list whose `key` is that number or text; NULL: there is none. */
const json_t *ry_proof_row(const json_t *list, const char *key, int64_t number);
const json_t *ry_proof_row_named(const json_t *list, const char *key, const char *text);

/* The CPU's row; NULL: the machine has none of that number. */
const json_t *ry_proof_cpu(const json_t *report, int64_t cpu);
bool ry_proof_is_hot(const json_t *report, int64_t cpu);
/* "exec" of the plan, else "hot", "sibling", "house", of a CPU. */
const char *ry_proof_role(const json_t *report, int64_t cpu);

/* Why figures of the two reports are not of the same; NULL: they are, or there is none before. */
const char *ry_proof_beside(const json_t *now, const json_t *before);

/* ---- figures of all hot cores; -1: not measured ---------------------------------------------- */

int64_t ry_proof_longest_ns(const json_t *report);
/* Of the core of which most was stolen, in millionths of its time. */
int64_t ry_proof_stolen_ppm(const json_t *report);
/* Interrupts on hot cores together, and switches of who was bound there, during "battle" or
 * "gaps". */
int64_t ry_proof_interrupts(const json_t *report, const char *during);
int64_t ry_proof_switches(const json_t *report, const char *during);
/* "switches" or "forced" of all that were bound to a core of `counts`. */
int64_t ry_proof_core_switches(const json_t *core, const char *which);

#endif
