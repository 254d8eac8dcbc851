/* The first byte chooses what the frame begins with; the rest is the frame. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/wire/frame.h"
#include "tests/support/fuzz_rig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum ry_wire_link links[] = {RY_WIRE_LINK_ETHERNET, RY_WIRE_LINK_COOKED,
                                              RY_WIRE_LINK_COOKED2, RY_WIRE_LINK_IP};
    struct ry_wire_datagram datagram;
    if (size == 0)
        return 0;
    const size_t length = size - 1;
    uint8_t *frame = malloc(length);
    memcpy(frame, data + 1, length);
    const enum ry_wire_packet_result result =
        ry_wire_datagram(links[data[0] % 4], frame, length, &datagram);
    assert(result <= RY_WIRE_PACKET_BAD_LENGTH);
    assert(result != RY_WIRE_PACKET_OK ||
           (datagram.payload >= frame && datagram.payload + datagram.length <= frame + length));
    assert(result == RY_WIRE_PACKET_OK || datagram.payload == NULL);
    assert(datagram.port == 0 || result != RY_WIRE_PACKET_OTHER);
    free(frame);
    return 0;
}
