/* A feed of packets: the order and the two lines of a session, what is missing, foreign sessions,
 * ends of session, and what a feed says when it cannot use what came. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/line/ahead.h"
#include "tests/support/feed_rig.h"

#define LINE_A         WIRE_GROUP
#define LINE_B         0xe931c46fu /* 233.49.196.111 */
#define END_OF_SESSION 0xffff

static const char *const symbols[] = {"AAPL"};
static struct wire message, blocks, payload, stream[KIT_FRAMES_MAX];
static struct kit_frames frames;
static struct kit_lines lines;

/* ---- the frames of a test -------------------------------------------------------------------- */

static struct ry_battle *fresh(void)
{
    frames = (struct kit_frames){0};
    return kit_battle(symbols, 1, 4);
}

/* A battle that reads a capture; without that the frames come from a device. */
static struct ry_battle *fresh_capture(void)
{
    struct ry_battle *battle = fresh();
    kit_path(battle, "/data/day.pcap");
    return battle;
}

static void add_payload(struct wire_frame_shape shape)
{
    struct wire *out = &stream[frames.count];
    out->length = 0;
    wire_frame(out, shape, &payload);
    frames.frame[frames.count] = out->bytes;
    frames.length[frames.count++] = out->length;
}

/* One frame with `count` adds, or with the count as given if that is 0 or END_OF_SESSION. */
static void add_to(uint32_t group, const char *session, uint64_t sequence, unsigned count)
{
    blocks.length = payload.length = 0;
    for (unsigned i = 0; i < count && count != END_OF_SESSION; i++) {
        message.length = 0;
        itch_add(&message, 'A', 4, sequence + i, sequence + i, 'B', 1, "AAPL", 10000);
        wire_binaryfile(&blocks, &message);
    }
    wire_mold_payload(&payload, session, sequence, count, &blocks);
    add_payload((struct wire_frame_shape){.port = 26477, .group = group});
}

static void add_frame(const char *session, uint64_t sequence, unsigned count)
{
    add_to(LINE_A, session, sequence, count);
}

/* The event that ends the messages of a day, and the end of the session behind it. */
static void add_end(const char *session, uint64_t sequence)
{
    message.length = blocks.length = payload.length = 0;
    itch_system(&message, 1000000, 'C');
    wire_binaryfile(&blocks, &message);
    wire_mold_payload(&payload, session, sequence, 1, &blocks);
    add_payload((struct wire_frame_shape){.port = 26477});
    add_frame(session, sequence + 1, END_OF_SESSION);
}

/* Runs the frames. port_of: what to take them from; NULL: from memory alone. */
static struct ry_feed_handler *run_frames(struct ry_battle *battle,
                                          enum ry_feed_handler_result result)
{
    const struct ry_log_sink log = {.line = kit_line, .context = &lines};
    const struct ry_port_frames port = {.next = kit_next_frame, .context = &frames};
    struct ry_feed_handler *handler = kit_handler();
    battle->feed[0].port = RY_BATTLE_PORT_DPDK;
    battle->feed[0].udp_port = battle->feed[0].udp_port != 0 ? battle->feed[0].udp_port : 26477;
    memset(&lines, 0, sizeof lines);
    frames.next = 0;
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, &port, &log), 0);
    const enum ry_feed_handler_result got = kit_run(handler, NULL);
    ck_assert_msg(got == result, "%d: %s", got, handler->error);
    kit_counts_add_up(&handler->counters);
    return handler;
}

static void check_says(const char *text, const char *wanted)
{
    ck_assert_msg(strstr(text, wanted) != NULL, "\"%s\" does not say \"%s\"", text, wanted);
}

static void done(struct ry_feed_handler *handler, struct ry_battle *battle)
{
    ry_feed_handler_close(handler);
    free(handler);
    free(battle);
}

/* ---- a session ------------------------------------------------------------------------------- */

/* A device: nobody waits for what follows the end. */
START_TEST(test_packets)
{
    struct ry_battle *battle = fresh();
    add_frame("S", 1, 2);
    add_frame("S", 3, 0);
    add_frame("S", 2, 3); /* 2 came already */
    add_frame("S", 1, 2);
    add_frame("S", 5, END_OF_SESSION);
    frames.length[frames.count++] = 10; /* never reached: the session is over */
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_END);
    const struct ry_feed_counters *c = &handler->counters;
    ck_assert(c->packets == 5 && c->messages == 4 && c->events == 4 && c->duplicates == 3 &&
              c->heartbeats == 1);
    ck_assert(c->gaps == 0 && c->late_start == 0 && handler->source_seq == 5);
    done(handler, battle);
}
END_TEST

/* The same messages on two groups, each line with holes of its own and in its own order. */
START_TEST(test_two_lines)
{
    struct ry_battle *battle = fresh_capture();
    add_to(LINE_A, "S", 1, 2);
    add_to(LINE_B, "S", 1, 2);
    add_to(LINE_A, "S", 5, 2); /* A lost 3 and 4 */
    add_to(LINE_B, "S", 3, 2);
    add_to(LINE_B, "S", 7, 2); /* B swaps the two */
    add_to(LINE_B, "S", 5, 2);
    add_to(LINE_A, "S", 7, 2);
    add_end("S", 9);
    add_to(LINE_B, "S", 10, END_OF_SESSION);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_END);
    const struct ry_feed_counters *c = &handler->counters;
    ck_assert(c->messages == 9 && c->events == 8 && c->duplicates == 6 && c->reordered == 1);
    ck_assert(c->gaps == 0 && c->after_end == 0 && lines.warnings == 0);
    done(handler, battle);
}
END_TEST

START_TEST(test_swapped_packets)
{
    struct ry_battle *battle = fresh_capture();
    add_frame("S", 1, 1);
    add_frame("S", 4, 2);
    add_frame("S", 8, END_OF_SESSION); /* before the last messages */
    add_frame("S", 2, 2);
    add_frame("S", 6, 2);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_END);
    ck_assert(handler->counters.messages == 7 && handler->counters.reordered == 2);
    done(handler, battle);
}
END_TEST

START_TEST(test_gap_ends_the_feed)
{
    static const char why[] = "wire: gap in the sequence: expected 12, got 15: 3 messages are "
                              "missing, the book would be wrong; `incomplete: warn` lets the "
                              "battle go on and stamps its result";
    struct ry_battle *battle = fresh();
    add_frame("S", 1, 11);
    add_frame("S", 15, 1);
    for (unsigned i = 1; i < RY_LINE_AHEAD_PACKETS; i++)
        add_frame("S", 1, 1); /* what is missing does not come */
    frames.hold = true;
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    ck_assert_str_eq(handler->error, why);
    ck_assert(handler->counters.gaps == 1 && handler->counters.events == 11);
    done(handler, battle);

    battle = fresh();
    add_frame("S", 1, 11);
    add_frame("S", 15, 1); /* and the capture ends */
    handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    ck_assert_str_eq(handler->error, why);
    done(handler, battle);
}
END_TEST

/* `incomplete: warn`: an INCOMPLETE stands where the messages are missing, once for each reason. */
START_TEST(test_goes_on_behind_a_gap)
{
    struct ry_battle *battle = fresh_capture();
    struct ry_input event;
    battle->feed[0].incomplete = RY_BATTLE_INCOMPLETE_WARN;
    add_frame("S", 3, 1);
    add_frame("S", 10, 2);
    add_frame("S", 20, 1); /* and no end */
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_END);
    ck_assert(handler->counters.gaps == 2 && handler->counters.late_start == 2 &&
              handler->counters.messages == 4 && handler->counters.incomplete == 4);
    ck_assert_uint_eq(lines.warnings, 3); /* late, gap, no end-of-messages event */
    check_says(lines.warning, "the day ends without the end-of-messages event: the capture may");
    ry_feed_handler_close(handler);

    static const struct {
        enum ry_input_kind kind;
        uint32_t qty;
    } wanted[] = {{RY_IN_INCOMPLETE, RY_INCOMPLETE_LATE},
                  {RY_IN_ADD, 1},
                  {RY_IN_INCOMPLETE, RY_INCOMPLETE_GAP},
                  {RY_IN_ADD, 1},
                  {RY_IN_ADD, 1},
                  {RY_IN_ADD, 1},
                  {RY_IN_FEED_END, 0}};
    const struct ry_port_frames port = {.next = kit_next_frame, .context = &frames};
    frames.next = 0;
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, &port, NULL), 0);
    for (unsigned i = 0; i < sizeof wanted / sizeof wanted[0];) {
        const enum ry_feed_handler_result result = ry_feed_handler_next(handler, &event);
        ck_assert(result == RY_FEED_HANDLER_QUIET || result == RY_FEED_HANDLER_EVENT);
        if (result != RY_FEED_HANDLER_EVENT)
            continue;
        ck_assert_msg(event.head.kind == wanted[i].kind && event.qty == wanted[i].qty,
                      "event %u: kind %u, qty %u", i, event.head.kind, event.qty);
        i++;
    }
    done(handler, battle);
}
END_TEST

/* ---- two feeds in one -------------------------------------------------------------------------- */

START_TEST(test_two_feeds_on_one_port)
{
    struct ry_battle *battle = fresh_capture();
    add_to(LINE_A, "S", 1, 2);
    add_to(LINE_B, "T", 1, 2);
    add_to(LINE_A, "S", 3, 2);
    add_end("S", 5);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    ck_assert_str_eq(handler->error,
                     "/data/day.pcap: session \"T         \" in the middle of session "
                     "\"S         \": two feeds, one to group 233.49.196.111, one to group "
                     "233.54.12.111: choose one with `group: 233.54.12.111`");
    ry_feed_handler_close(handler);
    free(handler);
    battle->feed[0].group = LINE_A;
    handler = run_frames(battle, RY_FEED_HANDLER_END);
    ck_assert(handler->counters.messages == 5 && handler->counters.packets_other_group == 1);
    ck_assert_uint_eq(lines.warnings, 0);
    done(handler, battle);
}
END_TEST

START_TEST(test_two_feeds_on_two_ports)
{
    struct ry_battle *battle = fresh();
    const struct ry_port_frames port = {.next = kit_next_frame, .context = &frames};
    struct ry_feed_handler *handler = kit_handler();
    add_frame("S", 1, 1);
    payload.length = blocks.length = 0;
    message.length = 0;
    itch_other(&message, 'Y', 20);
    wire_binaryfile(&blocks, &message);
    wire_mold_payload(&payload, "T", 1, 1, &blocks);
    add_payload((struct wire_frame_shape){.port = 5});
    battle->feed[0].port = RY_BATTLE_PORT_DPDK;
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, &port, NULL), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_FAILED);
    check_says(handler->error, ": two feeds, one to UDP port 5, one to UDP port 26477: choose one "
                               "with `udp_port: 26477`");
    done(handler, battle);
}
END_TEST

START_TEST(test_foreign_session_ends_the_feed)
{
    struct ry_battle *battle = fresh();
    add_frame("S", 1, 1);
    add_frame("T", 2, 0); /* says nothing */
    add_frame("T", 2, 1);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    ck_assert_str_eq(handler->error, "wire: session \"T         \" in the middle of session "
                                     "\"S         \": give the battle a capture of one session");
    done(handler, battle);
}
END_TEST

START_TEST(test_foreign_bytes_are_not_printed)
{
    struct ry_battle *battle = fresh();
    add_frame("\x1b[2J\xff\n\x7f~A", 1, 1);
    add_frame("\x80", 2, 1);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    check_says(lines.last, "wire: session \".[2J...~A \" begins at sequence 1");
    check_says(handler->error,
               "wire: session \".         \" in the middle of session \".[2J...~A \"");
    done(handler, battle);
}
END_TEST

/* ---- ends of session --------------------------------------------------------------------------- */

START_TEST(test_old_end_of_session)
{
    struct ry_battle *battle = fresh_capture();
    add_frame("S", 1, 3);
    add_frame("S", 1, END_OF_SESSION);
    add_frame("S", 2, END_OF_SESSION);
    add_frame("S", 4, 3);
    add_end("S", 7);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_END);
    ck_assert(handler->counters.messages == 7 && handler->counters.old_ends == 2);
    ck_assert_uint_eq(lines.warnings, 1);
    ck_assert_str_eq(lines.warning, "/data/day.pcap: an end of session with sequence 1 where 4 is "
                                    "due is passed over; further ones are counted only");
    done(handler, battle);
}
END_TEST

/* What stands behind the end is told, whatever it is; its repetitions are nothing. */
START_TEST(test_behind_the_end)
{
    struct ry_battle *battle = fresh_capture();
    add_frame("S", 1, 1);
    add_end("S", 2);
    add_frame("S", 3, END_OF_SESSION);
    add_frame("S", 3, 0);
    add_frame("S", 1, 1);
    add_frame("T", 1, 0);
    const unsigned harmless = frames.count;
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_END);
    ck_assert(lines.warnings == 0 && handler->counters.after_end == 0 &&
              handler->counters.packets == harmless);
    ry_feed_handler_close(handler);
    free(handler);
    add_frame("T", 1, 5);
    add_frame("S", 4, 1);
    handler = run_frames(battle, RY_FEED_HANDLER_END);
    ck_assert(handler->counters.after_end == 2 && handler->counters.messages == 2);
    ck_assert_uint_eq(lines.warnings, 1);
    ck_assert_str_eq(
        lines.warning,
        "/data/day.pcap: behind the end of session \"S         \" at sequence 3 more "
        "follows, first sequence 1 of session \"T         \": not taken; counted only");
    done(handler, battle);
}
END_TEST

START_TEST(test_yesterdays_end_first)
{
    struct ry_battle *battle = fresh_capture();
    for (unsigned i = 0; i < 3; i++)
        add_frame("R", 999, i == 0 ? 0 : END_OF_SESSION);
    add_frame("S", 1, 2);
    add_frame("R", 999, END_OF_SESSION);
    add_end("S", 3);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_END);
    ck_assert(handler->counters.messages == 3 && handler->counters.foreign_ends == 3);
    ck_assert_uint_eq(lines.warnings, 0);
    done(handler, battle);
}
END_TEST

/* As a BinaryFILE without it. */
START_TEST(test_no_end_of_messages)
{
    struct ry_battle *battle = fresh_capture();
    add_frame("S", 1, 2);
    add_frame("S", 3, END_OF_SESSION);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_END);
    ck_assert_uint_eq(lines.warnings, 1);
    ck_assert_str_eq(lines.warning, "/data/day.pcap: the day ends without the end-of-messages "
                                    "event: the capture may be cut");
    done(handler, battle);
}
END_TEST

START_TEST(test_capture_without_end)
{
    struct ry_battle *battle = fresh_capture();
    add_frame("S", 1, 3);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    check_says(
        handler->error,
        "/data/day.pcap: the capture ends at sequence 4 without an end of session: it is cut");
    ck_assert_uint_eq(handler->counters.events, 3);
    done(handler, battle);
    battle = fresh();
    add_frame("S", 1, 3);
    frames.hold = true; /* a card: more may come */
    handler = run_frames(battle, RY_FEED_HANDLER_IDLE);
    ck_assert_uint_eq(handler->counters.events, 3);
    done(handler, battle);
}
END_TEST

/* A record must begin with its session, a capture and a device alike. */
START_TEST(test_late_start)
{
    struct ry_battle *battle = fresh_capture();
    add_frame("S", 10, 2);
    add_end("S", 12);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    check_says(handler->error, "/data/day.pcap: the capture begins within the session: expected "
                               "sequence 1, got 10 of session \"S         \"; `incomplete: warn`");
    ck_assert(handler->counters.events == 0 && handler->counters.late_start == 9);
    ry_feed_handler_close(handler);
    free(handler);
    battle->feed[0].path[0] = '\0';
    strcpy(battle->feed[0].device, "0000:01:00.0");
    handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    check_says(handler->error,
               "0000:01:00.0: 9 messages of the session came before: the book begins incomplete");
    ry_feed_handler_close(handler);
    free(handler);
    battle->feed[0].incomplete = RY_BATTLE_INCOMPLETE_WARN;
    handler = run_frames(battle, RY_FEED_HANDLER_END);
    check_says(lines.warning, "0000:01:00.0: the record is incomplete: 9 messages of the session "
                              "came before: the book begins incomplete; the result is stamped");
    ck_assert(lines.warnings == 1 && handler->counters.events == 3 &&
              handler->counters.late_start == 9);
    done(handler, battle);
}
END_TEST

/* ---- what could not be used -------------------------------------------------------------------- */

START_TEST(test_nothing_for_this_feed)
{
    static const char why[] = "no packet was for this feed: of 2 packets 2 go to other ports than "
                              "UDP 1 (the first one to UDP 26477 of 233.54.12.111)";
    struct ry_battle *battle = fresh_capture();
    battle->feed[0].udp_port = 1;
    add_frame("S", 1, 2);
    add_frame("S", 3, END_OF_SESSION);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    check_says(handler->error, why);
    check_says(handler->error, "/data/day.pcap: ");
    ck_assert_uint_eq(handler->counters.packets_other_port, 2);
    ry_feed_handler_close(handler);
    free(handler);
    battle->feed[0].path[0] = '\0';
    frames.hold = true;
    handler = run_frames(battle, RY_FEED_HANDLER_IDLE);
    ry_feed_handler_close(handler);
    check_says(lines.warning, why);
    ck_assert_uint_eq(lines.warnings, 1);
    done(handler, battle);

    battle = fresh_capture();
    battle->feed[0].group = LINE_B;
    add_frame("S", 1, 2);
    frames.length[frames.count] = 20; /* ends within its headers */
    frames.frame[frames.count++] = stream[0].bytes;
    handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    ck_assert_str_eq(handler->error,
                     "/data/day.pcap: no packet was for this feed: of 2 packets 1 go to other "
                     "groups than 233.49.196.111 (the first one to 233.54.12.111, UDP 26477); 1 "
                     "are damaged or no MoldUDP64");
    done(handler, battle);
}
END_TEST

/* The cause of a hole is named beside the hole: a snapshot length, fragments. */
START_TEST(test_cause_of_a_hole)
{
    struct ry_battle *battle = fresh_capture();
    add_frame("S", 1, 2);
    add_frame("S", 3, 2);
    frames.length[1] -= 1;
    add_frame("S", 5, 2);
    struct ry_feed_handler *handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    check_says(handler->error,
               "gap in the sequence: expected 3, got 5: 2 messages are missing, the "
               "book would be wrong; packets: 1 are cut by the capture's snapshot "
               "length: capture with `-s 0`; `incomplete");
    ck_assert_uint_eq(handler->counters.packets_cut, 1);
    ry_feed_handler_close(handler);
    check_says(lines.warning, "dropped: packets_cut 1");
    free(handler);
    free(battle);

    battle = fresh_capture();
    add_frame("S", 1, 2);
    stream[0].bytes[20] = 0x20; /* more fragments */
    add_frame("S", 3, 2);
    handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    check_says(handler->error,
               "the capture begins within the session: expected sequence 1, got 3 of session "
               "\"S         \"; packets: 1 are fragments of larger datagrams, which royale does "
               "not put together: capture where packets are whole; `incomplete");
    done(handler, battle);

    battle = fresh_capture();
    add_frame("S", 1, 2);
    frames.length[0] -= 1;
    add_frame("S", 3, END_OF_SESSION);
    handler = run_frames(battle, RY_FEED_HANDLER_FAILED);
    ck_assert_str_eq(handler->error,
                     "/data/day.pcap: not one packet with messages: 0 heartbeats, 1 ends of "
                     "session; packets: 1 are cut by the capture's snapshot length: capture with "
                     "`-s 0`");
    done(handler, battle);
}
END_TEST

static bool port_closed;

static void some_drops(void *context, struct ry_port_drops *drops)
{
    (void)context;
    *drops = (struct ry_port_drops){.missed = 3, .errors = 2, .no_memory = 1};
}

static void note_close(void *context)
{
    ck_assert_ptr_eq(context, &frames);
    port_closed = true;
}

/* What a device lost is counted and told when its port is closed. */
START_TEST(test_device_drops)
{
    const struct ry_log_sink log = {.line = kit_line, .context = &lines};
    const struct ry_port_frames port = {
        .next = kit_next_frame, .drops = some_drops, .close = note_close, .context = &frames};
    struct ry_battle *battle = fresh();
    struct ry_feed_handler *handler = kit_handler();
    battle->feed[0].port = RY_BATTLE_PORT_DPDK;
    add_frame("S", 1, 2);
    add_end("S", 3);
    memset(&lines, 0, sizeof lines);
    ck_assert_int_eq(ry_feed_handler_open(handler, battle, 0, &port, &log), 0);
    ck_assert_int_eq(kit_run(handler, NULL), RY_FEED_HANDLER_END);
    ck_assert(lines.warnings == 0 && !port_closed);
    ry_feed_handler_close(handler);
    check_says(lines.warning, "wire: the device missed 3 packets, 2 came with errors, 1 found no "
                              "memory");
    ck_assert(lines.warnings == 1 && port_closed);
    const struct ry_feed_counters *c = &handler->counters;
    ck_assert(c->device_missed == 3 && c->device_errors == 2 && c->device_no_memory == 1);
    done(handler, battle);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("feed_packets");
    TCase *tcase = tcase_create("packets");
    tcase_add_test(tcase, test_packets);
    tcase_add_test(tcase, test_two_lines);
    tcase_add_test(tcase, test_swapped_packets);
    tcase_add_test(tcase, test_gap_ends_the_feed);
    tcase_add_test(tcase, test_goes_on_behind_a_gap);
    tcase_add_test(tcase, test_two_feeds_on_one_port);
    tcase_add_test(tcase, test_two_feeds_on_two_ports);
    tcase_add_test(tcase, test_foreign_session_ends_the_feed);
    tcase_add_test(tcase, test_foreign_bytes_are_not_printed);
    tcase_add_test(tcase, test_old_end_of_session);
    tcase_add_test(tcase, test_behind_the_end);
    tcase_add_test(tcase, test_yesterdays_end_first);
    tcase_add_test(tcase, test_no_end_of_messages);
    tcase_add_test(tcase, test_capture_without_end);
    tcase_add_test(tcase, test_late_start);
    tcase_add_test(tcase, test_nothing_for_this_feed);
    tcase_add_test(tcase, test_cause_of_a_hole);
    tcase_add_test(tcase, test_device_drops);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
