#include "feeds/wire/itch50.h"

#include "feeds/wire/bytes.h"

enum position {
#define X(type, length, name) POSITION_##name,
    RY_WIRE_ITCH50_TYPES(X)
#undef X
        POSITIONS
};
_Static_assert(POSITIONS == RY_WIRE_ITCH50_TYPES_COUNT,
               "RY_WIRE_ITCH50_TYPES_COUNT counts the table");

static const struct {
    uint8_t length;
    uint8_t position;
} types[256] = {
#define X(type, length, name) [type] = {(length), POSITION_##name},
    RY_WIRE_ITCH50_TYPES(X)
#undef X
};

unsigned ry_wire_itch50_length(uint8_t type)
{
    return types[type].length;
}

int ry_wire_itch50_index(uint8_t type)
{
    return types[type].length == 0 ? -1 : types[type].position;
}

static void symbol_at(struct ry_wire_itch50 *out, const uint8_t *p)
{
    memcpy(out->symbol, p, RY_WIRE_ITCH50_SYMBOL_BYTES);
}

static enum ry_wire_itch50_result side_at(struct ry_wire_itch50 *out, uint8_t code)
{
    if (code != 'B' && code != 'S')
        return RY_WIRE_ITCH50_BAD_FIELD;
    out->side = code == 'B' ? RY_BUY : RY_SELL;
    return RY_WIRE_ITCH50_OK;
}

/* Types that name an order or a trade. */
static enum ry_wire_itch50_result order_fields(const uint8_t *message, struct ry_wire_itch50 *out)
{
    switch (message[0]) {
    case 'A':
    case 'F':
    case 'P':
        out->ref = ry_wire_be64(message + 11);
        out->shares = ry_wire_be32(message + 20);
        symbol_at(out, message + 24);
        out->price = ry_wire_be32(message + 32);
        if (message[0] == 'P')
            out->match = ry_wire_be64(message + 36);
        return side_at(out, message[19]);
    case 'E':
        out->ref = ry_wire_be64(message + 11);
        out->shares = ry_wire_be32(message + 19);
        out->match = ry_wire_be64(message + 23);
        break;
    case 'C':
        out->ref = ry_wire_be64(message + 11);
        out->shares = ry_wire_be32(message + 19);
        out->match = ry_wire_be64(message + 23);
        out->code = message[31];
        out->price = ry_wire_be32(message + 32);
        if (out->code != 'Y' && out->code != 'N')
            return RY_WIRE_ITCH50_BAD_FIELD;
        break;
    case 'X':
        out->ref = ry_wire_be64(message + 11);
        out->shares = ry_wire_be32(message + 19);
        break;
    case 'D': out->ref = ry_wire_be64(message + 11); break;
    case 'U':
        out->ref = ry_wire_be64(message + 11);
        out->ref_new = ry_wire_be64(message + 19);
        out->shares = ry_wire_be32(message + 27);
        out->price = ry_wire_be32(message + 31);
        break;
    case 'Q':
        out->shares = ry_wire_be64(message + 11);
        symbol_at(out, message + 19);
        out->price = ry_wire_be32(message + 27);
        out->match = ry_wire_be64(message + 31);
        break;
    default: /* 'B' */ out->match = ry_wire_be64(message + 11); break;
    }
    return RY_WIRE_ITCH50_OK;
}

/* Types that say something of a symbol or of the market. */
static void status_fields(const uint8_t *message, struct ry_wire_itch50 *out)
{
    switch (message[0]) {
    case 'S':
    case 'W': out->code = message[11]; return;
    case 'R': break;
    case 'H': out->code = message[19]; break;
    case 'h': out->code = message[20]; break;
    case 'J':
        out->price = ry_wire_be32(message + 19);
        out->price_high = ry_wire_be32(message + 23);
        out->price_low = ry_wire_be32(message + 27);
        break;
    case 'K':
        out->release_s = ry_wire_be32(message + 19);
        out->code = message[23];
        out->price = ry_wire_be32(message + 24);
        break;
    default: return; /* known, and nothing in it is used */
    }
    symbol_at(out, message + RY_WIRE_ITCH50_HEAD_BYTES);
}

enum ry_wire_itch50_result ry_wire_itch50_decode(const uint8_t *message, size_t length,
                                                 struct ry_wire_itch50 *out)
{
    if (length == 0)
        return RY_WIRE_ITCH50_SHORT;
    const unsigned expected = types[message[0]].length;
    if (expected == 0)
        return RY_WIRE_ITCH50_UNKNOWN_TYPE;
    if (length != expected)
        return length < expected ? RY_WIRE_ITCH50_SHORT : RY_WIRE_ITCH50_BAD_LENGTH;

    *out = (struct ry_wire_itch50){
        .type = message[0], .locate = ry_wire_be16(message + 1), .ns = ry_wire_be48(message + 5)};
    if (out->ns >= RY_WIRE_ITCH50_NS_MAX)
        return RY_WIRE_ITCH50_BAD_FIELD;
    switch (message[0]) {
    case 'A':
    case 'F':
    case 'E':
    case 'C':
    case 'X':
    case 'D':
    case 'U':
    case 'P':
    case 'Q':
    case 'B': return order_fields(message, out);
    default: status_fields(message, out); return RY_WIRE_ITCH50_OK;
    }
}
