/*
 * DBN records to events. A record makes one event or none.
 *
 * In the record a fill (F) changes no order: the C or M that accounts for it comes up to 50 records
 * later. Here an F is an EXEC at its own place and time, so each order is remembered with two
 * quantities: `rec`, what the events so far leave of it, and `shown`, what the record displays.
 *
 *   A   ADD.
 *   T   LAST: the last recorded trade and its volume; no change to the book. The side is the
 *       aggressor's. PRINT where the venue has hidden orders and no F follows.
 *   F   EXEC of what rec allows; AUCTION under a T with side N, and without a T where the venue has
 *       hidden orders; CANCEL if the order is the aggressor's own.
 *   C   lowers shown; what rec exceeds it by is a CANCEL.
 *   M   sets price and shown, and brings rec there. Same price and not larger: CANCEL of the
 *       difference. Nothing left of rec (the next display of an iceberg): ADD at the back.
 *       Otherwise REPLACE. A price or size that no order can have: CANCEL of the order.
 *   R   CLEAR.
 *   A status record: STATE.
 *
 * Example: an order of 10. F 4: EXEC 4, rec 6, shown 10. C 4: shown 6, no event. C 6: shown 0,
 * CANCEL 6.
 *
 * Time is ts_recv; records of a snapshot (flag 32) stand at the T reached so far, warmup_from at
 * first. What the actions mean is from Databento's documentation of the MBO schema and of its
 * datasets; that fills stand before the C or M that accounts for them, and how far, was seen in two
 * recorded hours of CME's ES.
 *
 * What a record says of itself that is lacking (enum ry_incomplete), for the pipeline to judge:
 *   FLAGGED     a record of the book has flag 4: packets were lost.
 *   ERROR       an error of the gateway.
 *   LATE        a C or M of an order that was never added, before a clear or a snapshot of its
 *               instrument (where adds were dropped here, that is no reason).
 *   AGGREGATES  an A, C, M or F with flag 16 or 64, or an A, C or M of order 0: a price level,
 *               which makes no event.
 */
#ifndef RY_FEEDS_MARKET_DBN_H
#define RY_FEEDS_MARKET_DBN_H

#include "feeds/market/dbn_symbols.h"
#include "feeds/market/normalise.h"
#include "feeds/market/order_map.h"
#include "feeds/market/price.h"

enum ry_normalise_dbn_result {
    RY_NORMALISE_DBN_QUIET = 0,       /* no event */
    RY_NORMALISE_DBN_EVENT,           /* if too_fine is found now, the feed ends behind it */
    RY_NORMALISE_DBN_OTHER_PUBLISHER, /* the feed must end: the record is not the first one's */
    RY_NORMALISE_DBN_ROLLS,           /* the feed must end: see symbols.rolls */
};

/* A record, decoded. */
struct ry_normalise_dbn_record {
    enum ry_wire_dbn_result result;
    uint8_t rtype;
    int id; /* MBO, status: of the battle, or why not (feeds/market/dbn_symbols.h) */
    uint16_t publisher;
    union {
        struct ry_wire_dbn_mbo mbo;
        struct ry_wire_dbn_status status;
        struct ry_wire_dbn_symbol_mapping mapping;
        struct ry_wire_dbn_notice notice; /* errors and system records */
    };
};

/* Of an instrument of the battle. */
struct ry_normalise_dbn_market {
    /* The last T: F's belong to the T with their ts_event. */
    uint64_t ts_event, order_id;
    uint32_t sequence;
    bool begun;
    bool auction;
    bool founded; /* a clear or a snapshot has come: every order is known since */
};

/* A trade of a venue with hidden orders, until the next record says whether an F follows. */
struct ry_normalise_dbn_held {
    bool there;
    struct ry_input event;
    uint64_t ts_event;
    uint32_t sequence;
};

/* One feed's, in its pipeline; allocates in init alone. */
struct ry_normalise_dbn {
    const struct ry_normalise_instruments *instruments;
    struct ry_feed_counters *counters;
    struct ry_normalise_clock clock;
    struct ry_normalise_too_fine too_fine;
    uint8_t version;
    bool ts_out;
    bool hidden;        /* the publisher's trades without fills are PRINTs */
    bool unknown;       /* nobody knows whether they are */
    bool named;         /* the battle named the publisher: others' records are dropped */
    uint16_t publisher; /* 0: no record of a listed instrument has come */
    struct ry_normalise_dbn_symbols symbols;
    struct ry_normalise_order_map orders;
    struct ry_normalise_dbn_market *market; /* by battle id */
    struct ry_normalise_dbn_held held;
};

/* publisher: whose records count; 0: the first one's, and another ends the feed. 0, or -1 without
 * memory. */
int ry_normalise_dbn_init(struct ry_normalise_dbn *normaliser,
                          const struct ry_normalise_instruments *instruments,
                          struct ry_feed_counters *counters, uint16_t publisher);
void ry_normalise_dbn_free(struct ry_normalise_dbn *normaliser);

/* Takes version, ts_out and all mappings of a file's metadata, which may go afterwards; false if
 * the mappings are damaged. */
bool ry_normalise_dbn_metadata(struct ry_normalise_dbn *normaliser,
                               const struct ry_wire_dbn_metadata *metadata);

/* A whole record (ry_wire_dbn_record_bytes bytes) goes through the next four, in this order. */

/* Decodes; a mapping or a notice points into `bytes`. */
void ry_normalise_dbn_read(const struct ry_normalise_dbn *normaliser, const uint8_t *bytes,
                           size_t length, struct ry_normalise_dbn_record *record);

/* True: an event, which stands before the record and was only held back until its coming. */
bool ry_normalise_dbn_before(struct ry_normalise_dbn *normaliser,
                             const struct ry_normalise_dbn_record *record, struct ry_input *event);

/* What the record says is lacking: bits 1 << enum ry_incomplete. */
unsigned ry_normalise_dbn_doubts(const struct ry_normalise_dbn *normaliser,
                                 const struct ry_normalise_dbn_record *record);

/* Counts the record and makes its event. */
enum ry_normalise_dbn_result ry_normalise_dbn_take(struct ry_normalise_dbn *normaliser,
                                                   const struct ry_normalise_dbn_record *record,
                                                   struct ry_input *event);

/* No record will come: true if the event held back does. */
bool ry_normalise_dbn_end(struct ry_normalise_dbn *normaliser, struct ry_input *event);

#endif
