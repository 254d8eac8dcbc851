/*
 * The tables of docs/RECORDS.md, made of core/results/rows.def.
 */
#ifndef RY_TOOLS_TEXT_ROW_MARKDOWN_H
#define RY_TOOLS_TEXT_ROW_MARKDOWN_H

#include <stdio.h>

void ry_text_row_markdown(FILE *out);

#endif
