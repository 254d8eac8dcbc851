/*
 * Follows all orders of a battle at once: of each that lives, what came of it so far and what
 * traded at its price; and makes the record (tools/explain/record.h) of each fill, reject and
 * elimination.
 *
 * It is fed as results are (core/results/results.h), whose `row` and `next` it takes:
 *
 *     ry_why_tracker_open(&t, &battle, &id);
 *     for each input: t.arena = the machine, or NULL before BATTLE was applied
 *                     ry_results_step(&t.results, &follow, 1)
 *                     ry_why_tracker_settle(&t)       calls t.each for the input's records
 *     ry_why_tracker_close(&t);
 *
 * The machine is asked in the middle of an input where the moment counts: when an order comes to
 * rest, is refused, or its agent goes out.
 */
#ifndef RY_TOOLS_WHY_TRACKER_H
#define RY_TOOLS_WHY_TRACKER_H

#include "core/results/results.h"
#include "tools/explain/record.h"
#include "tools/text/moment.h"
#include "tools/why/battle.h"
#include "tools/why/queue.h"

enum ry_why_order_type {
    RY_WHY_LIMIT = 1,
    RY_WHY_IOC,
    RY_WHY_MARKET,
};

/* An agent's order, from its arrival until all of its input's rows are told in which it left. */
struct ry_why_order {
    uint16_t agent, instrument;
    uint8_t side, type;
    bool accepted, rested;
    bool stands; /* in the book that the market records tell */
    bool left;   /* gone, or filled: it is forgotten when the input is settled */
    uint64_t cl_ord_id;
    uint64_t input;      /* that it came with */
    int64_t limit;       /* RY_RESULTS_NO_PRICE: a market order that was not accepted */
    int64_t qty, filled; /* lots */
    uint32_t order;      /* the machine's id, once it rests */
    int64_t arrival, rested_at;
    int64_t latency;           /* L(k); -1: not known */
    struct ry_why_ahead ahead; /* when it came to rest */
    uint64_t traded;           /* lots of others, on its side at its price, while it stood */
};

/* A record whose input is not settled yet. */
struct ry_why_pending {
    struct ry_results_row row;
    struct ry_why_order order; /* FILL, REJECT of an order; else cl_ord_id 0 */
    bool known;                /* `order` is */
    bool waits;                /* FILL of a maker: `order.traded` comes with the market's trade */
    struct ry_arena_checked checked; /* REJECT of an order */
    struct ry_input asked;           /* likewise */
    __int128 equity;                 /* OUT */
    int64_t latency;
};

struct ry_why_tracker {
    struct ry_results results;
    const struct ry_arena *arena; /* NULL: BATTLE was not applied */
    const struct ry_why_battle *battle;
    struct ry_text_moments moments;
    /* Every record, in the order of the rows; NULL: none is made. */
    void (*each)(void *context, const struct ry_explain_record *record);
    /* The code that the agent told with the order, if it did; NULL: none is known. */
    bool (*intent)(void *context, uint16_t agent, uint64_t cl_ord_id, uint32_t *intent);
    /* Sees rows and market records as well; NULL. */
    void (*row)(void *context, const struct ry_results_row *row);
    void (*market)(void *context, const struct ry_market *market);
    void *context;

    struct ry_why_order *order; /* [orders]: of those that live, by no order */
    unsigned orders, room;
    uint32_t *at; /* [ids]: of an order that rests, 1 + its place in `order`; by the machine's id */
    uint32_t ids;
    struct ry_why_pending *pending;
    unsigned pendings, pending_room;
    struct ry_market trade;                         /* that waits for its CHANGE; kind 0: none */
    struct ry_results_row_rank rank[RY_AGENTS_MAX]; /* of the last round that ended, best first */
    unsigned ranks;
    bool any_left;
};

/* `battle` stays the caller's. */
void ry_why_tracker_open(struct ry_why_tracker *t, const struct ry_why_battle *battle,
                         const struct ry_battle_id *id);

void ry_why_tracker_settle(struct ry_why_tracker *t);

/* One that lives, or left in the input that is not settled; NULL: none. */
const struct ry_why_order *ry_why_tracker_order(const struct ry_why_tracker *t, uint16_t agent,
                                                uint64_t cl_ord_id);

void ry_why_tracker_close(struct ry_why_tracker *t);

#endif
