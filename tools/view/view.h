/*
 * royale-view: a follower that shows a battle and writes what it came to.
 *
 * It runs alone over a battle's directory (ry_view_alone_main), or as the role "view" of a running
 * battle (ry_view_role_main), which the supervisor starts and which wants exec.inputs and
 * journal.positions. Both are the same viewer, stepped by different loops.
 */
#ifndef RY_TOOLS_VIEW_VIEW_H
#define RY_TOOLS_VIEW_VIEW_H

#include "core/results/follow.h"
#include "tools/view/files.h"

enum ry_view_mode {
    RY_VIEW_LINES = 1,
    RY_VIEW_JSON,
    RY_VIEW_QUIET,
};

struct ry_view {
    const char *directory;
    FILE *out;
    enum ry_view_mode mode;
    bool writes;
    bool sums_up_elsewhere; /* somebody else prints the result: no board at the end of lines */
    bool unread;            /* `out` takes nothing any more: its reader is gone, a disk is full */
    struct ry_follow follow;
    struct ry_results results;
    struct ry_view_files files;
    uint64_t shown; /* nothing is shown of inputs up to this one: they were, before the journal was
                       opened again */
};

/* directory, mode, out and writes are set. 0, or -1 with `error`; then there is nothing to close.
 */
int ry_view_open(struct ry_view *v, char *error, size_t error_bytes);

/* Applies up to `n` inputs and shows what happens; fewer: v->follow.status. */
unsigned ry_view_step(struct ry_view *v, unsigned n);

/* Writes the files, then shows how it ended, or stands. Nobody who reads `out` can keep the files
 * from being written. 0, or -1 with `error`: a file could not be. */
int ry_view_finish(struct ry_view *v, char *error, size_t error_bytes);

void ry_view_close(struct ry_view *v);

int ry_view_alone_main(int argc, char **argv);
int ry_view_role_main(int argc, char **argv);

#endif
