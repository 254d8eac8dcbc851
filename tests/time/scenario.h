/* Random battles for the simulation of time: who fights, what the feed brings, who dies when. */
#ifndef RY_TESTS_TIME_SCENARIO_H
#define RY_TESTS_TIME_SCENARIO_H

#include "core/exec/configure.h"
#include "shm/records/links.h"
#include "tests/time/toy.h"

#define RY_TIME_AGENTS       4    /* at most */
#define RY_TIME_EVENTS       400  /* of the feed, at most */
#define RY_TIME_LOG          8192 /* inputs of a battle, at most */
#define RY_TIME_COMMANDS_MAX 4    /* of one callback */
#define RY_TIME_PUSHY_MAX    7    /* what a pushy host lets through */

/* Somebody outside kills an agent's process. */
struct ry_time_kill {
    bool happens;
    uint16_t agent;
    uint64_t step; /* of the world: in another callback, or in none, in each schedule */
};

/* What is alike in all schedules of one battle. */
struct ry_time_scenario {
    struct ry_battle *battle;
    struct ry_input event[RY_TIME_EVENTS];
    unsigned events;
    uint64_t crash_at[RY_TIME_AGENTS]; /* dies inside this callback; 0: never */
    enum ry_control_how how;           /* it died, as the supervisor says */
    struct ry_time_kill kill;
    uint64_t link_slots, stream_max;
    unsigned pushy; /* bits of agents whose host does not keep to commands_max */
    bool sleepy;    /* hosts sleep until exec rouses them */
};

struct ry_time_scenario *ry_time_scenario_create(unsigned seed);

void ry_time_scenario_destroy(struct ry_time_scenario *scenario);

#endif
