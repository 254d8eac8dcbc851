/*
 * The inputs of the machine: the records of the feed rings, of the input ring and of the journal.
 *
 * A feed writes RY_IN_ADD .. RY_IN_FEED_END into its own ring; exec checks a copy, puts its own
 * source id on it and publishes it, with its own inputs between, as the one sequence that
 * everything follows from. A record is 1 to RY_INPUT_SLOTS_MAX slots of 56 bytes; all but the three
 * that describe the battle and DECISION are one slot. Unused bytes and fields are zero: the input
 * hash runs over whole records.
 *
 * What each input does to the market: docs/MATCHING.md.
 */
#ifndef RY_SHM_RECORDS_INPUT_H
#define RY_SHM_RECORDS_INPUT_H

#include "shm/base.h"
#include "shm/records/codes.h"

#define RY_SLOT_PAYLOAD    56
#define RY_INPUT_SLOTS_MAX 3
#define RY_BATTLE_SLOTS    3

enum ry_input_kind {
    RY_IN_NONE = 0,

    /* The battle, inputs 1..n, in this order: one BATTLE, its INSTRUMENTs, its AGENTs. Source:
       control. */
    RY_IN_BATTLE = 1,
    RY_IN_INSTRUMENT = 2,
    RY_IN_AGENT = 3,

    /* The clock. */
    RY_IN_TIME = 8, /* one of the machine's own moments has come */
    RY_IN_END = 9,  /* the battle is over; the last input */

    /* Feeds. */
    RY_IN_ADD = 16,    /* ref, side, price, qty */
    RY_IN_EXEC = 17,   /* ref, qty; with RY_INF_PRINTED a recorded trade, at price if RY_INF_PRICED,
                          of match number ref_new */
    RY_IN_CANCEL = 18, /* ref, qty: so much less, priority kept; all of it with RY_INF_ALL */
    RY_IN_REPLACE = 19, /* ref (old), ref_new, price, qty: priority lost; ref_new may equal ref */
    RY_IN_PRINT = 20,   /* price, qty: a trade against hidden liquidity; ref = match number */
    RY_IN_AUCTION = 21, /* ref, qty; as EXEC; until auctions are built it acts as CANCEL */
    RY_IN_LAST = 22, /* price, qty, side (aggressor or none): sets the last recorded trade only; ref
                        = match number */
    RY_IN_CLEAR = 23,      /* all recorded orders of the instrument leave */
    RY_IN_STATE = 24,      /* qty = enum ry_trading_state, of one instrument */
    RY_IN_SESSION = 25,    /* qty = enum ry_session_state, of all instruments of this feed */
    RY_IN_FEED_END = 26,   /* the feed has no more; never an input, exec consumes it */
    RY_IN_BROKEN = 27,     /* ref = match number: that recorded trade is taken back */
    RY_IN_INCOMPLETE = 28, /* qty = enum ry_incomplete: the record says that it lacks something */

    /* Agents; issued by a host, source RY_SOURCE_AGENT + agent. */
    RY_IN_ORDER = 32,        /* ref = ClOrdID, side, price, qty, flags RY_INF_MARKET, RY_INF_IOC */
    RY_IN_ORDER_CANCEL = 33, /* ref = ClOrdID of the order to cancel (OrigClOrdID) */
    RY_IN_DECISION = 34,     /* why: struct ry_input_decision; changes nothing */

    /* Control: what the supervisor told; source and number are the agent's. */
    RY_IN_AGENT_DIED = 48, /* qty = agent; flags RY_INF_WALL, RY_INF_STALLED */

    /* Reserved: "records first..first+count of the file with hash H", so that a recorded day need
     * not be journaled twice. */
    RY_IN_FEED_BLOCK = 64,
};

enum ry_input_flag {
    RY_INF_PRINTED =
        1u << 0, /* EXEC, AUCTION: also sets the last recorded trade and counts as volume */
    RY_INF_PRICED = 1u << 1, /* EXEC, AUCTION: that trade's price is `price`, not the order's */
    RY_INF_MARKET = 1u << 2, /* ORDER: market order; its price is zero */
    RY_INF_IOC = 1u << 3,    /* ORDER: what does not match at once is cancelled */
    RY_INF_SNAPSHOT =
        1u << 4,          /* ADD: from a snapshot, not an event of the day (information only) */
    RY_INF_ALL = 1u << 5, /* CANCEL: all that is left; its qty is 0 */
    RY_INF_WALL =
        1u << 6, /* AGENT_DIED, END: wall clocks chose its T: the result is not reproducible */
    RY_INF_STALLED = 1u << 7, /* AGENT_DIED: exec gave up waiting for it */
};

/* Sources in the order that breaks ties between equal times. */
enum ry_source {
    RY_SOURCE_CLOCK = 0,
    RY_SOURCE_CONTROL = 1,
    RY_SOURCE_FEED = 16,  /* + index of the feed in the battle file */
    RY_SOURCE_AGENT = 64, /* + agent */
};

/* The first 24 bytes of every input. */
struct ry_input_head {
    uint8_t kind;        /* enum ry_input_kind */
    uint8_t slots;       /* length of the record: 1..RY_INPUT_SLOTS_MAX */
    uint16_t instrument; /* dense id; 0 where the kind has none */
    uint16_t source;     /* enum ry_source + index; a feed leaves it 0 */
    uint16_t flags;      /* enum ry_input_flag */
    int64_t time;        /* T: market time of this input; never falls from input to input */
    uint64_t source_seq; /* counts the source's records from 1 */
};

struct ry_input {
    struct ry_input_head head;
    uint64_t ref;
    uint64_t ref_new;
    int64_t price;
    uint32_t qty;
    uint8_t side; /* enum ry_side */
    uint8_t zero[3];
};

/* What the machine needs to know before it can make room for itself. */
struct ry_input_battle {
    struct ry_input_head head; /* slots 3; time = warmup_from */
    uint64_t seed;
    int64_t warmup_from; /* no input is earlier */
    int64_t trade_from;  /* agents' orders match from here (inclusive) */
    int64_t trade_to; /* END comes after the last input at this time; RY_TIME_NEVER: when the feeds
                         end */
    uint32_t orders_max; /* live orders, recorded and agents', at most; 1..RY_ORDERS_MAX */
    uint32_t zero;
    uint16_t instruments;
    uint16_t agents;
    int32_t fee_maker_ppm; /* of notional; negative: a rebate */
    int32_t fee_taker_ppm;
    uint8_t market; /* enum ry_market_mode */
    uint8_t zero2[3];
    char name[RY_NAME_BYTES];
    int64_t round_ns;       /* a round's length in market time; 0: no rounds */
    uint32_t min_fills;     /* of a round; who has fewer ranks below all others */
    uint32_t haircut_ppm;   /* off the last price, for what the book cannot take */
    uint32_t haircut_ticks; /* the same in ticks; the larger counts; 0..RY_TICKS_MAX */
    uint8_t zero3[44];
};

enum ry_market_mode {
    RY_MARKET_MERGED = 0,
};

struct ry_input_instrument {
    struct ry_input_head head; /* slots 3; instrument = its id, source = its feed */
    char symbol[RY_SYMBOL_BYTES];
    char currency[4];    /* ISO 4217 with its NUL */
    uint8_t price_scale; /* a price unit is 10^-price_scale of the currency */
    uint8_t zero[3];
    int64_t tick_size; /* price units, >= 1; agents' prices are multiples of it, recorded ones need
                          not be */
    int64_t money_per_unit; /* money for 1 price unit of 1 lot, >= 1 */
    uint8_t zero2[48];
};

struct ry_input_agent {
    struct ry_input_head head; /* slots 2; source = RY_SOURCE_AGENT + its id */
    char name[RY_NAME_BYTES];
    int64_t cash;          /* money at the start */
    int64_t notional_max;  /* money, of one order */
    int64_t position_max;  /* lots: |held + open on the order's side + the order| */
    uint32_t quantity_max; /* lots, of one order */
    uint32_t open_orders_max;
    uint32_t rate_max;     /* commands in one second of T */
    uint32_t collar_ppm;   /* of the reference price, to both sides */
    int64_t loss_max;      /* money: out when equity is below cash at the start less this */
    uint32_t collar_ticks; /* the same as collar_ppm in ticks; the larger counts; 0..RY_TICKS_MAX */
    uint8_t zero[12];
};

/* What an agent says of an order of its own: part of the truth, without effect. */
struct ry_input_decision {
    struct ry_input_head head; /* slots 2 */
    uint64_t ref;              /* the ClOrdID that it explains, 0: none */
    uint32_t intent;           /* the strategy's own code */
    uint32_t count;            /* features that are set, at most RY_FEATURES_MAX */
    int64_t feature[RY_FEATURES_MAX];
    uint8_t zero[8];
};

union ry_input_any {
    struct ry_input_head head;
    struct ry_input event;
    struct ry_input_battle battle;
    struct ry_input_instrument instrument;
    struct ry_input_agent agent;
    struct ry_input_decision decision;
    uint64_t word[RY_INPUT_SLOTS_MAX * RY_SLOT_PAYLOAD / 8];
};

RY_SIZE(struct ry_input_head, 24);
RY_OFFSET(struct ry_input_head, instrument, 2);
RY_OFFSET(struct ry_input_head, source, 4);
RY_OFFSET(struct ry_input_head, flags, 6);
RY_OFFSET(struct ry_input_head, time, 8);
RY_OFFSET(struct ry_input_head, source_seq, 16);
RY_SIZE(struct ry_input, RY_SLOT_PAYLOAD);
RY_OFFSET(struct ry_input, ref, 24);
RY_OFFSET(struct ry_input, ref_new, 32);
RY_OFFSET(struct ry_input, price, 40);
RY_OFFSET(struct ry_input, qty, 48);
RY_OFFSET(struct ry_input, side, 52);
RY_SIZE(struct ry_input_battle, RY_BATTLE_SLOTS *RY_SLOT_PAYLOAD);
RY_OFFSET(struct ry_input_battle, seed, 24);
RY_OFFSET(struct ry_input_battle, warmup_from, 32);
RY_OFFSET(struct ry_input_battle, trade_from, 40);
RY_OFFSET(struct ry_input_battle, trade_to, 48);
RY_OFFSET(struct ry_input_battle, orders_max, 56);
RY_OFFSET(struct ry_input_battle, instruments, 64);
RY_OFFSET(struct ry_input_battle, agents, 66);
RY_OFFSET(struct ry_input_battle, fee_maker_ppm, 68);
RY_OFFSET(struct ry_input_battle, fee_taker_ppm, 72);
RY_OFFSET(struct ry_input_battle, market, 76);
RY_OFFSET(struct ry_input_battle, name, 80);
RY_OFFSET(struct ry_input_battle, round_ns, 104);
RY_OFFSET(struct ry_input_battle, min_fills, 112);
RY_OFFSET(struct ry_input_battle, haircut_ppm, 116);
RY_OFFSET(struct ry_input_battle, haircut_ticks, 120);
RY_SIZE(struct ry_input_instrument, 3 * RY_SLOT_PAYLOAD);
RY_OFFSET(struct ry_input_instrument, symbol, 24);
RY_OFFSET(struct ry_input_instrument, currency, 96);
RY_OFFSET(struct ry_input_instrument, price_scale, 100);
RY_OFFSET(struct ry_input_instrument, tick_size, 104);
RY_OFFSET(struct ry_input_instrument, money_per_unit, 112);
RY_SIZE(struct ry_input_agent, 2 * RY_SLOT_PAYLOAD);
RY_OFFSET(struct ry_input_agent, name, 24);
RY_OFFSET(struct ry_input_agent, cash, 48);
RY_OFFSET(struct ry_input_agent, notional_max, 56);
RY_OFFSET(struct ry_input_agent, position_max, 64);
RY_OFFSET(struct ry_input_agent, quantity_max, 72);
RY_OFFSET(struct ry_input_agent, open_orders_max, 76);
RY_OFFSET(struct ry_input_agent, rate_max, 80);
RY_OFFSET(struct ry_input_agent, collar_ppm, 84);
RY_OFFSET(struct ry_input_agent, loss_max, 88);
RY_OFFSET(struct ry_input_agent, collar_ticks, 96);
RY_SIZE(struct ry_input_decision, 2 * RY_SLOT_PAYLOAD);
RY_OFFSET(struct ry_input_decision, ref, 24);
RY_OFFSET(struct ry_input_decision, intent, 32);
RY_OFFSET(struct ry_input_decision, count, 36);
RY_OFFSET(struct ry_input_decision, feature, 40);

#endif
