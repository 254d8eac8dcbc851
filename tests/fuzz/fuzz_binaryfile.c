/* The bytes are a BinaryFILE, which comes in two pieces: the framing must not depend on where they
 * part. */
#include <assert.h>

#include "feeds/wire/binaryfile.h"
#include "tests/support/fuzz_limit.h"
#include "tests/support/fuzz_rig.h"

static struct ry_normalise_itch normaliser;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    struct fuzz_feed feed;
    struct ry_input event;
    struct ry_wire_binaryfile_message message, part;
    enum ry_wire_binaryfile_result result;
    size_t at = 0;
    fuzz_feed_begin(&feed, RY_WIRE_ITCH50_DECIMALS);
    ry_normalise_itch_init(&normaliser, &feed.instruments, &feed.counters);
    while ((result = ry_wire_binaryfile_next(data + at, size - at, true, &message)) ==
           RY_WIRE_BINARYFILE_MESSAGE) {
        assert(message.length > 0 && message.consumed == message.length + 2 &&
               message.consumed <= size - at);
        assert(message.consumed <= RY_WIRE_BINARYFILE_BYTES_MAX);
        assert(ry_wire_binaryfile_next(data + at, message.consumed, false, &part) ==
               RY_WIRE_BINARYFILE_MESSAGE);
        assert(ry_wire_binaryfile_next(data + at, message.consumed - 1, false, &part) ==
               RY_WIRE_BINARYFILE_MORE);
        if (ry_normalise_itch(&normaliser, message.bytes, message.length, &event))
            fuzz_event(&feed, &event);
        at += message.consumed;
    }
    assert(result != RY_WIRE_BINARYFILE_MORE);
    fuzz_feed_end(&feed);
    return 0;
}
