#include "core/exec/source_agent.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shm/log.h"

static int64_t later(int64_t time, int64_t by)
{
    int64_t sum;
    return __builtin_add_overflow(time, by, &sum) ? RY_TIME_NEVER : sum;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- the horizon ----------------------------------------------------------------------------- */

static int64_t horizon_time(const struct ry_exec_agent_source *agent)
{
    int64_t first =
        agent->queue->first_time < agent->timer ? agent->queue->first_time : agent->timer;
    if (first == RY_TIME_NEVER)
        return RY_TIME_NEVER;
    return larger(agent->last_arrival, later(first, agent->next_latency));
}

static void set_time(struct ry_exec_agent_source *agent, int64_t time)
{
    struct ry_exec_key *key = &agent->source.key;
    key->source_seq = agent->k + 1;
    if (key->time != time || key->tie == RY_EXEC_TIE_FIRST || key->tie == RY_EXEC_TIE_LAST)
        key->tie = ry_exec_key_tie(agent->seed, time, key->source);
    key->time = time;
}

static void set_key(struct ry_exec_agent_source *agent)
{
    struct ry_exec_key *key = &agent->source.key;
    if (agent->source.ready)
        return;
    if (agent->state == RY_EXEC_AGENT_LIVE && agent->queue->start_time != RY_TIME_NEVER) {
        *key = (struct ry_exec_key){.time = agent->queue->start_time,
                                    .tie = RY_EXEC_TIE_FIRST,
                                    .source_seq = agent->k + 1,
                                    .source = key->source};
        return;
    }
    int64_t time = agent->state == RY_EXEC_AGENT_LIVE ? horizon_time(agent) : RY_TIME_NEVER;
    if (time == RY_TIME_NEVER)
        *key = ry_exec_key_never(key->source);
    else
        set_time(agent, time);
}

/* ---- what the ring holds --------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void refuse(struct ry_exec_agent_source *agent,
                                                         const char *format, ...)
{
    agent->counters->commands_foreign++;
    if (agent->told == RY_EXEC_AGENT_WRONG_TOLD)
        return;
    agent->told++;
    char why[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    ry_log(agent->log, RY_LOG_WARN, "%s: command refused: %s%s", agent->name, why,
           agent->told == RY_EXEC_AGENT_WRONG_TOLD ? "; further ones are counted only" : "");
}

/* T of the wake that a record names; false: it names none that it may. */
static bool wake_time(const struct ry_exec_agent_source *agent, uint8_t kind, uint64_t number,
                      int64_t *time)
{
    if (kind != RY_WAKE_TIMER)
        return ry_exec_wakes_time(agent->wakes, agent->agent, kind, number, time);
    *time = agent->timer;
    return agent->timer != RY_TIME_NEVER && number == (uint64_t)agent->timer;
}

/* What a host of the house never asks for would let the horizon fall back. */
static int64_t checked_timer(struct ry_exec_agent_source *agent, const struct ry_command *ack,
                             int64_t wake)
{
    if (ack->timer == agent->timer && ack->wake != RY_WAKE_TIMER)
        return ack->timer;
    int64_t earliest = later(wake, RY_TIMER_NS_MIN);
    if (ack->timer >= earliest)
        return ack->timer;
    agent->counters->timers_clamped++;
    return earliest;
}

static void acknowledge(struct ry_exec_agent_source *agent, const struct ry_command *ack,
                        int64_t wake)
{
    agent->timer = checked_timer(agent, ack, wake);
    if (ack->wake != RY_WAKE_TIMER)
        ry_exec_wakes_acknowledge(agent->wakes, agent->agent, ack->wake, ack->number);
}

/* Only before the first record that becomes an input: what follows START depends on it. */
static void set_interest(struct ry_exec_agent_source *agent, const struct ry_command *interest)
{
    if (interest->wake != RY_WAKE_START || agent->k != 0)
        refuse(agent, "interest outside the callback of START, or behind a command");
    else if (!ry_exec_wakes_interest(agent->wakes, agent->agent, interest->instrument,
                                     interest->flags & RY_INTEREST_ALL))
        refuse(agent, "interest in instrument %u, which does not exist", interest->instrument);
}

static void make_input(struct ry_exec_agent_source *agent, const union ry_command_any *copy,
                       int64_t wake)
{
    const struct ry_command *command = &copy->command;
    union ry_input_any *record = &agent->record;
    set_time(agent, larger(agent->last_arrival, later(wake, agent->next_latency)));
    memset(record, 0, sizeof *record);
    record->head = (struct ry_input_head){
        .kind = command->kind == RY_CM_ORDER    ? RY_IN_ORDER
                : command->kind == RY_CM_CANCEL ? RY_IN_ORDER_CANCEL
                                                : RY_IN_DECISION,
        .slots = command->kind == RY_CM_DECISION ? 2 : 1,
        .source = agent->source.key.source,
        .time = agent->source.key.time,
        .source_seq = agent->k + 1,
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

static void take(struct ry_exec_agent_source *agent, const union ry_command_any *copy,
                 unsigned slots)
{
    const struct ry_command *command = &copy->command; /* kind, wake and number lie alike in both */
    int64_t wake;
    if (command->kind < RY_CM_ORDER || command->kind > RY_CM_ACK ||
        slots != (command->kind == RY_CM_DECISION ? 2 : 1) ||
        (command->kind == RY_CM_DECISION && copy->decision.count > RY_FEATURES_MAX)) {
        refuse(agent, "kind %u of %u slots is no command", command->kind, slots);
    } else if (!wake_time(agent, command->wake, command->number, &wake)) {
        refuse(agent, "kind %u names wake %u:%llu, which does not wait for it", command->kind,
               command->wake, (unsigned long long)command->number);
    } else if (command->kind == RY_CM_ACK) {
        acknowledge(agent, command, wake);
    } else if (command->kind == RY_CM_INTEREST) {
        set_interest(agent, command);
    } else if (later(wake, agent->next_latency) == RY_TIME_NEVER) {
        refuse(agent, "kind %u would never arrive", command->kind);
    } else {
        make_input(agent, copy, wake);
    }
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Its last record; its time is its horizon (one that dies in START's callback holds nobody up
 * there), or where that is never, as early as can be. A kill from outside falls at any of its
 * callbacks, so another run would have another horizon. */
static void die(struct ry_exec_agent_source *agent)
{
    struct ry_input *record = &agent->record.event;
    uint16_t flags = agent->stalled   ? RY_INF_STALLED | RY_INF_WALL
                     : agent->outside ? RY_INF_WALL
                                      : 0;
    int64_t time = horizon_time(agent);
    if (time == RY_TIME_NEVER) {
        time = larger(*agent->present, *agent->mark);
        flags |= RY_INF_WALL;
    }
    set_time(agent, time);
    memset(&agent->record, 0, sizeof agent->record);
    record->head = (struct ry_input_head){
        .kind = RY_IN_AGENT_DIED,
        .slots = 1,
        .source = agent->source.key.source,
        .flags = flags,
        .time = agent->source.key.time,
        .source_seq = agent->k + 1,
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

static void read_ring(struct ry_exec_agent_source *agent)
{
    union {
        union ry_command_any command;
        uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
    } copy;
    const uint64_t before = ry_ring_next(&agent->ring);
    bool empty = false;
    for (unsigned i = 0;
         i < RY_EXEC_AGENT_POLL_RECORDS && !agent->source.ready && !agent->stalled && !empty; i++) {
        int slots = ry_ring_read(&agent->ring, &copy);
        empty = slots == RY_RING_EMPTY;
        if (slots > 0)
            take(agent, &copy.command, (unsigned)slots);
        else if (!empty)
            agent->stalled = true; /* it wrote over what was not read: no word of it is sure */
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
    agent->last_arrival = agent->record.head.time;
    agent->k++;
    agent->next_latency = ry_exec_agent_latency(agent->seed, agent->agent, agent->k + 1,
                                                agent->latency, agent->jitter);
    if (agent->record.head.kind == RY_IN_AGENT_DIED) {
        count_death(agent);
        agent->state = RY_EXEC_AGENT_OUT;
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
    agent->queue = &agent->wakes->queue[agent->agent];
    agent->latency = larger(agent->latency, RY_LATENCY_NS_MIN);
    agent->next_latency =
        ry_exec_agent_latency(agent->seed, agent->agent, 1, agent->latency, agent->jitter);
    agent->last_arrival = INT64_MIN;
    agent->timer = RY_TIME_NEVER;
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
    stop_reading(agent);
    set_key(agent);
}
