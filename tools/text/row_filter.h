/*
 * Which rows of a battle are shown: `--agent NAME`, `--instrument SYMBOL`, `--type ROW,ROW` of
 * `royale tail`, over a battle's directory as over Kafka's topics. Example: --agent a --type
 * fill,trade shows a's fills, and trades with a as maker or as taker.
 */
#ifndef RY_TOOLS_TEXT_ROW_FILTER_H
#define RY_TOOLS_TEXT_ROW_FILTER_H

#include "core/results/results.h"

#define RY_TEXT_ROW_FILTER_BYTES 512

struct ry_text_row_filter {
    const char *agent; /* in one of the row's columns of agents: agent, maker, taker; NULL: any */
    const char *instrument; /* likewise */
    uint64_t types;         /* bit n: rows of kind n; 0: any */
};

/* Takes the names of rows between commas. False, with the reason in `error`: one is no row's. */
bool ry_text_row_filter_types(struct ry_text_row_filter *filter, const char *list,
                              char error[RY_TEXT_ROW_FILTER_BYTES]);

/* Whether the battle has agent and instrument; asked when the results have them, so with the first
 * row. False, with the reason and the nearest name in `error`. */
bool ry_text_row_filter_known(const struct ry_text_row_filter *filter, const struct ry_results *r,
                              char error[RY_TEXT_ROW_FILTER_BYTES]);

/* The text in a column of the row; NULL: there is none, or it is no text. Stands until the next. */
typedef const char *(*ry_text_row_filter_text)(void *row, const struct ry_results_column *column);

/* A row of kind `kind`; RY_RESULTS_ROWS: one that this program does not know. */
bool ry_text_row_filter_shows(const struct ry_text_row_filter *filter,
                              enum ry_results_row_kind kind, ry_text_row_filter_text text,
                              void *row);

/* The same of a row of `r`. */
bool ry_text_row_filter_shows_row(const struct ry_text_row_filter *filter,
                                  const struct ry_results *r, const struct ry_results_row *row);

#endif
