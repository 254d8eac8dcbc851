/*
 * The second implementation of the machine: slow and obvious, written from docs/MATCHING.md alone
 * and without a look at core/arena. Tests apply the same inputs to both and compare every output
 * record.
 *
 * An order is found by looking at all of them, a sum is added up anew each time that it is needed,
 * and each function says what one paragraph of the page says. Good for some hundred orders an
 * instrument.
 *
 * It allocates as it goes and owns everything; one thread at a time. It shares the public structs
 * of core/arena/arena.h and nothing else.
 */
#ifndef RY_TESTS_MODEL_MODEL_H
#define RY_TESTS_MODEL_MODEL_H

#include "core/arena/arena.h"

struct ry_model;

struct ry_model *ry_model_create(void);
void ry_model_destroy(struct ry_model *model);

/* Applies one input. `input` must hold head.slots slots, and one if that says 0. `sink` may be
 * NULL. */
enum ry_arena_applied ry_model_apply(struct ry_model *model, const union ry_input_any *input,
                                     const struct ry_arena_sink *sink);

/* The next moment at which the machine needs a TIME input, RY_TIME_NEVER if none. */
int64_t ry_model_next_moment(const struct ry_model *model);

/* --- Looking in. Instruments and agents beyond the battle's show nothing and hold nothing. --- */

/* Calls `visit` for each order of one side in book order, until it returns false. */
void ry_model_walk(const struct ry_model *model, uint16_t instrument, enum ry_side side,
                   bool (*visit)(void *context, const struct ry_arena_book_order *order),
                   void *context);

bool ry_model_trading(const struct ry_model *model, uint16_t instrument);
/* The price of the last recorded trade; false if there was none. */
bool ry_model_last_price(const struct ry_model *model, uint16_t instrument, int64_t *price);
uint64_t ry_model_volume(const struct ry_model *model, uint16_t instrument);
__int128 ry_model_turnover(const struct ry_model *model, uint16_t instrument);

/* The match number of the recorded trade of an instrument that is `back` before the newest, of
 * those that are remembered and not broken; false if there are not so many. */
bool ry_model_match(const struct ry_model *model, uint16_t instrument, size_t back,
                    uint64_t *match);

/* agent: an id, or RY_OWNER_RECORDED for the recorded account. */
__int128 ry_model_cash(const struct ry_model *model, uint16_t agent);
int64_t ry_model_position(const struct ry_model *model, uint16_t agent, uint16_t instrument);
__int128 ry_model_fees(const struct ry_model *model);
uint32_t ry_model_open_orders(const struct ry_model *model, uint16_t agent);
bool ry_model_killed(const struct ry_model *model, uint16_t agent);
/* The game. Of agents beyond the battle's, and of the recorded account, all is 0. */
__int128 ry_model_equity(const struct ry_model *model, uint16_t agent);
__int128 ry_model_value(const struct ry_model *model, uint16_t agent);  /* liquidation value */
enum ry_out ry_model_out(const struct ry_model *model, uint16_t agent); /* NONE: it is in */
uint32_t ry_model_round_fills(const struct ry_model *model, uint16_t agent);
uint32_t ry_model_round_rejects(const struct ry_model *model, uint16_t agent);
bool ry_model_decided(const struct ry_model *model);
uint32_t ry_model_round(const struct ry_model *model); /* that runs, from 1; 0 before START */
/* Cash and shares over agents, fees and the recorded account sum to what the agents brought. */
bool ry_model_conserves(const struct ry_model *model);

uint64_t ry_model_input_hash(const struct ry_model *model);
uint64_t ry_model_output_hash(const struct ry_model *model);
/* The fold over struct ry_arena_book_order: instruments by id, buys then sells, in book order. */
uint64_t ry_model_book_hash(const struct ry_model *model);

const struct ry_arena_counters *ry_model_counters(const struct ry_model *model);
/* The battle as applied; NULL before it came. */
const struct ry_input_battle *ry_model_battle(const struct ry_model *model);
/* NULL before the INSTRUMENT came. */
const struct ry_input_instrument *ry_model_instrument(const struct ry_model *model,
                                                      uint16_t instrument);
bool ry_model_ended(const struct ry_model *model);

/* --- Which sentences of the page were exercised (clauses.def). --- */

enum ry_model_clause {
#define RY_CLAUSE(name, rules, text)       RY_CLAUSE_##name,
#define RY_CLAUSE_NEVER(name, rules, text) RY_CLAUSE_##name,
#include "tests/model/clauses.def"
#undef RY_CLAUSE
#undef RY_CLAUSE_NEVER
    RY_MODEL_CLAUSES
};

struct ry_model_clause_text {
    const char *name;
    const char *rules; /* of docs/MATCHING.md, with blanks between */
    const char *text;
    bool never; /* follows from the other rules to be impossible */
};

extern const struct ry_model_clause_text ry_model_clause_texts[RY_MODEL_CLAUSES];

/* How often each clause was exercised, by enum ry_model_clause. */
const uint64_t *ry_model_clauses(const struct ry_model *model);

#endif
