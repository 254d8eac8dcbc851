/*
 * Why: an order's life, and the facts behind each fill, reject and elimination, from a journal.
 *
 * The machine runs again over the inputs (core/follow) and is asked before and after each of them:
 * the queue ahead of a resting order is what the book holds in front of it at that moment.
 */
#ifndef RY_TOOLS_WHY_WHY_H
#define RY_TOOLS_WHY_WHY_H

#include "core/results/follow.h"
#include "tools/explain/record.h"
#include "tools/text/moment.h"

#define RY_WHY_ERROR_BYTES 1024

/* Calls `each` for the record of every fill, reject and elimination of the battle in DIR, in the
 * order of their rows (all agents: `agent` NULL), as far as the journal goes; until `each` returns
 * false. The results are those of that moment, for names and scales. 0, or -1 with `error`. */
int ry_why_records(const char *directory, const char *agent,
                   bool (*each)(void *context, const struct ry_results *results,
                                const struct ry_explain_record *record),
                   void *context, char *error);

#endif
