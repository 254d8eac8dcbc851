#include "tools/top/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shm/printable.h"

void ry_top_lines(const struct ry_top_area *area, const struct ry_top_sheet *sheet,
                  void (*say)(struct ry_top_lines *lines, const struct ry_top_sheet *sheet))
{
    struct ry_top_view *view = sheet->view;
    struct ry_top_place *place = &view->place[view->page];
    struct ry_top_lines unseen = {.area = *area};
    unseen.area.height = 0;
    say(&unseen, sheet);
    view->count = unseen.count;
    view->room = area->height;
    unsigned last = view->count > view->room ? view->count - view->room : 0;
    place->cursor = place->first = place->cursor < last ? place->cursor : last;
    struct ry_top_lines seen = {.area = *area, .first = place->first};
    say(&seen, sheet);
}

static void put_line(struct ry_top_lines *lines, unsigned x, unsigned look, const char *text)
{
    unsigned at = lines->count++;
    if (at >= lines->first && at - lines->first < lines->area.height)
        ry_top_put(&lines->area, x, at - lines->first, look, "%s", text);
}

void ry_top_line(struct ry_top_lines *lines, unsigned look, const char *format, ...)
{
    char text[RY_TOP_TEXT_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    put_line(lines, 0, look, text);
}

/* Bytes of the text that stand on a line of so many cells: up to a blank, if there is one. */
static size_t bytes_of(const struct ry_top_area *area, const char *text, unsigned cells)
{
    char part[RY_TOP_TEXT_BYTES];
    size_t taken = 0, blank = 0;
    for (size_t i = 1; i < sizeof part; i++) {
        memcpy(part, text, i);
        part[i] = 0;
        if (ry_top_cells(area->screen, part) > cells)
            break;
        taken = i;
        if (text[i] == 0)
            return i;
        if (text[i] == ' ')
            blank = i;
    }
    return blank > 0 ? blank : taken > 0 ? taken : 1;
}

void ry_top_line_whole(struct ry_top_lines *lines, unsigned look, unsigned indent, const char *text)
{
    char printable[RY_TOP_TEXT_BYTES];
    const char *at = ry_printable(printable, text, sizeof printable);
    unsigned width = lines->area.width, x = 0;
    if (width <= indent)
        indent = 0;
    do {
        char part[RY_TOP_TEXT_BYTES];
        size_t bytes = bytes_of(&lines->area, at, width > x ? width - x : 1);
        bytes = bytes < strlen(at) ? bytes : strlen(at);
        memcpy(part, at, bytes);
        part[bytes] = 0;
        put_line(lines, x, look, part);
        at += bytes;
        at += strspn(at, " ");
        x = indent;
    } while (*at != 0);
}
