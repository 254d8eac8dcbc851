/* Ids of spans and their parents, and which process may write which span. */
#include "tools/trace/tree.h"

#include <string.h>

#include "tests/support/test.h"

#define FEED0 RY_SOURCE_FEED
#define NOW   1000 /* when the spans are found: all of them are over */

static const struct ry_battle_id battle = {{1, 2, 3}};

static struct ry_span span_of(enum ry_hop hop, uint16_t agent, uint64_t number, uint64_t input,
                              uint64_t wake)
{
    return (struct ry_span){.hop = (uint8_t)hop,
                            .source = FEED0,
                            .agent = agent,
                            .instrument = RY_SPAN_NOBODY,
                            .source_seq = 4000,
                            .input = input,
                            .begin_ns = 10,
                            .end_ns = 20,
                            .number = number,
                            .wake = wake};
}

/* The example of shm/records/span.h, each with the index of the one above it; -1: none. */
static const struct {
    enum ry_hop hop;
    uint16_t agent;
    uint64_t number, input, wake;
    int above;
    const char *process;
} tree[] = {
    {RY_HOP_FEED, RY_SPAN_NOBODY, 0, 0, 0, -1, "feed0"},
    {RY_HOP_MERGE, RY_SPAN_NOBODY, 0, 71025, 0, 0, "exec"},
    {RY_HOP_JOURNAL, RY_SPAN_NOBODY, 0, 71025, 0, 1, "journal"},
    {RY_HOP_DURABLE, RY_SPAN_NOBODY, 0, 71025, 0, 2, "journal"},
    {RY_HOP_APPLY, RY_SPAN_NOBODY, 0, 71025, 0, 1, "exec"},
    {RY_HOP_WAKE, 3, 17, 71025, 0, 4, "exec"},
    {RY_HOP_CALLBACK, 3, 17, 0, 0, 5, "agent3"},
    {RY_HOP_ANSWER, 3, 17, 0, 0, 6, "agent3"},
    {RY_HOP_COMMAND, 3, 40, 71090, 17, 6, "exec"},
    {RY_HOP_APPLY, 3, 40, 71090, 0, 8, "exec"},
    {RY_HOP_REPORT, 3, 1, 71090, 0, 9, "exec"},
    {RY_HOP_REPORT, 5, 2, 71090, 0, 9, "exec"},
    {RY_HOP_REPORT, 5, 3, 71025, 0, 4, "exec"}, /* the record filled it */
    {RY_HOP_WAKE, 5, 9, 71025, 0, 4, "exec"},
};
#define SPANS ((int)(sizeof tree / sizeof *tree))

static struct ry_span of(int i)
{
    return span_of(tree[i].hop, tree[i].agent, tree[i].number, tree[i].input, tree[i].wake);
}

START_TEST(test_parents)
{
    struct ry_trace_ids ids[SPANS];
    for (int i = 0; i < SPANS; i++) {
        const struct ry_span span = of(i);
        ry_trace_ids(&ids[i], &battle, &span);
        ck_assert_mem_eq(ids[i].trace, ids[0].trace, sizeof ids[i].trace);
        ck_assert_uint_ne(ids[i].span, 0);
        ck_assert_uint_eq(ids[i].parent, tree[i].above < 0 ? 0 : ids[tree[i].above].span);
        for (int k = 0; k < i; k++)
            ck_assert_uint_ne(ids[i].span, ids[k].span);
    }
}
END_TEST

/* Another record, feed or battle is another trace; of its spans none has an id of the first's. */
START_TEST(test_traces_differ)
{
    struct ry_span span = of(0);
    struct ry_trace_ids first, second, third, fourth;
    const struct ry_battle_id other = {{1, 2, 4}};
    ry_trace_ids(&first, &battle, &span);
    ry_trace_ids(&second, &other, &span);
    span.source++;
    ry_trace_ids(&third, &battle, &span);
    span.source--;
    span.source_seq++;
    ry_trace_ids(&fourth, &battle, &span);
    const struct ry_trace_ids *const all[] = {&first, &second, &third, &fourth};
    for (unsigned i = 0; i < 4; i++)
        for (unsigned k = 0; k < i; k++) {
            ck_assert_mem_ne(all[i]->trace, all[k]->trace, RY_TRACE_ID_BYTES);
            ck_assert_uint_ne(all[i]->span, all[k]->span);
        }
}
END_TEST

static const char *const processes[] = {"feed0",  "feed1",  "exec",  "journal", "agent3",
                                        "agent5", "export", "agent", "agent31", ""};

START_TEST(test_each_process_writes_its_own)
{
    for (int i = 0; i < SPANS; i++) {
        const struct ry_span span = of(i);
        for (unsigned p = 0; p < sizeof processes / sizeof *processes; p++)
            ck_assert_int_eq(ry_trace_fits(processes[p], &span, NOW),
                             strcmp(processes[p], tree[i].process) == 0);
    }
}
END_TEST

/* Whatever bytes a ring holds, the check touches nothing out of range, and no bad span passes. */
START_TEST(test_nonsense_does_not_fit)
{
    const struct ry_span good = of(5);
    struct ry_span bad = good;
    ck_assert(ry_trace_fits("exec", &bad, NOW));
    bad.hop = 0;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad.hop = RY_HOPS;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad.hop = UINT8_MAX;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad = good;
    bad.source_seq = 0;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad = good;
    bad.source = RY_SOURCE_CONTROL;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad.source = RY_SOURCE_FEED + RY_FEEDS_MAX;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad = good;
    bad.agent = RY_AGENTS_MAX;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad = good;
    bad.instrument = RY_INSTRUMENTS_MAX;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad = good;
    bad.end_ns = bad.begin_ns - 1;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad = good;
    bad.begin_ns = INT64_MIN;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad = good;
    bad.end_ns = NOW;
    ck_assert(ry_trace_fits("exec", &bad, NOW));
    bad.end_ns = NOW + 1; /* it is not over */
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
    bad.end_ns = INT64_MAX;
    ck_assert(!ry_trace_fits("exec", &bad, NOW));
}
END_TEST

START_TEST(test_every_hop_has_its_words)
{
    for (unsigned i = RY_HOP_FEED; i < RY_HOPS; i++) {
        ck_assert_ptr_nonnull(ry_trace_hops[i].name);
        ck_assert_ptr_nonnull(ry_trace_hops[i].process);
        ck_assert_ptr_nonnull(ry_trace_hops[i].says);
        for (unsigned k = RY_HOP_FEED; k < i; k++)
            ck_assert_str_ne(ry_trace_hops[i].name, ry_trace_hops[k].name);
    }
}
END_TEST

/* Which records are traced. */
START_TEST(test_sampler)
{
    unsigned of_seven = 0;
    for (uint64_t seq = 1; seq <= 700; seq++) {
        ck_assert(!ry_span_sampled(0, seq));
        ck_assert(ry_span_sampled(1, seq));
        of_seven += ry_span_sampled(7, seq);
    }
    ck_assert_uint_eq(of_seven, 100);
    ck_assert(ry_span_sampled(7, 7));
    ck_assert(!ry_span_sampled(UINT32_MAX, 1));
    ck_assert(ry_span_sampled(UINT32_MAX, UINT32_MAX));
}
END_TEST

static Suite *tree_suite(void)
{
    Suite *suite = suite_create("trace tree");
    TCase *tcase = tcase_create("tree");
    tcase_add_test(tcase, test_parents);
    tcase_add_test(tcase, test_traces_differ);
    tcase_add_test(tcase, test_each_process_writes_its_own);
    tcase_add_test(tcase, test_nonsense_does_not_fit);
    tcase_add_test(tcase, test_every_hop_has_its_words);
    tcase_add_test(tcase, test_sampler);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(tree_suite)
