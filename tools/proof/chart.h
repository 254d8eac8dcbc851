/*
 * The histogram of gaps of one core as a picture: the length of a gap from left to right, how many
 * a second upwards, both in powers of ten; now as filled bars, before as a dashed line around what
 * was. Floats are of the drawing alone.
 */
#ifndef RY_TOOLS_PROOF_CHART_H
#define RY_TOOLS_PROOF_CHART_H

#include <jansson.h>
#include <stdio.h>

#define RY_PROOF_CHART_BINS 50 /* five a power of ten, from 100 ns to 1000 s */

/* Powers of ten at the edges of the axes: the same for all cores of a page. */
struct ry_proof_scale {
    int first, last;     /* of ns: 2 is 100 ns */
    int lowest, highest; /* of gaps a second: -1 is one in ten seconds */
};

/* A scale without anything in it; then each core of each report. */
void ry_proof_scale_begin(struct ry_proof_scale *scale);
void ry_proof_scale_take(struct ry_proof_scale *scale, const json_t *core);

/* One <svg>; `core` and `before` are rows of gaps.cores, either may be NULL. `label` says for
 * whoever does not see it what it shows: text, not markup. */
void ry_proof_chart(FILE *out, const struct ry_proof_scale *scale, const json_t *core,
                    const json_t *before, const char *label);

#endif
