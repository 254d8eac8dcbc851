/*
 * What DIR/battle.yaml says that a journal does not: for displays.
 */
#ifndef RY_TOOLS_WATCH_NAMES_H
#define RY_TOOLS_WATCH_NAMES_H

#include "core/battle/battle.h"

/* Printable. */
struct ry_watch_names {
    char zone[64];                               /* of the market; "UTC" if it cannot be read */
    char feed[RY_FEEDS_MAX][RY_NAME_BYTES];      /* by number; "": not known */
    char strategy[RY_AGENTS_MAX][RY_NAME_BYTES]; /* by agent's id, its file's name without .so; "":
                                                     not known, or too long */
};

/* The file may be of another version, or gone: then little is known. */
void ry_watch_names_read(struct ry_watch_names *names, const char *directory);

#endif
