/*
 * A whole battle in one process, for the simulation of time: a real exec (merge, sources, machine),
 * real hosts with toy strategies, a feed, a journal and a supervisor, all on rings so small that
 * everybody waits for everybody. Who is stepped when is up to a seeded scheduler; what a step can
 * see follows from that.
 */
#ifndef RY_TESTS_TIME_WORLD_H
#define RY_TESTS_TIME_WORLD_H

#include "core/exec/exec.h"
#include "tests/time/scenario.h"
#include "tests/time/toy.h"

/* How the wiring of the hosts is broken on purpose, once the warm-up is over. */
enum ry_time_sabotage {
    RY_TIME_SOUND = 0,
    RY_TIME_ROOM_BY_ACKNOWLEDGEMENT, /* exec sees how far a host has read only when a callback is
                                        over */
    RY_TIME_ROOM_BY_WAKE,            /* .. only when something wakes */
    RY_TIME_TIMER_BEFORE_MARK,       /* the host believes that everything is published */
    RY_TIME_MARK_NEVER_STORED,       /* .. that nothing ever is */
};

struct ry_time_host {
    struct ry_host host;
    struct ry_time_toy toy;
    void *memory;
    struct ry_agent_commands own;  /* what the host stores */
    struct ry_agent_commands seen; /* what exec sees of it */
    ry_atomic_i64 mark;            /* what the host sees of exec's, if broken */
    struct ry_host_wake wake;
    bool in_callback, crashed, buried, over;
    enum ry_host_result result;
};

struct ry_time_world {
    const struct ry_time_scenario *scenario;
    enum ry_time_sabotage sabotage;
    struct ry_exec exec;
    struct ry_exec_market market_head;
    struct ry_exec_reports reports_head[RY_TIME_AGENTS];
    struct ry_exec_positions positions;
    struct ry_ring_position journal;
    struct ry_time_host agent[RY_TIME_AGENTS];
    struct ry_ring_writer events, control;
    struct ry_ring_reader inputs;
    unsigned sent;
    void *memory[5 + 2 * RY_TIME_AGENTS];
    unsigned memories;
    void *arena_memory, *exec_memory;
    size_t arena_bytes, exec_bytes;
    struct ry_ring_writer log;
    union ry_input_any *read; /* what the journal has */
    unsigned count;
    uint64_t steps;
};

/* Memory that costs nothing until it is used. */
void *ry_time_reserve(size_t bytes);

struct ry_time_world *ry_time_world_open(const struct ry_time_scenario *scenario,
                                         enum ry_time_sabotage sabotage);

void ry_time_world_close(struct ry_time_world *world);

/* The actors; each step does a little. */
void ry_time_step_host(struct ry_time_world *world, struct ry_time_host *agent);

void ry_time_step_feed(struct ry_time_world *world);

void ry_time_step_journal(struct ry_time_world *world);

/* Tells exec of a death, once. */
void ry_time_bury(struct ry_time_world *world, unsigned i);

/* Who can be stepped; the hosts are the last ones. */
enum {
    RY_TIME_ACTOR_EXEC,
    RY_TIME_ACTOR_FEED,
    RY_TIME_ACTOR_JOURNAL,
    RY_TIME_ACTOR_SUPERVISOR,
    RY_TIME_ACTOR_HOST,
    RY_TIME_ACTORS = RY_TIME_ACTOR_HOST + RY_TIME_AGENTS
};

void ry_time_world_step(struct ry_time_world *world, unsigned actor);

/* Changes whenever anybody did anything. */
uint64_t ry_time_world_fingerprint(const struct ry_time_world *world);

bool ry_time_world_over(const struct ry_time_world *world);

/* Whether everybody, stepped in turn again and again, does nothing. */
bool ry_time_world_stuck(struct ry_time_world *world);

#endif
