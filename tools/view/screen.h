/*
 * The screen: one board, as wide as the terminal.
 */
#ifndef RY_TOOLS_VIEW_SCREEN_H
#define RY_TOOLS_VIEW_SCREEN_H

#include <stdio.h>

#include "core/results/board.h"

#define RY_VIEW_WIDTH_MIN 40

struct ry_view_style {
    unsigned width, height; /* cells; height 0: any */
    bool unicode;
    bool color;    /* dim and bold */
    bool terminal; /* each line ends the old one that it is written over */
};

/* Prints the board; returns the number of lines, at most height. No line is wider than `width`
 * (RY_VIEW_WIDTH_MIN or more). */
unsigned ry_view_screen(FILE *out, const struct ry_results_board *board,
                        const struct ry_view_style *style);

#endif
