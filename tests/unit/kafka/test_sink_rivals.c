/* Two exporters of one battle, and an exporter of another battle: nobody doubles a row. */
#include <string.h>

#include "tests/support/stub/mock_rig.h"
#include "tests/support/test.h"

#define ID   "royale-5aa00000000000000000000000000000"
#define ROWS 3000

static struct mock m;
static struct mock_sink first, second;

static void run_both(unsigned ms)
{
    for (unsigned i = 0; i < ms; i++) {
        mock_sink_run(&first, 1);
        mock_sink_run(&second, 1);
    }
}

/* The one that begins later takes the battle over; the other ends and says by whom. */
START_TEST(the_later_one_goes_on)
{
    mock_open(&m, 1, "royale.batch_rows_max=1000\n");
    mock_sink_open(&first, &m, 100);
    first.finished = true;
    ck_assert(mock_sink_durable(&first, 100, 20));
    mock_sink_open(&second, &m, ROWS);
    ck_assert(mock_sink_becomes(&second, RY_EXPORT_READY, 20));
    first.until = ROWS;
    for (unsigned i = 0; i < 200 && first.sink.state != RY_EXPORT_FAILED; i++)
        run_both(50);
    ck_assert_int_eq(first.sink.state, RY_EXPORT_FAILED);
    ck_assert_ptr_nonnull(strstr(first.sink.error, "another exporter writes this battle's rows"));
    ck_assert(mock_sink_durable(&second, ROWS, 20));
    mock_sink_close(&first);
    mock_sink_close(&second);
    mock_check(&m, ROWS);
    mock_close(&m);
}
END_TEST

/* Both from the start and at once: exactly one ends, whichever. */
START_TEST(two_at_once)
{
    mock_open(&m, 1, "royale.batch_rows_max=1000\n");
    mock_sink_open(&first, &m, ROWS);
    mock_sink_open(&second, &m, ROWS);
    struct ry_export_cursor last = mock_cursor(ROWS - 1);
    for (unsigned i = 0; i < 400 && ry_export_behind(&last, &first.sink.durable) &&
                         ry_export_behind(&last, &second.sink.durable);
         i++)
        run_both(50);
    ck_assert(!ry_export_behind(&last, &first.sink.durable) ||
              !ry_export_behind(&last, &second.sink.durable));
    ck_assert(first.sink.state != RY_EXPORT_FAILED || second.sink.state != RY_EXPORT_FAILED);
    mock_sink_close(&first);
    mock_sink_close(&second);
    mock_check(&m, ROWS);
    mock_close(&m);
}
END_TEST

/* Somebody else's record under our id, while a commit of ours is in doubt. */
START_TEST(a_claim_in_between)
{
    mock_open(&m, 1, "royale.batch_rows_max=1000\n");
    mock_sink_open(&first, &m, 100);
    first.finished = true;
    ck_assert(mock_sink_durable(&first, 100, 20));
    mock_claim(&m, ID, 0x1234, mock_cursor(99));
    mock_fail(MOCK_COMMIT_LOST, 1);
    first.until = ROWS;
    ck_assert(mock_sink_becomes(&first, RY_EXPORT_FAILED, 20));
    ck_assert_ptr_nonnull(strstr(first.sink.error, "0000000000001234"));
    mock_sink_close(&first);
    mock_check(&m, 100);
    mock_close(&m);
}
END_TEST

/* A dead exporter's cursor is where the next one goes on; another battle's is nothing to it. */
START_TEST(a_cursor_of_somebody_dead)
{
    mock_open(&m, 1, NULL);
    mock_claim(&m, "royale-5aa00000000000000000000000000001", 0x1111, mock_cursor(7));
    mock_claim(&m, ID, 0x1234, mock_cursor(9));
    mock_claim(&m, ID, 0x1235, mock_cursor(50));
    mock_claim(&m, "royale-5aa0000000000000000000000000000", 0x1112, mock_cursor(70));
    mock_sink_open(&first, &m, 100);
    ck_assert(mock_sink_durable(&first, 100, 20));
    ck_assert_uint_eq(first.sink.counts.rows, 49);
    mock_sink_close(&first);
    mock_close(&m);
}
END_TEST

/* An open transaction in the partition of cursors hides what is behind it: nothing is begun until
 * the end that the log had is seen. */
START_TEST(an_open_transaction_hides_the_cursor)
{
    mock_open(&m, 1, "royale.call_ms=300\n");
    mock_claim(&m, ID, 0x1234, mock_cursor(9));
    mock_hide(1);
    mock_sink_open(&first, &m, 100);
    ck_assert(mock_sink_says(&first, "another exporter's transaction hides the end", 10));
    mock_sink_run(&first, 1000); /* longer than a call may take */
    ck_assert_int_eq(first.sink.state, RY_EXPORT_OPENING);
    ck_assert_uint_eq(mock_commits(), 0);
    ck_assert_uint_eq(mock_inits(), 1);
    /* It ends, and behind it stands a cursor of ours: the log's end is seen. */
    for (int i = 0; i < MOCK_PARTITIONS; i++)
        rd_kafka_mock_partition_set_leader(m.cluster, RY_KAFKA_CURSORS_NAME, i, 1);
    mock_claim(&m, ID, 0x1235, mock_cursor(50));
    mock_hide(0);
    for (int i = 0; i < MOCK_PARTITIONS * 8; i++) {
        char other[64];
        snprintf(other, sizeof other, "royale-%d", i);
        mock_claim(&m, other, 1, mock_cursor(1));
    }
    ck_assert(mock_sink_durable(&first, 100, 20));
    ck_assert_uint_eq(first.sink.counts.rows, 49);
    mock_sink_close(&first);
    mock_close(&m);
}
END_TEST

/* What a leader shows that does not know yet where its log ends is no cursor to go on from. */
START_TEST(a_leader_that_does_not_know_the_end)
{
    mock_open(&m, 1, NULL);
    mock_claim(&m, ID, 0x1234, mock_cursor(9));
    mock_fail(MOCK_END_LATE, UINT32_MAX);
    mock_sink_open(&first, &m, 100);
    ck_assert(mock_sink_says(&first, "royale.cursors.v1: Broker: Leader not available", 10));
    mock_sink_run(&first, 500);
    ck_assert_int_eq(first.sink.state, RY_EXPORT_OPENING);
    ck_assert_uint_eq(mock_commits(), 0);
    mock_fail(MOCK_NO_FAULT, 0);
    ck_assert(mock_sink_durable(&first, 100, 20));
    ck_assert_uint_eq(first.sink.counts.rows, 90);
    mock_sink_close(&first);
    mock_close(&m);
}
END_TEST

/* A cursor that a later release wrote is none of ours to go on from. */
START_TEST(a_cursor_of_a_later_format)
{
    mock_open(&m, 1, NULL);
    mock_put(&m, RY_KAFKA_CURSORS_NAME, ID, "{\"format\":2}");
    mock_sink_open(&first, &m, 100);
    ck_assert(mock_sink_becomes(&first, RY_EXPORT_FAILED, 20));
    ck_assert_ptr_nonnull(strstr(first.sink.error, "a later release wrote it"));
    mock_sink_close(&first);
    mock_close(&m);
}
END_TEST

/* Who takes the record away has everything sent again. */
START_TEST(a_cursor_that_was_taken_away)
{
    mock_open(&m, 1, NULL);
    mock_claim(&m, ID, 0x1234, mock_cursor(50));
    mock_put(&m, RY_KAFKA_CURSORS_NAME, ID, NULL);
    mock_sink_open(&first, &m, 100);
    ck_assert(mock_sink_durable(&first, 100, 20));
    ck_assert_uint_eq(first.sink.counts.rows, 100);
    mock_sink_close(&first);
    mock_check(&m, 100);
    mock_close(&m);
}
END_TEST

/* A broker shows the cursor before our last one: nothing is sent before it shows the last. */
START_TEST(a_cursor_of_ours_that_is_old)
{
    mock_open(&m, 1, "royale.batch_rows_max=1000\n");
    mock_sink_open(&first, &m, 100);
    first.finished = true;
    ck_assert(mock_sink_durable(&first, 100, 20));
    mock_withhold(true);
    mock_fail(MOCK_COMMIT_LOST, 1);
    unsigned commits = mock_commits();
    first.until = ROWS;
    ck_assert(mock_sink_says(&first, "which was at input 34, row 1 already", 20));
    mock_sink_run(&first, 500);
    ck_assert_int_eq(first.sink.state, RY_EXPORT_READY);
    ck_assert_uint_eq(mock_commits(), commits);
    mock_withhold(false);
    ck_assert(mock_sink_durable(&first, ROWS, 20));
    mock_sink_close(&first);
    mock_check(&m, ROWS);
    mock_close(&m);
}
END_TEST

/* Taken away while an exporter works: what it had is said, and nothing is sent twice. */
START_TEST(a_cursor_that_is_taken_away)
{
    mock_open(&m, 1, "royale.batch_rows_max=1000\n");
    mock_sink_open(&first, &m, 100);
    first.finished = true;
    ck_assert(mock_sink_durable(&first, 100, 20));
    mock_put(&m, RY_KAFKA_CURSORS_NAME, ID, NULL);
    mock_fail(MOCK_COMMIT_LOST, 1);
    first.until = ROWS;
    ck_assert(mock_sink_becomes(&first, RY_EXPORT_FAILED, 20));
    ck_assert_ptr_nonnull(strstr(first.sink.error,
                                 "the cursor of " ID ", which was at input 34, row 1, is gone "
                                 "from royale.cursors.v1"));
    mock_sink_close(&first);
    mock_check(&m, 100);
    mock_close(&m);
}
END_TEST

static const struct ry_test_one tests[] = {
    {&the_later_one_goes_on, 0, 1},
    {&two_at_once, 0, 1},
    {&a_claim_in_between, 0, 1},
    {&a_cursor_of_somebody_dead, 0, 1},
    {&an_open_transaction_hides_the_cursor, 0, 1},
    {&a_leader_that_does_not_know_the_end, 0, 1},
    {&a_cursor_of_a_later_format, 0, 1},
    {&a_cursor_that_was_taken_away, 0, 1},
    {&a_cursor_that_is_taken_away, 0, 1},
    {&a_cursor_of_ours_that_is_old, 0, 1},
};

RY_TEST_MAIN_SIDE_BY_SIDE("kafka/sink rivals", 90, tests)
