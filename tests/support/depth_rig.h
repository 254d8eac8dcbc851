/* What the tests of levels and TOPs share. */
#ifndef RY_TESTS_SUPPORT_DEPTH_RIG_H
#define RY_TESTS_SUPPORT_DEPTH_RIG_H

#include "core/exec/depth.h"

/* Starts `depth` in memory of its own, which the caller frees. */
void *ry_test_depth_start(struct ry_exec_depth *depth, const struct ry_arena *arena,
                          const struct ry_input_battle *input);

#endif
