/*
 * What the tests of the screen share: a small battle as tools/watch has it, with processes and
 * alarms that the test makes up, and pictures of it as text.
 */
#ifndef RY_TESTS_SUPPORT_TOP_RIG_H
#define RY_TESTS_SUPPORT_TOP_RIG_H

#include "tests/support/results_rig.h"
#include "tools/top/view.h"

/* Large, as its parts: static. */
struct top_rig {
    struct stage stage;
    struct journal_folder folder; /* that the watch reads */
    struct ry_watch watch;
    struct ry_results_board board;
    struct ry_top_scene scene;
    struct ry_top_screen screen;
    struct ry_top_view view;
};

/* stage_play: three agents, a1 first, a2 out in round 1; zone Asia/Tokyo. */
void top_open_small(struct top_rig *t);

/* `agents` agents within the first round, each with a fill at 10.10. The first offers 9 at 10.30,
 * the last behind it 7, and an order of the last was refused. */
void top_open_crowd(struct top_rig *t, uint16_t agents);

void top_close(struct top_rig *t);

/* A process like exec, feed0 or agent0, that runs. */
struct ry_watch_process *top_process(struct top_rig *t, const char *name, const char *own);

void top_alarm(struct top_rig *t, enum ry_watch_severity severity, const char *text);

/* Draws; the picture as text, a line a row. The test frees it. */
char *top_picture(struct top_rig *t, unsigned width, unsigned height);

/* Draws, and holds it to `picture`. */
void top_want(struct top_rig *t, unsigned width, unsigned height, const char *picture);

/* Draws, and looks for `text` in some row. */
bool top_shows(struct top_rig *t, unsigned width, unsigned height, const char *text);

#endif
