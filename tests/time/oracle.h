/*
 * What must have happened, from docs/RULES and the inputs alone: applies them to a machine of its
 * own, tells strategies of its own what they asked for, calls them in the order in which agents
 * live, and computes when each command must have arrived. Knows nothing of rings, streams, hosts,
 * horizons or exec.
 *
 * The rules it follows are the paragraph "What came out" of docs/TIME.md: START first; then for
 * each T its outputs in their order, each own report a wake and each group that wakes one; then one
 * wake by TOP; then a timer that is still set to T. A TOP shows the book after the last input of T
 * in every callback at T.
 *
 * A death from outside is an input whose T somebody's wall clock chose; all else follows from it.
 */
#ifndef RY_TESTS_TIME_ORACLE_H
#define RY_TESTS_TIME_ORACLE_H

#include "tests/time/depth.h"
#include "tests/time/scenario.h"
#include "tests/time/toy.h"

#define RY_TIME_ORACLE_OUTPUTS  8192 /* of one T, to one agent */
#define RY_TIME_ORACLE_COMMANDS 4096

/* A command that is to arrive. */
struct ry_time_due {
    int64_t time;
    struct ry_time_wish wish;
};

/* What an agent is told, and whether it is called behind it. */
struct ry_time_item {
    union ry_told_any told;
    enum ry_wake_kind wakes; /* 0: it does not */
    bool record;             /* there is something to be told */
};

struct ry_time_oracle_agent {
    struct ry_time_toy toy;
    bool over, crashed;
    int64_t timer, arrival;
    uint64_t k;
    struct ry_time_due command[RY_TIME_ORACLE_COMMANDS]; /* due, in order */
    unsigned due, arrived;
    uint64_t refused;                                 /* commands beyond commands_max */
    struct ry_time_depth top[RY_TIME_INSTRUMENTS][2]; /* as last told */
    struct ry_time_item item[RY_TIME_ORACLE_OUTPUTS]; /* of the present T */
    unsigned items;
    int64_t answer[RY_TIME_TOY_CALLBACKS];    /* T at which what is said in a callback can come */
    uint64_t answer_k[RY_TIME_TOY_CALLBACKS]; /* as which record */
    uint64_t certain; /* so many callbacks could have had an effect: they must have been */
    char wrong[160];  /* the first thing that should not be; empty: nothing */
};

struct ry_time_oracle {
    const struct ry_time_scenario *scenario;
    struct ry_arena *arena;
    int64_t present;
    struct ry_market market[RY_TIME_ORACLE_OUTPUTS];
    struct ry_report report[RY_TIME_ORACLE_OUTPUTS];
    unsigned markets, reports; /* of the input in work */
    struct ry_time_oracle_agent agent[RY_TIME_AGENTS];
    char wrong[160]; /* with the order of the inputs; empty: nothing */
};

/* Follows the inputs of a run. The caller owns `oracle`. */
void ry_time_oracle_run(struct ry_time_oracle *oracle, const struct ry_time_scenario *scenario,
                        const union ry_input_any *inputs, unsigned count);

/* What the strategy of an agent went through, against what it must have: NULL, or what is wrong. */
const char *ry_time_oracle_judge(struct ry_time_oracle *oracle, unsigned agent,
                                 const struct ry_time_toy *toy);

#endif
