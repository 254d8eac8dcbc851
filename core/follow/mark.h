/*
 * A mark: a follower's machine and its place in the journal, to come back to.
 *
 *     ry_follow_mark_take(&store, &mark, &follow, NULL);     between two inputs
 *     ... ry_follow_step(&follow, ...) ...
 *     ry_follow_mark_return(&store, &mark, &follow);         as it was
 *     ry_follow_mark_drop(&store, &mark);
 *
 * The machine's memory may be copied between inputs (core/arena/machine.h). Whatever follower of
 * the same journal may come back to a mark: one that has another machine, or none yet, takes it
 * over. Where the follower was told to stop (ry_follow_until) and whether it is live stay as they
 * are; it reads the journal from the mark on.
 */
#ifndef RY_CORE_FOLLOW_MARK_H
#define RY_CORE_FOLLOW_MARK_H

#include "core/follow/follow.h"
#include "core/follow/pages.h"

struct ry_follow_mark {
    struct ry_journal_place place;
    uint64_t inputs;
    size_t memory_bytes; /* of the machine; 0: there was none */
    struct ry_follow_pages machine, price_scale;
};

/* `before`: an earlier mark, to share memory with; NULL: none. 0, or -1: no memory; then there is
 * nothing to drop. */
int ry_follow_mark_take(struct ry_follow_store *store, struct ry_follow_mark *mark,
                        const struct ry_follow *follow, const struct ry_follow_mark *before);

/* 0, or -1: no memory for a machine; then `follow` is as it was. */
int ry_follow_mark_return(const struct ry_follow_store *store, const struct ry_follow_mark *mark,
                          struct ry_follow *follow);

void ry_follow_mark_drop(struct ry_follow_store *store, struct ry_follow_mark *mark);

#endif
