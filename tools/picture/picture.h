/*
 * The picture: everything that a page shows of a battle at one moment, as one JSON document. The
 * stream, `GET /v1/battles/{battle}/state` and the page in one file have the same; docs/API.md has
 * its fields.
 *
 *     struct ry_picture_of of = ...;
 *     json_t *after = ry_picture_make(&of);
 *     json_t *patch = ry_picture_patch(before, after);      NULL: nothing changed
 *
 * A patch is an RFC 7396 merge patch. There a member that is null is one that is gone, so that a
 * reader takes a member that is null and one that is not there for the same; in this sense, and
 * only in it, `before` with the patch is `after`.
 */
#ifndef RY_TOOLS_PICTURE_PICTURE_H
#define RY_TOOLS_PICTURE_PICTURE_H

#include <jansson.h>

#include "core/results/board.h"
#include "tools/watch/watch.h"

#define RY_PICTURE_INSTRUMENTS_MAX 16   /* whose agents' lots, then volume, are the largest */
#define RY_PICTURE_LEVELS          10   /* of a side */
#define RY_PICTURE_OPEN_MAX        32   /* open orders of an agent, the oldest first */
#define RY_PICTURE_AHEAD_MAX       4096 /* orders in front of one that are counted */

struct ry_picture_of {
    const struct ry_results *results; /* after ry_results_value */
    const struct ry_arena *arena;     /* of the same moment; NULL: the first input has not come */
    const struct ry_watch_names *names;
    const char *folder;           /* its name; NULL or "": in none */
    const char *state;            /* ry_watch_battle_state; "none": no journal */
    uint64_t input;               /* inputs applied: the number of the last */
    const struct ry_watch *watch; /* after ry_watch_look; NULL: no live moment, so no processes, no
                                     machine, no alarms */
    int64_t speed_permille;       /* market seconds a second x 1000; -1: not known */
};

/* A new reference. */
json_t *ry_picture_make(const struct ry_picture_of *of);

/* A new reference, or NULL: they are the same. */
json_t *ry_picture_patch(json_t *before, json_t *after);

#endif
