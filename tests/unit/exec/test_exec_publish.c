/*
 * Outputs into rings that agents read: room, the backlog's order, and who is waited for.
 */
#include <stdlib.h>

#include "core/exec/publish.h"
#include "shm/records/links.h"
#include "shm/records/longest.h"
#include "tests/support/exec_rig.h"

#define SLOTS  16u
#define AGENTS 2u

struct publish_rig {
    struct ry_exec_publish publish;
    struct ry_ring_reader market, reports[AGENTS];
    struct ry_agent_commands words[AGENTS];
    void *memory[1 + AGENTS];
    unsigned char backlog[200 * RY_RING_PAYLOAD];
    uint64_t group, seq;
};

static struct publish_rig *publish_open(void)
{
    struct publish_rig *rig = rig_memory(sizeof *rig);
    struct ry_ring_writer *writers[] = {&rig->publish.market, &rig->publish.agent[0].reports,
                                        &rig->publish.agent[1].reports};
    struct ry_ring_reader *readers[] = {&rig->market, &rig->reports[0], &rig->reports[1]};
    rig->publish.backlog = rig->backlog;
    rig->publish.backlog_max = sizeof rig->backlog / RY_RING_PAYLOAD;
    rig->publish.readers = 3;
    for (unsigned i = 0; i < 1 + AGENTS; i++) {
        rig->memory[i] = rig_memory(ry_ring_footprint(SLOTS));
        ry_ring_create(writers[i], rig->memory[i], SLOTS);
        ck_assert_int_eq(ry_ring_join(readers[i], rig->memory[i], ry_ring_footprint(SLOTS)), 0);
    }
    for (unsigned i = 0; i < AGENTS; i++) {
        rig->publish.agent[i].market_read = &rig->words[i].market;
        rig->publish.agent[i].reports_read = &rig->words[i].reports;
    }
    return rig;
}

static void publish_close(struct publish_rig *rig)
{
    for (unsigned i = 0; i < 1 + AGENTS; i++)
        free(rig->memory[i]);
    free(rig);
}

static void market(struct publish_rig *rig)
{
    struct ry_market record = {.kind = RY_MK_CHANGE, .slots = 1, .group = ++rig->group};
    ry_exec_publish_market(&rig->publish, &record);
}

static void report(struct publish_rig *rig, uint16_t agent, enum ry_report_kind kind)
{
    struct ry_report record = {
        .kind = (uint8_t)kind, .slots = 2, .seq = ++rig->seq, .agent = agent};
    ry_exec_publish_report(&rig->publish, &record);
}

static void has_read(struct publish_rig *rig, unsigned agent, uint64_t market_slots,
                     uint64_t report_slots)
{
    ry_ring_position_store(&rig->words[agent].market, market_slots);
    ry_ring_position_store(&rig->words[agent].reports, report_slots);
}

START_TEST(test_slowest_reader_makes_room)
{
    struct publish_rig *rig = publish_open();
    for (unsigned i = 0; i < SLOTS + 3; i++)
        market(rig);
    ck_assert_uint_eq(ry_ring_written(&rig->publish.market), SLOTS);
    ck_assert_uint_eq(rig->publish.backlog_end, 3);
    has_read(rig, 0, SLOTS, 0);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish), 1);
    has_read(rig, 1, 2, 0);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish), 1);
    ck_assert_uint_eq(ry_ring_written(&rig->publish.market), SLOTS + 2);
    ry_exec_publish_forget(&rig->publish, 1);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish), RY_EXEC_PUBLISH_ALL);
    ck_assert_uint_eq(ry_ring_written(&rig->publish.market), SLOTS + 3);
    publish_close(rig);
}
END_TEST

/* A word that lies ahead laps its own host, nobody else. */
START_TEST(test_false_word)
{
    struct publish_rig *rig = publish_open();
    has_read(rig, 1, UINT64_MAX, UINT64_MAX);
    for (unsigned i = 0; i < SLOTS + 1; i++)
        market(rig);
    ck_assert_uint_eq(ry_ring_written(&rig->publish.market), SLOTS);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish), 0);
    publish_close(rig);
}
END_TEST

/* What comes behind something that waits, waits as well. */
START_TEST(test_backlog_keeps_the_order)
{
    struct publish_rig *rig = publish_open();
    for (unsigned i = 0; i < SLOTS / 2 + 1; i++)
        report(rig, 0, RY_RP_FILL);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish), 0);
    report(rig, 1, RY_RP_FILL);
    market(rig);
    ck_assert_uint_eq(ry_ring_written(&rig->publish.market), 0);
    ck_assert_uint_eq(ry_ring_written(&rig->publish.agent[1].reports), 0);
    has_read(rig, 0, 0, 2);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish), RY_EXEC_PUBLISH_ALL);
    ck_assert_uint_eq(rig->publish.published, 3);
    struct ry_report copy[8];
    ck_assert_int_eq(ry_ring_read(&rig->reports[1], copy), 2);
    ck_assert_uint_eq(copy->seq, SLOTS / 2 + 2);
    ck_assert_uint_eq(ry_ring_written(&rig->publish.market), 1);
    publish_close(rig);
}
END_TEST

/* All that it was told before its OUT, it can read; what comes later is not kept for it. */
START_TEST(test_one_that_is_out_reads_to_its_end)
{
    struct publish_rig *rig = publish_open();
    for (unsigned i = 0; i < 4; i++)
        market(rig);
    report(rig, 1, RY_RP_OUT);
    has_read(rig, 0, 4, 0);
    for (unsigned i = 0; i < SLOTS; i++)
        market(rig);
    ck_assert_uint_eq(ry_ring_written(&rig->publish.market), SLOTS);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish), 1);
    has_read(rig, 1, 4, 0); /* the market, but not the report */
    has_read(rig, 0, SLOTS, 0);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish),
                     RY_EXEC_PUBLISH_ALL); /* room for the four all the same */
    market(rig);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish), 1);
    has_read(rig, 1, 4, 2);
    ck_assert_int_eq(ry_exec_publish_go_on(&rig->publish), RY_EXEC_PUBLISH_ALL);
    ck_assert_uint_eq(rig->publish.readers, 1);
    report(rig, 1, RY_RP_FILL); /* to nobody */
    ck_assert_uint_eq(ry_ring_written(&rig->publish.agent[1].reports), 2);
    publish_close(rig);
}
END_TEST

/* All that one input can make, in slots: a market record one, a report two. */
START_TEST(test_backlog_holds_the_longest_answer)
{
    ck_assert_uint_eq(ry_exec_publish_backlog_bytes(1000, 2, 4),
                      (ry_longest_market(1000, 2, 4) + 2 * ry_longest_reports(1000, 2, 4)) *
                          RY_RING_PAYLOAD);
    ck_assert_uint_eq(ry_exec_publish_backlog_bytes(1000, 2, 0), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("exec_publish");
    TCase *c = tcase_create("exec_publish");
    tcase_add_test(c, test_slowest_reader_makes_room);
    tcase_add_test(c, test_false_word);
    tcase_add_test(c, test_backlog_keeps_the_order);
    tcase_add_test(c, test_one_that_is_out_reads_to_its_end);
    tcase_add_test(c, test_backlog_holds_the_longest_answer);
    suite_add_tcase(s, c);
    return s;
}

RY_TEST_MAIN(suite)
