/*
 * The two files of results: DIR/trades.jsonl, written while the battle runs, and DIR/results.json,
 * at its end. Both are whole or absent: they are written as NAME.tmp and renamed.
 *
 * The disk may become full meanwhile. Who opens them at the battle's beginning takes the room for
 * results.json there and then; trades.jsonl that does not fit is given up, and results.json says
 * that it is missing.
 */
#ifndef RY_TOOLS_VIEW_FILES_H
#define RY_TOOLS_VIEW_FILES_H

#include "core/results/results.h"
#include "tools/text/whole.h"

#define RY_VIEW_RESULTS_FILE "results.json"
#define RY_VIEW_TRADES_FILE  "trades.jsonl"
#define RY_VIEW_ERROR_BYTES  1024
/* More than the results of RY_AGENTS_MAX agents with every sample, round and counterparty. */
#define RY_VIEW_RESULTS_RESERVE ((size_t)4 << 20)

struct ry_view_files {
    struct ry_text_whole trades, results;
    char error[RY_VIEW_ERROR_BYTES]; /* the first one; empty: none */
};

/* `reserve`: bytes of results.json whose room is taken now. 0, or -1 with `error`; then there is
 * nothing to close. */
int ry_view_files_open(struct ry_view_files *files, const char *directory, size_t reserve);

/* A row; trades.jsonl takes trade and handed_over. */
void ry_view_files_row(struct ry_view_files *files, const struct ry_results *r,
                       const struct ry_results_row *row);

/* Writes the rest and puts the files in their places; after ry_results_value. `partial`: why this
 * is not the whole battle, NULL if it is. 0, or -1 with `error`: one of the files is missing. */
int ry_view_files_finish(struct ry_view_files *files, const struct ry_results *r,
                         const struct ry_arena *arena, const char *partial);

/* Lets go of what is open; without ry_view_files_finish nothing is left. */
void ry_view_files_close(struct ry_view_files *files);

#endif
