/*
 * A copy of the results of a battle, to come back to together with a mark of its follower
 * (core/follow/mark.h). It shares memory with the copy before it.
 */
#ifndef RY_CORE_RESULTS_COPY_H
#define RY_CORE_RESULTS_COPY_H

#include "core/follow/pages.h"
#include "core/results/results.h"

struct ry_results_copy {
    struct ry_results fixed; /* its pointers point nowhere */
    size_t memory_bytes;     /* of the arrays; 0: the battle was not described */
    struct ry_follow_pages memory;
};

/* Between two inputs. `before`: an earlier copy of these results, or NULL. 0, or -1: no memory;
 * then there is nothing to drop. */
int ry_results_copy_take(struct ry_follow_store *store, struct ry_results_copy *copy,
                         const struct ry_results *r, const struct ry_results_copy *before);

/* Makes `r` what was copied; who sees its outputs and rows stays as it is. `r` is open, of the same
 * battle. 0, or -1: no memory; then `r` has none of the battle. */
int ry_results_copy_return(const struct ry_follow_store *store, const struct ry_results_copy *copy,
                           struct ry_results *r);

void ry_results_copy_drop(struct ry_follow_store *store, struct ry_results_copy *copy);

#endif
