/*
 * What both ITCH pipelines end with: a message's fields (feeds/wire/itch50.h), its event
 * (feeds/market/itch.h), and a line where something in it was odd.
 */
#ifndef RY_FEEDS_ITCH50_H
#define RY_FEEDS_ITCH50_H

#include "feeds/market/itch.h"
#include "feeds/pipeline.h"

/* Lines about unknown trading states; further ones are counted only. */
#define RY_FEED_ITCH50_STATES_TOLD 8

/* Lines about symbols that never come. */
#define RY_FEED_ITCH50_ABSENT_TOLD 8

/* Part of a pipeline's state; counts in the handler's counters. */
struct ry_feed_itch50 {
    struct ry_normalise_instruments instruments;
    struct ry_normalise_itch normaliser;
    char (*directory)[RY_WIRE_ITCH50_SYMBOL_BYTES]; /* by locate, of the R's; all zero: none */
    bool directory_began, told_absent;
    bool told_breaker, told_collar, told_ipo; /* the first W, J, K; the rest is counted only */
};

/* 0, or -1 without memory, noted. A zeroed struct may be closed, too. */
int ry_feed_itch50_open(struct ry_feed_itch50 *itch, struct ry_feed_handler *handler);
void ry_feed_itch50_close(struct ry_feed_itch50 *itch);

/* One message: EVENT or QUIET. It stands at `number`; place: "byte" or "sequence". */
enum ry_feed_handler_result ry_feed_itch50_message(struct ry_feed_itch50 *itch,
                                                   struct ry_feed_handler *handler,
                                                   const uint8_t *message, size_t length,
                                                   const char *place, uint64_t number,
                                                   struct ry_input *event);

/* The last event, behind lines about symbols that never came and about a day without the event that
 * ends its messages: what ("file", "capture") may be cut. Returns RY_FEED_HANDLER_END. */
enum ry_feed_handler_result ry_feed_itch50_end(struct ry_feed_itch50 *itch,
                                               struct ry_feed_handler *handler, const char *what,
                                               struct ry_input *event);

#endif
