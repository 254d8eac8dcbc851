/* What a key does to the view. */
#include <string.h>

#include "tools/top/view.h"

enum {
    KEY_TAB = '\t',
    KEY_ENTER = '\r',
    KEY_NEWLINE = '\n',
    KEY_ESCAPE = 27,
    KEY_DELETE = 127,
};

static bool is_erase(uint32_t key)
{
    return key == RY_TOP_KEY_BACKSPACE || key == KEY_DELETE || key == '\b';
}

static bool is_enter(uint32_t key)
{
    return key == KEY_ENTER || key == KEY_NEWLINE;
}

static void go_to(struct ry_top_view *view, enum ry_top_page page)
{
    if (page != view->page)
        view->filter[0] = 0; /* it was about the other page's names */
    view->page = page;
}

/* ---- the filter ------------------------------------------------------------------------------ */

static void type_filter(struct ry_top_view *view, uint32_t key)
{
    size_t length = strlen(view->filter);
    if (is_enter(key) || key == KEY_ESCAPE)
        view->filters = false;
    if (key == KEY_ESCAPE)
        view->filter[0] = 0;
    else if (is_erase(key) && length > 0)
        view->filter[length - 1] = 0;
    else if (key > ' ' && key < KEY_DELETE && length + 1 < sizeof view->filter)
        view->filter[length] = (char)key;
}

/* ---- the list -------------------------------------------------------------------------------- */

static void move(struct ry_top_view *view, uint32_t key)
{
    struct ry_top_place *place = &view->place[view->page];
    unsigned last = view->count > 0 ? view->count - 1 : 0, step = view->room > 1 ? view->room : 1;
    unsigned to = place->cursor;
    if (key == RY_TOP_KEY_UP)
        to = to > 0 ? to - 1 : 0;
    else if (key == RY_TOP_KEY_DOWN)
        to++;
    else if (key == RY_TOP_KEY_PAGE_UP)
        to = to > step ? to - step : 0;
    else if (key == RY_TOP_KEY_PAGE_DOWN)
        to += step;
    else if (key == RY_TOP_KEY_HOME)
        to = 0;
    else if (key == RY_TOP_KEY_END)
        to = last;
    place->cursor = to < last ? to : last;
}

static void sort(struct ry_top_view *view, uint32_t key)
{
    struct ry_top_place *place = &view->place[view->page];
    if (view->columns == 0)
        return;
    if (key == 'S')
        place->reverse = !place->reverse;
    else
        place->sort = (place->sort + 1) % view->columns;
    place->cursor = place->first = 0;
}

/* ---- from page to page ----------------------------------------------------------------------- */

static void open_chosen(struct ry_top_view *view)
{
    if (view->chosen == RY_TOP_NONE)
        return;
    enum ry_top_page page = view->page;
    if (page == RY_TOP_BOARD || page == RY_TOP_PROCESSES) {
        view->agent = view->chosen;
        go_to(view, RY_TOP_AGENT);
    } else if (page == RY_TOP_INSTRUMENTS || page == RY_TOP_AGENT) {
        view->instrument = view->chosen;
        go_to(view, RY_TOP_INSTRUMENT);
    } else {
        return;
    }
    view->back = page < RY_TOP_TABS ? page : view->back;
    view->place[view->page] = (struct ry_top_place){.cursor = 0};
}

static void go_back(struct ry_top_view *view)
{
    if (view->page >= RY_TOP_TABS)
        go_to(view, view->back);
    else
        view->filter[0] = 0;
}

static void turn(struct ry_top_view *view, bool on)
{
    unsigned tab = view->page < RY_TOP_TABS ? view->page : view->back;
    go_to(view, (tab + (on ? 1 : RY_TOP_TABS - 1u)) % RY_TOP_TABS);
}

void ry_top_press(struct ry_top_view *view, uint32_t key)
{
    if (view->filters) {
        type_filter(view, key);
        return;
    }
    if (view->help && key != 'q') { /* any key */
        view->help = false;
        return;
    }
    if (key >= '1' && key < '1' + (uint32_t)RY_TOP_TABS)
        go_to(view, (enum ry_top_page)(key - '1'));
    else if (key == KEY_TAB || key == RY_TOP_KEY_RIGHT)
        turn(view, true);
    else if (key == RY_TOP_KEY_BACKTAB || key == RY_TOP_KEY_LEFT)
        turn(view, false);
    else if (is_enter(key))
        open_chosen(view);
    else if (is_erase(key) || key == KEY_ESCAPE)
        go_back(view);
    else if (key == 's' || key == 'S')
        sort(view, key);
    else if (key == '/')
        view->filters = view->page < RY_TOP_TABS && view->page != RY_TOP_ALARMS;
    else if (key == ' ')
        view->paused = !view->paused;
    else if (key == '?' || key == 'h')
        view->help = true;
    else if (key == 'q' || key == 'Q')
        view->leaves = true;
    else
        move(view, key);
}
