/*
 * The outputs of the machine: the public market, each agent's private reports, and the game's.
 *
 * A market record is one slot, a report two. exec alone writes them, to the links of the agents
 * that they are for (shm/records/told.h). Unused bytes and fields are zero: the output hash runs
 * over whole records. In what order an input's outputs come, and which: docs/MATCHING.md.
 */
#ifndef RY_SHM_RECORDS_OUTPUT_H
#define RY_SHM_RECORDS_OUTPUT_H

#include "shm/base.h"
#include "shm/records/codes.h"

enum ry_market_kind {
    RY_MK_CHANGE =
        1, /* order `order` at `price` now shows `qty` (0: gone from the published book) */
    RY_MK_TRADE =
        2, /* `qty` traded at `price`; side = the aggressor's, none for a hidden print's rest */
    RY_MK_STATE = 3, /* qty = 1: this instrument matches agents' orders from here; 0: it does not */
    RY_MK_END = 4,   /* the battle is over */
    RY_MK_START = 5, /* trade_from: agents begin */
};

enum ry_market_flag {
    RY_MKF_LAST = 1u << 0, /* the last record of its group */
    RY_MKF_NEW =
        1u << 1, /* CHANGE: the order stands at the back of its price (queue lost); else kept */
};

struct ry_market {
    uint8_t kind;  /* enum ry_market_kind */
    uint8_t slots; /* 1 */
    uint16_t instrument;
    uint8_t side;  /* CHANGE: the order's; TRADE: the aggressor's; enum ry_side */
    uint8_t flags; /* enum ry_market_flag */
    uint16_t zero;
    uint64_t group; /* counts the inputs that made market records, from 1; alike in all records of
                       one input */
    int64_t time;   /* T of the input */
    int64_t price;
    uint32_t
        order; /* the machine's id; used again after the order has left: see docs/MATCHING.md */
    uint32_t qty;
    uint64_t zero2[2];
};

enum ry_report_kind {
    RY_RP_ACCEPTED = 1, /* the order passed its checks; qty = OrderQty */
    RY_RP_REJECTED = 2, /* order or cancel refused, code = enum ry_reject; qty as asked */
    RY_RP_FILL = 3,     /* LastQty = qty at LastPx = price */
    RY_RP_RESTED = 4,   /* what is left stands in the book as `order`; qty = LeavesQty */
    RY_RP_CANCELED = 5, /* qty lots left the book or never entered it; code = enum ry_cancel */
    RY_RP_OUT = 6,      /* the agent is out, code = enum ry_out; its last report */
};

enum ry_report_flag {
    RY_RPF_MAKER = 1u << 0, /* FILL: this order rested (else it took) */
};

struct ry_report {
    uint8_t kind;  /* enum ry_report_kind */
    uint8_t slots; /* 2 */
    uint16_t instrument;
    uint8_t side;   /* the order's */
    uint8_t flags;  /* enum ry_report_flag */
    uint8_t code;   /* enum ry_reject or enum ry_cancel */
    uint8_t cause;  /* enum ry_cause */
    uint64_t seq;   /* this agent's reports, from 1 */
    uint64_t group; /* the last market group before this report; 0: none yet */
    int64_t time;   /* T of the input */
    uint64_t cl_ord_id;
    int64_t price;   /* FILL: LastPx; ACCEPTED, RESTED: the order's limit; else 0 */
    uint32_t qty;    /* by kind, above */
    uint32_t leaves; /* LeavesQty after this report */
    uint32_t order;  /* RESTED, and FILL or CANCELED of an order that rested: its id; else 0 */
    uint16_t agent;
    uint16_t zero;
    int64_t fee;      /* FILL: money, negative is a rebate */
    int64_t cash;     /* the agent's money after this report */
    int64_t position; /* lots held in this instrument after this report */
    uint64_t zero2[3];
};

enum ry_game_kind {
    RY_GM_RANK = 1, /* at a round's end and at END: one for each agent that is in, best first */
    RY_GM_OUT = 2,  /* the agent is out; code = enum ry_out; rank: how many are left in, plus 1 */
};

/* The game as followers see it; no ring carries these, agents do not see them. */
struct ry_game {
    uint8_t kind;  /* enum ry_game_kind */
    uint8_t slots; /* 1 */
    uint16_t agent;
    uint8_t code; /* enum ry_out */
    uint8_t zero[3];
    int64_t time;
    int64_t score;    /* RANK: value less the value at the round's start; OUT: 0 */
    int64_t value;    /* RANK: liquidation value (clamped); OUT: 0 */
    uint32_t rank;    /* 1 is the best */
    uint32_t round;   /* 1 is the first */
    uint32_t fills;   /* of this round */
    uint32_t rejects; /* of this round */
    uint64_t zero2;
};
RY_SIZE(struct ry_game, 56);
RY_OFFSET(struct ry_game, agent, 2);
RY_OFFSET(struct ry_game, code, 4);
RY_OFFSET(struct ry_game, time, 8);
RY_OFFSET(struct ry_game, score, 16);
RY_OFFSET(struct ry_game, value, 24);
RY_OFFSET(struct ry_game, rank, 32);
RY_OFFSET(struct ry_game, round, 36);
RY_OFFSET(struct ry_game, fills, 40);
RY_OFFSET(struct ry_game, rejects, 44);

RY_SIZE(struct ry_market, 56);
RY_OFFSET(struct ry_market, instrument, 2);
RY_OFFSET(struct ry_market, side, 4);
RY_OFFSET(struct ry_market, flags, 5);
RY_OFFSET(struct ry_market, group, 8);
RY_OFFSET(struct ry_market, time, 16);
RY_OFFSET(struct ry_market, price, 24);
RY_OFFSET(struct ry_market, order, 32);
RY_OFFSET(struct ry_market, qty, 36);
RY_SIZE(struct ry_report, 112);
RY_OFFSET(struct ry_report, instrument, 2);
RY_OFFSET(struct ry_report, side, 4);
RY_OFFSET(struct ry_report, flags, 5);
RY_OFFSET(struct ry_report, code, 6);
RY_OFFSET(struct ry_report, cause, 7);
RY_OFFSET(struct ry_report, seq, 8);
RY_OFFSET(struct ry_report, group, 16);
RY_OFFSET(struct ry_report, time, 24);
RY_OFFSET(struct ry_report, cl_ord_id, 32);
RY_OFFSET(struct ry_report, price, 40);
RY_OFFSET(struct ry_report, qty, 48);
RY_OFFSET(struct ry_report, leaves, 52);
RY_OFFSET(struct ry_report, order, 56);
RY_OFFSET(struct ry_report, agent, 60);
RY_OFFSET(struct ry_report, fee, 64);
RY_OFFSET(struct ry_report, cash, 72);
RY_OFFSET(struct ry_report, position, 80);

#endif
