/*
 * The watcher: keeps struct ry_web_state true, for whatever battle is in a directory: one that has
 * not begun, that runs, has ended, or was followed by another in the same place.
 *
 *     ry_web_watcher_open(&w, "DIR", &state);
 *     while (!stopped)
 *         ry_web_watcher_turn(&w);        applies inputs, or waits a moment
 *     ry_web_watcher_close(&w);
 */
#ifndef RY_TOOLS_WEB_WATCHER_H
#define RY_TOOLS_WEB_WATCHER_H

#include <sys/stat.h>

#include "tools/web/state.h"

struct ry_web_watcher {
    const char *directory;
    struct ry_web_state *state;
    struct ry_watch watch; /* open unless the follower follows nothing */
    enum ry_web_follower follower;
    struct stat journal;                  /* of the file that is followed */
    bool up;                              /* the door was answered */
    int64_t look_ns, door_ns, journal_ns; /* when each was done last */
};

/* Large: static. */
void ry_web_watcher_open(struct ry_web_watcher *w, const char *directory,
                         struct ry_web_state *state);
void ry_web_watcher_turn(struct ry_web_watcher *w);
void ry_web_watcher_close(struct ry_web_watcher *w);

#endif
