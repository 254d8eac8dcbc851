/* Plain text as it must be written in a document, so that nothing in it is markup. */
#ifndef RY_TOOLS_TEXT_MARKUP_H
#define RY_TOOLS_TEXT_MARKUP_H

#include <stdio.h>

/* In a cell of a Markdown table; text between backquotes stays code. */
void ry_text_markdown(FILE *out, const char *text);

/* In a paragraph of a manual page. */
void ry_text_man(FILE *out, const char *text);

#endif
