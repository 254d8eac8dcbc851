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

static const struct ry_wire_itch50_layout layouts[256] = {
    ['A'] = {.ref = 11, .side = 19, .shares = 20, .symbol = 24, .price = 32},
    ['F'] = {.ref = 11, .side = 19, .shares = 20, .symbol = 24, .price = 32},
    ['P'] = {.ref = 11, .side = 19, .shares = 20, .symbol = 24, .price = 32, .match = 36},
    ['E'] = {.ref = 11, .shares = 19, .match = 23},
    ['C'] = {.ref = 11, .shares = 19, .match = 23, .printable = 31, .price = 32},
    ['X'] = {.ref = 11, .shares = 19},
    ['D'] = {.ref = 11},
    ['U'] = {.ref = 11, .ref_new = 19, .shares = 27, .price = 31},
    ['Q'] = {.shares = 11, .symbol = 19, .price = 27, .match = 31},
    ['B'] = {.match = 11},
};

const struct ry_wire_itch50_layout *ry_wire_itch50_layout(uint8_t type)
{
    const struct ry_wire_itch50_layout *at = &layouts[type];
    return (at->ref | at->match) != 0 ? at : NULL;
}

static void symbol_at(struct ry_wire_itch50 *out, const uint8_t *p)
{
    memcpy(out->symbol, p, RY_WIRE_ITCH50_SYMBOL_BYTES);
}

static uint64_t number_at(const uint8_t *message, unsigned at)
{
    return at != 0 ? ry_wire_be64(message + at) : 0;
}

static uint32_t word_at(const uint8_t *message, unsigned at)
{
    return at != 0 ? ry_wire_be32(message + at) : 0;
}

/* Types that name an order or a trade. */
static enum ry_wire_itch50_result order_fields(const struct ry_wire_itch50_layout *at,
                                               const uint8_t *message, struct ry_wire_itch50 *out)
{
    out->ref = number_at(message, at->ref);
    out->ref_new = number_at(message, at->ref_new);
    out->match = number_at(message, at->match);
    out->shares = message[0] == 'Q' ? number_at(message, at->shares) : word_at(message, at->shares);
    out->price = word_at(message, at->price);
    if (at->symbol != 0)
        symbol_at(out, message + at->symbol);
    if (at->side != 0) {
        const uint8_t side = message[at->side];
        out->side = side == 'B' ? RY_BUY : RY_SELL;
        return side == 'B' || side == 'S' ? RY_WIRE_ITCH50_OK : RY_WIRE_ITCH50_BAD_FIELD;
    }
    if (at->printable != 0) {
        out->code = message[at->printable];
        return out->code == 'Y' || out->code == 'N' ? RY_WIRE_ITCH50_OK : RY_WIRE_ITCH50_BAD_FIELD;
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
    const struct ry_wire_itch50_layout *layout = ry_wire_itch50_layout(message[0]);
    if (layout != NULL)
        return order_fields(layout, message, out);
    status_fields(message, out);
    return RY_WIRE_ITCH50_OK;
}
