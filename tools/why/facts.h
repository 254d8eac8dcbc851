/*
 * Rows as records of facts: each field of tools/explain/fields.def that is known.
 */
#ifndef RY_TOOLS_WHY_FACTS_H
#define RY_TOOLS_WHY_FACTS_H

#include "tools/why/tracker.h"

/* What is known beside the row; zero and NULL: nothing. */
struct ry_why_beside {
    const struct ry_why_pending *pending;
    const struct ry_results_row_rank *rank; /* of the round that ends, best first */
    unsigned ranks;
    bool told; /* `intent` is the decision's */
    uint32_t intent;
};

/* False: the row is no fill, reject or elimination, and `record` as it was. */
bool ry_why_facts(struct ry_explain_record *record, const struct ry_results *r,
                  struct ry_text_moments *moments, const struct ry_results_row *row,
                  const struct ry_why_beside *beside);

#endif
