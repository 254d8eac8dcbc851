/*
 * The screen as cells: what pages draw into, in plain memory, before a terminal sees any of it.
 *
 * A cell holds one glyph and how it looks. A glyph that is two cells wide has an empty cell behind
 * it (glyph 0). Whatever is drawn is cut at the borders of its area, so that no page can write
 * beside the screen; text is UTF-8 and made printable here, and what a screen without Unicode
 * cannot show becomes '?'. Example: a red "out" in the second row of the left half
 *
 *     struct ry_top_area left = ry_top_area(&screen, 0, 0, 40, 24);
 *     ry_top_put(&left, 3, 1, RY_TOP_RED, "out");
 */
#ifndef RY_TOOLS_TOP_SCREEN_H
#define RY_TOOLS_TOP_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

/* What is beyond stays as the terminal has it. */
#define RY_TOP_WIDTH_MAX  512
#define RY_TOP_HEIGHT_MAX 160
#define RY_TOP_TEXT_BYTES 1024 /* of one ry_top_put */

/* How a cell looks: bits, and one colour. A terminal without colours shows the bits alone, so a
 * colour never says what no word says. */
enum ry_top_look {
    RY_TOP_PLAIN = 0,
    RY_TOP_RED = 1, /* colours */
    RY_TOP_GREEN,
    RY_TOP_YELLOW,
    RY_TOP_CYAN,
    RY_TOP_COLORS,
    RY_TOP_COLOR_MASK = 7,
    RY_TOP_BOLD = 8, /* bits */
    RY_TOP_DIM = 16,
    RY_TOP_REVERSE = 32,
    RY_TOP_UNDERLINE = 64,
};

struct ry_top_cell {
    uint32_t glyph; /* a code point; 0: the right half of the one before */
    uint8_t look;   /* enum ry_top_look */
};

struct ry_top_screen {
    unsigned width, height; /* 1 to the limits above */
    bool unicode;
    struct ry_top_cell cell[RY_TOP_WIDTH_MAX * RY_TOP_HEIGHT_MAX]; /* row by row, `width` a row */
};

/* A part of a screen; positions within count from its corner. */
struct ry_top_area {
    struct ry_top_screen *screen;
    unsigned x, y, width, height;
};

/* Blank, of that size (within the limits). */
void ry_top_screen_clear(struct ry_top_screen *screen, unsigned width, unsigned height);

/* Cut to what the screen has. */
struct ry_top_area ry_top_area(struct ry_top_screen *screen, unsigned x, unsigned y, unsigned width,
                               unsigned height);

/* Writes text from (x, y) on; what the area's right border cuts ends in '~'. Returns the x behind
 * it. */
__attribute__((format(printf, 5, 6))) unsigned ry_top_put(const struct ry_top_area *area,
                                                          unsigned x, unsigned y, unsigned look,
                                                          const char *format, ...);

/* The same in exactly `cells` cells, to the left or to the right; what is too long ends in '~'. */
void ry_top_put_field(const struct ry_top_area *area, unsigned x, unsigned y, unsigned cells,
                      bool right, unsigned look, const char *text);

/* Adds `look` to a row of the area, whatever stands there. */
void ry_top_mark(const struct ry_top_area *area, unsigned y, unsigned look);

/* Cells that the text takes on this screen. */
unsigned ry_top_cells(const struct ry_top_screen *screen, const char *text);

/* A row of the screen as UTF-8 without the blanks behind; for tests and who prints a picture. */
#define RY_TOP_ROW_BYTES (RY_TOP_WIDTH_MAX * 4 + 1)
const char *ry_top_row(char text[RY_TOP_ROW_BYTES], const struct ry_top_screen *screen, unsigned y);

#endif
