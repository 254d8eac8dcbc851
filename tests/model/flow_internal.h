/* What the files of the generator share. */
#ifndef RY_TESTS_MODEL_FLOW_INTERNAL_H
#define RY_TESTS_MODEL_FLOW_INTERNAL_H

#include "tests/model/flow.h"

/* What an instrument of a generated battle is like. */
struct ry_model_flow_market {
    int64_t center; /* prices stay around it */
    int64_t tick_size;
    int64_t step; /* distance of neighbouring recorded prices */
    int64_t money_per_unit;
    uint8_t price_scale;
};

extern const struct ry_model_flow_market ry_model_flow_markets[RY_MODEL_FLOW_INSTRUMENTS_MAX];

uint64_t ry_model_flow_random(struct ry_model_flow *flow);
/* 0 .. n-1 */
uint64_t ry_model_flow_below(struct ry_model_flow *flow, uint64_t n);
/* True `in_1000` times of 1000. */
bool ry_model_flow_chance(struct ry_model_flow *flow, unsigned in_1000);

/* The order, recorded or an agent's, that is best on a side; NULL if the side is empty. */
const struct ry_arena_book_order *ry_model_flow_best(const struct ry_model_flow *flow,
                                                     enum ry_side side);
/* Some order whose owner is `owner` (RY_OWNER_RECORDED: whose reference lives), better ones more
 * often. */
const struct ry_arena_book_order *ry_model_flow_pick(struct ry_model_flow *flow, uint16_t owner);

int64_t ry_model_flow_tick(const struct ry_model_flow *flow, uint16_t instrument);
/* The match number of a new trade: mostly the next one, at times 0, or one that was used before. */
uint64_t ry_model_flow_match(struct ry_model_flow *flow);

/* For a while the recorded mid is all that these instruments have to hang a collar on. */
bool ry_model_flow_never_printed(const struct ry_model_flow *flow, uint16_t instrument);
/* Some agent that is in and holds a position in an instrument; RY_OWNER_RECORDED if there is none.
 */
uint16_t ry_model_flow_holder(struct ry_model_flow *flow, const struct ry_model *view,
                              uint16_t instrument);

/* flow_battle.c, flow_agent.c, flow_tape.c, flow_record.c: fill in `out`, whose head has T and
 * slots = 1. */
void ry_model_flow_battle(struct ry_model_flow *flow, struct ry_input_battle *out);
void ry_model_flow_instrument(struct ry_model_flow *flow, uint16_t instrument,
                              struct ry_input_instrument *out);
void ry_model_flow_agent(struct ry_model_flow *flow, uint16_t agent, struct ry_input_agent *out);
void ry_model_flow_command(struct ry_model_flow *flow, const struct ry_model *view,
                           uint16_t instrument, struct ry_input *out);
void ry_model_flow_decision(struct ry_model_flow *flow, struct ry_input_decision *out);
/* flow_tape.c: trades that are broken, INCOMPLETE, far quotes before the first trade; false if it
 * is not the time. */
bool ry_model_flow_tape(struct ry_model_flow *flow, const struct ry_model *view,
                        uint16_t instrument, struct ry_input *out);
void ry_model_flow_recorded(struct ry_model_flow *flow, const struct ry_model *view,
                            uint16_t instrument, struct ry_input *out);
/* Makes a good input malformed in one of the ways that its kind allows. */
void ry_model_flow_spoil(struct ry_model_flow *flow, union ry_input_any *out);

#endif
