/*
 * Text in tables of Markdown.
 */
#ifndef RY_TOOLS_TEXT_MARKDOWN_H
#define RY_TOOLS_TEXT_MARKDOWN_H

#include <stdio.h>

/* Text for a cell of a table: a bar in it does not end the cell, nothing in it is markup. */
void ry_text_markdown(FILE *out, const char *text);

#endif
