/*
 * royale/agent.h: everything that a strategy of royale needs. Guide: AGENTS.md beside the other
 * documents.
 *
 * A strategy is a shared library that exports one symbol, `ry_strategy`:
 *
 *     #include <royale/agent.h>
 *     static void market(struct ry_agent *agent, const struct ry_market_event *event,
 *                        unsigned count) { ... }
 *     RY_STRATEGY(.market = market);
 *
 * royale-agent, one sandboxed process for each agent of a battle, loads it and calls it. A process
 * runs one agent, in one thread; several may load the same library, so what a strategy remembers
 * belongs into agent->state.
 *
 * Numbers. Instrument: dense id from 0. Price: int64_t in the instrument's unit, 10^-price_scale of
 * the currency; an order's is a multiple of tick_size. Quantity: lots. Money: int64_t, 1e-6 of the
 * battle's currency. Time: int64_t, nanoseconds since the Unix epoch, UTC. Position: lots, below
 * zero when short.
 *
 * Time stands still inside a callback: ry_now is the market time of what woke the strategy. What it
 * orders there arrives at the market one latency later, however long the callback took to compute.
 * The book is the market of ry_now, as far as the strategy has asked for it (ry_interest).
 *
 * The same battle file gives the same result on every machine if each strategy is a function of its
 * callbacks: no clock, random numbers, files or threads but those of this header, no address
 * printed or compared, no libm function but sqrt, fabs, floor and their like (exp, log, pow, sin
 * differ between CPUs: ry_exp and ry_log do not), and no -ffast-math, no -march and
 * -ffp-contract=off for what decides. The flags: `pkg-config --cflags royale-agent`.
 */
#ifndef RY_AGENT_H
#define RY_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes when a strategy must be compiled anew; royale-agent refuses any other. */
#define RY_AGENT_ABI 3u

/* ---- words and codes ------------------------------------------------------------------------- */

/* RY_AGENT_HOUSE: royale's own files have these from shm/, which a test holds to be alike, word by
 * word. `royale codes` prints them, and what to do about each. */
#ifndef RY_AGENT_HOUSE
enum ry_side {
    RY_SIDE_NONE = 0, /* no side: a trade whose aggressor is not known */
    RY_BUY = 1,       /* buys, bids */
    RY_SELL = 2,      /* sells, asks */
};

/* A moment that never comes: a timer that is off, the end of a session without one. */
#define RY_TIME_NEVER INT64_MAX

#define RY_FEATURES_MAX 8             /* of ry_decide */
#define RY_TIMER_NS_MIN INT64_C(1000) /* of ry_timer, from now */

/* What ry_interest asks for; what each gives stands there. One of NONE, TOP(k), LEVELS and ORDERS,
 * and any of the others: RY_INTEREST_TOP(5) | RY_INTEREST_TRADES | RY_INTEREST_WAKE_BOOK. */
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

#define RY_INTEREST_EVERY UINT16_MAX /* as an instrument: all of them */

/* Why an order or a cancel was refused, in the order of the checks (UNKNOWN_ORDER is a cancel's
 * alone). */
enum ry_reject {
    RY_REJECT_NONE = 0,        /* nothing was refused */
    RY_REJECT_MALFORMED = 1,   /* no such side or type, or a market order with a price */
    RY_REJECT_DUPLICATE = 2,   /* the order's number is not above all that this agent used before */
    RY_REJECT_INSTRUMENT = 3,  /* the battle has no such instrument */
    RY_REJECT_NOT_TRADING = 4, /* the instrument is halted, its session is closed, or it is not
                                  between trade_from and trade_to */
    RY_REJECT_KILLED = 5,      /* this agent is out */
    RY_REJECT_QUANTITY = 6,    /* the quantity is 0, or above quantity_max */
    RY_REJECT_NO_REFERENCE = 7, /* no recorded trade, and no recorded best prices on both sides
                                   within twice the collar's band: nothing to hang the collar on */
    RY_REJECT_PRICE = 8,        /* the price is no multiple of tick_size, or out of range */
    RY_REJECT_COLLAR = 9,    /* the price is further than collar_ppm and collar_ticks from the last
                                recorded trade, before one from the middle of the recorded best
                                prices */
    RY_REJECT_NOTIONAL = 10, /* |price| x quantity x money_per_unit is above notional_max */
    RY_REJECT_OPEN_ORDERS = 11,   /* open_orders_max orders of this agent stand in the book */
    RY_REJECT_POSITION = 12,      /* held + open on that side + this order is above position_max */
    RY_REJECT_RATE = 13,          /* more than rate_max commands in this second of market time */
    RY_REJECT_UNKNOWN_ORDER = 14, /* a cancel's alone: this agent has no such order open */
    RY_REJECT_CAPACITY = 15,      /* the machine's book is full; the last check of an order */
};

/* Why what was left of an order is gone. */
enum ry_cancel {
    RY_CANCEL_NONE = 0,       /* nothing was cancelled */
    RY_CANCEL_REQUESTED = 1,  /* the agent asked for it */
    RY_CANCEL_IOC = 2,        /* the rest of an IOC or market order */
    RY_CANCEL_SELF_TRADE = 3, /* it would have met an order of its own agent */
    RY_CANCEL_OUT = 4,        /* its agent is out */
};

/* Why this agent is out of the battle. */
enum ry_out {
    RY_OUT_NONE = 0,      /* the agent is in */
    RY_OUT_LAST = 1,      /* the last of a round */
    RY_OUT_INSOLVENT = 2, /* equity is below zero */
    RY_OUT_LOSS = 3,      /* lost more than loss_max */
    RY_OUT_DIED = 4,      /* its process ended */
    RY_OUT_STALLED = 5,   /* it did not answer within the stall limit */
};

/* What stood on the other side of a fill. */
enum ry_cause {
    RY_CAUSE_NONE = 0,     /* no fill */
    RY_CAUSE_RECORDED = 1, /* recorded demand, or a recorded order that was taken */
    RY_CAUSE_AGENT = 2,    /* an order of another agent */
    RY_CAUSE_HIDDEN = 3,   /* a recorded trade against a hidden order */
};
#endif

enum ry_order_type {
    RY_LIMIT = 0,
    RY_IOC = 1,    /* a limit; what does not match at once is cancelled */
    RY_MARKET = 2, /* IOC at the far edge of the collar; price 0 */
};

enum ry_market_event_kind {
    RY_EVENT_CHANGE = 1, /* order `order` at `price` shows `qty` lots now; 0: it is gone */
    RY_EVENT_TRADE = 2,  /* `qty` lots traded at `price`; side: the aggressor's, or none */
    RY_EVENT_STATE = 3,  /* qty 1: the instrument trades from here, 0: it does not */
    RY_EVENT_LEVEL = 4,  /* `order` orders at `price` show `qty` lots in all now; 0: it is gone, or
                            no longer among the levels of a TOP */
};

enum ry_report_event_kind {
    RY_REPORT_ACCEPTED = 1, /* the order passed its checks */
    RY_REPORT_REJECTED =
        2, /* an order, or a cancel of cl_ord_id, was refused: code is an enum ry_reject */
    RY_REPORT_FILL = 3,     /* qty lots at price */
    RY_REPORT_RESTED = 4,   /* qty lots stand in the book now */
    RY_REPORT_CANCELED = 5, /* qty lots are gone: code is an enum ry_cancel */
    RY_REPORT_OUT = 6,      /* this agent is out: code is an enum ry_out; `stop` comes next */
};

/* ---- what the callbacks are given ------------------------------------------------------------ */

struct ry_market_event {
    uint8_t kind; /* enum ry_market_event_kind */
    uint8_t side; /* enum ry_side */
    uint16_t instrument;
    uint32_t order; /* CHANGE: the order's number in the book; used again when the order is gone;
                       LEVEL: how many orders */
    int64_t price;
    uint64_t qty;
    uint8_t fresh; /* CHANGE: 1: it stands at the back of its price; 0: it kept its place */
    uint8_t zero[7];
};

struct ry_report_event {
    uint8_t kind;  /* enum ry_report_event_kind */
    uint8_t side;  /* the order's, enum ry_side */
    uint8_t code;  /* by kind, above */
    uint8_t cause; /* FILL: enum ry_cause */
    uint8_t maker; /* FILL: 1: this order rested, 0: it took */
    uint8_t zero;
    uint16_t instrument;
    uint64_t cl_ord_id; /* what ry_order returned; 0: the market closed a position of an agent that
                           is out */
    int64_t price;      /* FILL: of the fill; ACCEPTED, RESTED: the order's limit */
    uint32_t qty;
    uint32_t leaves;  /* lots of the order that are still open */
    int64_t fee;      /* FILL: money; below zero: a rebate */
    int64_t cash;     /* after this report */
    int64_t position; /* after this report, in this instrument */
};

struct ry_instrument_info {
    char symbol[72];
    int64_t tick_size;      /* price units */
    int64_t money_per_unit; /* money for 1 price unit of 1 lot */
    uint32_t price_scale;
    uint32_t zero;
};

/* The limits of this agent: what lies beyond is rejected. */
struct ry_limits {
    int64_t notional_max;  /* money, of one order */
    int64_t position_max;  /* lots */
    int64_t loss_max;      /* money: the agent is out when it has lost more */
    uint32_t quantity_max; /* lots, of one order */
    uint32_t open_orders_max;
    uint32_t rate_max;     /* commands in one second of market time */
    uint32_t collar_ppm;   /* around the last recorded trade; before one, around the middle of the
                              recorded best prices */
    uint32_t commands_max; /* in one callback */
    uint32_t collar_ticks; /* the same as collar_ppm in ticks; the larger of both counts */
};

struct ry_level {
    int64_t price;
    uint64_t qty; /* lots */
    uint32_t orders;
    uint32_t zero;
};

/* An order of this agent that stands in the book. */
struct ry_open_order {
    uint64_t cl_ord_id;
    int64_t price;
    int64_t ahead; /* lots before it at its price; -1: not known, for want of
                      RY_INTEREST_ORDERS, or before the market event that follows its report:
                      neither is a mistake, so it is not said in the log and not counted */
    uint32_t leaves;
    uint16_t instrument;
    uint8_t side;
    uint8_t zero;
};

/* The agent. `state` is the strategy's own: state_bytes of zeroed memory, or what `start` puts
 * there. */
struct ry_agent {
    void *state;
};

/* ---- the strategy ---------------------------------------------------------------------------- */

/* Any callback may be NULL. In C++ name the members in this order. */
struct ry_strategy {
    uint32_t abi; /* RY_STRATEGY sets these two */
    uint32_t bytes;
    size_t state_bytes; /* of agent->state */
    /* Trading begins. The book is whole here, whatever interest will be declared, which can be done
     * here only. Before it nothing is called. */
    void (*start)(struct ry_agent *agent);
    /* What one input did to the market, or what one moment did to the levels of every TOP: the book
     * has it all already. `event` has first the trades and states since the last call of `market`
     * that did not call it, then all that was asked for of this input, or of these levels, also
     * what alone would not call. What changed in the book since your last call is in ry_book, not
     * in `event`. */
    void (*market)(struct ry_agent *agent, const struct ry_market_event *event, unsigned count);
    /* Something happened to an order of this agent. Comes before the market's own record of it (a
     * TOP has it already). Without this callback a report waits for the next call of another. */
    void (*report)(struct ry_agent *agent, const struct ry_report_event *report);
    /* The moment that ry_timer set has come: ry_now is that moment. The timer is off. */
    void (*timer)(struct ry_agent *agent);
    /* The battle has ended, or the agent is out. Orders are not taken any more. Not called when the
     * process is killed. */
    void (*stop)(struct ry_agent *agent);
};

#define RY_EXPORT __attribute__((visibility("default")))

extern RY_EXPORT const struct ry_strategy ry_strategy;

#ifdef __cplusplus
#define RY_STRATEGY(...)                                                                           \
    extern "C" RY_EXPORT const struct ry_strategy ry_strategy = {                                  \
        .abi = RY_AGENT_ABI, .bytes = sizeof(struct ry_strategy), __VA_ARGS__}
#else
#define RY_STRATEGY(...)                                                                           \
    RY_EXPORT const struct ry_strategy ry_strategy = {                                             \
        .abi = RY_AGENT_ABI, .bytes = sizeof(struct ry_strategy), __VA_ARGS__}
#endif

/* ---- orders ---------------------------------------------------------------------------------- */

/* The order's number (ClOrdID, from 1, rising), or 0 = FULL: this callback has issued commands_max
 * commands. What becomes of it comes as reports, a latency later; this call checks nothing else: an
 * instrument, side or type that does not exist is REJECTED like all that the market refuses
 * (`instrument` of that report: as asked, at most 65535). price: 0 for RY_MARKET. */
uint64_t ry_order(struct ry_agent *agent, unsigned instrument, enum ry_side side, uint32_t qty,
                  int64_t price, enum ry_order_type type);

/* Asks to cancel what is left of an order. False: FULL. The answer is a report: CANCELED, or
 * REJECTED with RY_REJECT_UNKNOWN_ORDER if the order was filled or gone by then. */
bool ry_cancel(struct ry_agent *agent, uint64_t cl_ord_id);

/* Why: a decision record of an order (0: of none), kept in the journal of the battle beside the
 * order. `intent` is a code of your own; at most RY_FEATURES_MAX features, the
 * others are cut. Changes nothing in the market. Counts as a command; false: FULL. */
bool ry_decide(struct ry_agent *agent, uint64_t cl_ord_id, uint32_t intent, const int64_t *feature,
               unsigned count);

/* This agent's order, if it stands in the book; may be NULL. */
bool ry_open_order(const struct ry_agent *agent, uint64_t cl_ord_id, struct ry_open_order *order);

/* This agent's orders in the book, oldest first, at most `max`; returns how many there are. */
unsigned ry_open_orders(const struct ry_agent *agent, struct ry_open_order *orders, unsigned max);

/* ---- the market ------------------------------------------------------------------------------ */

/*
 * ry_book, ry_best and ry_trading answer from what ry_interest has asked for, as of ry_now. Asked
 * for more than that they answer with what there is: a mistake. An instrument or side that does not
 * exist is one too, here and in ry_position, ry_round_down and ry_round_up: no levels, false, 0,
 * the price as it was. The agent's log says each kind of mistake once for each instrument, 16 lines
 * in all, and what to do instead; its counter `invalid` counts every one.
 */

/* The first `max` levels of a side, best first, own orders included; returns how many were written.
 * More than k after TOP(k), or any after NONE, is more than was asked for. */
unsigned ry_book(const struct ry_agent *agent, unsigned instrument, enum ry_side side,
                 struct ry_level *levels, unsigned max);

/* The best level; false: the side is empty (or NONE was asked for). */
bool ry_best(const struct ry_agent *agent, unsigned instrument, enum ry_side side,
             struct ry_level *level);

/* Whether orders are taken there now; without STATES: whether they were when trading began. */
bool ry_trading(const struct ry_agent *agent, unsigned instrument);

unsigned ry_instruments(const struct ry_agent *agent);
/* NULL: there is none. This asks whether there is, so it is no mistake. */
const struct ry_instrument_info *ry_instrument_info(const struct ry_agent *agent,
                                                    unsigned instrument);
/* the id; -1: not in this battle */
int ry_instrument_find(const struct ry_agent *agent, const char *symbol);

/* The nearest multiple of tick_size not above, not below: recorded prices need not be multiples, an
 * order's must. */
int64_t ry_round_down(const struct ry_agent *agent, unsigned instrument, int64_t price);
int64_t ry_round_up(const struct ry_agent *agent, unsigned instrument, int64_t price);

/* ---- the agent ------------------------------------------------------------------------------- */

int64_t ry_position(const struct ry_agent *agent, unsigned instrument); /* lots */
int64_t ry_cash(const struct ry_agent *agent);                          /* money */
const struct ry_limits *ry_limits(const struct ry_agent *agent);
const char *ry_agent_name(const struct ry_agent *agent);

/* A parameter of this agent in the battle file (`params`), else what is given. A value that is no
 * whole number ends the agent with a clear reason. A parameter that the strategy has not asked for
 * by the end of `start` is warned of. */
const char *ry_param(struct ry_agent *agent, const char *key, const char *otherwise);
int64_t ry_param_int(struct ry_agent *agent, const char *key, int64_t otherwise);

/* Ends the agent with this reason: for parameters that make no sense. Returns; nothing is called
 * any more. */
void ry_fail(struct ry_agent *agent, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- time ------------------------------------------------------------------------------------ */

int64_t ry_now(const struct ry_agent *agent);
int64_t ry_trade_from(const struct ry_agent *agent);
int64_t ry_trade_to(const struct ry_agent *agent); /* RY_TIME_NEVER: when the recorded day ends */

/* `timer` is called at this moment, once; setting it again moves it, RY_TIME_NEVER stops it. At
 * least RY_TIMER_NS_MIN from now: earlier ones are moved there. */
void ry_timer(struct ry_agent *agent, int64_t at);

/*
 * In `start` only: what the strategy is told of an instrument (or RY_INTEREST_EVERY), and what of
 * that calls `market`. At first RY_INTEREST_ALL. A later call counts over an earlier one: (EVERY,
 * TOP(1)), then (3, ORDERS) leaves the orders of instrument 3 and the best prices of all others.
 *
 * False: it is refused, what was asked before stays, and the log says why. Refused are more than
 * one of TOP, LEVELS and ORDERS, a TOP of no or more than RY_TOP_MAX levels, WAKE_BOOK with none of
 * the three, an instrument that does not exist, and every call outside `start`. (Two TOPs joined
 * cannot be told from one: TOP(1) | TOP(2) is TOP(3).)
 *
 *   asked for  it is told of                            ry_book has   ahead    events
 *   NONE       nothing of the book                      nothing       -1       none
 *   TOP(k)     the first k levels of both sides, after  k levels      -1       LEVEL
 *              all inputs of a moment
 *   LEVELS     each level that an input changed         all levels    -1       LEVEL
 *   ORDERS     each change of each order                all levels    known    CHANGE
 *   TRADES     each trade                                                      TRADE
 *   STATES     where trading stops and begins           (ry_trading)           STATE
 *
 * WAKE_BOOK calls `market` for what is told of the book: after TOP once at each moment at which
 * one of these levels changed, after LEVELS and ORDERS for each input that changed the book.
 * WAKE_TRADES and WAKE_STATES ask for trades and states, and call for them. Trades and states that
 * do not call come first in `event` at the next call of `market`: up to 65536 wait for it, the
 * newest beyond are left out, said once in the log and counted (`events_cut`). What changed in a
 * book without a call is in the book at the next call of any kind, and not in its `event`. A
 * strategy without `market` is never called for the market, whatever it asks for.
 *
 * To be called is what costs most: the battle waits for the answer. What is told costs by the
 * record: a TOP least, which is made once for all who ask for the same, ORDERS most, of which each
 * agent keeps a book of its own.
 *
 * The book of LEVELS and ORDERS is that of the callback's place among the inputs of ry_now; TOP is
 * the book after the last of them, also in callbacks that come before.
 */
bool ry_interest(struct ry_agent *agent, unsigned instrument, unsigned interest);

/* ---- numbers with the same bits everywhere --------------------------------------------------- */

/* Random numbers from the battle's seed and the agent's place in the battle (xoshiro256**). */
uint64_t ry_random(struct ry_agent *agent);
/* 0 .. n - 1, without bias; 0 if n is 0 */
uint64_t ry_random_below(struct ry_agent *agent, uint64_t n);
double ry_random_unit(struct ry_agent *agent); /* 0 <= x < 1, 53 bits */

/* exp and natural logarithm, within 1 ulp. */
double ry_agent_exp(double x);
double ry_agent_log_e(double x);
#ifndef RY_AGENT_HOUSE
static inline double ry_exp(double x)
{
    return ry_agent_exp(x);
}
static inline double ry_log(double x)
{
    return ry_agent_log_e(x);
}
#endif

/* ---- words ----------------------------------------------------------------------------------- */

/* The name of a code of enum ry_reject ("no_reference"), of enum ry_out ("last"), as in
 * results.json; "?" of none. */
const char *ry_reject_name(unsigned code);
const char *ry_out_name(unsigned code);

/* A line in the agent's log (DIR/log/agentN-NAME.log), as printf; of no effect on the battle. */
void ry_print(struct ry_agent *agent, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif

#endif
