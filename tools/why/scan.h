/*
 * A journal looked through for one agent and one order of it, without a machine: where it stands,
 * which command it was, when its agent was woken, what its agent says of it.
 */
#ifndef RY_TOOLS_WHY_SCAN_H
#define RY_TOOLS_WHY_SCAN_H

#include "tools/why/battle.h"

/* What a user asks for: "maker-1/42", or "maker-1": all of that agent. */
struct ry_why_asked {
    char agent[RY_NAME_BYTES];
    bool one; /* one order, */
    uint64_t cl_ord_id;
};

/* False: it is neither; behind the last slash stands a number from 1 in decimal digits. */
bool ry_why_asked_read(struct ry_why_asked *asked, const char *text);

struct ry_why_scan {
    struct ry_why_asked asked;
    char name[RY_AGENTS_MAX][RY_NAME_BYTES]; /* of the agents */
    unsigned agents;
    int agent;       /* that was asked for; -1: the battle has none of that name */
    uint64_t inputs; /* whole ones in the journal */
    bool ended, damaged;
    char text[RY_JOURNAL_TEXT_BYTES]; /* where the journal ends, if not with the battle's end */
    uint64_t seed;
    bool found;               /* the order; then: */
    uint64_t input;           /* its number */
    uint64_t k;               /* it was the agent's k-th command */
    int64_t arrival, latency; /* -1: not known */
    struct ry_why_wake wake;
    uint64_t cl_ord_id_max; /* of the agent's orders; 0: it sent none */
    bool decided;           /* its agent says of it: */
    struct ry_input_decision decision;
};

/* 0, or -1 with `error` (RY_WHY_ERROR_BYTES): there is no journal. */
int ry_why_scan(struct ry_why_scan *scan, const char *directory, const struct ry_why_asked *asked,
                const struct ry_why_battle *battle, char *error);

#endif
