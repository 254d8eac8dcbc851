/* A random flow of inputs that is mostly sensible. */
#ifndef RY_TESTS_SUPPORT_ARENA_FLOW_H
#define RY_TESTS_SUPPORT_ARENA_FLOW_H

#include "tests/support/arena_rig.h"

/* What a random flow is made of. */
struct ry_test_flow {
    struct ry_test_rng rng;
    uint32_t refs;   /* references in use: few make many repeats */
    uint32_t prices; /* ticks on each side of the middle */
    uint16_t instruments, agents;
    int64_t tick;
    uint64_t cl_ord_id[RY_AGENTS_MAX];
};

union ry_input_any ry_test_flow_next(struct ry_test_flow *f, int64_t time);

#endif
