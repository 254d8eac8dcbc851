/*
 * The ledger of the results, private to core/results: who exchanged what with whom. A second
 * sum of what the machine's ledger does, checked against each report.
 */
#ifndef RY_CORE_RESULTS_LEDGER_H
#define RY_CORE_RESULTS_LEDGER_H

#include "core/results/results.h"

/* A FILL report. */
void ry_results_fill(struct ry_results *r, const struct ry_report *report);

/* After an input in which `agent` went out: what the book did not take went to the recorded
 * account. */
void ry_results_hand_over(struct ry_results *r, const struct ry_arena *arena, uint16_t agent);

int64_t ry_results_clamp(__int128 money);

static inline int64_t *ry_results_lots(const struct ry_results *r, uint16_t instrument,
                                       uint16_t agent, unsigned counterparty)
{
    size_t at = counterparty == RY_RESULTS_RECORDED ? r->agents : counterparty;
    return &r->lots[((size_t)instrument * r->agents + agent) * (r->agents + 1u) + at];
}

#endif
