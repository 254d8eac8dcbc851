/*
 * Inputs and outputs as rows, private to core/results.
 */
#ifndef RY_CORE_RESULTS_EMIT_H
#define RY_CORE_RESULTS_EMIT_H

#include "core/results/results.h"

/* Gives the row its key and hands it on. */
void ry_results_emit(struct ry_results *r, struct ry_results_row *row);

/* An agent's command becomes a row when the machine has applied it, before the first row of what
 * comes of it. Other inputs are no rows. */
void ry_results_emit_hold(struct ry_results *r, const union ry_input_any *input);
void ry_results_emit_held(struct ry_results *r);

void ry_results_emit_report(struct ry_results *r, const struct ry_report *report);
void ry_results_emit_market(struct ry_results *r, const struct ry_market *market);
void ry_results_emit_game(struct ry_results *r, const struct ry_game *game);

/* Of who died or stalled; RY_RESULTS_NONE and RY_OUT_NONE: the battle was stopped. */
void ry_results_emit_stamp(struct ry_results *r, uint16_t agent, enum ry_out reason);

void ry_results_emit_incomplete(struct ry_results *r, unsigned feed, enum ry_incomplete reason);

/* What the battle has come to for the agent; after all else that the input did to it. */
void ry_results_emit_standing(struct ry_results *r, const struct ry_arena *arena, uint16_t id);

/* The last row of a battle. */
void ry_results_emit_end(struct ry_results *r);

#endif
