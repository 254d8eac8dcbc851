/*
 * An arena for benchmarks of the machine: memory, the battle with generous limits, numbers by
 * chance that are alike in every run, and applying inputs that lie ready with hints ahead of them.
 */
#ifndef RY_TESTS_SUPPORT_BENCH_ARENA_H
#define RY_TESTS_SUPPORT_BENCH_ARENA_H

#include "core/arena/arena.h"

#define RY_BENCH_TICK 100

struct ry_bench_arena {
    struct ry_arena *arena;
    size_t bytes;
};

struct ry_bench_shape {
    uint16_t instruments;
    uint16_t agents;
    uint32_t orders_max;
    uint32_t open_orders_max; /* of each agent */
};

uint64_t ry_bench_random(uint64_t *state);
/* 0 .. n - 1 */
uint32_t ry_bench_below(uint64_t *state, uint32_t n);

/* Zeroed, backed when it is touched, on huge pages where there are any. Ends the program where
 * there is no memory. */
void *ry_bench_map(size_t bytes);

/* Trading has begun. */
struct ry_bench_arena ry_bench_arena_open(const struct ry_bench_shape *shape);
void ry_bench_arena_close(struct ry_bench_arena *bench);

/* Ends the program if the input is malformed. */
void ry_bench_must(struct ry_arena *a, const union ry_input_any *input);

/* Applies in[from] .. in[to - 1], hinting `ahead` inputs before in[last] (0: never). */
void ry_bench_apply(struct ry_arena *a, const struct ry_input *in, uint32_t from, uint32_t to,
                    uint32_t last, uint32_t ahead, const struct ry_arena_sink *sink);

#endif
