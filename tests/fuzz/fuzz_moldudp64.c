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

static void take_packet(struct fuzz_feed *feed, struct ry_line_moldudp64 *line,
                        const uint8_t *payload, size_t length)
{
    struct ry_wire_moldudp64 packet;
    struct ry_input event;
    const uint8_t *message;
    char why[RY_LINE_TEXT_BYTES];
    size_t bytes;
    if (ry_wire_moldudp64_parse(payload, length, &packet) != RY_WIRE_PACKET_OK)
        return;
    const uint64_t expected = line->begun ? line->expected : packet.sequence;
    const uint64_t duplicates = feed->counters.duplicates;
    const enum ry_line_result result = ry_line_moldudp64_take(line, &packet);
    ry_line_moldudp64_explain(line, &packet, result, why);
    assert((why[0] != '\0') == (result >= RY_LINE_GAP));
    if (result != RY_LINE_TAKE) {
        assert(line->expected == expected && packet.left == 0);
        return;
    }
    assert(packet.left > 0 && line->expected == packet.sequence + packet.count);
    assert(line->expected - expected == packet.left);
    assert(feed->counters.duplicates - duplicates == (uint64_t)packet.count - packet.left);
    while (ry_wire_moldudp64_next(&packet, &message, &bytes)) {
        assert(message >= payload && message + bytes <= payload + length);
        if (ry_normalise_itch(&normaliser, message, bytes, &event))
            fuzz_event(feed, &event);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    struct fuzz_feed feed;
    struct ry_line_moldudp64 line;
    fuzz_feed_begin(&feed, RY_WIRE_ITCH50_DECIMALS);
    ry_line_moldudp64_init(&line, false, &feed.counters);
    ry_normalise_itch_init(&normaliser, &feed.instruments, &feed.counters);
    for (size_t at = 0; at + 2 <= size;) {
        size_t length = ry_wire_be16(data + at);
        at += 2;
        length = length < size - at ? length : size - at;
        uint8_t *frame = malloc(length);
        memcpy(frame, data + at, length);
        const uint8_t *payload;
        size_t payload_length;
        if (ry_wire_udp_payload(frame, length, 0, &payload, &payload_length) == RY_WIRE_PACKET_OK) {
            assert(payload >= frame && payload + payload_length <= frame + length);
            take_packet(&feed, &line, payload, payload_length);
        }
        free(frame);
        at += length;
    }
    fuzz_feed_end(&feed);
    return 0;
}
