#include "tests/support/results_rig.h"

#include <string.h>

const struct ry_battle_id stage_id = {.byte = {0x5a, 0xa0}};

void stage_open(struct stage *s, const struct ry_input_battle *battle,
                const struct ry_arena_sink *next)
{
    s->rig = ry_test_arena_open(battle);
    s->inputs = 0;
    ry_results_open(&s->results, &stage_id, next);
}

void stage_close(struct stage *s)
{
    ry_results_close(&s->results);
    ry_test_arena_close(&s->rig);
}

void stage_put(struct stage *s, const union ry_input_any *input)
{
    if (s->inputs < STAGE_KEPT)
        s->kept[s->inputs] = *input;
    ry_results_before(&s->results, ++s->inputs, input);
    enum ry_arena_applied applied = ry_arena_apply(s->rig.arena, input, &s->results.sink);
    ck_assert_int_eq(
        ry_results_after(&s->results, s->rig.arena, input, applied == RY_ARENA_APPLIED), 0);
}

void stage_event(struct stage *s, struct ry_input in)
{
    in.head.slots = 1;
    in.head.time = s->rig.time;
    stage_put(s, &(union ry_input_any){.event = in});
}

void stage_describe(struct stage *s, const struct ry_input_battle *battle, int64_t loss_max)
{
    stage_put(s, &(union ry_input_any){.battle = *battle});
    for (uint16_t i = 0; i < battle->instruments; i++) {
        union ry_input_any input = {.instrument = {
                                        .head = {.kind = RY_IN_INSTRUMENT,
                                                 .slots = 3,
                                                 .instrument = i,
                                                 .source = RY_SOURCE_FEED},
                                        .currency = "USD",
                                        .price_scale = 2,
                                        .tick_size = 1,
                                        .money_per_unit = 10000,
                                    }};
        input.instrument.symbol[0] = 'S';
        input.instrument.symbol[1] = (char)('0' + i);
        stage_put(s, &input);
    }
    for (uint16_t i = 0; i < battle->agents; i++) {
        union ry_input_any input = {.agent = {
                                        .head = {.kind = RY_IN_AGENT,
                                                 .slots = 2,
                                                 .source = (uint16_t)(RY_SOURCE_AGENT + i)},
                                        .cash = STAGE_CASH,
                                        .notional_max = INT64_MAX,
                                        .position_max = 1000000,
                                        .quantity_max = 10000,
                                        .open_orders_max = 50,
                                        .rate_max = 1000000,
                                        .collar_ppm = 500000,
                                        .loss_max = loss_max,
                                    }};
        input.agent.name[0] = 'a';
        input.agent.name[1] = (char)('0' + i);
        stage_put(s, &input);
    }
}

void stage_add(struct stage *s, uint64_t ref, uint8_t side, int64_t price, uint32_t qty)
{
    stage_event(s, (struct ry_input){.head = {.kind = RY_IN_ADD, .source = RY_SOURCE_FEED},
                                     .ref = ref,
                                     .side = side,
                                     .price = price,
                                     .qty = qty});
}

void stage_last(struct stage *s, int64_t price)
{
    stage_event(s, (struct ry_input){.head = {.kind = RY_IN_LAST, .source = RY_SOURCE_FEED},
                                     .price = price,
                                     .qty = 1});
}

void stage_order(struct stage *s, uint16_t agent, uint64_t ref, uint8_t side, int64_t price,
                 uint32_t qty)
{
    stage_event(s, (struct ry_input){
                       .head = {.kind = RY_IN_ORDER, .source = (uint16_t)(RY_SOURCE_AGENT + agent)},
                       .ref = ref,
                       .side = side,
                       .price = price,
                       .qty = qty});
}

void stage_time(struct stage *s, int64_t time)
{
    s->rig.time = time;
    stage_event(s, (struct ry_input){.head = {.kind = RY_IN_TIME}});
}

void stage_died(struct stage *s, uint16_t agent, uint16_t flags)
{
    stage_event(s,
                (struct ry_input){
                    .head = {.kind = RY_IN_AGENT_DIED, .source = RY_SOURCE_CONTROL, .flags = flags},
                    .qty = agent});
}

void stage_end(struct stage *s)
{
    stage_event(s, (struct ry_input){.head = {.kind = RY_IN_END}});
    ry_results_value(&s->results, s->rig.arena);
}

struct ry_input_battle stage_battle(uint16_t agents)
{
    struct ry_input_battle battle = ry_test_arena_battle(100, 1, agents);
    strcpy(battle.name, "small");
    battle.trade_from = RY_NS_PER_SECOND;
    battle.trade_to = 31 * RY_NS_PER_SECOND;
    battle.round_ns = 10 * RY_NS_PER_SECOND;
    battle.fee_maker_ppm = 100;
    battle.fee_taker_ppm = 300;
    battle.haircut_ppm = 10000;
    return battle;
}

void stage_play(struct stage *s)
{
    const struct ry_input_battle battle = stage_battle(3);
    stage_describe(s, &battle, INT64_MAX);
    stage_last(s, 1000);
    stage_add(s, 1, RY_BUY, 990, 50);
    stage_add(s, 2, RY_SELL, 1010, 60);
    stage_time(s, RY_NS_PER_SECOND);
    stage_order(s, 1, 1, RY_SELL, 1005, 20);
    stage_order(s, 0, 1, RY_BUY, 1010, 30);
    stage_order(s, 2, 1, RY_BUY, 9000, 5);
    stage_order(s, 2, 2, RY_BUY, 1010, 100);
    stage_order(s, 0, 2, RY_SELL, 1010, 15);
    stage_last(s, 1020);
    stage_time(s, 11 * RY_NS_PER_SECOND);
}

struct journal_folder stage_journal(const struct stage *s, uint64_t inputs)
{
    static struct ry_journal_writer writer; /* large */
    struct ry_journal_options options = journal_options(false);
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0;
    ck_assert_uint_le(inputs, STAGE_KEPT);
    options.battle_id = stage_id;
    ck_assert_int_eq(ry_journal_writer_open(&writer, folder.path, &options), 0);
    for (uint64_t i = 0; i < inputs; i++) {
        memcpy(ry_journal_writer_room(&writer), &s->kept[i], sizeof s->kept[i]);
        ck_assert_int_eq(ry_journal_writer_took(&writer, s->kept[i].head.slots, slot, 0), 0);
        slot += s->kept[i].head.slots;
    }
    ck_assert_int_eq(ry_journal_writer_flush(&writer, 0), 0);
    ry_journal_writer_close(&writer);
    return folder;
}
