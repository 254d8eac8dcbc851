/* The last lines of the screen: what the caller says, the filter, the keys. */
#include <stdio.h>
#include <string.h>

#include "tools/top/pages.h"

static const char *const tabs[RY_TOP_TABS] = {"board",  "processes", "feeds",
                                              "alarms", "rounds",    "instruments"};

static const char *const short_tabs[RY_TOP_TABS] = {"board",  "procs",  "feeds",
                                                    "alarms", "rounds", "instr"};

/* Widths that leave room for "? help  q leave" behind them. */
#define WHOLE_FROM 76
#define NAMES_FROM 66

/* What else can be pressed on the page, the most needed first. */
static const char *keys_of(const struct ry_top_view *view)
{
    if (view->help)
        return "any key closes the help";
    switch (view->page) {
    case RY_TOP_BOARD:
        return "? help  q leave  Enter agent  s sort  S reverse  / filter  space pause";
    case RY_TOP_INSTRUMENTS:
        return "? help  q leave  Enter book  s sort  S reverse  / filter  space pause";
    case RY_TOP_PROCESSES:
    case RY_TOP_FEEDS:
    case RY_TOP_ROUNDS: return "? help  q leave  s sort  S reverse  / filter  space pause";
    case RY_TOP_AGENT:
    case RY_TOP_INSTRUMENT: return "? help  q leave  Esc back  arrows scroll  space pause";
    case RY_TOP_ALARMS:
    case RY_TOP_PAGES: break;
    }
    return "? help  q leave  arrows scroll  space pause";
}

/* Those that fit whole; two blanks stand between them. */
static void put_items(const struct ry_top_area *area, unsigned x, unsigned y, const char *items)
{
    static const char between[] = "  ";
    while (*items != 0) {
        const char *end = strstr(items, between);
        const size_t length = end != NULL ? (size_t)(end - items) : strlen(items);
        if (x + length > area->width)
            return;
        x = ry_top_put(area, x, y, RY_TOP_DIM, "%.*s%s", (int)length, items, between);
        items += end != NULL ? length + strlen(between) : length;
    }
}

static void put_keys(const struct ry_top_area *area, unsigned y, const struct ry_top_view *view)
{
    const char *const *names = area->width >= WHOLE_FROM ? tabs : short_tabs;
    unsigned x = 0;
    for (unsigned i = 0; i < RY_TOP_TABS; i++) {
        bool here =
            i == (unsigned)view->page || (view->page >= RY_TOP_TABS && i == (unsigned)view->back);
        x = ry_top_put(area, x, y, here ? RY_TOP_REVERSE : RY_TOP_PLAIN, "%u", i + 1);
        if (area->width >= NAMES_FROM)
            x = ry_top_put(area, x, y, here ? RY_TOP_REVERSE : RY_TOP_PLAIN, " %s", names[i]);
        x = ry_top_put(area, x, y, RY_TOP_PLAIN, " ");
    }
    put_items(area, x + 1, y, keys_of(view));
}

/* The line above the keys, if there is something to say. */
static bool put_note(const struct ry_top_area *area, unsigned y, const struct ry_top_sheet *sheet)
{
    const struct ry_top_view *view = sheet->view;
    const struct ry_top_scene *scene = sheet->scene;
    if (view->filters)
        ry_top_put(area, 0, y, RY_TOP_BOLD, "filter: %s_   Enter keeps it, Esc drops it",
                   view->filter);
    else if (view->paused)
        ry_top_put(area, 0, y, RY_TOP_YELLOW,
                   "paused: every page shows this moment; the battle goes on. space goes on too");
    else if (view->filter[0] != 0)
        ry_top_put(area, 0, y, RY_TOP_CYAN, "only names with \"%s\": / changes it, Esc drops it",
                   view->filter);
    else if (scene->state == RY_TOP_STOPS)
        ry_top_put(area, 0, y, RY_TOP_YELLOW, "%s",
                   scene->watch->why[0] != 0 ? scene->watch->why : scene->watch->follow.text);
    else if (scene->note != NULL)
        ry_top_put(area, 0, y, RY_TOP_YELLOW, "%s", scene->note);
    else if (scene->state == RY_TOP_READING && scene->board != NULL && scene->board->permille >= 0)
        ry_top_put(area, 0, y, RY_TOP_CYAN, "reading the journal: %d %% of the battle's hours",
                   scene->board->permille / 10);
    else
        return false;
    return true;
}

unsigned ry_top_footer(const struct ry_top_area *screen, const struct ry_top_sheet *sheet)
{
    if (screen->height < 3)
        return 0;
    put_keys(screen, screen->height - 1, sheet->view);
    return put_note(screen, screen->height - 2, sheet) ? 2 : 1;
}
