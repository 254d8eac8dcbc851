/*
 * Looks at the rings of a battle from outside, beside their readers, and knows nothing of how exec
 * works. After each step of exec three things hold, whatever the schedule:
 *
 * - No record on an agent's link has a later T than the first wake on it that the agent has not
 *   answered: an agent that reads all memory that it can map finds nothing of what is to come.
 * - No input has the T of a wake that was given before it, or an earlier one: what an agent is
 *   called for is complete. (START is: it is given at once, and nothing at its T but its answers
 *   goes on.)
 * - Wakes count from 1, without a gap.
 *
 * All three end where the battle, or an agent's part in it, does: nobody is called any more.
 */
#ifndef RY_TESTS_TIME_ONLOOKER_H
#define RY_TESTS_TIME_ONLOOKER_H

#include "shm/records/command.h"
#include "shm/records/links.h"
#include "shm/records/told.h"
#include "tests/time/scenario.h"

#define RY_TIME_ONLOOKER_WAKES 4096 /* that are not answered, of one agent; a power of two */

struct ry_time_onlooker_agent {
    struct ry_ring_reader link, commands;
    uint64_t given, answered; /* wakes */
    int64_t wake[RY_TIME_ONLOOKER_WAKES];
    int64_t latest;        /* T of all records on the link */
    int64_t called;        /* T of the last wake but START */
    int64_t called_before; /* as of the last look */
    bool gone;             /* dead, out, or over */
};

struct ry_time_onlooker {
    const struct ry_battle *battle;
    const struct ry_exec_positions *positions;
    struct ry_ring_reader inputs;
    struct ry_time_onlooker_agent agent[RY_TIME_AGENTS];
    uint64_t looked;  /* records on all rings */
    char broken[160]; /* the first thing that must not be; empty: nothing */
};

/* The readers are set; the rest is made here. */
void ry_time_onlooker_start(struct ry_time_onlooker *onlooker, const struct ry_battle *battle,
                            const struct ry_exec_positions *positions);

void ry_time_onlooker_look(struct ry_time_onlooker *onlooker);

#endif
