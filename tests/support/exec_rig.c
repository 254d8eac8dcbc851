#include "tests/support/exec_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

uint64_t rig_random(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    return ry_exec_mix64(*state);
}

void *rig_memory(size_t bytes)
{
    void *memory =
        aligned_alloc(RY_ISOLATION, (bytes + RY_ISOLATION - 1) / RY_ISOLATION * RY_ISOLATION);
    ck_assert_ptr_nonnull(memory);
    memset(memory, 0, bytes);
    return memory;
}

struct ry_battle *rig_battle(unsigned feeds, uint16_t instruments, int64_t trade_to)
{
    struct ry_battle *battle = rig_memory(ry_battle_bytes(instruments));
    battle->abi = RY_BATTLE_ABI;
    strcpy(battle->name, "rig");
    strcpy(battle->currency, "USD");
    battle->seed = 7;
    battle->warmup_from = RIG_FROM;
    battle->trade_from = RIG_FROM + 50;
    battle->trade_to = trade_to;
    battle->orders_max = 4096;
    battle->feeds = (uint8_t)feeds;
    battle->instruments = instruments;
    battle->journal_block_bytes = 8192;
    for (unsigned i = 0; i < feeds; i++)
        snprintf(battle->feed[i].name, sizeof battle->feed[i].name, "feed%u", i);
    for (uint16_t i = 0; i < instruments; i++) {
        struct ry_battle_instrument *instrument = &battle->instrument[i];
        snprintf(instrument->symbol, sizeof instrument->symbol, "S%u", (unsigned)i);
        instrument->tick_size = 100;
        instrument->money_per_unit = 100;
        instrument->price_scale = 4;
        instrument->feed = (uint8_t)(feeds > 0 ? i % feeds : 0);
    }
    return battle;
}

void rig_battle_agent(struct ry_battle *battle, int64_t latency, int64_t jitter)
{
    ck_assert_uint_lt(battle->agents, RY_AGENTS_MAX);
    struct ry_battle_agent *agent = &battle->agent[battle->agents];
    *agent = (struct ry_battle_agent){
        .cash = INT64_C(1000000000000),
        .latency_ns = latency,
        .jitter_ns = jitter,
        .notional_max = INT64_MAX,
        .position_max = 1000000,
        .loss_max = INT64_MAX,
        .quantity_max = 10000,
        .open_orders_max = 100,
        .rate_max = 1000000,
        .collar_ppm = 500000,
    };
    snprintf(agent->name, sizeof agent->name, "agent%u", battle->agents++);
    battle->commands_max = 4;
}

void *rig_map(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    return memory;
}

struct ry_arena *rig_arena(const struct ry_battle *battle, size_t *bytes)
{
    union ry_input_any record;
    ry_exec_configure(battle, 0, &record);
    *bytes = ry_arena_footprint(&record.battle);
    struct ry_arena *arena = ry_arena_create(rig_map(*bytes), *bytes, &record.battle);
    ck_assert_ptr_nonnull(arena);
    return arena;
}

static void open_agents(struct rig *rig, struct ry_exec_parts *parts, uint64_t link_slots)
{
    rig->told_bytes = ry_exec_footprint(rig->battle, parts->stream_max);
    parts->memory = rig->told_memory = rig_map(rig->told_bytes);
    for (unsigned i = 0; i < rig->battle->agents; i++) {
        struct rig_agent *agent = &rig->agent[i];
        rig_agent_open(agent, link_slots, RIG_SLOTS);
        parts->agent[i] = (struct ry_exec_parts_agent){
            .link = agent->link_writer,
            .link_head = agent->heads,
            .commands = agent->commands_reader,
            .commands_head = agent->words,
        };
    }
}

struct rig *rig_open_sizes(struct ry_battle *battle, const struct rig_sizes *sizes)
{
    struct rig *rig = rig_memory(sizeof *rig);
    rig->battle = battle;
    rig->positions = rig_memory(sizeof *rig->positions);
    rig->journal = rig_memory(sizeof *rig->journal);
    rig->arena_memory = rig_arena(battle, &rig->arena_bytes);
    struct ry_exec_parts parts = {
        .battle = battle,
        .arena = rig->arena_memory,
        .positions = rig->positions,
        .journal = rig->journal,
        .stream_max = sizes->stream_max,
        .trace = sizes->trace,
    };
    const uint64_t slots[] = {sizes->input_slots, RY_RING_SLOTS_MIN, RIG_SLOTS,
                              RIG_SLOTS,          RIG_SLOTS,         RIG_SLOTS};
    struct ry_ring_writer *writers[] = {&parts.inputs,   &rig->control,   &rig->events[0],
                                        &rig->events[1], &rig->events[2], &rig->events[3]};
    struct ry_ring_reader *readers[] = {&rig->inputs,     &parts.control,   &parts.events[0],
                                        &parts.events[1], &parts.events[2], &parts.events[3]};
    for (unsigned i = 0; i < sizeof slots / sizeof *slots; i++) {
        rig->memory[i] = rig_memory(ry_ring_footprint(slots[i]));
        ry_ring_create(writers[i], rig->memory[i], slots[i]);
        ck_assert_int_eq(ry_ring_join(readers[i], rig->memory[i], ry_ring_footprint(slots[i])), 0);
    }
    if (battle->agents > 0)
        open_agents(rig, &parts, sizes->link_slots);
    ry_exec_start(&rig->exec, &parts);
    return rig;
}

struct rig *rig_open(struct ry_battle *battle, uint64_t input_slots)
{
    return rig_open_sizes(battle, &(struct rig_sizes){.input_slots = input_slots,
                                                      .link_slots = RIG_SLOTS,
                                                      .stream_max = RIG_SLOTS});
}

void rig_close(struct rig *rig)
{
    for (unsigned i = 0; i < rig->battle->agents; i++)
        rig_agent_close(&rig->agent[i]);
    if (rig->told_memory != NULL)
        munmap(rig->told_memory, rig->told_bytes);
    munmap(rig->arena_memory, rig->arena_bytes);
    for (unsigned i = 0; i < sizeof rig->memory / sizeof *rig->memory; i++)
        free(rig->memory[i]);
    free(rig->positions);
    free(rig->journal);
    free(rig->battle);
    free(rig);
}

struct ry_input rig_event(enum ry_input_kind kind, uint16_t instrument, int64_t time)
{
    return (struct ry_input){
        .head = {.kind = (uint8_t)kind, .slots = 1, .instrument = instrument, .time = time}};
}

struct ry_input rig_add(uint16_t instrument, int64_t time, uint64_t ref, enum ry_side side,
                        int64_t price, uint32_t qty)
{
    struct ry_input event = rig_event(RY_IN_ADD, instrument, time);
    event.ref = ref;
    event.side = (uint8_t)side;
    event.price = price;
    event.qty = qty;
    return event;
}

void rig_send(struct rig *rig, unsigned feed, struct ry_input event)
{
    event.head.source_seq = ++rig->feed_seq[feed];
    ry_ring_write(&rig->events[feed], &event, 1);
}

void rig_send_end(struct rig *rig, unsigned feed, int64_t time)
{
    rig_send(rig, feed, rig_event(RY_IN_FEED_END, 0, time));
}

void rig_tell(struct rig *rig, enum ry_control_kind kind, uint16_t index)
{
    struct ry_control control = {.kind = (uint8_t)kind, .slots = 1, .index = index};
    ry_ring_write(&rig->control, &control, 1);
}

bool rig_read(struct rig *rig, union ry_input_any *input)
{
    union ry_input_any copy[4];
    int slots = ry_ring_read(&rig->inputs, copy);
    ck_assert_int_ge(slots, 0);
    if (slots == 0)
        return false;
    memset(input, 0, sizeof *input);
    memcpy(input, copy, (size_t)slots * RY_SLOT_PAYLOAD);
    ck_assert_uint_eq(input->head.slots, (unsigned)slots);
    ry_ring_position_store(rig->journal, ry_ring_next(&rig->inputs));
    return true;
}

void rig_settle(struct rig *rig)
{
    while (ry_exec_step(&rig->exec) > 0)
        ;
}
