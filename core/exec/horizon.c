#include "core/exec/horizon.h"

#include <assert.h>
#include <string.h>

static int64_t later(int64_t time, int64_t by)
{
    int64_t sum;
    return __builtin_add_overflow(time, by, &sum) ? RY_TIME_NEVER : sum;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void ry_exec_horizon_start(struct ry_exec_horizon *horizon,
                           const struct ry_exec_horizon_parts *parts)
{
    memset(horizon, 0, sizeof *horizon);
    horizon->seed = parts->seed;
    horizon->present = horizon->mark = parts->warmup_from;
    horizon->head = parts->head;
    if (parts->agents > 0)
        ry_exec_wakes_start(&horizon->wakes, parts->memory, parts->agents, parts->instruments,
                            parts->groups_max, parts->runs_max);
}

void ry_exec_horizon_enter(struct ry_exec_horizon *horizon, uint16_t agent, int64_t latency,
                           int64_t jitter)
{
    latency = larger(latency, RY_LATENCY_NS_MIN);
    horizon->agent[agent] = (struct ry_exec_horizon_agent){
        .latency = latency,
        .jitter = jitter,
        .last_arrival = INT64_MIN,
        .next_latency = ry_exec_horizon_latency(horizon->seed, agent, 1, latency, jitter),
        .timer = RY_TIME_NEVER,
    };
}

/* ---- the horizon ----------------------------------------------------------------------------- */

/* What is said in the callback of a wake at T arrives then. */
static int64_t arrival(const struct ry_exec_horizon_agent *agent, int64_t wake)
{
    return larger(agent->last_arrival, later(wake, agent->next_latency));
}

/* Without START's gate. */
static int64_t horizon_time(const struct ry_exec_horizon *horizon, uint16_t agent)
{
    const struct ry_exec_horizon_agent *own = &horizon->agent[agent];
    const int64_t wake = horizon->wakes.queue[agent].first_time;
    const int64_t first = wake < own->timer ? wake : own->timer;
    return first == RY_TIME_NEVER ? RY_TIME_NEVER : arrival(own, first);
}

static void key_at(const struct ry_exec_horizon *horizon, uint16_t agent, int64_t time,
                   struct ry_exec_key *key)
{
    key->source_seq = horizon->agent[agent].k + 1;
    if (key->time != time) /* never START's own T, nor never's: those ties are no hash */
        key->tie = ry_exec_key_tie(horizon->seed, time, key->source);
    key->time = time;
}

void ry_exec_horizon_key(const struct ry_exec_horizon *horizon, uint16_t agent,
                         struct ry_exec_key *key)
{
    const int64_t start = horizon->wakes.queue[agent].start_time;
    if (start != RY_TIME_NEVER) {
        *key = (struct ry_exec_key){.time = start,
                                    .tie = RY_EXEC_TIE_FIRST,
                                    .source_seq = horizon->agent[agent].k + 1,
                                    .source = key->source};
        return;
    }
    const int64_t time = horizon_time(horizon, agent);
    if (time == RY_TIME_NEVER)
        *key = ry_exec_key_never(key->source);
    else
        key_at(horizon, agent, time, key);
}

bool ry_exec_horizon_arrival(const struct ry_exec_horizon *horizon, uint16_t agent, int64_t wake,
                             struct ry_exec_key *key)
{
    const int64_t time = arrival(&horizon->agent[agent], wake);
    if (time == RY_TIME_NEVER)
        return false;
    key_at(horizon, agent, time, key);
    return true;
}

bool ry_exec_horizon_death(const struct ry_exec_horizon *horizon, uint16_t agent,
                           struct ry_exec_key *key)
{
    const int64_t time = horizon_time(horizon, agent);
    const bool expected = time != RY_TIME_NEVER;
    key_at(horizon, agent, expected ? time : ry_exec_horizon_floor(horizon), key);
    return expected;
}

/* ---- what the agent says --------------------------------------------------------------------- */

bool ry_exec_horizon_wake(const struct ry_exec_horizon *horizon, uint16_t agent, uint8_t kind,
                          uint64_t number, int64_t *time)
{
    if (kind != RY_WAKE_TIMER)
        return ry_exec_wakes_time(&horizon->wakes, agent, kind, number, time);
    const int64_t timer = horizon->agent[agent].timer;
    *time = timer;
    return timer != RY_TIME_NEVER && number == (uint64_t)timer;
}

void ry_exec_horizon_arrived(struct ry_exec_horizon *horizon, uint16_t agent, int64_t time)
{
    struct ry_exec_horizon_agent *own = &horizon->agent[agent];
    own->last_arrival = time;
    own->k++;
    own->next_latency =
        ry_exec_horizon_latency(horizon->seed, agent, own->k + 1, own->latency, own->jitter);
}

bool ry_exec_horizon_acknowledge(struct ry_exec_horizon *horizon, uint16_t agent,
                                 const struct ry_command *ack, int64_t wake)
{
    struct ry_exec_horizon_agent *own = &horizon->agent[agent];
    const int64_t earliest = later(wake, RY_TIMER_NS_MIN);
    const bool kept = ack->timer == own->timer && ack->wake != RY_WAKE_TIMER;
    const bool far = kept || ack->timer >= earliest;
    own->timer = far ? ack->timer : earliest;
    if (ack->wake != RY_WAKE_TIMER)
        ry_exec_wakes_acknowledge(&horizon->wakes, agent, ack->wake, ack->number);
    return far;
}

void ry_exec_horizon_out(struct ry_exec_horizon *horizon, uint16_t agent)
{
    ry_exec_wakes_out(&horizon->wakes, agent);
    horizon->agent[agent].timer = RY_TIME_NEVER;
}

/* ---- the mark -------------------------------------------------------------------------------- */

void ry_exec_horizon_mark(struct ry_exec_horizon *horizon, int64_t mark)
{
    if (mark <= horizon->mark)
        return;
    horizon->mark = mark;
    ry_store_release(&horizon->head->mark, mark); /* R6: pairs with A6 in agents/host.c */
}
