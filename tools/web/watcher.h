/*
 * The watcher: keeps struct ry_web_state true, for whatever battle is in focus (tools/web/focus.h):
 * one that has not begun, that runs, has ended, or was followed by another in the same place; and
 * makes the stream's frames of it, RY_WEB_FRAME_NS after RY_WEB_FRAME_NS, while somebody reads.
 *
 *     ry_web_watcher_open(&w, &focus, &state, &outlet);
 *     while (!stopped)
 *         ry_web_watcher_turn(&w);        applies inputs, or waits a moment
 *     ry_web_watcher_close(&w);
 */
#ifndef RY_TOOLS_WEB_WATCHER_H
#define RY_TOOLS_WEB_WATCHER_H

#include "tools/api/api.h"
#include "tools/web/focus.h"
#include "tools/web/maker.h"
#include "tools/web/state.h"

/* Links of a role of the battle, which nobody lets in at the door. They stay its own. */
struct ry_web_links {
    const struct ry_role_link *inputs, *journal;
    const struct ry_role_link *watched; /* [count]: each process's ROLE.watch; more may come */
    unsigned count;
};

struct ry_web_watcher {
    struct ry_web_focus *focus;
    struct ry_web_state *state;
    struct ry_api *api;         /* is shown what is shown; NULL: none */
    struct ry_web_links *links; /* NULL: it goes to the door */
    unsigned watches;           /* of links->count, those that the watch has */
    struct ry_web_maker maker;
    struct ry_watch watch; /* open unless the follower follows nothing */
    enum ry_web_follower follower;
    bool up;     /* the door was answered */
    bool behind; /* the last step had as much to read as it may: how it ends is not known */
    int64_t look_ns, door_ns, journal_ns, frame_ns, show_ns; /* when each was done last */
    int64_t pace_ns, pace_time; /* when its market time was looked at last, and what it was */
    int64_t speed_permille;     /* market seconds in a second, times 1000; -1: not known */
};

/* Large: static. */
void ry_web_watcher_open(struct ry_web_watcher *w, struct ry_web_focus *focus,
                         struct ry_web_state *state, struct ry_web_outlet *outlet,
                         struct ry_api *api, struct ry_web_links *links);
void ry_web_watcher_turn(struct ry_web_watcher *w);
void ry_web_watcher_close(struct ry_web_watcher *w);

#endif
