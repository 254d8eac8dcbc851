/*
 * DBN (Databento Binary Encoding), versions 1 to 3: bytes to numbers. Pure: no state, no
 * allocation.
 *
 * Little-endian. A file is a prelude ("DBN", version u8, metadata bytes u32), the metadata, then
 * records; each begins with {length in 32-bit words u8, rtype u8, publisher u16, instrument id u32,
 * ts_event u64}. Prices are int64_t in units of 1e-9, INT64_MAX is undefined; times are ns since
 * the epoch, UTC.
 *
 * Metadata, from its first byte: dataset 0:16, schema 16:2, start 18:8, end 26:8, limit 34:8; in
 * version 1 a record count 42:8 that nobody fills; then stype_in, stype_out, ts_out, a byte each;
 * from version 2 on the bytes of a symbol u16 (version 1: 22, always; versions 2 and 3 write 71);
 * reserved bytes up to 100; length of a schema definition 100:4 (always 0). Then {count u32, count
 * symbols} three times (symbols, partial, not found), and the mappings: count u32, each {symbol,
 * intervals u32, each {first day u32 as YYYYMMDD, day after the last u32, symbol}}. What the two
 * symbols of a mapping are is stype_in's and stype_out's word; one of them is the instrument id in
 * decimal.
 *
 * The MBO record (rtype 0xA0, 56 bytes) and the status record (0x12, 40 bytes) are alike in all
 * three; the symbol mapping record (0x16) is not: 80 bytes with symbols of 22 in version 1, 176
 * bytes with {stype u8, symbol of 71} twice since. Errors (0x15) and the gateway's other messages
 * (0x17) are 80 bytes with a text of 64 in version 1, 320 bytes since: a text of 302 and its code
 * (errors), or one of 303 and its code. With ts_out each record is 8 bytes longer. Facts from the
 * published specification and the documentation of the dbn crate.
 */
#ifndef RY_FEEDS_WIRE_DBN_H
#define RY_FEEDS_WIRE_DBN_H

#include "shm/base.h"
#include "shm/records/codes.h"

#define RY_WIRE_DBN_PRELUDE_BYTES     8
#define RY_WIRE_DBN_METADATA_MIN      104 /* the fixed part and the schema definition's length */
#define RY_WIRE_DBN_METADATA_MAX      (64u << 20)
#define RY_WIRE_DBN_RECORD_HEAD_BYTES 16
#define RY_WIRE_DBN_MBO_BYTES         56
#define RY_WIRE_DBN_TS_OUT_BYTES      8
#define RY_WIRE_DBN_DECIMALS          9
#define RY_WIRE_DBN_PRICE_UNDEFINED   INT64_MAX
#define RY_WIRE_DBN_SIZE_UNDEFINED    UINT32_MAX

#define RY_WIRE_DBN_RTYPE_STATUS         0x12
#define RY_WIRE_DBN_RTYPE_ERROR          0x15
#define RY_WIRE_DBN_RTYPE_SYMBOL_MAPPING 0x16
#define RY_WIRE_DBN_RTYPE_SYSTEM         0x17
#define RY_WIRE_DBN_RTYPE_MBO            0xa0

#define RY_WIRE_DBN_SCHEMA_MBO          0
#define RY_WIRE_DBN_SCHEMA_MIXED        UINT16_MAX
#define RY_WIRE_DBN_STYPE_INSTRUMENT_ID 0

/* Of an MBO record. The two others: 128, the last record of an event; 2, the publisher's own. */
#define RY_WIRE_DBN_FLAG_TOB            64 /* the top of a book, no order */
#define RY_WIRE_DBN_FLAG_SNAPSHOT       32 /* from a replay, not an event of the day */
#define RY_WIRE_DBN_FLAG_MBP            16 /* a price level, no order */
#define RY_WIRE_DBN_FLAG_BAD_TS_RECV    8
#define RY_WIRE_DBN_FLAG_MAYBE_BAD_BOOK 4 /* packets were lost and could not be had again */

/* Of a system record, and of an error that has no code. */
#define RY_WIRE_DBN_SYSTEM_SLOW_READER 2
#define RY_WIRE_DBN_CODE_UNSET         UINT8_MAX

enum ry_wire_dbn_result {
    RY_WIRE_DBN_OK = 0,
    RY_WIRE_DBN_SHORT,      /* fewer bytes than needed */
    RY_WIRE_DBN_NOT_DBN,    /* the magic is missing */
    RY_WIRE_DBN_VERSION,    /* 0, or later than 3 */
    RY_WIRE_DBN_BAD_LENGTH, /* a length or count inside disagrees with the bytes there are */
    RY_WIRE_DBN_BAD_FIELD,
};

struct ry_wire_dbn_prelude {
    uint8_t version;
    uint32_t metadata_bytes;
};

/* Walks the mappings of a metadata block; the bytes stay the caller's. */
struct ry_wire_dbn_mappings {
    const uint8_t *next;
    size_t left;
    uint32_t mappings;  /* still to come */
    uint32_t intervals; /* still to come in this mapping */
    const char *symbol; /* of this mapping */
    uint16_t symbol_bytes;
};

struct ry_wire_dbn_metadata {
    uint8_t version;
    uint8_t stype_in;
    uint8_t stype_out;
    bool ts_out;
    uint16_t schema;
    uint16_t symbol_bytes;
    uint64_t start, end, limit;
    char dataset[17];
    struct ry_wire_dbn_mappings mappings;
};

/* Symbols point into the metadata and may lack a final NUL: `_length` bytes each. */
struct ry_wire_dbn_mapping {
    const char *in;  /* as asked for: stype_in */
    const char *out; /* stype_out */
    size_t in_length, out_length;
    uint32_t first_day, end_day; /* YYYYMMDD; end_day is not in it */
};

struct ry_wire_dbn_mbo {
    uint64_t ts_event, ts_recv;
    uint64_t order_id;
    int64_t price;
    uint32_t instrument_id;
    uint32_t size;
    uint32_t sequence;
    uint16_t publisher;
    uint8_t flags;
    uint8_t action; /* 'A' add, 'C' cancel, 'M' modify, 'R' clear, 'T' trade, 'F' fill, 'N' none */
    uint8_t side;   /* enum ry_side; T: the aggressor's */
};

enum ry_wire_dbn_result ry_wire_dbn_prelude(const uint8_t *bytes, size_t length,
                                            struct ry_wire_dbn_prelude *out);

/* bytes: the metadata without the prelude, all of it. */
enum ry_wire_dbn_result ry_wire_dbn_metadata(uint8_t version, const uint8_t *bytes, size_t length,
                                             struct ry_wire_dbn_metadata *out);

/* The next interval of the next mapping: 1, 0 at the end, -1 if the bytes do not hold what they
 * count. */
int ry_wire_dbn_mapping_next(struct ry_wire_dbn_mappings *mappings,
                             struct ry_wire_dbn_mapping *out);

/* A decimal instrument id; false if it is none. */
bool ry_wire_dbn_instrument_id(const char *text, size_t length, uint32_t *id);

/* Bytes of the record that starts here, from its first byte; 0 if that is impossible (shorter than
 * a record's head). */
static inline size_t ry_wire_dbn_record_bytes(uint8_t first)
{
    const size_t bytes = (size_t)first * 4;
    return bytes < RY_WIRE_DBN_RECORD_HEAD_BYTES ? 0 : bytes;
}

/* record: whole, of ry_wire_dbn_record_bytes bytes, of rtype MBO. */
enum ry_wire_dbn_result ry_wire_dbn_mbo(const uint8_t *record, size_t length, bool ts_out,
                                        struct ry_wire_dbn_mbo *out);

struct ry_wire_dbn_symbol_mapping {
    uint64_t ts_event;
    uint32_t instrument_id;
    const char *in, *out; /* as in struct ry_wire_dbn_mapping */
    size_t in_length, out_length;
};

enum ry_wire_dbn_result ry_wire_dbn_symbol_mapping(uint8_t version, const uint8_t *record,
                                                   size_t length, bool ts_out,
                                                   struct ry_wire_dbn_symbol_mapping *out);

enum ry_wire_dbn_action {
    RY_WIRE_DBN_ACTION_NONE = 0,
    RY_WIRE_DBN_ACTION_PRE_OPEN,
    RY_WIRE_DBN_ACTION_PRE_CROSS,
    RY_WIRE_DBN_ACTION_QUOTING,
    RY_WIRE_DBN_ACTION_CROSS,
    RY_WIRE_DBN_ACTION_ROTATION,
    RY_WIRE_DBN_ACTION_PRICE_INDICATION,
    RY_WIRE_DBN_ACTION_TRADING,
    RY_WIRE_DBN_ACTION_HALT,
    RY_WIRE_DBN_ACTION_PAUSE,
    RY_WIRE_DBN_ACTION_SUSPEND,
    RY_WIRE_DBN_ACTION_PRE_CLOSE,
    RY_WIRE_DBN_ACTION_CLOSE,
    RY_WIRE_DBN_ACTION_POST_CLOSE,
    RY_WIRE_DBN_ACTION_SHORT_SALES, /* restrictions of them changed */
    RY_WIRE_DBN_ACTION_NOT_AVAILABLE,
    RY_WIRE_DBN_ACTIONS,
};

struct ry_wire_dbn_status {
    uint64_t ts_event, ts_recv;
    uint32_t instrument_id;
    uint16_t publisher;
    uint16_t action;    /* enum ry_wire_dbn_action, or a later one */
    uint8_t is_trading; /* 'Y', 'N', '~' unknown */
};

enum ry_wire_dbn_result ry_wire_dbn_status(const uint8_t *record, size_t length, bool ts_out,
                                           struct ry_wire_dbn_status *out);

/* What the gateway says: an error or a system record. */
struct ry_wire_dbn_notice {
    const char *text; /* within the record, may lack a final NUL */
    size_t text_length;
    uint8_t code;
};

enum ry_wire_dbn_result ry_wire_dbn_notice(uint8_t version, const uint8_t *record, size_t length,
                                           bool ts_out, struct ry_wire_dbn_notice *out);

/* "mbp-10"; "unknown" for a number that has no name. */
const char *ry_wire_dbn_schema_name(uint16_t schema);

const char *ry_wire_dbn_strerror(enum ry_wire_dbn_result result);

#endif
