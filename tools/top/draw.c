/* The whole picture: header, page, footer. */
#include <assert.h>
#include <stdio.h>

#include "tools/top/pages.h"

/* Not even the battle is known: only what needs none. */
static void draw_waiting(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    switch (sheet->view->page) {
    case RY_TOP_PROCESSES: ry_top_page_processes(area, sheet); return;
    case RY_TOP_FEEDS: ry_top_page_feeds(area, sheet); return;
    case RY_TOP_ALARMS: ry_top_page_alarms(area, sheet); return;
    case RY_TOP_BOARD:
    case RY_TOP_ROUNDS:
    case RY_TOP_INSTRUMENTS:
    case RY_TOP_AGENT:
    case RY_TOP_INSTRUMENT:
    case RY_TOP_PAGES: break;
    }
    ry_top_put(area, 0, 0, RY_TOP_DIM, "the battle's first input has not come yet");
}

static void draw_page(const struct ry_top_area *area, const struct ry_top_sheet *sheet)
{
    switch (sheet->view->page) {
    case RY_TOP_BOARD: ry_top_page_board(area, sheet); break;
    case RY_TOP_PROCESSES: ry_top_page_processes(area, sheet); break;
    case RY_TOP_FEEDS: ry_top_page_feeds(area, sheet); break;
    case RY_TOP_ALARMS: ry_top_page_alarms(area, sheet); break;
    case RY_TOP_ROUNDS: ry_top_page_rounds(area, sheet); break;
    case RY_TOP_INSTRUMENTS: ry_top_page_instruments(area, sheet); break;
    case RY_TOP_AGENT: ry_top_page_agent(area, sheet); break;
    case RY_TOP_INSTRUMENT: ry_top_page_instrument(area, sheet); break;
    case RY_TOP_PAGES: assert(false); break;
    }
}

/* "1-12 of 60", where not all of a page is shown: in the title, before the time, if there is room.
 */
static void put_part(const struct ry_top_area *whole, const struct ry_top_view *view)
{
    const unsigned first = view->place[view->page].first;
    unsigned room = 0;
    char text[64];
    if (view->room == 0 || view->count <= view->room)
        return;
    const unsigned cells = (unsigned)snprintf(text, sizeof text, " %u-%u of %u ", first + 1,
                                              first + view->room, view->count);
    for (unsigned x = whole->width; x-- > 0;) {
        room = whole->screen->cell[x].glyph == ' ' ? room + 1 : 0;
        if (room == cells) {
            ry_top_put(whole, x, 0, RY_TOP_REVERSE, "%s", text);
            return;
        }
    }
}

void ry_top_draw(struct ry_top_screen *screen, const struct ry_top_scene *scene,
                 struct ry_top_view *view)
{
    struct ry_top_clock clock = {.zone = scene->watch->names.zone};
    const struct ry_top_sheet sheet = {.scene = scene, .view = view, .clock = &clock};
    ry_top_screen_clear(screen, screen->width, screen->height);
    screen->unicode = view->unicode;
    view->count = view->room = view->columns = 0;
    view->chosen = RY_TOP_NONE;
    struct ry_top_area whole = ry_top_area(screen, 0, 0, screen->width, screen->height);
    unsigned above = ry_top_header(&whole, &sheet), below = ry_top_footer(&whole, &sheet);
    if (above + below >= screen->height)
        return;
    struct ry_top_area body =
        ry_top_area(screen, 0, above, screen->width, screen->height - above - below);
    if (view->help)
        ry_top_page_help(&body, &sheet);
    else if (scene->board == NULL)
        draw_waiting(&body, &sheet);
    else
        draw_page(&body, &sheet);
    put_part(&whole, view);
}
