/*
 * The battle in focus: the one that is followed, and that the stream shows. Of a battle's own
 * folder it is that battle; of a library, the one that runs, of several the youngest, else the one
 * that ended last.
 */
#ifndef RY_TOOLS_WEB_FOCUS_H
#define RY_TOOLS_WEB_FOCUS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "tools/library/library.h"
#include "tools/web/state.h"

struct ry_web_focus {
    const char *directory; /* as it was given */
    bool many;             /* it is a library */
    struct ry_library library;
    char folder[PATH_MAX]; /* of the battle in focus; "": the library has none */
    char name[RY_WEB_FOLDER_BYTES];
};

/* `directory` is kept. 0, or -1 with errno: it is no folder that can be read. */
int ry_web_focus_open(struct ry_web_focus *focus, const char *directory, bool library);
void ry_web_focus_close(struct ry_web_focus *focus);

/* Looks again; true: another folder is in focus now. */
bool ry_web_focus_look(struct ry_web_focus *focus);

/* Whether `name` of a path means the battle that `state` shows: its folder's name, its id's 32
 * digits, or "current". The caller has the lock. */
bool ry_web_focus_is(const struct ry_web_state *state, const char *name);

#endif
