/*
 * What the tests of the arena, and of what looks on it, share: an arena in memory of its own,
 * inputs by hand, and a sink that keeps what came.
 */
#ifndef RY_TESTS_SUPPORT_ARENA_RIG_H
#define RY_TESTS_SUPPORT_ARENA_RIG_H

#include "core/arena/arena.h"
#include "tests/support/test.h"

#define RY_TEST_KEPT_MAX 32768

struct ry_test_kept {
    struct ry_report report[RY_TEST_KEPT_MAX];
    struct ry_market market[RY_TEST_KEPT_MAX];
    struct ry_game game[RY_TEST_KEPT_MAX];
    unsigned reports, markets, games;
    void *said, *shown; /* hashes of all outputs: of reports and game records; of market records */
};

struct ry_test_arena {
    struct ry_arena *arena;
    size_t bytes;
    struct ry_test_kept *kept;
    struct ry_arena_sink sink;
    int64_t time;
    uint64_t seq;
    int64_t cash, loss_max; /* of each agent */
};

/* Trading from T = 1,000, maker -20 ppm, taker 30 ppm. */
struct ry_input_battle ry_test_arena_battle(uint32_t orders_max, uint16_t instruments,
                                            uint16_t agents);

/* An arena for that battle, which has applied nothing yet. */
struct ry_test_arena ry_test_arena_open(const struct ry_input_battle *battle);

void ry_test_arena_close(struct ry_test_arena *b);

/* Applies one input; `kept` is what came of it. */
enum ry_arena_applied ry_test_arena_put(struct ry_test_arena *b, const union ry_input_any *input);

/* What the output hash must be after all that came. */
uint64_t ry_test_arena_kept_hash(const struct ry_test_kept *kept);

/* BATTLE, instruments (100 money a unit) and agents (generous limits). */
void ry_test_arena_configure(struct ry_test_arena *b, const struct ry_input_battle *battle,
                             int64_t tick);

/* The same at `time`, with the next source_seq. */
enum ry_arena_applied ry_test_arena_event(struct ry_test_arena *b, struct ry_input in);

/* Lets trading begin. */
void ry_test_arena_start(struct ry_test_arena *b);

/* One input of a kind each, which must be applied. */
void ry_test_arena_add(struct ry_test_arena *b, uint64_t ref, uint8_t side, int64_t price,
                       uint32_t qty);

void ry_test_arena_order(struct ry_test_arena *b, uint16_t agent, uint64_t ref, uint8_t side,
                         int64_t price, uint32_t qty, uint16_t flags);

/* The last recorded trade of an instrument. */
void ry_test_arena_last(struct ry_test_arena *b, int64_t price);

void ry_test_arena_time(struct ry_test_arena *b, int64_t time);

void ry_test_arena_died(struct ry_test_arena *b, uint16_t agent, uint16_t flags);

/* The report at that place of what came last. */
void ry_test_arena_want_report(const struct ry_test_arena *b, unsigned at, uint8_t kind,
                               uint16_t agent, uint32_t qty, uint8_t code);

/* What must hold at the end of each test; closes. */
void ry_test_arena_end(struct ry_test_arena *b);

/* ---- random ---------------------------------------------------------------------------------- */

struct ry_test_rng {
    uint64_t x;
};

uint64_t ry_test_rng_next(struct ry_test_rng *r);
/* 0 to n - 1 */
uint32_t ry_test_rng_below(struct ry_test_rng *r, uint32_t n);

#endif
