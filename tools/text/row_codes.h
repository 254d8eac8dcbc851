/*
 * Columns whose values are words: which word stands for which number.
 */
#ifndef RY_TOOLS_TEXT_ROW_CODES_H
#define RY_TOOLS_TEXT_ROW_CODES_H

#include "core/results/rows.h"

/* The word of `number` in a column of this type; NULL: there is none, or it stands for null. */
const char *ry_text_row_word(enum ry_results_type type, unsigned number);

/* How many numbers there are, from 0; 0: the type's values are no words. */
unsigned ry_text_row_words(enum ry_results_type type);

#endif
