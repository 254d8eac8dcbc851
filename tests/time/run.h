/* One battle under one random schedule, and what it came to. */
#ifndef RY_TESTS_TIME_RUN_H
#define RY_TESTS_TIME_RUN_H

#include "tests/time/oracle.h"
#include "tests/time/world.h"

#define RY_TIME_STEPS_MAX  20000000
#define RY_TIME_LOOK_EVERY 2048

enum ry_time_ending {
    RY_TIME_ENDED,
    RY_TIME_STUCK,   /* nobody can go on, and it is not over */
    RY_TIME_LOST,    /* a host found something on its link that must not be there */
    RY_TIME_ENDLESS, /* RY_TIME_STEPS_MAX steps */
    RY_TIME_BROKEN,  /* the onlooker saw what must not be */
};

struct ry_time_outcome {
    enum ry_time_ending ending;
    uint64_t input_hash, output_hash, state_hash;
    char why[320]; /* for people: how it ended, and where */
};

/* How a schedule chooses who is next: its seed modulo MODES. */
enum {
    RY_TIME_UNIFORM,
    RY_TIME_BURSTS,
    RY_TIME_STARVED,
    RY_TIME_FAVOURED,
    RY_TIME_IN_TURN,
    RY_TIME_FROZEN,
    RY_TIME_EAGER_EXEC,
    RY_TIME_LAZY_EXEC,
    RY_TIME_SLEEPER,
    RY_TIME_MODES
};

/* What a world that is over came to. */
void ry_time_look_at_end(struct ry_time_world *world, struct ry_time_outcome *outcome);

/* Goes on to the end under one schedule. */
void ry_time_go_on(struct ry_time_world *world, unsigned seed, struct ry_time_outcome *outcome);

/* Runs a battle to its end under one schedule. */
struct ry_time_world *ry_time_run(const struct ry_time_scenario *scenario, unsigned seed,
                                  struct ry_time_outcome *outcome);

/* The same inputs, outputs and state. */
bool ry_time_same(const struct ry_time_outcome *a, const struct ry_time_outcome *b);

/* What the agents of a battle went through, against the oracle of the same inputs: NULL, or what
 * is wrong. */
const char *ry_time_judge(const struct ry_time_world *world, struct ry_time_oracle *oracle);

#endif
