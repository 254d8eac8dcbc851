/*
 * Which sentences of docs/MATCHING.md were exercised (tests/model/clauses.def): found out by
 * looking at the model from beside it, so that the model's functions say their paragraphs and
 * nothing else.
 *
 * The model says what happens where it happens, in one line, `ry_model_observe`; the observer works
 * out from that, from the input and from what stood before which clauses it was. Nothing in the
 * model depends on it.
 */
#ifndef RY_TESTS_MODEL_OBSERVER_H
#define RY_TESTS_MODEL_OBSERVER_H

#include "tests/model/internal.h"

enum ry_model_seen {
    RY_MODEL_SEEN_INPUT,       /* input: it is not malformed; nothing has changed yet */
    RY_MODEL_SEEN_DONE,        /* all its outputs are out */
    RY_MODEL_SEEN_MALFORMED,   /* clause */
    RY_MODEL_SEEN_RESTED,      /* order: it stands, with its id */
    RY_MODEL_SEEN_LEFT,        /* order: is about to leave */
    RY_MODEL_SEEN_MET,         /* order, owner: the taker, cause: is about to trade */
    RY_MODEL_SEEN_ABSORBED,    /* order, qty: demand that its surplus is about to absorb */
    RY_MODEL_SEEN_DROPPED,     /* order: its surplus is about to become 0 */
    RY_MODEL_SEEN_RESUMED,     /* order, qty: its open before it matched at a resumption */
    RY_MODEL_SEEN_REPORT,      /* report */
    RY_MODEL_SEEN_MARKET,      /* market */
    RY_MODEL_SEEN_GAME,        /* game */
    RY_MODEL_SEEN_LOOK,        /* owner: an agent that is looked at for insolvency */
    RY_MODEL_SEEN_ROUND_END,   /* nothing of it is done yet */
    RY_MODEL_SEEN_ROUND_BEGUN, /* the round's number is new, nothing is valued yet */
};

/* What a thing seen says, see above; what it does not say is zero. */
struct ry_model_facts {
    const union ry_input_any *input;
    enum ry_model_clause clause;
    const struct ry_model_order *order;
    uint32_t qty;
    uint16_t owner;
    enum ry_cause cause;
    const struct ry_report *report;
    const struct ry_market *market;
    const struct ry_game *game;
};

struct ry_model_observer *ry_model_observer_create(void);
void ry_model_observer_destroy(struct ry_model_observer *observer);
void ry_model_observe(struct ry_model *model, enum ry_model_seen seen, struct ry_model_facts facts);

#endif
