#include "core/exec/source_agent.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shm/log.h"

/* What the horizon is while no record of it is read ahead. */
static void set_key(struct ry_exec_agent_source *agent)
{
    if (!agent->source.ready)
        ry_exec_horizon_key(agent->horizon, agent->agent, &agent->source.key);
}

/* ---- what the ring holds --------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void refuse(struct ry_exec_agent_source *agent,
                                                         const char *format, ...)
{
    agent->counters->commands_foreign++;
    if (agent->refused_lines == RY_EXEC_AGENT_REFUSED_LINES)
        return;
    agent->refused_lines++;
    char why[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    ry_log(agent->log, RY_LOG_WARN, "%s: command refused: %s%s", agent->name, why,
           agent->refused_lines == RY_EXEC_AGENT_REFUSED_LINES ? "; further ones are counted only"
                                                               : "");
}

/* Only before the first command: what follows START depends on it. One for all instruments, which
 * costs a look at each, and one for each are all that a host needs. */
static void set_interest(struct ry_exec_agent_source *agent, const struct ry_command *interest)
{
    const bool every = interest->instrument == RY_INTEREST_EVERY;
    const unsigned deaf = every ? RY_INTEREST_DEAF : 0;
    if (interest->wake != 1 || agent->commands != 0)
        refuse(agent, "interest outside the callback of START, or behind a command");
    else if (!ry_interest_makes_sense(interest->flags & ~deaf))
        refuse(agent, "interest %#x makes no sense", (unsigned)interest->flags);
    else if (agent->interests_left == 0 || (every && agent->every_said))
        refuse(agent, "more interests than one for all instruments and one for each");
    else if (!ry_exec_told_interest(agent->told, agent->agent, interest->instrument,
                                    interest->flags))
        refuse(agent, "interest in instrument %u, which does not exist", interest->instrument);
    else {
        agent->interests_left--;
        agent->every_said |= every;
    }
}

/* source.key is set to its arrival. */
static void make_input(struct ry_exec_agent_source *agent, const union ry_command_any *copy)
{
    const struct ry_command *command = &copy->command;
    union ry_input_any *record = &agent->record;
    memset(record, 0, sizeof *record);
    record->head = (struct ry_input_head){
        .kind = command->kind == RY_CM_ORDER    ? RY_IN_ORDER
                : command->kind == RY_CM_CANCEL ? RY_IN_ORDER_CANCEL
                                                : RY_IN_DECISION,
        .slots = command->kind == RY_CM_DECISION ? 2 : 1,
        .source = agent->source.key.source,
        .time = agent->source.key.time,
        .source_seq = agent->source.key.source_seq,
    };
    if (command->kind == RY_CM_DECISION) {
        record->decision.ref = copy->decision.cl_ord_id;
        record->decision.intent = copy->decision.intent;
        record->decision.count = copy->decision.count;
        for (uint32_t i = 0; i < copy->decision.count; i++)
            record->decision.feature[i] = copy->decision.feature[i];
    } else {
        record->event.ref = command->cl_ord_id;
    }
    if (command->kind == RY_CM_ORDER) {
        record->head.instrument = command->instrument;
        record->head.flags = command->flags;
        record->event.price = command->price;
        record->event.qty = command->qty;
        record->event.side = command->side;
    }
    agent->source.ready = true;
}

static bool is_command(const union ry_command_any *copy, unsigned slots)
{
    const uint8_t kind = copy->command.kind;
    if (kind == RY_CM_DECISION)
        return slots == 2 && copy->decision.count <= RY_FEATURES_MAX;
    return kind >= RY_CM_ORDER && kind <= RY_CM_ACK && slots == 1;
}

static void acknowledge(struct ry_exec_agent_source *agent, int64_t wake, int64_t timer)
{
    agent->commands = 0;
    ry_exec_link_acknowledged(&agent->told->link[agent->agent]);
    agent->counters->timers_clamped +=
        !ry_exec_horizon_set_timer(agent->horizon, agent->agent, wake, timer);
}

static void take(struct ry_exec_agent_source *agent, const union ry_command_any *copy,
                 unsigned slots)
{
    const struct ry_command *command = &copy->command; /* kind and wake lie alike in both */
    int64_t wake;
    if (!is_command(copy, slots)) {
        refuse(agent, "kind %u of %u slots is no command", command->kind, slots);
    } else if (!ry_exec_link_wake(&agent->told->link[agent->agent], command->wake, &wake)) {
        refuse(agent, "kind %u names wake %llu, which is not the one to be answered", command->kind,
               (unsigned long long)command->wake);
    } else if (command->kind == RY_CM_ACK) {
        acknowledge(agent, wake, command->timer);
    } else if (command->kind == RY_CM_INTEREST) {
        set_interest(agent, command);
    } else if (agent->commands == agent->commands_max) {
        refuse(agent, "more than %u commands in one callback", agent->commands_max);
    } else if (!ry_exec_horizon_arrival(agent->horizon, agent->agent, wake, &agent->source.key)) {
        refuse(agent, "kind %u would never arrive", command->kind);
    } else {
        agent->commands++;
        make_input(agent, copy);
        if (agent->told->trace != NULL)
            ry_exec_trace_arrived(agent->told->trace, agent->agent, command->wake, &agent->traced);
    }
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Its last record. */
static void die(struct ry_exec_agent_source *agent)
{
    struct ry_input *record = &agent->record.event;
    uint16_t flags = agent->stalled ? RY_INF_STALLED : 0;
    if (!ry_exec_horizon_death(agent->horizon, agent->agent, agent->stalled || agent->outside,
                               &agent->source.key))
        flags |= RY_INF_WALL;
    memset(&agent->record, 0, sizeof agent->record);
    agent->traced.of.source_seq = 0;
    record->head = (struct ry_input_head){
        .kind = RY_IN_AGENT_DIED,
        .slots = 1,
        .source = agent->source.key.source,
        .flags = flags,
        .time = agent->source.key.time,
        .source_seq = agent->source.key.source_seq,
    };
    record->qty = agent->agent;
    agent->source.ready = true;
    agent->state = RY_EXEC_AGENT_DYING;
}

/* Everything that it still says finds room, and nobody looks at it. */
static void stop_reading(struct ry_exec_agent_source *agent)
{
    ry_ring_position_store(agent->position, UINT64_MAX);
}

/* It has something to answer; or is dead, and how much it has said last is to be known. What one
 * says that owes nothing is looked at the next time. */
static bool may_say_more(const struct ry_exec_agent_source *agent)
{
    return agent->dead || ry_exec_link_owes(&agent->told->link[agent->agent]);
}

static void read_ring(struct ry_exec_agent_source *agent)
{
    union {
        union ry_command_any command;
        uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
    } copy;
    const uint64_t before = ry_ring_next(&agent->ring);
    bool empty = false, more = !agent->source.ready && !agent->stalled;
    for (unsigned i = 0; i < RY_EXEC_AGENT_POLL_RECORDS && more && !empty; i++) {
        int slots = ry_ring_read(&agent->ring, &copy);
        empty = slots == RY_RING_EMPTY;
        if (slots > 0)
            take(agent, &copy.command, (unsigned)slots);
        else if (!empty)
            agent->stalled = true; /* it wrote over what was not read: no word of it is sure */
        more = !agent->source.ready && !agent->stalled && may_say_more(agent);
    }
    if (ry_ring_next(&agent->ring) != before)
        ry_ring_position_store(agent->position, ry_ring_next(&agent->ring));
    set_key(agent);
    if (agent->source.ready || !(agent->stalled || (agent->dead && empty)))
        return;
    die(agent);
    stop_reading(agent);
}

static void poll_agent(struct ry_exec_merge_source *source)
{
    struct ry_exec_agent_source *agent = source->context;
    if (agent->state == RY_EXEC_AGENT_LIVE && !source->ready)
        read_ring(agent);
}

static void count_death(struct ry_exec_agent_source *agent)
{
    const uint16_t flags = agent->record.head.flags;
    agent->counters->agents_died++;
    agent->counters->agents_stalled += (flags & RY_INF_STALLED) != 0;
    agent->counters->not_reproducible += (flags & RY_INF_WALL) != 0;
}

static void advance_agent(struct ry_exec_merge_source *source)
{
    struct ry_exec_agent_source *agent = source->context;
    source->ready = false;
    ry_exec_horizon_arrived(agent->horizon, agent->agent, agent->record.head.time);
    if (agent->record.head.kind == RY_IN_AGENT_DIED) {
        count_death(agent);
        ry_exec_agent_source_out(agent);
    } else {
        agent->counters->agent_inputs++;
    }
    if (agent->state == RY_EXEC_AGENT_LIVE)
        read_ring(agent);
    else
        set_key(agent);
}

void ry_exec_agent_source_start(struct ry_exec_agent_source *agent)
{
    agent->source = (struct ry_exec_merge_source){
        .key = ry_exec_key_never((uint16_t)(RY_SOURCE_AGENT + agent->agent)),
        .next = &agent->record,
        .context = agent,
        .advance = advance_agent,
        .poll = poll_agent,
    };
}

void ry_exec_agent_source_woken(struct ry_exec_agent_source *agent)
{
    set_key(agent);
}

/* Comes while an input is applied, its own perhaps: then advance follows. */
void ry_exec_agent_source_out(struct ry_exec_agent_source *agent)
{
    if (agent->state == RY_EXEC_AGENT_OUT)
        return;
    agent->state = RY_EXEC_AGENT_OUT;
    agent->source.ready = false;
    ry_exec_horizon_out(agent->horizon, agent->agent);
    stop_reading(agent);
    set_key(agent);
}
