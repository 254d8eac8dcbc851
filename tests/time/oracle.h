/*
 * What must have happened, from docs/TIME.md and the inputs alone: applies them to a machine of its
 * own, gives each agent's outputs to a strategy of its own in their order, timers between, and
 * computes when each command must have arrived. Knows nothing of rings, hosts, horizons or exec.
 */
#ifndef RY_TESTS_TIME_ORACLE_H
#define RY_TESTS_TIME_ORACLE_H

#include "tests/time/scenario.h"
#include "tests/time/toy.h"

#define RY_TIME_ORACLE_OUTPUTS  4096
#define RY_TIME_ORACLE_COMMANDS 4096

struct ry_time_due {
    int64_t time;
    struct ry_time_wish wish;
};

struct ry_time_oracle_agent {
    struct ry_time_toy toy;
    unsigned interest[RY_TIME_INSTRUMENTS];
    bool started, over, crashed;
    int64_t timer, arrival, now;
    uint64_t k;
    struct ry_time_due command[RY_TIME_ORACLE_COMMANDS]; /* due, in order */
    unsigned due, arrived;
};

struct ry_time_oracle {
    const struct ry_time_scenario *scenario;
    struct ry_market market[RY_TIME_ORACLE_OUTPUTS];
    struct ry_report report[RY_TIME_ORACLE_OUTPUTS];
    unsigned markets, reports; /* of the input in work */
    struct ry_time_oracle_agent agent[RY_TIME_AGENTS];
};

/* Follows the inputs of a run. The caller owns `oracle`. */
void ry_time_oracle_run(struct ry_time_oracle *oracle, const struct ry_time_scenario *scenario,
                        const union ry_input_any *inputs, unsigned count);

#endif
