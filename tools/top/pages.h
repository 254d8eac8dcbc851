/*
 * The pages: each draws the body of the screen, below the header and above the keys.
 */
#ifndef RY_TOOLS_TOP_PAGES_H
#define RY_TOOLS_TOP_PAGES_H

#include "tools/top/view.h"
#include "tools/top/words.h"

/* What one picture is made from. */
struct ry_top_sheet {
    const struct ry_top_scene
        *scene; /* with a board, but for the header, processes, alarms, help */
    struct ry_top_view *view;
    struct ry_top_clock *clock;
};

/* The lines above every page; returns how many. Of a low screen fewer, the most telling. */
unsigned ry_top_header(const struct ry_top_area *screen, const struct ry_top_sheet *sheet);

/* The last lines: a note, and the keys; returns how many. */
unsigned ry_top_footer(const struct ry_top_area *screen, const struct ry_top_sheet *sheet);

void ry_top_page_board(const struct ry_top_area *area, const struct ry_top_sheet *sheet);
void ry_top_page_processes(const struct ry_top_area *area, const struct ry_top_sheet *sheet);
void ry_top_page_feeds(const struct ry_top_area *area, const struct ry_top_sheet *sheet);
void ry_top_page_alarms(const struct ry_top_area *area, const struct ry_top_sheet *sheet);
void ry_top_page_rounds(const struct ry_top_area *area, const struct ry_top_sheet *sheet);
void ry_top_page_instruments(const struct ry_top_area *area, const struct ry_top_sheet *sheet);
void ry_top_page_agent(const struct ry_top_area *area, const struct ry_top_sheet *sheet);
void ry_top_page_instrument(const struct ry_top_area *area, const struct ry_top_sheet *sheet);
void ry_top_page_help(const struct ry_top_area *area, const struct ry_top_sheet *sheet);

/* Parts of pages that stand beside others where there is room. */
void ry_top_part_processes(const struct ry_top_area *area, const struct ry_top_sheet *sheet);

/* The last rows of one sort, the newest first, with their times; of the game only what is news.
 * Returns how many lines there are. */
unsigned ry_top_part_rows(const struct ry_top_area *area, const struct ry_top_sheet *sheet,
                          const struct ry_watch_rows *rows, const char *nothing);

#endif
