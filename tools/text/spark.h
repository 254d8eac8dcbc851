/*
 * The board as text: figures that fit into a column, sparklines, the screen, plain lines.
 */
#ifndef RY_TOOLS_TEXT_SPARK_H
#define RY_TOOLS_TEXT_SPARK_H

#include <stdio.h>

#include "core/results/board.h"

/* ---- figures --------------------------------------------------------------------------------- */

#define RY_TEXT_MONEY_BYTES 64

/* Money in at most `cells` characters (3 or more): 1234.57, 1235, 12.3k, 4M and so on, rounded half
 * away from zero; "#" where nothing fits. */
void ry_text_money(char text[RY_TEXT_MONEY_BYTES], __int128 money, unsigned cells);

/* ---- sparklines ------------------------------------------------------------------------------ */

#define RY_TEXT_SPARK_CELLS_MAX 128
#define RY_TEXT_SPARK_LEVELS    8

/* The height, 0..7, of each of `cells` cells: the last sample of each stretch, scaled between the
 * smallest and the largest of all; all alike: the middle. Returns how many cells there are, at most
 * one a sample. */
unsigned ry_text_spark_levels(const int64_t *sample, unsigned samples, unsigned cells,
                              uint8_t *level);

/* Prints them, and spaces up to `cells`. */
void ry_text_spark(FILE *out, const int64_t *sample, unsigned samples, unsigned cells,
                   bool unicode);

/* ---- the screen ------------------------------------------------------------------------------ */

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

/* ---- plain lines ----------------------------------------------------------------------------- */

/* A RANK record: the first of a round's end comes with the table's head. An OUT record: one line.
 */
void ry_view_line_game(FILE *out, const struct ry_results *r, const struct ry_game *game);

void ry_view_line_stamp(FILE *out, const struct ry_results *r, uint16_t agent);

/* At the end: the board, the stamp, what became of each agent. */
void ry_view_lines_end(FILE *out, const struct ry_results_board *board);

#endif
