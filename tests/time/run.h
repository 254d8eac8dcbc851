/* One battle under one random schedule, and what it came to. */
#ifndef RY_TESTS_TIME_RUN_H
#define RY_TESTS_TIME_RUN_H

#include "tests/time/world.h"

#define RY_TIME_STEPS_MAX  20000000
#define RY_TIME_LOOK_EVERY 2048

enum ry_time_ending { RY_TIME_ENDED, RY_TIME_STUCK, RY_TIME_LOST, RY_TIME_ENDLESS };

struct ry_time_outcome {
    enum ry_time_ending ending;
    uint64_t input_hash, output_hash, state_hash;
    uint64_t trace[RY_TIME_AGENTS];
    uint64_t callbacks;
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

/* Runs a battle to its end under one schedule. */
struct ry_time_world *ry_time_run(const struct ry_time_scenario *scenario, unsigned seed,
                                  enum ry_time_sabotage sabotage, struct ry_time_outcome *outcome);

bool ry_time_same(const struct ry_time_outcome *a, const struct ry_time_outcome *b);

#endif
