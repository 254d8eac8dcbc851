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
    ry_line_moldudp64_close(&line);
    ck_assert_int_eq(ry_line_moldudp64_open(&line, from_first, &counters), 0);
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
    const char *session; /* NULL: a kept packet is due */
    uint64_t sequence;
    unsigned count;
    enum ry_line_result result;
    unsigned given;
    uint64_t expected;
} steps[] = {
    {"Z", 99, END_OF_SESSION, RY_LINE_OLD, 0, 0}, /* before any message: yesterday's */
    {"Z", 99, 0, RY_LINE_OLD, 0, 0},
    {"A", 10, 3, RY_LINE_TAKE, 3, 13},
    {"A", 10, 3, RY_LINE_OLD, 0, 13},
    {"A", 12, 1, RY_LINE_OLD, 0, 13},
    {"A", 1, 1, RY_LINE_OLD, 0, 13},
    {"A", 12, 4, RY_LINE_TAKE, 3, 16},
    {"A", 16, 0, RY_LINE_HEARTBEAT, 0, 16},
    {"A", 11, 0, RY_LINE_HEARTBEAT, 0, 16},
    {"A", 11, END_OF_SESSION, RY_LINE_OLD, 0, 16},
    {"A", 18, 0, RY_LINE_AHEAD, 0, 16},
    {"A", 17, 1, RY_LINE_AHEAD, 0, 16},
    {"A", 17, 1, RY_LINE_OLD, 0, 16}, /* of the other line */
    {"A", 18, END_OF_SESSION, RY_LINE_AHEAD, 0, 16},
    {"B", 16, 1, RY_LINE_SESSION, 0, 16},
    {"B", 16, 0, RY_LINE_OLD, 0, 16},
    {"B", 16, END_OF_SESSION, RY_LINE_OLD, 0, 16},
    {"A ", 16, 1, RY_LINE_TAKE, 1, 17}, /* the padding is the same session */
    {NULL, 17, 1, RY_LINE_TAKE, 1, 18}, /* the kept ones in turn */
    {NULL, 18, END_OF_SESSION, RY_LINE_END, 0, 18},
    {"A", 18, END_OF_SESSION, RY_LINE_OLD, 0, 18},
    {"A", 18, 0, RY_LINE_HEARTBEAT, 0, 18},
    {"A", 16, 2, RY_LINE_OLD, 0, 18},
    {"B", 1, 0, RY_LINE_OLD, 0, 18},
    {"B", 1, 1, RY_LINE_AFTER, 0, 18},
    {"A", 17, 2, RY_LINE_AFTER, 0, 18},
    {"A", 19, END_OF_SESSION, RY_LINE_AFTER, 0, 18},
};

START_TEST(test_steps)
{
    begin(false);
    for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct step *step = &steps[i];
        struct ry_wire_moldudp64 packet;
        const bool due = ry_line_moldudp64_due(&line, &packet);
        ck_assert_msg(due == (step->session == NULL), "step %u", i);
        if (!due)
            packet = packet_of(step->session, step->sequence, step->count);
        ck_assert_msg(packet.sequence == step->sequence, "step %u", i);
        const enum ry_line_result result = ry_line_moldudp64_take(&line, &packet);
        ck_assert_msg(result == step->result, "step %u: %d", i, result);
        ck_assert_msg(packet.left == step->given, "step %u gives %u", i, packet.left);
        ck_assert_msg(line.expected == step->expected, "step %u", i);
        if (result == RY_LINE_TAKE)
            check_given(&packet, step->expected - step->given);
    }
    ck_assert_uint_eq(counters.late_start, 9);
    ck_assert_uint_eq(counters.duplicates, 3 + 1 + 1 + 1 + 1 + 2);
    ck_assert_uint_eq(counters.heartbeats, 1 + 2 + 1 + 1 + 1 + 1);
    ck_assert_uint_eq(counters.reordered, 2);
    ck_assert_uint_eq(counters.old_ends, 1);
    ck_assert_uint_eq(counters.foreign_ends, 2);
    ck_assert_uint_eq(counters.after_end, 3);
    ck_assert_uint_eq(counters.gaps, 0);
    ck_assert_int_eq(ry_line_moldudp64_finish(&line), RY_LINE_END);
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
    {true, 1, 0, RY_LINE_OLD, 0},
    {true, 2, 1, RY_LINE_LATE, 1},
    {true, 10, 0, RY_LINE_OLD, 0},
    {false, 10, 1, RY_LINE_TAKE, 9},
    {false, 10, 0, RY_LINE_OLD, 0},
    {false, 0, 2, RY_LINE_TAKE, 0},
    {true, 1, END_OF_SESSION, RY_LINE_OLD, 0},
    {false, 7, END_OF_SESSION, RY_LINE_OLD, 0},
};

START_TEST(test_beginnings)
{
    const struct beginning *b = &beginnings[_i];
    begin(b->from_first);
    struct ry_wire_moldudp64 packet = packet_of("A", b->sequence, b->count);
    ck_assert_int_eq(ry_line_moldudp64_take(&line, &packet), b->result);
    ck_assert_uint_eq(counters.late_start, b->late);
    ck_assert(line.begun == (b->result == RY_LINE_TAKE));
    ck_assert_int_eq(ry_line_moldudp64_finish(&line), line.begun ? RY_LINE_CUT : RY_LINE_EMPTY);
    ck_assert(packet.left == (b->result == RY_LINE_TAKE ? b->count : 0));
}
END_TEST

START_TEST(test_explanations)
{
    begin(false);
    ry_line_moldudp64_explain(&line, NULL, RY_LINE_EMPTY, why);
    ck_assert_str_eq(why, "not one packet with messages: 0 heartbeats, 0 ends of session");
    struct ry_wire_moldudp64 packet = packet_of("A\x1b", 10, 2);
    ck_assert_int_eq(ry_line_moldudp64_take(&line, &packet), RY_LINE_TAKE);
    packet = packet_of("A\x1b", 15, 1);
    ck_assert_int_eq(ry_line_moldudp64_take(&line, &packet), RY_LINE_AHEAD);
    ry_line_moldudp64_explain(&line, &packet, RY_LINE_GAP, why);
    ck_assert_str_eq(why, "gap in the sequence: expected 12, got 15: 3 messages are missing, the "
                          "book would be wrong");
    packet = packet_of("B", 15, 1);
    ry_line_moldudp64_explain(&line, &packet, RY_LINE_SESSION, why);
    ck_assert_str_eq(why, "session \"B         \" in the middle of session \"A.        \"");
    ry_line_moldudp64_explain(&line, &packet, RY_LINE_LATE, why);
    ck_assert_str_eq(why, "the capture begins within the session: expected sequence 1, got 15 of "
                          "session \"B         \"");
    ry_line_moldudp64_explain(&line, NULL, RY_LINE_CUT, why);
    ck_assert_str_eq(why, "the capture ends at sequence 12 without an end of session: it is cut");
    for (int result = RY_LINE_TAKE; result < RY_LINE_GAP; result++) {
        ry_line_moldudp64_explain(&line, &packet, (enum ry_line_result)result, why);
        ck_assert_str_eq(why, "");
    }
}
END_TEST

/* ---- what comes before its turn -------------------------------------------------------------- */

/* Takes the packet, then every kept one that is due; checks that the messages come in order. */
static enum ry_line_result feed(struct ry_wire_moldudp64 *packet)
{
    enum ry_line_result result = ry_line_moldudp64_take(&line, packet);
    for (;;) {
        if (result == RY_LINE_TAKE)
            check_given(packet, line.expected - packet->left);
        if (!ry_line_moldudp64_due(&line, packet))
            return result;
        result = ry_line_moldudp64_take(&line, packet);
    }
}

/* The line waits for as many packets as the limit says, of whatever kind, and then for none. */
START_TEST(test_how_long_it_waits)
{
    begin(true);
    struct ry_wire_moldudp64 packet = packet_of("A", 1, 1);
    ck_assert_int_eq(feed(&packet), RY_LINE_TAKE);
    for (unsigned i = 0; i < RY_LINE_AHEAD_PACKETS - 1; i++) {
        packet = _i == 0   ? packet_of("A", 3 + i, 1) /* all are kept */
                 : _i == 1 ? packet_of("A", 1, 1)     /* what came before */
                           : packet_of("A", 3, 0);
        if (_i == 1 && i == 0)
            packet = packet_of("A", 3, 1);
        const enum ry_line_result result = feed(&packet);
        ck_assert_msg(result == (_i == 1 && i > 0 ? RY_LINE_OLD : RY_LINE_AHEAD), "packet %u", i);
    }
    ck_assert_uint_eq(counters.gaps, 0);
    ck_assert_int_eq(ry_line_moldudp64_finish(&line), RY_LINE_GAP); /* a capture that ends here */
    packet = packet_of("A", 100, 1);
    ck_assert_int_eq(ry_line_moldudp64_take(&line, &packet), RY_LINE_GAP);
    ry_line_moldudp64_explain(&line, NULL, RY_LINE_GAP, why);
    ck_assert_str_eq(why, _i == 2 ? "gap in the sequence: expected 2, got 100: 98 messages are "
                                    "missing, the book would be wrong"
                                  : "gap in the sequence: expected 2, got 3: 1 messages are "
                                    "missing, the book would be wrong");
    ck_assert_uint_eq(counters.gaps, 2);
    /* Behind the gap nothing is lost. */
    ry_line_moldudp64_skip(&line);
    uint64_t given = 0;
    while (ry_line_moldudp64_due(&line, &packet)) {
        ck_assert_int_eq(ry_line_moldudp64_take(&line, &packet), RY_LINE_TAKE);
        check_given(&packet, line.expected - 1);
        given++;
    }
    ck_assert_uint_eq(given, _i == 0 ? RY_LINE_AHEAD_PACKETS - 1 : 1);
    /* 100 is kept behind another gap, or was the first one behind this. */
    ck_assert_int_eq(ry_line_moldudp64_finish(&line), _i == 2 ? RY_LINE_CUT : RY_LINE_GAP);
}
END_TEST

/* Packets drawn at random against the plain meaning: two lines that lose, repeat and swap what they
 * send; whatever order they arrive in, the messages come once and in theirs, and a gap is declared
 * only where both lines lost the same one. */
#define SENT      4000 /* packets of a line */
#define SWAPPED   20   /* places that a packet moves at most, on a line */
#define LOST_BOTH 3000 /* a packet that no line has, in some runs */

struct arrival {
    unsigned packet;
    unsigned when;
};

static int by_time(const void *a, const void *b)
{
    const struct arrival *one = a, *other = b;
    if (one->when != other->when)
        return one->when < other->when ? -1 : 1;
    return one->packet < other->packet ? -1 : one->packet > other->packet;
}

START_TEST(test_two_lines_at_random)
{
    static struct arrival arrivals[2 * SENT];
    static unsigned counts[SENT];
    static uint64_t first[SENT + 1];
    unsigned n = 0;
    srand(7 + (unsigned)_i);
    first[0] = 1;
    for (unsigned i = 0; i < SENT; i++) {
        counts[i] = 1 + (unsigned)(rand() % 5);
        first[i + 1] = first[i] + counts[i];
        const unsigned lost = i == 0 ? 0 : (unsigned)(rand() % 4); /* 1: of A, 2: of B */
        for (unsigned of = 1; of <= 2; of++)
            if (lost != of && (_i < 2 || i != LOST_BOTH))
                arrivals[n++] =
                    (struct arrival){i, i + (i == 0 ? 0 : (unsigned)(rand() % SWAPPED))};
    }
    qsort(arrivals, n, sizeof arrivals[0], by_time);
    begin(true);
    unsigned at = 0;
    enum ry_line_result result = RY_LINE_TAKE;
    for (; at < n && result != RY_LINE_GAP; at++) {
        const unsigned i = arrivals[at].packet;
        struct ry_wire_moldudp64 packet = packet_of("A", first[i], counts[i]);
        result = feed(&packet);
        ck_assert_int_lt(result, RY_LINE_SESSION);
    }
    ck_assert_uint_eq(line.expected, first[_i < 2 ? SENT : LOST_BOTH]);
    ck_assert_int_eq(result == RY_LINE_GAP, _i == 2);
    ck_assert(counters.reordered > 100 && counters.duplicates > 1000);
    /* As late as the limit says, no later. */
    ck_assert(at == n || arrivals[at].packet <= LOST_BOTH + RY_LINE_AHEAD_PACKETS + SWAPPED);
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
    {RY_WIRE_BINARYFILE_CUT, 0, RY_LINE_CUT,
     "the file ends within the message at byte 14: it is cut, take it anew", 0, 0},
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
    tcase_add_loop_test(tcase, test_how_long_it_waits, 0, 3);
    tcase_add_loop_test(tcase, test_two_lines_at_random, 0, 3);
    tcase_add_loop_test(tcase, test_file_ends, 0, (int)(sizeof file_ends / sizeof file_ends[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
