/*
 * What the tests of results, view and export share: a machine whose every input and output the
 * results see, and a small battle with an end that can be computed by hand.
 */
#ifndef RY_TESTS_SUPPORT_RESULTS_RIG_H
#define RY_TESTS_SUPPORT_RESULTS_RIG_H

#include "core/results/results.h"
#include "tests/support/arena_rig.h"
#include "tests/support/journal_rig.h"

#define STAGE_CASH INT64_C(1000000000000) /* a million */

#define STAGE_KEPT 256

/* "5aa00000000000000000000000000000" */
extern const struct ry_battle_id stage_id;

struct stage {
    struct ry_test_arena rig; /* its machine */
    struct ry_results results;
    uint64_t inputs;
    union ry_input_any kept[STAGE_KEPT]; /* the first inputs, for a journal of them */
};

/* `next` sees the outputs after the results. */
void stage_open(struct stage *s, const struct ry_input_battle *battle,
                const struct ry_arena_sink *next);

void stage_close(struct stage *s);

void stage_put(struct stage *s, const union ry_input_any *input);

void stage_event(struct stage *s, struct ry_input in);

/* Instruments S0, S1.. with two digits and 10,000 money a unit (a lot at 1.00 is worth 1), agents
 * a0, a1.. */
void stage_describe(struct stage *s, const struct ry_input_battle *battle, int64_t loss_max);

void stage_add(struct stage *s, uint64_t ref, uint8_t side, int64_t price, uint32_t qty);

void stage_last(struct stage *s, int64_t price);

void stage_order(struct stage *s, uint16_t agent, uint64_t ref, uint8_t side, int64_t price,
                 uint32_t qty);

void stage_time(struct stage *s, int64_t time);

void stage_died(struct stage *s, uint16_t agent, uint16_t flags);

void stage_end(struct stage *s);

/* A journal of the first inputs, at most STAGE_KEPT, of the battle stage_id. */
struct journal_folder stage_journal(const struct stage *s, uint64_t inputs);

/* Maker 100 ppm, taker 300 ppm, haircut 1 %, rounds of ten seconds from T = 1 s. */
struct ry_input_battle stage_battle(uint16_t agents);

/*
 * Three agents, last 10.00, recorded 50 bid at 9.90 and 60 offered at 10.10.
 *   a1 rests to sell 20 at 10.05, a0 buys 30 at 10.10: 20 of a1, 10 recorded.
 *   a2 has an order of 5 refused by the collar, and buys 100 at 10.10: 50, the rest rests.
 *   a2 buys 10 more from nobody: its order rests. a0 sells 15 into a2's rest at 10.10.
 * Then the last trade is 10.20, and round 1 ends at T = 11 s.
 */
void stage_play(struct stage *s);

#endif
