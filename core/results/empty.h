/*
 * A battle in which nothing happened: judged from its inputs and outputs alone, so every follower
 * finds the same.
 *
 *   silent    instruments of which the record has no event in trading hours. An event is an input
 *             of a feed that adds, executes, cancels, replaces, prints, crosses or sets the last
 *             trade, and does not come from a snapshot. Trading hours are trade_from <= T <=
 *             trade_to, as far as the battle came; T = warmup_from never counts, since a feed moves
 *             there what is from before.
 *   no_trade  why no agent could trade, if none could: no order was accepted, and (in this order)
 *             trading never began, or no instrument ever matched agents' orders, or each order
 *             that was sent was refused as NOT_TRADING or NO_REFERENCE.
 *
 * Example: the record is of the day before, so that all its events are moved to warmup_from. Agents
 * trade a book that stands still; silent is 1 of 1.
 *
 * Not judged, because its end was not the record's doing: a battle that has not ended or was
 * stopped, and one that is over because all agents but one have died or stalled.
 */
#ifndef RY_CORE_RESULTS_EMPTY_H
#define RY_CORE_RESULTS_EMPTY_H

#include "core/results/results.h"

enum ry_results_no_trade {
    RY_RESULTS_NO_TRADE_NOT = 0,    /* an agent could */
    RY_RESULTS_NO_TRADE_NEVER,      /* no recorded event reached trade_from */
    RY_RESULTS_NO_TRADE_CLOSED,     /* halted or closed from trade_from to trade_to */
    RY_RESULTS_NO_TRADE_UNREFERRED, /* each order was refused: no reference, or not trading */
};

struct ry_results_empty {
    unsigned silent;
    enum ry_results_no_trade no_trade;
};

/* For ry_results_after: counts the event that the input may be. */
void ry_results_empty_count(struct ry_results *r, const union ry_input_any *input);

/* True if nothing happened; `empty` says what. */
bool ry_results_empty(const struct ry_results *r, struct ry_results_empty *empty);

#endif
