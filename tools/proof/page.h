/*
 * The proof page: a report's JSON as one HTML page, complete in itself. It has no script and loads
 * nothing; its policy forbids both. It follows the reader's light or dark, can be read on a phone,
 * and each picture has its figures in a table beside it.
 *
 * A pure function of what it is given: the same reports give the same bytes.
 */
#ifndef RY_TOOLS_PROOF_PAGE_H
#define RY_TOOLS_PROOF_PAGE_H

#include <jansson.h>
#include <stdio.h>

struct ry_proof_page {
    FILE *out;
    const json_t *now;    /* held against its table: tools/proof/fields.h */
    const json_t *before; /* likewise; NULL: there is none to lay under it */
};

void ry_proof_page_write(const struct ry_proof_page *page);

#endif
