/*
 * A whole battle in one process, for the simulation of time: a real exec (merge, sources, streams,
 * machine), real hosts with toy strategies, a feed, a journal and a supervisor, all on rings so
 * small that everybody waits for everybody. Who is stepped when is up to a seeded scheduler; what a
 * step can see follows from that.
 *
 * An onlooker (onlooker.h) reads every ring beside them and says whether an agent could have read
 * what it must not.
 */
#ifndef RY_TESTS_TIME_WORLD_H
#define RY_TESTS_TIME_WORLD_H

#include "core/exec/exec.h"
#include "tests/time/onlooker.h"
#include "tests/time/scenario.h"
#include "tests/time/toy.h"

struct ry_time_host {
    struct ry_host host;
    struct ry_time_toy toy;
    void *memory;
    struct ry_exec_link link;      /* what exec stores */
    struct ry_agent_commands head; /* what the host stores */
    ry_atomic_u64 roused;          /* times; exec stores it */
    uint64_t heard;                /* of them, when it last looked */
    struct ry_host_wake wake;
    bool in_callback, crashed, over, asleep;
    enum ry_host_result result;
};

struct ry_time_world {
    const struct ry_time_scenario *scenario;
    struct ry_exec exec;
    struct ry_exec_positions positions;
    struct ry_ring_position journal;
    struct ry_time_host agent[RY_TIME_AGENTS];
    struct ry_ring_writer events, control;
    struct ry_ring_reader inputs;
    struct ry_time_onlooker onlooker;
    unsigned sent;
    bool buried[RY_TIME_AGENTS]; /* exec was told that it died */
    unsigned killed;             /* of them from outside */
    void *memory[4 + 2 * RY_TIME_AGENTS];
    unsigned memories;
    void *arena_memory, *exec_memory;
    size_t arena_bytes, exec_bytes;
    struct ry_ring_writer log;
    union ry_input_any *read; /* what the journal has */
    unsigned count;
    uint64_t steps;
};

struct ry_time_world *ry_time_world_open(const struct ry_time_scenario *scenario);

void ry_time_world_close(struct ry_time_world *world);

/* The actors; each step does a little. */
void ry_time_step_host(struct ry_time_world *world, struct ry_time_host *agent);

void ry_time_step_feed(struct ry_time_world *world);

void ry_time_step_journal(struct ry_time_world *world);

/* Tells exec of a death, once. */
void ry_time_bury(struct ry_time_world *world, unsigned i, enum ry_control_how how);

/* Who can be stepped; the hosts are the last ones. */
enum {
    RY_TIME_ACTOR_EXEC,
    RY_TIME_ACTOR_FEED,
    RY_TIME_ACTOR_JOURNAL,
    RY_TIME_ACTOR_SUPERVISOR,
    RY_TIME_ACTOR_HOST,
    RY_TIME_ACTORS = RY_TIME_ACTOR_HOST + RY_TIME_AGENTS
};

/* The onlooker looks after each step of exec. */
void ry_time_world_step(struct ry_time_world *world, unsigned actor);

/* Changes whenever anybody did anything. */
uint64_t ry_time_world_fingerprint(const struct ry_time_world *world);

bool ry_time_world_over(const struct ry_time_world *world);

/* Whether everybody, stepped in turn again and again, does nothing. */
bool ry_time_world_stuck(struct ry_time_world *world);

#endif
