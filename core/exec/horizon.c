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

void ry_exec_horizon_start(struct ry_exec_horizon *horizon, uint64_t seed, int64_t warmup_from)
{
    memset(horizon, 0, sizeof *horizon);
    horizon->seed = seed;
    horizon->present = horizon->closed = warmup_from;
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
        .start_time = RY_TIME_NEVER,
        .wake_time = RY_TIME_NEVER,
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
    const int64_t first = own->wake_time < own->timer ? own->wake_time : own->timer;
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
    const int64_t start = horizon->agent[agent].start_time;
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

bool ry_exec_horizon_death(const struct ry_exec_horizon *horizon, uint16_t agent, bool outside,
                           struct ry_exec_key *key)
{
    const int64_t time = horizon_time(horizon, agent);
    const bool expected = !outside && time != RY_TIME_NEVER;
    if (expected)
        key_at(horizon, agent, time, key);
    else
        *key = (struct ry_exec_key){.time = ry_exec_horizon_floor(horizon),
                                    .tie = RY_EXEC_TIE_FIRST,
                                    .source_seq = horizon->agent[agent].k + 1,
                                    .source = key->source};
    return expected;
}

/* ---- what happens ---------------------------------------------------------------------------- */

void ry_exec_horizon_started(struct ry_exec_horizon *horizon, uint16_t agent, int64_t time)
{
    horizon->agent[agent].start_time = time;
    ry_exec_horizon_woken(horizon, agent, time);
}

void ry_exec_horizon_woken(struct ry_exec_horizon *horizon, uint16_t agent, int64_t time)
{
    if (horizon->agent[agent].wake_time != RY_TIME_NEVER)
        return;
    horizon->agent[agent].wake_time = time;
    horizon->fresh |= UINT64_C(1) << agent;
}

void ry_exec_horizon_timer_given(struct ry_exec_horizon *horizon, uint16_t agent)
{
    struct ry_exec_horizon_agent *own = &horizon->agent[agent];
    assert(own->timer < own->wake_time);
    own->wake_time = own->timer;
    own->timer = RY_TIME_NEVER;
}

void ry_exec_horizon_acknowledged(struct ry_exec_horizon *horizon, uint16_t agent, int64_t next)
{
    horizon->agent[agent].start_time = RY_TIME_NEVER;
    horizon->agent[agent].wake_time = next;
}

bool ry_exec_horizon_set_timer(struct ry_exec_horizon *horizon, uint16_t agent, int64_t wake,
                               int64_t timer)
{
    struct ry_exec_horizon_agent *own = &horizon->agent[agent];
    const int64_t earliest = later(wake, RY_TIMER_NS_MIN);
    const bool far = timer == own->timer || timer >= earliest;
    own->timer = far ? timer : earliest;
    return far;
}

void ry_exec_horizon_arrived(struct ry_exec_horizon *horizon, uint16_t agent, int64_t time)
{
    struct ry_exec_horizon_agent *own = &horizon->agent[agent];
    own->last_arrival = time;
    own->k++;
    own->next_latency =
        ry_exec_horizon_latency(horizon->seed, agent, own->k + 1, own->latency, own->jitter);
}

void ry_exec_horizon_out(struct ry_exec_horizon *horizon, uint16_t agent)
{
    struct ry_exec_horizon_agent *own = &horizon->agent[agent];
    own->start_time = own->wake_time = own->timer = RY_TIME_NEVER;
    horizon->fresh &= ~(UINT64_C(1) << agent);
}
