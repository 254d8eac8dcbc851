/*
 * The publishers of DBN records: whose order book a record belongs to. A record names its publisher
 * by number; a publisher is one venue in one dataset, "XNAS.ITCH.XNAS" is number 2. Pure facts,
 * from the documentation of the dbn crate.
 */
#ifndef RY_FEEDS_WIRE_DBN_PUBLISHERS_H
#define RY_FEEDS_WIRE_DBN_PUBLISHERS_H

#include "shm/base.h"

#define RY_WIRE_DBN_PUBLISHER_BYTES 32 /* of a name, with its NUL */

struct ry_wire_dbn_publisher {
    uint16_t number;
    const char *dataset; /* "XNAS.ITCH" */
    const char *venue;   /* "XNAS" */
    /* The venue executes hidden orders, and tells of it by a trade (T) without a fill (F): US
     * equities. On the others a fill stands under every trade of an order of the book. */
    bool hidden;
};

/* NULL: a number that this version does not know. */
const struct ry_wire_dbn_publisher *ry_wire_dbn_publisher(uint16_t number);

/* By "XNAS.ITCH.XNAS", by the dataset alone where it has one publisher, or by number (of an unknown
 * publisher, too); false: none. */
bool ry_wire_dbn_publisher_find(const char *name, uint16_t *number);

/* "XNAS.ITCH.XNAS (2)", or "unknown (999)". Returns text. */
const char *ry_wire_dbn_publisher_name(uint16_t number, char text[RY_WIRE_DBN_PUBLISHER_BYTES]);

#endif
