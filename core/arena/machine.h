/*
 * The inside of the arena: what lies where in its one block of memory, and how to get at it.
 * Private to core/arena and its tests.
 *
 * The block holds offsets and ids, never addresses: it may be copied or mapped elsewhere between
 * inputs. Everything after struct ry_arena is an array that is zero until it is used, so that an
 * unused part of it costs no memory.
 *
 *   ids       orders and levels are numbered from 1; 0 is "none"
 *   key       a price as one side sees it: price for sells, -price for buys, so that on both
 *             sides a smaller key is better and book order is rising keys
 */
#ifndef RY_CORE_ARENA_MACHINE_H
#define RY_CORE_ARENA_MACHINE_H

#include <assert.h>
#include <string.h>

#include "core/arena/arena.h"

#define RY_ARENA_OWNER_NONE UINT8_MAX /* struct ry_arena_order.owner of a recorded order */
/* Levels of one side that are found by index; 64 words of 64 bits. */
#define RY_ARENA_WINDOW_TICKS 4096u
#define RY_ARENA_WINDOW_MASK  (RY_ARENA_WINDOW_TICKS - 1u)
#define RY_ARENA_WINDOW_WORDS (RY_ARENA_WINDOW_TICKS / 64u)
#define RY_ARENA_KEY_NONE     INT32_MAX           /* worse than every price */
#define RY_ARENA_CHECK_EVERY  (UINT64_C(1) << 16) /* inputs between full checks of the ledger */
#define RY_ARENA_TICK_MAX     INT64_C(1000000000000)
/* A block of records is folded into its hash when it has so many bytes: see hashes.h. */
#define RY_ARENA_BLOCK_BYTES (128u * RY_SLOT_PAYLOAD)
#define RY_ARENA_HINTS       16u /* inputs of each sort whose cache misses are on their way */

/* What every input touches of an order; its surplus is in an array of its own (BOOK-2). */
struct ry_arena_order {
    uint64_t ref;        /* the record's reference or the agent's ClOrdID */
    uint32_t next, prev; /* queue of the level; next is the free list's link as well */
    uint32_t level;
    uint32_t open;
    uint32_t rec;
    uint16_t instrument;
    uint8_t owner; /* agent or RY_ARENA_OWNER_NONE */
    uint8_t side;
};
RY_SIZE(struct ry_arena_order, 32);

struct ry_arena_level {
    int32_t key;
    uint32_t head, tail;
    uint32_t orders;
    uint64_t open, rec;   /* sums over its orders */
    uint32_t agents;      /* orders that are agents' */
    uint32_t surplus;     /* orders with surplus > 0 */
    uint32_t left, right; /* tree; left is the free list's link as well */
    uint16_t instrument;
    uint8_t side;
    bool in_window; /* else in the tree */
    bool has_rec;   /* counted in its side's rec_levels */
    uint8_t zero[3];
    uint32_t shown; /* orders with open > 0 */
    uint32_t zero2;
};
RY_SIZE(struct ry_arena_level, 64);

/* One side of one instrument. */
struct ry_arena_book {
    uint32_t best; /* level; 0: the side is empty */
    int32_t best_key;
    uint32_t rec_best; /* best level with rec > 0 */
    int32_t rec_best_key;
    uint64_t summary; /* words of the window's bitmap that are not zero */
    int32_t base;  /* the window covers ticks base .. base + RY_ARENA_WINDOW_TICKS - 1 of the key */
    uint32_t root; /* tree of the levels off the tick grid or outside the window */
    uint32_t levels;
    uint32_t rec_levels;
    uint32_t agent_orders;
    uint32_t surplus_orders;
    uint32_t misses;  /* votes for moving the window, see levels.c */
    int32_t tick;     /* tick_size, or more than any price if that is larger */
    uint32_t inverse; /* ceil(2^shift / tick) */
    uint16_t instrument;
    uint8_t side;
    uint8_t shift;
};
RY_SIZE(struct ry_arena_book, 64);

struct ry_arena_window {
    uint64_t word[RY_ARENA_WINDOW_WORDS]; /* bit: the slot holds a level */
    uint32_t slot[RY_ARENA_WINDOW_TICKS]; /* level; by tick modulo RY_ARENA_WINDOW_TICKS */
};

struct ry_arena_instrument {
    bool trading;
    uint8_t state;   /* enum ry_trading_state */
    uint8_t session; /* enum ry_session_state */
    bool has_last;
    bool traded;   /* an agent has traded here once: its shares are worth adding up */
    bool mark_due; /* it stands in the list of those whose mark may be old */
    uint16_t id;
    uint16_t source; /* its feed */
    uint16_t zero2;
    uint32_t live_orders; /* recorded, rec > 0 */
    uint32_t agent_orders;
    uint32_t surplus_orders;
    uint32_t zero3[3];
    int64_t last_price;
    uint64_t volume;
    int64_t tick_size;            /* at 56 */
    struct ry_arena_book side[2]; /* by enum ry_side - 1 */
    int64_t money_per_unit;
    int64_t mark; /* the price in agents' worth, 0: none; see marks.h */
    __int128 turnover;
    char symbol[RY_SYMBOL_BYTES];
    uint64_t last_trade; /* number of the last recorded trade; only with has_last */
    uint64_t zero5[2];
};
RY_SIZE(struct ry_arena_instrument, 320);

/* One of the last recorded trades, of all instruments: what BROKEN can take back. */
struct ry_arena_trade {
    uint64_t match; /* the venue's number; 0: it has none */
    int64_t price;
    uint32_t qty;
    uint16_t instrument;
    bool stands; /* false: broken */
    uint8_t zero;
};
RY_SIZE(struct ry_arena_trade, 24);

/* One account in one instrument. */
struct ry_arena_holding {
    int64_t position;
    uint64_t open[2]; /* lots of the agent's standing orders, by enum ry_side - 1 */
};

/* How far a price may lie from the reference: the larger of both counts. */
struct ry_arena_collar {
    uint32_t ppm;
    uint32_t ticks;
};

struct ry_arena_agent {
    __int128 cash;
    __int128 worth;         /* of its positions, each at its instrument's mark */
    uint64_t cl_ord_id_max; /* the highest that passed the check for duplicates */
    uint64_t reports;
    int64_t second;    /* of the last command */
    uint32_t commands; /* in that second */
    uint32_t open_orders;
    uint8_t out;             /* enum ry_out; 0: it is in */
    uint32_t fills, rejects; /* reports of this round */
    __int128 round_value;    /* liquidation value at the round's beginning */
    int64_t cash_start;
    int64_t loss_max;
    int64_t notional_max;
    int64_t position_max;
    uint32_t quantity_max;
    uint32_t open_orders_max;
    uint32_t rate_max;
    struct ry_arena_collar collar;
};

/* A line of names; see refs.h. */
#define RY_ARENA_LINE_SLOTS 7u
struct ry_arena_line {
    uint32_t tag[RY_ARENA_LINE_SLOTS];
    uint32_t away;                       /* names that are at home here and stand elsewhere */
    uint32_t order[RY_ARENA_LINE_SLOTS]; /* 0: a free slot */
    uint32_t passed; /* names that are not at home here, found no free slot here and went on */
};
RY_SIZE(struct ry_arena_line, 64);

/* Inputs whose cache misses are under way; see hint.c. Never part of what the machine decides. */
struct ry_arena_hint_add {
    size_t book; /* its side, its price's slot: offsets as in struct ry_arena_layout */
    size_t slot;
    int32_t key;
    uint32_t level;
    uint8_t side;
    bool agents; /* an ORDER: it may take what stands on the other side */
    uint8_t zero[6];
};
RY_SIZE(struct ry_arena_hint_add, 32);

struct ry_arena_hint_name {
    uint32_t line; /* its name's home .. */
    uint32_t tag;  /* .. and tag */
    uint32_t order, level;
    int32_t price; /* of a Replace */
    bool replaces;
    bool agents; /* an ORDER_CANCEL: what the agent holds changes as well */
    uint8_t zero[10];
};
RY_SIZE(struct ry_arena_hint_name, 32);

/* Where there are few orders. */
struct ry_arena_hint_few {
    uint32_t line; /* its name's home .. */
    uint32_t tag;  /* .. and tag */
};

struct ry_arena_hints {
    uint32_t adds, names, few;
    struct ry_arena_hint_few some[RY_ARENA_HINTS];
    struct ry_arena_hint_add add[RY_ARENA_HINTS];
    struct ry_arena_hint_name name[RY_ARENA_HINTS];
};

/* What has a running hash of its own, and a block in which its records wait to be folded. */
enum ry_arena_stream {
    RY_ARENA_STREAM_INPUTS = 0,
    RY_ARENA_STREAM_SAID,   /* reports and records of the game */
    RY_ARENA_STREAM_MARKET, /* market records; the present input's lie behind those that wait */
    RY_ARENA_STREAMS,
};

enum ry_arena_phase {
    RY_ARENA_PHASE_BATTLE = 0, /* the next input must be BATTLE */
    RY_ARENA_PHASE_INSTRUMENTS,
    RY_ARENA_PHASE_AGENTS,
    RY_ARENA_PHASE_OPEN,
    RY_ARENA_PHASE_ENDED,
};

/* Offsets from struct ry_arena. */
struct ry_arena_layout {
    size_t orders, surplus, arrived, gathered, levels, lines, instruments, windows, holdings, held,
        hints, trades, due, hashes, block[RY_ARENA_STREAMS];
    size_t bytes;
    size_t group_max; /* records */
    uint32_t line_mask;
};

struct ry_arena {
    const struct ry_arena_sink *sink; /* of the running ry_arena_apply */
    int64_t time;
    size_t waiting[RY_ARENA_STREAMS]; /* bytes of each block that are not folded yet */
    uint64_t group;                   /* number of the last one */
    size_t group_used;                /* records of the present input's */
    uint32_t orders_max;
    uint32_t orders_live; /* standing in the book */
    uint32_t order_free;  /* head of the free list */
    uint32_t order_used;  /* highest id ever used */
    uint32_t level_free, level_used;
    uint16_t instruments; /* of the battle; exist from RY_ARENA_PHASE_AGENTS on */
    uint16_t agents;
    uint16_t named;   /* INSTRUMENTs or AGENTs so far, by phase */
    uint8_t phase;    /* enum ry_arena_phase */
    bool started;     /* trade_from has come */
    bool money_moved; /* this input moved money */
    uint32_t round;   /* 0 before trading begins */
    uint64_t in;      /* agents that are in, a bit each */
    uint64_t filled;  /* agents that had a fill in this input and have not been looked at since */
    uint64_t ref_seed[2];
    int64_t second;       /* of market time: that of the last command .. */
    uint64_t second_from; /* .. and when it began; they spare most commands a division */
    uint32_t due;         /* instruments whose mark may be old */
    uint64_t arrivals;    /* agents' orders that came to rest so far */
    uint64_t trades;      /* recorded ones so far; the last RY_TRADES_KEPT of them are remembered */
    size_t bytes;         /* of the caller's memory */
    struct ry_arena_layout at;
    struct ry_arena_counters counters;
    struct ry_arena_collar widest; /* of all agents, in both */
    __int128 paid_in;
    __int128 recorded_cash;
    __int128 fees;
    struct ry_arena_agent agent[RY_AGENTS_MAX];
    struct ry_input_battle battle;
};

_Static_assert(RY_AGENTS_MAX <= 64, "one word holds a bit for each agent");

/* ---- getting at things ----------------------------------------------------------------------- */

static inline size_t ry_arena_held_words(uint32_t instruments)
{
    return (instruments + 63u) / 64u;
}

static inline void *ry_arena_at(const struct ry_arena *a, size_t offset)
{
    return (void *)((uintptr_t)a + offset);
}

/* The block of a stream, aligned to RY_ISOLATION. */
static inline unsigned char *ry_arena_block_at(const struct ry_arena *a,
                                               enum ry_arena_stream stream)
{
    return ry_arena_at(a, a->at.block[stream]);
}

static inline struct ry_arena_order *ry_arena_order_at(const struct ry_arena *a, uint32_t id)
{
    return (struct ry_arena_order *)ry_arena_at(a, a->at.orders) + id;
}

static inline uint32_t *ry_arena_surplus_at(const struct ry_arena *a, uint32_t id)
{
    return (uint32_t *)ry_arena_at(a, a->at.surplus) + id;
}

/* Of an agent's order; see arrival.h. */
static inline uint64_t *ry_arena_arrived_at(const struct ry_arena *a, uint32_t id)
{
    return (uint64_t *)ry_arena_at(a, a->at.arrived) + id;
}

static inline struct ry_arena_level *ry_arena_level_at(const struct ry_arena *a, uint32_t id)
{
    return (struct ry_arena_level *)ry_arena_at(a, a->at.levels) + id;
}

static inline struct ry_arena_instrument *ry_arena_instrument_at(const struct ry_arena *a,
                                                                 uint32_t id)
{
    return (struct ry_arena_instrument *)ry_arena_at(a, a->at.instruments) + id;
}

static inline struct ry_arena_book *ry_arena_book_at(const struct ry_arena *a, uint32_t instrument,
                                                     unsigned side)
{
    return &ry_arena_instrument_at(a, instrument)->side[side - 1];
}

static inline struct ry_arena_window *ry_arena_window_of(const struct ry_arena *a,
                                                         const struct ry_arena_book *book)
{
    return (struct ry_arena_window *)ry_arena_at(a, a->at.windows) +
           (2u * book->instrument + book->side - 1u);
}

/* account: an agent, or a->agents for the recorded account. */
static inline struct ry_arena_holding *ry_arena_holding_at(const struct ry_arena *a,
                                                           uint32_t instrument, uint32_t account)
{
    return (struct ry_arena_holding *)ry_arena_at(a, a->at.holdings) +
           ((size_t)instrument * (a->agents + 1u) + account);
}

/* One bit for each instrument that an agent has a position in. */
static inline uint64_t *ry_arena_held_of(const struct ry_arena *a, uint32_t agent)
{
    return (uint64_t *)ry_arena_at(a, a->at.held) +
           (size_t)agent * ry_arena_held_words(a->instruments);
}

/* The recorded trade of a number, from 0; one of the last RY_TRADES_KEPT. */
static inline struct ry_arena_trade *ry_arena_trade_at(const struct ry_arena *a, uint64_t number)
{
    return (struct ry_arena_trade *)ry_arena_at(a, a->at.trades) + number % RY_TRADES_KEPT;
}

static inline bool ry_arena_agent_in(const struct ry_arena *a, uint32_t agent)
{
    return a->in >> agent & 1;
}

static inline uint32_t ry_arena_agents_in(const struct ry_arena *a)
{
    return (uint32_t)__builtin_popcountll(a->in);
}

/* x of what sells, -x of what buys. Not a branch, here and in what follows: half of all orders buy,
 * and nobody could foretell which. */
static inline int64_t ry_arena_flip(unsigned side, int64_t x)
{
    const int64_t mask = -(int64_t)(side == RY_BUY);
    return (x ^ mask) - mask;
}

static inline __int128 ry_arena_flip_money(unsigned side, __int128 x)
{
    const __int128 mask = -(__int128)(side == RY_BUY);
    return (x ^ mask) - mask;
}

static inline int64_t ry_arena_key(unsigned side, int64_t price)
{
    return ry_arena_flip(side, price);
}

/* Its own inverse. */
static inline int64_t ry_arena_price(unsigned side, int64_t key)
{
    return ry_arena_flip(side, key);
}

static inline uint32_t ry_arena_min_u32(uint32_t x, uint32_t y)
{
    return x < y ? x : y;
}

static inline uint32_t ry_arena_clamp_u32(uint64_t x)
{
    return x < UINT32_MAX ? (uint32_t)x : UINT32_MAX;
}

static inline int64_t ry_arena_floor_div(int64_t x, int64_t positive)
{
    int64_t q = x / positive;
    return q - (x % positive < 0);
}

/* ---- arena.c --------------------------------------------------------------------------------- */
/* Makes room for a battle that is in range, before anything was applied; false: it does not fit. */
bool ry_arena_lay_out(struct ry_arena *a, const struct ry_input_battle *battle);

/* ---- hint.c ---------------------------------------------------------------------------------- */
/* Lets inputs that were never hinted name what there is. */
void ry_arena_hints_begin(struct ry_arena *a);

/* ---- config.c -------------------------------------------------------------------------------- */
bool ry_arena_config_battle_ok(const struct ry_input_battle *battle);
/* Applies a BATTLE, INSTRUMENT or AGENT in its turn; false: malformed. */
bool ry_arena_config_apply(struct ry_arena *a, const union ry_input_any *input);

/* ---- check.c --------------------------------------------------------------------------------- */
/* Everything that must hold between inputs, slowly; aborts by assert where it does not. For tests.
 */
void ry_arena_check(const struct ry_arena *a);

#endif
