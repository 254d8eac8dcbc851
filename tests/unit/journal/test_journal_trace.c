/* The journal's spans: of traced records, in their order, when these are written and durable; of no
 * other input; and of as many as there is room for. */
#include "core/journal/trace.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"

#define SLOTS 16384u

static int64_t now;

static int64_t clock_of_test(void)
{
    return now;
}

struct rig {
    struct ry_journal_trace trace; /* large */
    void *memory;
    struct ry_ring_writer writer;
    struct ry_ring_reader reader;
};

static struct rig *open_rig(uint32_t every)
{
    struct rig *rig = calloc(1, sizeof *rig);
    ck_assert_ptr_nonnull(rig);
    rig->memory = aligned_alloc(RY_ISOLATION, ry_ring_footprint(SLOTS));
    memset(rig->memory, 0, ry_ring_footprint(SLOTS));
    ry_ring_create(&rig->writer, rig->memory, SLOTS);
    ck_assert_int_eq(ry_ring_join(&rig->reader, rig->memory, ry_ring_footprint(SLOTS)), 0);
    rig->trace.spans = &rig->writer;
    rig->trace.clock = clock_of_test;
    rig->trace.every = every;
    now = 1;
    return rig;
}

static void close_rig(struct rig *rig)
{
    free(rig->memory);
    free(rig);
}

static void took(struct rig *rig, enum ry_input_kind kind, uint16_t source, uint64_t seq,
                 uint64_t input)
{
    const struct ry_input_head head = {
        .kind = (uint8_t)kind, .slots = 1, .source = source, .source_seq = seq};
    ry_journal_trace_took(&rig->trace, &head, input);
}

static void ck_span(struct rig *rig, enum ry_hop hop, uint64_t seq, uint64_t input,
                    int64_t begin_ns, int64_t end_ns)
{
    uint64_t copy[RY_RING_RECORD_BYTES_MAX / 8];
    struct ry_span span;
    ck_assert_int_eq(ry_ring_read(&rig->reader, copy), 1);
    memcpy(&span, copy, sizeof span);
    ck_assert_int_eq(span.hop, hop);
    ck_assert_uint_eq(span.source, RY_SOURCE_FEED + 1);
    ck_assert_uint_eq(span.source_seq, seq);
    ck_assert_uint_eq(span.input, input);
    ck_assert_uint_eq(span.agent, RY_SPAN_NOBODY);
    ck_assert_int_eq(span.begin_ns, begin_ns);
    ck_assert_int_eq(span.end_ns, end_ns);
}

static void ck_no_span(struct rig *rig)
{
    uint64_t copy[RY_RING_RECORD_BYTES_MAX / 8];
    ck_assert_int_eq(ry_ring_read(&rig->reader, copy), RY_RING_EMPTY);
}

START_TEST(test_read_written_durable)
{
    struct rig *rig = open_rig(10);
    took(rig, RY_IN_ADD, RY_SOURCE_FEED + 1, 10, 100);
    now = 2;
    took(rig, RY_IN_ADD, RY_SOURCE_FEED + 1, 11, 101);
    took(rig, RY_IN_CANCEL, RY_SOURCE_FEED + 1, 20, 102);
    now = 3;
    ry_journal_trace_look(&rig->trace, 99, 0);
    ck_no_span(rig);
    ry_journal_trace_look(&rig->trace, 100, 99);
    ck_span(rig, RY_HOP_JOURNAL, 10, 100, 1, 3);
    ck_no_span(rig);
    now = 4;
    ry_journal_trace_look(&rig->trace, 102, 101);
    ck_span(rig, RY_HOP_JOURNAL, 20, 102, 2, 4);
    ck_span(rig, RY_HOP_DURABLE, 10, 100, 3, 4);
    ck_no_span(rig);
    now = 5;
    ry_journal_trace_look(&rig->trace, 102, 102);
    ck_span(rig, RY_HOP_DURABLE, 20, 102, 4, 5);
    ry_journal_trace_look(&rig->trace, 102, 102);
    ck_no_span(rig);
    close_rig(rig);
}
END_TEST

/* Agents' inputs, the clock's, and the records that describe the battle are no feed's. */
START_TEST(test_others)
{
    struct rig *rig = open_rig(1);
    took(rig, RY_IN_ORDER, RY_SOURCE_AGENT + 1, 1, 1);
    took(rig, RY_IN_TIME, RY_SOURCE_CLOCK, 1, 2);
    took(rig, RY_IN_BATTLE, RY_SOURCE_CONTROL, 1, 3);
    took(rig, RY_IN_INSTRUMENT, RY_SOURCE_FEED + 1, 0, 4);
    ry_journal_trace_look(&rig->trace, 100, 100);
    ck_no_span(rig);
    took(rig, RY_IN_ADD, RY_SOURCE_FEED + 1, 1, 101);
    ry_journal_trace_look(&rig->trace, 101, 101);
    ck_span(rig, RY_HOP_JOURNAL, 1, 101, 1, 1);
    ck_span(rig, RY_HOP_DURABLE, 1, 101, 1, 1);
    close_rig(rig);
}
END_TEST

START_TEST(test_no_room)
{
    struct rig *rig = open_rig(1);
    for (uint64_t i = 1; i <= RY_JOURNAL_TRACE_RECORDS + 3; i++)
        took(rig, RY_IN_ADD, RY_SOURCE_FEED + 1, i, i);
    ck_assert_uint_eq(rig->trace.lost, 3);
    ry_journal_trace_look(&rig->trace, 1, 1);
    took(rig, RY_IN_ADD, RY_SOURCE_FEED + 1, 9000, 9000);
    ck_assert_uint_eq(rig->trace.lost, 3);
    ry_journal_trace_look(&rig->trace, 9000, 9000);
    unsigned spans = 0;
    uint64_t copy[RY_RING_RECORD_BYTES_MAX / 8];
    while (ry_ring_read(&rig->reader, copy) == 1)
        spans++;
    ck_assert_uint_eq(spans, 2 * (RY_JOURNAL_TRACE_RECORDS + 1));
    close_rig(rig);
}
END_TEST

static Suite *trace_suite(void)
{
    Suite *suite = suite_create("journal trace");
    TCase *tcase = tcase_create("spans");
    tcase_add_test(tcase, test_read_written_durable);
    tcase_add_test(tcase, test_others);
    tcase_add_test(tcase, test_no_room);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(trace_suite)
