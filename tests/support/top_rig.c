#include "tests/support/top_rig.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"

/* Reads the stage's journal, as a program would. */
static void watch(struct top_rig *t)
{
    char error[RY_WATCH_ERROR_BYTES];
    ck_assert_uint_le(t->stage.inputs, STAGE_KEPT);
    t->folder = stage_journal(&t->stage, t->stage.inputs);
    ck_assert_int_eq(ry_watch_open(&t->watch, t->folder.path, true, error, sizeof error), 0);
    while (ry_watch_step(&t->watch, STAGE_KEPT) > 0)
        ;
    ck_assert_uint_eq(t->watch.follow.inputs, t->stage.inputs);
    strcpy(t->watch.names.zone, "Asia/Tokyo"); /* nine hours before UTC, all year */
    ry_watch_value(&t->watch);
    ry_results_board_make(&t->board, &t->watch.results, ry_follow_arena(&t->watch.follow));
    t->scene =
        (struct ry_top_scene){.watch = &t->watch,
                              .board = &t->board,
                              .state = RY_TOP_LIVE,
                              .pace = {.known = true, .inputs_s = 12345, .speed_tenth = 1005}};
    t->view.unicode = true;
}

static void begin(struct top_rig *t)
{
    ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8")); /* widths of letters */
    memset(t, 0, sizeof *t);
}

void top_open_small(struct top_rig *t)
{
    begin(t);
    struct ry_input_battle battle = stage_battle(3);
    stage_open(&t->stage, &battle, NULL);
    stage_play(&t->stage);
    watch(t);
}

void top_open_crowd(struct top_rig *t, uint16_t agents)
{
    begin(t);
    struct ry_input_battle battle = stage_battle(agents);
    battle.min_fills = 1;
    stage_open(&t->stage, &battle, NULL);
    stage_describe(&t->stage, &battle, INT64_MAX);
    stage_last(&t->stage, 1000);
    stage_add(&t->stage, 1, RY_BUY, 990, 5000);
    stage_add(&t->stage, 2, RY_SELL, 1010, 5000);
    stage_time(&t->stage, RY_NS_PER_SECOND);
    for (uint16_t agent = 0; agent < agents; agent++) /* the first pays the least */
        stage_order(&t->stage, agent, 1, RY_BUY, 1010, 1u + agent);
    if (agents > 1)
        stage_order(&t->stage, 0, 2, RY_SELL, 1030, 9);
    if (agents > 0) {
        stage_order(&t->stage, (uint16_t)(agents - 1), 2, RY_SELL, 1030, 7);
        stage_order(&t->stage, (uint16_t)(agents - 1), 3, RY_BUY, 9000, 5);
    }
    stage_time(&t->stage, 6 * RY_NS_PER_SECOND);
    watch(t);
}

void top_close(struct top_rig *t)
{
    ry_watch_close(&t->watch);
    journal_folder_remove(&t->folder);
    stage_close(&t->stage);
}

struct ry_watch_process *top_process(struct top_rig *t, const char *name, const char *own)
{
    struct ry_watch_processes *all = &t->watch.processes;
    struct ry_watch_process *process = &all->process[all->count++];
    *process = (struct ry_watch_process){.state = RY_WATCH_RUNS,
                                         .core = 3,
                                         .beat_age_ns = 840000,
                                         .busy_permille = 425,
                                         .lag = 12,
                                         .lag_unit = "inputs",
                                         .rate = 41300,
                                         .rate_unit = "events",
                                         .quiet_ns = 0,
                                         .borrowed = true};
    snprintf(process->name, sizeof process->name, "%s", name);
    snprintf(process->own, sizeof process->own, "%s", own);
    t->watch.running = true;
    return process;
}

void top_alarm(struct top_rig *t, enum ry_watch_severity severity, const char *text)
{
    struct ry_watch_alarm *alarm = &t->watch.alarms.alarm[t->watch.alarms.count++];
    alarm->severity = severity;
    snprintf(alarm->text, sizeof alarm->text, "%s", text);
}

char *top_picture(struct top_rig *t, unsigned width, unsigned height)
{
    static char row[RY_TOP_ROW_BYTES];
    char *text = calloc(height, RY_TOP_ROW_BYTES + 1), *at = text;
    ck_assert_ptr_nonnull(text);
    t->screen.width = width;
    t->screen.height = height;
    ry_top_draw(&t->screen, &t->scene, &t->view);
    for (unsigned y = 0; y < height; y++)
        at += sprintf(at, "%s\n", ry_top_row(row, &t->screen, y));
    return text;
}

void top_want(struct top_rig *t, unsigned width, unsigned height, const char *picture)
{
    char *text = top_picture(t, width, height);
    ck_assert_str_eq(text, picture);
    free(text);
}

bool top_shows(struct top_rig *t, unsigned width, unsigned height, const char *text)
{
    char *picture = top_picture(t, width, height);
    bool there = strstr(picture, text) != NULL;
    free(picture);
    return there;
}
