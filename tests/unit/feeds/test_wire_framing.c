/* BinaryFILE, frames and MoldUDP64: messages out of bytes, every length checked. */
#include <stdlib.h>
#include <string.h>

#include "feeds/wire/binaryfile.h"
#include "feeds/wire/moldudp64.h"
#include "tests/support/test.h"
#include "tests/support/wire_rig.h"

static struct wire w, payload, blocks, message;

static void fresh(void)
{
    w.length = payload.length = blocks.length = message.length = 0;
}

/* ---- BinaryFILE ------------------------------------------------------------------------------ */

START_TEST(test_binaryfile_prefixes)
{
    struct ry_wire_binaryfile_message out;
    fresh();
    itch_delete(&message, 1, 5, 9);
    wire_binaryfile(&w, &message);
    for (size_t have = 0; have < w.length; have++) {
        ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, have, false, &out),
                         RY_WIRE_BINARYFILE_MORE);
        ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, have, true, &out),
                         have == 0 ? RY_WIRE_BINARYFILE_END : RY_WIRE_BINARYFILE_CUT);
    }
    ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, w.length, true, &out),
                     RY_WIRE_BINARYFILE_MESSAGE);
    ck_assert_ptr_eq(out.bytes, w.bytes + 2);
    ck_assert_uint_eq(out.length, 19);
    ck_assert_uint_eq(out.consumed, 21);
    ck_assert(!out.zero_prefix);
}
END_TEST

START_TEST(test_binaryfile_zero_length)
{
    struct ry_wire_binaryfile_message out;
    fresh();
    wire_be(&w, 0, 2);
    ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, 2, true, &out), RY_WIRE_BINARYFILE_END);
    ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, 2, false, &out), RY_WIRE_BINARYFILE_MORE);
    itch_delete(&w, 1, 5, 9);
    ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, w.length - 1, false, &out),
                     RY_WIRE_BINARYFILE_MORE);
    ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, w.length - 1, true, &out),
                     RY_WIRE_BINARYFILE_CUT);
    ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, w.length, false, &out),
                     RY_WIRE_BINARYFILE_MESSAGE);
    ck_assert(out.zero_prefix);
    ck_assert_uint_eq(out.length, 19);
    w.bytes[2] = '?';
    ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, w.length, false, &out),
                     RY_WIRE_BINARYFILE_LOST);
}
END_TEST

START_TEST(test_binaryfile_wrong_length)
{
    struct ry_wire_binaryfile_message out;
    for (unsigned wrong = 1; wrong < 65536; wrong += wrong < 64 ? 1 : 97) {
        fresh();
        wire_be(&w, wrong, 2);
        itch_delete(&w, 1, 5, 9);
        wire_zeros(&w, 100);
        const enum ry_wire_binaryfile_result result =
            ry_wire_binaryfile_next(w.bytes, w.length, false, &out);
        ck_assert_int_eq(result,
                         wrong == 19 ? RY_WIRE_BINARYFILE_MESSAGE : RY_WIRE_BINARYFILE_DAMAGED);
        ck_assert_uint_eq(out.length, wrong);
        ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, 2, false, &out), RY_WIRE_BINARYFILE_MORE);
        ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, 2, true, &out), RY_WIRE_BINARYFILE_CUT);
        w.bytes[2] = '?'; /* nobody knows better */
        ck_assert_int_eq(ry_wire_binaryfile_next(w.bytes, w.length, true, &out),
                         wrong <= 119 ? RY_WIRE_BINARYFILE_MESSAGE : RY_WIRE_BINARYFILE_CUT);
    }
}
END_TEST

/* ---- frames: their link, IPv4, UDP ----------------------------------------------------------- */

static struct ry_wire_datagram datagram;

/* Of the first `length` bytes in w. */
static enum ry_wire_packet_result parsed(enum ry_wire_link link, size_t length)
{
    uint8_t *exact = wire_room(length);
    memcpy(exact, w.bytes, length);
    const enum ry_wire_packet_result result = ry_wire_datagram(link, exact, length, &datagram);
    if (result == RY_WIRE_PACKET_OK)
        ck_assert_mem_eq(datagram.payload, payload.bytes, datagram.length);
    free(exact);
    return result;
}

static void make_frame(struct wire_frame_shape shape)
{
    fresh();
    wire_raw(&payload, "eleven byte", 11);
    wire_frame(&w, shape, &payload);
}

static const struct {
    enum wire_link shape;
    enum ry_wire_link link;
} links[] = {
    {WIRE_ETHERNET, RY_WIRE_LINK_ETHERNET},
    {WIRE_COOKED, RY_WIRE_LINK_COOKED},
    {WIRE_COOKED2, RY_WIRE_LINK_COOKED2},
    {WIRE_IP, RY_WIRE_LINK_IP},
};

/* Every shape of a frame; of a frame that was cut, what was cut off. */
START_TEST(test_frames)
{
    const enum ry_wire_link link = links[_i].link;
    for (unsigned tags = 0; tags <= (link == RY_WIRE_LINK_IP ? 0 : 2); tags++)
        for (unsigned options = 0; options <= 10; options++)
            for (unsigned padding = 0; padding <= 20; padding += 5) {
                make_frame((struct wire_frame_shape){.link = links[_i].shape,
                                                     .tags = tags,
                                                     .options = options,
                                                     .port = 26477,
                                                     .padding = padding});
                ck_assert_int_eq(parsed(link, w.length), RY_WIRE_PACKET_OK);
                ck_assert(datagram.length == 11 && datagram.port == 26477 &&
                          datagram.group == WIRE_GROUP);
                const size_t whole = w.length - padding, heads = whole - 11;
                for (size_t cut = 0; cut < whole; cut++)
                    ck_assert_int_eq(parsed(link, cut),
                                     cut < heads ? RY_WIRE_PACKET_SHORT : RY_WIRE_PACKET_CUT);
            }
}
END_TEST

START_TEST(test_too_many_tags)
{
    make_frame((struct wire_frame_shape){.tags = 3, .port = 1});
    ck_assert_int_eq(parsed(RY_WIRE_LINK_ETHERNET, w.length), RY_WIRE_PACKET_OTHER);
    make_frame((struct wire_frame_shape){.link = WIRE_IP, .port = 1});
    w.bytes[0] = 0x65; /* IPv6 */
    ck_assert_int_eq(parsed(RY_WIRE_LINK_IP, w.length), RY_WIRE_PACKET_OTHER);
}
END_TEST

START_TEST(test_frame_headers)
{
    static const struct {
        unsigned at;
        uint8_t value;
        enum ry_wire_packet_result result;
    } wrong[] = {
        {12, 0x86, RY_WIRE_PACKET_OTHER},      /* not IPv4 */
        {14, 0x65, RY_WIRE_PACKET_BAD_LENGTH}, /* version 6 */
        {14, 0x44, RY_WIRE_PACKET_BAD_LENGTH}, /* a head of 16 bytes */
        {14, 0x4f, RY_WIRE_PACKET_BAD_LENGTH}, /* a head longer than the datagram */
        {16, 0x01, RY_WIRE_PACKET_CUT},        /* a datagram longer than the frame */
        {17, 19, RY_WIRE_PACKET_BAD_LENGTH},   /* shorter than its head */
        {17, 27, RY_WIRE_PACKET_SHORT},        /* no room for a UDP head */
        {17, 30, RY_WIRE_PACKET_BAD_LENGTH},   /* UDP longer than the datagram */
        {23, 6, RY_WIRE_PACKET_OTHER},         /* TCP */
        {20, 0x20, RY_WIRE_PACKET_FRAGMENT},   /* more fragments */
        {21, 0x01, RY_WIRE_PACKET_FRAGMENT},   /* an offset */
        {39, 7, RY_WIRE_PACKET_BAD_LENGTH},    /* UDP shorter than its head */
        {39, 20, RY_WIRE_PACKET_BAD_LENGTH},
    };
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        make_frame((struct wire_frame_shape){.port = 26477});
        w.bytes[wrong[i].at] = wrong[i].value;
        ck_assert_msg(parsed(RY_WIRE_LINK_ETHERNET, w.length) == wrong[i].result, "case %u", i);
    }
    /* "do not fragment" is no fragment */
    make_frame((struct wire_frame_shape){.port = 26477, .fragment = 0x4000});
    ck_assert_int_eq(parsed(RY_WIRE_LINK_ETHERNET, w.length), RY_WIRE_PACKET_OK);
}
END_TEST

/* Only the first fragment has a UDP header; where it goes is known of each. */
START_TEST(test_fragments)
{
    make_frame((struct wire_frame_shape){.port = 26477, .fragment = 0x2000});
    ck_assert_int_eq(parsed(RY_WIRE_LINK_ETHERNET, w.length), RY_WIRE_PACKET_FRAGMENT);
    ck_assert(datagram.group == WIRE_GROUP && datagram.port == 26477);
    make_frame((struct wire_frame_shape){.port = 26477, .fragment = 0x2001});
    ck_assert_int_eq(parsed(RY_WIRE_LINK_ETHERNET, w.length), RY_WIRE_PACKET_FRAGMENT);
    ck_assert(datagram.group == WIRE_GROUP && datagram.port == 0);
}
END_TEST

/* ---- MoldUDP64 ------------------------------------------------------------------------------- */

static struct ry_wire_moldudp64 packet_of(const char *session, uint64_t sequence, unsigned messages,
                                          unsigned count)
{
    struct ry_wire_moldudp64 packet;
    fresh();
    for (unsigned i = 0; i < messages; i++) {
        message.length = 0;
        itch_delete(&message, i, 5, i);
        wire_binaryfile(&blocks, &message);
    }
    wire_mold_payload(&payload, session, sequence, count, &blocks);
    ck_assert_int_eq(ry_wire_moldudp64_parse(payload.bytes, payload.length, &packet),
                     RY_WIRE_PACKET_OK);
    return packet;
}

START_TEST(test_mold_messages)
{
    const uint8_t *bytes;
    size_t length;
    struct ry_wire_moldudp64 packet = packet_of("000000012A", UINT64_C(0x0102030405060708), 3, 3);
    ck_assert_mem_eq(packet.session, "000000012A", 10);
    ck_assert_uint_eq(packet.sequence, UINT64_C(0x0102030405060708));
    ck_assert(packet.count == 3 && !packet.end);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(ry_wire_moldudp64_next(&packet, &bytes, &length));
        ck_assert_uint_eq(length, 19);
        ck_assert_int_eq(bytes[0], 'D');
        ck_assert_uint_eq(bytes[18], i);
    }
    ck_assert(!ry_wire_moldudp64_next(&packet, &bytes, &length));
    for (size_t cut = 0; cut < payload.length; cut++)
        ck_assert_int_eq(ry_wire_moldudp64_parse(payload.bytes, cut, &packet),
                         cut < RY_WIRE_MOLDUDP64_HEAD_BYTES ? RY_WIRE_PACKET_SHORT
                                                            : RY_WIRE_PACKET_BAD_LENGTH);
    payload.bytes[19] = 2; /* one message more than counted */
    ck_assert_int_eq(ry_wire_moldudp64_parse(payload.bytes, payload.length, &packet),
                     RY_WIRE_PACKET_BAD_LENGTH);
}
END_TEST

START_TEST(test_mold_heartbeat_and_end)
{
    struct ry_wire_moldudp64 packet = packet_of("S", 7, 0, 0);
    ck_assert(packet.count == 0 && !packet.end && packet.sequence == 7);
    packet = packet_of("S", 7, 0, 0xffff);
    ck_assert(packet.count == 0 && packet.end && packet.sequence == 7);
    fresh();
    wire_mold_payload(&payload, "S", UINT64_MAX, 0xffff, NULL);
    ck_assert_int_eq(ry_wire_moldudp64_parse(payload.bytes, payload.length, &packet),
                     RY_WIRE_PACKET_BAD_LENGTH);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("wire_framing");
    TCase *tcase = tcase_create("bytes");
    tcase_add_test(tcase, test_binaryfile_prefixes);
    tcase_add_test(tcase, test_binaryfile_zero_length);
    tcase_add_test(tcase, test_binaryfile_wrong_length);
    tcase_add_loop_test(tcase, test_frames, 0, (int)(sizeof links / sizeof links[0]));
    tcase_add_test(tcase, test_too_many_tags);
    tcase_add_test(tcase, test_fragments);
    tcase_add_test(tcase, test_frame_headers);
    tcase_add_test(tcase, test_mold_messages);
    tcase_add_test(tcase, test_mold_heartbeat_and_end);
    suite_add_tcase(suite, tcase);
    return suite;
}

RY_TEST_MAIN(suite)
