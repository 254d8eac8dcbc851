/*
 * Recorded flow for benchmarks of the machine, made by chance that is alike in every run: of
 * recorded inputs A 44 %, D 43 %, U 9 %, E 2 %, X 2 %; executions hit the best price, most cancels
 * take young orders.
 */
#ifndef RY_TESTS_SUPPORT_BENCH_FLOW_H
#define RY_TESTS_SUPPORT_BENCH_FLOW_H

#include "tests/support/bench_arena.h"

struct ry_bench_world {
    const char *name;
    uint16_t instruments;
    uint32_t live;   /* recorded orders that stand */
    uint16_t agents; /* 0 or RY_BENCH_FLOW_AGENTS: of 10,000 inputs 400 are their commands */
};

#define RY_BENCH_FLOW_AGENTS 8

/* An arena that the flow fits. */
struct ry_bench_arena ry_bench_flow_open(const struct ry_bench_world *world);

/* world->live adds, then `count` inputs of the mix; how many in all. The caller unmaps them. */
struct ry_input *ry_bench_flow(const struct ry_bench_world *world, uint32_t count, uint32_t *total);

#endif
