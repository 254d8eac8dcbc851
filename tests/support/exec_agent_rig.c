#include "tests/support/exec_agent_rig.h"

#include <stdlib.h>

struct rig_agent *rig_agent_open_slots(uint64_t slots, int64_t jitter, uint64_t groups,
                                       uint64_t runs)
{
    struct rig_agent *rig = rig_memory(sizeof *rig);
    rig->memory[0] = rig_memory(ry_ring_footprint(slots));
    rig->memory[1] = rig_memory(ry_ring_footprint(RIG_AGENT_SLOTS));
    rig->memory[2] = rig_memory(ry_exec_wakes_footprint(2, 3, groups, runs));
    ry_ring_create(&rig->commands, rig->memory[0], slots);
    ry_ring_create(&rig->log, rig->memory[1], RIG_AGENT_SLOTS);
    ry_exec_horizon_start(&rig->horizon, &(struct ry_exec_horizon_parts){.seed = 7,
                                                                         .warmup_from = RIG_FROM,
                                                                         .agents = 2,
                                                                         .instruments = 3,
                                                                         .groups_max = groups,
                                                                         .runs_max = runs,
                                                                         .memory = rig->memory[2],
                                                                         .head = &rig->head});
    ry_exec_horizon_enter(&rig->horizon, 1, RIG_AGENT_LATENCY, jitter);
    rig->agent = (struct ry_exec_agent_source){
        .position = &rig->position,
        .horizon = &rig->horizon,
        .counters = &rig->counters,
        .log = &rig->log,
        .name = "one",
        .agent = 1,
    };
    ck_assert_int_eq(ry_ring_join(&rig->agent.ring, rig->memory[0], ry_ring_footprint(slots)), 0);
    ry_exec_agent_source_start(&rig->agent);
    return rig;
}

struct rig_agent *rig_agent_open(int64_t jitter, uint64_t groups, uint64_t runs)
{
    return rig_agent_open_slots(RIG_AGENT_SLOTS, jitter, groups, runs);
}

void rig_agent_close(struct rig_agent *rig)
{
    for (unsigned i = 0; i < 3; i++)
        free(rig->memory[i]);
    free(rig);
}

void rig_agent_market(struct rig_agent *rig, enum ry_market_kind kind, uint16_t instrument,
                      int64_t time)
{
    struct ry_market record = {.kind = (uint8_t)kind,
                               .slots = 1,
                               .instrument = instrument,
                               .flags = RY_MKF_LAST,
                               .group = ++rig->group,
                               .time = time};
    ry_exec_horizon_market(&rig->horizon, &record);
    if (ry_exec_horizon_woken(&rig->horizon) & 2)
        ry_exec_agent_source_woken(&rig->agent);
}

void rig_agent_report(struct rig_agent *rig, int64_t time)
{
    struct ry_report record = {.kind = RY_RP_ACCEPTED,
                               .slots = 2,
                               .seq = ++rig->seq,
                               .group = rig->group,
                               .time = time,
                               .agent = 1};
    ry_exec_horizon_report(&rig->horizon, &record);
    if (ry_exec_horizon_woken(&rig->horizon) & 2)
        ry_exec_agent_source_woken(&rig->agent);
}

void rig_agent_command(struct rig_agent *rig, enum ry_command_kind kind, enum ry_wake_kind wake,
                       uint64_t number, uint64_t ref_or_timer)
{
    struct ry_command record = {.kind = (uint8_t)kind,
                                .slots = 1,
                                .wake = (uint8_t)wake,
                                .number = number,
                                .cl_ord_id = ref_or_timer,
                                .timer = (int64_t)ref_or_timer,
                                .side = RY_BUY,
                                .price = 100,
                                .qty = 3,
                                .instrument = 2,
                                .flags = RY_INF_IOC};
    ry_ring_write(&rig->commands, &record, 1);
}

void rig_agent_poll(struct rig_agent *rig)
{
    rig->agent.source.poll(&rig->agent.source);
}

void rig_agent_advance(struct rig_agent *rig)
{
    rig->horizon.present = rig->agent.source.key.time;
    rig->agent.source.advance(&rig->agent.source);
}

void rig_agent_start(struct rig_agent *rig, int64_t time)
{
    rig_agent_market(rig, RY_MK_START, 0, time);
    rig_agent_command(rig, RY_CM_ACK, RY_WAKE_START, 0, RY_TIME_NEVER);
    rig_agent_poll(rig);
}
