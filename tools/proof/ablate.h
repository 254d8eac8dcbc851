/*
 * What each stage is worth by itself: it is set back alone, the machine is measured, it is set
 * again, and measured again. Between two stages stands one measurement with all of them, which is
 * the "again" of one and the "with" of the next.
 *
 * The journal of changes stands behind each switch: whoever is killed in the middle leaves a
 * machine that `royale tune apply` completes and `royale tune revert` restores.
 */
#ifndef RY_TOOLS_PROOF_ABLATE_H
#define RY_TOOLS_PROOF_ABLATE_H

#include <jansson.h>
#include <stdbool.h>

#define RY_PROOF_ABLATE_WHY_BYTES 512

/* The engine and the probes, or a test's. */
struct ry_proof_switches {
    void *context;
    /* Sets a stage back alone, or again. False: `why`. */
    bool (*off)(void *context, const char *stage, char why[RY_PROOF_ABLATE_WHY_BYTES]);
    bool (*on)(void *context, const char *stage, char why[RY_PROOF_ABLATE_WHY_BYTES]);
    json_t *(*measure)(void *context); /* a part, of hot cores alone: tools/proof/figures.h */
    bool (*stopped)(void *context);    /* the user wants an end */
};

/* Sets "ablation" of the stages that `report` says are applied. A stage
 * that could not be set again ends it: `why` says so, false is returned; so does a stop. In either
 * case the rest says why it was not tried. */
bool ry_proof_ablate(json_t *report, const struct ry_proof_switches *switches,
                     char why[RY_PROOF_ABLATE_WHY_BYTES]);

#endif
