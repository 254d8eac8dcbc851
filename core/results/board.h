/*
 * Who stands where: the order that the machine said, and the board, what a display shows of a
 * battle at one moment, ordered and ready.
 */
#ifndef RY_CORE_RESULTS_BOARD_H
#define RY_CORE_RESULTS_BOARD_H

#include "core/results/results.h"

#define RY_RESULTS_STAMP_BYTES 160

struct ry_results_board_row {
    char name[RY_NAME_BYTES]; /* printable */
    uint16_t agent;           /* its id */
    uint32_t rank;
    uint8_t out; /* enum ry_out */
    uint32_t out_round;
    bool out_idle;      /* see ry_results_out_idle */
    __int128 score;     /* of the running round; of one that is out: of its last */
    __int128 profit;    /* of the whole battle: equity less the cash at the start */
    __int128 drawdown;  /* the largest fall of its equity from a peak so far, >= 0 */
    bool goes_next;     /* would be out if the round ended now (core/arena/arena.h) */
    unsigned positions; /* instruments it holds lots of */
    uint64_t fills, rejects;
    enum ry_reject reject_most; /* see ry_results_reject_most; and how many of them */
    uint64_t reject_most_count;
    const int64_t *sample; /* equity, `samples` of them */
    unsigned samples;
};

struct ry_results_board {
    char name[RY_NAME_BYTES];
    int64_t time;
    int permille;   /* of the market time from trade_from to trade_to; -1: its end is not known */
    uint32_t round; /* see ry_results_rounds; 0: agents do not trade yet */
    int64_t
        left_ns; /* of market time in the round that runs; -1: none does, or its end is not known */
    bool ended;
    enum ry_isolated isolated;
    char stamp[RY_RESULTS_STAMP_BYTES]; /* empty: reproducible and whole so far */
    unsigned count;
    struct ry_results_board_row row[RY_AGENTS_MAX];
};

/* Until the battle has ended, those in are ranked by what their scores are now, as a round's end
 * would. */
void ry_results_board_make(struct ry_results_board *board, const struct ry_results *r,
                           const struct ry_arena *arena);

/* Agents in the order of the ranks that the machine gave; those without one behind those of the
 * same state, by id. */
void ry_results_order(const struct ry_results *r, uint16_t order[RY_AGENTS_MAX]);

/* Who is left when the game is decided. RY_RESULTS_NONE: it is not, or nobody is left. */
uint16_t ry_results_winner(const struct ry_results *r, const struct ry_arena *arena);

/* Whose profit over the whole battle (pnl) is the largest, of those who traded; of equals the best
 * ranked. After ry_results_value. RY_RESULTS_NONE: nobody traded. */
uint16_t ry_results_earned_most(const struct ry_results *r);

/* Each agent's place by profit over the whole battle, by id: 1 is ry_results_earned_most; 0: it did
 * not trade. After ry_results_value. */
void ry_results_earned(const struct ry_results *r, uint32_t place[RY_AGENTS_MAX]);

/* What every display says of a battle that was stopped. */
#define RY_RESULTS_STOPPED_STAMP "not reproducible: stopped at wall time"

/* And of one whose record says that it lacks something. */
#define RY_RESULTS_INCOMPLETE_STAMP "incomplete record"

/* "incomplete record; not reproducible: agent a, b"; empty if neither. */
void ry_results_stamp(char stamp[RY_RESULTS_STAMP_BYTES], const struct ry_results *r);

#endif
