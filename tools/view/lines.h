/*
 * Plain lines, for what is no terminal.
 */
#ifndef RY_TOOLS_VIEW_LINES_H
#define RY_TOOLS_VIEW_LINES_H

#include <stdio.h>

#include "core/results/board.h"

/* A row of the game: rank (the first of a round's end comes with the table's head), out, stamp,
 * incomplete. Others print nothing. */
void ry_view_line(FILE *out, const struct ry_results *r, const struct ry_results_row *row);

/* At the end: how agents were isolated, the board, the stamp, what became of each agent. After
 * ry_results_value. */
void ry_view_lines_end(FILE *out, const struct ry_results *r, const struct ry_results_board *board);

#endif
