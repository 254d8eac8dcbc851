/* Lines: what of a packet is new, what came before, what is missing, and how a line ends. */
#include <stdlib.h>
#include <string.h>

#include "feeds/line/binaryfile.h"
#include "feeds/line/moldudp64.h"
#include "tests/support/test.h"
#include "tests/support/wire_rig.h"

static struct ry_feed_counters counters;
static struct ry_line_moldudp64 line;
static char why[RY_LINE_TEXT_BYTES];

static void begin(bool from_first)
{
    memset(&counters, 0, sizeof counters);
    ry_line_moldudp64_init(&line, from_first, &counters);
}

/* A packet whose messages delete the orders `sequence`, `sequence` + 1 and so on. */
static struct ry_wire_moldudp64 packet_of(const char *session, uint64_t sequence, unsigned count)
{
    static struct wire payload, blocks, message;
    struct ry_wire_moldudp64 packet;
    payload.length = blocks.length = 0;
    for (unsigned i = 0; i < count && count != RY_WIRE_MOLDUDP64_END; i++) {
        message.length = 0;
        itch_delete(&message, 1, 5, sequence + i);
        wire_binaryfile(&blocks, &message);
    }
    wire_mold_payload(&payload, session, sequence, count, &blocks);
    ck_assert_int_eq(ry_wire_moldudp64_parse(payload.bytes, payload.length, &packet),
                     RY_WIRE_PACKET_OK);
    return packet;
}

/* The packet gives the messages from `first` up to the line's place, each once. */
static void check_given(struct ry_wire_moldudp64 *packet, uint64_t first)
{
    const uint8_t *message;
    size_t length;
    uint64_t number = first;
    for (; ry_wire_moldudp64_next(packet, &message, &length); number++)
        ck_assert_uint_eq(message[18], number & 0xff); /* last byte of the order */
    ck_assert_uint_eq(number, line.expected);
}

/* ---- MoldUDP64 ------------------------------------------------------------------------------- */

#define END_OF_SESSION RY_WIRE_MOLDUDP64_END

/* One line from its first packet to its last. expected: after the packet. */
static const struct step {
    const char *session;
    uint64_t sequence;
    unsigned count;
    enum ry_line_result result;
    unsigned given;
    uint64_t expected;
} steps[] = {
    {"A", 10, 3, RY_LINE_TAKE, 3, 13},
    {"A", 10, 3, RY_LINE_OLD, 0, 13},
    {"A", 12, 1, RY_LINE_OLD, 0, 13},
    {"A", 1, 1, RY_LINE_OLD, 0, 13},
    {"A", 12, 4, RY_LINE_TAKE, 3, 16},
    {"A", 16, 0, RY_LINE_HEARTBEAT, 0, 16},
    {"A", 11, 0, RY_LINE_HEARTBEAT, 0, 16},
    {"A", 18, 0, RY_LINE_GAP, 0, 16},
    {"A", 17, 1, RY_LINE_GAP, 0, 16},
    {"A", 17, END_OF_SESSION, RY_LINE_GAP, 0, 16},
    {"B", 16, 1, RY_LINE_SESSION, 0, 16},
    {"B", 16, 0, RY_LINE_SESSION, 0, 16},
    {"B", 16, END_OF_SESSION, RY_LINE_SESSION, 0, 16},
    {"A ", 16, 1, RY_LINE_TAKE, 1, 17}, /* the padding is the same session */
    {"A", 17, END_OF_SESSION, RY_LINE_END, 0, 17},
};

START_TEST(test_steps)
{
    begin(false);
    for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct step *step = &steps[i];
        struct ry_wire_moldudp64 packet = packet_of(step->session, step->sequence, step->count);
        const enum ry_line_result result = ry_line_moldudp64_take(&line, &packet);
        ck_assert_msg(result == step->result, "step %u: %d", i, result);
        ck_assert_msg(packet.left == step->given, "step %u gives %u", i, packet.left);
        ck_assert_msg(line.expected == step->expected, "step %u", i);
        if (result == RY_LINE_TAKE)
            check_given(&packet, step->expected - step->given);
    }
    ck_assert_uint_eq(counters.late_start, 9);
    ck_assert_uint_eq(counters.duplicates, 3 + 1 + 1 + 1);
    ck_assert_uint_eq(counters.heartbeats, 2);
    ck_assert_uint_eq(counters.gaps, 3);
}
END_TEST

/* How a line begins. */
static const struct beginning {
    bool from_first;
    uint64_t sequence;
    unsigned count;
    enum ry_line_result result;
    uint64_t late;
} beginnings[] = {
    {true, 1, 2, RY_LINE_TAKE, 0},
    {true, 1, 0, RY_LINE_HEARTBEAT, 0},
    {true, 2, 1, RY_LINE_LATE, 1},
    {true, 10, 0, RY_LINE_LATE, 9},
    {false, 10, 1, RY_LINE_TAKE, 9},
    {false, 10, 0, RY_LINE_HEARTBEAT, 9},
    {false, 0, 2, RY_LINE_TAKE, 0},
    {true, 1, END_OF_SESSION, RY_LINE_END, 0},
    {false, 7, END_OF_SESSION, RY_LINE_END, 6},
};

START_TEST(test_beginnings)
{
    const struct beginning *b = &beginnings[_i];
    begin(b->from_first);
    struct ry_wire_moldudp64 packet = packet_of("A", b->sequence, b->count);
    ck_assert_int_eq(ry_line_moldudp64_take(&line, &packet), b->result);
    ck_assert_uint_eq(counters.late_start, b->late);
    ck_assert(line.begun == (b->result != RY_LINE_LATE));
    ck_assert(packet.left == (b->result == RY_LINE_TAKE ? b->count : 0));
}
END_TEST

START_TEST(test_explanations)
{
    begin(false);
    struct ry_wire_moldudp64 packet = packet_of("A\x1b", 10, 2);
    ck_assert_int_eq(ry_line_moldudp64_take(&line, &packet), RY_LINE_TAKE);
    packet = packet_of("B", 15, 1);
    ry_line_moldudp64_explain(&line, &packet, RY_LINE_GAP, why);
    ck_assert_str_eq(why, "gap in the sequence: expected 12, got 15: 3 messages are missing, the "
                          "book would be wrong");
    ry_line_moldudp64_explain(&line, &packet, RY_LINE_SESSION, why);
    ck_assert_str_eq(why, "session \"B         \" in the middle of session \"A.        \"");
    ry_line_moldudp64_explain(&line, &packet, RY_LINE_LATE, why);
    ck_assert_str_eq(why, "the capture begins within the session: expected sequence 1, got 15");
    ry_line_moldudp64_explain(&line, NULL, RY_LINE_CUT, why);
    ck_assert_str_eq(why, "the capture ends at sequence 12 without an end of session: it is cut");
    for (int result = RY_LINE_TAKE; result <= RY_LINE_END; result++) {
        ry_line_moldudp64_explain(&line, &packet, (enum ry_line_result)result, why);
        ck_assert_str_eq(why, "");
    }
}
END_TEST

/* Packets drawn at random against the plain meaning: a message is new if its number is the next one
 * that nobody has had. */
START_TEST(test_random_packets)
{
    uint64_t next = 1, given = 0, dropped = 0;
    begin(true);
    srand(7);
    for (unsigned i = 0; i < 20000; i++) {
        const uint64_t back = (uint64_t)(rand() % 12), ahead = (uint64_t)(rand() % 50 == 0);
        const uint64_t sequence = (next > back ? next - back : 1) + ahead * (back + 1);
        const unsigned count = (unsigned)(rand() % 8);
        struct ry_wire_moldudp64 packet = packet_of("A", i == 0 ? 1 : sequence, count);
        const uint64_t first = packet.sequence;
        const enum ry_line_result result = ry_line_moldudp64_take(&line, &packet);
        uint64_t fresh = 0;
        for (uint64_t at = first; first <= next && at < first + count; at++)
            if (at == next) {
                next++;
                fresh++;
            } else {
                dropped++;
            }
        ck_assert(packet.left == fresh && line.expected == next);
        ck_assert((result == RY_LINE_TAKE) == (fresh > 0));
        ck_assert((result == RY_LINE_GAP) == (first > next));
        if (result == RY_LINE_TAKE)
            check_given(&packet, next - fresh);
        given += fresh;
    }
    ck_assert_uint_eq(given, next - 1);
    ck_assert_uint_eq(counters.duplicates, dropped);
    ck_assert(given > 1000 && dropped > 1000 && counters.gaps > 100);
}
END_TEST

/* ---- BinaryFILE ------------------------------------------------------------------------------ */

static const uint8_t delete_type[] = "D";

static const struct file_end {
    enum ry_wire_binaryfile_result result;
    size_t length; /* as the file says, of a message of type D: 19 bytes */
    enum ry_line_result line;
    const char *why;
    uint64_t damaged_short, damaged_long;
} file_ends[] = {
    {RY_WIRE_BINARYFILE_END, 0, RY_LINE_END, "", 0, 0},
    {RY_WIRE_BINARYFILE_CUT, 0, RY_LINE_CUT, "the file ends within the message at byte 14", 0, 0},
    {RY_WIRE_BINARYFILE_LOST, 0, RY_LINE_CUT,
     "neither length nor known type at byte 14: not BinaryFILE, or damaged", 0, 0},
    {RY_WIRE_BINARYFILE_DAMAGED, 18, RY_LINE_CUT,
     "damaged at byte 14: a message of type 'D' has 19 bytes, the file says 18", 1, 0},
    {RY_WIRE_BINARYFILE_DAMAGED, 20, RY_LINE_CUT,
     "damaged at byte 14: a message of type 'D' has 19 bytes, the file says 20", 0, 1},
};

START_TEST(test_file_ends)
{
    const struct file_end *end = &file_ends[_i];
    const struct ry_wire_binaryfile_message message = {.bytes = delete_type, .length = end->length};
    memset(&counters, 0, sizeof counters);
    ck_assert_int_eq(ry_line_binaryfile_end(end->result, &message, 14, &counters, why), end->line);
    ck_assert_str_eq(why, end->why);
    ck_assert_uint_eq(counters.damaged_short, end->damaged_short);
    ck_assert_uint_eq(counters.damaged_bad_length, end->damaged_long);
    ck_assert_uint_eq(counters.messages, end->damaged_short + end->damaged_long);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("line");
    TCase *tcase = tcase_create("line");
    tcase_add_test(tcase, test_steps);
    tcase_add_loop_test(tcase, test_beginnings, 0, (int)(sizeof beginnings / sizeof beginnings[0]));
    tcase_add_test(tcase, test_explanations);
    tcase_add_test(tcase, test_random_packets);
    tcase_add_loop_test(tcase, test_file_ends, 0, (int)(sizeof file_ends / sizeof file_ends[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
