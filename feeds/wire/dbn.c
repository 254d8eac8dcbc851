#include "feeds/wire/dbn.h"

#include "feeds/wire/bytes.h"

#define VERSION_MAX         3
#define SYMBOL_BYTES_V1     22
#define SYMBOL_BYTES_RECORD 71 /* of versions 2 and 3 in records */
#define METADATA_FIXED      100
#define MAPPING_BYTES_V1    80
#define MAPPING_BYTES       176
#define STATUS_BYTES        40
#define NOTICE_BYTES_V1     80
#define NOTICE_BYTES        320
#define NOTICE_TEXT_V1      64
#define ERROR_TEXT          302
#define SYSTEM_TEXT         303

enum ry_wire_dbn_result ry_wire_dbn_prelude(const uint8_t *bytes, size_t length,
                                            struct ry_wire_dbn_prelude *out)
{
    if (length < RY_WIRE_DBN_PRELUDE_BYTES)
        return RY_WIRE_DBN_SHORT;
    if (memcmp(bytes, "DBN", 3) != 0)
        return RY_WIRE_DBN_NOT_DBN;
    if (bytes[3] == 0 || bytes[3] > VERSION_MAX)
        return RY_WIRE_DBN_VERSION;
    out->version = bytes[3];
    out->metadata_bytes = ry_wire_le32(bytes + 4);
    if (out->metadata_bytes < RY_WIRE_DBN_METADATA_MIN ||
        out->metadata_bytes > RY_WIRE_DBN_METADATA_MAX)
        return RY_WIRE_DBN_BAD_LENGTH;
    return RY_WIRE_DBN_OK;
}

/* Passes over {count u32, count symbols}. */
static bool skip_symbols(struct ry_wire_dbn_mappings *rest)
{
    if (rest->left < 4)
        return false;
    const uint64_t bytes = 4 + (uint64_t)ry_wire_le32(rest->next) * rest->symbol_bytes;
    if (bytes > rest->left)
        return false;
    rest->next += bytes;
    rest->left -= bytes;
    return true;
}

enum ry_wire_dbn_result ry_wire_dbn_metadata(uint8_t version, const uint8_t *bytes, size_t length,
                                             struct ry_wire_dbn_metadata *out)
{
    if (version == 0 || version > VERSION_MAX)
        return RY_WIRE_DBN_VERSION;
    if (length < RY_WIRE_DBN_METADATA_MIN)
        return RY_WIRE_DBN_SHORT;
    *out = (struct ry_wire_dbn_metadata){
        .version = version,
        .schema = ry_wire_le16(bytes + 16),
        .start = ry_wire_le64(bytes + 18),
        .end = ry_wire_le64(bytes + 26),
        .limit = ry_wire_le64(bytes + 34),
    };
    memcpy(out->dataset, bytes, sizeof out->dataset - 1);
    const uint8_t *stypes = bytes + (version == 1 ? 50 : 42);
    out->stype_in = stypes[0];
    out->stype_out = stypes[1];
    out->ts_out = stypes[2] != 0;
    out->symbol_bytes = version == 1 ? SYMBOL_BYTES_V1 : ry_wire_le16(stypes + 3);
    if (out->symbol_bytes == 0)
        return RY_WIRE_DBN_BAD_FIELD;
    /* A schema definition has never been written; one would shift all that follows. */
    if (ry_wire_le32(bytes + METADATA_FIXED) != 0)
        return RY_WIRE_DBN_BAD_FIELD;

    struct ry_wire_dbn_mappings *rest = &out->mappings;
    rest->symbol_bytes = out->symbol_bytes;
    rest->next = bytes + RY_WIRE_DBN_METADATA_MIN;
    rest->left = length - RY_WIRE_DBN_METADATA_MIN;
    if (!skip_symbols(rest) || !skip_symbols(rest) || !skip_symbols(rest) || rest->left < 4)
        return RY_WIRE_DBN_BAD_LENGTH;
    rest->mappings = ry_wire_le32(rest->next);
    rest->next += 4;
    rest->left -= 4;
    return RY_WIRE_DBN_OK;
}

int ry_wire_dbn_mapping_next(struct ry_wire_dbn_mappings *rest, struct ry_wire_dbn_mapping *out)
{
    const size_t symbol = rest->symbol_bytes;
    while (rest->intervals == 0) {
        if (rest->mappings == 0)
            return 0;
        if (rest->left < symbol + 4)
            return -1;
        rest->symbol = (const char *)rest->next;
        rest->intervals = ry_wire_le32(rest->next + symbol);
        rest->next += symbol + 4;
        rest->left -= symbol + 4;
        rest->mappings--;
    }
    if (rest->left < symbol + 8)
        return -1;
    out->in = rest->symbol;
    out->in_length = strnlen(rest->symbol, symbol);
    out->first_day = ry_wire_le32(rest->next);
    out->end_day = ry_wire_le32(rest->next + 4);
    out->out = (const char *)rest->next + 8;
    out->out_length = strnlen(out->out, symbol);
    rest->next += symbol + 8;
    rest->left -= symbol + 8;
    rest->intervals--;
    return 1;
}

bool ry_wire_dbn_instrument_id(const char *text, size_t length, uint32_t *id)
{
    if (length == 0 || length > 10)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *id = (uint32_t)value;
    return value <= UINT32_MAX;
}

static enum ry_wire_dbn_result check_length(size_t length, size_t bytes, bool ts_out)
{
    const size_t expected = bytes + (ts_out ? RY_WIRE_DBN_TS_OUT_BYTES : 0);
    if (length != expected)
        return length < expected ? RY_WIRE_DBN_SHORT : RY_WIRE_DBN_BAD_LENGTH;
    return RY_WIRE_DBN_OK;
}

static bool known_action(uint8_t action)
{
    return action == 'A' || action == 'C' || action == 'M' || action == 'R' || action == 'T' ||
           action == 'F' || action == 'N';
}

enum ry_wire_dbn_result ry_wire_dbn_mbo(const uint8_t *record, size_t length, bool ts_out,
                                        struct ry_wire_dbn_mbo *out)
{
    const enum ry_wire_dbn_result result = check_length(length, RY_WIRE_DBN_MBO_BYTES, ts_out);
    if (result != RY_WIRE_DBN_OK)
        return result;
    *out = (struct ry_wire_dbn_mbo){
        .publisher = ry_wire_le16(record + 2),
        .instrument_id = ry_wire_le32(record + 4),
        .ts_event = ry_wire_le64(record + 8),
        .order_id = ry_wire_le64(record + 16),
        .price = (int64_t)ry_wire_le64(record + 24),
        .size = ry_wire_le32(record + 32),
        .flags = record[36],
        .action = record[38],
        .ts_recv = ry_wire_le64(record + 40),
        .sequence = ry_wire_le32(record + 52),
    };
    const uint8_t side = record[39];
    if (side != 'A' && side != 'B' && side != 'N')
        return RY_WIRE_DBN_BAD_FIELD;
    out->side = side == 'B' ? RY_BUY : side == 'A' ? RY_SELL : RY_SIDE_NONE;
    if (!known_action(out->action) || out->ts_recv >= INT64_MAX)
        return RY_WIRE_DBN_BAD_FIELD;
    if ((out->action == 'A' || out->action == 'M') && out->side == RY_SIDE_NONE)
        return RY_WIRE_DBN_BAD_FIELD;
    return RY_WIRE_DBN_OK;
}

enum ry_wire_dbn_result ry_wire_dbn_symbol_mapping(uint8_t version, const uint8_t *record,
                                                   size_t length, bool ts_out,
                                                   struct ry_wire_dbn_symbol_mapping *out)
{
    const bool first = version == 1;
    const size_t bytes = first ? MAPPING_BYTES_V1 : MAPPING_BYTES;
    const enum ry_wire_dbn_result result = check_length(length, bytes, ts_out);
    if (result != RY_WIRE_DBN_OK)
        return result;
    const size_t symbol = first ? SYMBOL_BYTES_V1 : SYMBOL_BYTES_RECORD;
    const size_t stype = first ? 0 : 1; /* a byte before each symbol */
    out->instrument_id = ry_wire_le32(record + 4);
    out->ts_event = ry_wire_le64(record + 8);
    out->in = (const char *)record + RY_WIRE_DBN_RECORD_HEAD_BYTES + stype;
    out->out = out->in + symbol + stype;
    out->in_length = strnlen(out->in, symbol);
    out->out_length = strnlen(out->out, symbol);
    return RY_WIRE_DBN_OK;
}

enum ry_wire_dbn_result ry_wire_dbn_status(const uint8_t *record, size_t length, bool ts_out,
                                           struct ry_wire_dbn_status *out)
{
    const enum ry_wire_dbn_result result = check_length(length, STATUS_BYTES, ts_out);
    if (result != RY_WIRE_DBN_OK)
        return result;
    *out = (struct ry_wire_dbn_status){
        .publisher = ry_wire_le16(record + 2),
        .instrument_id = ry_wire_le32(record + 4),
        .ts_event = ry_wire_le64(record + 8),
        .ts_recv = ry_wire_le64(record + 16),
        .action = ry_wire_le16(record + 24),
        .is_trading = record[30],
    };
    return out->ts_recv >= INT64_MAX ? RY_WIRE_DBN_BAD_FIELD : RY_WIRE_DBN_OK;
}

enum ry_wire_dbn_result ry_wire_dbn_notice(uint8_t version, const uint8_t *record, size_t length,
                                           bool ts_out, struct ry_wire_dbn_notice *out)
{
    const bool first = version == 1;
    const enum ry_wire_dbn_result result =
        check_length(length, first ? NOTICE_BYTES_V1 : NOTICE_BYTES, ts_out);
    if (result != RY_WIRE_DBN_OK)
        return result;
    const size_t later = record[1] == RY_WIRE_DBN_RTYPE_ERROR ? ERROR_TEXT : SYSTEM_TEXT;
    const size_t text = first ? NOTICE_TEXT_V1 : later;
    out->text = (const char *)record + RY_WIRE_DBN_RECORD_HEAD_BYTES;
    out->text_length = strnlen(out->text, text);
    out->code = first ? RY_WIRE_DBN_CODE_UNSET : record[RY_WIRE_DBN_RECORD_HEAD_BYTES + text];
    return RY_WIRE_DBN_OK;
}

const char *ry_wire_dbn_schema_name(uint16_t schema)
{
    static const char *const names[] = {
        "mbo",      "mbp-1",    "mbp-10",     "tbbo",       "trades", "ohlcv-1s",  "ohlcv-1m",
        "ohlcv-1h", "ohlcv-1d", "definition", "statistics", "status", "imbalance", "ohlcv-eod",
        "cmbp-1",   "cbbo-1s",  "cbbo-1m",    "tcbbo",      "bbo-1s", "bbo-1m",
    };
    if (schema == RY_WIRE_DBN_SCHEMA_MIXED)
        return "a live recording";
    return schema < sizeof names / sizeof names[0] ? names[schema] : "unknown";
}

const char *ry_wire_dbn_strerror(enum ry_wire_dbn_result result)
{
    switch (result) {
    case RY_WIRE_DBN_OK: return "sound";
    case RY_WIRE_DBN_SHORT: return "cut off";
    case RY_WIRE_DBN_NOT_DBN: return "not a DBN file";
    case RY_WIRE_DBN_VERSION: return "a DBN version other than 1, 2 and 3";
    case RY_WIRE_DBN_BAD_LENGTH: return "a length that does not fit the bytes";
    case RY_WIRE_DBN_BAD_FIELD: return "a field out of its range";
    }
    return "unknown";
}
