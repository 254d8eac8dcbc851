#include "tests/time/onlooker.h"

#include <stdio.h>
#include <string.h>

#define BROKEN(onlooker, ...)                                                                      \
    do {                                                                                           \
        if ((onlooker)->broken[0] == '\0')                                                         \
            snprintf((onlooker)->broken, sizeof(onlooker)->broken, __VA_ARGS__);                   \
    } while (0)

union record {
    union ry_told_any told;
    union ry_command_any command;
    union ry_input_any input;
    uint64_t word[RY_RING_RECORD_BYTES_MAX / 8];
};

void ry_time_onlooker_start(struct ry_time_onlooker *onlooker, const struct ry_battle *battle,
                            const struct ry_exec_positions *positions)
{
    onlooker->battle = battle;
    onlooker->positions = positions;
    for (unsigned i = 0; i < battle->agents; i++) {
        struct ry_time_onlooker_agent *agent = &onlooker->agent[i];
        agent->latest = agent->called = agent->called_before = INT64_MIN;
    }
}

static int64_t time_of(const union ry_told_any *told, int slots)
{
    return slots == 2                           ? told->report.time
           : told->market.kind == RY_TOLD_WAKE  ? told->wake.time
           : told->market.kind == RY_TOLD_LEVEL ? told->level.time
                                                : told->market.time;
}

/* How many wakes the agent has answered, as exec could have read. */
static void look_at_answers(struct ry_time_onlooker *onlooker, struct ry_time_onlooker_agent *agent)
{
    union record copy;
    int slots;
    while ((slots = ry_ring_read(&agent->commands, &copy)) > 0) {
        onlooker->looked++;
        agent->answered += copy.command.command.kind == RY_CM_ACK;
    }
}

static void look_at_wake(struct ry_time_onlooker *onlooker, unsigned i,
                         const struct ry_told_wake *wake)
{
    struct ry_time_onlooker_agent *agent = &onlooker->agent[i];
    if (wake->number != ++agent->given)
        BROKEN(onlooker, "agent %u: wake %llu is numbered %llu", i,
               (unsigned long long)agent->given, (unsigned long long)wake->number);
    agent->wake[agent->given % RY_TIME_ONLOOKER_WAKES] = wake->time;
    if (wake->by != RY_WAKE_START)
        agent->called = wake->time;
}

static void look_at_link(struct ry_time_onlooker *onlooker, unsigned i)
{
    struct ry_time_onlooker_agent *agent = &onlooker->agent[i];
    union record copy;
    int slots;
    while ((slots = ry_ring_read(&agent->link, &copy)) > 0) {
        const int64_t time = time_of(&copy.told, slots);
        onlooker->looked++;
        agent->latest = time > agent->latest ? time : agent->latest;
        if (slots == 1 && copy.told.market.kind == RY_TOLD_WAKE)
            look_at_wake(onlooker, i, &copy.told.wake);
    }
    if (agent->gone)
        return;
    if (slots < 0)
        BROKEN(onlooker, "agent %u: its link was written over", i);
    if (agent->answered >= agent->given)
        return;
    const int64_t owed = agent->wake[(agent->answered + 1) % RY_TIME_ONLOOKER_WAKES];
    if (agent->latest > owed)
        BROKEN(onlooker, "agent %u owes wake %llu at %lld, and %lld lies on its link", i,
               (unsigned long long)agent->answered + 1, (long long)owed, (long long)agent->latest);
}

static void look_at_inputs(struct ry_time_onlooker *onlooker)
{
    union record copy;
    while (ry_ring_read(&onlooker->inputs, &copy) > 0) {
        const struct ry_input_head *head = &copy.input.head;
        onlooker->looked++;
        for (unsigned i = 0; i < onlooker->battle->agents; i++) {
            struct ry_time_onlooker_agent *agent = &onlooker->agent[i];
            if (!agent->gone && head->time <= agent->called_before)
                BROKEN(onlooker, "agent %u was called for %lld, and an input comes at %lld", i,
                       (long long)agent->called_before, (long long)head->time);
            agent->gone |= head->kind == RY_IN_END ||
                           (head->kind == RY_IN_AGENT_DIED && head->source == RY_SOURCE_AGENT + i);
        }
    }
}

void ry_time_onlooker_look(struct ry_time_onlooker *onlooker)
{
    const uint64_t out = ry_load_relaxed(&onlooker->positions->out);
    look_at_inputs(onlooker);
    for (unsigned i = 0; i < onlooker->battle->agents; i++) {
        struct ry_time_onlooker_agent *agent = &onlooker->agent[i];
        agent->gone |= (out >> i & 1) != 0;
        look_at_answers(onlooker, agent);
        look_at_link(onlooker, i);
        agent->called_before = agent->called;
    }
}
