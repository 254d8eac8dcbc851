#include "tests/support/told_rig.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define COMMANDS_SLOTS 1024u

static void market_to_told(void *context, const struct ry_market *market)
{
    struct told_rig *rig = context;
    rig->group = market->group;
    ry_exec_told_market(&rig->told, market);
}

static void report_to_told(void *context, const struct ry_report *report)
{
    struct told_rig *rig = context;
    ry_exec_told_report(&rig->told, report);
}

static void rouse(void *context, uint16_t agent, bool drain)
{
    struct told_rig *rig = context;
    rig->roused[agent] += !drain;
    rig->drained[agent] += drain;
}

static void start_agent(struct told_rig *rig, uint16_t i, uint64_t link_slots)
{
    struct rig_agent *agent = &rig->agent[i];
    rig_agent_open(agent, link_slots, COMMANDS_SLOTS);
    ry_exec_horizon_enter(&rig->horizon, i, TOLD_LATENCY, 0);
    ry_exec_told_enter(&rig->told, i, &agent->link_writer, &agent->words->link);
    rig->source[i] = (struct ry_exec_agent_source){
        .ring = agent->commands_reader,
        .position = &agent->heads->commands,
        .horizon = &rig->horizon,
        .told = &rig->told,
        .counters = &rig->counters,
        .log = &rig->log,
        .name = "agent",
        .agent = i,
        .commands_max = TOLD_COMMANDS,
        .interests_left = 1 + TOLD_INSTRUMENTS,
    };
    ry_exec_agent_source_start(&rig->source[i]);
}

static void configure(struct told_rig *rig)
{
    for (unsigned i = 0; i < ry_exec_configured(rig->battle); i++) {
        union ry_input_any record;
        ry_exec_configure(rig->battle, i, &record);
        ck_assert_int_eq(ry_arena_apply(rig->arena, &record, &rig->sink), RY_ARENA_APPLIED);
    }
}

struct told_rig *told_open(unsigned agents, uint64_t link_slots, uint64_t stream_max)
{
    struct told_rig *rig = rig_memory(sizeof *rig);
    rig->battle = rig_battle(1, TOLD_INSTRUMENTS, RY_TIME_NEVER);
    rig->battle->orders_max = 512;
    rig->agents = agents;
    rig->time = RIG_FROM - TOLD_T0;
    for (unsigned i = 0; i < agents; i++)
        rig_battle_agent(rig->battle, TOLD_LATENCY, 0);
    rig->arena = rig_arena(rig->battle, &rig->arena_bytes);
    rig->sink =
        (struct ry_arena_sink){.context = rig, .report = report_to_told, .market = market_to_told};
    rig->log_memory = rig_memory(ry_ring_footprint(64));
    ry_ring_create(&rig->log, rig->log_memory, 64);
    rig->memory_bytes = ry_exec_told_footprint(rig->battle, stream_max);
    rig->memory = rig_map(rig->memory_bytes);
    ry_exec_horizon_start(&rig->horizon, 7, RIG_FROM);
    ry_exec_told_start(&rig->told, &(struct ry_exec_told_parts){.battle = rig->battle,
                                                                .arena = rig->arena,
                                                                .horizon = &rig->horizon,
                                                                .counters = &rig->counters,
                                                                .stream_max = stream_max,
                                                                .memory = rig->memory,
                                                                .rouse = rouse,
                                                                .rouse_context = rig});
    for (uint16_t i = 0; i < agents; i++)
        start_agent(rig, i, link_slots);
    configure(rig);
    return rig;
}

void told_close(struct told_rig *rig)
{
    for (unsigned i = 0; i < rig->agents; i++)
        rig_agent_close(&rig->agent[i]);
    munmap(rig->arena, rig->arena_bytes);
    munmap(rig->memory, rig->memory_bytes);
    free(rig->log_memory);
    free(rig->battle);
    free(rig);
}

/* ---- outputs --------------------------------------------------------------------------------- */

static void look_at_fresh(struct told_rig *rig)
{
    for (uint64_t fresh = ry_exec_horizon_fresh(&rig->horizon); fresh != 0; fresh &= fresh - 1)
        ry_exec_agent_source_woken(&rig->source[__builtin_ctzll(fresh)]);
}

/* The present: a TOP of what came before is closed by a later T. */
static void move_to(struct told_rig *rig, int64_t time)
{
    ck_assert_int_ge(time, rig->time);
    if (time > rig->time && ry_exec_told_open(&rig->told))
        ry_exec_told_close(&rig->told, TOLD_T0 + rig->time);
    rig->time = time;
    rig->horizon.present = TOLD_T0 + time;
}

static void applied(struct told_rig *rig)
{
    ry_exec_told_applied(&rig->told, TOLD_T0 + rig->time);
    look_at_fresh(rig);
}

void told_group(struct told_rig *rig, int64_t time, const char *letters)
{
    struct ry_market record = {.slots = 1, .group = rig->group + 1, .time = TOLD_T0 + time};
    move_to(rig, time);
    for (; *letters != '\0'; letters++) {
        if (*letters >= '0' && *letters <= '9') {
            record.instrument = (uint16_t)(*letters - '0');
            continue;
        }
        record.kind = *letters == 'C' ? RY_MK_CHANGE : *letters == 't' ? RY_MK_TRADE : RY_MK_STATE;
        record.side = RY_BUY;
        rig->sink.market(rig->sink.context, &record);
    }
    applied(rig);
}

static void put_report(struct told_rig *rig, enum ry_report_kind kind, uint16_t agent, int64_t time)
{
    move_to(rig, time);
    const struct ry_report report = {.kind = (uint8_t)kind,
                                     .slots = 2,
                                     .seq = ++rig->report_seq[agent],
                                     .group = rig->group,
                                     .time = TOLD_T0 + time,
                                     .agent = agent};
    rig->sink.report(rig->sink.context, &report);
    applied(rig);
}

void told_report(struct told_rig *rig, uint16_t agent, int64_t time)
{
    put_report(rig, RY_RP_FILL, agent, time);
}

void told_out(struct told_rig *rig, uint16_t agent, int64_t time)
{
    put_report(rig, RY_RP_OUT, agent, time);
    ry_exec_agent_source_out(&rig->source[agent]);
}

void told_end(struct told_rig *rig, int64_t time)
{
    move_to(rig, time);
    const struct ry_market end = {
        .kind = RY_MK_END, .slots = 1, .group = rig->group + 1, .time = TOLD_T0 + time};
    rig->sink.market(rig->sink.context, &end);
    if (ry_exec_told_open(&rig->told))
        ry_exec_told_close(&rig->told, TOLD_T0 + time);
    for (unsigned i = 0; i < rig->agents; i++)
        ry_exec_agent_source_out(&rig->source[i]);
}

void told_input(struct told_rig *rig, struct ry_input input, int64_t time)
{
    move_to(rig, time);
    input.head.slots = 1;
    input.head.time = TOLD_T0 + time;
    input.head.source_seq = ++rig->input_seq;
    ck_assert_int_eq(ry_arena_apply(rig->arena, &(union ry_input_any){.event = input}, &rig->sink),
                     RY_ARENA_APPLIED);
    applied(rig);
}

void told_add(struct told_rig *rig, int64_t time, uint64_t ref, enum ry_side side, int64_t price,
              uint32_t qty)
{
    struct ry_input add = rig_add(0, 0, ref, side, price, qty);
    add.head.source = RY_SOURCE_FEED;
    told_input(rig, add, time);
}

void told_cancel(struct told_rig *rig, int64_t time, uint64_t ref, uint32_t qty)
{
    struct ry_input cancel = rig_event(RY_IN_CANCEL, 0, 0);
    cancel.head.source = RY_SOURCE_FEED;
    cancel.ref = ref;
    cancel.qty = qty;
    told_input(rig, cancel, time);
}

void told_begin(struct told_rig *rig)
{
    told_input(rig, rig_event(RY_IN_TIME, 0, 0), 0);
}

/* ---- delivery -------------------------------------------------------------------------------- */

int told_deliver(struct told_rig *rig, int64_t closed)
{
    if (closed > rig->time && ry_exec_told_open(&rig->told)) {
        ry_exec_told_close(&rig->told, TOLD_T0 + rig->time);
        look_at_fresh(rig);
    }
    return ry_exec_told_deliver(&rig->told, TOLD_T0 + closed, true).waits_for;
}

const char *told_letters(struct told_rig *rig, int64_t closed)
{
    (void)told_deliver(rig, closed);
    return rig_told_letters(&rig->agent[0]);
}

/* ---- answers --------------------------------------------------------------------------------- */

void told_poll(struct told_rig *rig, unsigned agent)
{
    rig->source[agent].source.poll(&rig->source[agent].source);
}

void told_ack(struct told_rig *rig, unsigned agent, int64_t timer)
{
    const struct ry_exec_agent_link *link = &rig->told.link[agent];
    const uint64_t acked = link->acked, foreign = rig->counters.commands_foreign;
    rig_ack(&rig->agent[agent], acked + 1, timer == RY_TIME_NEVER ? timer : TOLD_T0 + timer);
    told_poll(rig, agent);
    ck_assert_uint_eq(link->acked, acked + 1);
    ck_assert_uint_eq(rig->counters.commands_foreign, foreign);
}

void told_start(struct told_rig *rig, unsigned interest)
{
    told_begin(rig);
    told_deliver(rig, 0);
    for (unsigned i = 0; i < rig->agents; i++) {
        rig_told_all(&rig->agent[i]);
        told_deliver(rig, 0);
        rig_told_all(&rig->agent[i]);
        rig_interest(&rig->agent[i], RY_INTEREST_EVERY, interest);
        told_ack(rig, i, RY_TIME_NEVER);
        rig->roused[i] = rig->drained[i] = 0;
    }
}

struct told_rig *told_begun(uint64_t link_slots, unsigned interest)
{
    struct told_rig *rig = told_open(1, link_slots, TOLD_STREAM);
    told_start(rig, interest);
    return rig;
}
