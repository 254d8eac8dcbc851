/*
 * A page of lines that scrolls as a whole: for what is no list.
 */
#ifndef RY_TOOLS_TOP_LINES_H
#define RY_TOOLS_TOP_LINES_H

#include "tools/top/pages.h"

struct ry_top_lines {
    struct ry_top_area area;
    unsigned first, count; /* the line at the top; lines so far */
};

/* Draws what `say` says, scrolled as the page's place says; sets count and room of the view. `say`
 * is called twice: the first time nobody sees it. */
void ry_top_lines(const struct ry_top_area *area, const struct ry_top_sheet *sheet,
                  void (*say)(struct ry_top_lines *lines, const struct ry_top_sheet *sheet));

/* One line; what is too long ends in '~'. */
__attribute__((format(printf, 3, 4))) void ry_top_line(struct ry_top_lines *lines, unsigned look,
                                                       const char *format, ...);

/* As many lines as it takes, those behind the first set in by `indent` cells. */
void ry_top_line_whole(struct ry_top_lines *lines, unsigned look, unsigned indent,
                       const char *text);

#endif
