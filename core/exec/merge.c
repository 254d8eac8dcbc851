#include "core/exec/merge.h"

#include <assert.h>

void ry_exec_merge_add(struct ry_exec_merge *merge, struct ry_exec_merge_source *source)
{
    assert(merge->count < RY_EXEC_SOURCES_MAX);
    merge->source[merge->count++] = source;
}

struct ry_exec_merge_source *ry_exec_merge_next(const struct ry_exec_merge *merge,
                                                struct ry_exec_key *bound)
{
    assert(merge->count > 0);
    struct ry_exec_merge_source *best = merge->source[0];
    *bound = ry_exec_key_never(UINT16_MAX);
    for (unsigned i = 1; i < merge->count; i++) {
        struct ry_exec_merge_source *source = merge->source[i];
        if (ry_exec_key_before(&source->key, &best->key)) {
            *bound = best->key;
            best = source;
        } else if (ry_exec_key_before(&source->key, bound)) {
            *bound = source->key;
        }
    }
    return best;
}
