/*
 * DBN MBO records to events. A record makes one event or none.
 *
 * In the record a fill (F) changes no order: the C or M that accounts for it comes up to 50 records
 * later. Here an F is an EXEC at its own place and time, so each order is remembered with two
 * quantities: `rec`, what the events so far leave of it, and `shown`, what the record displays.
 *
 *   A   ADD.
 *   T   LAST: the last recorded trade and its volume; no change to the book. The side is the
 *       aggressor's.
 *   F   EXEC of what rec allows; AUCTION under a T with side N; CANCEL if the order is the
 *       aggressor's own.
 *   C   lowers shown; what rec exceeds it by is a CANCEL.
 *   M   sets price and shown, and brings rec there. Same price and not larger: CANCEL of the
 *       difference. Nothing left of rec (the next display of an iceberg): ADD at the back.
 *       Otherwise REPLACE.
 *   R   CLEAR.
 *
 * Example: an order of 10. F 4: EXEC 4, rec 6, shown 10. C 4: shown 6, no event. C 6: shown 0,
 * CANCEL 6.
 *
 * Time is ts_recv; records of a snapshot (flag 32) stand at the T reached so far, warmup_from at
 * first. What the actions mean is from Databento's documentation of the MBO schema; that fills
 * stand before the C or M that accounts for them, and how far, was seen in two recorded hours of
 * CME's ES.
 */
#ifndef RY_FEEDS_MARKET_DBN_H
#define RY_FEEDS_MARKET_DBN_H

#include "feeds/market/normalise.h"
#include "feeds/market/order_map.h"
#include "feeds/market/price.h"
#include "feeds/wire/dbn.h"

enum ry_normalise_dbn_bound {
    RY_NORMALISE_DBN_BOUND = 0,
    RY_NORMALISE_DBN_BOUND_FOREIGN,   /* the battle does not list the symbol */
    RY_NORMALISE_DBN_BOUND_AMBIGUOUS, /* the symbol keeps another instrument id (counted) */
};

/* The last T of an instrument: F's belong to the T with their ts_event. */
struct ry_normalise_dbn_trade {
    uint64_t ts_event;
    uint64_t order_id;
    bool begun;
    bool auction;
};

/* One feed's, in its pipeline; allocates in init alone. */
struct ry_normalise_dbn {
    const struct ry_normalise_instruments *instruments;
    struct ry_feed_counters *counters;
    struct ry_normalise_clock clock;
    struct ry_normalise_too_fine too_fine;
    uint8_t version;
    bool ts_out;
    struct ry_normalise_order_map orders;
    struct ry_normalise_dbn_trade *trade; /* by battle id */
    struct ry_normalise_dbn_id *ids;      /* hash table: instrument id on the wire -> battle id */
    bool *bound;                          /* by battle id */
    uint32_t ids_mask;
    unsigned bound_count;
};

struct ry_normalise_dbn_id {
    uint32_t wire;
    uint32_t id; /* + 1; 0: free */
};

/* 0, or -1 without memory. */
int ry_normalise_dbn_init(struct ry_normalise_dbn *normaliser,
                          const struct ry_normalise_instruments *instruments,
                          struct ry_feed_counters *counters);
void ry_normalise_dbn_free(struct ry_normalise_dbn *normaliser);

/* Takes version, ts_out and all mappings of a file's metadata, which may go afterwards; false if
 * the mappings are damaged. */
bool ry_normalise_dbn_metadata(struct ry_normalise_dbn *normaliser,
                               const struct ry_wire_dbn_metadata *metadata);

/* Says which instrument id on the wire a symbol has. */
enum ry_normalise_dbn_bound ry_normalise_dbn_bind(struct ry_normalise_dbn *normaliser,
                                                  uint32_t instrument_id, const char *symbol,
                                                  size_t length);

/* Decodes and counts one whole record (ry_wire_dbn_record_bytes bytes); true if it made an event.
 */
bool ry_normalise_dbn(struct ry_normalise_dbn *normaliser, const uint8_t *record, size_t length,
                      struct ry_input *event);

#endif
