#include "tools/web/watcher.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/journal/block.h"
#include "shm/clock.h"
#include "tools/web/snapshot.h"

#define MS_NS            INT64_C(1000000)
#define LOOK_EVERY_NS    (250 * MS_NS)
#define DOOR_EVERY_NS    (2000 * MS_NS)
#define JOURNAL_EVERY_NS (1000 * MS_NS)

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

/* The file that is the journal now. Ours is open, so that no other can have its number. */
enum found { FOUND_NONE, FOUND_OURS, FOUND_ANOTHER };

static enum found find_journal(const struct ry_web_watcher *w)
{
    char path[PATH_MAX];
    struct stat now;
    snprintf(path, sizeof path, "%s/" RY_JOURNAL_FILE, w->directory);
    if (stat(path, &now) != 0)
        return FOUND_NONE;
    if (w->follower == RY_WEB_FOLLOWS_NOTHING)
        return FOUND_ANOTHER;
    return now.st_dev == w->journal.st_dev && now.st_ino == w->journal.st_ino ? FOUND_OURS
                                                                              : FOUND_ANOTHER;
}

/* A battle that begins where there was none, or in the place of another. One whose journal was
 * removed is the last there was until then. */
static void look_for_journal(struct ry_web_watcher *w)
{
    char error[RY_WATCH_ERROR_BYTES];
    if (find_journal(w) != FOUND_ANOTHER)
        return;
    close_watch(w);
    if (ry_watch_open(&w->watch, w->directory, false, error, sizeof error) != 0)
        return; /* its header is not written yet */
    (void)fstat(w->watch.follow.reader.fd, &w->journal);
    w->follower = RY_WEB_FOLLOWS;
    w->look_ns = w->door_ns = 0;
}

/* ---- the door -------------------------------------------------------------------------------- */

/* Asks again and again: a battle whose supervisor was killed has no other way of saying so. */
static void look_at_door(struct ry_web_watcher *w)
{
    char why[RY_ROLE_DOOR_WHY_BYTES];
    /* What runs there may be another battle, whose journal was not seen yet. */
    w->up = find_journal(w) == FOUND_OURS && ry_follow_runs(w->directory);
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
    if (ry_watch_step(&w->watch, RY_RESULTS_STEP_INPUTS) == RY_RESULTS_STEP_INPUTS)
        return true;
    switch (ry_watch_next(&w->watch, true)) {
    case RY_RESULTS_DONE: w->follower = RY_WEB_FOLLOWED; break;
    case RY_RESULTS_DAMAGED: w->follower = RY_WEB_FOLLOWS_LESS; break;
    case RY_RESULTS_AGAIN:
    case RY_RESULTS_WAIT: break;
    }
    return false;
}

static void look(struct ry_web_watcher *w, int64_t now_ns)
{
    const bool open = w->follower != RY_WEB_FOLLOWS_NOTHING;
    if (open)
        ry_watch_look(&w->watch, now_ns);
    ry_web_snapshot(w->state, open ? &w->watch : NULL, w->follower, w->up, now_ns);
}

void ry_web_watcher_open(struct ry_web_watcher *w, const char *directory,
                         struct ry_web_state *state)
{
    *w = (struct ry_web_watcher){.directory = directory, .state = state};
    ry_web_watcher_turn(w);
}

void ry_web_watcher_turn(struct ry_web_watcher *w)
{
    if (is_due(&w->journal_ns, ry_clock_ns(), JOURNAL_EVERY_NS))
        look_for_journal(w);
    if (is_due(&w->door_ns, ry_clock_ns(), DOOR_EVERY_NS))
        look_at_door(w);
    const bool more = step(w);
    const int64_t now_ns = ry_clock_ns();
    if (is_due(&w->look_ns, now_ns, LOOK_EVERY_NS))
        look(w, now_ns);
    if (!more)
        ry_results_wait();
}

void ry_web_watcher_close(struct ry_web_watcher *w)
{
    close_watch(w);
}
