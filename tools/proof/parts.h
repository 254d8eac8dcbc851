/* The sections of the page, in their order; what has nothing to show writes nothing. */
#ifndef RY_TOOLS_PROOF_PARTS_H
#define RY_TOOLS_PROOF_PARTS_H

#include "tools/proof/page.h"

void ry_proof_part_verdict(const struct ry_proof_page *page);  /* cards, warnings */
void ry_proof_part_machine(const struct ry_proof_page *page);  /* picture, plan */
void ry_proof_part_gaps(const struct ry_proof_page *page);     /* histograms */
void ry_proof_part_counts(const struct ry_proof_page *page);   /* interrupts, switches */
void ry_proof_part_calls(const struct ry_proof_page *page);    /* syscall, futex, IPI; rtla */
void ry_proof_part_distance(const struct ry_proof_page *page); /* ping-pong, memory */
void ry_proof_part_stages(const struct ry_proof_page *page);   /* each stage's state */
void ry_proof_part_worth(const struct ry_proof_page *page);    /* and what it is worth */
void ry_proof_part_facts(const struct ry_proof_page *page);    /* kernel line, versions */

extern const char ry_proof_style[]; /* the page's one style sheet */

#endif
