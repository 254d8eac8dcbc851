/*
 * Results and single outputs as JSON (docs/RESULTS.md): the whole of results.json, and the lines of
 * trades.jsonl, of `royale-view --json` and of royale-export.
 *
 * Money and prices are strings of exact decimals, made by integer code; counts and times are
 * integers. Names that are not ASCII go out byte by byte as Latin-1, so that any bytes make valid
 * UTF-8. Each function returns a new reference, and never NULL: a process that has no memory for a
 * line ends.
 */
#ifndef RY_CORE_RESULTS_JSON_H
#define RY_CORE_RESULTS_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "core/results/results.h"

/* After ry_results_value. */
json_t *ry_results_json(const struct ry_results *r, const struct ry_arena *arena);

/* One trade with an agent in it. */
json_t *ry_results_json_trade(const struct ry_results *r, const struct ry_results_trade *trade);

/* One output of the present input; `line` counts the lines of that input from 1. */
json_t *ry_results_json_game(const struct ry_results *r, const struct ry_game *game, uint32_t line);
json_t *ry_results_json_print(const struct ry_results *r, const struct ry_market *market,
                              uint32_t line);
json_t *ry_results_json_stamp(const struct ry_results *r, uint16_t agent, uint32_t line);
json_t *ry_results_json_end(const struct ry_results *r, uint32_t line);
json_t *ry_results_json_fill(const struct ry_results *r, const struct ry_report *fill,
                             uint32_t line);

/* Text of at most `max` bytes, or up to its NUL. */
json_t *ry_results_json_text(const char *text, size_t max);

/* Writes `value` in one line with its newline and lets go of it. 0, or -1 with errno set. */
int ry_results_json_line(FILE *out, json_t *value);

#endif
