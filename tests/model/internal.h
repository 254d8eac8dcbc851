/*
 * What the files of the model share: its state and the few verbs that the rules are written in.
 * Outside of tests/model see model.h.
 */
#ifndef RY_TESTS_MODEL_INTERNAL_H
#define RY_TESTS_MODEL_INTERNAL_H

#include "tests/model/model.h"

/* One order in the book. Allocated when it comes to rest, freed when it leaves. */
struct ry_model_order {
    uint64_t ref;     /* the record's reference (live while rec > 0), or the ClOrdID */
    uint64_t arrival; /* counts the orders that came to rest, over all instruments */
    int64_t price;
    uint32_t id;
    uint32_t rec;
    uint32_t open;
    uint32_t surplus;
    uint16_t instrument;
    uint16_t owner; /* agent, or RY_OWNER_RECORDED */
    enum ry_side side;
};

/* One side of one book, always in book order. */
struct ry_model_side {
    struct ry_model_order **order;
    size_t count;
    size_t room;
};

/* A recorded trade. */
struct ry_model_trade {
    uint64_t match; /* its match number, 0 if it has none */
    int64_t price;
    uint32_t qty;
    uint16_t instrument;
    bool is_broken;
};

struct ry_model_instrument {
    struct ry_input_instrument input;
    bool closed; /* its session */
    bool halted; /* its state */
    bool has_last;
    size_t last; /* the place of the last recorded trade among all of them */
    uint64_t volume;
    __int128 turnover;
    struct ry_model_side side[3]; /* by enum ry_side; NONE stays empty */
};

struct ry_model_account {
    __int128 cash;
    int64_t *position; /* by instrument */
};

struct ry_model_agent {
    struct ry_input_agent input;
    struct ry_model_account account;
    enum ry_out out; /* NONE: it is in */
    bool look;       /* it had a fill, or counts as having had one: insolvency is to be looked at */
    uint32_t fills;  /* of this round */
    uint32_t rejects;
    __int128 value_at_start; /* liquidation value when this round began */
    uint64_t cl_ord_id_max;
    int64_t second; /* floor(T / 1e9) of the last command */
    uint64_t commands_in_second;
    uint64_t reports;
};

struct ry_model {
    struct ry_arena_counters counters;
    struct ry_model_observer *observer;          /* looks on, see observer.h */
    void *inputs_hash, *said_hash, *market_hash; /* HASH-1, each of all its records */

    /* The battle, and how far its description has come. */
    struct ry_input_battle battle;
    bool has_battle;
    uint32_t instruments; /* INSTRUMENTs applied */
    uint32_t agents;      /* AGENTs applied */
    struct ry_model_instrument *instrument;
    struct ry_model_agent agent[RY_AGENTS_MAX];
    struct ry_model_account recorded;
    __int128 fees;

    bool has_time;
    int64_t time; /* T of the last input that was not malformed */
    bool begun;   /* the TIME input of trade_from has been applied */
    bool ended;
    uint32_t round; /* that runs, from 1; 0 before START */

    /* All recorded trades in their order, broken and forgotten ones too. */
    struct ry_model_trade *trade;
    size_t trade_count;
    size_t trade_room;

    uint64_t arrivals;
    uint32_t ids_used; /* the highest id ever given */
    uint32_t *given_back;
    size_t given_back_count;
    size_t given_back_room;

    /* The outputs of the input that is being applied. */
    const struct ry_arena_sink *sink;
    struct ry_market *group;
    size_t group_count;
    size_t group_room;
};

/* --- model_book.c: orders in book order, references, ids. --- */

/* Makes room for one more element; `array` points to the pointer. */
void ry_model_grow(void *array, size_t count, size_t *room, size_t element_bytes);

/* True if a price is the other's or better for an order of `side` that stands at it. */
bool ry_model_at_or_better(enum ry_side side, int64_t price, int64_t other);
bool ry_model_is_trading(const struct ry_model *model, uint16_t instrument);
/* All orders that stand, recorded and agents', over all instruments. */
uint64_t ry_model_live(const struct ry_model *model);
/* NULL if the reference is unknown or spent. */
struct ry_model_order *ry_model_find(const struct ry_model *model, uint16_t instrument,
                                     uint64_t ref);
/* The best price with rec > 0 on a side. */
bool ry_model_recorded_best(const struct ry_model *model, uint16_t instrument, enum ry_side side,
                            int64_t *price);
/* Copies `order` to the back of its price, gives it an id and says so to the market. */
struct ry_model_order *ry_model_rest(struct ry_model *model, const struct ry_model_order *order);
/* Takes an order out of the book and frees it; says so if it showed anything. */
void ry_model_leave(struct ry_model *model, struct ry_model_order *order);
/* Leaves if nothing holds the order any more; true if it did (and was freed). */
bool ry_model_leave_if_spent(struct ry_model *model, struct ry_model_order *order);

/* --- model_output.c --- */

void ry_model_report(struct ry_model *model, uint16_t agent, struct ry_report report);
void ry_model_change(struct ry_model *model, const struct ry_model_order *order, uint8_t flags);
void ry_model_trade(struct ry_model *model, uint16_t instrument, int64_t price, uint32_t qty,
                    enum ry_side aggressor);
void ry_model_state(struct ry_model *model, uint16_t instrument, bool trading);
void ry_model_market(struct ry_model *model, struct ry_market record);
void ry_model_game(struct ry_model *model, struct ry_game record);
/* Delivers this input's market records. */
void ry_model_flush(struct ry_model *model);
uint64_t ry_model_hash(uint64_t seed, const void *record, size_t bytes);
/* A running hash (HASH-1): made, continued, asked, given back. */
void *ry_model_running(void);
void ry_model_running_add(void *running, const void *record, size_t bytes);
uint64_t ry_model_running_hash(const void *running);
void ry_model_running_end(void *running);

/* --- model_ledger.c --- */

/* Towards minus and plus infinity; b > 0. */
__int128 ry_model_floor_div(__int128 a, __int128 b);
__int128 ry_model_ceil_div(__int128 a, __int128 b);
int64_t ry_model_clamp(__int128 value);
/* Cash and shares of a fill; RY_OWNER_RECORDED is an owner as well. */
void ry_model_exchange(struct ry_model *model, uint16_t instrument, int64_t price, uint32_t qty,
                       uint16_t buyer, uint16_t seller);
/* Takes an agent's fee for a fill and returns it. */
__int128 ry_model_charge(struct ry_model *model, uint16_t agent, uint16_t instrument, int64_t price,
                         uint32_t qty, int32_t ppm);

/* --- model_match.c: what recorded inputs and agents' orders have in common. --- */

/* A resting order's open trades with `taker`: cash, shares, its report, TRADE, CHANGE; it leaves if
 * it can. The taker's own fee and report are left to the caller. */
void ry_model_meet(struct ry_model *model, struct ry_model_order *resting, uint32_t qty,
                   uint16_t taker, enum ry_cause cause);
/* Where an instrument's trading changed: STATE, surpluses, matching. */
void ry_model_trading_changed(struct ry_model *model, uint16_t instrument, bool before);

/* --- model_record.c, model_agent.c: the rules. --- */

void ry_model_recorded_input(struct ry_model *model, const struct ry_input *input);
/* The end of an input on an instrument: surplus that the recorded best of the other side has
 * reached. */
void ry_model_drop_passed(struct ry_model *model, uint16_t instrument);
/* An order's surplus becomes 0; it leaves if rec = 0. True if it left. */
bool ry_model_drop_surplus(struct ry_model *model, struct ry_model_order *order);

/* --- model_tape.c --- */

/* The newest trade of an instrument that is remembered and not broken; with a match number, of
 * those that bear it. False if there is none. */
bool ry_model_find_trade(const struct ry_model *model, uint16_t instrument, const uint64_t *match,
                         size_t *place);

void ry_model_order_input(struct ry_model *model, const struct ry_input *input);
void ry_model_order_cancel(struct ry_model *model, const struct ry_input *input);
/* The agent's oldest order over all instruments, or the one with a ClOrdID; NULL if none. */
struct ry_model_order *ry_model_find_own(struct ry_model *model, uint16_t agent,
                                         const uint64_t *cl_ord_id);
/* An agent's order leaves: report CANCELED. */
void ry_model_cancel_own(struct ry_model *model, struct ry_model_order *order, enum ry_cancel code);
/* An IOC of the machine, without a limit, takes what it can of a position's other side. */
void ry_model_liquidate(struct ry_model *model, uint16_t agent, uint16_t instrument,
                        int64_t position);
void ry_model_agent_died(struct ry_model *model, const struct ry_input *input);
/* An order that stands takes what it crosses, at a resumption. */
void ry_model_resume_order(struct ry_model *model, struct ry_model_order *order);

/* --- model_reject.c --- */

struct ry_model_limit {
    enum ry_reject reject;
    int64_t price; /* if not rejected: the limit that the order has */
};
struct ry_model_limit ry_model_check(struct ry_model *model, const struct ry_input *input,
                                     uint16_t agent);

/* --- model_value.c --- */

/* How far from a reference price orders may be. */
struct ry_model_collar {
    uint32_t ppm;
    uint32_t ticks;
};

struct ry_model_collar ry_model_collar_of(const struct ry_model *model, uint16_t agent);
/* The largest of each that an agent has. */
struct ry_model_collar ry_model_widest_collar(const struct ry_model *model);
/* The band that a collar makes around a price. */
int64_t ry_model_band(const struct ry_model *model, uint16_t instrument,
                      struct ry_model_collar collar, int64_t price);
/* The middle of the recorded bests; false if one of them is missing. */
bool ry_model_recorded_mid(const struct ry_model *model, uint16_t instrument, int64_t *mid,
                           int64_t *spread);
/* The last recorded trade's price, else the recorded mid if the collar reaches both bests; false
 * if there is neither. */
bool ry_model_reference(const struct ry_model *model, uint16_t instrument,
                        struct ry_model_collar collar, int64_t *price);
/* The same for every agent: with the widest collar. */
bool ry_model_common_reference(const struct ry_model *model, uint16_t instrument, int64_t *price);
__int128 ry_model_equity_of(const struct ry_model *model, uint16_t agent);
/* Liquidation value. */
__int128 ry_model_value_of(const struct ry_model *model, uint16_t agent);
/* H of a rest is the larger of ceil(|N| x haircut_ppm / 1e6) ... */
__int128 ry_model_haircut_part(const struct ry_model *model, __int128 notional);
/* ... and lots x h x money_per_unit, h = haircut_ticks x tick_size, RY_PRICE_ABS_MAX at most. */
__int128 ry_model_haircut_ticks(const struct ry_model *model, uint16_t instrument, __int128 lots);
/* Of a position (negative: short) that the book cannot take: at the reference, less the haircut. */
__int128 ry_model_rest_value(const struct ry_model *model, uint16_t instrument, int64_t position);

/* --- model_out.c, model_game.c --- */

/* Liquidates as well; whom that filled is left to look at. */
void ry_model_put_out(struct ry_model *model, uint16_t agent, enum ry_out why);
/* How many agents are in. */
uint32_t ry_model_in(const struct ry_model *model);
bool ry_model_is_decided(const struct ry_model *model);
/* Trading begins, and round 1. */
void ry_model_start(struct ry_model *model);
/* Insolvency and loss of those who had a fill, until nobody is left to look at. */
void ry_model_look(struct ry_model *model);
/* Every round's end at or before T. */
void ry_model_end_rounds(struct ry_model *model);
void ry_model_end_ranks(struct ry_model *model);

/* --- model_malformed.c --- */

/* The clause that makes the input malformed, RY_MODEL_CLAUSES if it is not. */
enum ry_model_clause ry_model_malformed(const struct ry_model *model,
                                        const union ry_input_any *input);

#endif
