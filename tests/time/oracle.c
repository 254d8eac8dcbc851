#include "tests/time/oracle.h"

#include <string.h>
#include <sys/mman.h>

#include "core/arena/arena.h"
#include "core/exec/source.h"
#include "tests/support/test.h"

/* L(k), written down a second time. */
static int64_t oracle_latency(const struct ry_battle *battle, unsigned agent, uint64_t k)
{
    const struct ry_battle_agent *own = &battle->agent[agent];
    uint64_t stream =
        ry_exec_mix64(~battle->seed + (RY_SOURCE_AGENT + agent) * UINT64_C(0x9e3779b97f4a7c15));
    return own->latency_ns + (int64_t)(ry_exec_mix64(stream ^ k) % ((uint64_t)own->jitter_ns + 1));
}

static int64_t oracle_arrival(const struct ry_time_oracle *oracle, unsigned i, int64_t wake)
{
    const struct ry_time_oracle_agent *agent = &oracle->agent[i];
    int64_t time = wake + oracle_latency(oracle->scenario->battle, i, agent->k + 1);
    return time > agent->arrival ? time : agent->arrival;
}

static void oracle_call(struct ry_time_oracle *oracle, unsigned i, const struct ry_host_wake *wake)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    struct ry_time_wishes wishes;
    unsigned issued = 0;
    ck_assert_int_ge(wake->now, agent->now);
    agent->now = wake->now;
    ry_time_toy_wake(&agent->toy, wake, &wishes);
    if (agent->toy.callbacks == oracle->scenario->crash_at[i]) {
        agent->crashed = true;
        agent->arrival = oracle_arrival(oracle, i, wake->now); /* of its death */
        return;
    }
    if (wishes.sets_timer)
        agent->timer = wishes.timer < wake->now + 1000 ? wake->now + 1000 : wishes.timer;
    for (unsigned n = 0; n < wishes.count; n++) {
        const struct ry_time_wish *wish = &wishes.wish[n];
        if (wish->what == RY_TIME_TOY_INTEREST) {
            for (unsigned s = 0; s < RY_TIME_INSTRUMENTS; s++)
                if (wish->instrument == RY_INTEREST_EVERY || wish->instrument == s)
                    agent->interest[s] = wish->flags;
        } else if (issued++ < RY_TIME_COMMANDS_MAX) {
            ck_assert_uint_lt(agent->due, RY_TIME_ORACLE_COMMANDS);
            agent->arrival = oracle_arrival(oracle, i, wake->now);
            agent->k++;
            agent->command[agent->due++] =
                (struct ry_time_due){.time = agent->arrival, .wish = *wish};
        }
    }
}

/* Fires the timers before `time`. */
static void oracle_timers(struct ry_time_oracle *oracle, unsigned i, int64_t time)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    while (!agent->over && !agent->crashed && agent->timer < time) {
        struct ry_host_wake wake = {
            .kind = RY_WAKE_TIMER, .number = (uint64_t)agent->timer, .now = agent->timer};
        agent->timer = RY_TIME_NEVER;
        oracle_call(oracle, i, &wake);
    }
}

static void oracle_report(struct ry_time_oracle *oracle, const struct ry_report *report)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[report->agent];
    oracle_timers(oracle, report->agent, report->time);
    if (agent->over || agent->crashed)
        return;
    if (report->kind == RY_RP_OUT) {
        agent->over = true;
        return;
    }
    struct ry_host_wake wake = {
        .kind = RY_WAKE_REPORT, .number = report->seq, .now = report->time, .report = *report};
    oracle_call(oracle, report->agent, &wake);
}

static bool oracle_interested(const struct ry_time_oracle_agent *agent,
                              const struct ry_market *record)
{
    unsigned kinds = agent->interest[record->instrument];
    return (record->kind == RY_MK_CHANGE && kinds & RY_INTEREST_CHANGES) ||
           (record->kind == RY_MK_TRADE && kinds & RY_INTEREST_TRADES) ||
           (record->kind == RY_MK_STATE && kinds & RY_INTEREST_STATES);
}

static void oracle_group(struct ry_time_oracle *oracle, unsigned i)
{
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    bool wakes = false, starts = false, ends = false;
    oracle_timers(oracle, i, oracle->market[0].time);
    if (agent->over || agent->crashed)
        return;
    for (unsigned n = 0; n < oracle->markets; n++) {
        const struct ry_market *record = &oracle->market[n];
        ry_time_toy_see(&agent->toy, record);
        wakes |= oracle_interested(agent, record);
        starts |= record->kind == RY_MK_START;
        ends |= record->kind == RY_MK_END;
    }
    agent->over = ends;
    agent->started |= starts;
    if (ends || !agent->started || !(starts || wakes))
        return;
    struct ry_host_wake wake = {.kind = starts ? RY_WAKE_START : RY_WAKE_GROUP,
                                .number = starts ? 0 : oracle->market[0].group,
                                .now = oracle->market[0].time};
    oracle_call(oracle, i, &wake);
}

/* An agent's input must be the next that it owes, at its time. */
static void oracle_check_input(struct ry_time_oracle *oracle, const union ry_input_any *input)
{
    unsigned i = input->head.source - RY_SOURCE_AGENT;
    struct ry_time_oracle_agent *agent = &oracle->agent[i];
    if (input->head.kind == RY_IN_AGENT_DIED) {
        ck_assert(agent->crashed);
        ck_assert_uint_eq(agent->arrived, agent->due);
        ck_assert_int_eq(input->head.time, agent->arrival);
        ck_assert_uint_eq(input->head.flags, 0);
        agent->over = true;
        return;
    }
    ck_assert_uint_lt(agent->arrived, agent->due);
    const struct ry_time_due *command = &agent->command[agent->arrived++];
    ck_assert_int_eq(input->head.time, command->time);
    ck_assert_uint_eq(input->head.source_seq, agent->arrived);
    ck_assert_int_eq(input->head.kind, command->wish.what == RY_TIME_TOY_ORDER ? RY_IN_ORDER
                                       : command->wish.what == RY_TIME_TOY_CANCEL
                                           ? RY_IN_ORDER_CANCEL
                                           : RY_IN_DECISION);
    ck_assert_uint_eq(input->event.ref, command->wish.cl_ord_id); /* lies alike in all three */
    if (command->wish.what == RY_TIME_TOY_ORDER) {
        ck_assert_int_eq(input->event.price, command->wish.price);
        ck_assert_uint_eq(input->event.qty, command->wish.qty);
        ck_assert_int_eq(input->event.side, command->wish.side);
        ck_assert_uint_eq(input->head.flags, command->wish.flags);
    }
}

static void oracle_on_market(void *context, const struct ry_market *record)
{
    struct ry_time_oracle *oracle = context;
    ck_assert_uint_lt(oracle->markets, RY_TIME_ORACLE_OUTPUTS);
    oracle->market[oracle->markets++] = *record;
}

static void oracle_on_report(void *context, const struct ry_report *report)
{
    struct ry_time_oracle *oracle = context;
    ck_assert_uint_lt(oracle->reports, RY_TIME_ORACLE_OUTPUTS);
    oracle->report[oracle->reports++] = *report;
}

static uint64_t oracle_rank(const struct ry_battle *battle, const struct ry_input_head *head)
{
    if (head->source == RY_SOURCE_CLOCK)
        return head->kind == RY_IN_TIME ? RY_EXEC_TIE_FIRST : RY_EXEC_TIE_LAST;
    return ry_exec_key_tie(battle->seed, head->time, head->source);
}

/* Every input at its place, by its own key. */
static void oracle_check_order(const struct ry_battle *battle, const struct ry_input_head *a,
                               const struct ry_input_head *b)
{
    struct ry_exec_key x = {a->time, oracle_rank(battle, a), a->source_seq, a->source};
    struct ry_exec_key y = {b->time, oracle_rank(battle, b), b->source_seq, b->source};
    ck_assert(ry_exec_key_before(&x, &y));
}

void ry_time_oracle_run(struct ry_time_oracle *oracle, const struct ry_time_scenario *scenario,
                        const union ry_input_any *inputs, unsigned count)
{
    const struct ry_battle *battle = scenario->battle;
    const size_t bytes = ry_arena_footprint(&inputs[0].battle);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    struct ry_arena *arena = ry_arena_create(memory, bytes, &inputs[0].battle);
    struct ry_arena_sink sink = {
        .context = oracle, .report = oracle_on_report, .market = oracle_on_market};
    memset(oracle, 0, sizeof *oracle);
    oracle->scenario = scenario;
    for (unsigned i = 0; i < battle->agents; i++) {
        struct ry_time_oracle_agent *agent = &oracle->agent[i];
        ry_time_toy_start(&agent->toy, battle, i);
        agent->timer = RY_TIME_NEVER;
        agent->arrival = agent->now = INT64_MIN;
        for (unsigned s = 0; s < RY_TIME_INSTRUMENTS; s++)
            agent->interest[s] = RY_INTEREST_ALL;
    }
    for (unsigned n = 0; n < count; n++) {
        const union ry_input_any *input = &inputs[n];
        if (n > ry_exec_configured(battle))
            oracle_check_order(battle, &inputs[n - 1].head, &input->head);
        for (unsigned i = 0; n >= ry_exec_configured(battle) && i < battle->agents; i++)
            oracle_timers(oracle, i, input->head.time);
        if (n >= ry_exec_configured(battle) && input->head.source >= RY_SOURCE_AGENT)
            oracle_check_input(oracle, input);
        oracle->markets = oracle->reports = 0;
        ck_assert_int_eq(ry_arena_apply(arena, input, &sink), RY_ARENA_APPLIED);
        if (ry_arena_decided(arena) && n + 1 < count) /* nothing later but the END */
            ck_assert_int_eq(inputs[n + 1].head.time, input->head.time);
        for (unsigned r = 0; r < oracle->reports; r++)
            oracle_report(oracle, &oracle->report[r]);
        for (unsigned i = 0; oracle->markets > 0 && i < battle->agents; i++)
            oracle_group(oracle, i);
        /* whatever is due before the next input must be that input, or later */
        for (unsigned i = 0; n + 1 < count && i < battle->agents; i++) {
            const struct ry_time_oracle_agent *agent = &oracle->agent[i];
            if (!agent->over && agent->arrived < agent->due)
                ck_assert_int_ge(agent->command[agent->arrived].time, inputs[n + 1].head.time);
        }
    }
    munmap(memory, bytes);
}
