#include "tests/time/world.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/support/exec_rig.h"

enum { SLOTS_COMMANDS = 16, SLOTS_INPUTS = 32, SLOTS_EVENTS = 16 };

/* ---- making it ------------------------------------------------------------------------------- */

static void world_ring(struct ry_time_world *world, uint64_t slots, struct ry_ring_writer *writer,
                       struct ry_ring_reader *reader, struct ry_ring_reader *onlooker)
{
    const size_t bytes = ry_ring_footprint(slots);
    void *memory = rig_memory(bytes);
    world->memory[world->memories++] = memory;
    ry_ring_create(writer, memory, slots);
    if (reader != NULL)
        ck_assert_int_eq(ry_ring_join(reader, memory, bytes), 0);
    if (onlooker != NULL)
        ck_assert_int_eq(ry_ring_join(onlooker, memory, bytes), 0);
}

/* Memory that costs nothing until it is used. */
static void *reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    return memory;
}

static void world_see(void *context, const union ry_told_any *record)
{
    ry_time_toy_see(context, record);
}

static void world_see_report(void *context, const struct ry_report *report)
{
    ry_time_toy_see_report(context, report);
}

static void world_rouse(void *context, uint16_t agent, bool drain)
{
    struct ry_time_host *host = &((struct ry_time_world *)context)->agent[agent];
    (void)drain;
    /* R19: pairs with A19 in tests/time/world.c */
    ry_store_release(&host->roused, ry_load_relaxed(&host->roused) + 1);
}

static void world_agent(struct ry_time_world *world, struct ry_exec_parts *parts, unsigned i)
{
    struct ry_time_host *agent = &world->agent[i];
    struct ry_exec_parts_agent *part = &parts->agent[i];
    struct ry_time_onlooker_agent *onlooker = &world->onlooker.agent[i];
    const struct ry_time_scenario *scenario = world->scenario;
    const bool pushy = scenario->pushy >> i & 1;
    ry_time_toy_start(&agent->toy, scenario->battle, i);
    struct ry_host_parts host = {
        .commands_read = &agent->link.commands,
        .link_read = &agent->head.link,
        .instruments = scenario->battle->instruments,
        .commands_max = pushy ? RY_TIME_PUSHY_MAX : RY_TIME_COMMANDS_MAX,
        .deaf = agent->toy.deaf,
        .see = world_see,
        .see_report = world_see_report,
        .context = &agent->toy,
    };
    world_ring(world, scenario->link_slots, &part->link, &host.link, &onlooker->link);
    world_ring(world, SLOTS_COMMANDS, &host.commands, &part->commands, &onlooker->commands);
    part->link_head = &agent->link;
    part->commands_head = &agent->head;
    host.memory = agent->memory = rig_memory(ry_host_footprint(&host));
    ry_host_start(&agent->host, &host);
}

struct ry_time_world *ry_time_world_open(const struct ry_time_scenario *scenario)
{
    struct ry_time_world *world = rig_memory(sizeof *world);
    const struct ry_battle *battle = scenario->battle;
    world->scenario = scenario;
    world->read = calloc(RY_TIME_LOG, sizeof *world->read);
    union ry_input_any record;
    ry_exec_configure(battle, 0, &record);
    world->arena_bytes = ry_arena_footprint(&record.battle);
    world->arena_memory = reserve(world->arena_bytes);
    struct ry_exec_parts parts = {
        .battle = battle,
        .arena = ry_arena_create(world->arena_memory, world->arena_bytes, &record.battle),
        .positions = &world->positions,
        .journal = &world->journal,
        .stream_max = scenario->stream_max,
        .rouse = world_rouse,
        .rouse_context = world,
    };
    world->exec_bytes = ry_exec_footprint(battle, parts.stream_max);
    world->exec_memory = parts.memory = reserve(world->exec_bytes);
    world_ring(world, SLOTS_INPUTS, &parts.inputs, &world->inputs, &world->onlooker.inputs);
    world_ring(world, RY_RING_SLOTS_MIN, &world->control, &parts.control, NULL);
    world_ring(world, SLOTS_EVENTS, &world->events, &parts.events[0], NULL);
    world_ring(world, 64, &world->log, NULL, NULL); /* nobody reads what is logged */
    parts.log = &world->log;
    for (unsigned i = 0; i < battle->agents; i++)
        world_agent(world, &parts, i);
    ry_time_onlooker_start(&world->onlooker, battle, &world->positions);
    ry_exec_start(&world->exec, &parts);
    return world;
}

void ry_time_world_close(struct ry_time_world *world)
{
    for (unsigned i = 0; i < world->scenario->battle->agents; i++)
        free(world->agent[i].memory);
    for (unsigned i = 0; i < world->memories; i++)
        free(world->memory[i]);
    munmap(world->arena_memory, world->arena_bytes);
    munmap(world->exec_memory, world->exec_bytes);
    free(world->read);
    free(world);
}

/* ---- the actors ------------------------------------------------------------------------------ */

static void carry_out(struct ry_host *host, const struct ry_time_wish *wish)
{
    static const int64_t features[2] = {-5, 7};
    switch (wish->what) {
    case RY_TIME_TOY_ORDER:
        ry_host_order(host, wish->instrument, wish->side, wish->price, wish->qty,
                      (uint16_t)wish->flags, wish->cl_ord_id);
        break;
    case RY_TIME_TOY_CANCEL: ry_host_cancel(host, wish->cl_ord_id); break;
    case RY_TIME_TOY_DECISION: ry_host_decision(host, wish->cl_ord_id, 3, features, 2); break;
    case RY_TIME_TOY_INTEREST: ry_host_interest(host, wish->instrument, wish->flags); break;
    }
}

/* A callback takes a step of its own: others run while the strategy thinks. */
static void step_callback(struct ry_time_world *world, struct ry_time_host *agent)
{
    struct ry_time_wishes wishes;
    agent->in_callback = false;
    ry_time_toy_wake(&agent->toy, &agent->wake, agent->host.timer, &wishes);
    for (unsigned i = 0; i < wishes.count; i++)
        carry_out(&agent->host, &wishes.wish[i]);
    if (wishes.sets_timer)
        ry_host_timer(&agent->host, wishes.timer);
    if (agent->toy.callbacks == world->scenario->crash_at[agent - world->agent])
        agent->crashed = true;
    else
        ry_host_done(&agent->host);
}

void ry_time_step_host(struct ry_time_world *world, struct ry_time_host *agent)
{
    if (agent->over || agent->crashed)
        return;
    if (agent->in_callback) {
        step_callback(world, agent);
        return;
    }
    /* A19: pairs with R19 in tests/time/world.c */
    const uint64_t roused = ry_load_acquire(&agent->roused);
    if (agent->asleep && roused == agent->heard)
        return;
    agent->heard = roused;
    agent->result = ry_host_next(&agent->host, &agent->wake);
    agent->in_callback = agent->result == RY_HOST_WAKE;
    agent->over = agent->result >= RY_HOST_OUT;
    agent->asleep = world->scenario->sleepy && agent->result == RY_HOST_NONE;
}

void ry_time_step_feed(struct ry_time_world *world)
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

void ry_time_step_journal(struct ry_time_world *world)
{
    union ry_input_any copy[4];
    int slots = ry_ring_read(&world->inputs, copy);
    if (slots <= 0)
        return;
    ck_assert_uint_lt(world->count, RY_TIME_LOG);
    memcpy(&world->read[world->count++], copy, (size_t)slots * RY_SLOT_PAYLOAD);
    ry_ring_position_store(&world->journal, ry_ring_next(&world->inputs));
}

void ry_time_bury(struct ry_time_world *world, unsigned i, enum ry_control_how how)
{
    const struct ry_control said = {
        .kind = RY_CONTROL_AGENT_DIED, .slots = 1, .index = (uint16_t)i, .how = how};
    if (world->buried[i])
        return;
    world->buried[i] = true;
    world->killed += how == RY_DIED_OUTSIDE;
    ry_ring_write(&world->control, &said, 1);
}

/* Kills whom the scenario says, when it says; tells of one crash that it has not told of. */
static void step_supervisor(struct ry_time_world *world)
{
    const struct ry_time_kill *kill = &world->scenario->kill;
    if (kill->happens && world->steps >= kill->step && !world->agent[kill->agent].over &&
        !world->buried[kill->agent]) {
        world->agent[kill->agent].crashed = true;
        ry_time_bury(world, kill->agent, RY_DIED_OUTSIDE);
        return;
    }
    for (unsigned i = 0; i < world->scenario->battle->agents; i++) {
        if (!world->agent[i].crashed || world->buried[i])
            continue;
        ry_time_bury(world, i, world->scenario->how);
        return;
    }
}

void ry_time_world_step(struct ry_time_world *world, unsigned actor)
{
    world->steps++;
    switch (actor) {
    case RY_TIME_ACTOR_EXEC:
        ry_exec_step(&world->exec);
        ry_time_onlooker_look(&world->onlooker);
        break;
    case RY_TIME_ACTOR_FEED: ry_time_step_feed(world); break;
    case RY_TIME_ACTOR_JOURNAL: ry_time_step_journal(world); break;
    case RY_TIME_ACTOR_SUPERVISOR: step_supervisor(world); break;
    default:
        if (actor - RY_TIME_ACTOR_HOST < world->scenario->battle->agents)
            ry_time_step_host(world, &world->agent[actor - RY_TIME_ACTOR_HOST]);
        break;
    }
}

uint64_t ry_time_world_fingerprint(const struct ry_time_world *world)
{
    uint64_t hash = world->sent + ((uint64_t)world->count << 32);
    ry_time_fold(&hash, world->exec.progress + (uint64_t)world->exec.phase);
    ry_time_fold(&hash, world->onlooker.looked);
    for (unsigned i = 0; i < world->scenario->battle->agents; i++) {
        const struct ry_time_host *agent = &world->agent[i];
        ry_time_fold(&hash, agent->toy.callbacks + agent->host.parts.link.next);
        ry_time_fold(&hash, agent->host.parts.commands.next);
        ry_time_fold(&hash, ry_load_relaxed(&agent->link.commands.next));
        ry_time_fold(&hash, agent->in_callback + 2u * agent->crashed + 4u * world->buried[i] +
                                8u * agent->over);
    }
    return hash;
}

bool ry_time_world_over(const struct ry_time_world *world)
{
    for (unsigned i = 0; i < world->scenario->battle->agents; i++)
        if (!world->agent[i].over && !world->agent[i].crashed)
            return false;
    return world->exec.phase == RY_EXEC_DONE;
}

bool ry_time_world_stuck(struct ry_time_world *world)
{
    uint64_t before = ry_time_world_fingerprint(world);
    for (unsigned round = 0; round < 3; round++)
        for (unsigned actor = 0; actor < RY_TIME_ACTORS; actor++)
            ry_time_world_step(world, actor);
    return ry_time_world_fingerprint(world) == before && !ry_time_world_over(world);
}
