#include "tools/top/screen.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "shm/printable.h"

#define REPLACEMENT '?'

void ry_top_screen_clear(struct ry_top_screen *screen, unsigned width, unsigned height)
{
    assert(width >= 1 && width <= RY_TOP_WIDTH_MAX && height >= 1 && height <= RY_TOP_HEIGHT_MAX);
    screen->width = width;
    screen->height = height;
    for (unsigned i = 0; i < width * height; i++)
        screen->cell[i] = (struct ry_top_cell){.glyph = ' '};
}

static unsigned at_most(unsigned value, unsigned limit)
{
    return value < limit ? value : limit;
}

struct ry_top_area ry_top_area(struct ry_top_screen *screen, unsigned x, unsigned y, unsigned width,
                               unsigned height)
{
    x = at_most(x, screen->width);
    y = at_most(y, screen->height);
    return (struct ry_top_area){.screen = screen,
                                .x = x,
                                .y = y,
                                .width = at_most(width, screen->width - x),
                                .height = at_most(height, screen->height - y)};
}

/* The next code point of printable UTF-8, `*at` behind it. */
static uint32_t next_glyph(const char **at)
{
    const unsigned char *text = (const unsigned char *)*at;
    unsigned more = text[0] < 0xc0 ? 0 : text[0] < 0xe0 ? 1 : text[0] < 0xf0 ? 2 : 3;
    uint32_t glyph = more == 0 ? text[0] : text[0] & (0x3fu >> more);
    for (unsigned i = 1; i <= more; i++) {
        if ((text[i] & 0xc0) != 0x80) { /* cut within a letter */
            *at += i;
            return REPLACEMENT;
        }
        glyph = glyph << 6 | (text[i] & 0x3fu);
    }
    *at += 1 + more;
    return glyph;
}

/* Cells of a glyph, and what is shown of it: marks that would stand over another are left out. */
static unsigned cells_of(const struct ry_top_screen *screen, uint32_t *glyph)
{
    if (*glyph < 0x80)
        return 1;
    int cells = screen->unicode ? wcwidth((wchar_t)*glyph) : -1;
    if (cells >= 0)
        return (unsigned)cells;
    *glyph = REPLACEMENT;
    return 1;
}

unsigned ry_top_cells(const struct ry_top_screen *screen, const char *text)
{
    unsigned cells = 0;
    while (*text != 0) {
        uint32_t glyph = next_glyph(&text);
        cells += cells_of(screen, &glyph);
    }
    return cells;
}

static struct ry_top_cell *cell_at(const struct ry_top_area *area, unsigned x, unsigned y)
{
    return &area->screen->cell[(area->y + y) * area->screen->width + area->x + x];
}

/* From x up to `end`, which lies within the area; returns the x behind it. */
static unsigned put_text(const struct ry_top_area *area, unsigned x, unsigned y, unsigned end,
                         unsigned look, const char *text)
{
    if (y >= area->height)
        return x;
    while (*text != 0) {
        uint32_t glyph = next_glyph(&text);
        unsigned cells = cells_of(area->screen, &glyph);
        if (x + cells > end)
            break;
        for (unsigned i = 0; i < cells; i++)
            *cell_at(area, x + i, y) =
                (struct ry_top_cell){.glyph = i == 0 ? glyph : 0, .look = (uint8_t)look};
        x += cells;
    }
    return x;
}

/* Blanks behind the text are no loss. */
static bool is_cut(const struct ry_top_area *area, unsigned x, const char *text)
{
    size_t length = strlen(text);
    unsigned blanks = 0;
    while (blanks < length && text[length - 1 - blanks] == ' ')
        blanks++;
    return x + ry_top_cells(area->screen, text) - blanks > area->width;
}

unsigned ry_top_put(const struct ry_top_area *area, unsigned x, unsigned y, unsigned look,
                    const char *format, ...)
{
    char text[RY_TOP_TEXT_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    ry_make_printable(text, strlen(text), REPLACEMENT);
    const unsigned end = put_text(area, x, y, area->width, look, text);
    if (y >= area->height || x >= area->width || !is_cut(area, x, text))
        return end;
    x = put_text(area, x, y, area->width - 1, look, text);
    return put_text(area, x, y, area->width, look, "~");
}

void ry_top_put_field(const struct ry_top_area *area, unsigned x, unsigned y, unsigned cells,
                      bool right, unsigned look, const char *text)
{
    char printable[RY_TOP_TEXT_BYTES];
    if (x >= area->width || y >= area->height || cells == 0)
        return;
    cells = at_most(cells, area->width - x);
    ry_printable(printable, text, sizeof printable);
    unsigned whole = ry_top_cells(area->screen, printable);
    for (unsigned i = 0; i < cells; i++)
        *cell_at(area, x + i, y) = (struct ry_top_cell){.glyph = ' ', .look = (uint8_t)look};
    unsigned begin = right && whole < cells ? x + cells - whole : x;
    put_text(area, begin, y, whole > cells ? x + cells - 1 : x + cells, look, printable);
    if (whole > cells)
        cell_at(area, x + cells - 1, y)->glyph = '~';
}

void ry_top_mark(const struct ry_top_area *area, unsigned y, unsigned look)
{
    for (unsigned x = 0; x < area->width && y < area->height; x++) {
        struct ry_top_cell *cell = cell_at(area, x, y);
        if ((look & RY_TOP_COLOR_MASK) != 0)
            cell->look &= (uint8_t)~RY_TOP_COLOR_MASK;
        cell->look |= (uint8_t)look;
    }
}

static char *put_utf8(char *at, uint32_t glyph)
{
    if (glyph < 0x80) {
        *at++ = (char)glyph;
        return at;
    }
    unsigned more = glyph < 0x800 ? 1 : glyph < 0x10000 ? 2 : 3;
    *at++ = (char)((0xff00u >> (more + 1) & 0xff) | glyph >> (6 * more));
    while (more-- > 0)
        *at++ = (char)(0x80 | (glyph >> (6 * more) & 0x3f));
    return at;
}

const char *ry_top_row(char text[RY_TOP_ROW_BYTES], const struct ry_top_screen *screen, unsigned y)
{
    char *at = text, *end = text;
    assert(y < screen->height);
    for (unsigned x = 0; x < screen->width; x++) {
        uint32_t glyph = screen->cell[y * screen->width + x].glyph;
        if (glyph != 0)
            at = put_utf8(at, glyph);
        if (glyph != 0 && glyph != ' ')
            end = at;
    }
    *end = 0;
    return text;
}
