/*
 * What agents said of their orders in a whole journal: a decision comes behind the order that it
 * explains, so whoever tells of the order when it happens must have looked ahead.
 */
#ifndef RY_TOOLS_WHY_DECISIONS_H
#define RY_TOOLS_WHY_DECISIONS_H

#include "core/journal/read.h"

struct ry_why_decision {
    uint64_t cl_ord_id;
    uint64_t input; /* its number */
    uint32_t intent;
    uint16_t agent;
};

struct ry_why_decisions {
    char agent[RY_AGENTS_MAX][RY_NAME_BYTES];
    unsigned agents;
    uint64_t inputs; /* whole ones in the journal when it was read: read no further */
    struct ry_why_decision *decision; /* [count], by agent and number; of one order the last */
    size_t count, room;
};

/* Reads DIR's journal without a machine. 0, or -1 with `error` (RY_WHY_ERROR_BYTES); then there is
 * nothing to close. */
int ry_why_decisions_read(struct ry_why_decisions *d, const char *directory, char *error);

bool ry_why_decisions_find(const struct ry_why_decisions *d, uint16_t agent, uint64_t cl_ord_id,
                           uint32_t *intent);

void ry_why_decisions_close(struct ry_why_decisions *d);

#endif
