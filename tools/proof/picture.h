/*
 * The machine of a report with the roles of its plan in it, as tools/plan draws it.
 */
#ifndef RY_TOOLS_PROOF_PICTURE_H
#define RY_TOOLS_PROOF_PICTURE_H

#include <jansson.h>
#include <stdio.h>

/* One <svg>. */
void ry_proof_picture(FILE *out, const json_t *report);

#endif
