/* What is shown of a battle, copied out of the watcher's model of it. */
#ifndef RY_TOOLS_WEB_SNAPSHOT_H
#define RY_TOOLS_WEB_SNAPSHOT_H

#include "tools/web/state.h"

/* Takes the lock. `folder` is the name of the battle's. `watch` was looked at; NULL: there is no
 * battle. */
void ry_web_snapshot(struct ry_web_state *state, const char *folder, const struct ry_watch *watch,
                     enum ry_web_follower follower, bool up, int64_t now_ns);

#endif
