#include "tools/web/watcher.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "shm/clock.h"
#include "tools/picture/picture.h"
#include "tools/text/row_value.h"
#include "tools/web/snapshot.h"

#define MS_NS            INT64_C(1000000)
#define LOOK_EVERY_NS    (250 * MS_NS)
#define DOOR_EVERY_NS    (2000 * MS_NS)
#define JOURNAL_EVERY_NS (1000 * MS_NS)
#define PACE_EVERY_NS    (1000 * MS_NS)

static bool is_due(int64_t *last_ns, int64_t now_ns, int64_t every_ns)
{
    if (*last_ns != 0 && now_ns - *last_ns < every_ns)
        return false;
    *last_ns = now_ns;
    return true;
}

/* ---- the journal ----------------------------------------------------------------------------- */

static void close_watch(struct ry_web_watcher *w)
{
    if (w->follower != RY_WEB_FOLLOWS_NOTHING)
        ry_watch_close(&w->watch);
    w->follower = RY_WEB_FOLLOWS_NOTHING;
}

static void on_row(void *context, const struct ry_results_row *row)
{
    ry_web_maker_row(context, row);
}

/* The file that is the journal now. */
static enum ry_journal_there find_journal(const struct ry_web_watcher *w)
{
    char path[PATH_MAX];
    if (w->follower != RY_WEB_FOLLOWS_NOTHING)
        return ry_journal_look(&w->watch.follow.reader, w->focus->folder);
    return ry_journal_find(w->focus->folder, path, sizeof path) == 0 ? RY_JOURNAL_ANOTHER
                                                                     : RY_JOURNAL_GONE;
}

static void look_for_focus(struct ry_web_watcher *w)
{
    if (!ry_web_focus_look(w->focus))
        return;
    close_watch(w);
    w->look_ns = w->door_ns = 0;
}

/* A battle that begins where there was none, or in the place of another. One whose journal was
 * removed is the last there was until then. */
static void look_for_journal(struct ry_web_watcher *w)
{
    char error[RY_WATCH_ERROR_BYTES];
    if (find_journal(w) != RY_JOURNAL_ANOTHER)
        return;
    close_watch(w);
    if (ry_watch_open(&w->watch, w->focus->folder, false, error, sizeof error) != 0)
        return; /* its header is not written yet */
    if (w->links != NULL)
        ry_watch_join(&w->watch, w->links->inputs, w->links->journal);
    w->watches = 0;
    w->behind = true;
    w->pace_ns = 0;
    w->speed_permille = -1;
    w->follower = RY_WEB_FOLLOWS;
    w->look_ns = w->door_ns = 0;
}

/* ---- the door -------------------------------------------------------------------------------- */

/* What a role was handed since the last time. */
static void take_links(struct ry_web_watcher *w)
{
    w->up = w->follower == RY_WEB_FOLLOWS;
    for (; w->follower != RY_WEB_FOLLOWS_NOTHING && w->watches < w->links->count; w->watches++)
        (void)ry_watch_add(&w->watch, &w->links->watched[w->watches]);
}

/* Asks again and again: a battle whose supervisor was killed has no other way of saying so. */
static void look_at_door(struct ry_web_watcher *w)
{
    char why[RY_ROLE_DOOR_WHY_BYTES];
    if (w->links != NULL) {
        take_links(w);
        return;
    }
    /* What runs there may be another battle, whose journal was not seen yet. */
    w->up = find_journal(w) == RY_JOURNAL_SAME && ry_follow_runs(w->focus->folder);
    /* Of one that was over before it was watched, alarms come from what its folder keeps. */
    const bool kept = w->follower == RY_WEB_FOLLOWED && w->watch.processes.count == 0;
    if ((w->up && !w->watch.running) || kept)
        (void)ry_watch_enter(&w->watch, why);
}

/* ---- its turns ------------------------------------------------------------------------------- */

/* Applies inputs; false: nothing is to be done at the moment. */
static bool step(struct ry_web_watcher *w)
{
    if (w->follower != RY_WEB_FOLLOWS)
        return false;
    w->behind = ry_watch_step(&w->watch, RY_RESULTS_STEP_INPUTS) == RY_RESULTS_STEP_INPUTS;
    if (w->behind)
        return true;
    const uint64_t inputs = w->watch.follow.inputs;
    switch (ry_watch_next(&w->watch, true)) {
    case RY_RESULTS_DONE: w->follower = RY_WEB_FOLLOWED; break;
    case RY_RESULTS_DAMAGED: w->follower = RY_WEB_FOLLOWS_LESS; break;
    case RY_RESULTS_AGAIN:
    case RY_RESULTS_WAIT: break;
    }
    w->behind = w->watch.follow.inputs < inputs; /* it was opened again */
    return false;
}

static void look_at_pace(struct ry_web_watcher *w, int64_t now_ns)
{
    const int64_t time = w->watch.results.time, before_ns = w->pace_ns, before = w->pace_time;
    if (!is_due(&w->pace_ns, now_ns, PACE_EVERY_NS))
        return;
    w->pace_time = time;
    if (!w->up || before_ns == 0 || before <= 0 || time < before)
        w->speed_permille = -1;
    else
        w->speed_permille = (int64_t)((__int128)(time - before) * 1000 / (now_ns - before_ns));
}

static void look(struct ry_web_watcher *w, int64_t now_ns)
{
    const bool open = w->follower != RY_WEB_FOLLOWS_NOTHING;
    if (open) {
        ry_watch_look(&w->watch, now_ns);
        look_at_pace(w, now_ns);
    }
    ry_web_snapshot(w->state, w->focus->name, open ? &w->watch : NULL, w->follower, w->up, now_ns);
}

/* ---- the stream ------------------------------------------------------------------------------ */

static void make_picture(struct ry_web_watcher *w, bool shows, bool frame)
{
    static const struct ry_results nothing;
    static const struct ry_watch_names no_names;
    char id[RY_TEXT_ID_BYTES];
    const bool open = w->follower != RY_WEB_FOLLOWS_NOTHING, reads = open && w->behind && !w->up;
    struct ry_picture_of of = {.results = &nothing,
                               .names = &no_names,
                               .folder = w->focus->name,
                               .state = "none",
                               .speed_permille = -1};
    if (open) {
        ry_watch_value(&w->watch);
        of = (struct ry_picture_of){.results = &w->watch.results,
                                    .arena = ry_follow_arena(&w->watch.follow),
                                    .names = &w->watch.names,
                                    .folder = w->focus->name,
                                    .state = reads ? "not known" : ry_watch_battle_state(&w->watch),
                                    .input = w->watch.follow.inputs,
                                    .watch = &w->watch,
                                    .speed_permille = w->speed_permille};
    }
    json_t *picture = ry_picture_make(&of);
    if (shows) /* in the middle of a battle that is over nobody takes its board for the end's */
        ry_api_show(w->api, w->focus->folder, reads ? NULL : json_incref(picture));
    if (frame)
        ry_web_maker_turn(&w->maker, picture, ry_text_row_id(id, &of.results->battle_id), of.input,
                          open ? &w->watch.results : NULL);
    else
        json_decref(picture);
}

/* One picture for both; the API's, without readers of the stream, is a little older at times. */
static void show(struct ry_web_watcher *w, int64_t now_ns)
{
    if (!is_due(&w->frame_ns, now_ns, RY_WEB_FRAME_NS))
        return;
    const bool frame = ry_web_maker_due(&w->maker, now_ns);
    const bool shows = w->api != NULL && (is_due(&w->show_ns, now_ns, LOOK_EVERY_NS) || frame);
    if (w->follower != RY_WEB_FOLLOWS_NOTHING)
        ry_watch_tell(&w->watch, frame ? on_row : NULL, &w->maker); /* rows cost time */
    if (shows || frame)
        make_picture(w, shows, frame);
}

/* ---- its life -------------------------------------------------------------------------------- */

void ry_web_watcher_open(struct ry_web_watcher *w, struct ry_web_focus *focus,
                         struct ry_web_state *state, struct ry_web_outlet *outlet,
                         struct ry_api *api, struct ry_web_links *links)
{
    *w = (struct ry_web_watcher){
        .focus = focus, .state = state, .api = api, .links = links, .speed_permille = -1};
    ry_web_maker_open(&w->maker, outlet, (uint64_t)(ry_clock_wall_ns() / MS_NS));
    ry_web_watcher_turn(w);
}

void ry_web_watcher_turn(struct ry_web_watcher *w)
{
    if (is_due(&w->journal_ns, ry_clock_ns(), JOURNAL_EVERY_NS)) {
        look_for_focus(w);
        look_for_journal(w);
    }
    if (is_due(&w->door_ns, ry_clock_ns(), DOOR_EVERY_NS))
        look_at_door(w);
    const bool more = step(w);
    const int64_t now_ns = ry_clock_ns();
    if (is_due(&w->look_ns, now_ns, LOOK_EVERY_NS))
        look(w, now_ns);
    show(w, now_ns);
    if (!more)
        ry_results_wait();
}

void ry_web_watcher_close(struct ry_web_watcher *w)
{
    close_watch(w);
    ry_web_maker_close(&w->maker);
}
