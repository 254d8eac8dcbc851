/*
 * The two files of results: DIR/trades.jsonl, written while the battle runs, and DIR/results.json,
 * at its end. Both are whole or absent: they are written as NAME.tmp and renamed.
 */
#ifndef RY_TOOLS_VIEW_FILES_H
#define RY_TOOLS_VIEW_FILES_H

#include <stdio.h>

#include "core/results/results.h"

#define RY_VIEW_RESULTS_FILE "results.json"
#define RY_VIEW_TRADES_FILE  "trades.jsonl"
#define RY_VIEW_ERROR_BYTES  512

struct ry_view_files {
    char directory[4096];
    FILE *trades;
    char error[RY_VIEW_ERROR_BYTES]; /* the first one; empty: none */
};

/* 0, or -1 with `error`; then there is nothing to close. */
int ry_view_files_open(struct ry_view_files *files, const char *directory);

/* A row of trades.jsonl: trade, handed_over. */
void ry_view_files_row(struct ry_view_files *files, const struct ry_results *r,
                       const struct ry_results_row *row);

/* Writes the rest and puts both files in their places; after ry_results_value. 0, or -1 with
 * `error`. */
int ry_view_files_finish(struct ry_view_files *files, const struct ry_results *r,
                         const struct ry_arena *arena);

/* Lets go of what is open; without ry_view_files_finish the .tmp is removed. */
void ry_view_files_close(struct ry_view_files *files);

#endif
