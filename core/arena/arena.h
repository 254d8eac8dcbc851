/*
 * The arena: the pure machine that is the market, the risk desk and the ledger.
 *
 *     state, input -> state, outputs
 *
 * No clock, no I/O, no allocation, no thread, no float: what it knows came in as an input, in
 * sequence. The same object file runs in exec, in every follower, in the tests, the fuzzer and the
 * benchmark. Rules: docs/MATCHING.md. Inputs: shm/records/input.h. Outputs: shm/records/output.h.
 *
 * Memory: one block that the caller owns, sized by the BATTLE input alone. It may be larger than
 * what is ever touched; get it zeroed and lazily backed (mmap, MAP_NORESERVE), aligned to
 * RY_ISOLATION.
 */
#ifndef RY_CORE_ARENA_ARENA_H
#define RY_CORE_ARENA_ARENA_H

#include "core/arena/counters.h"
#include "shm/records/input.h"
#include "shm/records/output.h"

struct ry_arena;

/* Where outputs go. All reports and game records of an input, in the order in which they happen,
 * come before its market records. Called from ry_arena_apply. */
struct ry_arena_sink {
    void *context;
    void (*report)(void *context, const struct ry_report *report);
    void (*market)(void *context, const struct ry_market *market);
    void (*game)(void *context, const struct ry_game *game);
};

enum ry_arena_applied {
    RY_ARENA_APPLIED = 0,
    RY_ARENA_APPLIED_MALFORMED = 1, /* counted, hashed, without any other effect */
};

/* Bytes for a battle; 0 if the BATTLE input is out of range. */
size_t ry_arena_footprint(const struct ry_input_battle *battle);

/* Makes an empty arena in `memory` (zeroed). It has applied nothing: the BATTLE input comes through
 * ry_arena_apply as well. NULL if the input is out of range or `bytes` too few. */
struct ry_arena *ry_arena_create(void *memory, size_t bytes, const struct ry_input_battle *battle);

/* Starts the cache misses that applying `input` some 16 to 32 inputs later will have. Changes
 * nothing. */
void ry_arena_hint(const struct ry_arena *arena, const union ry_input_any *input);

/* Applies one input. `input` must hold head.slots slots. */
enum ry_arena_applied ry_arena_apply(struct ry_arena *arena, const union ry_input_any *input,
                                     const struct ry_arena_sink *sink);

/* The next moment at which the machine needs a TIME input, RY_TIME_NEVER if none. */
int64_t ry_arena_next_moment(const struct ry_arena *arena);

/* --- Looking in: for followers, results and tests; never needed by exec on its hot path. --- */

#define RY_OWNER_RECORDED UINT16_MAX

/* One order as it stands in the book; also the unit of the book hash, so without padding. */
struct ry_arena_book_order {
    uint64_t ref; /* the record's reference, or the agent's ClOrdID */
    int64_t price;
    uint32_t order;   /* the machine's id */
    uint32_t rec;     /* agents' orders: 0 */
    uint32_t open;    /* what is published */
    uint32_t surplus; /* agents' orders: 0 */
    uint16_t instrument;
    uint16_t owner; /* agent, or RY_OWNER_RECORDED */
    uint8_t side;
    uint8_t zero[3];
};
RY_SIZE(struct ry_arena_book_order, 40);

/* Calls `visit` for each order of one side in book order, until it returns false. */
void ry_arena_walk(const struct ry_arena *arena, uint16_t instrument, enum ry_side side,
                   bool (*visit)(void *context, const struct ry_arena_book_order *order),
                   void *context);

/* The same for the orders of one agent: instrument by instrument, buys before sells. */
void ry_arena_agent_orders(const struct ry_arena *arena, uint16_t agent,
                           bool (*visit)(void *context, const struct ry_arena_book_order *order),
                           void *context);

/* Open lots in front of a standing order at its price, if those are at most `orders_max` orders;
 * `id` is the machine's. False: they are more. */
bool ry_arena_ahead(const struct ry_arena *arena, uint32_t id, unsigned orders_max, uint64_t *lots);

/* Where a walk over the whole book stands: behind `order`, 0: before the side's first. All zero:
 * before everything; all zero but `instrument`: before that one. */
struct ry_arena_cursor {
    uint32_t order;
    uint16_t instrument;
    uint8_t side; /* enum ry_side; RY_SIDE_NONE: before the buys */
    uint8_t zero;
};

/* The next order that shows open lots: instruments by id, buys then sells, in book order; false:
 * none is left. A few at a time, as long as nothing is applied in between. */
bool ry_arena_next_order(const struct ry_arena *arena, struct ry_arena_cursor *cursor,
                         struct ry_arena_book_order *order);

struct ry_arena_depth {
    int64_t price;
    uint64_t open; /* published lots */
    uint64_t rec;  /* what the record says is there */
    uint32_t orders;
    uint32_t shown; /* those of them that show open lots: what a book made of changes counts */
};

/* One level; false, and nothing but its price: no order is there. */
bool ry_arena_level(const struct ry_arena *arena, uint16_t instrument, enum ry_side side,
                    int64_t price, struct ry_arena_depth *level);

/* The first `max` levels of a side that show open lots, best first; returns how many. */
unsigned ry_arena_top(const struct ry_arena *arena, uint16_t instrument, enum ry_side side,
                      struct ry_arena_depth *levels, unsigned max);

/* The first `max` levels of a side that show rec or open, best first; returns how many. */
unsigned ry_arena_levels(const struct ry_arena *arena, uint16_t instrument, enum ry_side side,
                         struct ry_arena_depth *levels, unsigned max);

struct ry_arena_market {
    char symbol[RY_SYMBOL_BYTES];
    bool trading;
    bool has_last;
    int64_t last_price;         /* last recorded trade */
    uint64_t recorded_volume;   /* lots of recorded trades */
    __int128 recorded_turnover; /* sum of price x lots of recorded trades, price units */
    uint32_t live_orders;       /* recorded, rec > 0 */
    uint32_t agent_orders;
    uint32_t levels[3]; /* levels with rec > 0, indexed by enum ry_side */
};

void ry_arena_instrument(const struct ry_arena *arena, uint16_t instrument,
                         struct ry_arena_market *out);

/* What positions in the instrument are valued at; false: there is nothing to value them at. */
bool ry_arena_reference(const struct ry_arena *arena, uint16_t instrument, int64_t *price);

struct ry_arena_account {
    __int128 cash;   /* money */
    __int128 equity; /* cash, and positions at the reference price */
    __int128 value;  /* liquidation value */
    uint32_t open_orders;
    bool killed;             /* out */
    uint8_t out;             /* enum ry_out */
    uint32_t fills, rejects; /* of this round */
};

/* What a round's end would say at this moment: those that are in, best first, and who would go (bit
 * n: agent n): who is insolvent or has lost too much, and the last of the others, if rounds still
 * end. That their positions would trade on the way out, and fill others, is not tried. */
struct ry_arena_outlook {
    unsigned count;
    uint16_t order[RY_AGENTS_MAX];
    uint64_t goes;
};

void ry_arena_look_ahead(const struct ry_arena *arena, struct ry_arena_outlook *out);

/* struct ry_arena_account's equity alone, which is cheaper. */
__int128 ry_arena_equity(const struct ry_arena *arena, uint16_t agent);

/* What the checks before the book compare for an order of an agent, as things stand. Right after a
 * refusal: what that one compared, for a refused order changes none of it but `commands`, which
 * counts it. */
struct ry_arena_checked {
    uint64_t cl_ord_id_max; /* used before */
    uint32_t quantity_max;
    uint32_t commands, rate_max;
    uint32_t open_orders, open_orders_max;
    uint32_t orders_max; /* of the machine's book */
    __int128 notional_max;
    int64_t position_max;
    /* All zero if there is no such instrument, or the order's side is none. */
    int64_t tick_size;
    int64_t position;
    uint64_t open;     /* lots of the agent's orders that stand on that side */
    __int128 exposure; /* held on that side, open and the order */
    bool has_reference;
    int64_t reference, low, high; /* the collar; only with has_reference */
    int64_t limit;                /* the order's; of a market order the collar's far edge */
    __int128 notional;            /* at it */
};

void ry_arena_checked(const struct ry_arena *arena, uint16_t agent, const struct ry_input *order,
                      struct ry_arena_checked *out);

/* agent: an id, or RY_OWNER_RECORDED for the recorded counterparty. */
void ry_arena_account(const struct ry_arena *arena, uint16_t agent, struct ry_arena_account *out);
int64_t ry_arena_position(const struct ry_arena *arena, uint16_t agent, uint16_t instrument);
__int128 ry_arena_fees(const struct ry_arena *arena);

/* Cash and shares over agents, fees and the recorded counterparty sum to what was paid in. */
bool ry_arena_conserves(const struct ry_arena *arena);

/* Running hashes, HASH-1 in docs/MATCHING.md: as if all records lay one after the other. */
uint64_t ry_arena_input_hash(const struct ry_arena *arena);
uint64_t ry_arena_output_hash(const struct ry_arena *arena);
/* h = XXH3_64bits_withSeed(order, 40, h), from 0, over each struct ry_arena_book_order: instruments
 * by id, buys then sells, in book order. */
uint64_t ry_arena_book_hash(const struct ry_arena *arena);
/* Everything: both running hashes, the book, the ledger, the states, the game. */
uint64_t ry_arena_state_hash(const struct ry_arena *arena);

/* Counters: one table (core/arena/counters.def) makes this struct, names, help and docs. */
const struct ry_arena_counters *ry_arena_counters(const struct ry_arena *arena);

/* The battle as the machine knows it; NULL before the input came. */
const struct ry_input_battle *ry_arena_battle(const struct ry_arena *arena);
/* True once the game is decided: there were two agents or more, and at most one is still in. */
bool ry_arena_decided(const struct ry_arena *arena);
/* the round that runs, from 1; 0 before the start */
uint32_t ry_arena_round(const struct ry_arena *arena);
bool ry_arena_ended(const struct ry_arena *arena);
int64_t ry_arena_time(const struct ry_arena *arena);

#endif
