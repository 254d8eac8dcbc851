#include "tests/support/depth_rig.h"

#include <stdlib.h>
#include <string.h>

#include "core/battle/battle.h"
#include "tests/support/test.h"

void *ry_test_depth_start(struct ry_exec_depth *depth, const struct ry_arena *arena,
                          const struct ry_input_battle *input)
{
    const struct ry_battle battle = {.orders_max = input->orders_max,
                                     .instruments = input->instruments,
                                     .agents = input->agents};
    const size_t bytes = ry_exec_depth_footprint(&battle);
    void *memory = aligned_alloc(RY_ISOLATION, bytes);
    ck_assert_ptr_nonnull(memory);
    memset(memory, 0, bytes);
    ry_exec_depth_start(depth, memory, arena, &battle);
    return memory;
}
