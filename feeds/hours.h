/*
 * Does the record cover the battle's hours? What the record says of itself (metadata), its first
 * and its last time are compared with trade_from and trade_to.
 *
 * Example: market.date is 2024-03-15, the file holds the 14th. Each event would count as of
 * warmup_from, and agents would trade with a book that stands still. The feed ends and says which
 * date would fit. With market.allow_empty it only says so.
 *
 *   no time of the record within trade_from..trade_to      the feed ends
 *   the record begins a minute or more after trade_from    a warning
 *   the record ends a minute or more before trade_to       a warning
 *
 * Snapshots have no times of their own and do not count. Times of day without a date (ITCH) count
 * as of market.date: that the date is another cannot be seen, and that a day begins later than
 * trade_from is no fault of it.
 */
#ifndef RY_FEEDS_HOURS_H
#define RY_FEEDS_HOURS_H

#include "feeds/market/normalise.h"

struct ry_feed_handler;

/* Part of a handler. The pipeline that opens sets the first two. */
struct ry_feed_hours {
    const struct ry_normalise_clock *clock; /* its normaliser's; NULL: it has none (yet) */
    bool dated;                             /* the format's times say their day */
    bool begun;                             /* the first time was looked at */
    bool empty;                             /* nothing lies within: told of, or the end */
    int64_t claim_to;                       /* where the record says that it ends; 0: it does not */
};

/* The record says that it goes from `from` to `to` (exclusive), ns UTC; RY_TIME_NEVER: it does not
 * say. 0, or -1: the feed is over, the reason is noted. */
int ry_feed_hours_claim(struct ry_feed_handler *handler, int64_t from, int64_t to);

/* When the first time has come, once; and at the end. False: the feed is over, noted. */
bool ry_feed_hours_begin(struct ry_feed_handler *handler);
bool ry_feed_hours_end(struct ry_feed_handler *handler);

#endif
