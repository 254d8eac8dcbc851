/*
 * The fields of a report's JSON as one table (fields.def): what a reader may count on, printed for
 * the documents, and held against a file that somebody gives with --before.
 */
#ifndef RY_TOOLS_PROOF_FIELDS_H
#define RY_TOOLS_PROOF_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define RY_PROOF_FORMAT    1
#define RY_PROOF_WHY_BYTES 512

/* Every field is there and of its sort, no figure is beyond 10^15, and the format is ours. False:
 * `why` names the first that is not. Fields that the table does not know are passed over. */
bool ry_proof_fields_hold(const json_t *report, char why[RY_PROOF_WHY_BYTES]);

/* The table in Markdown. */
void ry_proof_fields_print(FILE *out);

#endif
