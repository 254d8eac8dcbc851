/*
 * The results of a battle: the machine's outputs, added up for each agent.
 *
 * Pure: inputs and outputs go in, figures come out; no file, no clock. Whoever follows a battle
 * (core/results/follow.h) feeds it, in this order for each input:
 *
 *     ry_results_before(r, number, input)
 *     ... the outputs, through r->sink, which hands each on to r->next as well
 *     ry_results_after(r, arena, input, applied)
 *
 * gets the battle's rows (core/results/rows.h) through r->row, and asks ry_results_value(r, arena)
 * for the figures that change with the market.
 *
 * Money is 128 bits wide and exact. PnL is split by counterparty: what an agent and each other
 * account exchanged in cash and in lots, the lots valued at the reference price
 * (docs/MATCHING.md, VALUE-1). For each agent
 *
 *     market + other agents - fees - haircut = equity - cash at the start
 *
 * to the last unit, which ry_results_value asserts. `haircut` is what an agent that went out lost
 * on lots that the book could not take; those lots count as sold to the recorded account at the
 * reference price.
 */
#ifndef RY_CORE_RESULTS_RESULTS_H
#define RY_CORE_RESULTS_RESULTS_H

#include "core/arena/arena.h"
#include "core/results/rows.h"

/* Each end of a round but the last puts somebody out. */
#define RY_RESULTS_ROUNDS_MAX  (RY_AGENTS_MAX + 2)
#define RY_RESULTS_SAMPLES_MAX 256
/* At first; doubles whenever the samples are full. */
#define RY_RESULTS_SAMPLE_NS RY_NS_PER_SECOND
#define RY_RESULTS_RECORDED  RY_AGENTS_MAX /* the counterparty that is no agent */

struct ry_results_count {
    uint64_t fills, lots;
};

/* What an agent and one counterparty exchanged. */
struct ry_results_flow {
    __int128 cash; /* to the agent, without fees */
    __int128 pnl;  /* cash and lots at the reference; by ry_results_value */
    struct ry_results_count count;
};

/* What a RANK record said. */
struct ry_results_round {
    uint32_t round, rank;
    int64_t score, value;
    uint32_t fills, rejects;
};

struct ry_results_agent {
    char name[RY_NAME_BYTES];
    uint32_t rank; /* 1 is the winner; 0: still in, the battle has not ended */
    uint8_t out;   /* enum ry_out */
    uint32_t out_round;
    int64_t out_time;
    bool wall; /* its death was placed by wall clocks */
    __int128 cash_start, cash;
    int64_t loss_max;
    __int128 fees, haircut;
    uint64_t orders;                      /* accepted and rejected */
    uint64_t ordered_lots;                /* of accepted ones */
    struct ry_results_count maker, taker; /* fills of its own orders */
    struct ry_results_count liquidation;  /* fills of the machine's, when it went out */
    uint64_t handed_lots;                 /* what the book could not take then */
    uint64_t rejects[RY_REJECTS];
    uint64_t cancels[RY_CANCELS];
    __int128 round_value; /* when the running round began */
    unsigned rounds;
    struct ry_results_round round[RY_RESULTS_ROUNDS_MAX];
    struct ry_results_flow flow[RY_AGENTS_MAX + 1];
    int64_t sample[RY_RESULTS_SAMPLES_MAX]; /* equity, clamped; see ry_results.samples */
    __int128 peak;     /* the highest equity of the moments that ry_results.looks counts */
    __int128 drawdown; /* the largest fall from one until another of them */
    /* By ry_results_value. */
    __int128 value, equity, pnl;
};

struct ry_results_instrument {
    char symbol[RY_SYMBOL_BYTES];
    char currency[4];
    uint8_t price_scale;
    bool traded; /* by agents */
    int64_t tick_size;
    int64_t money_per_unit;
    uint64_t agent_lots; /* of trades with an agent in them */
    uint64_t events;     /* of the record, in trading hours: core/results/empty.h */
    uint64_t elsewhere;  /* and outside */
    bool has_reference;  /* these two by ry_results_value */
    int64_t reference;
};

struct ry_results {
    struct ry_arena_sink sink; /* ours */
    struct ry_arena_sink next; /* somebody else's; any step may be NULL */
    /* Every row of the battle, in its order; NULL: nobody wants them. Stands until it returns. */
    void (*row)(void *context, const struct ry_results_row *row);
    void *context; /* of row */
    struct ry_battle_id battle_id;
    enum ry_isolated isolated; /* its opener's to set; RY_ISOLATED_UNKNOWN */
    const char *appliance;     /* likewise, of every row; NULL */

    struct ry_input_battle battle; /* zero until it came */
    uint16_t instruments, agents;  /* of the battle */
    void *memory;                  /* of these three, mapped lazily: core/results/copy.h */
    size_t memory_bytes;
    struct ry_results_agent *agent;
    struct ry_results_instrument *instrument;
    int64_t *lots; /* [instrument][agent][counterparty]: what the agent got from it */

    uint64_t input; /* the present one's number */
    struct ry_input_head head;
    int64_t time;
    uint32_t n; /* rows of it so far */
    bool wall;  /* it has RY_INF_WALL */
    bool pends; /* it is a command that no row was made of yet: */
    union ry_input_any pending;
    uint32_t round; /* that runs; 0: not begun */
    bool ended;
    bool stopped; /* at wall time, by somebody, or because a part of the run failed */
    bool opened;  /* an instrument has matched agents' orders */
    /* How often each feed's record has said that it lacks something, by enum ry_incomplete. */
    uint64_t incomplete[RY_FEEDS_MAX][RY_INCOMPLETES];
    bool holds; /* a maker's FILL waits for its taker's */
    struct ry_report held;
    uint64_t out; /* agents that went out in this input */

    unsigned samples;    /* sample[i] of each agent is its equity at sample_from + i x sample_ns */
    int64_t sample_from; /* trade_from */
    int64_t sample_ns;
    /* Equity is looked at after the first input at or behind sample_from + looks x 1 s, and after
     * one with which a round begins or an agent goes out, and the last. */
    uint64_t looks;
    int64_t look_at; /* when the next look is due */
};

/* Makes empty results of the battle `id`; `next` may be NULL. */
void ry_results_open(struct ry_results *r, const struct ry_battle_id *id,
                     const struct ry_arena_sink *next);
void ry_results_close(struct ry_results *r);

void ry_results_before(struct ry_results *r, uint64_t number, const union ry_input_any *input);
/* 0, or -1: no memory for a battle of this size. */
int ry_results_after(struct ry_results *r, const struct ry_arena *arena,
                     const union ry_input_any *input, bool applied);

/* Sets what is marked so: references, values, equity, PnL. */
void ry_results_value(struct ry_results *r, const struct ry_arena *arena);

/* Whether a record has said that it lacks something. */
bool ry_results_incomplete(const struct ry_results *r);

/* Lots that the agent holds. */
int64_t ry_results_position(const struct ry_results *r, uint16_t instrument, uint16_t agent);

/* Filled lots of its own orders in ppm of the accepted ones'; 0 if there are none. */
uint64_t ry_results_fill_ppm(const struct ry_results_agent *agent);

/* Parts of a whole in ppm, rounded down; 0 of an empty whole. */
uint64_t ry_results_ppm(uint64_t part, uint64_t whole);

uint64_t ry_results_fills(const struct ry_results_agent *agent); /* liquidation included */
uint64_t ry_results_rejects(const struct ry_results_agent *agent);

/* The most frequent of them, the smallest code of equals; RY_REJECT_NONE: there are none. */
enum ry_reject ry_results_reject_most(const struct ry_results_agent *agent);

/* `time`, the battle's end, is the moment in which the round began: nobody played it. After the
 * first round alone: where trading ends as it begins there is no other. */
static inline bool ry_results_round_unplayed(const struct ry_results *r, uint64_t round,
                                             int64_t time)
{
    return round > 1 && r->battle.round_ns > 0 &&
           time == r->battle.trade_from + (__int128)r->battle.round_ns * (round - 1);
}

/* The round that runs; of a battle that is over, the last that was played. 0: none has begun. */
static inline uint32_t ry_results_rounds(const struct ry_results *r)
{
    return r->ended && ry_results_round_unplayed(r, r->round, r->time) ? r->round - 1 : r->round;
}

/* It went out as the last of a round in which it had too few fills to rank by its score. */
static inline bool ry_results_out_idle(const struct ry_results *r,
                                       const struct ry_results_agent *agent)
{
    const struct ry_results_round *last = &agent->round[agent->rounds > 0 ? agent->rounds - 1 : 0];
    return agent->out == RY_OUT_LAST && agent->rounds > 0 && last->round == agent->out_round &&
           last->fills < r->battle.min_fills;
}

/* It crashed, left, refused a parameter or stalled: its rank says nothing of its strategy. */
static inline bool ry_results_played(const struct ry_results_agent *agent)
{
    return agent->out != RY_OUT_DIED && agent->out != RY_OUT_STALLED;
}

#endif
