/* The bytes are messages, a length byte before each: decoder and normaliser. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz_limit.h"
#include "tests/support/fuzz_rig.h"

static struct ry_normalise_itch normaliser;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_limit(FUZZ_LIMIT_SECONDS);
    struct fuzz_feed feed;
    struct ry_input event;
    fuzz_feed_begin(&feed, RY_WIRE_ITCH50_DECIMALS);
    ry_normalise_itch_init(&normaliser, &feed.instruments, &feed.counters);
    for (size_t at = 0; at < size;) {
        size_t length = data[at++];
        length = length < size - at ? length : size - at;
        /* exactly so many: the sanitizer sees what is read behind it */
        uint8_t *message = malloc(length);
        memcpy(message, data + at, length);
        if (ry_normalise_itch(&normaliser, message, length, &event))
            fuzz_event(&feed, &event);
        free(message);
        at += length;
    }
    fuzz_feed_end(&feed);
    return 0;
}
