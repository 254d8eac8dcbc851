/*
 * What the tests of the arena share: an arena in memory of its own, inputs by hand, a sink that
 * keeps what came, and a random flow that is mostly sensible.
 */
#ifndef RY_TESTS_UNIT_ARENA_TEST_ARENA_H
#define RY_TESTS_UNIT_ARENA_TEST_ARENA_H

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/arena/hash.h"
#include "core/arena/machine.h"
#include "tests/support/test.h"

#define KEPT_MAX 32768

struct kept {
    struct ry_report report[KEPT_MAX];
    struct ry_market market[KEPT_MAX];
    struct ry_game game[KEPT_MAX];
    unsigned game_after[KEPT_MAX]; /* reports that came before it */
    unsigned reports, markets, games;
    uint64_t hash; /* of all outputs in the order in which they came */
};

struct rig {
    struct ry_arena *arena;
    size_t bytes;
    struct kept *kept;
    struct ry_arena_sink sink;
    int64_t time;
    uint64_t seq;
    int64_t cash, loss_max; /* of each agent */
};

__attribute__((unused)) static void keep_report(void *context, const struct ry_report *report)
{
    struct kept *kept = context;
    ck_assert_uint_lt(kept->reports, KEPT_MAX);
    ck_assert_uint_eq(kept->markets, 0); /* reports come before the group */
    kept->report[kept->reports++] = *report;
    kept->hash = XXH3_64bits_withSeed(report, sizeof *report, kept->hash);
}

__attribute__((unused)) static void keep_market(void *context, const struct ry_market *market)
{
    struct kept *kept = context;
    ck_assert_uint_lt(kept->markets, KEPT_MAX);
    kept->market[kept->markets++] = *market;
    kept->hash = XXH3_64bits_withSeed(market, sizeof *market, kept->hash);
}

__attribute__((unused)) static void keep_game(void *context, const struct ry_game *game)
{
    struct kept *kept = context;
    ck_assert_uint_lt(kept->games, KEPT_MAX);
    ck_assert_uint_eq(kept->markets, 0);
    kept->game_after[kept->games] = kept->reports;
    kept->game[kept->games++] = *game;
    kept->hash = XXH3_64bits_withSeed(game, sizeof *game, kept->hash);
}

__attribute__((unused)) static struct ry_input_battle
battle_of(uint32_t orders_max, uint16_t instruments, uint16_t agents)
{
    return (struct ry_input_battle){
        .head = {.kind = RY_IN_BATTLE, .slots = 3, .source = RY_SOURCE_CONTROL},
        .seed = 42,
        .trade_from = 1000,
        .trade_to = RY_TIME_NEVER,
        .orders_max = orders_max,
        .instruments = instruments,
        .agents = agents,
        .fee_maker_ppm = -20,
        .fee_taker_ppm = 30,
        .name = "test",
    };
}

__attribute__((unused)) static struct rig arena_open(const struct ry_input_battle *battle)
{
    struct rig b = {
        .bytes = ry_arena_footprint(battle), .cash = 1000000000000, .loss_max = INT64_MAX};
    ck_assert_uint_ne(b.bytes, 0);
    void *memory = mmap(NULL, b.bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    b.arena = ry_arena_create(memory, b.bytes, battle);
    ck_assert_ptr_nonnull(b.arena);
    b.kept = calloc(1, sizeof *b.kept);
    b.sink = (struct ry_arena_sink){
        .context = b.kept, .report = keep_report, .market = keep_market, .game = keep_game};
    return b;
}

__attribute__((unused)) static void arena_close(struct rig *b)
{
    munmap(b->arena, b->bytes);
    free(b->kept);
}

__attribute__((unused)) static enum ry_arena_applied put(struct rig *b,
                                                         const union ry_input_any *input)
{
    b->kept->reports = 0;
    b->kept->markets = 0;
    b->kept->games = 0;
    return ry_arena_apply(b->arena, input, &b->sink);
}

/* Configures instruments (tick 100, money 10,000 a unit) and agents (generous limits). */
__attribute__((unused)) static void
arena_configure(struct rig *b, const struct ry_input_battle *battle, int64_t tick)
{
    ck_assert_int_eq(put(b, &(union ry_input_any){.battle = *battle}), RY_ARENA_APPLIED);
    for (uint16_t i = 0; i < battle->instruments; i++)
        ck_assert_int_eq(put(b, &(union ry_input_any){.instrument =
                                                          {
                                                              .head = {.kind = RY_IN_INSTRUMENT,
                                                                       .slots = 2,
                                                                       .instrument = i,
                                                                       .source = RY_SOURCE_FEED},
                                                              .symbol = "XYZ",
                                                              .tick_size = tick,
                                                              .money_per_unit = 100,
                                                          }}),
                         RY_ARENA_APPLIED);
    for (uint16_t i = 0; i < battle->agents; i++)
        ck_assert_int_eq(
            put(b,
                &(union ry_input_any){.agent =
                                          {
                                              .head = {.kind = RY_IN_AGENT,
                                                       .slots = 2,
                                                       .source = (uint16_t)(RY_SOURCE_AGENT + i)},
                                              .cash = b->cash,
                                              .notional_max = INT64_MAX,
                                              .position_max = 1000000,
                                              .quantity_max = 10000,
                                              .open_orders_max = 50,
                                              .rate_max = 1000000,
                                              .collar_ppm = 500000,
                                              .loss_max = b->loss_max,
                                          }}),
            RY_ARENA_APPLIED);
}

__attribute__((unused)) static enum ry_arena_applied event(struct rig *b, struct ry_input in)
{
    union ry_input_any any = {.event = in};
    any.head.slots = 1;
    any.head.time = b->time;
    any.head.source_seq = ++b->seq;
    return put(b, &any);
}

/* Lets trading begin. */
__attribute__((unused)) static void arena_start(struct rig *b)
{
    b->time = b->time < 1000 ? 1000 : b->time;
    ck_assert_int_eq(event(b, (struct ry_input){.head = {.kind = RY_IN_TIME}}), RY_ARENA_APPLIED);
}

__attribute__((unused)) static void add(struct rig *b, uint64_t ref, uint8_t side, int64_t price,
                                        uint32_t qty)
{
    ck_assert_int_eq(event(b, (struct ry_input){.head = {.kind = RY_IN_ADD},
                                                .ref = ref,
                                                .side = side,
                                                .price = price,
                                                .qty = qty}),
                     RY_ARENA_APPLIED);
}

/* EXEC, CANCEL, AUCTION */
__attribute__((unused)) static void touch(struct rig *b, uint8_t kind, uint64_t ref, uint32_t qty)
{
    ck_assert_int_eq(event(b, (struct ry_input){.head = {.kind = kind}, .ref = ref, .qty = qty}),
                     RY_ARENA_APPLIED);
}

__attribute__((unused)) static void order(struct rig *b, uint16_t agent, uint64_t ref, uint8_t side,
                                          int64_t price, uint32_t qty, uint16_t flags)
{
    ck_assert_int_eq(
        event(b, (struct ry_input){.head = {.kind = RY_IN_ORDER,
                                            .source = (uint16_t)(RY_SOURCE_AGENT + agent),
                                            .flags = flags},
                                   .ref = ref,
                                   .side = side,
                                   .price = price,
                                   .qty = qty}),
        RY_ARENA_APPLIED);
}

/* The last recorded trade of an instrument. */
__attribute__((unused)) static void last(struct rig *b, int64_t price)
{
    ck_assert_int_eq(
        event(b, (struct ry_input){.head = {.kind = RY_IN_LAST}, .price = price, .qty = 1}),
        RY_ARENA_APPLIED);
}

__attribute__((unused)) static void time_at(struct rig *b, int64_t time)
{
    b->time = time;
    ck_assert_int_eq(event(b, (struct ry_input){.head = {.kind = RY_IN_TIME}}), RY_ARENA_APPLIED);
}

__attribute__((unused)) static void died(struct rig *b, uint16_t agent, uint16_t flags)
{
    ck_assert_int_eq(event(b, (struct ry_input){.head = {.kind = RY_IN_AGENT_DIED,
                                                         .source = RY_SOURCE_CONTROL,
                                                         .flags = flags},
                                                .qty = agent}),
                     RY_ARENA_APPLIED);
}

/* ---- what came ------------------------------------------------------------------------------- */

__attribute__((unused)) static void want_market(const struct rig *b, unsigned at, uint8_t kind,
                                                int64_t price, uint32_t qty, uint8_t side)
{
    ck_assert_uint_lt(at, b->kept->markets);
    const struct ry_market *m = &b->kept->market[at];
    ck_assert_uint_eq(m->kind, kind);
    ck_assert_int_eq(m->price, price);
    ck_assert_uint_eq(m->qty, qty);
    ck_assert_uint_eq(m->side, side);
    ck_assert_uint_eq(m->flags & RY_MKF_LAST, at + 1 == b->kept->markets);
}

__attribute__((unused)) static void want_report(const struct rig *b, unsigned at, uint8_t kind,
                                                uint16_t agent, uint32_t qty, uint8_t code)
{
    ck_assert_uint_lt(at, b->kept->reports);
    const struct ry_report *r = &b->kept->report[at];
    ck_assert_uint_eq(r->kind, kind);
    ck_assert_uint_eq(r->agent, agent);
    ck_assert_uint_eq(r->qty, qty);
    ck_assert_uint_eq(r->code, code);
}

__attribute__((unused)) static void want_game(const struct rig *b, unsigned at, uint8_t kind,
                                              uint16_t agent, uint32_t rank, uint8_t code)
{
    ck_assert_uint_lt(at, b->kept->games);
    const struct ry_game *g = &b->kept->game[at];
    ck_assert_uint_eq(g->kind, kind);
    ck_assert_uint_eq(g->slots, 1);
    ck_assert_uint_eq(g->agent, agent);
    ck_assert_uint_eq(g->rank, rank);
    ck_assert_uint_eq(g->code, code);
    ck_assert_int_eq(g->time, b->time);
}

__attribute__((unused)) static struct ry_arena_account account(const struct rig *b, uint16_t agent)
{
    struct ry_arena_account out;
    ry_arena_account(b->arena, agent, &out);
    return out;
}

__attribute__((unused)) static void end(struct rig *b)
{
    ry_arena_check(b->arena);
    ck_assert(ry_arena_conserves(b->arena));
    ck_assert_uint_eq(ry_arena_output_hash(b->arena), b->kept->hash);
    arena_close(b);
}

/* ---- random ---------------------------------------------------------------------------------- */

struct rng {
    uint64_t x;
};

__attribute__((unused)) static uint64_t rng_next(struct rng *r)
{
    uint64_t z = r->x += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

__attribute__((unused)) static uint32_t rng_below(struct rng *r, uint32_t n)
{
    return (uint32_t)((rng_next(r) >> 32) * n >> 32);
}

/* What a random flow is made of. */
struct flow {
    struct rng rng;
    uint32_t refs;   /* references in use: few make many repeats */
    uint32_t prices; /* ticks on each side of the middle */
    uint16_t instruments, agents;
    int64_t tick;
    uint64_t cl_ord_id[RY_AGENTS_MAX];
};

static inline uint8_t flow_kind(struct flow *f)
{
    uint32_t x = rng_below(&f->rng, 1000);
    if (x < 330)
        return RY_IN_ADD;
    if (x < 520)
        return RY_IN_EXEC;
    if (x < 620)
        return RY_IN_CANCEL;
    if (x < 700)
        return RY_IN_REPLACE;
    if (x < 730)
        return RY_IN_PRINT;
    if (x < 740)
        return RY_IN_AUCTION;
    if (x < 745)
        return RY_IN_LAST;
    if (x < 747)
        return RY_IN_CLEAR;
    if (x < 755)
        return RY_IN_STATE;
    if (x < 757)
        return RY_IN_SESSION;
    if (x < 759)
        return RY_IN_TIME;
    return x < 940 || !f->agents ? RY_IN_ORDER : RY_IN_ORDER_CANCEL;
}

__attribute__((unused)) static union ry_input_any flow_next(struct flow *f, int64_t time)
{
    struct rng *r = &f->rng;
    struct ry_input in = {.head = {.kind = flow_kind(f), .slots = 1, .time = time}};
    uint32_t noise = rng_below(r, 20);
    in.head.instrument = (uint16_t)rng_below(r, f->instruments);
    in.head.source = RY_SOURCE_FEED;
    in.side = (uint8_t)(1 + rng_below(r, 2));
    in.ref = 1 + rng_below(r, f->refs);
    in.ref_new = 1 + rng_below(r, f->refs);
    in.qty = 1 + rng_below(r, 30);
    /* Buys below the middle, sells above, with some overlap. */
    int64_t off = (int64_t)rng_below(r, f->prices) - f->prices / 8;
    in.price = (1000 + (in.side == RY_BUY ? -off : off)) * f->tick;
    if (in.head.kind == RY_IN_STATE || in.head.kind == RY_IN_SESSION)
        in.qty = rng_below(r, 3) == 0;
    if (in.head.kind == RY_IN_EXEC || in.head.kind == RY_IN_AUCTION)
        in.head.flags = (uint16_t)rng_below(r, 4);
    if (in.head.kind == RY_IN_CANCEL && noise < 8) {
        in.head.flags = RY_INF_ALL;
        in.qty = 0;
    }
    if (in.head.kind == RY_IN_ADD && noise == 0)
        in.price += 1 + rng_below(r, 3);
    if (in.head.kind == RY_IN_ADD && noise == 1)
        in.price = (int64_t)rng_below(r, 100000) * f->tick - 10000;
    if (in.head.kind == RY_IN_ORDER || in.head.kind == RY_IN_ORDER_CANCEL) {
        uint16_t agent = (uint16_t)rng_below(r, f->agents ? f->agents : 1u);
        in.head.source = (uint16_t)(RY_SOURCE_AGENT + agent);
        in.ref_new = 0;
        if (in.head.kind == RY_IN_ORDER) {
            in.ref = noise == 2 ? f->cl_ord_id[agent] : ++f->cl_ord_id[agent];
            in.head.flags = noise < 6 ? (uint16_t)(noise % 2 ? RY_INF_IOC : RY_INF_MARKET) : 0;
            if (in.head.flags & RY_INF_MARKET)
                in.price = 0;
        } else {
            uint64_t back = rng_below(r, 30);
            in.ref = f->cl_ord_id[agent] > back ? f->cl_ord_id[agent] - back : 1;
        }
    }
    return (union ry_input_any){.event = in};
}

#endif
