/*
 * A follower ends where exec ended, whichever way the inputs came to it: the journal, the ring, or
 * the ring until it was lapped and the journal again.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/follow/mark.h"

#include "tests/support/exec_rig.h"
#include "tests/support/journal_rig.h"

#define RECORDS 6000

/* A battle that is written to disk while it runs. */
struct stage {
    struct rig *rig;
    struct journal_folder folder;
    struct ry_journal_writer writer;
    struct ry_journal_positions positions;
    unsigned sent;
    uint64_t random;
};

static struct stage stage;

static void no_report(void *context, const struct ry_report *report)
{
    (void)context;
    (void)report;
}

static void count_market(void *context, const struct ry_market *market)
{
    (void)market;
    ++*(uint64_t *)context;
}

static uint64_t records_seen;
static const struct ry_arena_sink sink = {
    .context = &records_seen, .report = no_report, .market = count_market};

/* Written by pwrite: how far behind the journal is does not hang on the kernel's moods then. */
static void stage_open(uint64_t input_slots, uint64_t seed)
{
    struct ry_journal_options options = journal_options(false);
    memset(&stage.positions, 0, sizeof stage.positions);
    stage.rig = rig_open(rig_battle(1, 2, RY_TIME_NEVER), input_slots);
    stage.folder = journal_folder_make();
    stage.sent = 0;
    stage.random = seed;
    records_seen = 0;
    ck_assert_int_eq(ry_journal_writer_open(&stage.writer, stage.folder.path, &options), 0);
}

static void stage_close(void)
{
    ry_journal_writer_close(&stage.writer);
    journal_folder_remove(&stage.folder);
    rig_close(stage.rig);
}

static void send_some(unsigned n)
{
    for (; n > 0 && stage.sent < RECORDS; n--) {
        unsigned i = stage.sent++;
        int64_t time = RIG_FROM + i / 3;
        struct ry_input event = rig_add(
            (uint16_t)(i % 2), time, i + 1, i % 4 < 2 ? RY_BUY : RY_SELL,
            (i % 4 < 2 ? 999900 : 1000100) + (int64_t)(rig_random(&stage.random) % 50), 1 + i % 9);
        if (i % 5 == 4) {
            event = rig_event(RY_IN_EXEC, (uint16_t)(i % 2), time);
            event.head.flags = RY_INF_PRINTED;
            event.ref = i - 1;
            event.qty = 1;
        }
        rig_send(stage.rig, 0, event);
    }
    if (stage.sent == RECORDS && stage.rig->feed_seq[0] == RECORDS)
        rig_send_end(stage.rig, 0, RIG_FROM + RECORDS);
}

/* What royale-journal does, for up to n records. */
static void keep_some(unsigned n)
{
    struct rig *rig = stage.rig;
    uint64_t slot = ry_ring_next(&rig->inputs);
    void *room;
    int slots;
    while (n-- > 0 && (room = ry_journal_writer_room(&stage.writer)) != NULL &&
           (slots = ry_ring_read(&rig->inputs, room)) > 0) {
        ck_assert_int_eq(ry_journal_writer_took(&stage.writer, (unsigned)slots, slot, 0), 0);
        slot = ry_ring_next(&rig->inputs);
    }
    ck_assert_int_ge(ry_journal_writer_poll(&stage.writer, 0), 0);
    ry_ring_position_store(rig->journal, slot);
    /* R30: pairs with A30 in core/follow/follow.c */
    ry_store_release(&stage.positions.inputs_written, stage.writer.written);
}

static bool battle_over(void)
{
    return stage.rig->exec.phase == RY_EXEC_DONE && ry_journal_writer_finished(&stage.writer);
}

static void run_some(void)
{
    send_some((unsigned)(rig_random(&stage.random) % 60));
    ry_exec_step(&stage.rig->exec);
    keep_some((unsigned)(rig_random(&stage.random) % 200));
}

static void same_machine(const struct ry_follow *follow)
{
    const struct ry_exec *exec = &stage.rig->exec;
    const struct ry_arena *arena = ry_follow_arena(follow);
    ck_assert_int_eq(follow->status, RY_FOLLOW_END);
    ck_assert_uint_eq(follow->inputs, exec->counters.machine.inputs);
    ck_assert_uint_eq(ry_arena_input_hash(arena), exec->counters.input_hash);
    ck_assert_uint_eq(ry_arena_output_hash(arena), exec->counters.output_hash);
    ck_assert_uint_eq(ry_arena_book_hash(arena), exec->counters.book_hash);
    ck_assert_uint_eq(ry_arena_state_hash(arena), exec->counters.state_hash);
    ck_assert_uint_eq(records_seen, exec->counters.machine.market_records);
    ck_assert_uint_eq(follow->price_scale[1], 4);
}

static void open_follow(struct ry_follow *follow)
{
    char error[256];
    ck_assert_msg(ry_follow_open(follow, stage.folder.path, error, sizeof error) == 0, "%s", error);
}

static void join_ring(struct ry_follow *follow, uint64_t slots, uint64_t epoch)
{
    ck_assert_int_eq(ry_follow_join_memory(follow, stage.rig->memory[0], ry_ring_footprint(slots),
                                           epoch, &stage.positions),
                     0);
}

static struct ry_follow follow;

START_TEST(test_from_the_journal)
{
    stage_open(4096, 1 + (uint64_t)_i);
    while (!battle_over())
        run_some();
    open_follow(&follow);
    while (ry_follow_step(&follow, 1 + (unsigned)_i * 700, &sink) > 0)
        ;
    same_machine(&follow);
    ck_assert_uint_eq(ry_follow_step(&follow, 1, &sink), 0);
    ck_assert_int_eq(follow.status, RY_FOLLOW_END);
    ry_follow_close(&follow);
    stage_close();
}
END_TEST

/* Close behind: once caught up, the ring alone serves it. */
START_TEST(test_live)
{
    stage_open(4096, 10 + (uint64_t)_i);
    open_follow(&follow);
    join_ring(&follow, 4096, 1);
    while (follow.status != RY_FOLLOW_END) {
        run_some();
        while (ry_follow_step(&follow, 100, &sink) > 0)
            ;
        ck_assert_int_ne(follow.status, RY_FOLLOW_DAMAGED);
        ck_assert(follow.in_ring || follow.inputs < 2000);
    }
    ck_assert_uint_eq(follow.lapped, 0);
    same_machine(&follow);
    ry_follow_close(&follow);
    while (!battle_over())
        run_some();
    stage_close();
}
END_TEST

/* Slow, over a small ring: lapped again and again, back to the journal each time. */
START_TEST(test_lapped)
{
    stage_open(256, 20 + (uint64_t)_i);
    open_follow(&follow);
    join_ring(&follow, 256, 1);
    unsigned stalls = 0;
    while (follow.status != RY_FOLLOW_END) {
        run_some();
        if (stalls > 0 && stalls-- > 0)
            continue;
        while (ry_follow_step(&follow, 1000, &sink) > 0)
            ;
        ck_assert_msg(follow.status != RY_FOLLOW_DAMAGED, "%s", follow.text);
        if (follow.in_ring && rig_random(&stage.random) % 4 == 0)
            stalls = 20; /* some 600 records: more than the ring has */
    }
    ck_assert_uint_gt(follow.lapped, 0);
    same_machine(&follow);
    ry_follow_close(&follow);
    while (!battle_over())
        run_some();
    stage_close();
}
END_TEST

/* A live follower comes back to a mark that was taken while it read the ring, and to the ring. */
START_TEST(test_marks_of_a_live_one)
{
    static struct ry_follow another;
    struct ry_follow_store store;
    struct ry_follow_mark first, second;
    stage_open(4096, 30 + (uint64_t)_i);
    open_follow(&follow);
    join_ring(&follow, 4096, 1);
    ry_follow_store_open(&store);
    while (follow.inputs < 1000 || !follow.in_ring) {
        run_some();
        (void)ry_follow_step(&follow, 100, &sink);
    }
    const uint64_t hash = ry_arena_state_hash(ry_follow_arena(&follow)), inputs = follow.inputs,
                   seen = records_seen;
    ck_assert_int_eq(ry_follow_mark_take(&store, &first, &follow, NULL), 0);
    for (unsigned i = 0; i < 20; i++) {
        run_some();
        (void)ry_follow_step(&follow, 100, &sink);
    }
    ck_assert_int_eq(ry_follow_mark_take(&store, &second, &follow, &first), 0);
    ck_assert_int_eq(ry_follow_mark_return(&store, &first, &follow), 0);
    ck_assert_uint_eq(ry_arena_state_hash(ry_follow_arena(&follow)), hash);
    ck_assert_uint_eq(follow.inputs, inputs);
    records_seen = seen;
    while (follow.status != RY_FOLLOW_END) {
        run_some();
        while (ry_follow_step(&follow, 100, &sink) > 0)
            ;
    }
    ck_assert(follow.in_ring);
    same_machine(&follow);
    ry_follow_close(&follow);
    while (!battle_over())
        run_some();
    /* one that has no machine yet takes it over */
    open_follow(&another);
    ck_assert_int_eq(ry_follow_mark_return(&store, &second, &another), 0);
    ry_follow_mark_drop(&store, &first);
    ry_follow_mark_drop(&store, &second);
    ry_follow_store_close(&store);
    while (ry_follow_step(&another, 1000, &sink) > 0)
        ;
    ck_assert_int_eq(another.status, RY_FOLLOW_END);
    ck_assert_uint_eq(ry_arena_state_hash(ry_follow_arena(&another)),
                      stage.rig->exec.counters.state_hash);
    ry_follow_close(&another);
    stage_close();
}
END_TEST

/* Slots of another epoch's ring mean nothing. */
START_TEST(test_another_epoch)
{
    stage_open(4096, 3);
    open_follow(&follow);
    join_ring(&follow, 4096, 2);
    while (follow.status != RY_FOLLOW_END) {
        run_some();
        while (ry_follow_step(&follow, 100, &sink) > 0)
            ;
        ck_assert(!follow.in_ring);
    }
    same_machine(&follow);
    ry_follow_close(&follow);
    while (!battle_over())
        run_some();
    stage_close();
}
END_TEST

/* Blocks that the journal does not vouch for yet are not looked at. */
START_TEST(test_not_before_it_is_written)
{
    stage_open(4096, 7);
    while (!battle_over())
        run_some();
    open_follow(&follow);
    join_ring(&follow, 4096, 2); /* the ring is no way round */
    /* R30: pairs with A30 in core/follow/follow.c */
    ry_store_release(&stage.positions.inputs_written, UINT64_C(0));
    ck_assert_uint_eq(ry_follow_step(&follow, 1000, &sink), 0);
    ck_assert_int_eq(follow.status, RY_FOLLOW_MORE);
    /* R30: pairs with A30 in core/follow/follow.c */
    ry_store_release(&stage.positions.inputs_written, stage.writer.written);
    while (ry_follow_step(&follow, 1000, &sink) > 0)
        ;
    same_machine(&follow);
    ry_follow_close(&follow);
    stage_close();
}
END_TEST

START_TEST(test_until)
{
    stage_open(4096, 4);
    while (!battle_over())
        run_some();
    open_follow(&follow);
    ry_follow_until(&follow, 100, RY_TIME_NEVER);
    ck_assert_uint_eq(ry_follow_step(&follow, 1000000, &sink), 100);
    ck_assert_int_eq(follow.status, RY_FOLLOW_UNTIL);
    ry_follow_until(&follow, UINT64_MAX, RIG_FROM + 100);
    ck_assert_uint_gt(ry_follow_step(&follow, 1000000, &sink), 0);
    ck_assert_int_eq(follow.status, RY_FOLLOW_UNTIL);
    ck_assert_int_eq(ry_arena_time(ry_follow_arena(&follow)), RIG_FROM + 100);
    /* all of that T: three configuration records, TIME, and three of the feed for each of 101
     * moments */
    ck_assert_uint_eq(follow.inputs, 3 + 1 + 3 * 101);
    ry_follow_until(&follow, UINT64_MAX, RY_TIME_NEVER);
    while (ry_follow_step(&follow, 1000, &sink) > 0)
        ;
    same_machine(&follow);
    ry_follow_close(&follow);
    stage_close();
}
END_TEST

/* The state of a cut journal is that of the inputs before the cut. */
START_TEST(test_cut)
{
    static struct ry_follow whole;
    char error[256];
    stage_open(4096, 5);
    while (!battle_over())
        run_some();
    struct journal_bytes bytes = journal_folder_read(&stage.folder);
    int fd = journal_file_of(bytes.at, bytes.count / 2);
    ck_assert_int_eq(ry_follow_open_fd(&follow, fd, "cut", error, sizeof error), 0);
    while (ry_follow_step(&follow, 1000, &sink) > 0)
        ;
    ck_assert_int_eq(follow.status, RY_FOLLOW_CUT);
    ck_assert_ptr_nonnull(strstr(follow.text, "cut: last whole block"));
    open_follow(&whole);
    ry_follow_until(&whole, follow.inputs, RY_TIME_NEVER);
    while (ry_follow_step(&whole, 1000, &sink) > 0)
        ;
    ck_assert_uint_eq(ry_arena_state_hash(ry_follow_arena(&follow)),
                      ry_arena_state_hash(ry_follow_arena(&whole)));
    /* the rest comes: it goes on where it was */
    ck_assert_int_eq(pwrite(fd, bytes.at, bytes.count, 0), (ssize_t)bytes.count);
    while (ry_follow_step(&follow, 1000, &sink) > 0)
        ;
    ck_assert_int_eq(follow.status, RY_FOLLOW_END);
    ck_assert_uint_eq(ry_arena_state_hash(ry_follow_arena(&follow)),
                      stage.rig->exec.counters.state_hash);
    ry_follow_close(&whole);
    ry_follow_close(&follow);
    free(bytes.at);
    stage_close();
}
END_TEST

START_TEST(test_damaged)
{
    char error[256];
    stage_open(4096, 6);
    while (!battle_over())
        run_some();
    struct journal_bytes bytes = journal_folder_read(&stage.folder);
    bytes.at[bytes.count / 2] ^= 1;
    ck_assert_int_eq(ry_follow_open_fd(&follow, journal_file_of(bytes.at, bytes.count), "it", error,
                                       sizeof error),
                     0);
    while (ry_follow_step(&follow, 1000, &sink) > 0)
        ;
    ck_assert_int_eq(follow.status, RY_FOLLOW_DAMAGED);
    ck_assert_ptr_nonnull(strstr(follow.text, "are lost"));
    ry_follow_close(&follow);
    free(bytes.at);
    stage_close();
}
END_TEST

/* Whole blocks do not make a battle. */
START_TEST(test_no_battle)
{
    struct journal_bytes bytes = journal_whole(20, false);
    char error[256];
    ck_assert_int_eq(ry_follow_open_fd(&follow, journal_file_of(bytes.at, bytes.count), "it", error,
                                       sizeof error),
                     0);
    ck_assert_uint_eq(ry_follow_step(&follow, 1000, &sink), 0);
    ck_assert_int_eq(follow.status, RY_FOLLOW_DAMAGED);
    ck_assert_str_eq(follow.text, "the first input is no BATTLE that this machine can hold");
    ck_assert_ptr_null(ry_follow_arena(&follow));
    ry_follow_close(&follow);
    free(bytes.at);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("follow");
    TCase *c = tcase_create("follow");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, test_from_the_journal, 0, 4);
    tcase_add_loop_test(c, test_live, 0, 4);
    tcase_add_loop_test(c, test_lapped, 0, 6);
    tcase_add_loop_test(c, test_marks_of_a_live_one, 0, 3);
    tcase_add_test(c, test_another_epoch);
    tcase_add_test(c, test_not_before_it_is_written);
    tcase_add_test(c, test_until);
    tcase_add_test(c, test_cut);
    tcase_add_test(c, test_damaged);
    tcase_add_test(c, test_no_battle);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
