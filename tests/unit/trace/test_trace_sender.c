/* Spans to a collector that takes them, refuses them, is away, comes back, hangs: what is sent,
 * what waits, what is dropped, what is said. The clock is the test's. */
#include "tools/trace/sender.h"

#include <string.h>

#include "tests/support/collector_rig.h"
#include "tests/support/test.h"

#define MS INT64_C(1000000)

static struct ry_trace_names names = {.battle = "demo"};
static char said[4][RY_TRACE_SENDER_LINE];
static unsigned lines;

static const char *process_of(const void *context, unsigned ring)
{
    (void)context;
    (void)ring;
    return "exec";
}

static void say(void *context, const char *line)
{
    (void)context;
    ck_assert_uint_lt(lines, 4);
    snprintf(said[lines++], RY_TRACE_SENDER_LINE, "%s", line);
}

static const struct ry_trace_scene scene = {.names = &names, .process = process_of};

static void open_sender(struct ry_trace_sender *sender, const char *url)
{
    *sender = (struct ry_trace_sender){
        .scene = &scene, .url = url, .header = {"Authorization: Bearer x"}, .say = say};
    ck_assert_int_eq(ry_trace_sender_open(sender), 0);
    lines = 0;
}

static void add(struct ry_trace_sender *sender, unsigned count, int64_t now_ns)
{
    static uint64_t seq;
    for (unsigned i = 0; i < count; i++) {
        const struct ry_trace_item item = {.span = {.hop = RY_HOP_MERGE,
                                                    .source = RY_SOURCE_FEED,
                                                    .agent = RY_SPAN_NOBODY,
                                                    .source_seq = ++seq,
                                                    .begin_ns = 1,
                                                    .end_ns = 2}};
        ry_trace_sender_add(sender, &item, now_ns);
    }
}

/* Until the POST that is due is over. */
static void go(struct ry_trace_sender *sender, int64_t now_ns, bool flush)
{
    do
        ry_trace_sender_step(sender, now_ns, flush, 5);
    while (sender->in_flight > 0);
}

static unsigned requests(struct ry_test_collector *collector)
{
    return ry_test_collector_requests(collector, NULL, NULL);
}

START_TEST(test_batches)
{
    static char head[RY_TEST_COLLECTOR_HEAD], body[RY_TEST_COLLECTOR_BODY];
    struct ry_test_collector *collector = ry_test_collector_open(200, "{}");
    struct ry_trace_sender sender;
    open_sender(&sender, ry_test_collector_url(collector));
    add(&sender, 10, 0);
    ry_trace_sender_step(&sender, (RY_TRACE_FLUSH_MS - 1) * MS, false, 0);
    ck_assert_uint_eq(sender.counts.requests, 0); /* neither full nor old */
    go(&sender, RY_TRACE_FLUSH_MS * MS, false);
    ck_assert_uint_eq(sender.counts.sent, 10);
    ck_assert_uint_eq(ry_test_collector_requests(collector, head, body), 1);
    ck_assert_ptr_nonnull(strstr(head, "\r\nContent-Type: application/json\r\n"));
    ck_assert_ptr_nonnull(strstr(head, "\r\nAuthorization: Bearer x\r\n"));
    ck_assert_int_eq(strncmp(body, "{\"resourceSpans\":[", strlen("{\"resourceSpans\":[")), 0);
    add(&sender, 2 * RY_TRACE_BATCH + 1, 1000 * MS);
    go(&sender, 1000 * MS, false);
    go(&sender, 1000 * MS, false);
    ck_assert_uint_eq(sender.counts.sent, 10 + 2 * RY_TRACE_BATCH);
    go(&sender, 1000 * MS, false);
    ck_assert(!ry_trace_sender_idle(&sender));
    go(&sender, 1000 * MS, true);
    ck_assert(ry_trace_sender_idle(&sender));
    ck_assert_uint_eq(requests(collector), 4);
    ck_assert_uint_eq(sender.counts.dropped + sender.counts.refused + sender.counts.failed, 0);
    ck_assert_uint_eq(lines, 0);
    ry_trace_sender_close(&sender);
    ry_test_collector_close(collector);
}
END_TEST

static const struct {
    unsigned status;
    const char *body;
    unsigned refused; /* of ten */
} refusals[] = {
    {400, "\x1b[2Jno", 10},
    {404, "", 10},
    {500, "", 10},
    {302, "", 10},
    {200, "{\"partialSuccess\":{\"rejectedSpans\":\"4\",\"errorMessage\":\"old\"}}", 4},
    {200, "{\"partialSuccess\":{\"rejectedSpans\":4}}", 4},
    {200, "{\"partialSuccess\":{\"rejectedSpans\":\"99999\"}}", 10},
    {200, "{\"partialSuccess\":{\"rejectedSpans\":\"-1\"}}", 10},
    {200, "{\"partialSuccess\":{}}", 0},
    {200, "not JSON", 0},
    {202, "", 0},
};

/* It is not sent again; the first is said, without what would command a terminal. */
START_TEST(test_refused)
{
    struct ry_test_collector *collector =
        ry_test_collector_open(refusals[_i].status, refusals[_i].body);
    struct ry_trace_sender sender;
    open_sender(&sender, ry_test_collector_url(collector));
    for (unsigned round = 1; round <= 3; round++) {
        add(&sender, 10, 0);
        go(&sender, 0, true);
        ck_assert(ry_trace_sender_idle(&sender));
        ck_assert_uint_eq(sender.counts.refused, round * refusals[_i].refused);
        ck_assert_uint_eq(sender.counts.sent, round * (10 - refusals[_i].refused));
        ck_assert_uint_eq(lines, refusals[_i].refused > 0);
    }
    ck_assert_uint_eq(requests(collector), 3);
    ck_assert_uint_eq(sender.counts.failed, 0);
    ck_assert_ptr_null(strchr(said[0], '\x1b'));
    ry_trace_sender_close(&sender);
    ry_test_collector_close(collector);
}
END_TEST

static const unsigned away[] = {429, 502, 503, 504};

START_TEST(test_away_and_back)
{
    struct ry_test_collector *collector = ry_test_collector_open(away[_i], "");
    struct ry_trace_sender sender;
    int64_t now = 0;
    open_sender(&sender, ry_test_collector_url(collector));
    add(&sender, 10, now);
    go(&sender, now, true);
    ck_assert_uint_eq(sender.counts.failed, 1);
    ck_assert_uint_eq(lines, 1); /* said once */
    int64_t pause = RY_TRACE_PAUSE_MS;
    for (unsigned tries = 2; tries < 9; tries++) {
        go(&sender, now + pause * MS - 1, true); /* not before the pause is over */
        ck_assert_uint_eq(sender.counts.requests, tries - 1);
        now += pause * MS;
        go(&sender, now, true);
        ck_assert_uint_eq(sender.counts.requests, tries);
        pause = 2 * pause < RY_TRACE_PAUSE_MS_MAX ? 2 * pause : RY_TRACE_PAUSE_MS_MAX;
    }
    ck_assert_uint_eq(lines, 1);
    /* What finds room waits, the rest is counted. */
    add(&sender, RY_TRACE_QUEUE, now);
    ck_assert_uint_eq(sender.counts.dropped, 10);
    ry_test_collector_answers(collector, 200, "{}");
    now += RY_TRACE_PAUSE_MS_MAX * MS;
    while (!ry_trace_sender_idle(&sender))
        go(&sender, now, true);
    ck_assert_uint_eq(sender.counts.sent, RY_TRACE_QUEUE);
    ck_assert_uint_eq(sender.counts.dropped, 10);
    ck_assert_uint_eq(sender.counts.refused, 0);
    ck_assert_uint_eq(lines, 2);
    ck_assert_ptr_nonnull(strstr(said[1], "is back; 10 spans"));
    ry_trace_sender_close(&sender);
    ry_test_collector_close(collector);
}
END_TEST

START_TEST(test_nobody_there)
{
    struct ry_trace_sender sender;
    open_sender(&sender, "http://127.0.0.1:1/v1/traces");
    add(&sender, 10, 0);
    go(&sender, 0, true);
    ck_assert_uint_eq(sender.counts.failed, 1);
    ck_assert_uint_eq(lines, 1);
    ck_assert_ptr_nonnull(strstr(said[0], "http://127.0.0.1:1/v1/traces is away ("));
    ry_trace_sender_close(&sender);
    ck_assert_uint_eq(sender.counts.dropped, 10); /* at the end, counted too */
}
END_TEST

/* A collector that hangs keeps nobody: each look returns, spans are taken in meanwhile. */
START_TEST(test_hangs)
{
    struct ry_test_collector *collector = ry_test_collector_open(0, "");
    struct ry_trace_sender sender;
    open_sender(&sender, ry_test_collector_url(collector));
    add(&sender, RY_TRACE_BATCH, 0);
    while (requests(collector) == 0)
        ry_trace_sender_step(&sender, 0, false, 0);
    for (unsigned i = 0; i < 100; i++) {
        add(&sender, RY_TRACE_BATCH, 0);
        ry_trace_sender_step(&sender, 0, false, 0);
    }
    ck_assert_uint_eq(sender.in_flight, RY_TRACE_BATCH);
    ck_assert_uint_eq(sender.counts.requests, 1);
    ck_assert_uint_eq(sender.counts.dropped, 101 * RY_TRACE_BATCH - RY_TRACE_QUEUE);
    ry_trace_sender_close(&sender); /* in the middle of it */
    ck_assert_uint_eq(sender.counts.dropped, 101 * RY_TRACE_BATCH);
    ry_test_collector_close(collector);
}
END_TEST

static Suite *sender_suite(void)
{
    Suite *suite = suite_create("trace sender");
    TCase *tcase = tcase_create("collector");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_batches);
    tcase_add_loop_test(tcase, test_refused, 0, sizeof refusals / sizeof *refusals);
    tcase_add_loop_test(tcase, test_away_and_back, 0, sizeof away / sizeof *away);
    tcase_add_test(tcase, test_nobody_there);
    tcase_add_test(tcase, test_hangs);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(sender_suite)
