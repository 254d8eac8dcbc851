/*
 * What an agent's host writes: commands and acknowledgements, one ring an agent, one slot a record
 * (decisions two). exec copies each once and checks the copy. The protocol: docs/TIME.md.
 *
 * A *wake* is what made the host call its strategy: the START record, a market group, a report, or
 * a timer. Every command names the wake in whose callback it was issued; its arrival follows from
 * that wake's T and the agent's latency, which exec knows before the command exists.
 */
#ifndef RY_SHM_RECORDS_COMMAND_H
#define RY_SHM_RECORDS_COMMAND_H

#include "shm/base.h"
#include "shm/records/input.h"
#include "shm/ring.h"

enum ry_command_kind {
    RY_CM_ORDER = 1,    /* becomes RY_IN_ORDER */
    RY_CM_CANCEL = 2,   /* becomes RY_IN_ORDER_CANCEL */
    RY_CM_DECISION = 3, /* becomes RY_IN_DECISION; arrives with the command after it, or alone */
    RY_CM_INTEREST = 4, /* inside START's callback only: what wakes this agent */
    RY_CM_ACK = 5,      /* the callback of `wake` is over; behind all commands that it issued */
};

enum ry_wake_kind {
    RY_WAKE_START = 1,  /* number: 0 */
    RY_WAKE_GROUP = 2,  /* number: the market group */
    RY_WAKE_REPORT = 3, /* number: the report's seq */
    RY_WAKE_TIMER = 4,  /* number: the timer's T, as a u64 */
};

/* What a market record of an instrument must be to wake; a mask. */
enum ry_interest {
    RY_INTEREST_NONE = 0, /* timers and own reports alone */
    RY_INTEREST_CHANGES = 1u << 0,
    RY_INTEREST_TRADES = 1u << 1,
    RY_INTEREST_STATES = 1u << 2,
    RY_INTEREST_ALL = 7,
};

#define RY_INTEREST_EVERY UINT16_MAX /* instrument: all of them */

struct ry_command {
    uint8_t kind;  /* enum ry_command_kind */
    uint8_t slots; /* 1 */
    uint16_t instrument;
    uint8_t side;
    uint8_t wake;    /* enum ry_wake_kind */
    uint16_t flags;  /* ORDER: RY_INF_MARKET, RY_INF_IOC; INTEREST: mask of enum ry_interest */
    uint64_t number; /* of the wake */
    uint64_t cl_ord_id;
    int64_t price;
    int64_t timer; /* ACK: the agent's next timer, RY_TIME_NEVER: none */
    uint32_t qty;
    uint32_t zero;
    uint64_t zero2;
};

struct ry_command_decision {
    uint8_t kind;  /* RY_CM_DECISION */
    uint8_t slots; /* 2 */
    uint16_t zero;
    uint8_t zero2;
    uint8_t wake;
    uint16_t zero3;
    uint64_t number;
    uint64_t cl_ord_id;
    uint32_t intent;
    uint32_t count;
    int64_t feature[RY_FEATURES_MAX];
    uint8_t zero4[16];
};

union ry_command_any {
    struct ry_command command;
    struct ry_command_decision decision;
    uint64_t word[2 * RY_RING_PAYLOAD / 8];
};

RY_SIZE(struct ry_command, RY_RING_PAYLOAD);
RY_OFFSET(struct ry_command, wake, 5);
RY_OFFSET(struct ry_command, flags, 6);
RY_OFFSET(struct ry_command, number, 8);
RY_OFFSET(struct ry_command, cl_ord_id, 16);
RY_OFFSET(struct ry_command, price, 24);
RY_OFFSET(struct ry_command, timer, 32);
RY_OFFSET(struct ry_command, qty, 40);
RY_SIZE(struct ry_command_decision, 2 * RY_RING_PAYLOAD);
RY_OFFSET(struct ry_command_decision, wake, 5);
RY_OFFSET(struct ry_command_decision, number, 8);
RY_OFFSET(struct ry_command_decision, cl_ord_id, 16);
RY_OFFSET(struct ry_command_decision, intent, 24);
RY_OFFSET(struct ry_command_decision, feature, 32);

#endif
