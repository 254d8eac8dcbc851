/*
 * DBN MBO records to events, after feeds/market/dbn.c has found whose the record is and that it can
 * be believed.
 */
#ifndef RY_FEEDS_MARKET_DBN_ORDERS_H
#define RY_FEEDS_MARKET_DBN_ORDERS_H

#include "feeds/market/dbn.h"

/* What a record's handling needs: whose it is, and where its event goes. */
struct ry_normalise_dbn_turn {
    struct ry_normalise_dbn *normaliser;
    const struct ry_wire_dbn_mbo *mbo;
    struct ry_input *event;
    uint16_t id;
};

/* True if the record made an event. */
bool ry_normalise_dbn_orders(const struct ry_normalise_dbn_turn *turn);

#endif
