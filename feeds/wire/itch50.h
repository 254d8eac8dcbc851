/*
 * NASDAQ TotalView-ITCH 5.0: one message of bytes to numbers. Pure: no state, no allocation.
 *
 * Big-endian; type 0:1, stock locate 1:2, tracking number 3:2, nanoseconds since midnight in New
 * York 5:6. Prices are unsigned with 4 implied decimals. From the exchange's specification "Nasdaq
 * TotalView-ITCH 5.0". Every type is known by its length; those are decoded that a book, a trading
 * state or a line for people is made from.
 */
#ifndef RY_FEEDS_WIRE_ITCH50_H
#define RY_FEEDS_WIRE_ITCH50_H

#include "shm/base.h"
#include "shm/records/codes.h"

#define RY_WIRE_ITCH50_SYMBOL_BYTES 8 /* padded with spaces */
#define RY_WIRE_ITCH50_DECIMALS     4
#define RY_WIRE_ITCH50_HEAD_BYTES   11
/* Midnight to midnight is 25 hours on the day when the clocks go back. */
#define RY_WIRE_ITCH50_NS_MAX (UINT64_C(25) * 3600 * 1000000000)

/* type, length, name (also that of its counter, itch_NAME) */
#define RY_WIRE_ITCH50_TYPES(X)                                                                    \
    X('S', 12, system_event)                                                                       \
    X('R', 39, stock_directory)                                                                    \
    X('H', 25, trading_action)                                                                     \
    X('Y', 20, reg_sho)                                                                            \
    X('L', 26, participant_position)                                                               \
    X('V', 35, mwcb_level)                                                                         \
    X('W', 12, mwcb_status)                                                                        \
    X('K', 28, ipo_quoting)                                                                        \
    X('J', 35, luld_collar)                                                                        \
    X('h', 21, operational_halt)                                                                   \
    X('A', 36, add)                                                                                \
    X('F', 40, add_mpid)                                                                           \
    X('E', 31, executed)                                                                           \
    X('C', 36, executed_price)                                                                     \
    X('X', 23, cancel)                                                                             \
    X('D', 19, delete)                                                                             \
    X('U', 35, replace)                                                                            \
    X('P', 44, trade)                                                                              \
    X('Q', 40, cross_trade)                                                                        \
    X('B', 19, broken_trade)                                                                       \
    X('I', 50, noii)                                                                               \
    X('N', 20, retail_interest)                                                                    \
    X('O', 48, direct_listing)

#define RY_WIRE_ITCH50_TYPES_COUNT 23

enum ry_wire_itch50_result {
    RY_WIRE_ITCH50_OK = 0,
    RY_WIRE_ITCH50_SHORT, /* no byte at all, or fewer than the type has */
    RY_WIRE_ITCH50_UNKNOWN_TYPE,
    RY_WIRE_ITCH50_BAD_LENGTH, /* more bytes than the type has */
    RY_WIRE_ITCH50_BAD_FIELD,  /* time of day, side or printable flag out of its range */
};

/* Fields that a type has not are zero. */
struct ry_wire_itch50 {
    uint8_t type;
    uint8_t side; /* A, F, P: enum ry_side */
    uint8_t code; /* S: event code; H: trading state; h: halted 'H', resumed 'T'; C: printable, 'Y'
                     or 'N'; W: level, '1' to '3'; K: 'A' is anticipated, 'C' cancelled */
    uint8_t zero;
    uint16_t locate;
    uint16_t zero2;
    uint64_t ns;                              /* since midnight */
    uint64_t ref;                             /* U: the old order */
    uint64_t ref_new;                         /* U */
    uint64_t match;                           /* E, C, P, Q, B: number of the trade */
    uint64_t shares;                          /* Q alone can exceed 32 bits */
    uint32_t price;                           /* J: the reference price of the auction */
    uint32_t price_low, price_high;           /* J: the collar */
    uint32_t release_s;                       /* K: since midnight */
    char symbol[RY_WIRE_ITCH50_SYMBOL_BYTES]; /* A, F, P, Q, R, H, h, J, K */
};

/* Position of a type in RY_WIRE_ITCH50_TYPES, -1 for an unknown one. */
int ry_wire_itch50_index(uint8_t type);

/* Bytes of a message of that type, 0 for an unknown one. */
unsigned ry_wire_itch50_length(uint8_t type);

/* Where a type that names an order or a trade has its fields; 0: it has none. All are as wide as
 * those of struct ry_wire_itch50, but for shares: 4 bytes, and 8 of Q. */
struct ry_wire_itch50_layout {
    uint8_t ref, ref_new, match;
    uint8_t side, shares, price, symbol;
    uint8_t printable;
};

/* NULL: the type names neither. */
const struct ry_wire_itch50_layout *ry_wire_itch50_layout(uint8_t type);

enum ry_wire_itch50_result ry_wire_itch50_decode(const uint8_t *message, size_t length,
                                                 struct ry_wire_itch50 *out);

#endif
