/*
 * What the two ways of taking ITCH messages share (feeds/market/itch.c one by one, itch_span.c many
 * at once): what event a message makes.
 */
#ifndef RY_FEEDS_MARKET_ITCH_SHAPE_H
#define RY_FEEDS_MARKET_ITCH_SHAPE_H

#include "feeds/market/itch.h"

struct ry_normalise_itch_shape {
    enum ry_input_kind kind;
    uint16_t flags;
    bool priced;   /* carries a price of the wire */
    bool quantity; /* carries shares, which must not be 0 */
};

struct ry_normalise_itch_shape ry_normalise_itch_shape(const struct ry_wire_itch50 *message);

/* The counter of a type that is known. */
enum ry_feed_counter ry_normalise_itch_counter(uint8_t type);

/* Fills normaliser->quick; its init calls it. */
void ry_normalise_itch_quicken(struct ry_normalise_itch *normaliser);

#endif
