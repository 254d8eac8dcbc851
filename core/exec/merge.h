/*
 * The merge: which source is next. Pure: knows keys and nothing of processes, rings or the machine.
 */
#ifndef RY_CORE_EXEC_MERGE_H
#define RY_CORE_EXEC_MERGE_H

#include "core/exec/source.h"

#define RY_EXEC_SOURCES_MAX (2 + RY_FEEDS_MAX + RY_AGENTS_MAX)

struct ry_exec_merge {
    struct ry_exec_merge_source *source[RY_EXEC_SOURCES_MAX];
    unsigned count;
};

void ry_exec_merge_add(struct ry_exec_merge *merge, struct ry_exec_merge_source *source);

/*
 * The source with the smallest key of all. Ready: its record is next. Not ready: exec waits for it,
 * or for nobody if its key is never. `*bound` is the smallest key among the others: as long as
 * nothing that is applied changes another source's key, the records of this one below it are next,
 * too.
 */
struct ry_exec_merge_source *ry_exec_merge_next(const struct ry_exec_merge *merge,
                                                struct ry_exec_key *bound);

#endif
