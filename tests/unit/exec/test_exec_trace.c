/*
 * exec's spans: of one record, by hand, through exec's loop, with a clock that counts; that exec
 * does the same with them as without; and what trace.c remembers, against a list that forgets
 * nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/exec_rig.h"

#define NEVER   RY_TIME_NEVER
#define LATENCY 5000
#define FEED    RY_SOURCE_FEED
#define NOBODY  RY_SPAN_NOBODY
#define SLOTS   4096u

/* ---- a battle with traces -------------------------------------------------------------------- */

static int64_t ticks;

static int64_t tick(void)
{
    return ++ticks;
}

struct traced {
    struct rig *rig;
    struct ry_exec_trace *trace; /* NULL: without */
    void *memory;
    struct ry_ring_writer writer;
    struct ry_ring_reader spans;
};

static void add(struct rig *rig, int64_t time, uint64_t ref)
{
    rig_send(rig, 0, rig_add(0, RIG_FROM + time, ref, RY_BUY, 100000 - (int64_t)ref, 1));
}

static void open_trace(struct traced *traced, uint32_t every)
{
    traced->memory = rig_memory(ry_ring_footprint(SLOTS));
    ry_ring_create(&traced->writer, traced->memory, SLOTS);
    ck_assert_int_eq(ry_ring_join(&traced->spans, traced->memory, ry_ring_footprint(SLOTS)), 0);
    traced->trace = rig_memory(sizeof *traced->trace);
    ticks = 0;
    ry_exec_trace_start(traced->trace, &traced->writer, every, tick);
}

/* Two agents that have answered START; the feed's records 1 and 2 are applied, the last trade is
 * there. every 0: without traces. */
static void begin(struct traced *traced, uint32_t every)
{
    *traced = (struct traced){.rig = NULL};
    struct ry_battle *battle = rig_battle(1, 1, NEVER);
    rig_battle_agent(battle, LATENCY, 0);
    rig_battle_agent(battle, LATENCY + 1000, 0);
    if (every != 0)
        open_trace(traced, every);
    struct rig *rig = traced->rig =
        rig_open_sizes(battle, &(struct rig_sizes){.input_slots = RIG_SLOTS,
                                                   .link_slots = RIG_SLOTS,
                                                   .stream_max = RIG_SLOTS,
                                                   .trace = traced->trace});
    add(rig, 10, 1);
    struct ry_input last = rig_event(RY_IN_LAST, 0, RIG_FROM + 10);
    last.price = 100000;
    last.qty = 1;
    rig_send(rig, 0, last);
    rig_settle(rig);
}

static void start(struct rig *rig, unsigned interest)
{
    rig_settle(rig);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_str_eq(rig_told_letters(&rig->agent[i]), "SCb");
        rig_interest(&rig->agent[i], RY_INTEREST_EVERY, interest);
        rig_ack(&rig->agent[i], 1, NEVER);
    }
    rig_settle(rig);
}

static void end(struct traced *traced)
{
    rig_close(traced->rig);
    free(traced->trace);
    free(traced->memory);
}

static void ck_span(struct traced *traced, enum ry_hop hop, uint16_t agent, uint64_t seq,
                    uint64_t input, uint64_t number, uint64_t wake, struct ry_span *span)
{
    uint64_t copy[RY_RING_RECORD_BYTES_MAX / 8];
    ck_assert_int_eq(ry_ring_read(&traced->spans, copy), 1);
    memcpy(span, copy, sizeof *span);
    ck_assert_int_eq(span->hop, hop);
    ck_assert_uint_eq(span->source, FEED);
    ck_assert_uint_eq(span->source_seq, seq);
    ck_assert_uint_eq(span->agent, agent);
    ck_assert_uint_eq(span->input, input);
    ck_assert_uint_eq(span->number, number);
    ck_assert_uint_eq(span->wake, wake);
    ck_assert_int_gt(span->begin_ns, 0);
    ck_assert_int_le(span->begin_ns, span->end_ns);
}

static void ck_no_span(struct traced *traced)
{
    uint64_t copy[RY_RING_RECORD_BYTES_MAX / 8];
    ck_assert_int_eq(ry_ring_read(&traced->spans, copy), RY_RING_EMPTY);
}

/* The first wake that is on the agent's link. */
static struct ry_told_wake wake_of(struct rig *rig, unsigned agent)
{
    union ry_told_any record;
    do
        ck_assert(rig_told(&rig->agent[agent], &record));
    while (record.wake.kind != RY_TOLD_WAKE || record.wake.slots != 1);
    return record.wake;
}

/* From the record to the report; what the report and the order wake is not of the trace. */
START_TEST(test_from_record_to_report)
{
    struct traced traced;
    begin(&traced, 3);
    struct rig *rig = traced.rig;
    struct ry_span merge, apply, wake[2], command, applied, accepted, rested;
    add(rig, 100, 3);
    add(rig, 20000, 4);
    start(rig, RY_INTEREST_ALL);
    const uint64_t input = ry_arena_counters(rig->exec.arena)->inputs;
    for (unsigned i = 0; i < 2; i++) {
        const struct ry_told_wake told = wake_of(rig, i);
        ck_assert_uint_eq(told.number, 2);
        ck_assert_uint_eq(told.traced, 3);
        ck_assert_uint_eq(told.traced_source, FEED);
    }
    rig_order(&rig->agent[0], 2, 11, 0, RY_BUY, 99900, 1);
    rig_ack(&rig->agent[0], 2, NEVER);
    rig_ack(&rig->agent[1], 2, NEVER);
    rig_settle(rig);
    ck_span(&traced, RY_HOP_MERGE, NOBODY, 3, input, 0, 0, &merge);
    ck_span(&traced, RY_HOP_APPLY, NOBODY, 3, input, 0, 0, &apply);
    ck_span(&traced, RY_HOP_WAKE, 0, 3, input, 2, 0, &wake[0]);
    ck_span(&traced, RY_HOP_WAKE, 1, 3, input, 2, 0, &wake[1]);
    ck_span(&traced, RY_HOP_COMMAND, 0, 3, input + 1, 1, 2, &command);
    ck_span(&traced, RY_HOP_APPLY, 0, 3, input + 1, 1, 0, &applied);
    ck_span(&traced, RY_HOP_REPORT, 0, 3, input + 1, 1, 0, &accepted);
    ck_span(&traced, RY_HOP_REPORT, 0, 3, input + 1, 2, 0, &rested);
    ck_no_span(&traced);
    ck_assert_int_eq(merge.end_ns, apply.begin_ns);
    ck_assert_int_eq(apply.end_ns, wake[0].begin_ns);
    ck_assert_int_eq(apply.end_ns, wake[1].begin_ns);
    ck_assert_int_gt(command.begin_ns, wake[1].end_ns);
    ck_assert_int_eq(command.end_ns, applied.begin_ns);
    ck_assert_int_eq(applied.end_ns, accepted.begin_ns);
    ck_assert_int_eq(applied.end_ns, rested.begin_ns);
    ck_assert_uint_eq(merge.instrument, 0);
    ck_assert_uint_eq(command.instrument, 0);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_uint_eq(wake_of(rig, i).traced, 0); /* by the order, by its report */
    ck_assert_uint_eq(traced.trace->lost, 0);
    end(&traced);
}
END_TEST

/* A TOP's wake is by all inputs of its T; of the traced one, if one of them is. */
START_TEST(test_first_levels)
{
    struct traced traced;
    begin(&traced, 4);
    struct rig *rig = traced.rig;
    add(rig, 100, 0); /* 3 */
    add(rig, 200, 1); /* 4 */
    add(rig, 200, 2);
    add(rig, 20000, 3);
    start(rig, RY_INTEREST_TOP(5) | RY_INTEREST_WAKE_BOOK);
    for (uint64_t number = 2; number <= 3; number++) {
        for (unsigned i = 0; i < 2; i++) {
            const struct ry_told_wake told = wake_of(rig, i);
            ck_assert_uint_eq(told.number, number);
            ck_assert_uint_eq(told.by, RY_WAKE_TOP);
            ck_assert_uint_eq(told.traced, number == 3 ? 4 : 0);
            rig_ack(&rig->agent[i], number, NEVER);
        }
        rig_settle(rig);
    }
    end(&traced);
}
END_TEST

/* The same inputs, hashes and records with and without. */
START_TEST(test_nothing_else_changes)
{
    struct traced all, none;
    begin(&all, 1);
    begin(&none, 0);
    struct rig *const rigs[] = {all.rig, none.rig};
    uint64_t random = 5;
    for (unsigned i = 0; i < 2; i++) {
        add(rigs[i], 100, 3);
        start(rigs[i], RY_INTEREST_ALL);
    }
    for (uint64_t n = 4; n < 600; n++) {
        const bool orders = rig_random(&random) % 3 == 0;
        for (unsigned i = 0; i < 2; i++) {
            add(rigs[i], (int64_t)n * 100, n);
            rig_settle(rigs[i]);
        }
        for (unsigned agent = 0; agent < 2; agent++) {
            union ry_told_any record[2];
            while (rig_told(&all.rig->agent[agent], &record[0])) {
                ck_assert(rig_told(&none.rig->agent[agent], &record[1]));
                const bool wakes = record[0].wake.kind == RY_TOLD_WAKE && record[0].wake.slots == 1;
                if (wakes) {
                    ck_assert_uint_eq(record[1].wake.traced, 0);
                    record[0].wake.traced = record[0].wake.traced_source = 0;
                }
                ck_assert_mem_eq(&record[0], &record[1], record[0].market.slots * RY_RING_PAYLOAD);
                for (unsigned i = 0; wakes && i < 2; i++) {
                    if (orders)
                        rig_order(&rigs[i]->agent[agent], record[0].wake.number, n * 2 + agent, 0,
                                  RY_SELL, 100000 - (int64_t)(n % 7), 1);
                    rig_ack(&rigs[i]->agent[agent], record[0].wake.number, NEVER);
                }
                rig_settle(rigs[0]);
                rig_settle(rigs[1]);
            }
            ck_assert(!rig_told(&none.rig->agent[agent], &record[1]));
        }
    }
    ck_assert_uint_gt(all.rig->exec.counters.agent_inputs, 20);
    ck_assert_uint_gt(all.trace->reports, 20);
    ck_assert_uint_eq(ry_arena_state_hash(all.rig->exec.arena),
                      ry_arena_state_hash(none.rig->exec.arena));
    ck_assert_uint_eq(ry_arena_input_hash(all.rig->exec.arena),
                      ry_arena_input_hash(none.rig->exec.arena));
    ck_assert_uint_eq(ry_arena_output_hash(all.rig->exec.arena),
                      ry_arena_output_hash(none.rig->exec.arena));
    end(&all);
    end(&none);
}
END_TEST

/* ---- what is remembered ---------------------------------------------------------------------- */

static struct ry_exec_trace *alone(struct traced *traced)
{
    *traced = (struct traced){.rig = NULL};
    open_trace(traced, 1);
    return traced->trace;
}

static void close_alone(struct traced *traced)
{
    free(traced->trace);
    free(traced->memory);
}

/* Record `seq`, input `input`, makes entries first..end - 1. */
static void apply(struct ry_exec_trace *trace, uint64_t seq, uint64_t input, uint64_t first,
                  uint64_t last)
{
    const struct ry_input_head head = {.kind = RY_IN_ADD, .source = FEED, .source_seq = seq};
    ry_exec_trace_record(trace, &head, tick(), input, first);
    ry_exec_trace_applied(trace, last);
}

#define ENTRIES 50000u

START_TEST(test_ranges_against_a_list)
{
    static uint64_t input_of[ENTRIES]; /* 0: none's */
    struct traced traced;
    struct ry_exec_trace *trace = alone(&traced);
    uint64_t random = (uint64_t)_i + 1, end = 0, input = 0, ranges = 0;
    memset(input_of, 0, sizeof input_of);
    while (end + 8 < ENTRIES) {
        const uint64_t skip = rig_random(&random) % 4, length = rig_random(&random) % 5;
        end += skip; /* of inputs that are not traced */
        input++;
        apply(trace, input, input, end, end + length);
        for (uint64_t i = 0; i < length; i++)
            input_of[end++] = input;
        ranges += length > 0;
    }
    ck_assert_uint_gt(ranges, RY_EXEC_TRACE_RANGES);
    ck_assert_uint_eq(trace->lost, ranges - RY_EXEC_TRACE_RANGES);
    const uint64_t oldest = trace->range[trace->ranges_begin % RY_EXEC_TRACE_RANGES].first;
    for (uint64_t entry = 0; entry < ENTRIES; entry++) {
        const struct ry_exec_trace_range *range = ry_exec_trace_of(trace, entry);
        ck_assert_uint_eq(range == NULL ? 0 : range->input, entry < oldest ? 0 : input_of[entry]);
    }
    ry_exec_trace_begin_again(trace);
    ck_assert_ptr_null(ry_exec_trace_of(trace, oldest));
    close_alone(&traced);
}
END_TEST

/* Wakes are answered in order, with commands or without; the oldest of too many is forgotten. */
START_TEST(test_wakes)
{
    struct traced traced;
    struct ry_exec_trace *trace = alone(&traced);
    struct ry_exec_trace_command command;
    apply(trace, 70, 7, 0, 1);
    const struct ry_exec_trace_range of = *ry_exec_trace_of_wake(trace, 0);
    for (uint64_t wake = 10; wake < 10 + RY_EXEC_TRACE_WAKES + 2; wake++)
        ry_exec_trace_woke(trace, &of, 1, wake, tick());
    ck_assert_uint_eq(trace->lost, 2);
    ry_exec_trace_arrived(trace, 1, 11, &command);
    ck_assert_uint_eq(command.of.source_seq, 0);
    for (unsigned i = 0; i < 2; i++) { /* two commands of one callback */
        ry_exec_trace_arrived(trace, 1, 12, &command);
        ck_assert_uint_eq(command.of.source_seq, 70);
        ck_assert_uint_eq(command.wake, 12);
        ck_assert_int_eq(command.read_ns, ticks);
    }
    ry_exec_trace_arrived(trace, 0, 12, &command); /* another agent's */
    ck_assert_uint_eq(command.of.source_seq, 0);
    ry_exec_trace_arrived(trace, 1, 20, &command);
    ck_assert_uint_eq(command.of.source_seq, 70);
    ry_exec_trace_arrived(trace, 1, 19, &command); /* done with */
    ck_assert_uint_eq(command.of.source_seq, 0);
    ry_exec_trace_arrived(trace, 1, 10000, &command);
    ck_assert_uint_eq(command.of.source_seq, 0);
    ck_assert_uint_eq(trace->of_agent[1].begin, trace->of_agent[1].end);
    close_alone(&traced);
}
END_TEST

static Suite *trace_suite(void)
{
    Suite *suite = suite_create("exec trace");
    TCase *tcase = tcase_create("battle");
    tcase_add_test(tcase, test_from_record_to_report);
    tcase_add_test(tcase, test_first_levels);
    tcase_add_test(tcase, test_nothing_else_changes);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("memory");
    tcase_add_loop_test(tcase, test_ranges_against_a_list, 0, 5);
    tcase_add_test(tcase, test_wakes);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(trace_suite)
