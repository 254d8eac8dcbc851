/*
 * What a picture is made of besides the battle: the page, the place of the cursor, the filter; and
 * the two pure functions of it: what a key does, and the picture.
 *
 *     ry_top_draw(screen, scene, view)      the whole screen, from these three alone
 *     ry_top_press(view, key)               the user pressed a key
 *
 * Drawing writes into the view what the next key needs to know: how long the list of the page is,
 * how much of it fits, what the cursor stands on.
 */
#ifndef RY_TOOLS_TOP_VIEW_H
#define RY_TOOLS_TOP_VIEW_H

#include "tools/top/screen.h"
#include "tools/watch/watch.h"

enum ry_top_page {
    RY_TOP_BOARD,
    RY_TOP_PROCESSES,
    RY_TOP_FEEDS,
    RY_TOP_ALARMS,
    RY_TOP_ROUNDS,
    RY_TOP_INSTRUMENTS,
    RY_TOP_TABS, /* those before have a number key */
    RY_TOP_AGENT = RY_TOP_TABS,
    RY_TOP_INSTRUMENT,
    RY_TOP_PAGES,
};

#define RY_TOP_FILTER_BYTES 24
#define RY_TOP_NONE         UINT16_MAX

/* Where one stands in the list of a page, and how it is sorted. */
struct ry_top_place {
    unsigned cursor, first; /* rows of the list as it is shown */
    unsigned sort;          /* column; 0: the page's own order */
    bool reverse;
};

struct ry_top_view {
    enum ry_top_page page, back; /* back: where Esc goes from an agent's or instrument's page */
    struct ry_top_place place[RY_TOP_PAGES];
    uint16_t agent, instrument; /* of their pages */
    char filter[RY_TOP_FILTER_BYTES];
    bool filters; /* the filter is being typed */
    bool help, paused, leaves;
    bool unicode, color;
    /* By ry_top_draw, of the page that it drew: */
    unsigned count, room; /* rows of the list, and how many fit */
    unsigned columns;     /* that it can be sorted by */
    uint16_t chosen;      /* id of the agent or instrument under the cursor; RY_TOP_NONE */
};

/* What the follower is doing. */
enum ry_top_state {
    RY_TOP_READING = 1, /* behind: it reads what the journal has */
    RY_TOP_LIVE,        /* at the head of a battle that runs */
    RY_TOP_OVER,        /* the battle has ended, all was read */
    RY_TOP_STOPS, /* the journal ends before the battle's end, or is damaged: watch->follow.text */
};

/* How fast the battle goes, over the last second or so. */
struct ry_top_pace {
    bool known;           /* else the first of these seconds is not over */
    uint64_t inputs_s;    /* a second */
    uint64_t speed_tenth; /* tenths of a second of market time a second */
};

struct ry_top_scene {
    const struct ry_watch *watch;
    const struct ry_results_board *board; /* NULL: the battle's first input has not come */
    enum ry_top_state state;
    struct ry_top_pace pace;
    const char *note; /* a line of the caller's; NULL */
};

/* Draws all of `screen`, whose size is set. */
void ry_top_draw(struct ry_top_screen *screen, const struct ry_top_scene *scene,
                 struct ry_top_view *view);

/* Keys that are no character. */
enum ry_top_key {
    RY_TOP_KEY_UP = 0x110000, /* behind the last code point */
    RY_TOP_KEY_DOWN,
    RY_TOP_KEY_LEFT,
    RY_TOP_KEY_RIGHT,
    RY_TOP_KEY_PAGE_UP,
    RY_TOP_KEY_PAGE_DOWN,
    RY_TOP_KEY_HOME,
    RY_TOP_KEY_END,
    RY_TOP_KEY_BACKSPACE,
    RY_TOP_KEY_BACKTAB,
};

/* `key`: a character, or one of enum ry_top_key. What means nothing does nothing. */
void ry_top_press(struct ry_top_view *view, uint32_t key);

#endif
