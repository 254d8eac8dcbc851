/*
 * A whole battle in one process, for the simulation of time: a real exec (merge, sources, machine),
 * real hosts with toy strategies, a feed, a journal and a supervisor, all on rings so small that
 * everybody waits for everybody. Who is stepped when is up to a seeded scheduler; what a step can
 * see follows from that.
 */
#ifndef RY_TESTS_UNIT_TIME_TEST_TIME_WORLD_H
#define RY_TESTS_UNIT_TIME_TEST_TIME_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "tests/support/exec_rig.h"
#include "tests/unit/time/test_time_toy.h"

#define WORLD_AGENTS       4
#define WORLD_EVENTS       400
#define WORLD_LOG          8192
#define WORLD_COMMANDS_MAX 4
#define WORLD_INSTRUMENTS  2

enum {
    SLOTS_MARKET = 64,
    SLOTS_REPORTS = 16,
    SLOTS_COMMANDS = 16,
    SLOTS_INPUTS = 32,
    SLOTS_EVENTS = 16
};

/* How the wiring of the hosts is broken on purpose, once the warm-up is over. */
enum sabotage {
    SOUND = 0,
    ROOM_BY_ACKNOWLEDGEMENT, /* exec sees how far a host has read only when a callback is over */
    ROOM_BY_WAKE,            /* .. only when something wakes */
    TIMER_BEFORE_MARK,       /* the host believes that everything is published */
    MARK_NEVER_STORED,       /* .. that nothing ever is */
};

/* What is alike in all schedules of one battle. */
struct scenario {
    struct ry_battle *battle;
    struct ry_input event[WORLD_EVENTS];
    unsigned events;
    uint64_t crash_at[WORLD_AGENTS]; /* dies inside this callback; 0: never */
    enum ry_control_how how;         /* it died, as the supervisor says */
};

struct actor_host {
    struct ry_host host;
    struct toy toy;
    void *memory;
    struct ry_agent_commands own;  /* what the host stores */
    struct ry_agent_commands seen; /* what exec sees of it */
    ry_atomic_i64 mark;            /* what the host sees of exec's, if broken */
    struct ry_host_wake wake;
    bool in_callback, crashed, buried, over;
    enum ry_host_result result;
};

struct world {
    const struct scenario *scenario;
    enum sabotage sabotage;
    struct ry_exec exec;
    struct ry_exec_market market_head;
    struct ry_exec_reports reports_head[WORLD_AGENTS];
    struct ry_exec_positions positions;
    struct ry_ring_position journal;
    struct actor_host agent[WORLD_AGENTS];
    struct ry_ring_writer events, control;
    struct ry_ring_reader inputs;
    unsigned sent;
    void *memory[5 + 2 * WORLD_AGENTS];
    unsigned memories;
    void *arena_memory, *exec_memory;
    size_t arena_bytes, exec_bytes;
    struct ry_ring_writer log;
    union ry_input_any *read; /* what the journal has */
    unsigned count;
    uint64_t steps;
};

/* ---- making it ------------------------------------------------------------------------------- */

static inline void world_ring(struct world *world, uint64_t slots, struct ry_ring_writer *writer,
                              struct ry_ring_reader *reader)
{
    void *memory = rig_memory(ry_ring_footprint(slots));
    world->memory[world->memories++] = memory;
    ry_ring_create(writer, memory, slots);
    if (reader != NULL)
        ck_assert_int_eq(ry_ring_join(reader, memory, ry_ring_footprint(slots)), 0);
}

static inline void *world_reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    return memory;
}

static inline void world_see(void *context, const struct ry_market *record)
{
    toy_see(context, record);
}

static inline void toy_start(struct toy *toy, const struct ry_battle *battle, unsigned agent)
{
    *toy = (struct toy){
        .state = ry_exec_mix64(battle->seed + agent + 1),
        .character = (agent + (unsigned)battle->seed) % 4,
        .instruments = battle->instruments,
        .timer = RY_TIME_NEVER,
    };
}

static inline void world_agent(struct world *world, struct ry_exec_parts *parts,
                               struct ry_ring_reader market, unsigned i)
{
    struct actor_host *agent = &world->agent[i];
    struct ry_exec_parts_agent *part = &parts->agent[i];
    const bool room_broken =
        world->sabotage == ROOM_BY_ACKNOWLEDGEMENT || world->sabotage == ROOM_BY_WAKE;
    const bool mark_broken =
        world->sabotage == TIMER_BEFORE_MARK || world->sabotage == MARK_NEVER_STORED;
    struct ry_host_parts host = {
        .market = market,
        .mark = mark_broken ? &agent->mark : &world->market_head.mark,
        .commands_read = &world->reports_head[i].commands,
        .market_read = &agent->own.market,
        .reports_read = &agent->own.reports,
        .instruments = world->scenario->battle->instruments,
        .commands_max = WORLD_COMMANDS_MAX,
        .market_queue = 4096,
        .reports_queue = 1024,
        .see = world_see,
        .context = &agent->toy,
    };
    world_ring(world, SLOTS_REPORTS, &part->reports, &host.reports);
    world_ring(world, SLOTS_COMMANDS, &host.commands, &part->commands);
    part->reports_head = &world->reports_head[i];
    part->commands_head = room_broken ? &agent->seen : &agent->own;
    ry_store_relaxed(&agent->mark,
                     world->sabotage == TIMER_BEFORE_MARK ? RY_TIME_NEVER : INT64_MIN);
    host.memory = agent->memory = world_reserve(ry_host_footprint(&host));
    toy_start(&agent->toy, world->scenario->battle, i);
    ry_host_start(&agent->host, &host);
}

static inline struct world *world_open(const struct scenario *scenario, enum sabotage sabotage)
{
    struct world *world = rig_memory(sizeof *world);
    const struct ry_battle *battle = scenario->battle;
    world->scenario = scenario;
    world->sabotage = sabotage;
    world->read = calloc(WORLD_LOG, sizeof *world->read);
    union ry_input_any record;
    ry_exec_configure(battle, 0, &record);
    world->arena_bytes = ry_arena_footprint(&record.battle);
    world->arena_memory = world_reserve(world->arena_bytes);
    struct ry_exec_parts parts = {
        .battle = battle,
        .arena = ry_arena_create(world->arena_memory, world->arena_bytes, &record.battle),
        .positions = &world->positions,
        .journal = &world->journal,
        .market_head = &world->market_head,
        .groups_max = 4096,
        .runs_max = 1024,
    };
    world->exec_bytes = ry_exec_footprint(battle, parts.groups_max, parts.runs_max);
    world->exec_memory = parts.memory = world_reserve(world->exec_bytes);
    struct ry_ring_reader market;
    world_ring(world, SLOTS_INPUTS, &parts.inputs, &world->inputs);
    world_ring(world, SLOTS_MARKET, &parts.market, &market);
    world_ring(world, RY_RING_SLOTS_MIN, &world->control, &parts.control);
    world_ring(world, SLOTS_EVENTS, &world->events, &parts.events[0]);
    world_ring(world, 64, &world->log, NULL); /* nobody reads what is logged */
    parts.log = &world->log;
    for (unsigned i = 0; i < battle->agents; i++)
        world_agent(world, &parts, market, i);
    ry_exec_start(&world->exec, &parts);
    return world;
}

static inline void world_close(struct world *world)
{
    for (unsigned i = 0; i < world->scenario->battle->agents; i++)
        munmap(world->agent[i].memory, ry_host_footprint(&world->agent[i].host.parts));
    for (unsigned i = 0; i < world->memories; i++)
        free(world->memory[i]);
    munmap(world->arena_memory, world->arena_bytes);
    munmap(world->exec_memory, world->exec_bytes);
    free(world->read);
    free(world);
}

/* ---- the actors: each step does a little ----------------------------------------------------- */

static inline void copy_words(struct actor_host *agent)
{
    ry_ring_position_store(&agent->seen.market, ry_load_relaxed(&agent->own.market.next));
    ry_ring_position_store(&agent->seen.reports, ry_load_relaxed(&agent->own.reports.next));
}

static inline void carry_out(struct ry_host *host, const struct toy_wish *wish)
{
    static const int64_t features[2] = {-5, 7};
    switch (wish->what) {
    case TOY_ORDER:
        ry_host_order(host, wish->instrument, wish->side, wish->price, wish->qty,
                      (uint16_t)wish->flags, wish->cl_ord_id);
        break;
    case TOY_CANCEL: ry_host_cancel(host, wish->cl_ord_id); break;
    case TOY_DECISION: ry_host_decision(host, wish->cl_ord_id, 3, features, 2); break;
    case TOY_INTEREST: ry_host_interest(host, wish->instrument, wish->flags); break;
    }
}

/* A callback takes a step of its own: others run while the strategy thinks. */
static inline void step_callback(struct world *world, struct actor_host *agent)
{
    struct toy_wishes wishes;
    agent->in_callback = false;
    toy_wake(&agent->toy, &agent->wake, &wishes);
    for (unsigned i = 0; i < wishes.count; i++)
        carry_out(&agent->host, &wishes.wish[i]);
    if (wishes.sets_timer)
        ry_host_timer(&agent->host, wishes.timer);
    if (agent->toy.callbacks == world->scenario->crash_at[agent - world->agent]) {
        agent->crashed = true;
        return;
    }
    ry_host_done(&agent->host);
    copy_words(agent);
}

static inline void step_host(struct world *world, struct actor_host *agent)
{
    if (agent->over || agent->crashed)
        return;
    if (agent->in_callback) {
        step_callback(world, agent);
        return;
    }
    agent->result = ry_host_next(&agent->host, &agent->wake);
    agent->in_callback = agent->result == RY_HOST_WAKE;
    agent->over = agent->result >= RY_HOST_OUT;
    if (!agent->host.started || agent->over ||
        (world->sabotage == ROOM_BY_WAKE && agent->in_callback))
        copy_words(agent);
}

static inline void step_feed(struct world *world)
{
    if (world->sent > world->scenario->events ||
        !ry_ring_has_room(&world->events, &world->positions.events[0], 1))
        return;
    struct ry_input event = rig_event(RY_IN_FEED_END, 0, RIG_FROM);
    if (world->sent < world->scenario->events)
        event = world->scenario->event[world->sent];
    event.head.source_seq = ++world->sent;
    ry_ring_write(&world->events, &event, 1);
}

static inline void step_journal(struct world *world)
{
    union ry_input_any copy[4];
    int slots = ry_ring_read(&world->inputs, copy);
    if (slots <= 0)
        return;
    ck_assert_uint_lt(world->count, WORLD_LOG);
    memcpy(&world->read[world->count++], copy, (size_t)slots * RY_SLOT_PAYLOAD);
    ry_ring_position_store(&world->journal, ry_ring_next(&world->inputs));
}

static inline void bury(struct world *world, unsigned i)
{
    struct ry_control said = {.kind = RY_CONTROL_AGENT_DIED,
                              .slots = 1,
                              .index = (uint16_t)i,
                              .how = world->scenario->how};
    if (world->agent[i].buried)
        return;
    world->agent[i].buried = true;
    ry_ring_write(&world->control, &said, 1);
}

/* Tells of one crash that it has not told of. */
static inline void step_supervisor(struct world *world)
{
    for (unsigned i = 0; i < world->scenario->battle->agents; i++) {
        if (!world->agent[i].crashed || world->agent[i].buried)
            continue;
        bury(world, i);
        return;
    }
}

enum {
    ACTOR_EXEC,
    ACTOR_FEED,
    ACTOR_JOURNAL,
    ACTOR_SUPERVISOR,
    ACTOR_HOST,
    ACTORS = ACTOR_HOST + WORLD_AGENTS
};

static inline void world_step(struct world *world, unsigned actor)
{
    world->steps++;
    switch (actor) {
    case ACTOR_EXEC: ry_exec_step(&world->exec); break;
    case ACTOR_FEED: step_feed(world); break;
    case ACTOR_JOURNAL: step_journal(world); break;
    case ACTOR_SUPERVISOR: step_supervisor(world); break;
    default:
        if (actor - ACTOR_HOST < world->scenario->battle->agents)
            step_host(world, &world->agent[actor - ACTOR_HOST]);
        break;
    }
}

/* Changes whenever anybody did anything. */
static inline uint64_t world_fingerprint(const struct world *world)
{
    uint64_t hash = world->sent + ((uint64_t)world->count << 32);
    toy_fold(&hash, world->exec.progress + (uint64_t)world->exec.phase);
    toy_fold(&hash, (uint64_t)ry_load_relaxed(&world->market_head.mark));
    for (unsigned i = 0; i < world->scenario->battle->agents; i++) {
        const struct actor_host *agent = &world->agent[i];
        toy_fold(&hash, agent->toy.callbacks + agent->host.counters.records +
                            agent->host.counters.reports);
        toy_fold(&hash, agent->host.parts.market.next + agent->host.parts.commands.next);
        toy_fold(&hash, agent->host.parts.reports.next + world->exec.agent[i].ring.next);
        toy_fold(&hash,
                 agent->in_callback + 2u * agent->crashed + 4u * agent->buried + 8u * agent->over);
    }
    return hash;
}

static inline bool world_over(const struct world *world)
{
    for (unsigned i = 0; i < world->scenario->battle->agents; i++)
        if (!world->agent[i].over && !world->agent[i].crashed)
            return false;
    return world->exec.phase == RY_EXEC_DONE;
}

/* Whether everybody, stepped in turn again and again, does nothing. */
static inline bool world_stuck(struct world *world)
{
    uint64_t before = world_fingerprint(world);
    for (unsigned round = 0; round < 3; round++)
        for (unsigned actor = 0; actor < ACTORS; actor++)
            world_step(world, actor);
    return world_fingerprint(world) == before && !world_over(world);
}

#endif
