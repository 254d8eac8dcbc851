/* What the files of the observer share. */
#ifndef RY_TESTS_MODEL_OBSERVER_INTERNAL_H
#define RY_TESTS_MODEL_OBSERVER_INTERNAL_H

#include "tests/model/observer.h"

#define RY_MODEL_SPENT 256 /* the last recorded orders that were spent and left */

#define RY_MODEL_HIT(observer, name) ((observer)->clauses[RY_CLAUSE_##name]++)
#define RY_MODEL_HIT_IF(observer, condition, name)                                                 \
    ((observer)->clauses[RY_CLAUSE_##name] += (condition) ? 1 : 0)

/* The recorded order that an input names, as it stood before. */
struct ry_model_target {
    const struct ry_model_order *order; /* NULL: unknown or spent; gone once it has left */
    struct ry_model_order was;
};

/* An agent while it is put out. */
struct ry_model_leaver {
    bool is_leaving;
    uint16_t agent;
    int64_t position[RY_INSTRUMENTS_MAX]; /* before */
    uint64_t taken[RY_INSTRUMENTS_MAX];   /* by the machine's IOC */
};

struct ry_model_observer {
    uint64_t clauses[RY_MODEL_CLAUSES];
    uint64_t spent_ref[RY_MODEL_SPENT];
    uint16_t spent_instrument[RY_MODEL_SPENT];
    uint64_t spent_count;
    uint32_t id_max;
    struct ry_model_leaver leaver;
    bool pushed[RY_AGENTS_MAX]; /* its last fill was another one's liquidation */

    /* Of the input in work; `input` is the first field that RY_MODEL_SEEN_INPUT clears. */
    const union ry_input_any *input;
    struct ry_arena_counters before;
    bool was_trading, had_begun;
    struct ry_model_target target;
    uint32_t demand_ahead;        /* met before an EXEC's target */
    uint32_t target_absorbed;     /* by its surplus */
    unsigned met;                 /* orders, since the input or the last order that resumed */
    bool print_sells, print_buys; /* met */
    bool started, state_on, state_off, unaggressed, fills;
    unsigned market_records;
    int64_t limit;       /* of an ORDER that was accepted */
    unsigned own_fills;  /* of it */
    unsigned round_ends; /* in this input */
    bool ending;         /* step 1 of a round's end */
    bool last_went;      /* and step 3 of it was done */
    uint32_t looked;     /* the last one that was looked at */
    struct ry_game rank; /* the last RANK record, with what it did not clamp */
    __int128 rank_score;
};

static inline bool ry_model_observer_is(const struct ry_model_observer *observer, uint8_t kind)
{
    return observer->input->head.kind == kind;
}

/* observer_record.c: recorded inputs, and the orders that they move. */
void ry_model_observe_record(struct ry_model_observer *observer, const struct ry_model *model);
void ry_model_observe_record_done(struct ry_model_observer *observer, const struct ry_model *model);
void ry_model_observe_rested(struct ry_model_observer *observer, const struct ry_model *model,
                             const struct ry_model_order *order);
void ry_model_observe_left(struct ry_model_observer *observer, const struct ry_model_order *order);
void ry_model_observe_met(struct ry_model_observer *observer, const struct ry_model *model,
                          const struct ry_model_facts *facts);
void ry_model_observe_absorbed(struct ry_model_observer *observer,
                               const struct ry_model_order *order, uint32_t qty);
void ry_model_observe_dropped(struct ry_model_observer *observer, const struct ry_model *model,
                              const struct ry_model_order *order);
void ry_model_observe_stop(struct ry_model_observer *observer, const struct ry_model *model,
                           uint16_t instrument);

/* observer_agent.c: reports. */
void ry_model_observe_report(struct ry_model_observer *observer, const struct ry_model *model,
                             const struct ry_report *report);
void ry_model_observe_resumed(struct ry_model_observer *observer,
                              const struct ry_model_order *order, uint32_t before);

/* observer_game.c: rounds, values, who goes out. */
void ry_model_observe_game(struct ry_model_observer *observer, const struct ry_model *model,
                           const struct ry_game *game);
void ry_model_observe_look(struct ry_model_observer *observer, const struct ry_model *model,
                           uint16_t agent);
void ry_model_observe_out(struct ry_model_observer *observer, const struct ry_model *model);
void ry_model_observe_round_begun(struct ry_model_observer *observer, const struct ry_model *model);
void ry_model_observe_rounds_done(struct ry_model_observer *observer, const struct ry_model *model);
void ry_model_observe_end(struct ry_model_observer *observer, const struct ry_model *model);

#endif
