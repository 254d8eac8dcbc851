/*
 * The journal's writer: when blocks close, how far it is at each moment, and that a failed write is
 * the end.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/journal_rig.h"

static struct ry_journal_writer writer;

static void open_writer(const struct journal_folder *folder, bool uring)
{
    struct ry_journal_options options = journal_options(uring);
    ck_assert_int_eq(ry_journal_writer_open(&writer, folder->path, &options), 0);
    ck_assert(!uring || writer.uring_used || writer.refused[0] != 0);
}

START_TEST(test_a_block_closes_by_time)
{
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0;
    open_writer(&folder, false);
    ck_assert_int_eq(journal_put(&writer, 1, 3, 9, &slot, 1000), 0);
    ck_assert_int_eq(ry_journal_writer_poll(&writer, 1000 + RY_JOURNAL_BLOCK_NS_MAX - 1), 0);
    ck_assert_uint_eq(writer.counters.blocks, 0);
    ck_assert_int_gt(ry_journal_writer_poll(&writer, 1000 + RY_JOURNAL_BLOCK_NS_MAX), 0);
    ck_assert_uint_eq(writer.counters.blocks, 1);
    ck_assert_uint_eq(writer.counters.blocks_by_time, 1);
    ck_assert_uint_eq(writer.written, 3);
    ck_assert_uint_eq(writer.durable, 0);
    ck_assert_int_gt(ry_journal_writer_poll(&writer, RY_JOURNAL_SYNC_EVERY_NS), 0);
    ck_assert_uint_eq(writer.durable, 3);
    ry_journal_writer_close(&writer);
    journal_folder_remove(&folder);
}
END_TEST

START_TEST(test_positions_never_run_ahead)
{
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0, last = 5000, now = 0;
    open_writer(&folder, _i);
    for (uint64_t i = 1; i <= last; i++) {
        ck_assert_int_eq(journal_put(&writer, i, i, last, &slot, (int64_t)(now += 1000000)), 0);
        ck_assert_uint_eq(writer.inputs, i);
        ck_assert_uint_le(writer.written, writer.inputs);
        ck_assert_uint_le(writer.durable, writer.written);
        ck_assert(!ry_journal_writer_finished(&writer) || i == last);
    }
    ck_assert(writer.ended);
    while (!ry_journal_writer_finished(&writer))
        ck_assert_int_ge(ry_journal_writer_poll(&writer, (int64_t)now), 0);
    ck_assert_uint_eq(writer.durable, last);
    ry_journal_writer_close(&writer);
    struct journal_bytes bytes = journal_folder_read(&folder);
    struct ry_journal_reader reader;
    const union ry_input_any *input;
    ck_assert_int_eq(ry_journal_open_fd(&reader, journal_file_of(bytes.at, bytes.count), "it"), 0);
    for (uint64_t i = 1; i <= last; i++) {
        ck_assert_int_eq(ry_journal_next(&reader, &input), RY_JOURNAL_INPUT);
        union ry_input_any want = journal_input(i, last);
        ck_assert_mem_eq(input, &want, want.head.slots * (size_t)RY_SLOT_PAYLOAD);
    }
    ck_assert_int_eq(ry_journal_next(&reader, &input), RY_JOURNAL_END);
    ry_journal_close(&reader);
    free(bytes.at);
    journal_folder_remove(&folder);
}
END_TEST

START_TEST(test_flush_keeps_an_open_block)
{
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0;
    open_writer(&folder, _i);
    ck_assert_int_eq(journal_put(&writer, 1, 500, 999, &slot, 0), 0);
    ck_assert_int_eq(ry_journal_writer_flush(&writer, 0), 0);
    ck_assert_uint_eq(writer.durable, 500);
    ck_assert(!ry_journal_writer_finished(&writer));
    ry_journal_writer_close(&writer);
    struct ry_journal_reader reader;
    const union ry_input_any *input;
    ck_assert_int_eq(ry_journal_open(&reader, folder.path), 0);
    while (ry_journal_next(&reader, &input) == RY_JOURNAL_INPUT)
        ;
    ck_assert_uint_eq(reader.inputs, 500);
    ck_assert_ptr_nonnull(strstr(reader.text, "ends with input 500"));
    ry_journal_close(&reader);
    journal_folder_remove(&folder);
}
END_TEST

static struct ry_journal_block block_at(const struct journal_bytes *bytes, unsigned number)
{
    struct ry_journal_block head = {.count = 0};
    size_t at = RY_JOURNAL_ALIGN;
    for (unsigned i = 0; i <= number; i++) {
        ck_assert_uint_lt(at, bytes->count);
        memcpy(&head, bytes->at + at, sizeof head);
        at += ry_journal_padded(sizeof head + head.payload_bytes);
    }
    return head;
}

/* A block says how much was durable when it closed, neither more nor less. */
START_TEST(test_blocks_know_what_was_durable)
{
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0;
    open_writer(&folder, _i);
    ck_assert_int_eq(journal_put(&writer, 1, 120, 0, &slot, 0), 0);
    while (writer.written < 104)
        ck_assert_int_ge(ry_journal_writer_poll(&writer, 0), 0);
    while (writer.durable < 104)
        ck_assert_int_ge(
            ry_journal_writer_poll(&writer, RY_JOURNAL_SYNC_EVERY_NS + writer.first_ns), 0);
    const uint64_t durable = writer.durable;
    ck_assert_int_eq(journal_put(&writer, 121, 200, 0, &slot, writer.first_ns), 0);
    ck_assert_int_eq(ry_journal_writer_flush(&writer, 0), 0);
    ry_journal_writer_close(&writer);
    struct journal_bytes bytes = journal_folder_read(&folder);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_uint_eq(block_at(&bytes, i).durable, 0);
    ck_assert_uint_eq(block_at(&bytes, 3).durable, durable);
    free(bytes.at);
    journal_folder_remove(&folder);
}
END_TEST

/* The block with the END is closed when all before it are durable, not by time and not because it
 * is the last. */
START_TEST(test_the_last_block_waits)
{
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0;
    open_writer(&folder, false);
    ck_assert_int_eq(journal_put(&writer, 1, 99, 100, &slot, 0), 0);
    ck_assert_uint_eq(writer.written, 52);
    union ry_input_any end = journal_input(100, 100);
    memcpy(ry_journal_writer_room(&writer), &end, sizeof end);
    ck_assert_int_eq(ry_journal_writer_took(&writer, 1, slot, 0), 0);
    ck_assert(writer.ended);
    ck_assert_uint_eq(writer.counters.blocks, 1);
    /* at once, not when a second has gone */
    ck_assert_int_gt(ry_journal_writer_poll(&writer, 0), 0);
    ck_assert_uint_eq(writer.durable, 52);
    ck_assert_int_gt(ry_journal_writer_poll(&writer, 0), 0);
    ck_assert(ry_journal_writer_finished(&writer));
    ck_assert_uint_eq(writer.counters.blocks_by_time, 0);
    ry_journal_writer_close(&writer);
    struct journal_bytes bytes = journal_folder_read(&folder);
    ck_assert_uint_eq(block_at(&bytes, 1).flags, RY_JOURNAL_LAST);
    ck_assert_uint_eq(block_at(&bytes, 1).durable, 52);
    free(bytes.at);
    journal_folder_remove(&folder);
}
END_TEST

/* The role is stopped in just that moment: the rest is saved the same way. */
START_TEST(test_flush_of_the_last_block)
{
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0;
    open_writer(&folder, _i);
    ck_assert_int_eq(journal_put(&writer, 1, 299, 300, &slot, 0), 0);
    union ry_input_any end = journal_input(300, 300);
    while (ry_journal_writer_room(&writer) == NULL)
        ck_assert_int_ge(ry_journal_writer_poll(&writer, 0), 0);
    memcpy(ry_journal_writer_room(&writer), &end, sizeof end);
    ck_assert_int_eq(ry_journal_writer_took(&writer, 1, slot, 0), 0);
    ck_assert_int_eq(ry_journal_writer_flush(&writer, 0), 0);
    ck_assert(ry_journal_writer_finished(&writer));
    ry_journal_writer_close(&writer);
    struct journal_bytes bytes = journal_folder_read(&folder);
    struct ry_journal_block last = block_at(&bytes, 5);
    ck_assert_uint_eq(last.flags, RY_JOURNAL_LAST);
    ck_assert_uint_eq(last.durable, last.first_input - 1);
    free(bytes.at);
    journal_folder_remove(&folder);
}
END_TEST

/* The disk is full in the middle of a block: a short write is resumed, what follows fails, and that
 * is the end. */
START_TEST(test_a_failed_write_is_final)
{
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0;
    open_writer(&folder, _i);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {.rlim_cur = 3 * RY_JOURNAL_ALIGN + 512, .rlim_max = RLIM_INFINITY};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    int failed = 0;
    for (uint64_t i = 1; i <= 100000 && !failed; i++)
        failed = journal_put(&writer, i, i, 0, &slot, 0);
    ck_assert_int_eq(failed, -1);
    /* with several in flight the next block's failure may be heard of first */
    ck_assert_ptr_nonnull(strstr(writer.error, "of the journal: File too large"));
    if (!writer.uring_used) {
        ck_assert_str_eq(writer.error, "cannot write block 2 of the journal: File too large");
        ck_assert_uint_eq(writer.counters.short_writes, 1);
    }
    ck_assert_uint_le(writer.written, 104); /* of the two blocks before */
    ry_journal_writer_close(&writer);
    journal_folder_remove(&folder);
}
END_TEST

/* fdatasync fails (a pipe has none), once; afterwards it would succeed, and must not be asked: the
 * kernel may have marked clean what it could not write. */
START_TEST(test_a_failed_fdatasync_is_final)
{
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0;
    int ends[2], result;
    open_writer(&folder, _i);
    ck_assert_int_eq(journal_put(&writer, 1, 120, 0, &slot, 0), 0);
    while (writer.written < 104)
        ck_assert_int_ge(ry_journal_writer_poll(&writer, 0), 0);
    int kept = dup(writer.fd);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(dup2(ends[1], writer.fd), writer.fd);
    writer.first_ns = RY_JOURNAL_SYNC_EVERY_NS; /* nothing else is due */
    while ((result = ry_journal_writer_poll(&writer, RY_JOURNAL_SYNC_EVERY_NS)) >= 0)
        ;
    ck_assert_int_eq(result, -1);
    ck_assert_str_eq(writer.error, "fdatasync of the journal: Invalid argument");
    ck_assert_int_eq(dup2(kept, writer.fd), writer.fd);
    ck_assert_int_eq(ry_journal_writer_poll(&writer, 2 * RY_JOURNAL_SYNC_EVERY_NS), -1);
    ck_assert_int_eq(ry_journal_writer_flush(&writer, 2 * RY_JOURNAL_SYNC_EVERY_NS), -1);
    ck_assert_int_eq(journal_put(&writer, 121, 121, 0, &slot, 0), -1);
    ck_assert_str_eq(writer.error, "fdatasync of the journal: Invalid argument");
    ck_assert_uint_eq(writer.durable, 0);
    ck_assert_uint_eq(writer.counters.syncs, 0);
    ry_journal_writer_close(&writer);
    close(kept);
    close(ends[0]);
    close(ends[1]);
    journal_folder_remove(&folder);
}
END_TEST

START_TEST(test_refuses_what_is_no_sequence)
{
    struct journal_folder folder = journal_folder_make();
    uint64_t slot = 0;
    open_writer(&folder, false);
    union ry_input_any input = journal_input(1, 9);
    memcpy(ry_journal_writer_room(&writer), &input, sizeof input);
    ck_assert_int_eq(ry_journal_writer_took(&writer, 2, 0, 0), -1);
    ck_assert_str_eq(writer.error, "input 1 says 1 slots, the ring says 2");
    ry_journal_writer_close(&writer);
    journal_folder_remove(&folder);

    folder = journal_folder_make();
    open_writer(&folder, false);
    ck_assert_int_eq(journal_put(&writer, 1, 4, 4, &slot, 0), 0);
    ck_assert_int_eq(journal_put(&writer, 5, 5, 9, &slot, 0), -1);
    ck_assert_str_eq(writer.error, "an input came after the END");
    ry_journal_writer_close(&writer);
    journal_folder_remove(&folder);
}
END_TEST

START_TEST(test_open_refuses)
{
    struct journal_folder folder = journal_folder_make();
    struct ry_journal_options options = journal_options(false);
    open_writer(&folder, false);
    ry_journal_writer_close(&writer);
    /* never over another's */
    ck_assert_int_eq(ry_journal_writer_open(&writer, folder.path, &options), -1);
    ck_assert_ptr_nonnull(strstr(writer.error, "File exists"));
    ck_assert_int_eq(ry_journal_writer_open(&writer, "/nonexistent", &options), -1);
    ck_assert_ptr_nonnull(strstr(writer.error, "cannot open /nonexistent"));
    options.block_bytes = RY_JOURNAL_BLOCK_BYTES_MIN - 1;
    ck_assert_int_eq(ry_journal_writer_open(&writer, folder.path, &options), -1);
    options.block_bytes = RY_JOURNAL_BLOCK_BYTES_MAX + 1;
    ck_assert_int_eq(ry_journal_writer_open(&writer, folder.path, &options), -1);
    journal_folder_remove(&folder);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("journal_writer");
    TCase *c = tcase_create("writer");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, test_a_block_closes_by_time);
    tcase_add_loop_test(c, test_positions_never_run_ahead, 0, 2);
    tcase_add_loop_test(c, test_flush_keeps_an_open_block, 0, 2);
    tcase_add_loop_test(c, test_blocks_know_what_was_durable, 0, 2);
    tcase_add_test(c, test_the_last_block_waits);
    tcase_add_loop_test(c, test_flush_of_the_last_block, 0, 2);
    tcase_add_loop_test(c, test_a_failed_write_is_final, 0, 2);
    tcase_add_loop_test(c, test_a_failed_fdatasync_is_final, 0, 2);
    tcase_add_test(c, test_refuses_what_is_no_sequence);
    tcase_add_test(c, test_open_refuses);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
