/*
 * What an agent's host writes: commands and acknowledgements, one ring an agent, one slot a record
 * (decisions two). exec copies each once and checks the copy. The protocol: docs/TIME.md.
 *
 * Each record names the *wake* (shm/records/told.h) in whose callback it was issued: the first that
 * the agent has not acknowledged. A command's arrival follows from that wake's T and the agent's
 * latency, which exec knows before the command exists.
 */
#ifndef RY_SHM_RECORDS_COMMAND_H
#define RY_SHM_RECORDS_COMMAND_H

#include <stdbool.h>

#include "shm/base.h"
#include "shm/records/input.h"
#include "shm/ring.h"

enum ry_command_kind {
    RY_CM_ORDER = 1,    /* becomes RY_IN_ORDER */
    RY_CM_CANCEL = 2,   /* becomes RY_IN_ORDER_CANCEL */
    RY_CM_DECISION = 3, /* becomes RY_IN_DECISION; arrives with the command after it, or alone */
    RY_CM_INTEREST = 4, /* before all others of START's callback only: what this agent is told */
    RY_CM_ACK = 5,      /* the callback of `wake` is over; behind all that it issued */
};

/*
 * What an agent is told of an instrument, and what of it wakes it; one of NONE, TOP(k), LEVELS,
 * ORDERS, and any of the others. Waking by something asks for it as well.
 */
enum ry_interest {
    RY_INTEREST_NONE = 0,    /* nothing of the book */
    RY_INTEREST_LEVELS = 2,  /* one record for each changed level and group */
    RY_INTEREST_ORDERS = 4,  /* each change of each order */
    RY_INTEREST_TRADES = 8,  /* and trades */
    RY_INTEREST_STATES = 16, /* and whether it trades */
    RY_INTEREST_WAKE_BOOK = 32,
    RY_INTEREST_WAKE_TRADES = 64 | RY_INTEREST_TRADES,
    RY_INTEREST_WAKE_STATES = 128 | RY_INTEREST_STATES,
    RY_INTEREST_ALL = RY_INTEREST_ORDERS | RY_INTEREST_WAKE_BOOK | RY_INTEREST_WAKE_TRADES |
                      RY_INTEREST_WAKE_STATES,
};
/* The first k levels of each side, 1..RY_TOP_MAX, once for each T at which they changed. */
#define RY_INTEREST_TOP(k) (1u | (unsigned)(k) << 8)
#define RY_TOP_MAX         20u

#define RY_INTEREST_EVERY UINT16_MAX /* instrument: all of them; said once at most */

/* The parts of an interest. */
#define RY_INTEREST_BOOK_TOP        1u
#define RY_INTEREST_BOOK_MASK       (RY_INTEREST_BOOK_TOP | RY_INTEREST_LEVELS | RY_INTEREST_ORDERS)
#define RY_INTEREST_BIT_WAKE_TRADES 64u
#define RY_INTEREST_BIT_WAKE_STATES 128u
#define RY_INTEREST_WAKE_BITS                                                                      \
    (RY_INTEREST_WAKE_BOOK | RY_INTEREST_BIT_WAKE_TRADES | RY_INTEREST_BIT_WAKE_STATES)
#define RY_INTEREST_TOP_SHIFT 8
/* In an INTEREST record for RY_INTEREST_EVERY alone, by the host itself: own reports wake nobody.
 * Whoever reads the record takes it off first. */
#define RY_INTEREST_DEAF (1u << 15)

static inline unsigned ry_interest_top(unsigned interest)
{
    return interest >> RY_INTEREST_TOP_SHIFT;
}

/* One of TOP, LEVELS and ORDERS at most; a TOP has 1..RY_TOP_MAX levels, nothing else has any; what
 * wakes is told. */
static inline bool ry_interest_makes_sense(unsigned interest)
{
    const unsigned book = interest & RY_INTEREST_BOOK_MASK, levels = ry_interest_top(interest);
    return (book & (book - 1)) == 0 &&
           (book == RY_INTEREST_BOOK_TOP ? levels >= 1 && levels <= RY_TOP_MAX : levels == 0) &&
           (!(interest & RY_INTEREST_WAKE_BOOK) || book != RY_INTEREST_NONE) &&
           (!(interest & RY_INTEREST_BIT_WAKE_TRADES) || (interest & RY_INTEREST_TRADES)) &&
           (!(interest & RY_INTEREST_BIT_WAKE_STATES) || (interest & RY_INTEREST_STATES));
}

struct ry_command {
    uint8_t kind;  /* enum ry_command_kind */
    uint8_t slots; /* 1 */
    uint16_t instrument;
    uint8_t side;
    uint8_t zero;
    uint16_t flags; /* ORDER: RY_INF_MARKET, RY_INF_IOC; INTEREST: enum ry_interest */
    uint64_t wake;  /* its number */
    uint64_t cl_ord_id;
    int64_t price;
    int64_t timer; /* ACK: the agent's next timer, RY_TIME_NEVER: none */
    uint32_t qty;
    uint32_t zero2;
    uint64_t zero3;
};

struct ry_command_decision {
    uint8_t kind;  /* RY_CM_DECISION */
    uint8_t slots; /* 2 */
    uint16_t zero;
    uint32_t zero2;
    uint64_t wake;
    uint64_t cl_ord_id;
    uint32_t intent;
    uint32_t count;
    int64_t feature[RY_FEATURES_MAX];
    uint8_t zero3[16];
};

union ry_command_any {
    struct ry_command command;
    struct ry_command_decision decision;
    uint64_t word[2 * RY_RING_PAYLOAD / 8];
};

RY_SIZE(struct ry_command, RY_RING_PAYLOAD);
RY_OFFSET(struct ry_command, flags, 6);
RY_OFFSET(struct ry_command, wake, 8);
RY_OFFSET(struct ry_command, cl_ord_id, 16);
RY_OFFSET(struct ry_command, price, 24);
RY_OFFSET(struct ry_command, timer, 32);
RY_OFFSET(struct ry_command, qty, 40);
RY_SIZE(struct ry_command_decision, 2 * RY_RING_PAYLOAD);
RY_OFFSET(struct ry_command_decision, wake, 8);
RY_OFFSET(struct ry_command_decision, cl_ord_id, 16);
RY_OFFSET(struct ry_command_decision, intent, 24);
RY_OFFSET(struct ry_command_decision, feature, 32);

#endif
