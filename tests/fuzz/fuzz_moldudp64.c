/* The bytes are frames, two length bytes before each: Ethernet to MoldUDP64 to ITCH, with the
 * line's order. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/line/moldudp64.h"
#include "feeds/wire/bytes.h"
#include "tests/support/fuzz_limit.h"
#include "tests/support/fuzz_rig.h"

static struct ry_normalise_itch normaliser;

/* The sequence rises by what is given, and by nothing else. */
static void take_packet(struct fuzz_feed *feed, struct ry_line_moldudp64 *line,
                        struct ry_wire_moldudp64 *packet)
{
    struct ry_input event;
    const uint8_t *message;
    char why[RY_LINE_TEXT_BYTES];
    size_t bytes;
    const uint64_t expected = line->begun ? line->expected : packet->sequence;
    const uint64_t duplicates = feed->counters.duplicates;
    const bool begun = line->begun || packet->count > 0;
    const enum ry_line_result result = ry_line_moldudp64_take(line, packet);
    ry_line_moldudp64_explain(line, packet, result, why);
    assert((why[0] != '\0') == (result >= RY_LINE_GAP));
    assert(line->begun == begun && line->ahead.kept <= RY_LINE_AHEAD_PACKETS);
    if (result == RY_LINE_GAP) {
        ry_line_moldudp64_skip(line);
        assert(line->expected > expected && line->ahead.kept <= RY_LINE_AHEAD_PACKETS);
    } else if (result != RY_LINE_TAKE) {
        assert(!begun || line->expected == expected);
    }
    if (result != RY_LINE_TAKE) {
        assert(packet->left == 0);
        return;
    }
    assert(packet->left > 0 && line->expected == packet->sequence + packet->count);
    assert(line->expected - expected == packet->left);
    assert(feed->counters.duplicates - duplicates == (uint64_t)packet->count - packet->left);
    while (ry_wire_moldudp64_next(packet, &message, &bytes)) {
        assert(message >= packet->payload && message + bytes <= packet->payload + packet->length);
        if (ry_normalise_itch(&normaliser, message, bytes, &event))
            fuzz_event(feed, &event);
    }
}

static void take_frame(struct fuzz_feed *feed, struct ry_line_moldudp64 *line, const uint8_t *frame,
                       size_t length)
{
    struct ry_wire_datagram datagram;
    struct ry_wire_moldudp64 packet;
    if (ry_wire_datagram(RY_WIRE_LINK_ETHERNET, frame, length, &datagram) != RY_WIRE_PACKET_OK ||
        ry_wire_moldudp64_parse(datagram.payload, datagram.length, &packet) != RY_WIRE_PACKET_OK)
        return;
    do
        take_packet(feed, line, &packet);
    while (ry_line_moldudp64_due(line, &packet));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    struct fuzz_feed feed;
    struct ry_line_moldudp64 line;
    fuzz_feed_begin(&feed, RY_WIRE_ITCH50_DECIMALS);
    const bool opened = ry_line_moldudp64_open(&line, false, &feed.counters) == 0;
    assert(opened);
    ry_normalise_itch_init(&normaliser, &feed.instruments, &feed.counters);
    for (size_t at = 0; at + 2 <= size;) {
        size_t length = ry_wire_be16(data + at);
        at += 2;
        length = length < size - at ? length : size - at;
        uint8_t *frame = malloc(length);
        memcpy(frame, data + at, length);
        take_frame(&feed, &line, frame, length);
        free(frame);
        at += length;
    }
    const enum ry_line_result result = ry_line_moldudp64_finish(&line);
    assert(result == RY_LINE_END || result >= RY_LINE_GAP);
    ry_line_moldudp64_close(&line);
    fuzz_feed_end(&feed);
    return 0;
}
