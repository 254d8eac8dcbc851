#include "tests/support/bench_arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

uint64_t ry_bench_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint32_t ry_bench_below(uint64_t *state, uint32_t n)
{
    return (uint32_t)((ry_bench_random(state) >> 32) * n >> 32);
}

void *ry_bench_map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);
    if (p == MAP_FAILED) {
        perror("mmap");
        exit(EXIT_FAILURE);
    }
    madvise(p, bytes, MADV_HUGEPAGE);
    return p;
}

void ry_bench_must(struct ry_arena *a, const union ry_input_any *input)
{
    if (ry_arena_apply(a, input, NULL) != RY_ARENA_APPLIED) {
        fputs("an input is malformed\n", stderr);
        exit(EXIT_FAILURE);
    }
}

static struct ry_input_battle battle_of(const struct ry_bench_shape *shape)
{
    return (struct ry_input_battle){
        .head = {.kind = RY_IN_BATTLE, .slots = 3, .source = RY_SOURCE_CONTROL},
        .seed = 1,
        .trade_to = RY_TIME_NEVER,
        .orders_max = shape->orders_max,
        .instruments = shape->instruments,
        .agents = shape->agents,
        .fee_maker_ppm = -2,
        .fee_taker_ppm = 3,
        .name = "bench",
    };
}

struct ry_bench_arena ry_bench_arena_open(const struct ry_bench_shape *shape)
{
    struct ry_input_battle battle = battle_of(shape);
    size_t bytes = ry_arena_footprint(&battle);
    struct ry_arena *a = ry_arena_create(ry_bench_map(bytes), bytes, &battle);
    ry_bench_must(a, &(union ry_input_any){.battle = battle});
    for (uint16_t i = 0; i < shape->instruments; i++)
        ry_bench_must(a, &(union ry_input_any){.instrument = {
                                                   .head = {.kind = RY_IN_INSTRUMENT,
                                                            .slots = 3,
                                                            .instrument = i,
                                                            .source = RY_SOURCE_FEED},
                                                   .symbol = "BENCH",
                                                   .tick_size = RY_BENCH_TICK,
                                                   .money_per_unit = 100,
                                               }});
    for (uint16_t i = 0; i < shape->agents; i++)
        ry_bench_must(a,
                      &(union ry_input_any){.agent = {
                                                .head = {.kind = RY_IN_AGENT,
                                                         .slots = 2,
                                                         .source = (uint16_t)(RY_SOURCE_AGENT + i)},
                                                .cash = INT64_C(1000000000000),
                                                .notional_max = INT64_MAX,
                                                .position_max = INT64_C(1) << 40,
                                                .loss_max = INT64_MAX,
                                                .quantity_max = 10000,
                                                .open_orders_max = shape->open_orders_max,
                                                .rate_max = UINT32_MAX,
                                                .collar_ppm = 900000,
                                            }});
    ry_bench_must(a, &(union ry_input_any){.event = {.head = {.kind = RY_IN_TIME, .slots = 1}}});
    return (struct ry_bench_arena){a, bytes};
}

void ry_bench_arena_close(struct ry_bench_arena *bench)
{
    munmap(bench->arena, bench->bytes);
}

static const union ry_input_any *as_any(const struct ry_input *in)
{
    return (const union ry_input_any *)(const void *)in;
}

void ry_bench_apply(struct ry_arena *a, const struct ry_input *in, uint32_t from, uint32_t to,
                    uint32_t last, uint32_t ahead, const struct ry_arena_sink *sink)
{
    for (uint32_t i = from; i < to; i++) {
        if (ahead && i + ahead < last)
            ry_arena_hint(a, as_any(&in[i + ahead]));
        ry_arena_apply(a, as_any(&in[i]), sink);
    }
}
